//! The Tsugi server: accounts over HTTP, sync over WebSockets and over HTTP that polls, an embedded database, and the browser
//! client's files.
//!
//! From the outside in:
//!
//! | module | task |
//! |---|---|
//! | `serve`, `stream`, `transport`, `connection`, `places`, `leaving` | accept connections, give each a place, close them |
//! | `tls` | the server's own TLS, and its certificate |
//! | `admission` | queues for those who come in, before the database |
//! | `router` | the table of contents of the HTTP side |
//! | `http` | its endpoints; those of accounts are in `http::account` |
//! | `auth`, `attempts` | passwords, tokens, known devices; how often somebody may try |
//! | `proxies`, `origin` | the address and the page that a request comes from |
//! | `session`, `line`, `shares` | one replica's connection, over a socket or over requests; an account's share of the work |
//! | `bus` | hints between the instances of one server |
//! | `instance`, `neighbours` | the instances of one server, and where each is reached |
//! | `events`, `packed` | carry what happened to the sessions that should hear of it |
//! | `store` | decides, and stores |
//! | `command`, `doctor`, `healthcheck` | the task that the command line gives, and those besides serving |
//! | `access`, `trace` | the access log; a change from device to device |
//! | `about`, `ready`, `examined` | what a server says of itself, whether it should get traffic, and what `doctor` finds |
//! | `config`, `secret`, `keyring`, `rate`, `metrics`, `clock` | used by the others |
//!
//! No two modules import each other, directly or through others.
//!
//! Left out for now: several databases for one server.

mod about;
pub mod access;
mod admission;
mod app;
mod attempts;
mod auth;
pub mod bus;
pub mod clock;
pub mod command;
pub mod config;
mod connection;
pub mod doctor;
pub mod events;
mod examined;
pub mod healthcheck;
pub mod http;
pub mod instance;
mod keyring;
mod leaving;
mod line;
mod metrics;
mod neighbours;
pub mod open_files;
pub mod origin;
mod packed;
mod places;
pub mod proxies;
mod random;
pub mod rate;
mod ready;
mod router;
pub mod secret;
mod seldom;
mod serve;
mod session;
mod shares;
mod static_files;
mod store;
mod stream;
mod tls;
pub mod trace;
mod transport;

pub use app::{App, StartError};
pub use config::Config;
pub use serve::run;
pub use store::copy;
pub use store::{OpenError, Role, StoreError, Swept};
pub use tls::{TlsError, TlsFiles};
