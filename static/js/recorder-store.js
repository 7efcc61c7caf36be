// What the recorder keeps on this phone: one sealed box for each account and forum. The key that opens them is lent by
// the portal while that person is signed in here (a cookie); without it a box can be neither read nor changed.
const NAME = "forum-recorder";
const COOKIE = "portal_device";
const PATIENCE = 5000;

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const asked = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

const lent = () => document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? "";

// A shelf of this phone: ``shelf(name, things, keyPath)`` gives a function (mode, (things) => request) => its result, once
// it is kept for certain. A phone closes a shelf as it likes (asleep, full, wiped in another window), some without a
// word: what failed is tried once more, with the shelf opened anew.
export function shelf(name, things, keyPath) {
  let database;
  const leave = () => {
    database?.then((opened) => opened.close(), () => {});
    database = undefined;
  };
  async function open() {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(things, { keyPath });
    const opened = await asked(opening);
    opened.onclose = opened.onversionchange = leave;
    return opened;
  }
  async function once(mode, work) {
    database ??= open();
    const act = (await database).transaction(things, mode, { durability: "strict" });
    const request = work(act.objectStore(things));
    const over = new Promise((done, fail) => {
      act.oncomplete = done;
      act.onabort = () => fail(act.error ?? new DOMException("Given up", "AbortError"));
    });
    const [result] = await Promise.all([asked(request), over]);
    return result;
  }
  const late = () => new Promise((_, fail) => { setTimeout(fail, PATIENCE, new DOMException("No answer", "TimeoutError")); });
  const tried = (mode, work) => Promise.race([once(mode, work), late()]);
  return (mode, work) => tried(mode, work).catch(() => {
    leave();
    return tried(mode, work);
  });
}

// Works one after the other; one that fails holds up none after it.
export function queue() {
  let last = Promise.resolve();
  return (work) => (last = last.catch(() => {}).then(work));
}

const boxes = shelf(NAME, "boxes", ["account", "forum"]);

export const canKeep = Boolean(globalThis.crypto?.subtle && globalThis.indexedDB && navigator.serviceWorker);
export const isOpen = () => lent() !== "";

// The account's boxes; null while nobody's key is here.
export async function openStore() {
  const text = lent();
  if (!text) return null;
  const raw = bytes(text);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", raw));
  const account = [...digest.slice(0, 8)].map((one) => one.toString(16).padStart(2, "0")).join("");
  const seal = async (plain) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain) };
  };
  const unseal = ({ iv, box }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, box);
  return {
    account,
    seal,
    unseal,
    // Somebody else is signed in here now. A key that is merely gone (signed out meanwhile) still seals what is written
    // on the page that is open.
    isOthers: () => isOpen() && lent() !== text,
    async put(forum, draft) {
      const { iv, box } = await seal(new TextEncoder().encode(JSON.stringify(draft)));
      const unsent = draft.status === "writing" || draft.status === "waiting";
      await boxes("readwrite", (all) => all.put({ account, forum, iv, box, unsent }));
    },
    async get(forum) {
      const found = await boxes("readonly", (all) => all.get([account, forum]));
      if (!found) return null;
      return JSON.parse(new TextDecoder().decode(await unseal(found)));
    },
  };
}

// How many records are kept here that were not sent, whoever wrote them.
export async function unsent() {
  return (await boxes("readonly", (all) => all.getAll())).filter((one) => one.unsent).length;
}

// Forget everything on this phone: boxes, pages, the key.
export async function wipe() {
  await boxes("readwrite", (all) => all.clear());
  await caches.delete(NAME);
  document.cookie = `${COOKIE}=; Max-Age=0; Path=/; SameSite=Strict`;
}
