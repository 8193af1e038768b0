//! Undo: edits that set back what earlier ones set, also after those have been acknowledged. What somebody has changed
//! since stays theirs: nobody takes back what they did not do.
//!
//! What undo did can be undone: that is redo.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::Entities;
use super::family::{id_in, link};
use crate::ancestry::{self, Link};
use crate::conflict::write_time;
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, Revision, Timestamp};
use crate::mutation::Mutation;
use crate::replica::Edit;
use crate::value::Value;

/// What was done to one entity: what was set, and what those fields had before. A field that is not there had nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub entity: EntityId,
    pub kind: Kind,
    pub set: Fields,
    pub had: Fields,
}

impl Done {
    /// An edit of what was shown as `before`.
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

    /// Whether its entity began with it: every kind says when it was made, and says it once.
    fn begins(&self) -> bool {
        self.set.contains_key(&Field::Created) && self.had(&Field::Created).is_null()
    }

    /// What began goes, if all that it has is what it was given.
    fn deletion(&self, view: &Entity, at: Timestamp) -> Fields {
        let given = |(field, value): (&Field, &Value)| self.set.get(field).unwrap_or(&Value::Null) == value;
        let mut has = view.fields.iter().map(|(field, cell)| (field, &cell.0));
        let stands = self.set.iter().all(|(field, value)| view.value(field) == value);
        if stands && has.all(given) {
            Fields::from([(Field::Deleted, write_time(at))])
        } else {
            Fields::new()
        }
    }

    /// The fields that still have the value they were given, with the one they had.
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

/// The edits that take back `done`, last first: each field that still has the value it was given gets back the one it
/// had; what began with it is deleted, if nobody has touched it. None where nothing of it stands any more. The record of
/// a conflict stays: nobody made it, and it may hold what stands nowhere else.
#[must_use]
pub fn undo(entities: &dyn Entities, done: &[Done], at: Timestamp, group: Option<Uuid>) -> Vec<Edit> {
    // Where tasks go back to: of several, one may be above the other.
    let mut back: BTreeMap<EntityId, Value> = BTreeMap::new();
    let undone = done.iter().rev().filter_map(|done| {
        let view = entities.view(done.entity)?;
        let mut set = match (done.begins(), &done.kind) {
            (true, Kind::Conflict) => return None,
            (true, _) => done.deletion(&view, at),
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

/// Whether a task is the other one or below it, once those in `back` are where they go.
fn is_below(
    entities: &dyn Entities,
    task: &Value,
    other: EntityId,
    back: &BTreeMap<EntityId, Value>,
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
