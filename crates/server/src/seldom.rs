//! A warning that many requests may cause at once. It is written at most once a minute, with their number.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const PAUSE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(crate) struct Seldom(Mutex<State>);

#[derive(Debug)]
struct State {
    written: Option<Instant>,
    /// How many there were since the warning was written.
    count: u64,
}

impl Seldom {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(State {
            written: None,
            count: 0,
        }))
    }

    /// Counts one more. Answers how many there were since the last time that this was `Some`: write the warning now.
    pub(crate) fn count(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.count += 1;
        if state.written.is_some_and(|written| now < written + PAUSE) {
            return None;
        }
        state.written = Some(now);
        Some(std::mem::take(&mut state.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_warning_a_minute_with_a_count() {
        let seldom = Seldom::new();
        let now = Instant::now();
        assert_eq!(seldom.count(now), Some(1), "the first is written at once");
        for _ in 0..1_264 {
            assert_eq!(seldom.count(now), None);
        }
        assert_eq!(seldom.count(now + PAUSE - Duration::from_millis(1)), None);
        assert_eq!(seldom.count(now + PAUSE), Some(1_266));
        assert_eq!(seldom.count(now + PAUSE), None);
    }
}
