// A report from the phone: what is written stays here, sealed, until the portal has taken it in, once. The store, the
// photos and the worker are those of the recorder of forums.
const root = document.getElementById("recorder");
const { canKeep, isOpen, openStore, queue, wipe } = await import(root.dataset.store);
const { forget, openAlbum } = await import(root.dataset.album);
const $ = (selector, inside = root) => inside.querySelector(selector);
const all = (selector, inside = root) => [...inside.querySelectorAll(selector)];
const say = JSON.parse($("[data-words]").textContent);
const put = (text, values) => text.replaceAll(/{(\w+)}/g, (_, name) => values[name]);
const { thing } = root.dataset;
const form = $("[data-writing]");
const PATIENCE = 30_000;
const afterwards = queue();
const PAUSES = [1000, 2000, 5000, 15_000, 30_000];

let store = null;
let album = null;
let draft = null; // {key, corrects, values, status: "clean" | "writing" | "waiting" | "sent", at, address}
let isReady = true;
let isKept = true;
let isSending = false;
let tries = 0;
let pause;
let retry;

const newKey = () => `${Math.floor(Date.now() / 1000).toString(16).padStart(8, "0")}-${crypto.randomUUID()}`;
const fresh = (corrects) => ({ key: newKey(), corrects, values: { seen: "", findings: [], is_public: true }, status: "clean", at: Date.now() });
const clock = (at) => new Date(at).toLocaleTimeString("th-TH", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" });

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
function tellStatus() {
  if (!draft) return;
  if (isUnkept()) tell("trouble", say.unkept);
  else if (draft.status === "sent") tell("sent", put(say.sent, { time: clock(draft.at) }));
  else if (draft.status === "waiting") tell("kept", say.waiting);
  else if (!isReady) tell("kept", say.early);
  else if (draft.status === "writing") tell("kept", put(say.kept, { time: clock(draft.at) }));
  else tell("busy", say.clean);
  $("[data-go]").disabled = draft.status !== "writing" || Boolean(draft.theirs);
  form.hidden = draft.status === "sent";
  $("[data-done]").hidden = draft.status !== "sent";
  if (draft.address) $("[data-show]").href = draft.address;
}

// -- between the page and the report -------------------------------------------------------------------------------

function written() {
  return {
    seen: $("[data-seen]").value,
    is_public: !$("[data-private]").checked,
    findings: all("[data-findings] > li").map((card) => ({ grade: $("input:checked", card).value, text: $("[data-text]", card).value })),
  };
}
function show(values) {
  $("[data-seen]").value = values.seen;
  $("[data-private]").checked = !values.is_public;
  $("[data-findings]").replaceChildren();
  values.findings.forEach(addFinding);
}
function addFinding(finding) {
  const card = $("[data-finding]").content.firstElementChild.cloneNode(true);
  const name = `grade-${crypto.randomUUID()}`;
  for (const radio of all("input", card)) {
    Object.assign(radio, { name, id: `${name}-${radio.value}`, checked: radio.value === (finding?.grade ?? "no_concern") });
    radio.nextElementSibling.htmlFor = radio.id;
  }
  $("[data-text]", card).value = finding?.text ?? "";
  $("[data-findings]").append(card);
  count();
  return card;
}
function count() {
  const cards = all("[data-findings] > li");
  cards.forEach((card, place) => { $("[data-number]", card).textContent = place + 1; });
  $("[data-add]").disabled = cards.length >= Number(root.dataset.most);
}

// -- keeping -------------------------------------------------------------------------------------------------------

function keep() {
  clearTimeout(pause);
  if (store.isOthers()) return lock();
  const kept = structuredClone(draft);
  return afterwards(() => store.put(thing, kept)).then(() => { isKept = true; }, () => { isKept = false; });
}
const isUnkept = () => Boolean(draft) && (album.unkept() || (!isKept && (draft.status === "writing" || draft.status === "waiting")));
function changed() {
  if (!draft || draft.status === "sent") return;
  if (draft.status !== "writing") draft.key = newKey();
  Object.assign(draft, { values: written(), status: "writing", at: Date.now() });
  clearTimeout(pause);
  pause = setTimeout(() => keep()?.then(tellStatus), 250);
}
// Another account, or nobody, uses this phone now: what is on the page goes out of sight; the sealed box stays.
function lock() {
  draft = null;
  album?.close();
  form.hidden = true;
  form.reset();
  $("[data-findings]").replaceChildren();
  for (const part of ["conflict", "done"]) $(`[data-${part}]`).hidden = true;
  $("[data-go]").disabled = true;
  tell("trouble", say.closed);
  trouble(say.closed, { signIn: true });
}

// -- sending -------------------------------------------------------------------------------------------------------

const ask = (address, options = {}) => fetch(address, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });

// What the portal knows; null without network; "out" when signed out.
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
  if (!$("[data-seen]").value.trim()) return say.seen;
  if (written().findings.some((one) => one.grade !== "no_concern" && !one.text.trim())) return say.text;
  if (album.size() > Number(root.dataset.mostPhotos)) return say.photos;
  return "";
}
async function go() {
  if (!draft) return;
  const why = refusal();
  if (why) return refuse(why);
  trouble(null);
  await album.want();
  Object.assign(draft, { values: written(), status: "waiting", at: Date.now() });
  await keep();
  tellStatus();
  return send();
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
async function send() {
  if (isSending || draft?.status !== "waiting") return;
  isSending = true;
  clearTimeout(retry);
  try {
    await (navigator.locks ? navigator.locks.request(`reporter-${thing}`, deliver) : deliver());
  } finally {
    isSending = false;
    if (draft?.status === "waiting") retry = setTimeout(send, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
  }
}
async function deliver() {
  if (draft?.status !== "waiting") return;
  tell("kept", say.sending);
  const there = await now();
  if (there === "out") return signedOut();
  if (store.isOthers()) return lock();
  if (!there || draft?.status !== "waiting") return tellStatus();
  isReady = there.is_ready;
  const { key, corrects, values } = draft;
  const photos = album.wanted();
  const body = new FormData();
  body.append("report", JSON.stringify({ key, corrects, ...values }));
  for (const photo of photos) body.append("photos", photo.blob, "photo.jpg");
  try {
    const answer = await ask(root.dataset.send, { method: "POST", headers: { "X-CSRFToken": there.csrf }, body });
    if (answer.status === 401) return signedOut();
    await taken(answer.status, await answer.json().catch(() => ({})), key, photos);
  } catch {
    tellStatus();
  }
}
// What was sent leaves this phone. What was written while it went stays, to be sent as its correction.
async function taken(status, told, key, photos) {
  if (!draft || store.isOthers()) return lock();
  if (status === 200) {
    const { id: corrects, address } = told.sent;
    if (draft.key === key && draft.status === "waiting") draft = { ...fresh(corrects), status: "sent", at: Date.parse(told.sent.at), address };
    else Object.assign(draft, { corrects, address, key: newKey() });
    trouble(draft.status === "writing" ? say.moved_on : null);
    for (const photo of photos) await album.drop(photo);
    await keep();
    tellStatus();
  } else if (status === 409 && told.newest) {
    conflict(told.newest);
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

// -- two reports ---------------------------------------------------------------------------------------------------

function conflict(newest) {
  Object.assign(draft, { status: "writing", theirs: newest });
  $("[data-when]").textContent = new Date(newest.at).toLocaleString("th-TH", { timeZone: "Asia/Bangkok" });
  $("[data-theirs]").textContent = [newest.seen, ...newest.findings.map((one) => one.text)].join("\n\n");
  $("[data-conflict]").hidden = false;
  keep();
  tellStatus();
  tell("trouble", say.conflict);
  $("[data-conflict]").focus();
}
async function settle(isCorrection) {
  const { theirs } = draft;
  delete draft.theirs;
  $("[data-conflict]").hidden = true;
  if (isCorrection) {
    Object.assign(draft, { corrects: theirs.id, key: newKey(), status: "writing" });
  } else {
    await album.want();
    for (const photo of album.wanted()) await album.drop(photo);
    draft = { ...fresh(theirs.id), status: "sent", at: Date.parse(theirs.at), address: theirs.address };
    show(draft.values);
  }
  await keep();
  tellStatus();
}

// -- beginning -----------------------------------------------------------------------------------------------------

async function keepPage() {
  const addresses = [location.pathname, root.dataset.store, root.dataset.album];
  for (const one of document.querySelectorAll("link[rel=stylesheet], link[rel=preload], script[src]")) addresses.push(one.getAttribute("href") ?? one.getAttribute("src"));
  await navigator.serviceWorker.register(root.dataset.worker);
  await (await caches.open("forum-recorder")).addAll(addresses);
}
function unable() {
  draft = null;
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
  album = openAlbum(store, thing, $("[data-photos-list]"), $("[data-photo]"), newKey, changed, tellStatus);
  try {
    draft = await store.get(thing);
    await album.load();
  } catch {
    return unable();
  }
  if (draft) show(draft.values);
  const there = await now();
  if (there === "out") return draft ? signedOut() : lock();
  if (store.isOthers()) return lock();
  if (there) {
    isReady = there.is_ready;
    draft ??= fresh(null);
    if (draft.status === "clean" && there.newest) draft = { ...draft, status: "sent", at: Date.parse(there.newest.at), address: there.newest.address };
    await keep();
    await keepPage().catch(() => trouble(say.unable));
  }
  if (!draft) return lock();
  if (draft.theirs) conflict(draft.theirs);
  else tellStatus();
  return send();
}

form.addEventListener("input", changed);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("click", ({ target }) => {
  if (target.closest("[data-remove]")) {
    target.closest("li").remove();
    count();
    changed();
    $("[data-add]").focus();
  } else if (target.closest("[data-add]")) {
    $("textarea", addFinding(null)).focus();
    changed();
  }
});
$("[data-take]").addEventListener("change", async ({ target }) => {
  const files = [...target.files];
  target.value = "";
  if (draft && !(await album.add(files))) trouble(say.no_photo);
});
$("[data-go]").addEventListener("click", go);
$("[data-correct]").addEventListener("click", () => settle(true));
$("[data-drop]").addEventListener("click", () => settle(false));
$("[data-wipe]").addEventListener("click", async () => {
  await afterwards(wipe);
  await forget();
  lock();
  trouble(null);
  tell("busy", say.wiped);
});
addEventListener("online", () => { tries = 0; send(); });
addEventListener("beforeunload", (event) => isUnkept() && event.preventDefault());
addEventListener("pagehide", () => draft?.status === "writing" && keep());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    if (draft?.status === "writing") keep();
  } else if (draft && !isOpen()) lock();
  else send();
});
await begin();
