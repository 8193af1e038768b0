//! The rules of the screen, tested through the public functions of the crate, without a browser.

#![allow(
    clippy::unwrap_used,
    reason = "clippy allows it in tests, but does not know these for tests"
)]

mod activity;
mod adding;
mod beside_oracle;
mod conflicts;
mod edits;
mod export;
mod lists;
mod made;
#[path = "../oracle/mod.rs"]
mod oracle;
mod oracle_listing;
mod oracle_tree;
mod properties;
mod records;
mod start_here;
mod tree;
mod truth;
mod world;
