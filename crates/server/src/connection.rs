//! One accepted connection.

use std::net::SocketAddr;

use crate::metrics;
use crate::places::Place;

/// It keeps its place until both the HTTP side and the session that the connection became have let it go.
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
