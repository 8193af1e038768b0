//! Undo: edits that set back the values that earlier edits set, also after the server has acknowledged those. A field
//! that somebody has changed since keeps its value, because nobody takes back what they did not do.
//!
//! An undo is an edit as well, so it can be undone: that is redo.

use uuid::Uuid;

use super::Entities;
use super::family::{id_in, link};
use serde::{Deserialize, Serialize};

use crate::ancestry::{self, Link};
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, Revision, Timestamp};
use crate::mutation::Mutation;
use crate::replica::Edit;
use crate::sorted_map::SortedMap;
use crate::value::Value;

/// The effect of an edit on one entity: the fields that it set, and the values that those had before. A field that
/// is not in `had` had no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub entity: EntityId,
    pub kind: Kind,
    pub set: Fields,
    pub had: Fields,
}

impl Done {
    /// Describes an edit of an entity that was shown as `before`.
    #[must_use]
    pub fn of(edit: &Edit, before: Option<&Entity>) -> Self {
        let had = |field: &Field| Some((field.clone(), before?.value(field).clone()));
        Self {
            entity: edit.entity,
            kind: edit.kind.clone(),
            set: edit.set.clone(),
            had: edit.set.keys().filter_map(had).collect(),
        }
    }

    fn had(&self, field: &Field) -> &Value {
        self.had.get(field).unwrap_or(&Value::Null)
    }

    /// Whether this edit created the entity: every kind has a time of creation, which is set once.
    fn begins(&self) -> bool {
        self.set.contains_key(&Field::Created) && self.had(&Field::Created).is_null()
    }

    /// The deletion of an entity that this edit created; empty if anybody has changed the entity since. Its time is that of
    /// the creation, as a sign that nobody deleted the entity: it was never meant to be.
    fn deletion(&self, view: &Entity) -> Fields {
        let given = |(field, value): (&Field, &Value)| self.set.get(field).unwrap_or(&Value::Null) == value;
        let mut has = view.fields.iter().map(|(field, cell)| (field, &cell.0));
        let stands = self.set.iter().all(|(field, value)| view.value(field) == value);
        if stands && has.all(given) {
            Fields::from([(Field::Deleted, view.value(&Field::Created).clone())])
        } else {
            Fields::new()
        }
    }

    /// The fields that still have the value that was set, each with the value that it had before.
    fn standing(&self, view: &Entity) -> Fields {
        let standing = self
            .set
            .iter()
            .filter(|(field, value)| view.value(field) == *value);
        standing
            .map(|(field, _)| (field.clone(), self.had(field).clone()))
            .collect()
    }
}

impl From<&Mutation> for Done {
    fn from(mutation: &Mutation) -> Self {
        let had = |field: &Field| (field.clone(), mutation.base_value(field).clone());
        Self {
            entity: mutation.entity,
            kind: mutation.kind.clone(),
            set: mutation.set.clone(),
            had: mutation.set.keys().map(had).collect(),
        }
    }
}

/// The edits that take back `done`, last first. A field that still has the value that was set gets back the one it had
/// before. An entity that was created is deleted, if nobody has changed it. The record of a conflict stays, because no
/// person made it, and it may hold values that exist nowhere else.
#[must_use]
pub fn undo(entities: &dyn Entities, done: &[Done], at: Timestamp, group: Option<Uuid>) -> Vec<Edit> {
    // The parents to which tasks go back. Of several tasks, one may go back above another.
    let mut back: SortedMap<EntityId, Value> = SortedMap::new();
    let undone = done.iter().rev().filter_map(|done| {
        let view = entities.view(done.entity)?;
        let mut set = match (done.begins(), &done.kind) {
            (true, Kind::Conflict) => return None,
            (true, _) => done.deletion(&view),
            (false, _) => done.standing(&view),
        };
        if let Some(parent) = set.get(&Field::Parent) {
            if is_below(entities, parent, done.entity, &back) {
                set.remove(&Field::Parent);
            } else {
                back.insert(done.entity, parent.clone());
            }
        }
        (!set.is_empty()).then(|| Edit {
            entity: done.entity,
            kind: done.kind.clone(),
            set,
            seen: Fields::new(),
            at,
            group,
        })
    });
    undone.collect()
}

/// Whether a task is the other one or below it, once the tasks in `back` are back in their places.
fn is_below(
    entities: &dyn Entities,
    task: &Value,
    other: EntityId,
    back: &SortedMap<EntityId, Value>,
) -> bool {
    let named = |id: EntityId| {
        let parent = match back.get(&id) {
            Some(parent) => id_in(parent),
            None => entities.view(id).and_then(|view| link(&view, &Field::Parent)),
        };
        let moved = Revision(0);
        Some(Link {
            parent: parent?,
            moved,
        })
    };
    id_in(task).is_some_and(|task| ancestry::leads_to(task, other, named))
}
