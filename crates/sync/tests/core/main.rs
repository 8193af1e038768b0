//! The sync core from outside: a fleet of devices and a model server on virtual time over a bad network.

mod checkpoint;
mod conflict;
mod convergence;
mod golden;
mod harness;
mod server;
mod session;
mod settle;
mod table;
