// Photos taken in the meeting: made small, sealed on this phone like the record, sent one by one, each once. Drawn on
// canvases: a picture of its own address would be refused by the portal's own rules.
const NAME = "forum-recorder-photos";
const LONGEST_SIDE = 1600;
const QUALITY = 0.82;

const { queue, shelf } = await import(document.getElementById("recorder").dataset.store);
const photos = shelf(NAME, "photos", ["account", "forum", "key"]);

// How many photos are kept here that were not sent, whoever took them; and forgetting them all.
export const kept = () => photos("readonly", (all) => all.count());
export const forget = () => photos("readwrite", (all) => all.clear());

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

// The album of one forum. ``changed`` is told whenever something is added, written or gone, ``kept`` when
// keeping begins to fail or works again.
export function openAlbum(store, forum, list, template, newKey, changed, kept) {
  const entries = [];
  const afterwards = queue();

  // A photo that cannot be kept stays on the page, and ``unkept`` says so.
  function keep(entry) {
    return afterwards(async () => {
      if (store.isOthers() || !entries.includes(entry)) return;
      const header = new TextEncoder().encode(JSON.stringify({ caption: entry.caption, wanted: entry.wanted }));
      const sealed = [await store.seal(header), await store.seal(new Uint8Array(await entry.blob.arrayBuffer()))];
      await photos("readwrite", (all) => all.put({ account: store.account, forum, key: entry.key, sealed }));
    }).then(() => false, () => true).then((isUnkept) => {
      if (isUnkept === Boolean(entry.isUnkept)) return;
      entry.isUnkept = isUnkept;
      kept();
    });
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

  // One that could not be wiped comes back when the page is opened again; sent again it changes nothing.
  function drop(entry) {
    if (entries.includes(entry)) entries.splice(entries.indexOf(entry), 1);
    entry.card.remove();
    return afterwards(() => photos("readwrite", (all) => all.delete([store.account, forum, entry.key]))).catch(() => {});
  }

  return {
    async load() {
      const range = IDBKeyRange.bound([store.account, forum, ""], [store.account, forum, "\uffff"]);
      for (const row of await photos("readonly", (all) => all.getAll(range))) {
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
    unkept: () => entries.some((one) => one.isUnkept),
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
