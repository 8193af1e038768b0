//! The channels that this instance wants, which of them Redis is known to hold for it, and what to ask next.
//!
//! ```text
//! wanted ─► asked ─► held (Redis said so) ─► lost (Redis said so, or may have) ─► asked …
//!             └─ no answer: the channels of its tag wait, one of them tries again after a pause
//! not wanted ─► asked to stop ─► forgotten
//! ```
//! Invariants: a channel is held only after Redis's own confirmation came for it, because the library takes other pushes for
//! the answer. One channel is in flight once. A tag that does not answer holds up no other: after its first failure,
//! one of its channels tries for all.
//!
//! It has no clock and does no I/O.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};
use std::time::Duration;

use tokio::time::Instant;

use crate::bus::channel::tag_of;

/// Every channel is asked for again within this time, whatever is known of it.
pub(super) const REFRESH: Duration = Duration::from_secs(30);
/// The pauses before a tag that did not answer is asked again.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(100),
    Duration::from_millis(300),
    Duration::from_millis(900),
    Duration::from_secs(2),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    Subscribe(String),
    Unsubscribe(String),
}

impl Ask {
    pub(super) fn channel(&self) -> &str {
        match self {
            Self::Subscribe(name) | Self::Unsubscribe(name) => name,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Asks {
    channels: BTreeMap<String, Channel>,
    queue: VecDeque<String>,
    /// Tags that did not answer.
    silent: HashMap<String, Silent>,
    /// The last channel that was asked for again because its time had come.
    refreshed: String,
    /// Channels that are due for that, in parts of one.
    due: f64,
}

#[derive(Debug)]
struct Channel {
    is_wanted: bool,
    is_queued: bool,
    in_flight: bool,
    /// None if Redis holds it for this instance.
    missing: Option<Instant>,
}

#[derive(Debug)]
struct Silent {
    until: Instant,
    tries: usize,
    is_trying: bool,
    channels: VecDeque<String>,
}

impl Asks {
    pub(super) fn join(&mut self, name: String, now: Instant) {
        let channel = self.channels.entry(name.clone()).or_insert(Channel {
            is_wanted: true,
            is_queued: false,
            in_flight: false,
            missing: Some(now),
        });
        channel.is_wanted = true;
        self.queue(name);
    }

    pub(super) fn leave(&mut self, name: &str) {
        if let Some(channel) = self.channels.get_mut(name) {
            channel.is_wanted = false;
            self.queue(name.to_owned());
        }
    }

    /// Redis said that it holds the channel. Answers whether that is news.
    pub(super) fn confirmed(&mut self, name: &str) -> bool {
        let channel = self.channels.get_mut(name).filter(|channel| channel.is_wanted);
        channel.is_some_and(|channel| channel.missing.take().is_some())
    }

    /// Redis does not hold the channel any more. Answers whether it is wanted.
    pub(super) fn lost(&mut self, name: &str, now: Instant) -> bool {
        let Some(channel) = self.channels.get_mut(name).filter(|channel| channel.is_wanted) else {
            return false;
        };
        channel.missing.get_or_insert(now);
        self.queue(name.to_owned());
        true
    }

    /// Any channel may be lost. Answers how many are wanted.
    pub(super) fn all_lost(&mut self, now: Instant) -> usize {
        self.channels
            .retain(|_, channel| channel.is_wanted || channel.in_flight);
        let names: Vec<_> = self.channels.keys().cloned().collect();
        names.iter().filter(|name| self.lost(name, now)).count()
    }

    /// There is a new connection, which holds nothing. Answers how many channels are wanted.
    pub(super) fn begin_anew(&mut self, now: Instant) -> usize {
        self.silent.clear();
        self.queue.clear();
        for channel in self.channels.values_mut() {
            (channel.is_queued, channel.in_flight) = (false, false);
        }
        self.all_lost(now)
    }

    pub(super) fn is_held(&self, name: &str) -> bool {
        self.channels
            .get(name)
            .is_some_and(|channel| channel.is_wanted && channel.missing.is_none())
    }

    /// For how long the channel has been missing that has been missing longest.
    pub(super) fn missing_for(&self, now: Instant) -> Duration {
        let wanted = self.channels.values().filter(|channel| channel.is_wanted);
        let since = wanted.filter_map(|channel| channel.missing).min();
        since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    /// Time has passed: queues the channels whose turn it is to be asked for again.
    pub(super) fn refresh(&mut self, passed: Duration) {
        let all = self.channels.len();
        self.due = (self.due + passed.as_secs_f64() / REFRESH.as_secs_f64() * all as f64).min(all as f64);
        while self.due >= 1.0 {
            self.due -= 1.0;
            let after = (Excluded(self.refreshed.as_str()), Unbounded);
            let next = self.channels.range::<str, _>(after).next();
            let next = next.or_else(|| self.channels.first_key_value());
            let Some(name) = next.map(|(name, _)| name.clone()) else {
                return;
            };
            self.refreshed.clone_from(&name);
            self.queue(name);
        }
    }

    /// What to ask now.
    pub(super) fn next(&mut self, now: Instant) -> Option<Ask> {
        while let Some(name) = self.queue.pop_front() {
            match self.silent.get_mut(tag_of(&name)) {
                Some(silent) => silent.channels.push_back(name),
                None => match self.begin(name) {
                    None => {}
                    ask => return ask,
                },
            }
        }
        let is_due = |silent: &Silent| !silent.is_trying && silent.until <= now;
        while let Some((tag, _)) = self.silent.iter().find(|(_, silent)| is_due(silent)) {
            let tag = tag.clone();
            let next = self.silent.get_mut(&tag).and_then(|silent| {
                silent.is_trying = true;
                silent.channels.pop_front()
            });
            let Some(name) = next else {
                self.silent.remove(&tag);
                continue;
            };
            match self.begin(name) {
                None => self
                    .silent
                    .entry(tag)
                    .and_modify(|silent| silent.is_trying = false),
                ask => return ask,
            };
        }
        None
    }

    /// When there is something to ask, if nothing happens before.
    pub(super) fn next_at(&self) -> Option<Instant> {
        let waiting = self.silent.values().filter(|silent| !silent.is_trying);
        waiting.map(|silent| silent.until).min()
    }

    /// A command has ended, with an answer or without.
    pub(super) fn ended(&mut self, ask: &Ask, is_answered: bool, now: Instant) {
        let name = ask.channel();
        let tag = tag_of(name).to_owned();
        let Some(channel) = self.channels.get_mut(name) else {
            return;
        };
        channel.in_flight = false;
        let (is_answered, is_done) = match ask {
            Ask::Subscribe(_) if channel.is_wanted => {
                if !is_answered {
                    channel.missing.get_or_insert(now);
                }
                let is_held = is_answered && channel.missing.is_none();
                (is_held, is_held)
            }
            Ask::Subscribe(_) => (is_answered, false),
            Ask::Unsubscribe(_) => {
                channel.missing.get_or_insert(now);
                (is_answered, is_answered && !channel.is_wanted)
            }
        };
        if is_done && matches!(ask, Ask::Unsubscribe(_)) {
            self.channels.remove(name);
        }
        match is_answered {
            true => {
                for waiting in self
                    .silent
                    .remove(&tag)
                    .into_iter()
                    .flat_map(|silent| silent.channels)
                {
                    self.requeue(waiting);
                }
            }
            false => {
                let silent = self.silent.entry(tag).or_insert(Silent {
                    until: now,
                    tries: 0,
                    is_trying: false,
                    channels: VecDeque::new(),
                });
                silent.until = now + PAUSES[silent.tries.min(PAUSES.len() - 1)];
                silent.tries += 1;
                silent.is_trying = false;
            }
        }
        if !is_done {
            self.queue(name.to_owned());
        }
    }

    /// None if the channel was forgotten meanwhile.
    fn begin(&mut self, name: String) -> Option<Ask> {
        let channel = self.channels.get_mut(&name).filter(|channel| channel.is_queued)?;
        channel.is_queued = false;
        channel.in_flight = true;
        Some(match channel.is_wanted {
            true => Ask::Subscribe(name),
            false => Ask::Unsubscribe(name),
        })
    }

    fn requeue(&mut self, name: String) {
        if let Some(channel) = self.channels.get_mut(&name) {
            channel.is_queued = false;
            self.queue(name);
        }
    }

    fn queue(&mut self, name: String) {
        if let Some(channel) = self.channels.get_mut(&name)
            && !channel.is_queued
            && !channel.in_flight
        {
            channel.is_queued = true;
            self.queue.push_back(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: Duration = Duration::from_secs(2);

    fn name(tag: &str, id: usize) -> String {
        format!("tsugi:{{{tag}}}:c:{id}")
    }

    /// Asks for everything that can be asked, answered by `answers`; at most `limit` commands in all.
    fn run(asks: &mut Asks, now: Instant, limit: usize, answers: impl Fn(&str) -> bool) -> Vec<Ask> {
        let mut asked = Vec::new();
        while let Some(ask) = asks.next(now) {
            let is_answered = answers(ask.channel());
            if is_answered && matches!(ask, Ask::Subscribe(_)) {
                asks.confirmed(ask.channel());
            }
            asks.ended(&ask, is_answered, now);
            asked.push(ask);
            assert!(asked.len() <= limit, "{asked:?}");
        }
        asked
    }

    #[test]
    fn a_channel_is_held_once_redis_says_so_and_asked_for_again_when_it_is_lost() {
        let (mut asks, now) = (Asks::default(), Instant::now());
        let name = name("aa", 1);
        asks.join(name.clone(), now);
        let ask = asks.next(now).unwrap();
        assert_eq!((&ask, asks.next(now)), (&Ask::Subscribe(name.clone()), None));
        assert!(!asks.is_held(&name));
        assert!(asks.confirmed(&name), "news");
        assert!(!asks.confirmed(&name), "no news");
        asks.ended(&ask, true, now);
        assert!(asks.is_held(&name) && asks.next(now).is_none());
        assert!(asks.lost(&name, now));
        assert_eq!(asks.missing_for(now + ANSWER), ANSWER);
        assert_eq!(run(&mut asks, now, 1, |_| true), [ask]);
        assert!(asks.is_held(&name));
    }

    /// The library takes another push for the answer.
    #[test]
    fn an_answer_without_a_confirmation_is_none() {
        let (mut asks, now) = (Asks::default(), Instant::now());
        asks.join(name("aa", 1), now);
        let ask = asks.next(now).unwrap();
        asks.ended(&ask, true, now);
        assert_eq!(asks.next(now), None, "not at once");
        let later = asks.next_at().unwrap();
        assert_eq!(run(&mut asks, later, 1, |_| true), [ask]);
        assert!(asks.is_held(&name("aa", 1)));
    }

    #[test]
    fn what_is_not_wanted_any_more_is_left_and_forgotten() {
        let (mut asks, now) = (Asks::default(), Instant::now());
        let name = name("aa", 1);
        asks.join(name.clone(), now);
        run(&mut asks, now, 1, |_| true);
        asks.leave(&name);
        assert_eq!(run(&mut asks, now, 1, |_| true), [Ask::Unsubscribe(name.clone())]);
        assert!(asks.channels.is_empty() && !asks.lost(&name, now));
        // Wanted again while the command to leave is on its way.
        asks.join(name.clone(), now);
        run(&mut asks, now, 1, |_| true);
        asks.leave(&name);
        let leaving = asks.next(now).unwrap();
        asks.join(name.clone(), now);
        asks.ended(&leaving, true, now);
        assert!(!asks.is_held(&name));
        assert_eq!(run(&mut asks, now, 1, |_| true), [Ask::Subscribe(name)]);
    }

    #[test]
    fn a_silent_tag_is_asked_once_and_holds_up_no_other() {
        let (mut asks, mut now) = (Asks::default(), Instant::now());
        for id in 0..100 {
            asks.join(name("aa", id), now);
            asks.join(name("bb", id), now);
        }
        let is_up = |name: &str| tag_of(name) == "bb";
        let asked = run(&mut asks, now, 101, is_up);
        assert_eq!(asked.len(), 101, "all of one tag, and one of the other");
        for pause in PAUSES.into_iter().chain([PAUSES[3]; 3]) {
            assert_eq!(asks.next_at(), Some(now + pause));
            now += pause;
            assert_eq!(run(&mut asks, now, 1, is_up).len(), 1);
        }
        now += PAUSES[3];
        assert_eq!(run(&mut asks, now, 100, |_| true).len(), 100);
        assert_eq!(asks.missing_for(now), Duration::ZERO);
        assert_eq!(asks.next_at(), None);
    }

    #[test]
    fn a_silent_tag_whose_channels_are_left_is_forgotten() {
        let (mut asks, now) = (Asks::default(), Instant::now());
        asks.join(name("aa", 1), now);
        run(&mut asks, now, 1, |_| false);
        asks.leave(&name("aa", 1));
        let later = asks.next_at().unwrap();
        assert_eq!(run(&mut asks, later, 1, |_| true).len(), 1);
        asks.all_lost(later);
        assert_eq!((asks.next(later + ANSWER), asks.next_at()), (None, None));
    }

    #[test]
    fn each_channel_is_asked_for_again_within_the_time() {
        let (mut asks, now) = (Asks::default(), Instant::now());
        for id in 0..77 {
            asks.join(name("aa", id), now);
        }
        run(&mut asks, now, 77, |_| true);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..31 {
            asks.refresh(Duration::from_secs(1));
            seen.extend(
                run(&mut asks, now, 3, |_| true)
                    .iter()
                    .map(|ask| ask.channel().to_owned()),
            );
        }
        assert_eq!(seen.len(), 77);
    }

    #[test]
    fn a_new_connection_is_asked_for_everything_that_is_wanted() {
        let (mut asks, now) = (Asks::default(), Instant::now());
        for id in 0..9 {
            asks.join(name("aa", id), now);
        }
        run(&mut asks, now, 9, |_| true);
        asks.leave(&name("aa", 0));
        let on_its_way = asks.next(now).unwrap();
        assert_eq!(asks.begin_anew(now), 8);
        assert_eq!(run(&mut asks, now, 8, |_| true).len(), 8);
        drop(on_its_way);
    }
}
