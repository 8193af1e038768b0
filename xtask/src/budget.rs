//! What the app may weigh. A build over budget fails, so that growth is a decision and never an accident.

/// The app's WebAssembly, in bytes after brotli. With places, palette, search, undo and two languages it was 479 kB;
/// storage that fails, versions that are offered, a copy of everything, their words and a grown core made it 491. What the
/// first screen does not need should come later than it, and this be lowered then.
pub(crate) const WASM_BROTLI: u64 = 720_000;
