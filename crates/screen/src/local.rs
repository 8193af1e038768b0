//! The workspace as this tab holds it: the replica, and over it the edits that are not in the durable log yet.
//!
//! An edit is shown the moment it is made, and is in the log a millisecond later. Only then does it count as saved.

use std::collections::{BTreeSet, VecDeque};

use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::gesture::Entities;
use tsugi_sync::ids::EntityId;
use tsugi_sync::limits;
use tsugi_sync::log::{Entry, RowError};
use tsugi_sync::replica::{Edit, Replica};

/// The largest number of edits that one transaction saves.
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
    /// Whether the log has rows that a later version of the app wrote.
    later: bool,
    /// The position up to which the log is packed into a checkpoint.
    packed: u64,
    /// Whether a row after that position holds many entities, as those of a snapshot do. Reading such rows again takes
    /// long.
    is_heavy: bool,
}

/// A row with at least this number of entities counts as heavy.
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

    /// Takes over a copy that was read from storage again, because the log was packed before this tab had read all of
    /// it. Unsaved edits stay.
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

    /// Whether one of the rows that are not packed is heavy.
    #[must_use]
    pub fn is_heavy(&self) -> bool {
        self.is_heavy
    }

    /// The log was packed up to `position`, or packing it was given up for now.
    pub fn packed(&mut self, position: u64) {
        self.packed = position;
        self.is_heavy = false;
    }

    /// Whether this device may hold this number of further edits that the server has not answered.
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

    /// Looks at the entity as the screen shows it. An entity without waiting edits is not copied.
    pub fn look<T>(&self, id: EntityId, at: impl FnOnce(Option<&Entity>) -> T) -> T {
        if self.is_waiting(id) {
            at(self.view(id).as_ref())
        } else {
            at(self.replica.base(id))
        }
    }

    /// Shows an edit at once. It is saved by [`Self::next_unsaved`] and [`Self::saved`].
    ///
    /// The edit records whether its entity was deleted when the person made it. Another tab may delete the entity
    /// before the edit is saved. Without the record, the edit would count as one of a deleted entity, and nobody would
    /// see it there.
    pub fn show(&mut self, mut edit: Edit) {
        let deleted = |view: Option<&Entity>| view.map(|view| view.value(&Field::Deleted).clone());
        let shown = self.look(edit.entity, deleted).unwrap_or_default();
        edit.seen.entry(Field::Deleted).or_insert(shown);
        self.unsaved.push_back(edit);
    }

    /// The first unsaved edits that are saved in one transaction: those of one gesture, up to the second edit of the
    /// same entity.
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

    /// The first `count` unsaved edits are in the log now, and folded.
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

    /// How many edits the server has not acknowledged, saved or not.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.replica.outbox().len() + self.unsaved.len()
    }

    #[must_use]
    pub fn is_waiting(&self, id: EntityId) -> bool {
        self.replica.is_waiting(id) || self.unsaved.iter().any(|edit| edit.entity == id)
    }

    /// The ids of all entities.
    #[must_use]
    pub fn ids(&self) -> BTreeSet<EntityId> {
        self.replica
            .ids()
            .chain(self.unsaved.iter().map(|edit| edit.entity))
            .collect()
    }

    /// Folds rows of the log, each only once. Returns the entities that they changed.
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

    /// Whether the log has rows of a later version of the app. They are undamaged and may be edits of the person, but
    /// this version cannot read them.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        self.later
    }

    /// The rows that could not be read since the last call, each with the reason. The caller puts them into quarantine
    /// and fetches the server's state again.
    pub fn take_unreadable(&mut self) -> Vec<(u64, String)> {
        std::mem::take(&mut self.unreadable)
    }
}

/// Gestures start from what the person sees, saved or not.
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
