//! The sync core from outside: a fleet of devices and a model server on virtual time over a bad network.

mod checkpoint;
mod completion;
mod conflict;
mod convergence;
mod copies;
mod deletion;
mod device;
mod documents;
mod gesture;
mod golden;
mod harness;
mod limit;
mod moving;
mod reading;
mod server;
mod session;
mod settle;
mod snapshot;
mod table;
mod undo;
