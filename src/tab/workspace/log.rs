//! The workspace and its journal: writes rows, takes in the rows of other tabs, and packs the log.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use tsugi_sync::log::Entry;
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::session::Input;

use super::open::{OpenError, read};
use super::{Message, Workspace};
use crate::browser::journal::{Checkpointed, JournalError, Part};
use crate::browser::time::{Timer, Turns};
use crate::tab::client::Tab;
use crate::tab::news::TabMessage;
use crate::tab::noted;
use tsugi_screen::edits::start_here;

/// After this number of rows, the log is packed into a checkpoint.
const CHECKPOINT_ROWS: u64 = 500;
/// After this number of milliseconds, a failed write to this device's storage is tried again.
const SAVE_AGAIN_MS: u64 = 5_000;

enum Committed {
    Done,
    /// The log was packed up to a position that this tab had not read yet.
    Behind,
}

impl Workspace {
    /// Saves the edits that are shown, in order. Returns whether none is left. That includes edits that were typed
    /// meanwhile, as long as the caller awaits nothing else in between.
    pub(super) async fn save(&mut self) -> bool {
        loop {
            let next = match self.client.tab().borrow().as_ref() {
                Some(tab) => tab.local.next_unsaved(),
                None => Vec::new(),
            };
            if next.is_empty() {
                break;
            }
            if !self.save_gesture(&next).await {
                let client = self.client.clone();
                self.save_again = Some(Timer::after(SAVE_AGAIN_MS, move || client.send(Message::Save)));
                break;
            }
        }
        self.session(Input::Edited).await;
        let tab = self.client.tab().borrow();
        tab.as_ref().is_none_or(|tab| tab.local.unsaved_count() == 0)
    }

    async fn save_gesture(&mut self, edits: &[Edit]) -> bool {
        let own = self.hear_own(edits);
        let saved = self
            .commit(|replica| {
                let mutations = replica.edits(edits.to_vec()).into_iter();
                mutations.map(Entry::Mutated).collect()
            })
            .await;
        if saved && let Some(tab) = self.client.tab().borrow_mut().as_mut() {
            tab.local.saved(edits.len());
            noted::keep(&tab.local);
            let touched = edits.iter().map(|edit| edit.entity).collect();
            tab.screen.show(&tab.local, &touched);
        }
        if saved {
            self.heard(own);
            self.measure_edit();
            // The list that teaches is nobody's work yet, so it is no reason to ask.
            if !edits.iter().all(|edit| start_here::has(edit.entity)) {
                self.ask_to_keep();
            }
        }
        saved
    }

    /// Appends the entries that `decide` makes from the replica to the log. Before that, the replica takes in all rows
    /// of other tabs. Returns true when the entries are durable, folded and shown; false if this device's storage
    /// failed, and then nothing has changed.
    pub(super) async fn commit(&mut self, decide: impl Fn(&Replica) -> Vec<Entry>) -> bool {
        loop {
            match self.try_commit(&decide).await {
                Ok(Committed::Done) => {
                    self.storage_problem = None;
                    return true;
                }
                Ok(Committed::Behind) => {
                    if let Err(error) = self.read_again().await {
                        return self.storage_failed(error.into());
                    }
                }
                Err(error) => return self.storage_failed(error),
            }
        }
    }

    async fn try_commit(
        &mut self,
        decide: impl Fn(&Replica) -> Vec<Entry>,
    ) -> Result<Committed, JournalError> {
        let tab = self.client.tab().clone();
        let Some(position) = self.with_replica(Replica::position) else {
            return Ok(Committed::Done);
        };
        let touched = RefCell::new(BTreeSet::new());
        let entries = RefCell::new(Vec::new());
        let behind = Cell::new(false);
        let committed = self
            .journal
            .commit(position, |tail| {
                let mut tab = tab.borrow_mut();
                let Some(tab) = tab.as_mut() else {
                    return Vec::new();
                };
                behind.set(tail.checkpoint_position > tab.local.replica().position());
                if behind.get() {
                    return Vec::new();
                }
                touched.borrow_mut().extend(tab.local.fold(tail.rows));
                let decided = decide(tab.local.replica());
                let rows = decided.iter().map(Entry::to_row).collect();
                *entries.borrow_mut() = decided;
                rows
            })
            .await;
        let keys = match committed {
            Ok(keys) => keys,
            Err(error) => {
                // The rows of other tabs are folded although the write failed, and are not reported again, so they are
                // shown now.
                if let Some(tab) = self.client.tab().borrow_mut().as_mut() {
                    tab.screen.show(&tab.local, &touched.borrow());
                }
                return Err(error);
            }
        };
        if behind.get() {
            return Ok(Committed::Behind);
        }
        let head = keys.last().copied();
        let mut touched = touched.into_inner();
        if let Some(tab) = self.client.tab().borrow_mut().as_mut() {
            let rows = keys.into_iter().zip(entries.into_inner());
            touched.extend(tab.local.fold_entries(rows));
        }
        self.client.show(touched).await;
        self.measure_answers();
        if let Some(head) = head {
            self.post(&TabMessage::LogGrew { head });
        }
        self.stop_if_outdated();
        Ok(Committed::Done)
    }

    /// Takes in the rows that other tabs wrote.
    pub(super) async fn catch_up(&mut self) {
        let Some(position) = self.with_replica(Replica::position) else {
            return;
        };
        let tail = match self.journal.tail(position).await {
            Ok(tail) => tail,
            Err(error) => {
                self.storage_failed(error);
                return;
            }
        };
        if tail.checkpoint_position > position {
            if let Err(error) = self.read_again().await {
                self.storage_failed(error.into());
            }
            return;
        }
        let folded = |tab: &mut Tab| tab.local.fold(tail.rows);
        let touched = self.client.tab().borrow_mut().as_mut().map(folded);
        self.client.show(touched.unwrap_or_default()).await;
        if let Some(tab) = self.client.tab().borrow_mut().as_mut() {
            // The storage works again, and no edit waits for it.
            if tab.local.unsaved_count() == 0 {
                self.storage_problem = None;
            }
        }
        self.measure_answers();
        self.stop_if_outdated();
    }

    /// Rows that cannot be read while the app runs come from a later version in another tab. The rows are undamaged,
    /// but this tab is too old to read them.
    fn stop_if_outdated(&mut self) {
        let outdated = |tab: &mut Tab| !tab.local.take_unreadable().is_empty() || tab.local.is_outdated();
        if self.client.tab().borrow_mut().as_mut().is_some_and(outdated) {
            self.outdate();
        }
    }

    fn outdate(&mut self) {
        // The flag is set at once, because packing the log now would delete those rows.
        if !std::mem::replace(&mut self.outdated, true) {
            self.client.send(Message::Outdated);
        }
    }

    /// Reads the whole log again, because another tab packed it before this one had read all rows.
    async fn read_again(&mut self) -> Result<(), OpenError> {
        let Some((id, workspace)) = self.with_replica(|replica| (replica.id(), replica.workspace())) else {
            return Ok(());
        };
        let fresh = match read(&self.journal, id, workspace, drop).await {
            Err(OpenError::Later) => {
                self.outdate();
                return Err(OpenError::Later);
            }
            fresh => fresh?,
        };
        let touched = if let Some(tab) = self.client.tab().borrow_mut().as_mut() {
            let before = tab.local.ids();
            tab.local.replace(fresh);
            before.union(&tab.local.ids()).copied().collect()
        } else {
            BTreeSet::new()
        };
        self.client.show(touched).await;
        Ok(())
    }

    /// Packs the log if it has grown long and no edit is being saved.
    pub(super) async fn checkpoint(&mut self) {
        let Some(position) = self.with_replica(Replica::position) else {
            return;
        };
        // A write that failed may have met rows of a later version. Packing the log now would delete them.
        self.stop_if_outdated();
        let tab = self.client.tab().clone();
        let is_due = |tab: &Tab| tab.local.unpacked() >= CHECKPOINT_ROWS || tab.local.is_heavy();
        if !self.role.leads() || self.outdated || !tab.borrow().as_ref().is_some_and(is_due) {
            return;
        }
        let Some(checkpoint) = self.with_replica(Replica::checkpoint).flatten() else {
            return;
        };
        let mut parts = Vec::new();
        let mut turns = Turns::begin();
        for part in checkpoint {
            parts.push(Part::from(part));
            turns.rest().await;
            // An edit of the person comes first. The log is packed another time.
            let is_unsaved = |tab: &Tab| tab.local.unsaved_count() > 0;
            if tab.borrow().as_ref().is_some_and(is_unsaved) {
                return;
            }
        }
        let packed = match self.journal.checkpoint(position, &parts).await {
            Ok(Checkpointed::Written) => position,
            Ok(Checkpointed::Overtaken { position }) => position,
            // The log still has all rows, so nothing is lost. Packing counts as done, because trying again at each turn
            // would rewrite the whole log each time.
            Err(_) => position,
        };
        if let Some(tab) = tab.borrow_mut().as_mut() {
            tab.local.packed(packed);
        }
    }

    pub(super) fn storage_failed(&mut self, error: JournalError) -> bool {
        self.storage_problem = Some(error);
        self.show_status();
        false
    }

    pub(super) fn with_replica<T>(&self, read: impl FnOnce(&Replica) -> T) -> Option<T> {
        self.client
            .tab()
            .borrow()
            .as_ref()
            .map(|tab| read(tab.local.replica()))
    }
}
