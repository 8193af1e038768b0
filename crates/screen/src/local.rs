//! What this tab holds of a workspace: the replica, and over it the edits that are not in the durable log yet.
//!
//! An edit is in the view the moment it is made, and in the log a millisecond later; only then does it count as saved.

use std::collections::{BTreeSet, VecDeque};

use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::gesture::Entities;
use tsugi_sync::ids::EntityId;
use tsugi_sync::limits;
use tsugi_sync::log::{Entry, RowError};
use tsugi_sync::replica::{Edit, Replica};

/// Edits that are saved in one transaction, at most.
const SAVED_TOGETHER: usize = 200;

/// A row of the log: its key and its text.
pub type Row = (u64, String);

/// One tab's copy of a workspace.
#[derive(Debug)]
pub struct Local {
    replica: Replica,
    unsaved: VecDeque<Edit>,
    /// Keys of rows that could not be read, with the reason.
    unreadable: Vec<(u64, String)>,
    /// There are rows that a later version of the app wrote.
    later: bool,
    /// The log is packed up to here.
    packed: u64,
    /// There are rows after that with much in them, as of a snapshot: to read them all again takes long.
    is_heavy: bool,
}

/// Entities in one row that make it one with much in it.
const HEAVY: usize = 500;

fn is_heavy(entry: &Entry) -> bool {
    matches!(entry, Entry::Bootstrapped { entities, .. } if entities.len() >= HEAVY)
}

impl Local {
    #[must_use]
    pub fn new(replica: Replica) -> Self {
        Self {
            packed: replica.position(),
            replica,
            unsaved: VecDeque::new(),
            unreadable: Vec::new(),
            later: false,
            is_heavy: false,
        }
    }

    #[must_use]
    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    /// Takes over what was read anew, when the log was packed before this tab had read it; unsaved edits stay.
    pub fn replace(&mut self, fresh: Self) {
        self.replica = fresh.replica;
        self.unreadable = fresh.unreadable;
        self.later = fresh.later;
        self.packed = fresh.packed;
        self.is_heavy = fresh.is_heavy;
    }

    /// Rows of the log that are not packed.
    #[must_use]
    pub fn unpacked(&self) -> u64 {
        self.replica.position().saturating_sub(self.packed)
    }

    /// Whether there is much in them.
    #[must_use]
    pub fn is_heavy(&self) -> bool {
        self.is_heavy
    }

    /// The log was packed up to `position`, or will not be now.
    pub fn packed(&mut self, position: u64) {
        self.packed = position;
        self.is_heavy = false;
    }

    /// Whether this device may hold so many more changes that the server has not answered.
    #[must_use]
    pub fn has_room(&self, edits: usize) -> bool {
        self.waiting() + edits <= limits::OUTBOX
    }

    /// The entity as the screen shows it.
    #[must_use]
    pub fn view(&self, id: EntityId) -> Option<Entity> {
        let mut view = self.replica.view(id);
        for edit in self.unsaved.iter().filter(|edit| edit.entity == id) {
            let entity = view.get_or_insert_with(|| Entity::new(id, edit.kind.clone()));
            for (field, value) in &edit.set {
                entity.fields.entry(field.clone()).or_default().0 = value.clone();
            }
        }
        view
    }

    /// Looks at the entity as the screen shows it. Where nothing waits over it, it is not copied for that.
    pub fn look<T>(&self, id: EntityId, at: impl FnOnce(Option<&Entity>) -> T) -> T {
        if self.is_waiting(id) {
            at(self.view(id).as_ref())
        } else {
            at(self.replica.base(id))
        }
    }

    /// Shows an edit at once. It is saved by [`Self::next_unsaved`] and [`Self::saved`].
    ///
    /// Whatever it is, it was made in sight of whether the entity is deleted. By the time it is saved, another tab may have
    /// deleted what was living here; it must not pass for an edit of a tombstone, which goes where nobody looks.
    pub fn show(&mut self, mut edit: Edit) {
        let deleted = |view: Option<&Entity>| view.map(|view| view.value(&Field::Deleted).clone());
        let shown = self.look(edit.entity, deleted).unwrap_or_default();
        edit.seen.entry(Field::Deleted).or_insert(shown);
        self.unsaved.push_back(edit);
    }

    /// The first unsaved edits that are saved together: one gesture, up to where it comes back to an entity.
    #[must_use]
    pub fn next_unsaved(&self) -> Vec<Edit> {
        let mut entities = BTreeSet::new();
        let group = self.unsaved.front().and_then(|edit| edit.group);
        let together = |(nth, edit): &(usize, &Edit)| {
            let one_gesture = *nth == 0 || (group.is_some() && edit.group == group);
            one_gesture && *nth < SAVED_TOGETHER && entities.insert(edit.entity)
        };
        let first = self.unsaved.iter().enumerate().take_while(together);
        first.map(|(_, edit)| edit.clone()).collect()
    }

    /// The first `count` unsaved edits are in the log, and folded.
    pub fn saved(&mut self, count: usize) {
        self.unsaved.drain(..count);
    }

    /// Edits that are shown and not in the log yet, in order.
    pub fn unsaved(&self) -> impl Iterator<Item = &Edit> {
        self.unsaved.iter()
    }

    #[must_use]
    pub fn unsaved_count(&self) -> usize {
        self.unsaved.len()
    }

    /// Changes that the server has not acknowledged, saved or not.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.replica.outbox().len() + self.unsaved.len()
    }

    #[must_use]
    pub fn is_waiting(&self, id: EntityId) -> bool {
        self.replica.is_waiting(id) || self.unsaved.iter().any(|edit| edit.entity == id)
    }

    /// Every entity there is.
    #[must_use]
    pub fn ids(&self) -> BTreeSet<EntityId> {
        self.replica
            .ids()
            .chain(self.unsaved.iter().map(|edit| edit.entity))
            .collect()
    }

    /// Folds rows of the log, each once. Answers the entities they touched.
    pub fn fold(&mut self, rows: impl IntoIterator<Item = Row>) -> BTreeSet<EntityId> {
        let mut touched = BTreeSet::new();
        for (key, row) in rows {
            if key <= self.replica.position() {
                continue;
            }
            match Entry::parse(&row) {
                Ok(entry) => {
                    self.is_heavy |= is_heavy(&entry);
                    touched.extend(self.replica.fold(key, entry));
                }
                Err(RowError::Later) => self.later = true,
                Err(RowError::Damaged(reason)) => self.unreadable.push((key, reason)),
            }
        }
        touched
    }

    /// Folds entries that this tab has just written.
    pub fn fold_entries(&mut self, entries: impl IntoIterator<Item = (u64, Entry)>) -> BTreeSet<EntityId> {
        let folded = entries.into_iter().flat_map(|(key, entry)| {
            self.is_heavy |= is_heavy(&entry);
            self.replica.fold(key, entry)
        });
        folded.collect()
    }

    /// Whether there are rows of a later version of the app: whole and perhaps somebody's edit, but not for this one.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        self.later
    }

    /// Rows that could not be read since this was last asked, with the reason. They belong in quarantine, and what
    /// the server has must be fetched anew.
    pub fn take_unreadable(&mut self) -> Vec<(u64, String)> {
        std::mem::take(&mut self.unreadable)
    }
}

/// Gestures are made of what the person sees, saved or not.
impl Entities for Local {
    fn view(&self, id: EntityId) -> Option<Entity> {
        Self::view(self, id)
    }

    fn each(&self, look: &mut dyn FnMut(&Entity)) {
        for id in self.ids() {
            self.look(id, |view| view.into_iter().for_each(&mut *look));
        }
    }
}
