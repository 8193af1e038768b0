//! The subscription manager: the sessions that listen to each workspace, and the workspaces whose hints this instance
//! wants from the bus.
//!
//! Invariant: the bus is told to join before the first session of a workspace reads it, and told to leave only when
//! nobody has listened for [`LINGER`], because most sessions that end come back.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tsugi_sync::ids::{SessionId, WorkspaceId};
use tsugi_sync::subscription::Head;

use super::feed::{Point, RoomHead};
use super::joined::{Found, Joined, Posted};
use super::{Batch, Letter, Mailbox, lock};
use crate::bus::{Bus, Hint, Listener};

/// How long the hints of a workspace are still wanted after its last session.
pub const LINGER: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
pub struct SubscriptionManager {
    rooms: Mutex<Rooms>,
    /// The other instances. None in a process that is alone.
    others: Option<Others>,
    /// Something is unread that can be read.
    unread: Notify,
}

#[derive(Debug)]
struct Others {
    bus: Arc<dyn Bus>,
    /// The name of this instance in hints.
    instance: uuid::Uuid,
}

#[derive(Debug, Default)]
struct Rooms {
    joined: HashMap<WorkspaceId, Joined>,
    /// Workspaces that may have changes which their sessions have not been told.
    unread: HashSet<WorkspaceId>,
    /// Those without sessions, in the order in which they were left.
    empty: VecDeque<(Instant, WorkspaceId)>,
}

impl SubscriptionManager {
    /// Of an instance among others, with this name in hints.
    pub(super) fn among_others(bus: Arc<dyn Bus>, instance: uuid::Uuid) -> Self {
        Self {
            others: Some(Others { bus, instance }),
            ..Self::default()
        }
    }

    pub(super) fn bus(&self) -> Option<Arc<dyn Bus>> {
        self.others.as_ref().map(|others| Arc::clone(&others.bus))
    }

    /// From here on the session gets the letters of this workspace.
    pub fn join(&self, workspace: WorkspaceId, mailbox: &Arc<Mailbox>) {
        let mut rooms = lock(&self.rooms);
        let joined = rooms.joined.entry(workspace).or_insert_with(|| {
            if let Some(others) = &self.others {
                others.bus.join(workspace);
            }
            Joined::new(workspace)
        });
        joined.empty_since = None;
        joined.sessions.insert(mailbox.session(), Arc::clone(mailbox));
    }

    /// The session has read the workspace up to `head` after it joined.
    pub fn read_by(&self, workspace: WorkspaceId, mailbox: &Mailbox, head: &Head) {
        if self.others.is_none() {
            return;
        }
        let mut rooms = lock(&self.rooms);
        if let Some(joined) = rooms.joined.get_mut(&workspace)
            && joined.sessions.contains_key(&mailbox.session())
        {
            if joined.read_by(mailbox, head) {
                self.mark(&mut rooms, [workspace]);
            }
            if rooms.unread.contains(&workspace) {
                self.unread.notify_one();
            }
        }
    }

    /// How many workspaces sessions listen to.
    pub fn workspaces(&self) -> usize {
        let rooms = lock(&self.rooms);
        let mut joined = rooms.joined.values();
        joined
            .by_ref()
            .filter(|joined| !joined.sessions.is_empty())
            .count()
    }

    pub fn leave(&self, workspace: WorkspaceId, session: SessionId) {
        let mut rooms = lock(&self.rooms);
        let Some(joined) = rooms.joined.get_mut(&workspace) else {
            return;
        };
        if joined.sessions.remove(&session).is_none() || !joined.sessions.is_empty() {
            return;
        }
        match &self.others {
            None => drop(rooms.joined.remove(&workspace)),
            Some(_) => {
                let now = Instant::now();
                joined.emptied(now);
                rooms.unread.remove(&workspace);
                rooms.empty.push_back((now, workspace));
            }
        }
    }

    /// Posts a batch to all sessions that listen, except its origins.
    pub(super) fn post(&self, batch: &Arc<Batch>, origins: &[(Arc<Mailbox>, Letter)]) {
        let workspace = batch.workspace();
        let mut rooms = lock(&self.rooms);
        if let Some(joined) = rooms.joined.get_mut(&workspace)
            && joined.post(batch, origins) == Posted::Gap
        {
            self.mark(&mut rooms, [workspace]);
        }
    }

    /// Tells the other instances what this one has committed.
    pub(super) fn tell_others(&self, batch: &Batch) {
        if let Some(Others { bus, instance }) = &self.others {
            let end = batch.end();
            bus.send(Hint {
                instance: *instance,
                workspace: batch.workspace(),
                epoch: end.epoch,
                from: batch.from(),
                to: end.revision,
                mark: end.mark,
            });
        }
    }

    /// Lets all sessions of a workspace read for themselves, which brings them to `point` or further.
    pub(super) fn all_read_on(&self, workspace: WorkspaceId, point: Point) {
        if let Some(joined) = lock(&self.rooms).joined.get_mut(&workspace) {
            joined.all_read_on(point);
        }
    }

    pub(super) fn all_look_at_rights(&self, workspace: WorkspaceId) {
        if let Some(joined) = lock(&self.rooms).joined.get(&workspace) {
            joined.all_look_at_rights();
        }
    }

    /// Waits until something is unread that can be read.
    pub(super) async fn has_unread(&self) {
        self.unread.notified().await;
    }

    /// The workspaces that have something unread, with the points up to which their sessions know them. They do not
    /// count as unread any more. Those that nobody has read yet, or that are being read, are left for later.
    pub(super) fn take_unread(&self) -> Vec<(WorkspaceId, Point)> {
        let mut rooms = lock(&self.rooms);
        let Rooms { joined, unread, .. } = &mut *rooms;
        let mut taken = Vec::new();
        unread.retain(|workspace| match joined.get(workspace) {
            Some(joined) if joined.is_reading => true,
            Some(joined) => match joined.told() {
                Some(point) => {
                    taken.push((*workspace, point));
                    false
                }
                None => !joined.sessions.is_empty(),
            },
            None => false,
        });
        taken
    }

    /// All workspaces that sessions know, with the points up to which they know them.
    pub(super) fn take_all(&self) -> Vec<(WorkspaceId, Point)> {
        self.look_at_all();
        self.take_unread()
    }

    /// These may still have changes that their sessions have not been told.
    pub(super) fn put_back(&self, workspaces: impl IntoIterator<Item = WorkspaceId>) {
        self.mark(&mut lock(&self.rooms), workspaces);
    }

    /// What the head means for the sessions of its workspace, and whether its rights have changed. If there are
    /// changes, they are being read from now on, until `read_ended`.
    pub(super) fn compare(&self, asked: Point, head: &RoomHead) -> (Found, bool) {
        let mut rooms = lock(&self.rooms);
        let Some(joined) = rooms.joined.get_mut(&head.workspace) else {
            return (Found::Nothing, false);
        };
        let found = joined.compare(asked, &head.head);
        joined.is_reading |= matches!(found, Found::Changes(_));
        let rights = !joined.sessions.is_empty() && joined.count_rights(head.rights);
        (found, rights)
    }

    pub(super) fn read_ended(&self, workspace: WorkspaceId) {
        let mut rooms = lock(&self.rooms);
        if let Some(joined) = rooms.joined.get_mut(&workspace) {
            joined.is_reading = false;
        }
        if rooms.unread.contains(&workspace) {
            self.unread.notify_one();
        }
    }

    /// Forgets the workspaces to which nobody has listened for long enough.
    pub(super) fn forget_empty(&self, now: Instant) {
        let mut rooms = lock(&self.rooms);
        let Rooms { joined, empty, .. } = &mut *rooms;
        while let Some(&(since, workspace)) = empty.front().filter(|(since, _)| *since + LINGER <= now) {
            empty.pop_front();
            // It may have been joined, and left again, since then.
            if joined.get(&workspace).and_then(|joined| joined.empty_since) == Some(since) {
                joined.remove(&workspace);
                if let Some(others) = &self.others {
                    others.bus.leave(workspace);
                }
            }
        }
    }

    fn mark(&self, rooms: &mut Rooms, workspaces: impl IntoIterator<Item = WorkspaceId>) {
        for workspace in workspaces {
            let listened = |joined: &Joined| !joined.sessions.is_empty();
            if rooms.joined.get(&workspace).is_some_and(listened) {
                rooms.unread.insert(workspace);
            }
        }
        self.unread.notify_one();
    }
}

impl Listener for SubscriptionManager {
    fn hinted(&self, hint: Hint) {
        let is_own = self
            .others
            .as_ref()
            .is_some_and(|others| others.instance == hint.instance);
        let mut rooms = lock(&self.rooms);
        let Some(joined) = rooms.joined.get(&hint.workspace) else {
            return;
        };
        let is_known = joined
            .told()
            .is_some_and(|told| told.epoch == hint.epoch && hint.to <= told.revision);
        if !is_own && !is_known {
            self.mark(&mut rooms, [hint.workspace]);
        }
    }

    fn look(&self, workspace: WorkspaceId) {
        self.put_back([workspace]);
    }

    fn look_at_all(&self) {
        let mut rooms = lock(&self.rooms);
        let all: Vec<_> = rooms.joined.keys().copied().collect();
        self.mark(&mut rooms, all);
    }
}
