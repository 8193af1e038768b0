//! Open conflicts as questions with a few answers. The rules of the real screen are in `crates/screen/src/conflicts`, with
//! fields one by one; here one answer decides all fields of a conflict.

use tsugi_calendar::Date;
use tsugi_sync::conflict::{Conflict, Side, Sides, State};
use tsugi_sync::entity::{Entity, Field, Fields};
use tsugi_sync::ids::EntityId;
use tsugi_sync::value::Value;

use crate::change::day_of;
use crate::device::Who;

/// What a person can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// What was made on this device.
    Of(Who),
    /// Both, one after the other.
    Both,
}

/// An answer: what it means in the data, and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub pick: Pick,
    pub says: Says,
    pub(crate) results: Fields,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    Text(String),
    Day(Option<Date>),
    Delete,
    /// Keep a task that the other side deleted.
    Keep,
    Done,
    /// Open it again, on this day.
    StillToDo(Option<Date>),
    /// Several fields at once.
    All,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub conflict: EntityId,
    pub task: EntityId,
    pub choices: Vec<Choice>,
}

/// The question that an entity is; none if it is no open conflict.
pub(crate) fn question(entity: &Entity) -> Option<Question> {
    let conflict = Conflict::read(entity).filter(|conflict| conflict.state == State::Open)?;
    let (local, remote) = sides_of(&conflict.local, &conflict.remote);
    let fields: Vec<(&Field, &Sides)> = conflict.fields.iter().collect();
    let take = |who: Who, value: fn(&Sides) -> &Value| {
        let results = fields
            .iter()
            .map(|(field, sides)| ((*field).clone(), value(sides).clone()));
        let results: Fields = results.collect();
        Choice {
            pick: Pick::Of(who),
            says: says(&results),
            results,
        }
    };
    let choices = match put_off(&conflict) {
        Some([done, open]) => match is_changed_locally(&conflict) {
            true => vec![done.by(remote), open.by(local)],
            false => vec![done.by(local), open.by(remote)],
        },
        None => {
            let mut choices = vec![
                take(local, |sides| &sides.local),
                take(remote, |sides| &sides.remote),
            ];
            choices.iter_mut().for_each(Choice::deletes_alone);
            choices.extend(both(&fields));
            choices
        }
    };
    Some(Question {
        conflict: conflict.id,
        task: conflict.subject,
        choices,
    })
}

/// The devices of the two sides. If one of them is not known, it is the other one.
fn sides_of(local: &Side, remote: &Side) -> (Who, Who) {
    let who = |side: &Side| side.replica.and_then(Who::of);
    let local = who(local)
        .or_else(|| who(remote).map(Who::other))
        .unwrap_or(Who::Laptop);
    (local, local.other())
}

fn says(results: &Fields) -> Says {
    if let Some(deleted) = results.get(&Field::Deleted) {
        return match deleted.is_null() {
            true => Says::Keep,
            false => Says::Delete,
        };
    }
    let mut fields = results.iter();
    match (fields.next(), fields.next()) {
        (Some((Field::Due, value)), None) => Says::Day(day_of(value)),
        (Some((_, Value::Text(text))), None) => Says::Text(text.clone()),
        (_, _) => Says::All,
    }
}

impl Choice {
    /// Whoever deletes a task says nothing about its other fields.
    fn deletes_alone(&mut self) {
        if self.says == Says::Delete {
            self.results.retain(|field, _| *field == Field::Deleted);
        }
    }
}

/// Both texts, if the conflict is about one text.
fn both(fields: &[(&Field, &Sides)]) -> Option<Choice> {
    let [(field, sides)] = fields else { return None };
    let (local, remote) = (sides.local.as_text()?, sides.remote.as_text()?);
    let joints = [(Field::Title, " / "), (Field::Notes, "\n")];
    let (_, between) = joints.into_iter().find(|(of, _)| of == *field)?;
    let text = [local, remote].join(between);
    Some(Choice {
        pick: Pick::Both,
        says: Says::Text(text.clone()),
        results: Fields::from([((*field).clone(), Value::Text(text))]),
    })
}

/// An answer of which the device is still to be named.
struct Answer(Says, Fields);

impl Answer {
    fn by(self, who: Who) -> Choice {
        Choice {
            pick: Pick::Of(who),
            says: self.0,
            results: self.1,
        }
    }
}

/// Whether the local side made the changes that are not the completion.
fn is_changed_locally(conflict: &Conflict) -> bool {
    let mut others = conflict
        .fields
        .iter()
        .filter(|(field, _)| **field != Field::Completed);
    others.any(|(_, sides)| sides.local != sides.base)
}

/// One side completed the task, and the other gave it another day: it is done, or it is still to do.
fn put_off(conflict: &Conflict) -> Option<[Answer; 2]> {
    let done = conflict.fields.get(&Field::Completed)?;
    let others = conflict
        .fields
        .iter()
        .filter(|(field, _)| **field != Field::Completed);
    let mut open: Fields = others
        .map(|(field, sides)| {
            let changed = if sides.local == sides.base {
                &sides.remote
            } else {
                &sides.local
            };
            (field.clone(), changed.clone())
        })
        .collect();
    let day = open.get(&Field::Due).and_then(day_of);
    if open.is_empty() || open.contains_key(&Field::Deleted) {
        return None;
    }
    open.insert(Field::Completed, Value::Null);
    let at = if done.local.is_null() {
        &done.remote
    } else {
        &done.local
    };
    let done = Fields::from([(Field::Completed, at.clone())]);
    Some([Answer(Says::Done, done), Answer(Says::StillToDo(day), open)])
}
