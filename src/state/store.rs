//! The signals of the screen, and the only writer of them.
//!
//! Signals are state, never messages. A row is a signal of its own, so that a change redraws one row; the list is
//! rebuilt only where its members or their order change.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use leptos::prelude::{ArcRwSignal, Set, WithUntracked};
use tsugi_sync::ids::{EntityId, Timestamp};
use uuid::Uuid;

use super::model::{AccountState, ConflictCard, RefusedCard, SyncStatus, TaskEntry, TaskRow, UndoNotice};

/// A task's place in the list: open before completed, then by time, then by id.
pub type SortKey = (bool, u64, Uuid);

/// Everything the screen reads.
#[derive(Clone, Debug)]
pub struct Store {
    /// This device's storage is still being read.
    pub loading: ArcRwSignal<bool>,
    /// In the order they were made.
    pub open: ArcRwSignal<Vec<TaskEntry>>,
    /// The latest first.
    pub completed: ArcRwSignal<Vec<TaskEntry>>,
    pub status: ArcRwSignal<SyncStatus>,
    pub account: ArcRwSignal<AccountState>,
    pub conflicts: ArcRwSignal<Vec<ConflictCard>>,
    pub refused: ArcRwSignal<Vec<RefusedCard>>,
    pub undo: ArcRwSignal<Option<UndoNotice>>,
    /// A sentence about the last thing that did not work.
    pub error: ArcRwSignal<Option<String>>,
    /// An account request is on its way.
    pub busy: ArcRwSignal<bool>,
    pub device: ArcRwSignal<String>,
    /// The date here, `YYYY-MM-DD`.
    pub today: ArcRwSignal<String>,
    pub now: ArcRwSignal<Timestamp>,
    pub working_offline: ArcRwSignal<bool>,
    /// What was measured of syncing; nothing while nobody looks.
    pub figures: ArcRwSignal<Vec<(String, String)>>,
    rows: Rc<RefCell<Rows>>,
}

#[derive(Debug, Default)]
struct Rows {
    by_id: BTreeMap<EntityId, (SortKey, ArcRwSignal<TaskRow>)>,
    order: BTreeSet<SortKey>,
}

impl Store {
    #[must_use]
    pub fn new(device: String, today: String, now: Timestamp) -> Self {
        Self {
            loading: ArcRwSignal::new(true),
            open: ArcRwSignal::default(),
            completed: ArcRwSignal::default(),
            status: ArcRwSignal::default(),
            account: ArcRwSignal::default(),
            conflicts: ArcRwSignal::default(),
            refused: ArcRwSignal::default(),
            undo: ArcRwSignal::new(None),
            error: ArcRwSignal::new(None),
            busy: ArcRwSignal::new(false),
            device: ArcRwSignal::new(device),
            today: ArcRwSignal::new(today),
            now: ArcRwSignal::new(now),
            working_offline: ArcRwSignal::new(false),
            figures: ArcRwSignal::default(),
            rows: Rc::default(),
        }
    }

    /// Empties the screen for another workspace, or none. An error stays: it may be of how the last one was left.
    pub fn reset(&self, account: AccountState) {
        *self.rows.borrow_mut() = Rows::default();
        self.loading.set(true);
        self.open.set(Vec::new());
        self.completed.set(Vec::new());
        self.conflicts.set(Vec::new());
        self.refused.set(Vec::new());
        self.undo.set(None);
        self.figures.set(Vec::new());
        self.status.set(SyncStatus::default());
        self.account.set(account);
    }

    /// Writes what has become of some tasks: their row and place, or nothing where there is no such task any more.
    pub fn put_tasks(&self, changed: impl IntoIterator<Item = (EntityId, Option<(SortKey, TaskRow)>)>) {
        let mut rows = self.rows.borrow_mut();
        let mut moved = false;
        for (id, task) in changed {
            moved |= rows.put(id, task);
        }
        if moved {
            let (completed, open) = rows.entries();
            drop(rows);
            Self::set_if_changed(&self.open, open);
            Self::set_if_changed(&self.completed, completed);
        }
        Self::set_if_changed(&self.loading, false);
    }

    /// Sets a signal only where its value differs, so that nothing is redrawn for nothing.
    pub fn set_if_changed<T: PartialEq + Clone + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
        if signal.with_untracked(|old| *old != value) {
            signal.set(value);
        }
    }
}

impl Rows {
    /// Whether the list itself has changed.
    fn put(&mut self, id: EntityId, task: Option<(SortKey, TaskRow)>) -> bool {
        match (self.by_id.get_mut(&id), task) {
            (None, None) => false,
            (Some((key, _)), None) => {
                self.order.remove(key);
                self.by_id.remove(&id);
                true
            }
            (Some((old, signal)), Some((key, row))) => {
                Store::set_if_changed(signal, row);
                let moved = *old != key;
                if moved {
                    self.order.remove(old);
                    self.order.insert(key);
                    *old = key;
                }
                moved
            }
            (None, Some((key, row))) => {
                self.order.insert(key);
                self.by_id.insert(id, (key, ArcRwSignal::new(row)));
                true
            }
        }
    }

    /// The completed ones, and the open ones.
    fn entries(&self) -> (Vec<TaskEntry>, Vec<TaskEntry>) {
        let entry = |key: &SortKey| {
            let id = EntityId(key.2);
            self.by_id
                .get(&id)
                .map(|(_, row)| TaskEntry { id, row: row.clone() })
        };
        let (completed, open): (Vec<&SortKey>, Vec<&SortKey>) = self.order.iter().partition(|key| key.0);
        (
            completed.into_iter().filter_map(entry).collect(),
            open.into_iter().filter_map(entry).collect(),
        )
    }
}
