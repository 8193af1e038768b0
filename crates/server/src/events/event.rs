//! What may happen that a session should hear of.

use std::sync::Arc;

use tsugi_sync::ids::{UserId, WorkspaceId};
use uuid::Uuid;

use super::{Batch, Letter, Mailbox, Point};

#[derive(Debug)]
pub enum Event {
    /// This process has committed changes. Each origin gets its own letter, and all others the batch.
    Committed {
        batch: Arc<Batch>,
        origins: Vec<(Arc<Mailbox>, Letter)>,
    },
    /// Another instance has committed changes. They were read once for all sessions of this one.
    Changed(Arc<Batch>),
    /// A workspace has moved to this point or further, and its sessions read for themselves.
    ReadOn(WorkspaceId, Point),
    /// The rights of one user in a workspace may have changed.
    Rights { workspace: WorkspaceId, user: UserId },
    /// The rights of anybody in a workspace may have changed.
    RightsOfAll(WorkspaceId),
    /// A sign-in has ended.
    SignedOut { user: UserId, sign_in: Uuid },
}
