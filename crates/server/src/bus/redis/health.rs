//! Whether hints arrive: an instance sends a probe to itself, and looks whether it comes back.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Timing;
use crate::bus::Health;

/// A wanted channel may be missing for this long before hints count as lost.
const MISSING: Duration = Duration::from_secs(3);

#[derive(Debug)]
pub(super) struct Probes(Mutex<State>);

#[derive(Debug)]
struct State {
    sent: Option<Instant>,
    heard: Option<Instant>,
    /// When the first probe was sent that has not come back.
    waiting: Option<Instant>,
    /// Since when the connection that hears them exists.
    since: Instant,
}

impl Probes {
    pub(super) fn new(now: Instant) -> Self {
        Self(Mutex::new(State {
            sent: None,
            heard: None,
            waiting: None,
            since: now,
        }))
    }

    /// The connection that hears probes is a new one.
    pub(super) fn begin_anew(&self, now: Instant) {
        *self.state() = State {
            sent: None,
            heard: None,
            waiting: None,
            since: now,
        };
    }

    pub(super) fn heard(&self, now: Instant) {
        let mut state = self.state();
        (state.heard, state.waiting) = (Some(now), None);
    }

    /// How the bus is, and whether to send a probe now. `missing` says for how long a wanted channel has been missing.
    pub(super) fn look(&self, now: Instant, missing: Duration, timing: Timing) -> (Health, bool) {
        let mut state = self.state();
        let age = |moment: Instant| now.saturating_duration_since(moment);
        let is_late = state
            .waiting
            .is_some_and(|waiting| age(waiting) >= timing.answer * 2);
        // While it is not well, it asks more often.
        let (health, every) = match state.heard.is_some() && !is_late && missing < MISSING {
            true => (Health::Healthy, timing.probe_every),
            false => (Health::Unhealthy, timing.answer),
        };
        let is_due = state.sent.is_none_or(|sent| age(sent) >= every);
        if is_due {
            state.sent = Some(now);
            state.waiting.get_or_insert(now);
        }
        (health, is_due)
    }

    /// For how long this connection has heard nothing.
    pub(super) fn unheard_for(&self, now: Instant) -> Duration {
        let state = self.state();
        now.saturating_duration_since(state.heard.unwrap_or(state.since))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: Duration = Duration::ZERO;

    #[test]
    fn a_bus_is_healthy_while_probes_come_back() {
        let (timing, begun) = (Timing::default(), Instant::now());
        let probes = Probes::new(begun);
        let at = |seconds| begun + Duration::from_secs(seconds);
        assert_eq!(probes.look(at(0), OK, timing), (Health::Unhealthy, true));
        assert_eq!(probes.look(at(0), OK, timing), (Health::Unhealthy, false));
        probes.heard(at(0));
        assert_eq!(probes.look(at(1), OK, timing), (Health::Healthy, false));
        assert_eq!(
            probes.look(at(1), MISSING, timing),
            (Health::Unhealthy, true),
            "a channel is missing"
        );
        probes.heard(at(1));
        assert_eq!(
            probes.look(at(6), OK, timing),
            (Health::Healthy, true),
            "it is time"
        );
        assert_eq!(
            probes.look(at(7), OK, timing),
            (Health::Healthy, false),
            "it may still come"
        );
        assert_eq!(
            probes.look(at(8), OK, timing),
            (Health::Unhealthy, true),
            "it did not"
        );
        assert_eq!(
            probes.look(at(9), OK, timing),
            (Health::Unhealthy, true),
            "nor the next"
        );
        assert_eq!(probes.unheard_for(at(9)), Duration::from_secs(8));
        probes.heard(at(9));
        assert_eq!(probes.look(at(9), OK, timing), (Health::Healthy, false));
        probes.begin_anew(at(9));
        assert_eq!(probes.look(at(9), OK, timing), (Health::Unhealthy, true));
    }
}
