// Photos taken in the meeting: made small, sealed on this phone like the record, sent one by one, each once. Drawn on
// canvases: a picture of its own address would be refused by the portal's own rules.
const NAME = "forum-recorder-photos";
const LONGEST_SIDE = 1600;
const QUALITY = 0.82;

const asked = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

let database;
async function photos(mode) {
  if (!database) {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("photos", { keyPath: ["account", "forum", "key"] });
    database = await asked(opening);
  }
  return database.transaction("photos", mode, { durability: "strict" }).objectStore("photos");
}

// How many photos are kept here that were not sent, whoever took them; and forgetting them all.
export const kept = async () => asked((await photos("readonly")).count());
export const forget = async () => asked((await photos("readwrite")).clear());

async function small(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
}

async function draw(blob, canvas) {
  const picture = await createImageBitmap(blob);
  canvas.width = 320;
  canvas.height = Math.round((320 * picture.height) / picture.width);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
}

// The album of one forum. ``changed`` is told whenever something is added, written or gone.
export function openAlbum(store, forum, list, template, newKey, changed) {
  const entries = [];
  let saving = Promise.resolve();

  function keep(entry) {
    saving = saving.then(async () => {
      if (store.isOthers() || !entries.includes(entry)) return;
      const header = new TextEncoder().encode(JSON.stringify({ caption: entry.caption, wanted: entry.wanted }));
      const sealed = [await store.seal(header), await store.seal(new Uint8Array(await entry.blob.arrayBuffer()))];
      await asked((await photos("readwrite")).put({ account: store.account, forum, key: entry.key, sealed }));
    });
    return saving;
  }

  function show(entry) {
    const card = template.content.firstElementChild.cloneNode(true);
    const caption = card.querySelector("[data-caption]");
    caption.value = entry.caption;
    caption.addEventListener("input", (event) => {
      event.stopPropagation();
      Object.assign(entry, { caption: caption.value, wanted: false });
      keep(entry);
      changed();
    });
    card.querySelector("[data-remove-photo]").addEventListener("click", () => drop(entry).then(changed));
    entry.card = card;
    list.append(card);
    draw(entry.blob, card.querySelector("canvas"));
  }

  async function drop(entry) {
    entries.splice(entries.indexOf(entry), 1);
    entry.card.remove();
    await saving;
    await asked((await photos("readwrite")).delete([store.account, forum, entry.key]));
  }

  return {
    async load() {
      const range = IDBKeyRange.bound([store.account, forum, ""], [store.account, forum, "\uffff"]);
      for (const row of await asked((await photos("readonly")).getAll(range))) {
        const [header, bytes] = [await store.unseal(row.sealed[0]), await store.unseal(row.sealed[1])];
        const entry = { key: row.key, ...JSON.parse(new TextDecoder().decode(header)), blob: new Blob([bytes], { type: "image/jpeg" }) };
        entries.push(entry);
        show(entry);
      }
    },
    // False when one of the files is no picture this phone can read.
    async add(files) {
      let areAll = true;
      for (const file of files) {
        const blob = await small(file).catch(() => null);
        areAll &&= blob !== null;
        if (!blob) continue;
        const entry = { key: newKey(), caption: "", wanted: false, blob };
        entries.push(entry);
        show(entry);
        await keep(entry);
      }
      changed();
      return areAll;
    },
    size: () => entries.length,
    wanted: () => entries.filter((one) => one.wanted),
    nameless: () => entries.find((one) => !one.caption.trim())?.card.querySelector("[data-caption]"),
    want() {
      for (const entry of entries) entry.wanted = true;
      return Promise.all(entries.map(keep));
    },
    refuse(entry) {
      entry.wanted = false;
      return keep(entry);
    },
    drop,
    close() {
      entries.length = 0;
      list.replaceChildren();
    },
  };
}
