//! Hybrid logical clocks (Kulkarni et al., 2014): a moment by the wall clock, and a count of the writes within that
//! moment, or while the clock stood still or went back.
//!
//! They break ties between values that matter little, and do nothing else: the server gives the order of a workspace.
//! A device corrects its clock by the server's when they meet. No clock is believed that is more than [`DRIFT_MS`]
//! ahead of the server's.

use serde::{Deserialize, Serialize};

use crate::ids::Timestamp;

/// Milliseconds that a mutation may claim to be ahead of the server's clock.
pub const DRIFT_MS: u64 = 60_000;

/// A moment, and a place among the writes of the same millisecond. The values sort in that order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hlc {
    pub at: Timestamp,
    pub tick: u32,
}

impl Hlc {
    #[must_use]
    pub fn new(at: Timestamp, tick: u32) -> Self {
        Self { at, tick }
    }

    /// The next moment after this one, when the wall clock says `wall`. Never goes back.
    #[must_use]
    pub fn next(self, wall: Timestamp) -> Self {
        if wall > self.at {
            return Self::new(wall, 0);
        }
        match self.tick.checked_add(1) {
            Some(tick) => Self::new(self.at, tick),
            None => Self::new(self.at.plus(1), 0),
        }
    }

    /// The moment, but at most [`DRIFT_MS`] ahead of the server's clock, which says `now`.
    #[must_use]
    pub fn clamped(self, now: Timestamp) -> Self {
        let latest = now.plus(DRIFT_MS);
        if self.at > latest {
            return Self::new(latest, 0);
        }
        self
    }
}

pub(crate) fn is_zero(tick: &u32) -> bool {
    *tick == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_goes_back_whatever_the_wall_says() {
        let mut last = Hlc::default();
        for wall in [5, 5, 3, 9, 0, u64::MAX, 7, u64::MAX] {
            let next = last.next(Timestamp(wall));
            assert!(next > last, "{last:?} then {next:?}");
            last = next;
        }
    }

    #[test]
    fn a_clock_ten_years_ahead_counts_as_one_a_minute_ahead() {
        let now = Timestamp(1_000_000);
        let wild = Hlc::new(Timestamp(now.0 + 315_000_000_000), 7);
        assert_eq!(wild.clamped(now), Hlc::new(now.plus(DRIFT_MS), 0));
        let sane = Hlc::new(Timestamp(999_000), 3);
        assert_eq!(sane.clamped(now), sane);
    }
}
