//! The conflict lab: two pretend devices and a server between them, on virtual time, with the same core as the app. For
//! people who want to see what happens when versions meet, and for tests.
//!
//! It is pure: no clock, no I/O, no randomness but that of a seed. From the bottom up: a `ledger` is the server's data
//! in memory, and a `server` asks the core for each decision. A [`device`] has a replica and a session. A [`deed`] is
//! what a person does on one. The [`lab`] runs them all, and keeps [`history`]. A [`card`] is what a device shows, with
//! its open [`question`]s; a [`picture`] is what is drawn of history. A [`scenario`] plays by itself.
//!
//! Left out: words. `crates/screen/src/text/lab.rs` says everything in the language of the person.

pub mod card;
pub mod change;
pub mod deed;
pub mod device;
pub mod history;
pub mod lab;
mod ledger;
pub mod limits;
pub mod picture;

pub mod question;
mod random;
pub mod scenario;
mod server;
