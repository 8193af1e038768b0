//! All contact of the client with JavaScript: one hook in each file, each with a small typed interface.
//!
//! Callbacks of the browser only hand a value to a closure or a channel, and nothing here decides. Nothing here panics,
//! whatever the browser, another tab or another version hands over. Left out: all rules of the app, and `web-sys` types
//! in public signatures.
//!
//! Options for the browser, its answers and messages between tabs cross as values, through `serde-wasm-bindgen`. Rows of
//! the log cross as texts, because texts are read faster ([decision](../../docs/decisions/017-values-cross-as-values.md)).

pub mod channel;
pub mod deflate;
pub mod device;
pub mod element;
pub mod focus;
pub mod frame;
pub mod history;
pub mod http;
pub mod intl;
pub mod journal;
mod js;
pub mod keyboard;
pub mod local_storage;
pub mod lock;
pub mod names;
pub mod page;
pub mod panic;
pub mod pointer;
pub mod poll;
pub mod session_storage;
pub mod socket;
pub mod surface;
pub mod time;
pub mod unsent;
pub mod viewport;
