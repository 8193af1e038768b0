//! The server through its public doors: HTTP and WebSockets on a free port, a directory of its own per test.
//!
//! With `TSUGI_TEST_DATABASE=postgres` everything but `embedded` runs on PostgreSQL. `instances` does so
//! always.

// Outside of functions marked as tests, too, a failed step is a failed test.
#![allow(clippy::unwrap_used)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects, and fails on all else"
)]

mod accounts;
mod admin;
mod attempts;
mod bad_input;
mod canary;
mod closing;
mod commands;
mod conformance;
mod copies;
mod documents;
mod drain;
mod embedded;
mod files;
mod forms;
mod harness;
mod health;
mod instances;
mod keys;
mod kill;
mod ledger;
mod metrics;
mod origins;
mod places;
mod polling;
mod polling_elsewhere;
mod restored;
mod retention;
mod rights;
mod slow_reader;
mod snapshots;
mod storm;
mod sync;
mod tls;
mod work;
