//! What all devices together have seen.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tsugi_sync::ids::{EntityId, ReplicaId, Revision};

use crate::PATIENCE;

/// An acknowledged edit reaches every watcher within this time, whatever happens.
pub(crate) const FOUND_WITHIN: Duration = Duration::from_secs(15);

#[derive(Debug)]
pub(crate) struct Board {
    seen: Mutex<Seen>,
    news: watch::Sender<u64>,
}

/// An acknowledged edit. Each makes an entity of its own, whose title says which edit it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Acknowledged {
    pub(crate) entity: EntityId,
    pub(crate) title: String,
    pub(crate) revision: Revision,
}

#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) acknowledged: BTreeMap<(ReplicaId, u64), Acknowledged>,
    /// When each was acknowledged first.
    times: BTreeMap<Revision, Instant>,
    /// Of each watcher: its cursors, with the time at which it got there.
    pub(crate) cursors: BTreeMap<ReplicaId, Vec<(Revision, Instant)>>,
    /// How often somebody came in again.
    pub(crate) reconnects: usize,
    /// How long each `draining` asked to wait.
    pub(crate) told_to_wait: Vec<u64>,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            seen: Mutex::default(),
            news: watch::Sender::new(0),
        }
    }
}

impl Board {
    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    pub(crate) fn note(&self, what: impl FnOnce(&mut Seen)) {
        what(&mut self.seen());
        self.news.send_modify(|count| *count += 1);
    }

    pub(crate) fn acknowledge(&self, of: (ReplicaId, u64), edit: Acknowledged) {
        self.note(|seen| {
            seen.times.entry(edit.revision).or_insert_with(Instant::now);
            if let Some(before) = seen.acknowledged.insert(of, edit.clone()) {
                assert_eq!(before, edit, "an answer changed its mind");
            }
        });
    }

    pub(crate) fn moved(&self, watcher: ReplicaId, cursor: Revision) {
        self.note(|seen| {
            seen.cursors
                .entry(watcher)
                .or_default()
                .push((cursor, Instant::now()))
        });
    }

    /// Waits until it is so.
    pub(crate) async fn until(&self, what: &str, is_so: impl Fn(&Seen) -> bool) {
        let mut news = self.news.subscribe();
        let waiting = async {
            loop {
                news.borrow_and_update();
                if is_so(&self.seen()) {
                    return;
                }
                news.changed().await.unwrap();
            }
        };
        let so = timeout(PATIENCE, waiting).await.is_ok();
        assert!(so, "not so in time: {what}");
    }

    /// Waits until so many more edits are acknowledged, and every watcher has seen all that were acknowledged by then.
    pub(crate) async fn goes_on(&self, what: &str, more: usize) {
        let enough = self.seen().acknowledged.len() + more;
        self.until(what, |seen| seen.acknowledged.len() >= enough).await;
        self.in_step(what).await;
    }

    /// Waits until then, while edits go on to be acknowledged and seen.
    pub(crate) async fn goes_on_until(&self, then: Instant) {
        while Instant::now() < then {
            let enough = self.seen().acknowledged.len() + 20;
            self.until("it goes on", |seen| seen.acknowledged.len() >= enough)
                .await;
            self.in_step("it goes on").await;
        }
    }

    pub(crate) async fn in_step(&self, what: &str) {
        let head = self.seen().head();
        let all_there = |seen: &Seen| seen.cursors.values().all(|cursors| last(cursors) >= head);
        self.until(what, all_there).await;
    }
}

fn last(cursors: &[(Revision, Instant)]) -> Revision {
    cursors.last().map_or(Revision(0), |(cursor, _)| *cursor)
}

impl Seen {
    pub(crate) fn head(&self) -> Revision {
        self.times.keys().next_back().copied().unwrap_or(Revision(0))
    }

    /// The longest time from an acknowledgement to the moment at which the last watcher saw it.
    pub(crate) fn longest_way(&self) -> (Duration, Revision) {
        let mut longest = (Duration::ZERO, Revision(0));
        for cursors in self.cursors.values() {
            let mut cursors = cursors.iter().peekable();
            for (revision, acknowledged) in &self.times {
                while cursors.peek().is_some_and(|(cursor, _)| cursor < revision) {
                    cursors.next();
                }
                let (_, seen) = cursors.peek().expect("all watchers are in step");
                longest = longest.max((seen.saturating_duration_since(*acknowledged), *revision));
            }
        }
        longest
    }
}
