//! The oracle: it computes the list of a place from all tasks at once, by rules that are as plain as possible. Only
//! tests use it. The app uses the index of `crates/screen`, which finds the same list change by change.

#![allow(dead_code, reason = "two crates test with it, and neither uses all of it")]
#![allow(unreachable_pub, reason = "a test has no public parts")]

pub mod listing;
pub mod tree;
