//! The server as it is run: two processes over one PostgreSQL and one Redis, behind HAProxy or nginx, to which things happen
//! under load. Writers and watchers come in through the load balancer, reconnect as a client does, and check what they see:
//!
//! - every acknowledged edit is there once, at the revision that the answer named, and revisions have no gap;
//! - a watcher's deltas join without a gap, and in the end it holds what a new replica is told;
//! - whatever happens, an acknowledged edit reaches every watcher within 15 seconds.

// Outside of functions marked as tests, too, a failed step is a failed test.
#![allow(clippy::unwrap_used)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects, and fails on all else"
)]

mod account;
mod board;
mod deploy;
mod device;
mod drain;
mod faults;
mod fleet;
mod polling;
mod process;
mod rights;

use std::time::Duration;

/// Longer than anything here takes, so that a failure is an error and not a hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
