//! Figures about syncing that this device measures, so that a person can check them: counts and times only, nothing
//! from the tasks themselves.
//!
//! A tab counts in a [`Meter`]. Now and then its counts are added to the ones that this device has stored.

use serde::{Deserialize, Serialize};
use tsugi_sync::ids::{MutationSeq, Timestamp};
use tsugi_sync::session::Phase;
use tsugi_sync::sorted_map::SortedMap;

/// How many times are kept of each kind; the latest ones are kept.
const KEPT: usize = 100;
/// How many attempts to connect are kept.
const KEPT_TRIES: usize = 40;
/// How many edits at most are timed at once while they wait for an answer.
const TIMED: usize = 1_000;

/// Counts since this device began to count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Connections that were begun, and those of them that came to be live.
    pub tries: u64,
    pub worked: u64,
    /// How often a connection was needed, however many tries it took, and how often the need was met by one in the end.
    pub needed: u64,
    pub met: u64,
    /// The latest attempts to connect, each with the moment at which it was decided, and whether it worked.
    pub latest: Vec<(Timestamp, bool)>,
    /// Connections that were live and were lost.
    pub lost: u64,
    pub messages_up: u64,
    pub bytes_up: u64,
    pub messages_down: u64,
    pub bytes_down: u64,
    /// Changes that the server answered with a conflict, and those of them that conflict with an edit of this same
    /// device. The second number must stay 0.
    pub conflicts: u64,
    pub self_conflicts: u64,
    /// Milliseconds from a change made here to the server's answer.
    pub confirmed: Recent,
    /// Milliseconds from the moment when the server took in a change of another device until it was shown here.
    pub arrived: Recent,
}

/// The latest times of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recent(Vec<u64>);

impl Recent {
    fn add(&mut self, times: &[u64]) {
        self.0.extend_from_slice(times);
        self.0.drain(..self.0.len().saturating_sub(KEPT));
    }

    /// All of them, the latest last.
    #[must_use]
    pub fn all(&self) -> &[u64] {
        &self.0
    }

    /// The time that half of the measured ones do not exceed, and the time that 95 of 100 do not exceed.
    #[must_use]
    pub fn half_and_most(&self) -> Option<(u64, u64)> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = |percent: usize| {
            sorted
                .get((sorted.len() * percent).div_ceil(100).max(1) - 1)
                .copied()
        };
        at(50).zip(at(95))
    }
}

impl Figures {
    /// Adds the counts of another meter.
    pub fn add(&mut self, since: &Self) {
        for (count, more) in self.counts().into_iter().zip(since.clone().counts()) {
            *count = count.saturating_add(*more);
        }
        self.latest.extend_from_slice(&since.latest);
        self.latest.drain(..self.latest.len().saturating_sub(KEPT_TRIES));
        self.confirmed.add(&since.confirmed.0);
        self.arrived.add(&since.arrived.0);
    }

    fn counts(&mut self) -> [&mut u64; 11] {
        [
            &mut self.tries,
            &mut self.worked,
            &mut self.needed,
            &mut self.met,
            &mut self.lost,
            &mut self.messages_up,
            &mut self.bytes_up,
            &mut self.messages_down,
            &mut self.bytes_down,
            &mut self.conflicts,
            &mut self.self_conflicts,
        ]
    }
}

/// It counts, and measures how long edits wait for an answer.
#[derive(Debug, Default)]
pub struct Meter {
    counted: Figures,
    /// The edits that the server has not answered, with the moment at which each was made.
    made: SortedMap<MutationSeq, Timestamp>,
}

impl Meter {
    #[must_use]
    pub fn counted(&self) -> &Figures {
        &self.counted
    }

    /// The counts since the last call.
    pub fn take(&mut self) -> Figures {
        std::mem::take(&mut self.counted)
    }

    pub fn tried(&mut self) {
        self.counted.tries += 1;
    }

    /// The session went from one phase to another.
    pub fn phase(&mut self, before: Phase, after: Phase, now: Timestamp) {
        let is_idle = |phase| matches!(phase, Phase::Offline | Phase::Paused(_));
        if after == Phase::Live && before != Phase::Live {
            self.counted.worked += 1;
            self.counted.met += 1;
            self.counted.latest.push((now, true));
        }
        if matches!(before, Phase::Connecting | Phase::CatchingUp) && matches!(after, Phase::Backoff(_)) {
            self.counted.latest.push((now, false));
        }
        // A connection is needed when the session leaves its rest, or when it was live and has to connect again.
        // Another try for the same connection is the same need.
        if !is_idle(after) && after != before && (is_idle(before) || before == Phase::Live) {
            self.counted.needed += 1;
        }
        if before == Phase::Live && matches!(after, Phase::Backoff(_)) {
            self.counted.lost += 1;
        }
    }

    pub fn sent(&mut self, bytes: usize) {
        self.counted.messages_up += 1;
        self.counted.bytes_up += bytes as u64;
    }

    pub fn received(&mut self, bytes: usize) {
        self.counted.messages_down += 1;
        self.counted.bytes_down += bytes as u64;
    }

    pub fn conflict(&mut self, with_oneself: bool) {
        self.counted.conflicts += 1;
        self.counted.self_conflicts += u64::from(with_oneself);
    }

    /// An edit was made while there was a connection, so the time until its answer measures the network.
    pub fn made(&mut self, seq: MutationSeq, now: Timestamp) {
        if self.made.len() < TIMED {
            self.made.insert(seq, now);
        }
    }

    /// The server may have answered. Edits that do not wait any more are the ones that it has answered.
    pub fn answered(&mut self, now: Timestamp, waits: impl Fn(MutationSeq) -> bool) {
        let counted = &mut self.counted;
        self.made.retain(|seq, made| {
            let waits = waits(*seq);
            if !waits {
                counted.confirmed.add(&[now.since(*made)]);
            }
            waits
        });
    }

    /// The connection is gone. The edits under way are not timed any more, because their wait for the next connection
    /// says nothing about the network.
    pub fn disconnected(&mut self) {
        self.made.clear();
    }

    pub fn arrived(&mut self, milliseconds: u64) {
        self.counted.arrived.add(&[milliseconds]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_sync::session::Pause;

    #[test]
    fn half_and_most_of_the_latest_hundred() {
        let mut recent = Recent::default();
        assert_eq!(recent.half_and_most(), None);
        recent.add(&[7]);
        assert_eq!(recent.half_and_most(), Some((7, 7)));
        recent.add(&(1..=100).rev().collect::<Vec<_>>());
        assert_eq!(recent.half_and_most(), Some((50, 95)), "the 7 is forgotten");
    }

    #[test]
    fn tries_are_counted_one_by_one_and_needs_until_they_are_met() {
        use Phase::*;
        let mut meter = Meter::default();
        let backoff = Backoff(Timestamp(9));
        let way = [
            Offline,
            Connecting,
            backoff,
            Connecting,
            CatchingUp,
            Live,
            Live,
            backoff,
            Connecting,
            CatchingUp,
            // The live session tries the other transport, and is live over it. Then comes a pause, which counts as no
            // failure.
            Live,
            Connecting,
            CatchingUp,
            Live,
            Paused(Pause::ByUser),
            Connecting,
            Paused(Pause::ByUser),
            Offline,
        ];
        for step in way.windows(2) {
            if step[1] == Connecting {
                meter.tried();
            }
            meter.phase(step[0], step[1], Timestamp(5));
        }
        let counted = meter.take();
        assert_eq!((counted.tries, counted.worked), (5, 3));
        assert_eq!((counted.needed, counted.met), (4, 3));
        assert_eq!(counted.lost, 1);
        let worked: Vec<bool> = counted.latest.iter().map(|(_, worked)| *worked).collect();
        assert_eq!(worked, [false, true, true, true]);
        assert_eq!(meter.take(), Figures::default());
    }

    #[test]
    fn an_answer_is_timed_from_the_edit_and_only_while_there_is_a_connection() {
        let mut meter = Meter::default();
        meter.made(MutationSeq(1), Timestamp(100));
        meter.made(MutationSeq(2), Timestamp(110));
        meter.answered(Timestamp(150), |seq| seq == MutationSeq(2));
        assert_eq!(meter.counted().confirmed, Recent(vec![50]));
        meter.disconnected();
        meter.answered(Timestamp(9_000_000), |_| false);
        assert_eq!(meter.counted().confirmed, Recent(vec![50]));
        for seq in 0..2 * TIMED as u64 {
            meter.made(MutationSeq(seq), Timestamp(0));
        }
        assert_eq!(meter.made.len(), TIMED);
    }

    #[test]
    fn stored_figures_grow_by_the_counts_and_survive_members_of_other_versions() {
        let mut kept: Figures =
            serde_json::from_str(r#"{"tries":4,"moods":[1],"confirmed":[30]}"#).expect("readable");
        let mut meter = Meter::default();
        meter.tried();
        meter.sent(40);
        meter.received(400);
        meter.conflict(false);
        meter.arrived(60);
        kept.add(&meter.take());
        kept.add(&Figures::default());
        let expected = Figures {
            tries: 5,
            messages_up: 1,
            bytes_up: 40,
            messages_down: 1,
            bytes_down: 400,
            conflicts: 1,
            confirmed: Recent(vec![30]),
            arrived: Recent(vec![60]),
            ..Figures::default()
        };
        assert_eq!(kept, expected);
    }
}
