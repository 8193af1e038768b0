//! The sync core from outside: a fleet of devices and a model server on virtual time over a bad network.

mod checkpoint;
mod conflict;
mod convergence;
mod deletion;
mod device;
mod documents;
mod golden;
mod harness;
mod limit;
mod server;
mod session;
mod settle;
mod table;
