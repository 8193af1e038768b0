//! The oracle: what a place shows, worked out from all tasks at once by rules as plain as can be. Only tests know it. What
//! ships is the index of `crates/screen`, which finds out the same change by change.

#![allow(dead_code, reason = "two crates test with it, and neither uses all of it")]
#![allow(unreachable_pub, reason = "a test has no public parts")]

pub mod listing;
pub mod tree;
