//! The Tsugi server: accounts over HTTP, sync over WebSockets, an embedded database, and the browser client's files.
//!
//! From the outside in: [`run`] accepts connections; `router` is the table of contents; `http`, `auth` and `session`
//! answer; `store` decides and keeps; `hub` carries what was committed to those who listen.
//!
//! Left out for now: other databases, several processes behind one address, TLS (a proxy in front does that), HTTP
//! long polling.

mod app;
mod attempts;
mod auth;
pub mod clock;
pub mod config;
mod connection;
pub mod http;
mod hub;
mod line;
mod metrics;
pub mod open_files;
pub mod origin;
mod packed;
mod places;
pub mod proxies;
mod random;
pub mod rate;
mod router;
pub mod secret;
mod seldom;
mod serve;
mod session;
mod shares;
mod static_files;
mod store;
mod stream;

pub use app::{App, StartError};
pub use config::Config;
pub use serve::run;
pub use store::{OpenError, Role, StoreError, Swept};
