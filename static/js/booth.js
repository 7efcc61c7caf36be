// Choices of a ballot are kept on this device until they are cast, for two weeks and no longer than the round; signing out
// wipes them (autosave.js). The bar below counts along. Works without: the form alone is enough.
const list = document.querySelector(".booth-list");
const key = (round) => `booth:${round}`;
const KEPT_FOR = 14 * 24 * 3600;
const read = (round) => {
  try {
    const { until, chosen } = JSON.parse(localStorage.getItem(key(round)));
    if (until > Date.now()) return chosen;
    localStorage.removeItem(key(round));
  } catch { /* nothing was kept */ }
  return {};
};
const names = () => { try { return Object.keys(localStorage); } catch { return []; } };
const keep = (round, chosen, seconds) => {
  try { localStorage.setItem(key(round), JSON.stringify({ until: Date.now() + 1000 * Math.min(seconds, KEPT_FOR), chosen })); } catch { /* a window without a memory */ }
};
const number = new Intl.NumberFormat(document.documentElement.lang === "th" ? "th-TH-u-nu-latn" : "en");

for (const one of names()) if (one.startsWith(key(""))) read(one.slice(key("").length));

if (list) {
  const { round, kind, most, envelope, seconds } = list.dataset;
  const fields = [...list.querySelectorAll("[data-cost]")];
  const value = (field) => (field.type === "checkbox" ? Number(field.checked) : Number(field.value));
  const set = (field, points) => { if (field.type === "checkbox") field.checked = points > 0; else field.value = String(points); };
  const said = document.getElementById("booth-count");
  const bar = document.getElementById("booth-money");
  const isFresh = !fields.some((field) => value(field));
  if (isFresh) { const kept = read(round); for (const field of fields) if (kept[field.name]) set(field, kept[field.name]); }

  const count = () => {
    const chosen = fields.filter((field) => value(field));
    const points = chosen.reduce((sum, field) => sum + value(field), 0);
    const cost = chosen.reduce((sum, field) => sum + Number(field.dataset.cost), 0);
    const used = kind === "knapsack" ? cost : points;
    const limit = Number(kind === "knapsack" ? envelope : most);
    const names = new Set(chosen.map((field) => field.name));
    const clash = chosen.some((field) => (field.dataset.rivals ?? "").split(" ").some((one) => one && names.has(`p${one}`)));
    said.textContent = said.dataset.text
      .replace("{n}", points).replace("{most}", most)
      .replace("{money}", number.format(cost / 100)).replace("{envelope}", number.format(Number(envelope) / 100))
      + (used > limit ? ` ${said.dataset.over}` : "") + (clash ? ` ${said.dataset.rivals}` : "");
    said.classList.toggle("too-much", used > limit || clash);
    bar.hidden = false;
    bar.value = Math.min(used, limit);
    keep(round, Object.fromEntries(chosen.map((field) => [field.name, value(field)])), Number(seconds));
  };
  list.addEventListener("change", count);
  count();
}

const cast = document.getElementById("cast");
if (cast) {
  const own = cast.querySelector("[data-nonce]");
  const word = own.querySelector("input");
  word.value = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  own.hidden = true;
}

// Chosen here and not cast: said on every page of the round, from this device's own memory; to nobody else who is
// signed in.
for (const notice of document.querySelectorAll("[data-uncast]")) {
  const own = key(notice.dataset.uncast);
  const kept = names().find((one) => one === own || one.startsWith(`${own}:`));
  const chosen = Object.keys(kept ? read(kept.slice(key("").length)) : {}).length;
  const words = notice.querySelector("[data-text]");
  words.textContent = words.dataset.text.replace("{n}", chosen);
  notice.hidden = !chosen;
}

const done = document.querySelector("[data-cast]");
if (done) { try { localStorage.removeItem(key(done.dataset.cast)); } catch { /* nothing was kept */ } }
