//! The largest allowed weight of the app. A build over budget fails, so that growth is a decision and never an
//! accident.

/// The app's WebAssembly, in bytes after brotli: 661 kB. On the way there it was 376 with both transports, 479 with
/// places, palette, search, undo and two languages, 491 with storage that fails and versions that are offered, 591
/// with the editor and quick add, 662 with lists, boards and dragging, 675 with rows and cards in words, 702 with a
/// grammar that never takes half a phrase, one tree, and values that cross to JavaScript as values. A standard
/// library that is built for size took 47 off, and an editor that saves as one goes, with lines that wait, brought
/// 6. Parts that the first screen does not need should load after it, and then this number should be lowered.
pub(crate) const WASM_BROTLI: u64 = 665_000;
