//! What a person does on a device, and the mutations that it becomes, by the gestures of the core.

use tsugi_calendar::Date;
use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::gesture::{self, Stamp};
use tsugi_sync::ids::EntityId;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::task::{Task, check_title};
use tsugi_sync::value::Value;

use crate::card::tasks;
use crate::limits;
use crate::question::{Pick, question};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    Add(String),
    Rename(EntityId, String),
    SetDay(EntityId, Option<Date>),
    SetNotes(EntityId, String),
    SetDone(EntityId, bool),
    Delete(EntityId),
    /// Put the first task below the second one.
    PutBelow(EntityId, EntityId),
    /// Decide a conflict.
    Decide(EntityId, Pick),
}

/// Why a deed was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    NoTitle,
    TooLong,
    /// There are enough tasks.
    Full,
    /// It is not there any more, or cannot go there, or nothing would change.
    Nothing,
}

/// The mutations of a deed. `device` is the name of the device.
pub(crate) fn mutations(
    replica: &Replica,
    deed: Deed,
    device: &str,
    stamp: Stamp,
) -> Result<Vec<Mutation>, Refused> {
    let edit = |entity, set: Fields| Edit {
        entity,
        kind: Kind::Task,
        set,
        seen: Fields::new(),
        at: stamp.at,
        group: Some(stamp.group),
    };
    let set = |id, field, value| vec![edit(id, Fields::from([(field, value)]))];
    let edits = match deed {
        Deed::Add(title) => {
            if tasks(replica).len() >= limits::TASKS {
                return Err(Refused::Full);
            }
            let fields = Task::create(titled(&title)?, stamp.at).map_err(|_| Refused::NoTitle)?;
            vec![edit(EntityId(stamp.group), fields)]
        }
        Deed::Rename(id, title) => set(id, Field::Title, titled(&title)?.into()),
        Deed::SetDay(id, day) => {
            let day = day.map_or(Value::Null, |day| Value::text(day.to_string()));
            set(id, Field::Due, day)
        }
        Deed::SetNotes(id, notes) => {
            if notes.chars().count() > limits::NOTES_CHARS {
                return Err(Refused::TooLong);
            }
            set(id, Field::Notes, Value::text(notes))
        }
        Deed::SetDone(id, true) => {
            gesture::complete(replica, &[id], stamp).map_err(|gesture::TooMany(_)| Refused::Full)?
        }
        Deed::SetDone(id, false) => {
            gesture::reopen(replica, id, stamp).map_err(|gesture::TooMany(_)| Refused::Full)?
        }
        Deed::Delete(id) => {
            gesture::delete(replica, &[id], stamp).map_err(|gesture::TooMany(_)| Refused::Full)?
        }
        Deed::PutBelow(id, parent) => {
            gesture::nest(replica, id, parent, stamp).map_err(|_| Refused::Nothing)?
        }
        Deed::Decide(conflict, pick) => return decide(replica, conflict, pick, device, stamp),
    };
    let changes = |edit: &Edit| {
        let view = replica.view(edit.entity);
        let known = |field: &Field| {
            view.as_ref()
                .map(|view| view.value(field).clone())
                .unwrap_or_default()
        };
        edit.set.iter().any(|(field, value)| known(field) != *value)
    };
    let edits: Vec<Edit> = edits.into_iter().filter(changes).collect();
    match edits.is_empty() {
        true => Err(Refused::Nothing),
        false => Ok(replica.edits(edits)),
    }
}

fn titled(title: &str) -> Result<&str, Refused> {
    let title = check_title(title).map_err(|_| Refused::NoTitle)?;
    match title.chars().count() > limits::TITLE_CHARS {
        true => Err(Refused::TooLong),
        false => Ok(title),
    }
}

fn decide(
    replica: &Replica,
    conflict: EntityId,
    pick: Pick,
    device: &str,
    stamp: Stamp,
) -> Result<Vec<Mutation>, Refused> {
    let view = replica.view(conflict).ok_or(Refused::Nothing)?;
    let question = question(&view).ok_or(Refused::Nothing)?;
    let choice = question.choices.into_iter().find(|choice| choice.pick == pick);
    let results = choice.ok_or(Refused::Nothing)?.results;
    let resolved = replica.resolve(
        conflict,
        results.clone(),
        Fields::new(),
        device,
        stamp.at,
        stamp.group,
    );
    let along = replica.goes_along(conflict, &results, stamp);
    Ok(resolved.into_iter().chain(along).collect())
}
