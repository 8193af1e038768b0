//! The sync core from outside: a fleet of devices and a model server on virtual time over a bad network.

// Outside of functions marked as tests, too, a failed step is a failed test.
#![allow(clippy::unwrap_used)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects, and fails on all else"
)]

mod ancestry;
mod checkpoint;
mod completion;
mod conflict;
mod convergence;
mod copies;
mod cycle;
mod decision;
mod deletion;
mod documents;
mod fleet;
mod gesture;
mod golden;
mod limit;
mod moving;
#[path = "../../../screen/tests/oracle/mod.rs"]
mod oracle;
mod policy;
mod put_off;
mod reading;
mod restored;
mod session;
mod settle;
mod snapshot;
mod sorted_map;
mod table;
mod told;
mod twins;
mod undo;
