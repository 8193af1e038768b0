//! The subscription manager: the sessions that listen to each workspace.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tsugi_sync::ids::{SessionId, WorkspaceId};

use super::{Batch, Letter, Mailbox, lock};

#[derive(Debug, Default)]
pub struct SubscriptionManager {
    rooms: Mutex<HashMap<WorkspaceId, HashMap<SessionId, Arc<Mailbox>>>>,
}

impl SubscriptionManager {
    pub fn join(&self, workspace: WorkspaceId, mailbox: &Arc<Mailbox>) {
        let mut rooms = lock(&self.rooms);
        rooms
            .entry(workspace)
            .or_default()
            .insert(mailbox.session(), Arc::clone(mailbox));
    }

    pub fn leave(&self, workspace: WorkspaceId, session: SessionId) {
        let mut rooms = lock(&self.rooms);
        if let Some(room) = rooms.get_mut(&workspace) {
            room.remove(&session);
            if room.is_empty() {
                rooms.remove(&workspace);
            }
        }
    }

    /// Posts a batch to all sessions that listen, except its origins.
    pub(super) fn post(&self, batch: &Arc<Batch>, origins: &[(Arc<Mailbox>, Letter)]) {
        let rooms = lock(&self.rooms);
        for (session, mailbox) in rooms.get(&batch.workspace()).into_iter().flatten() {
            if !origins.iter().any(|(origin, _)| origin.session() == *session) {
                mailbox.post(Letter::Batch(Arc::clone(batch)));
            }
        }
    }
}
