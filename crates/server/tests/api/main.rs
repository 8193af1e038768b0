//! The server through its public doors: HTTP and WebSockets on a free port, a directory of its own per test.

mod harness;
mod sync;
