// Keeps the recorder openable without network. Its reach is /forums/recorder/ alone: of that, pages (first from the
// network, else as last seen) and the portal's own files. Data always come from the network.
const KEPT = "forum-recorder";
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function page(request, pathname) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(pathname);
  const asked = fetch(request).then((answer) => {
    if (answer.ok && !answer.redirected) cache.put(pathname, answer.clone());
    return answer.status >= 500 && kept ? kept : answer;
  });
  if (!kept) return asked;
  const late = new Promise((done) => { setTimeout(done, PATIENCE, kept); });
  return Promise.race([asked.catch(() => kept), late]);
}

async function file(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request)) ?? fetch(request);
}
