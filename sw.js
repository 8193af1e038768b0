// Opens the app without a network. A page and all that it names (script, wasm, styles, icons) are one set, so that a page
// never meets the wasm of another build.
//
//   look ──▶ a page that is not known ──▶ all its files are here ──▶ NEXT ──a tab opens or reloads──▶ CURRENT ──▶ BEFORE
//
// A tab begins with the newest set that is whole, without asking the network; the network is asked behind it. Nobody is
// taken from one set to another: an open tab is told that there is a newer one, and goes on. Files with a hash in their
// name never change and go when no tab, and none of the three pages, names them. Tasks never pass through here: /api is
// left alone.
const SET = 'tsugi-app';
const CURRENT = '/';
const NEXT = '/?next';
const BEFORE = '/?before';
const PATIENCE_MS = 10_000;
const MANIFEST = '/manifest.webmanifest';
/** What only the server can answer. */
const SERVERS = /^\/(api\/|admin$|admin\/|healthz$|readyz$|metrics$)/;
const HASHED = /-[0-9a-f]{8,}(_bg)?\.\w+$/;

self.addEventListener('install', (event) => event.waitUntil(begin()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || SERVERS.test(pathname)) return;
  if (request.mode === 'navigate') {
    event.respondWith(page(event));
  } else {
    event.respondWith(caches.match(request, { cacheName: SET }).then((kept) => kept ?? fetch(request)));
  }
});

self.addEventListener('message', (event) => event.waitUntil(answer(event)));

/** A worker without a whole set is of no use, and begins again at the next visit. */
async function begin() {
  const failed = await lookOnce().then(() => undefined, (error) => error);
  const set = await caches.open(SET);
  if (!(await set.match(CURRENT))) throw failed;
  await self.skipWaiting();
}

async function page(event) {
  const set = await caches.open(SET);
  const next = await set.match(NEXT);
  const current = await set.match(CURRENT);
  if (next) {
    if (current) await set.put(BEFORE, current);
    await set.put(CURRENT, next.clone());
    await set.delete(NEXT);
  }
  // Without a network there is nothing new.
  event.waitUntil(lookOnce().catch(() => {}));
  return next ?? current?.clone() ?? fetch(event.request);
}

/** A tab says which files are its own, and wants to know whether there are newer ones. */
async function answer({ data, source }) {
  if (data.look || looking) await lookOnce().catch(() => {});
  const set = await caches.open(SET);
  const newest = (await set.match(NEXT)) ?? (await set.match(CURRENT));
  if (newest && files(await newest.text()).join(' ') !== data.mine) source.postMessage('update');
}

let looking;

/** Two at once would sweep away each other's files. Who asks meanwhile, waits for the one under way. */
function lookOnce() {
  looking ??= navigator.locks.request(SET, look).finally(() => {
    looking = undefined;
  });
  return looking;
}

async function look() {
  const fresh = await fetch('/', { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await fresh.clone().text();
  // A network that wants a sign-in first answers with a page of its own.
  if (!fresh.ok || fresh.redirected || !text.includes('name="tsugi-app"')) throw new Error('this is not the app');
  const set = await caches.open(SET);
  const newest = (await set.match(NEXT)) ?? (await set.match(CURRENT));
  if (newest && (await newest.text()) === text) return;
  await complete(set, files(text));
  await set.put(newest ? NEXT : CURRENT, fresh);
  await sweep(set);
  for (const client of await self.clients.matchAll()) client.postMessage('changed');
}

/** Fetches what is missing of a set: all of it, or none. */
async function complete(set, names) {
  const icons = names.includes(MANIFEST) ? files(await (await fetch(MANIFEST, { cache: 'no-cache' })).text()) : [];
  const missing = new Set();
  // What has no hash in its name may have changed.
  for (const name of [...names, ...icons]) if (!HASHED.test(name) || !(await set.match(name))) missing.add(name);
  await set.addAll([...missing].map((name) => new Request(name, { cache: 'no-cache' })));
}

async function sweep(set) {
  const named = new Set();
  for (const page of [CURRENT, NEXT, BEFORE]) files(await (await set.match(page))?.text()).forEach((name) => named.add(name));
  const { held } = await navigator.locks.query();
  for (const { name } of held) if (name.startsWith('app-files ')) name.split(' ').forEach((file) => named.add(file));
  for (const { url } of await set.keys()) {
    const { pathname } = new URL(url);
    if (HASHED.test(pathname) && !named.has(pathname)) await set.delete(url);
  }
}

/** The files of this origin that a page or a manifest names, each once, in an order that is always the same. */
function files(text = '') {
  return [...new Set([...text.matchAll(/(?:href|src|data-script|data-wasm)"?[=:] ?"(\/[^"]+)"/g)].map(([, name]) => name))].sort();
}
