//! The transport that a session uses, and how long its connection may be silent. Both follow from what the session
//! learns about its network.
//!
//! ```text
//!              2 attempts in a row do not get live, or do not last
//!  WebSocket ───────────────────────────────────────────────────────▶ Polling
//!      ▲                                                                 │
//!      └── a try at a quiet moment: after 30 s, 1, 2, 4 … 10 min; ◀──────┘
//!          one that fails goes back at once
//! ```

use super::{PING_AFTER_MS, STEADY_MS};
use crate::ids::Timestamp;

/// The carrier of the messages. The messages are the same on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    WebSocket,
    /// HTTP long polling.
    Polling,
}

/// Attempts in a row after which the other transport is tried.
const FAILURES: u32 = 2;
/// Milliseconds of polling after which the WebSocket is tried again, doubled each time up to the longest.
const UP_FIRST_MS: u64 = 30_000;
const UP_LONGEST_MS: u64 = 600_000;
/// The shortest time between two tries after a probe, in milliseconds.
const UP_PROBED_MS: u64 = 5_000;
/// The shortest silence that counts as the time-out of a proxy, and the shortest heartbeat against one.
const SILENCE_LEAST_MS: u64 = 1_500;
const PING_LEAST_MS: u64 = 1_000;
/// Milliseconds that a connection has to last until longer silence is tried again.
const CALM_MS: u64 = 600_000;

#[derive(Debug)]
pub(super) struct Route {
    pub(super) transport: Transport,
    /// Attempts in a row that did not get live over this transport, or did not last.
    failures: u32,
    /// The WebSocket is being tried while polling works.
    trying: bool,
    up_wait: u64,
    up_at: Timestamp,
    /// Milliseconds of silence after which the server is asked whether it is there.
    pub(super) ping_after: u64,
    /// How long the last connection that was lost had been silent, if that may be why.
    died_idle: Option<u64>,
}

impl Default for Route {
    fn default() -> Self {
        Self {
            transport: Transport::WebSocket,
            failures: 0,
            trying: false,
            up_wait: UP_FIRST_MS,
            up_at: Timestamp(0),
            ping_after: PING_AFTER_MS,
            died_idle: None,
        }
    }
}

impl Route {
    /// A session is live.
    pub(super) fn live(&mut self, now: Timestamp) {
        if self.transport == Transport::Polling {
            self.up_at = now.plus(self.up_wait);
        }
    }

    /// When the WebSocket is to be tried again.
    pub(super) fn up_at(&self) -> Option<Timestamp> {
        (self.transport == Transport::Polling).then_some(self.up_at)
    }

    /// There is a reason to believe that the device is on another network now.
    pub(super) fn probed(&mut self, now: Timestamp) {
        if self.transport == Transport::Polling {
            // A try interrupts polling, which works. A person who often comes back to the window should not pay for
            // that each time.
            self.up_at = self.up_at.min(now.plus(UP_PROBED_MS.max(self.up_wait / 4)));
        }
    }

    /// Tries the WebSocket again.
    pub(super) fn try_up(&mut self) {
        self.transport = Transport::WebSocket;
        self.trying = true;
        self.up_wait = (self.up_wait * 2).min(UP_LONGEST_MS);
    }

    /// A connection is lost. `live` says how long it was live, or none if it never got that far; `silent` says how
    /// long it had been silent. Returns whether the next attempt may be made at once.
    pub(super) fn lost(&mut self, live: Option<u64>, silent: Option<u64>) -> bool {
        let idle = silent.filter(|silent| (SILENCE_LEAST_MS..self.ping_after).contains(silent));
        self.died_idle = match (idle, self.died_idle) {
            // A proxy between here and the server probably closes idle connections. The first time it may be chance.
            (Some(idle), Some(before)) => {
                self.ping_after = (idle.max(before) * 2 / 3).max(PING_LEAST_MS);
                None
            }
            (idle, _) => idle,
        };
        let lasted = live.is_some_and(|live| live >= STEADY_MS.min(self.ping_after));
        if live.is_some_and(|live| live >= CALM_MS) {
            self.ping_after = (self.ping_after * 2).min(PING_AFTER_MS);
        }
        if lasted {
            self.failures = 0;
            self.trying = false;
            if self.transport == Transport::WebSocket {
                self.up_wait = UP_FIRST_MS;
            }
            return false;
        }
        if self.trying {
            self.trying = false;
            self.transport = Transport::Polling;
            return true;
        }
        self.failures += 1;
        match self.transport {
            Transport::WebSocket if self.failures >= FAILURES => self.change(Transport::Polling),
            // The server itself cannot be reached, so begin with the better transport.
            Transport::Polling => self.change(Transport::WebSocket),
            Transport::WebSocket => {}
        }
        false
    }

    fn change(&mut self, transport: Transport) {
        self.transport = transport;
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_idle_connections_is_answered_by_a_shorter_heartbeat_and_chance_is_not() {
        let mut route = Route::default();
        let mut lost = |silent: u64| {
            route.lost(Some(60_000), Some(silent));
            route.ping_after
        };
        assert_eq!(lost(5_000), PING_AFTER_MS, "once");
        assert_eq!(lost(100), PING_AFTER_MS, "in the middle of talking");
        assert_eq!(lost(6_000), PING_AFTER_MS);
        assert_eq!(lost(5_000), 4_000, "twice in a row");
        assert_eq!(lost(2_000), 4_000);
        assert_eq!(lost(1_500), 1_333);
    }
}
