//! A fleet of replicas and a server, on virtual time, over a bad network, from a seed. The core is the one that ships.
//! The world around it tries to break its invariants.
//!
//! ```text
//! seed ─► Plan (steps) ─► World: People ─► Fleet { Devices, network, Server ─► Store } ─► oracle ─► Counts | Violation
//!                                                                                             └─► shrink ─► plans/
//! ```
//! Everything is a function of the plan. No clock, no thread and no order of a hash map has an influence.

pub mod crossings;
pub mod decider;
pub mod device;
pub mod fleet;
pub mod habit;
pub mod oracle;
pub mod person;
pub mod plan;
pub mod random;
pub mod run;
pub mod server;
pub mod shrink;
pub mod store;
pub mod sweep;
pub mod workload;
