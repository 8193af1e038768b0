//! One accepted connection.

use std::net::SocketAddr;

use crate::metrics;
use crate::places::Place;

/// It keeps its place until the last who holds it is done: the HTTP side, or the session that the connection became.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) peer: SocketAddr,
    pub(crate) place: Place,
    _open: metrics::Open,
}

impl Connection {
    pub(crate) fn new(peer: SocketAddr, place: Place) -> Self {
        Self {
            peer,
            place,
            _open: metrics::connection(),
        }
    }
}
