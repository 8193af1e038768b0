//! Undo of a decision: a resolution is taken back on any device, also after others have edited the subject.
//!
//! The record itself says what the subject had before the resolution, so no device needs to remember it. Fields that
//! still have the result get back what they had. Fields that somebody has changed since keep their value, unless the
//! person has seen that value and overwrites it. The record is open again, or merged again, with both sides as before.
//!
//! An example. A task was “milk”, and the sides “oat milk” and “soy milk”:
//!
//! ```text
//! Ann     resolves: “soy milk”           the record keeps before “oat milk”, result “soy milk”
//! Ben     undoes it on another device    the task is “oat milk” again, and the question is open again
//! ```
//! If Cem had made it “no milk” in between, Ben's undo would open the question and leave “no milk” alone. Ben may
//! also overwrite it, once he has been shown “no milk”.
//!
//! An automatic merge is not undone here: a person who wants the dropped value resolves the record with it.

use super::{Conflict, State};
use crate::entity::{Entity, Field, Fields, Kind};
use crate::fault::{Fault, planted};
use crate::gesture::Done;
use crate::ids::Timestamp;
pub use crate::limits::UNDO_MS;
use crate::sorted_map::SortedMap;
use crate::value::Value;

/// Why a decision cannot be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoError {
    #[error("nobody has decided on it yet")]
    NotDecided,
    /// An earlier version of the app resolved it, or there was no room.
    #[error("the record does not say what was there before the decision")]
    NothingBefore,
    #[error("the decision is older than {} days", UNDO_MS / 86_400_000)]
    TooOld,
    /// It was deleted for good, or it was deleted before this replica received its first snapshot.
    #[error("the entity that the decision was about is not on this device")]
    SubjectUnknown,
}

/// A field that has changed since the resolution: the value that it has now, and the one that an undo over it sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overwritten {
    pub field: Field,
    pub now: Value,
    pub undone: Value,
}

impl Conflict {
    /// Whether the decision can still be taken back: the resolution of a person, or the merge of a rule. A merge is
    /// taken back by resolving the record with the dropped value.
    ///
    /// # Errors
    /// With the reason, if it cannot.
    pub fn may_undo(&self, now: Timestamp) -> Result<(), UndoError> {
        let decided = match (self.state, &self.resolution) {
            (State::Open, _) | (State::Resolved, None) => return Err(UndoError::NotDecided),
            (State::Merged, _) => self.created,
            (State::Resolved, Some(resolution)) if resolution.before.is_empty() => {
                return Err(UndoError::NothingBefore);
            }
            (State::Resolved, Some(resolution)) => resolution.by.at,
        };
        match now.since(decided) > UNDO_MS {
            true => Err(UndoError::TooOld),
            false => Ok(()),
        }
    }
}

/// The fields of the subject that have changed since the resolution, and that an undo over them would change. An undo
/// without them leaves them alone.
#[must_use]
pub fn overwritten_by_undo(record: &Conflict, subject: Option<&Entity>) -> Vec<Overwritten> {
    let (Some(resolution), Some(subject)) = (&record.resolution, subject) else {
        return Vec::new();
    };
    let changed = |(field, before): (&Field, &Value)| {
        let now = subject.value(field);
        let stands = resolution.results.get(field) == Some(now) || now == before;
        (!stands && can_be_undone(field)).then(|| Overwritten {
            field: field.clone(),
            now: now.clone(),
            undone: before.clone(),
        })
    };
    resolution.before.iter().filter_map(changed).collect()
}

/// What [`gesture::undo`](crate::gesture::undo) has to take back, so that the resolution of `record` is undone. The
/// fields in `over` get back what they had, although they have changed since. A field that has changed yet again is
/// left alone, because the person has not seen that.
///
/// # Errors
/// If the resolution cannot be taken back.
pub fn undo_of(
    record: &Entity,
    subject: Option<&Entity>,
    over: &[Overwritten],
    now: Timestamp,
) -> Result<Vec<Done>, UndoError> {
    let conflict = Conflict::read(record).ok_or(UndoError::NotDecided)?;
    conflict.may_undo(now)?;
    let resolution = conflict.resolution.as_ref().ok_or(UndoError::NotDecided)?;
    if subject.is_none() {
        return Err(UndoError::SubjectUnknown);
    }
    let (mut set, mut had) = (Fields::new(), Fields::new());
    for (field, before) in &resolution.before {
        let over = over.iter().find(|over| over.field == *field);
        let mut stands = over.map(|over| &over.now).or(resolution.results.get(field));
        if planted(Fault::UndoOverEdits) {
            stands = subject.map(|subject| subject.value(field));
        }
        if let Some(stands) = stands.filter(|stands| *stands != before && can_be_undone(field)) {
            set.insert(field.clone(), stands.clone());
            had.insert(field.clone(), before.clone());
        }
    }
    let of_subject = Done {
        entity: conflict.subject,
        kind: conflict.subject_kind.clone(),
        set,
        had,
    };
    let of_record = (!planted(Fault::UndoLeavesResolved)).then(|| reopening(record, &conflict));
    Ok([of_subject].into_iter().chain(of_record).collect())
}

/// The decision on the record itself, which leaves it as it was before.
fn reopening(record: &Entity, conflict: &Conflict) -> Done {
    let fields = [Field::State, Field::Result, Field::Before, Field::Resolver];
    let merged = conflict.was_merged.then_some(Field::Merged);
    let set = fields.into_iter().chain(merged);
    let set = set
        .map(|field| (field.clone(), record.value(&field).clone()))
        .collect();
    let had = match conflict.was_merged {
        true => SortedMap::from([
            (Field::State, State::Merged.as_str().into()),
            (Field::Result, record.value(&Field::Merged).clone()),
        ]),
        false => SortedMap::from([(Field::State, State::Open.as_str().into())]),
    };
    Done {
        entity: record.id,
        kind: Kind::Conflict,
        set,
        had,
    }
}

/// The moment of creation is set once, and never taken back: an edit that sets it counts as one that makes the entity.
fn can_be_undone(field: &Field) -> bool {
    *field != Field::Created
}
