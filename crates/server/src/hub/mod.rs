//! The hub: who listens to which workspace, and the way from a commit to them.
//!
//! Invariants: the writer's thread posts the batches of a workspace in the order of their revisions, right after
//! their commit. Posting never waits for a session. A session that cannot keep up loses batches, which it reads
//! from the store instead. It never loses the outcomes of its own mutations.
//!
//! Left out: other processes. One server owns its data directory.

mod batch;
mod mailbox;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tsugi_sync::ids::{SessionId, UserId, WorkspaceId};
use uuid::Uuid;

pub(crate) use batch::Batch;
pub(crate) use mailbox::{Letter, Mailbox, Room, Taken};

#[derive(Debug, Default)]
pub(crate) struct Hub {
    rooms: Mutex<HashMap<WorkspaceId, HashMap<SessionId, Arc<Mailbox>>>>,
    users: Mutex<HashMap<UserId, HashMap<SessionId, SignedIn>>>,
}

#[derive(Debug)]
struct SignedIn {
    sign_in: Uuid,
    mailbox: Arc<Mailbox>,
}

/// The user has as many connections as one may have.
#[derive(Debug)]
pub(crate) struct TooManyConnections;

impl Hub {
    /// Counts a session among those of its user, and tells it when its sign-in ends.
    pub(crate) fn admit(
        &self,
        user: UserId,
        sign_in: Uuid,
        mailbox: &Arc<Mailbox>,
        limit: usize,
    ) -> Result<(), TooManyConnections> {
        let mut users = lock(&self.users);
        let sessions = users.entry(user).or_default();
        if sessions.len() >= limit && !sessions.contains_key(&mailbox.session()) {
            return Err(TooManyConnections);
        }
        let mailbox = Arc::clone(mailbox);
        sessions.insert(mailbox.session(), SignedIn { sign_in, mailbox });
        Ok(())
    }

    pub(crate) fn dismiss(&self, user: UserId, session: SessionId) {
        let mut users = lock(&self.users);
        if let Some(sessions) = users.get_mut(&user) {
            sessions.remove(&session);
            if sessions.is_empty() {
                users.remove(&user);
            }
        }
    }

    pub(crate) fn join(&self, workspace: WorkspaceId, mailbox: &Arc<Mailbox>) {
        let mut rooms = lock(&self.rooms);
        rooms
            .entry(workspace)
            .or_default()
            .insert(mailbox.session(), Arc::clone(mailbox));
    }

    pub(crate) fn leave(&self, workspace: WorkspaceId, session: SessionId) {
        let mut rooms = lock(&self.rooms);
        if let Some(room) = rooms.get_mut(&workspace) {
            room.remove(&session);
            if room.is_empty() {
                rooms.remove(&workspace);
            }
        }
    }

    /// Posts a batch to all sessions that listen. Each origin gets its own letter instead.
    pub(crate) fn publish(&self, batch: &Arc<Batch>, origins: Vec<(Arc<Mailbox>, Letter)>) {
        if !batch.is_empty() {
            let rooms = lock(&self.rooms);
            for (session, mailbox) in rooms.get(&batch.workspace()).into_iter().flatten() {
                if !origins.iter().any(|(origin, _)| origin.session() == *session) {
                    mailbox.post(Letter::Batch(Arc::clone(batch)));
                }
            }
        }
        for (origin, letter) in origins {
            origin.post(letter);
        }
    }

    /// Tells the user's sessions to look again at what they may do in a workspace.
    pub(crate) fn rights_changed(&self, workspace: WorkspaceId, user: UserId) {
        for signed_in in lock(&self.users).get(&user).into_iter().flat_map(HashMap::values) {
            signed_in.mailbox.post(Letter::Rights(workspace));
        }
    }

    /// Tells the sessions of a sign-in that it has ended.
    pub(crate) fn signed_out(&self, user: UserId, sign_in: Uuid) {
        for signed_in in lock(&self.users).get(&user).into_iter().flat_map(HashMap::values) {
            if signed_in.sign_in == sign_in {
                signed_in.mailbox.post(Letter::SignedOut);
            }
        }
    }
}

/// No code of ours panics while it holds one of these locks. If it did, the maps would still be whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
