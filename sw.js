// Opens the app without a network. The page and all that it names (script, wasm, styles, icon) are kept as one set, so
// that a page never meets the wasm of another build. A set is complete before it takes the place of the one before.
//
// The page comes from the network when it answers in time, from the set when it does not; everything else that a page
// names has its content's hash in its name, and comes from a set first. Tasks never pass through here: /api is left alone.
const SET = 'tsugi-app';
const PATIENCE_MS = 3000;
/** What only the server can answer. */
const SERVERS = /^\/(api\/|healthz$|readyz$|metrics$)/;

self.addEventListener('install', (event) => event.waitUntil(fetchPage().then(keep).then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || SERVERS.test(pathname)) return;
  if (request.mode === 'navigate') {
    event.respondWith(page(event));
  } else {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

async function page(event) {
  try {
    const fresh = await fetchPage();
    // A set that cannot be completed now leaves the old one in place.
    event.waitUntil(keep(fresh.clone()).catch(() => {}));
    return fresh;
  } catch (unreachable) {
    const kept = await caches.match('/');
    if (kept) return kept;
    throw unreachable;
  }
}

async function fetchPage() {
  const answer = await fetch('/', { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer;
}

/** One page at a time, whichever worker has it: two sets in the making would sweep away each other's files. */
function keep(answer) {
  return navigator.locks.request(SET, () => keepAlone(answer));
}

/** Keeps the page with everything it names. Files of the last set stay for tabs that still run it; older ones go. */
async function keepAlone(answer) {
  const text = await answer.clone().text();
  const names = named(text);
  const set = await caches.open(SET);
  const before = await set.match('/');
  if (before && (await before.clone().text()) === text) return;
  const missing = [];
  for (const name of names) if (!(await set.match(name))) missing.push(name);
  await set.addAll(missing);
  const still = new Set([...names, ...named(await before?.text())]);
  await set.put('/', answer);
  for (const { url } of await set.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== '/' && !still.has(pathname)) await set.delete(url);
  }
}

/** The files of this origin that a page names, each once. */
function named(text = '') {
  return new Set([...text.matchAll(/(?:href|src|data-script|data-wasm)="(\/[^"]+)"/g)].map(([, name]) => name));
}
