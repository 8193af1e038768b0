//! The end of a server, in an order that loses no request:
//!
//! ```text
//! signal ─► not ready (load balancers look elsewhere) ─► no new connections ─► sessions are told, one after the other
//!        ─► all have ended, or their time is over ─► the store is closed
//! ```
//! Invariant: sessions are told at moments that are spread over a time which grows with their number, and each is told to
//! come back after a time of its own. So those who come back arrive one by one.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use crate::config::Limits;
use crate::random;

/// How far a server is on its way out.
#[derive(Debug, Default)]
pub(crate) struct Leaving {
    has_begun: AtomicBool,
    spread_ms: AtomicU32,
}

impl Leaving {
    pub(crate) fn begin(&self) {
        self.has_begun.store(true, Ordering::Relaxed);
    }

    /// Whether the server should get no new traffic.
    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Relaxed)
    }

    /// So many sessions will be told to come back elsewhere.
    pub(crate) fn spread_over(&self, sessions: usize, limits: &Limits) {
        let spread = spread(sessions, limits);
        self.spread_ms.store(
            u32::try_from(spread.as_millis()).unwrap_or(u32::MAX),
            Ordering::Relaxed,
        );
    }

    /// How long a session waits before it is told: a random part of the time for all.
    pub(crate) fn turn(&self) -> Duration {
        let spread = self.spread_ms.load(Ordering::Relaxed);
        Duration::from_millis(u64::from(random::number() % spread.saturating_add(1)))
    }
}

fn spread(sessions: usize, limits: &Limits) -> Duration {
    if limits.drain_rate == 0 {
        return Duration::ZERO;
    }
    let seconds = sessions as f64 / f64::from(limits.drain_rate);
    Duration::from_secs_f64(seconds).min(limits.drain_spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_sessions_the_longer_up_to_a_bound() {
        let limits = Limits::default();
        assert_eq!(spread(0, &limits), Duration::ZERO);
        assert_eq!(spread(500, &limits), Duration::from_secs(1));
        assert_eq!(spread(1_000_000, &limits), limits.drain_spread);
        let at_once = Limits {
            drain_rate: 0,
            ..limits
        };
        assert_eq!(spread(500, &at_once), Duration::ZERO);
    }

    #[test]
    fn turns_are_spread() {
        let leaving = Leaving::default();
        assert_eq!(leaving.turn(), Duration::ZERO);
        leaving.spread_over(1_000, &Limits::default());
        let turns: Vec<_> = (0..200).map(|_| leaving.turn()).collect();
        assert!(turns.iter().all(|turn| *turn <= Duration::from_secs(2)));
        for half in [0, 1] {
            let from = Duration::from_secs(half);
            let count = turns
                .iter()
                .filter(|turn| **turn >= from && **turn < from * 2 + Duration::from_secs(1))
                .count();
            assert!(count > 50, "{turns:?}");
        }
    }
}
