//! The programs that the tests of the server start: PostgreSQL, Redis, HAProxy, nginx. Each listens on a free port of
//! loopback, has a folder of its own, and ends with the test. No service of the system is touched.
//!
//! A program that is not installed is a test that fails, and says what installs it.

// Only tests use this crate, and there a failed step is a failed test.
#![allow(clippy::unwrap_used)]

mod balancer;
mod folder;
mod port;
pub mod postgres;
mod redis_server;
mod signal;

use std::time::Duration;

pub use balancer::Balancer;
pub use folder::Folder;
pub use port::{free_port, listens};
pub use postgres::{Durability, Postgres};
pub use redis_server::{Cluster, RedisServer};
pub use signal::{Signal, signal};

/// Longer than anything here takes, so that a failure is an error and not a hang.
pub const PATIENCE: Duration = Duration::from_secs(30);
