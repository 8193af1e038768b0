//! The event processor: it knows for each event which sessions it concerns, and puts a letter into their mailboxes.
//!
//! Invariant: it never waits, so that the thread that commits can call it. Events of one thread reach each mailbox in
//! their order.

use std::sync::Arc;

use tsugi_sync::ids::{UserId, WorkspaceId};
use uuid::Uuid;

use super::notices::Notices;
use super::others::Others;
use super::source::{Running, Sink, Source, SourceName};
use super::{Batch, ConnectionPool, Event, Feed, Letter, Mailbox, SubscriptionManager};
use crate::bus::{Bus, Listener};
use crate::metrics;
use crate::trace::{self, TraceId};

/// The default one is that of a process that is alone with its store.
#[derive(Debug, Default)]
pub struct EventProcessor {
    pub pool: ConnectionPool,
    pub subscriptions: Arc<SubscriptionManager>,
}

impl EventProcessor {
    /// Of an instance among others, with this name in hints.
    #[must_use]
    pub fn among_others(bus: Arc<dyn Bus>, instance: Uuid) -> Self {
        Self {
            pool: ConnectionPool::default(),
            subscriptions: Arc::new(SubscriptionManager::among_others(bus, instance)),
        }
    }

    /// Hears what other instances do, until the future is dropped. It ends at once in a process that is alone.
    pub fn follow_others(self: &Arc<Self>, feed: Arc<dyn Feed>) -> Running {
        let Some(bus) = self.subscriptions.bus() else {
            return Box::pin(async {});
        };
        let others = self.follow(Box::new(Others {
            feed: Arc::clone(&feed),
            subscriptions: Arc::clone(&self.subscriptions),
            health: bus.health(),
        }));
        let notices = self.follow(Box::new(Notices { feed }));
        let listener: Arc<dyn Listener> = Arc::clone(&self.subscriptions) as _;
        let hints = bus.run(listener);
        Box::pin(async move {
            tokio::join!(others, notices, hints);
        })
    }

    /// Takes the events of a source, until the future is dropped or the source ends.
    pub fn follow(self: &Arc<Self>, source: Box<dyn Source>) -> Running {
        let sink = Sink::new(source.name(), Arc::clone(self));
        source.run(sink)
    }

    /// Gives an event to those whom it concerns.
    pub fn take(&self, source: SourceName, event: Event) {
        metrics::event(source.as_str());
        match event {
            Event::Committed { batch, origins } => {
                if trace::is_on() {
                    tell_committed(&batch, &origins);
                }
                if !batch.is_empty() {
                    self.subscriptions.post(&batch, &origins);
                }
                for (origin, letter) in origins {
                    origin.post(letter);
                }
                if !batch.is_empty() {
                    self.subscriptions.tell_others(&batch);
                }
            }
            Event::Changed(batch) => self.subscriptions.post(&batch, &[]),
            Event::ReadOn(workspace, point) => self.subscriptions.all_read_on(workspace, point),
            Event::RightsOfAll(workspace) => self.subscriptions.all_look_at_rights(workspace),
            Event::Rights { workspace, user } => {
                self.pool.post(user, None, || Letter::Rights(workspace));
            }
            Event::SignedOut { user, sign_in } => {
                self.pool.post(user, Some(sign_in), || Letter::SignedOut);
            }
        }
    }

    /// After a commit of this process: posts its batch to all sessions that listen. Each origin gets its own letter
    /// instead.
    pub fn publish(&self, batch: &Arc<Batch>, origins: Vec<(Arc<Mailbox>, Letter)>) {
        let batch = Arc::clone(batch);
        self.take(SourceName::Commits, Event::Committed { batch, origins });
    }

    /// After a commit of this process: tells the user's sessions to look again at what they may do in a workspace.
    pub fn rights_changed(&self, workspace: WorkspaceId, user: UserId) {
        self.take(SourceName::Commits, Event::Rights { workspace, user });
    }

    /// After a commit of this process: tells the sessions of a sign-in that it has ended.
    pub fn signed_out(&self, user: UserId, sign_in: Uuid) {
        self.take(SourceName::Commits, Event::SignedOut { user, sign_in });
    }
}

/// Tells the traces of the mutations of a group, and names them in its batch.
fn tell_committed(batch: &Batch, origins: &[(Arc<Mailbox>, Letter)]) {
    let mut traces = Vec::new();
    for (origin, letter) in origins {
        let (Letter::Own { outcomes, .. }, Some(replica)) = (letter, origin.replica()) else {
            continue;
        };
        for outcome in outcomes {
            let id = TraceId::of(replica, outcome.seq);
            trace::committed(id, batch.workspace(), &outcome.fate, (batch.from(), batch.to()));
            traces.push(id);
        }
    }
    batch.traced(traces);
}
