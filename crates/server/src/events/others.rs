//! The source of what other instances commit: hints say where to look, and a sweep looks everywhere now and then.
//!
//! ```text
//! hint, new subscription, gap ─► unread ─┐
//! sweep: each 10 s, or each 300 ms ──────┴─► heads (one read for many workspaces)
//!             ─► changes (one read for each workspace that moved) ─► batch ─► all sessions of the workspace
//! ```
//! Invariants: one workspace is read once at a time, however many hints come meanwhile, and once more after them. A
//! read that fails or takes too long is tried again. A commit and a session never wait for any of this.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout};
use tsugi_sync::ids::WorkspaceId;

use super::feed::{Feed, FeedError, HEADS, Point, Reading, RoomHead};
use super::joined::Found;
use super::source::{Running, Sink, Source, SourceName};
use super::{Event, SubscriptionManager};
use crate::bus::{Health, Listener};
use crate::metrics;
use crate::seldom::Seldom;

/// How often all workspaces are looked at while hints arrive.
pub const CALM: Duration = Duration::from_secs(10);
/// How often they are looked at while hints may be lost, or while nothing carries any.
pub const QUICK: Duration = Duration::from_millis(300);
/// Up to so many workspaces are looked at so often. With more of them the pace slows, down to the calm one, because otherwise a
/// Redis that is lost would bring more reads than everything else together.
const QUICK_WORKSPACES: u32 = 2_000;
/// How long a read may take.
const READ: Duration = Duration::from_secs(5);
/// The pause after a read that failed.
const PAUSE: Duration = Duration::from_millis(250);
/// How many workspaces are read at once.
const READS: usize = 8;
const FORGET_EVERY: Duration = Duration::from_secs(1);

static NOT_READ: Seldom = Seldom::new();

pub(super) struct Others {
    pub(super) feed: Arc<dyn Feed>,
    pub(super) subscriptions: Arc<SubscriptionManager>,
    pub(super) health: watch::Receiver<Health>,
}

impl Source for Others {
    fn name(&self) -> SourceName {
        SourceName::Others
    }

    fn run(self: Box<Self>, sink: Sink) -> Running {
        Box::pin(async move {
            let health = self.health.clone();
            let work = Work {
                others: *self,
                sink,
                places: Arc::new(Semaphore::new(READS)),
                reads: JoinSet::new(),
            };
            work.run(health).await;
        })
    }
}

/// Why a workspace is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Unread,
    Sweep,
}

struct Work {
    others: Others,
    sink: Sink,
    places: Arc<Semaphore>,
    reads: JoinSet<()>,
}

impl Work {
    async fn run(mut self, mut health: watch::Receiver<Health>) {
        let mut swept = Instant::now();
        let mut was = None;
        let mut count = 0;
        let mut forget = interval(FORGET_EVERY);
        forget.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let subscriptions = &self.others.subscriptions;
            let is_now = *health.borrow_and_update();
            if was != Some(is_now) {
                metrics::bus_healthy(is_now == Health::Healthy);
                // If hints arrive again, those that were lost are looked for at once.
                subscriptions.look_at_all();
                was = Some(is_now);
            }
            let next_sweep = swept + pace(is_now, count);
            tokio::select! {
                () = subscriptions.has_unread() => {
                    let unread = subscriptions.take_unread();
                    self.look(unread, Why::Unread).await;
                }
                () = sleep_until(next_sweep) => {
                    let all = subscriptions.take_all();
                    count = all.len();
                    self.look(all, Why::Sweep).await;
                    swept = Instant::now();
                }
                Ok(()) = health.changed() => {}
                Some(ended) = self.reads.join_next(), if !self.reads.is_empty() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "reading the changes of another instance ended badly; it is a bug");
                    }
                }
                _ = forget.tick() => subscriptions.forget_empty(Instant::now()),
            }
        }
    }

    async fn look(&mut self, asked: Vec<(WorkspaceId, Point)>, why: Why) {
        let started = Instant::now();
        let mut failed = false;
        for some in asked.chunks(HEADS) {
            let ids: Vec<_> = some.iter().map(|(workspace, _)| *workspace).collect();
            match in_time(self.others.feed.heads(&ids)).await {
                Ok(heads) => some.iter().for_each(|(workspace, point)| {
                    let head = heads.iter().find(|head| head.workspace == *workspace);
                    self.found(*workspace, *point, head, why);
                }),
                Err(error) => {
                    not_read(&error);
                    self.others.subscriptions.put_back(ids);
                    failed = true;
                }
            }
        }
        if why == Why::Sweep {
            metrics::rooms_swept(started.elapsed(), !failed);
        }
        if failed {
            sleep(PAUSE).await;
        }
    }

    fn found(&mut self, workspace: WorkspaceId, asked: Point, head: Option<&RoomHead>, why: Why) {
        let Some(head) = head else {
            // The workspace is gone. The sessions find out, and say so.
            return self.sink.take(Event::ReadOn(workspace, asked));
        };
        let (found, has_other_rights) = self.others.subscriptions.compare(asked, head);
        if has_other_rights {
            self.tell_found(why, "rights");
            self.sink.take(Event::RightsOfAll(workspace));
        }
        match found {
            Found::Nothing => {}
            Found::OtherHistory => {
                self.tell_found(why, "other_history");
                tracing::warn!(%workspace, "the store has another history than before: sessions read for themselves");
                self.sink.take(Event::ReadOn(workspace, (&head.head).into()));
            }
            Found::Changes(after) => {
                self.tell_found(why, "changes");
                self.read(workspace, after, head);
            }
        }
    }

    fn tell_found(&self, why: Why, what: &'static str) {
        let by = match why {
            Why::Unread => "look",
            Why::Sweep => "sweep",
        };
        metrics::others_found(by, what);
    }

    /// Reads the changes after a point in a task of its own, and gives them to the sessions.
    fn read(&mut self, workspace: WorkspaceId, after: Point, head: &RoomHead) {
        let feed = Arc::clone(&self.others.feed);
        let subscriptions = Arc::clone(&self.others.subscriptions);
        let places = Arc::clone(&self.places);
        let (sink, head) = (self.sink.clone(), Point::from(&head.head));
        self.reads.spawn(async move {
            // The semaphore is never closed.
            let _place = places.acquire().await;
            match in_time(feed.changes(workspace, after)).await {
                Ok(Some(batch)) => sink.take(Event::Changed(Arc::new(batch))),
                Ok(None) => sink.take(Event::ReadOn(workspace, head)),
                Err(error) => {
                    not_read(&error);
                    sleep(PAUSE).await;
                    subscriptions.put_back([workspace]);
                }
            }
            subscriptions.read_ended(workspace);
        });
    }
}

/// The time between two sweeps of so many workspaces.
fn pace(health: Health, count: usize) -> Duration {
    match health {
        Health::Healthy => CALM,
        Health::Absent | Health::Unhealthy => {
            let count = u32::try_from(count).unwrap_or(u32::MAX).max(QUICK_WORKSPACES);
            (QUICK.saturating_mul(count) / QUICK_WORKSPACES).min(CALM)
        }
    }
}

/// A store that does not answer must not hold up what is read next.
pub(super) async fn in_time<T>(reading: Reading<'_, T>) -> Result<T, FeedError> {
    match timeout(READ, reading).await {
        Ok(read) => read,
        Err(_) => Err("the store does not answer".into()),
    }
}

pub(super) fn not_read(error: &FeedError) {
    if let Some(count) = NOT_READ.count(Instant::now()) {
        tracing::warn!(%error, count, "what other instances did could not be read; it is tried again");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_workspaces_the_slower_and_never_slower_than_calm() {
        for (count, expected) in [(0, QUICK), (2_000, QUICK), (6_000, 3 * QUICK), (usize::MAX, CALM)] {
            assert_eq!(pace(Health::Unhealthy, count), expected, "{count}");
            assert_eq!(pace(Health::Absent, count), expected, "{count}");
            assert_eq!(pace(Health::Healthy, count), CALM);
        }
    }
}
