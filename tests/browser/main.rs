//! The hooks of the client and its screens, tested in real browsers. Nothing sleeps: tests wait for the results that
//! they expect.
//!
//! `cargo xtask test` runs these tests; the hooks are in `src/browser/`.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy allows it in tests, but does not know these for tests"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects, and fails on all else"
)]

mod channel;
mod deflate;
mod device;
mod formats;
mod http;
mod journal;
mod journal_failures;
mod journal_memory;
mod local_storage;
mod lock;
#[path = "../../crates/screen/tests/screen/made.rs"]
mod made;
mod merge_dialog;
mod needs_attention;
mod page;
mod panic;
mod poll;
mod raw;
mod screen;
mod socket;
mod storage;
mod time;
mod unsaved;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
