//! One accepted connection.

use std::net::SocketAddr;

use tokio::sync::OwnedSemaphorePermit;

use crate::metrics;

/// One accepted connection. It keeps its place until the last who holds it is done: the HTTP side, or the session
/// that the connection became.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) peer: SocketAddr,
    _place: OwnedSemaphorePermit,
    _open: metrics::Open,
}

impl Connection {
    pub(crate) fn new(peer: SocketAddr, place: OwnedSemaphorePermit) -> Self {
        Self {
            peer,
            _place: place,
            _open: metrics::connection(),
        }
    }
}
