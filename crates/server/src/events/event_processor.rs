//! The event processor: it knows for each event which sessions it concerns, and puts a letter into their mailboxes.
//!
//! Invariant: it never waits, so that the thread that commits can call it. Events of one thread reach each mailbox in
//! their order.

use std::sync::Arc;

use tsugi_sync::ids::{UserId, WorkspaceId};
use uuid::Uuid;

use super::source::SourceName;
use super::{Batch, ConnectionPool, Event, Letter, Mailbox, SubscriptionManager};
use crate::metrics;

#[derive(Debug, Default)]
pub struct EventProcessor {
    pub(crate) pool: ConnectionPool,
    pub(crate) subscriptions: SubscriptionManager,
}

impl EventProcessor {
    /// Gives an event to those whom it concerns.
    pub fn take(&self, source: SourceName, event: Event) {
        metrics::event(source.as_str());
        match event {
            Event::Committed { batch, origins } => {
                if !batch.is_empty() {
                    self.subscriptions.post(&batch, &origins);
                }
                for (origin, letter) in origins {
                    origin.post(letter);
                }
            }
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
