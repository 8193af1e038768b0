//! From an intent of the person to the edits that carry it out. Plain functions.

use tsugi_sync::conflict::{Conflict, UndoError, overwritten_by_undo, undo_of, write_time};
use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::gesture::{self, Entities, Stamp, TooMany};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::label::Label;
use tsugi_sync::limits;
use tsugi_sync::list::List;
use tsugi_sync::replica::{Edit, Parked};
use tsugi_sync::value::Value;

use super::start_here;
use crate::intent::{FieldChange, NewLabel};
use crate::model::DELETED;
use crate::text::fields::{InvalidText, seen_value, to_value};
use tsugi_words::phrases;

/// The reason why an intent is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDone {
    #[error(transparent)]
    Text(#[from] InvalidText),
    #[error("{}", phrases::too_many_at_once(.0.0, limits::GESTURE_TASKS))]
    TooMany(#[from] TooMany),
    #[error("{}", not_undone(*.0))]
    Undo(#[from] UndoError),
}

fn not_undone(error: UndoError) -> &'static str {
    match error {
        UndoError::TooOld => phrases::undone_too_late_says(),
        UndoError::NothingBefore => phrases::undone_never(),
        UndoError::NotDecided | UndoError::SubjectUnknown => phrases::changed_since(),
    }
}

/// The edit that adds a list. The group of the stamp is its id.
///
/// # Errors
/// If the name is not allowed.
pub fn add_list(name: &str, stamp: Stamp) -> Result<Edit, InvalidText> {
    Ok(edit(
        EntityId(stamp.group),
        Kind::List,
        List::create(name, stamp.at)?,
        stamp.at,
    ))
}

/// The edits of the fields that a person changed in the editor, after those that create its new labels. Several edits
/// get one group. Empty if no value has changed.
///
/// # Errors
/// If a field cannot hold its text.
pub fn edit_task_with_labels(
    id: EntityId,
    changes: &[FieldChange],
    new_labels: &[NewLabel],
    knew_deleted: bool,
    stamp: Stamp,
) -> Result<Vec<Edit>, InvalidText> {
    let chosen = changes.iter().find(|change| change.field == Field::Labels);
    let is_chosen = |id: EntityId| chosen.is_some_and(|change| change.value.contains(&id.to_string()));
    let mut edits = Vec::new();
    for label in new_labels.iter().filter(|label| is_chosen(label.id)) {
        let set = Label::create(&label.name, stamp.at)?;
        edits.push(edit(label.id, Kind::Label, set, stamp.at));
    }
    edits.extend(edit_task(id, changes, knew_deleted, stamp)?);
    if edits.len() > 1 {
        edits.iter_mut().for_each(|edit| edit.group = Some(stamp.group));
    }
    Ok(edits)
}

/// The edit of the fields that a person changed in the editor. None if no value has changed. Who did not know, when they
/// opened the editor, that the task is deleted, is asked what becomes of it.
///
/// # Errors
/// If a field cannot hold its text.
pub fn edit_task(
    id: EntityId,
    changes: &[FieldChange],
    knew_deleted: bool,
    stamp: Stamp,
) -> Result<Option<Edit>, InvalidText> {
    let mut set = Fields::new();
    let mut seen = Fields::new();
    for FieldChange {
        field,
        seen: before,
        value,
    } in changes.iter().filter(|change| change.seen != change.value)
    {
        set.insert(field.clone(), to_value(field, value, stamp.at)?);
        seen.insert(field.clone(), seen_value(field, before));
    }
    if !knew_deleted {
        seen.insert(Field::Deleted, Value::Null);
    }
    Ok((!set.is_empty()).then(|| Edit {
        seen,
        ..edit(id, Kind::Task, set, stamp.at)
    }))
}

/// The edit that deletes a comment.
#[must_use]
pub fn delete_comment(id: EntityId, stamp: Stamp) -> Edit {
    let set = Fields::from([(Field::Deleted, write_time(stamp.at))]);
    edit(id, Kind::Comment, set, stamp.at)
}

/// The values with which a person settles a conflict.
///
/// # Errors
/// If a field cannot hold its text.
pub fn results(results: &[(Field, String)], now: Timestamp) -> Result<Fields, InvalidText> {
    results
        .iter()
        .map(|(field, text)| Ok((field.clone(), to_value(field, text, now)?)))
        .collect()
}

/// The other side of a conflict as it was shown. The screen does not show when something was deleted, so that time does
/// not count as seen.
#[must_use]
pub fn shown(texts: &[(Field, String)]) -> Fields {
    let told = texts
        .iter()
        .filter(|(field, text)| *field != Field::Deleted || text != DELETED);
    told.map(|(field, text)| (field.clone(), seen_value(field, text)))
        .collect()
}

/// The edits that take back what a person decided about a conflict. With `anyway`, also fields that somebody has edited
/// since get back what they had.
///
/// # Errors
/// If it cannot be taken back.
pub fn unresolve(
    entities: &dyn Entities,
    conflict: EntityId,
    anyway: bool,
    stamp: Stamp,
) -> Result<Vec<Edit>, NotDone> {
    let record = entities.view(conflict).ok_or(UndoError::NotDecided)?;
    let read = Conflict::read(&record).ok_or(UndoError::NotDecided)?;
    let subject = entities.view(read.subject);
    let over = match anyway {
        true => overwritten_by_undo(&read, subject.as_ref()),
        false => Vec::new(),
    };
    let done = undo_of(&record, subject.as_ref(), &over, stamp.at)?;
    Ok(gesture::undo(entities, &done, stamp.at, Some(stamp.group)))
}

/// The edit that sends a refused mutation again, with the values that the person has corrected.
///
/// # Errors
/// If a field cannot hold its text.
pub fn resend(parked: &Parked, values: &[(String, String)], at: Timestamp) -> Result<Edit, InvalidText> {
    let mut set = parked.mutation.set.clone();
    for (name, text) in values {
        let field = Field::from(name.as_str());
        set.insert(field.clone(), to_value(&field, text, at)?);
    }
    // The person has not seen what others wrote there since, or whether they deleted it. So the base is the old one.
    let seen = |field: &Field| (field.clone(), parked.mutation.base_value(field).clone());
    let seen = set.keys().chain([&Field::Deleted]).map(seen).collect();
    Ok(Edit {
        seen,
        ..edit(parked.mutation.entity, parked.mutation.kind.clone(), set, at)
    })
}

/// The edits that copy one workspace into another, so that the tasks of a person without an account join the new
/// account.
///
/// If that was interrupted and is done again, some tasks may already be there and have changed since. The edits say
/// that the person saw no values there, so that such a change is not overwritten silently.
#[must_use]
pub fn adopt(entities: impl IntoIterator<Item = Entity>, at: Timestamp) -> Vec<Edit> {
    let living = entities
        .into_iter()
        .filter(|entity| !entity.is_deleted() && !start_here::is_untouched(entity));
    living
        .map(|entity| {
            let set: Fields = entity
                .fields
                .into_iter()
                .map(|(field, cell)| (field, cell.0))
                .collect();
            let fields = set.keys().chain([&Field::Deleted]);
            let seen = fields.map(|field| (field.clone(), Value::Null)).collect();
            Edit {
                seen,
                ..edit(entity.id, entity.kind, set, at)
            }
        })
        .collect()
}

fn edit(entity: EntityId, kind: Kind, set: Fields, at: Timestamp) -> Edit {
    Edit {
        entity,
        kind,
        set,
        seen: Fields::new(),
        at,
        group: None,
    }
}
