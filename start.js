// Starts the app. A file of its own, so that the page needs no inline script and its content security policy can
// forbid them. Trunk names the hashed files in the page (`pattern_script` in Trunk.toml).
const app = document.querySelector('meta[name="tsugi-app"]').dataset;
const { default: start } = await import(app.script);
await start({ module_or_path: app.wasm });

// What opens the app without a network. Where a browser has none, or forbids it, the app needs the network to open.
navigator.serviceWorker?.register('/sw.js').catch((error) => console.warn('no start without a network:', error));
