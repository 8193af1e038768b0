//! The source of notices: rights that changed and sign-ins that ended, on whichever instance.
//!
//! A notice is a row of the transaction that caused it. Rows become visible in any order, so the last
//! [`OVERLAP`] are read each time, and those that were told before are left out. After a pause, the whole time of the
//! pause is read as well. So an open socket feels it within a second, with or without a bus.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};
use uuid::Uuid;

use super::Event;
use super::feed::{Feed, NOTICES_KEPT, Notice, Noticed};
use super::others::{in_time, not_read};
use super::source::{Running, Sink, Source, SourceName};

pub const EVERY: Duration = Duration::from_millis(500);
/// Longer than a transaction may take from its notice to its commit.
pub const OVERLAP: Duration = Duration::from_secs(30);

pub(super) struct Notices {
    pub(super) feed: Arc<dyn Feed>,
}

impl Source for Notices {
    fn name(&self) -> SourceName {
        SourceName::Notices
    }

    fn run(self: Box<Self>, sink: Sink) -> Running {
        Box::pin(async move {
            let mut ticks = interval(EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut told = Told {
                read: Instant::now(),
                ids: HashMap::new(),
            };
            loop {
                ticks.tick().await;
                // The tick itself may be late, if the process was stopped.
                let now = Instant::now();
                match in_time(self.feed.notices(told.last(now))).await {
                    Ok(notices) => told.fresh(now, notices).for_each(|event| sink.take(event)),
                    Err(error) => not_read(&error),
                }
            }
        })
    }
}

struct Told {
    /// When notices were last asked for, and read.
    read: Instant,
    /// The notices that were told, with the time at which they were last read.
    ids: HashMap<Uuid, Instant>,
}

impl Told {
    /// The time whose notices have to be read now.
    fn last(&self, now: Instant) -> Duration {
        (now - self.read + OVERLAP).min(NOTICES_KEPT)
    }

    /// The events of those that were not told before.
    fn fresh(&mut self, now: Instant, notices: Vec<Notice>) -> impl Iterator<Item = Event> {
        let kept = self.last(now) * 2;
        self.read = now;
        let fresh: Vec<_> = notices
            .into_iter()
            .filter(|notice| self.ids.insert(notice.id, now).is_none())
            .map(|notice| match notice.what {
                Noticed::Rights { workspace, user } => Event::Rights { workspace, user },
                Noticed::SignedOut { user, sign_in } => Event::SignedOut { user, sign_in },
            })
            .collect();
        self.ids.retain(|_, read| now.duration_since(*read) < kept);
        fresh.into_iter()
    }
}
