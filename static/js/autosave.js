// Keeps what is typed in forms with data-autosave on this device until it has been sent for certain:
// a form that was sent is forgotten only when a page says that the act succeeded (data-saved).
const PREFIX = "draft:";
const KEPT_FOR = 14 * 24 * 3600 * 1000;

const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const write = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: the form works as ever */ } };
const drafts = () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; } };

// Whoever signed out takes the unfinished choices of a ballot along (booth.js).
if (document.querySelector("[data-signed-out]")) {
  try { for (const key of Object.keys(localStorage)) if (key.startsWith("booth:")) localStorage.removeItem(key); } catch { /* nothing was kept */ }
}

const succeeded = document.querySelector("[data-saved]") !== null;
for (const key of drafts()) {
  const draft = read(key);
  if (!draft || Date.now() - draft.at > KEPT_FOR || (draft.sent && succeeded)) localStorage.removeItem(key);
}

const fields = (form) => [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type));
const values = (form) => fields(form).map((field) => (["checkbox", "radio"].includes(field.type) ? [field.name, field.value, field.checked] : [field.name, field.value]));

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const key = `${PREFIX}${form.dataset.autosave}:${location.pathname}`;
  const offer = form.querySelector("[data-draft]");
  const draft = read(key);
  let pause;
  const keep = (sent) => { clearTimeout(pause); write(key, { at: Date.now(), sent, values: values(form) }); };

  if (draft && JSON.stringify(draft.values) !== JSON.stringify(values(form))) offer.hidden = false;

  offer.querySelector("[data-restore]").addEventListener("click", () => {
    const open = fields(form);
    for (const [name, value, checked] of draft.values) {
      const at = open.findIndex((field) => field.name === name && (checked === undefined || field.value === value));
      if (at < 0) continue;
      const [field] = open.splice(at, 1);
      if (checked === undefined) field.value = value; else field.checked = checked;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    offer.hidden = true;
    fields(form)[0]?.focus();
  });
  offer.querySelector("[data-discard]").addEventListener("click", () => {
    localStorage.removeItem(key);
    offer.hidden = true;
    fields(form)[0]?.focus();
  });
  form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(keep, 800, false); });
  form.addEventListener("submit", () => keep(true));
}
