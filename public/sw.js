// Serves the application without a network. The build puts the list of files and their fingerprint below.
const PRECACHE = __PRECACHE__;
const CACHE = 'cardabelle-__VERSION__';

// All or nothing: if one file is missing, this version is not installed and the old one goes on serving.
// No skipWaiting here: a new version never takes over under an open form.
self.addEventListener('install', (event) => {
  const requests = PRECACHE.map((path) => new Request(path, { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

// Keys that a tab leaves here while it is loaded again, by a name that tab alone knows: in memory, for a minute, given back once.
const CARRIED_MS = 60_000;
const carried = new Map();

self.addEventListener('message', (event) => {
  const { type, name, key } = event.data ?? {};
  if (type === 'apply-update') self.skipWaiting();
  if (type === 'carry') {
    carried.set(name, key);
    event.waitUntil(new Promise((done) => setTimeout(done, CARRIED_MS)).then(() => carried.delete(name)));
  }
  if (type === 'take') {
    event.ports[0].postMessage(carried.get(name) ?? null);
    carried.delete(name);
  }
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('cardabelle-') && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  // The server alone answers who comes back from Pro Santé Connect.
  if (['/api/', '/psc/'].some((begins) => url.pathname.startsWith(begins)) || url.pathname === '/healthz') return;
  event.respondWith(answer(request, url));
});

async function answer(request, url) {
  const cache = await caches.open(CACHE);
  // Every address is the same page: the client routes.
  const path = request.mode === 'navigate' ? '/' : url.pathname;
  return (await cache.match(path)) ?? fetch(request);
}
