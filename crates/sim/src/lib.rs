//! A fleet of replicas and a server on virtual time over a bad network, seeded: the core that ships, and a world that
//! tries to break what must hold.
//!
//! ```text
//! seed ─► Plan (steps) ─► World: People ─► Fleet { Devices, network, Server ─► Store } ─► oracle ─► Counts | Violation
//!                                                                                             └─► shrink ─► plans/
//! ```
//! Everything is a function of the plan: no clock, no thread and no order of a hash map has a say.

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
