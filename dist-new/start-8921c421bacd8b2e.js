// Starts the app. A file of its own, so that the page needs no inline script and its content security policy can
// forbid them. The build names the hashed files in the page (xtask/src/web/page.rs; for `trunk serve`, `pattern_script` in
// Trunk.toml).
//
// Whatever ends the app, or keeps it from starting, is said by what stands here and needs nothing of the app.
const app = document.querySelector('meta[name="tsugi-app"]').dataset;
/** The files that this page is made of: what tells one version of the app from another (see `files` in sw.js). */
const files = [...document.head.querySelectorAll('[href],[src],[data-script]')]
  .flatMap((element) => [element.getAttribute('href'), element.getAttribute('src'), element.dataset.script, element.dataset.wasm])
  .filter((name) => name?.startsWith('/'));

// With a profile on this device the app shows tasks at once, so its part is fetched beside the main one, with what it shares
// with others (`app-rest`).
if (knows()) for (const { href } of document.querySelectorAll('[data-part|="app"]')) fetchAhead(href);

function knows() {
  try {
    return localStorage.getItem('tsugi.profile') !== null;
  } catch {
    return false;
  }
}

function fetchAhead(href) {
  const link = document.createElement('link');
  Object.assign(link, { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', type: 'application/wasm', href });
  document.head.append(link);
}

addEventListener('error', ({ error }) => stopOn(error));
addEventListener('unhandledrejection', ({ reason }) => stopOn(reason));

/** What WebAssembly throws by itself is the end of it: it has trapped, and nothing in it can be trusted any more. */
function stopOn(error) {
  if (error instanceof WebAssembly.RuntimeError) stop();
}

function stop() {
  // The app has put it there, in the language of the person (src/browser/panic.rs).
  const overlay = document.getElementById('tsugi-stopped') ?? unstarted();
  overlay.style.display = 'flex';
  overlay.querySelector('button').focus();
}

/** The app never came so far as to say it itself, so nobody knows the language either. */
function unstarted() {
  const overlay = document.createElement('div');
  overlay.id = 'tsugi-stopped';
  overlay.setAttribute('role', 'alertdialog');
  overlay.setAttribute('aria-modal', 'true');
  overlay.setAttribute('aria-label', 'Tsugi');
  const paragraph = (lang, text) => {
    const added = overlay.appendChild(document.createElement('p'));
    added.lang = lang;
    added.textContent = text;
  };
  paragraph('en', 'Tsugi could not start. What was saved on this device is safe.');
  paragraph('ja', 'Tsugiを起動できませんでした。この端末に保存した内容は無事です。');
  const button = overlay.appendChild(document.createElement('button'));
  button.textContent = 'Reload · 再読み込み';
  button.onclick = () => location.reload();
  overlay.style.cssText =
    'position: fixed; inset: 0; flex-direction: column; gap: 1rem; align-items: center; justify-content: center;' +
    'padding: 2rem; text-align: center; background: Canvas; color: CanvasText; font: 1rem/1.5 system-ui, sans-serif';
  document.body.append(overlay);
  return overlay;
}

try {
  const { default: start } = await import(app.script);
  await start({ module_or_path: app.wasm });
} catch (error) {
  console.error(error);
  stop();
}

// What opens the app without a network, and learns of new versions of it. Where a browser has none, or forbids it, the
// app needs the network to open. `trunk serve` alone has an inline script, which reloads the page by itself: while one
// develops, the page comes from there.
const worker = navigator.serviceWorker;
if (document.querySelector('script:not([src])')) {
  for (const registration of (await worker?.getRegistrations()) ?? []) await registration.unregister();
} else if (worker) {
  follow([...new Set(files)].sort().join(' '));
}

/** Has the worker keep the files of this page for as long as it is open, and asks it now and then for newer ones. */
function follow(mine) {
  // Held until the page is gone, however it goes.
  navigator.locks?.request(`app-files ${mine}`, { mode: 'shared' }, () => new Promise(() => {}));
  worker.register('/sw.js').catch((error) => console.warn('no start without a network:', error));
  const ask = (look) => worker.ready.then(({ active }) => active.postMessage({ mine, look }));
  worker.addEventListener('message', ({ data }) => {
    if (data === 'changed') ask(false);
    if (data === 'update') dispatchEvent(new Event('tsugi-update'));
  });
  const EVERY_MS = 60 * 60 * 1000;
  setInterval(ask, EVERY_MS, true);
  addEventListener('online', () => ask(true));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && ask(true));
  // The worker looked when it answered with this page.
  ask(false);
}
