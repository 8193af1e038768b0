//! A person decides on a conflict or on a merge record.

use uuid::Uuid;

use super::{Edit, Replica};
use crate::ancestry::{self, Link};
use crate::conflict::{self, Conflict, Side};
use crate::entity::{Cell, Entity, Field, Fields, Kind};
use crate::fault::{Fault, planted};
use crate::gesture::{self, Entities, Stamp};
use crate::ids::{EntityId, Revision, Timestamp};
use crate::mutation::Mutation;
use crate::value::Value;

impl Replica {
    /// The mutations by which a person decides on a record: one sets the results on its subject, and one marks it as
    /// resolved. None if there is no such record. The record is an open conflict, or one of a merge whose result the
    /// person does not want.
    ///
    /// `shown` holds the remote values that the person was looking at. If the subject has changed since, they have not
    /// seen that, and are asked again about the new value. `device` is the name of the device. A parent that would put
    /// the task below itself by now is left out.
    #[must_use]
    pub fn resolve(
        &self,
        conflict: EntityId,
        mut results: Fields,
        shown: Fields,
        device: &str,
        at: Timestamp,
        group: Uuid,
    ) -> Vec<Mutation> {
        let Some(record) = self.view(conflict) else {
            return Vec::new();
        };
        let Some(conflict) = Conflict::read(&record) else {
            return Vec::new();
        };
        let parent = results.get(&Field::Parent);
        if parent.is_some_and(|parent| self.is_below(parent, conflict.subject)) {
            results.remove(&Field::Parent);
        }
        if results.is_empty() {
            return Vec::new();
        }
        let edit = |entity, kind, set, seen| {
            self.edit(Edit {
                entity,
                kind,
                set,
                seen,
                at,
                group: Some(group),
            })
        };
        let subject = self.view(conflict.subject);
        let now = |field: &Field| subject.as_ref().map(|subject| subject.value(field).clone());
        let differs = |field: &Field, set: &_| now(field).is_none_or(|now| now != *set);
        let set: Fields = results
            .iter()
            .filter(|(f, v)| differs(f, v))
            .map(|(f, v)| (f.clone(), v.clone()))
            .collect();
        let mut mutations = Vec::new();
        if !set.is_empty() {
            mutations.push(edit(conflict.subject, conflict.subject_kind.clone(), set, shown));
            if planted(Fault::ResolutionWithoutParents) {
                mutations[0].base.clear();
            }
        }
        let before = |field: &Field| now(field).unwrap_or_default();
        let mut before: Fields = results
            .keys()
            .map(|field| (field.clone(), before(field)))
            .collect();
        if planted(Fault::BeforeForgotten) {
            before.clone_from(&results);
        }
        let by = Side {
            device: device.to_owned(),
            at,
            replica: Some(self.id),
        };
        let resolved = conflict::resolved(&record, &results, &before, &by);
        mutations.push(edit(conflict.id, Kind::Conflict, resolved, Fields::new()));
        mutations
    }

    /// What goes along with a decision about a completed task.
    ///
    /// If the decision opens the task again, the sub-tasks that were completed with it are open again, and the next
    /// instance that its completion began is deleted. If it stays done, and the record is about another rule, the next
    /// instance gets the new rule, with the dates that follow from it. In both cases a next instance that somebody has
    /// touched stays as it is.
    ///
    /// Who completed the task saw its old dates and its old rule, and the next instance was made of those. So the task is
    /// looked at as it was before both sides of the record.
    #[must_use]
    pub fn goes_along(&self, conflict: EntityId, results: &Fields, stamp: Stamp) -> Vec<Mutation> {
        let record = self.view(conflict).as_ref().and_then(Conflict::read);
        let (Some(record), Some(completed)) = (record, results.get(&Field::Completed)) else {
            return Vec::new();
        };
        let Some(mut now) = self.view(record.subject) else {
            return Vec::new();
        };
        let mut subject = now.clone();
        for (field, sides) in record
            .fields
            .iter()
            .filter(|(field, _)| **field != Field::Completed)
        {
            let revision = subject.revision_of(field);
            subject
                .fields
                .insert(field.clone(), Cell(sides.base.clone(), revision));
        }
        let id = subject.id;
        let before = AsBefore {
            replica: self,
            subject,
        };
        let edits = match (completed, record.fields.contains_key(&Field::Recurrence)) {
            (Value::Null, _) => gesture::reopen(&before, id, stamp),
            (_, true) => {
                let decided = results.iter().map(|(f, value)| (f.clone(), value.clone()));
                for (field, value) in decided {
                    let revision = now.revision_of(&field);
                    now.fields.insert(field, Cell(value, revision));
                }
                gesture::renew_next(&before, &now, stamp)
            }
            (_, false) => Ok(Vec::new()),
        };
        let edits = edits.unwrap_or_default().into_iter();
        self.edits(edits.filter(|edit| edit.entity != id).collect())
    }

    /// Whether a task is the other one or below it.
    fn is_below(&self, task: &Value, other: EntityId) -> bool {
        let parse = |value: &Value| value.as_text()?.parse().ok();
        let parent = |id| {
            let view = self.view(id).filter(|view| !view.is_deleted())?;
            Some(Link {
                parent: parse(view.value(&Field::Parent))?,
                moved: Revision(0),
            })
        };
        parse(task).is_some_and(|task| ancestry::leads_to(task, other, parent))
    }
}

/// The entities of a replica, with one of them as it was before.
struct AsBefore<'a> {
    replica: &'a Replica,
    subject: Entity,
}

impl Entities for AsBefore<'_> {
    fn view(&self, id: EntityId) -> Option<Entity> {
        match id == self.subject.id {
            true => Some(self.subject.clone()),
            false => self.replica.view(id),
        }
    }

    fn each(&self, look: &mut dyn FnMut(&Entity)) {
        Entities::each(self.replica, &mut |entity| match entity.id == self.subject.id {
            true => look(&self.subject),
            false => look(entity),
        });
    }
}
