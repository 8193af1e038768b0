//! One accepted connection.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::access::{self, Shown, Traffic};
use crate::metrics;
use crate::places::Place;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// It keeps its place until both the HTTP side and the session that the connection became have let it go. Then the access
/// log gets a line of it.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Its number since the process began, for the access log.
    pub(crate) number: u64,
    pub(crate) peer: SocketAddr,
    pub(crate) place: Place,
    pub(crate) traffic: Traffic,
    /// The log shows whole addresses.
    shows_all: bool,
    began: Instant,
    why: Mutex<Option<Box<str>>>,
    _open: metrics::Open,
}

impl Connection {
    pub(crate) fn new(peer: SocketAddr, place: Place, shows_all: bool, tls: bool) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let connection = Self {
            number,
            peer,
            place,
            traffic: Traffic::default(),
            shows_all,
            began: Instant::now(),
            why: Mutex::new(None),
            _open: metrics::connection(),
        };
        access::opened(number, connection.shown(), tls);
        connection
    }

    /// Why it ends. The first one that says so is right.
    pub(crate) fn ends(&self, why: &str) {
        let mut known = self.why.lock().unwrap_or_else(PoisonError::into_inner);
        known.get_or_insert_with(|| why.into());
    }

    fn shown(&self) -> Shown {
        Shown {
            address: self.peer.ip(),
            is_whole: self.shows_all,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let shown = self.shown();
        let why = self.why.get_mut().unwrap_or_else(PoisonError::into_inner);
        let why = why.as_deref().unwrap_or("closed");
        access::closed(self.number, shown, why, self.began, &self.traffic);
    }
}
