//! Whether it is worth asking the server for anything, going by what the browser says of the network.
//!
//! While a browser says that there is no network, a request only fails, and the back-off of the session would make
//! eight of them in the first minute. The browser can be wrong, because a server on this very machine needs no network:
//! therefore one request in [`BETWEEN_MS`] goes out all the same. When the network comes back, the page hears of it
//! and the session is woken at once.

use tsugi_sync::ids::Timestamp;
use tsugi_sync::session::BACKOFF_LONGEST_MS;

/// As often as the session tries when it has been turned away for long.
const BETWEEN_MS: u64 = BACKOFF_LONGEST_MS;

#[derive(Debug, Default)]
pub(super) struct Reach {
    /// The last request that was made while the browser said that there is no network.
    asked: Option<Timestamp>,
}

impl Reach {
    /// Whether to ask now, where `claims_online` is what the browser says.
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
