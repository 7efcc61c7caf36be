// The recorder: what is written stays on this phone until the portal has taken it in, once.
const root = document.getElementById("recorder");
const { canKeep, isOpen, openStore, queue, unsent, wipe } = await import(root.dataset.store);
const { differences, joined } = await import(root.dataset.versions);
const { forget, kept, openAlbum } = await import(root.dataset.photos);
const $ = (selector, inside = root) => inside.querySelector(selector);
const all = (selector, inside = root) => [...inside.querySelectorAll(selector)];
const say = JSON.parse($("[data-words]").textContent);
const put = (text, values) => text.replaceAll(/{(\w+)}/g, (_, name) => values[name]);
const forum = Number(root.dataset.forum);
const form = $("[data-writing]");
const PATIENCE = 20_000;
const afterwards = queue();
const PAUSES = [1000, 2000, 5000, 15_000, 30_000]; // between tries without network: soon at first, then seldom

let store = null;
let album = null; // photos that wait on this phone
let draft = null; // {key, base, record, values, status: "clean" | "writing" | "waiting" | "sent", at}
let hasBegun = true;
let isKept = true;
let isSending = false;
let isAskedAgain = false;
let tries = 0;
let pause;
let retry;

// -- what the page says --------------------------------------------------------------------------------------------

function tell(tone, text) {
  $("[data-status]").dataset.tone = tone;
  if ($("[data-line]").textContent !== text) $("[data-line]").textContent = text;
}
function trouble(text, { signIn = false } = {}) {
  const box = $("[data-trouble]");
  box.hidden = !text;
  $("p", box).textContent = text ?? "";
  $("[data-way]", box).hidden = !signIn;
}
function clock(at) {
  return new Date(at).toLocaleTimeString("th-TH", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" });
}
function tellStatus() {
  if (!draft) return;
  const photos = album.size();
  const isIdle = draft.status === "sent" || draft.status === "clean";
  if (isUnkept()) tell("trouble", say.unkept);
  else if (isIdle && photos) tell("kept", put(say.photos, { n: photos }));
  else if (draft.status === "sent") tell("sent", put(say.sent, { time: clock(draft.at) }));
  else if (draft.status === "waiting") tell("kept", say.waiting);
  else if (draft.status === "writing") tell("kept", put(say.kept, { time: clock(draft.at) }));
  else tell("busy", hasBegun ? say.clean : say.early);
  $("[data-go]").disabled = (isIdle && !photos) || Boolean(draft.theirs);
  $("[data-correcting]").hidden = draft.record.state !== "recorded";
}

// -- between the page and the record -------------------------------------------------------------------------------

const THAI = "๐๑๒๓๔๕๖๗๘๙";
const figure = (text) => String(text ?? "").trim().replaceAll(/[๐-๙]/g, (digit) => THAI.indexOf(digit)).replaceAll(",", "");
const count = (text) => Number(figure(text)) || 0;
const newKey = () => `${Math.floor(Date.now() / 1000).toString(16).padStart(8, "0")}-${crypto.randomUUID()}`;
const people = () => all("[data-cell]").reduce((sum, box) => sum + count(box.value), 0);
const asValues = (record) => ({ ...structuredClone(record), removed: [], reason: "" });

function written() {
  const issues = all("[data-issues] > li").map((card) => ({
    id: Number(card.dataset.id) || null,
    ...Object.fromEntries(all("[data-field]", card).map((box) => [box.dataset.field, box.inputMode === "numeric" ? figure(box.value) : box.value])),
  }));
  const text = (name) => $(`[data-text=${name}]`).value;
  const kept = new Set(issues.map((one) => one.id));
  return {
    attendance: Object.fromEntries(all("[data-cell]").filter((box) => box.value.trim()).map((box) => [box.dataset.cell, figure(box.value)])),
    done: all("[data-done]").filter((box) => box.checked).map((box) => Number(box.dataset.done)),
    minutes: text("minutes"),
    names: text("names"),
    reason: text("reason"),
    issues,
    removed: draft.record.issues.map((one) => one.id).filter((id) => !kept.has(id)),
  };
}

function show(values) {
  for (const box of all("[data-cell]")) box.value = values.attendance[box.dataset.cell] ?? "";
  for (const box of all("[data-done]")) box.checked = values.done.includes(Number(box.dataset.done));
  for (const name of ["minutes", "names", "reason"]) $(`[data-text=${name}]`).value = values[name] ?? "";
  $("[data-issues]").replaceChildren();
  values.issues.forEach(addIssue);
  addUp();
}

function addIssue(issue) {
  const card = $("[data-issue]").content.firstElementChild.cloneNode(true);
  if (issue?.id) card.dataset.id = issue.id;
  for (const box of all("[data-field]", card)) box.value = issue?.[box.dataset.field] || "";
  $("[data-issues]").append(card);
  addUp();
  return card;
}

function addUp() {
  const came = people();
  $("[data-people]").value = came.toLocaleString("en");
  all("[data-issues] > li").forEach((card, place) => {
    $("[data-number]", card).textContent = place + 1;
    const hands = Math.max(...["votes", "raised_by"].map((name) => count($(`[data-field=${name}]`, card).value)));
    $("[data-hands]", card).hidden = hands <= came;
    $("[data-hands]", card).textContent = hands > came ? put(say.hands, { hands, people: came }) : "";
  });
}

// -- keeping -------------------------------------------------------------------------------------------------------

function keep() {
  clearTimeout(pause);
  if (store.isOthers()) return lock();
  const kept = structuredClone(draft);
  return afterwards(() => store.put(forum, kept)).then(() => { isKept = true; }, () => { isKept = false; });
}
const isUnkept = () => Boolean(draft) && (album.unkept() || (!isKept && (draft.status === "writing" || draft.status === "waiting")));

function changed() {
  if (!draft) return;
  addUp();
  if (draft.status === "clean" || draft.status === "sent") draft.key = newKey();
  Object.assign(draft, { values: written(), status: "writing", at: Date.now() });
  clearTimeout(pause);
  pause = setTimeout(() => keep()?.then(tellStatus), 250);
}

// Another account, or nobody, uses this phone now: what is on the page goes out of sight; the sealed box stays.
function lock() {
  draft = null;
  form.hidden = true;
  form.reset();
  album?.close();
  $("[data-issues]").replaceChildren();
  $("[data-parts]").replaceChildren();
  $("[data-conflict]").hidden = true;
  $("[data-go]").disabled = true;
  tell("trouble", say.closed);
  trouble(say.closed, { signIn: true });
}

// -- sending -------------------------------------------------------------------------------------------------------

async function ask(address, options = {}) {
  return fetch(address, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
}

// The record as the portal has it; null without network; "out" when signed out.
async function now() {
  try {
    const answer = await ask(root.dataset.now);
    if (answer.type === "opaqueredirect" || answer.status === 401) return "out";
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function refusal() {
  const boxes = [...all("[data-cell]"), ...all("[data-field=votes]"), ...all("[data-field=raised_by]")];
  if (boxes.some((box) => box.value.trim() && !/^\d+$/.test(figure(box.value)))) return say.figure;
  if (!people()) return say.people;
  const wrong = all("[data-hands]").find((line) => !line.hidden);
  if (wrong) return wrong.textContent;
  if (all("[data-issues] > li").some((card) => !$("[data-field=side]", card).value || !$("[data-field=problem]", card).value.trim())) return say.problem;
  if (!$("[data-text=minutes]").value.trim()) return say.minutes;
  if (draft.record.state === "recorded" && !$("[data-text=reason]").value.trim()) return say.reason;
  return "";
}

async function go() {
  if (!draft) return;
  const isIdle = draft.status === "sent" || draft.status === "clean";
  const why = (!isIdle && refusal()) || (album.nameless() ? say.caption : "");
  if (why) return refuse(why);
  trouble(null);
  await album.want();
  if (!isIdle) {
    Object.assign(draft, { values: written(), status: "waiting", at: Date.now() });
    await keep();
  }
  if (draft) tell("kept", say.sending);
  return sendNow();
}

function refuse(why) {
  if (!draft) return;
  if (draft.status === "waiting") draft.status = "writing";
  keep();
  tellStatus();
  tell("trouble", put(say.refused, { why }));
  trouble(put(say.refused, { why }));
  $("[data-trouble]").focus();
}

// Something says that it may work now: the network came back, the page is looked at again, somebody pressed the button.
function sendNow() {
  tries = 0;
  return send();
}

// Asked while a try is under way, which may have begun before the network was there: tried once more after it.
const isWaiting = () => Boolean(draft) && !draft.theirs && (draft.status === "waiting" || (draft.status !== "writing" && album.wanted().length > 0));

async function send() {
  if (!isWaiting()) return;
  isAskedAgain = true;
  if (isSending) return;
  isSending = true;
  clearTimeout(retry);
  try {
    while (isAskedAgain && isWaiting()) {
      isAskedAgain = false;
      await (navigator.locks ? navigator.locks.request(`forum-recorder-${forum}`, deliver) : deliver());
    }
  } finally {
    isSending = false;
    if (isWaiting()) retry = setTimeout(send, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
  }
}

async function deliver() {
  const there = await now();
  if (there === "out") return signedOut();
  if (store.isOthers()) return lock();
  if (!there) return tellStatus();
  if (!isWaiting()) return;
  tell("kept", say.sending);
  if (draft.status === "waiting") await deliverRecord(there.csrf);
  if (isWaiting() && draft.status !== "waiting") await deliverPhotos(there.csrf);
}

async function deliverRecord(csrf) {
  const { key, base, values } = draft;
  let answer;
  try {
    answer = await ask(root.dataset.send, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ key, base, ...values }),
    });
    if (answer.status === 401) return signedOut();
    await taken(answer.status, await answer.json().catch(() => ({})), key);
  } catch {
    tellStatus();
  }
}

// One by one: what was taken in is gone from this phone at once, and a repeat changes nothing.
async function deliverPhotos(csrf) {
  for (const entry of album.wanted()) {
    const body = new FormData();
    body.append("key", entry.key);
    body.append("caption", entry.caption);
    body.append("photo", entry.blob, "photo.jpg");
    const answer = await ask(root.dataset.photo, { method: "POST", headers: { "X-CSRFToken": csrf }, body }).catch(() => null);
    if (!draft || store.isOthers()) return lock();
    if (answer?.status === 401) return signedOut();
    if (!answer || answer.status >= 500) return tellStatus();
    if (answer.ok) {
      await album.drop(entry);
    } else {
      const told = await answer.json().catch(() => ({}));
      await album.refuse(entry);
      return refuse(Object.values(told.fields ?? {}).join(" ") || told.error || String(answer.status));
    }
  }
  tellStatus();
}

async function taken(status, told, key) {
  if (status === 200) {
    const there = await now();
    const record = there?.record ?? { ...draft.record, ...draft.values, state: "recorded" };
    const base = there?.mark ?? told.mark;
    if (told.same && draft.key === key && draft.status === "waiting") {
      draft = { key, base, record, values: asValues(record), status: "sent", at: Date.parse(told.at) };
      show(draft.values);
      trouble(null);
    } else {
      Object.assign(draft, { key: newKey(), base, record, status: "writing" });
      trouble(say.moved_on);
    }
    await keep();
    tellStatus();
  } else if (status === 409 && told.record) {
    conflict(told);
  } else if (status === 410) {
    draft.key = newKey();
    refuse(say.too_old);
  } else if (status >= 500 || (status === 400 && !told.error)) {
    tell("trouble", isUnkept() ? say.unkept : say.strange);
  } else {
    refuse(Object.values(told.fields ?? {}).join(" ") || told.error || String(status));
  }
}

function signedOut() {
  const text = isUnkept() ? say.unkept_out : say.signed_out;
  tell("trouble", text);
  trouble(text, { signIn: !isUnkept() });
}

// -- two versions --------------------------------------------------------------------------------------------------

const cellName = (cell) => {
  const box = $(`[data-cell=${CSS.escape(cell)}]`);
  return `${$("legend", box.closest("fieldset")).textContent} ${$("span", box.parentElement).textContent}`;
};
const shown = {
  ...say,
  figures: (cells) => Object.entries(cells).map(([cell, number]) => `${cellName(cell)}: ${number}`).join("\n"),
  matters: (ids) => ids.map((id) => $(`label[for=done-${id}]`)?.textContent ?? "").join("\n"),
};

function conflict(there) {
  if (draft.status === "waiting") draft.status = "writing";
  draft.theirs = { record: there.record, mark: there.mark };
  const parts = differences(draft.values, draft.record, there.record, shown);
  if (!parts.length) return settle({});
  $("[data-parts]").replaceChildren(...parts.map((part) => {
    const box = $("[data-version]").content.firstElementChild.cloneNode(true);
    $("legend", box).textContent = part.title;
    box.dataset.part = part.name;
    for (const radio of all("input", box)) {
      const id = `version-${part.name}-${radio.value}`;
      Object.assign(radio, { id, name: `version-${part.name}`, checked: radio.value === part.chosen });
      radio.nextElementSibling.htmlFor = id;
      const text = $(".typed", radio.nextElementSibling);
      if (text) text.textContent = part[radio.value];
    }
    $("[data-both]", box).hidden = !part.canJoin;
    return box;
  }));
  $("[data-conflict]").hidden = false;
  keep();
  tellStatus();
  tell("trouble", say.conflict);
  $("[data-conflict]").focus();
}

function settle(chosen) {
  const { record, mark } = draft.theirs;
  const values = joined(draft.values, record, chosen);
  values.reason ??= "";
  delete draft.theirs;
  Object.assign(draft, { base: mark, record, values, status: "writing", key: newKey(), at: Date.now() });
  show(values);
  $("[data-conflict]").hidden = true;
  trouble(null);
  keep();
  tellStatus();
  const next = draft.record.state === "recorded" ? $("[data-text=reason]") : $("[data-go]");
  next.focus();
}

// -- beginning -----------------------------------------------------------------------------------------------------

async function keepPage() {
  const addresses = [location.pathname, root.dataset.store, root.dataset.versions, root.dataset.photos];
  for (const one of document.querySelectorAll("link[rel=stylesheet], link[rel=preload], script[src]")) addresses.push(one.getAttribute("href") ?? one.getAttribute("src"));
  await navigator.serviceWorker.register(root.dataset.worker);
  await (await caches.open("forum-recorder")).addAll(addresses);
}

function meet(there) {
  hasBegun = there.has_begun;
  if (!draft || draft.status === "clean" || draft.status === "sent") {
    const before = draft?.base === there.mark ? draft : null;
    draft = { key: newKey(), base: there.mark, record: there.record, values: asValues(there.record), status: before?.status ?? "clean", at: before?.at ?? Date.now() };
    show(draft.values);
    keep();
  } else if (draft.base !== there.mark && draft.status === "writing") {
    conflict(there);
  }
}

function unable() {
  form.hidden = true;
  $("[data-go]").disabled = true;
  trouble(say.unable);
}

async function begin() {
  root.hidden = false;
  tell("busy", say.looking);
  if (!canKeep) return unable();
  store = await openStore();
  if (!store) return lock();
  album = openAlbum(store, forum, $("[data-photos-list]"), $("[data-photo]"), newKey, tellStatus, tellStatus);
  try {
    await album.load();
    draft = await store.get(forum);
  } catch {
    return unable();
  }
  if (draft) show(draft.values);
  const there = await now();
  if (there === "out") return draft ? signedOut() : lock();
  if (store.isOthers()) return lock();
  if (there) {
    meet(there);
    await keepPage().catch(() => trouble(say.unable));
  }
  if (!draft) return lock();
  if (draft.theirs && !there) conflict(draft.theirs);
  if ($("[data-conflict]").hidden) tellStatus();
  return send();
}

form.addEventListener("input", ({ target }) => target.matches("[data-take]") || changed());
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("click", ({ target }) => {
  const plus = target.closest("[data-plus]");
  const out = target.closest("[data-remove]");
  if (plus) {
    const box = $("input", plus.parentElement);
    box.value = count(box.value) + 1;
    changed();
  } else if (out) {
    out.closest("li").remove();
    changed();
    $("[data-add]").focus();
  } else if (target.closest("[data-add]")) {
    $("select", addIssue(null)).focus();
    changed();
  }
});
$("[data-take]").addEventListener("change", async ({ target }) => {
  const files = [...target.files];
  target.value = "";
  if (draft && !(await album.add(files))) trouble(say.no_photo);
});
$("[data-go]").addEventListener("click", go);
$("[data-chosen]").addEventListener("click", () => settle(Object.fromEntries(all("[data-part]").map((box) => [box.dataset.part, $("input:checked", box)?.value ?? "mine"]))));
$(".wipe").addEventListener("toggle", async () => {
  const left = (await unsent()) + (await kept());
  $("[data-unsent]").hidden = !left;
  $("[data-unsent]").textContent = put(say.unsent, { n: left });
});
$("[data-wipe]").addEventListener("click", async () => {
  await afterwards(wipe);
  await forget();
  lock();
  trouble(null);
  tell("busy", say.wiped);
});
for (const moment of ["online", "focus", "pageshow"]) addEventListener(moment, sendNow);
addEventListener("beforeunload", (event) => isUnkept() && event.preventDefault());
addEventListener("pagehide", () => draft?.status === "writing" && keep());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    if (draft?.status === "writing") keep();
  } else if (draft && !isOpen()) lock();
  else sendNow();
});
await begin();
