//! Undo: a new mutation that sets back what an earlier one set, also after that has been acknowledged. What somebody has
//! changed since stays theirs: nobody takes back what they did not do.
//!
//! What undo made can be undone: that is redo.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Edit, Replica};
use crate::conflict::write_time;
use crate::entity::{Entity, Field, Fields};
use crate::ids::{EntityId, Timestamp};
use crate::mutation::Mutation;
use crate::value::Value;

impl Replica {
    /// The mutations that take back `done`, last first: each field that still has the value it was given gets back the
    /// one it had; what began with it is deleted, if nobody has touched it. None where nothing of it stands any more.
    #[must_use]
    pub fn undo(&self, done: &[Mutation], at: Timestamp, group: Option<Uuid>) -> Vec<Mutation> {
        // Where tasks go back to: of several, one may be above the other.
        let mut back: BTreeMap<EntityId, Value> = BTreeMap::new();
        let undone = done.iter().rev().filter_map(|mutation| {
            let view = self.view(mutation.entity)?;
            let mut set = if begins(mutation) {
                deletion(mutation, &view, at)
            } else {
                standing(mutation, &view)
            };
            if let Some(parent) = set.get(&Field::Parent) {
                if self.is_below(parent, mutation.entity, &back) {
                    set.remove(&Field::Parent);
                } else {
                    back.insert(mutation.entity, parent.clone());
                }
            }
            (!set.is_empty()).then(|| {
                self.edit(Edit {
                    entity: mutation.entity,
                    kind: mutation.kind.clone(),
                    set,
                    seen: Fields::new(),
                    at,
                    group,
                })
            })
        });
        undone.collect()
    }

    /// Whether a task is the other one or below it, once those in `back` are where they go.
    fn is_below(&self, task: &Value, other: EntityId, back: &BTreeMap<EntityId, Value>) -> bool {
        let id = |value: &Value| value.as_text().and_then(|text| text.parse().ok());
        let mut at: Option<EntityId> = id(task);
        let mut met = Vec::new();
        while let Some(here) = at.filter(|here| !met.contains(here)) {
            if here == other {
                return true;
            }
            met.push(here);
            at = match back.get(&here) {
                Some(parent) => id(parent),
                None => self.view(here).and_then(|view| id(view.value(&Field::Parent))),
            };
        }
        false
    }
}

/// Whether its entity began with it: every kind says when it was made, and says it once.
fn begins(mutation: &Mutation) -> bool {
    mutation.set.contains_key(&Field::Created) && mutation.base_value(&Field::Created).is_null()
}

/// What began goes, if all that it has is what it was given.
fn deletion(mutation: &Mutation, view: &Entity, at: Timestamp) -> Fields {
    let given = |(field, value): (&Field, &Value)| mutation.set.get(field).unwrap_or(&Value::Null) == value;
    let mut has = view.fields.iter().map(|(field, cell)| (field, &cell.0));
    let stands = mutation
        .set
        .iter()
        .all(|(field, value)| view.value(field) == value);
    if stands && has.all(given) {
        Fields::from([(Field::Deleted, write_time(at))])
    } else {
        Fields::new()
    }
}

/// The fields that still have the value they were given, with the one they had.
fn standing(mutation: &Mutation, view: &Entity) -> Fields {
    let standing = mutation
        .set
        .iter()
        .filter(|(field, value)| view.value(field) == *value);
    standing
        .map(|(field, _)| (field.clone(), mutation.base_value(field).clone()))
        .collect()
}
