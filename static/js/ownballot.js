// What a voter chose, kept on this device because they asked for it, and what became of it after the count. The page brings
// the projects and prices of the result; nothing is sent. Without it the receipt is checked all the same.
const key = (round, person) => `own-ballot:${round}:${person}`;
const names = () => { try { return Object.keys(localStorage); } catch { return []; } };
const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
const forget = (name) => { try { localStorage.removeItem(name); } catch { /* nothing was kept */ } };
const kept = (round) => names().filter((one) => one.startsWith(key(round, ""))).map((one) => [one, read(one)]);
const language = document.documentElement.lang === "th" ? "th-TH-u-nu-latn" : "en";
const amount = (satang) => (satang / 100).toLocaleString(language, { minimumFractionDigits: satang % 100 ? 2 : 0 });
const baht = (text, satang) => text.replace("{money}", amount(satang));

const offer = document.querySelector("[data-keep]");
if (offer) {
  const { keep, person, code, choices } = offer.dataset;
  const button = offer.querySelector("button");
  forget(key(keep, person)); // of a ballot that this one replaces
  offer.hidden = false;
  button.addEventListener("click", () => {
    try {
      localStorage.setItem(key(keep, person), JSON.stringify({ code, choices: choices.split(" ").map(Number) }));
      button.hidden = true;
      offer.querySelector("output").textContent = offer.querySelector("output").dataset.text;
    } catch { /* a window without a memory */ }
  });
}

const form = document.querySelector("[data-receipts]");
if (form && !form.code.value) {
  const [found] = kept(form.dataset.receipts);
  if (found) form.code.value = (found[1]?.code ?? "").replace(/.{5}(?=.)/g, "$& "); // as it stands on the receipt
}

const own = document.querySelector("[data-own]");
if (own) {
  const [name, ballot] = kept(own.dataset.own).find(([, one]) => one?.code === own.dataset.code) ?? [];
  let left = Number(own.dataset.share);
  for (const line of ballot ? own.querySelectorAll("[data-number]") : []) {
    line.hidden = !ballot.choices.includes(Number(line.dataset.number));
    const said = line.querySelector("[data-text]");
    if (line.hidden || !said) continue;
    const paid = Math.min(Number(line.dataset.price), left);
    left -= paid;
    said.textContent = baht(said.dataset.text, paid);
  }
  const rest = own.querySelector("[data-left]");
  if (rest) rest.textContent = baht(rest.dataset.left, left);
  const shown = [...own.querySelectorAll("[data-number]:not([hidden])")];
  const won = own.querySelector("[data-won]");
  won.textContent = won.dataset.won
    .replace("{won}", shown.filter((line) => "funded" in line.dataset).length).replace("{all}", shown.length);
  own.hidden = !ballot;
  own.querySelector("[data-forget]").addEventListener("click", () => {
    forget(name);
    own.hidden = true;
    const done = own.nextElementSibling;
    done.textContent = done.dataset.forgotten;
    done.focus();
  });
}
