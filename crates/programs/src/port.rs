//! Free ports of loopback.

use std::net::{TcpListener, TcpStream};

use uuid::Uuid;

/// A port that is free together with the one 10,000 above, on which the nodes of a Redis Cluster talk. Both lie below the
/// range from which the system takes ports for connections.
#[must_use]
pub fn free_port() -> u16 {
    let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
    loop {
        let port = 10_000 + Uuid::new_v4().as_fields().1 % 12_000;
        if is_free(port) && is_free(port + 10_000) {
            return port;
        }
    }
}

/// Whether something listens there.
#[must_use]
pub fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}
