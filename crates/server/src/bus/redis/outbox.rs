//! Hints that wait to be sent: one for each workspace, however many commits there were meanwhile.
//!
//! The committing thread puts them in, and never waits. If Redis takes none, there is room for a number of workspaces, and the
//! hints of others are dropped and counted.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tsugi_sync::ids::WorkspaceId;

use crate::bus::Hint;
use crate::metrics;

/// Workspaces with a hint that waits.
pub(super) const ROOM: usize = 4_096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    Hint(Hint),
    /// A message of this instance to itself.
    Probe,
}

#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: Mutex<Waiting>,
    arrival: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    hints: HashMap<WorkspaceId, Hint>,
    order: VecDeque<WorkspaceId>,
    has_probe: bool,
}

impl Outbox {
    pub(super) fn put(&self, hint: Hint) {
        match self.waiting().put(hint) {
            true => self.arrival.notify_one(),
            false => metrics::bus_hints("no_room", 1),
        }
    }

    /// A probe goes before all hints, and in place of one that still waits.
    pub(super) fn probe(&self) {
        self.waiting().has_probe = true;
        self.arrival.notify_one();
    }

    /// The future can be dropped while it waits, and loses nothing.
    pub(super) async fn next(&self) -> Job {
        loop {
            if let Some(job) = self.waiting().next() {
                return job;
            }
            self.arrival.notified().await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Answers whether there was room.
    fn put(&mut self, hint: Hint) -> bool {
        if let Some(earlier) = self.hints.get_mut(&hint.workspace) {
            *earlier = earlier.with(hint);
            return true;
        }
        let has_room = self.hints.len() < ROOM;
        if has_room {
            self.hints.insert(hint.workspace, hint);
            self.order.push_back(hint.workspace);
        }
        has_room
    }

    fn next(&mut self) -> Option<Job> {
        if std::mem::take(&mut self.has_probe) {
            return Some(Job::Probe);
        }
        let workspace = self.order.pop_front()?;
        self.hints.remove(&workspace).map(Job::Hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_sync::ids::{Epoch, Mark, Revision};
    use uuid::Uuid;

    fn hint(workspace: u128, to: u64) -> Hint {
        Hint {
            instance: Uuid::nil(),
            workspace: WorkspaceId(Uuid::from_u128(workspace)),
            epoch: Epoch(Uuid::nil()),
            from: Revision(to - 1),
            to: Revision(to),
            mark: Mark(to),
        }
    }

    #[tokio::test]
    async fn hints_of_one_workspace_wait_as_one_and_a_probe_goes_first() {
        let outbox = Outbox::default();
        for hint in [hint(1, 5), hint(2, 1), hint(1, 6)] {
            outbox.put(hint);
        }
        outbox.probe();
        outbox.probe();
        assert_eq!(outbox.next().await, Job::Probe);
        assert_eq!(outbox.next().await, Job::Hint(hint(1, 5).with(hint(1, 6))));
        assert_eq!(outbox.next().await, Job::Hint(hint(2, 1)));
    }

    #[tokio::test]
    async fn there_is_room_for_so_many() {
        let outbox = Outbox::default();
        for workspace in 0..ROOM as u128 + 10 {
            outbox.put(hint(workspace, 1));
        }
        outbox.put(hint(0, 2));
        assert_eq!(outbox.waiting().hints.len(), ROOM);
        assert_eq!(outbox.waiting().order.len(), ROOM);
    }
}
