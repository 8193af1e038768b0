//! What the app may weigh. A build over budget fails, so that growth is a decision and never an accident.

/// The app's WebAssembly, in bytes after brotli.
pub(crate) const WASM_BROTLI: u64 = 490_000;
