//! Everything the client knows of JavaScript: one hook per file, each with a small typed interface.
//!
//! Callbacks of the browser only hand a value to a closure or a channel; nothing here decides. Nothing here panics
//! on what the browser, another tab or another build hands over. What is left out: any rule of the app, and any
//! type of `web-sys` in a public signature.

pub mod channel;
pub mod deflate;
pub mod device;
pub mod element;
pub mod focus;
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
pub mod socket;
pub mod surface;
pub mod time;
pub mod viewport;
