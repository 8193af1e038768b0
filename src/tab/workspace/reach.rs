//! Decides whether a request to the server is worth making, by what the browser says about the network.
//!
//! While the browser says that there is no network, a request only fails, and the back-off of the session would make
//! eight of them in the first minute. The browser can be wrong, because a server on this same machine needs no network.
//! So one request in every [`BETWEEN_MS`] is made all the same. When the network comes back, the page gets an event and
//! wakes the session at once.

use tsugi_sync::ids::Timestamp;
use tsugi_sync::session::BACKOFF_LONGEST_MS;

/// The same as the longest pause between two attempts of the session.
const BETWEEN_MS: u64 = BACKOFF_LONGEST_MS;

#[derive(Debug, Default)]
pub(super) struct Reach {
    /// The last request that was made while the browser said that there is no network.
    asked: Option<Timestamp>,
}

impl Reach {
    /// Whether to ask now. `claims_online` is what the browser says.
    pub(super) fn is_worth_asking(&mut self, now: Timestamp, claims_online: bool) -> bool {
        if claims_online {
            self.asked = None;
            return true;
        }
        if self.asked.is_some_and(|asked| now < asked.plus(BETWEEN_MS)) {
            return false;
        }
        self.asked = Some(now);
        true
    }
}
