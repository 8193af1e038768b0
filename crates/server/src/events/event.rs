//! What may happen that a session should hear of.

use std::sync::Arc;

use tsugi_sync::ids::{UserId, WorkspaceId};
use uuid::Uuid;

use super::{Batch, Letter, Mailbox};

#[derive(Debug)]
pub enum Event {
    /// This process has committed changes. Each origin gets its own letter, and all others the batch.
    Committed {
        batch: Arc<Batch>,
        origins: Vec<(Arc<Mailbox>, Letter)>,
    },
    /// The rights of one user in a workspace may have changed.
    Rights { workspace: WorkspaceId, user: UserId },
    /// A sign-in has ended.
    SignedOut { user: UserId, sign_in: Uuid },
}
