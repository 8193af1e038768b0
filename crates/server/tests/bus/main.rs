//! Several instances of one server: what they tell each other, and what is found without that. The store is a fake in
//! memory. The tests of the rules run on virtual time; those of Redis start real servers on free ports.

// Outside of functions marked as tests, too, a failed step is a failed test.
#![allow(clippy::unwrap_used)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects, and fails on all else"
)]

mod cluster;
mod fake_bus;
mod fake_store;
mod hints;
mod instance;
mod one_redis;
mod rights;
mod sources;
mod sweeps;
