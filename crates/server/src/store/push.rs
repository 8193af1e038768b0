//! Mutations of one session, on their way to the writer.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::OwnedSemaphorePermit;
use tsugi_sync::ids::{ReplicaId, UserId, WorkspaceId};
use tsugi_sync::mutation::PushedMutation;

use crate::events::Mailbox;

#[derive(Debug)]
pub(crate) struct Push {
    pub(crate) origin: Arc<Mailbox>,
    pub(crate) user: UserId,
    pub(crate) replica: ReplicaId,
    pub(crate) device: Arc<str>,
    pub(crate) workspace: WorkspaceId,
    pub(crate) mutations: Vec<PushedMutation>,
    /// The size of the frame in which it came. The sum of these sizes bounds a group of pushes.
    pub(crate) bytes: usize,
    pub(crate) received: Instant,
    /// Its share of the room for everything that waits for the writer. The store fills it in.
    pub(crate) room: Option<OwnedSemaphorePermit>,
}
