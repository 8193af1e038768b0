//! Completing and reopening a task, with its sub-tasks and its next instance.

use std::collections::BTreeMap;

use super::{Entities, Family, Stamp, TooMany, within_limit};
use tsugi_calendar::Date;

use crate::conflict::{read_time, write_time};
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, Timestamp};
use crate::instance::{self, Instance};
use crate::replica::Edit;
use crate::task::Task;
use crate::value::Value;

const DAY_MS: u64 = 24 * 3_600_000;

/// Completes these tasks, each with all that is below it. For each of them that recurs, the next instance begins, with
/// its own sub-tasks. A recurring task further below does not begin a next instance by itself: it comes again with the
/// task above it.
///
/// # Errors
/// When that is more than one gesture may change.
pub fn complete(entities: &dyn Entities, tasks: &[EntityId], stamp: Stamp) -> Result<Vec<Edit>, TooMany> {
    let family = Family::of(entities);
    let mut edits = Vec::new();
    for head in family.topmost(tasks) {
        let Some(task) = family.task(head) else { continue };
        if is_open(&task) {
            edits.extend(begin_next(&family, entities, &task, stamp));
        }
        for task in family.branches(&[head]).iter().filter(|task| is_open(task)) {
            let set = Fields::from([(Field::Completed, write_time(stamp.at))]);
            edits.push(stamp.edit(task.id, Kind::Task, set));
        }
    }
    within_limit(edits)
}

fn is_open(task: &Entity) -> bool {
    task.value(&Field::Completed).is_null()
}

/// The edits that begin the next instance. None if the task does not recur, or if the next instance exists already.
fn begin_next(family: &Family<'_>, entities: &dyn Entities, task: &Entity, stamp: Stamp) -> Vec<Edit> {
    let begin = |instance: Instance| {
        let view = entities.view(instance.id);
        let mut set = instance.fields;
        match view {
            Some(view) if !view.is_deleted() => return None,
            // It was deleted when the task was reopened, and now comes back as new.
            Some(_) => set.extend([(Field::Deleted, Value::Null), (Field::Completed, Value::Null)]),
            None => {}
        }
        Some(stamp.edit(instance.id, Kind::Task, set))
    };
    let mut edits = Vec::new();
    for instance in next_branch(family, task, stamp.today) {
        match begin(instance) {
            Some(edit) => edits.push(edit),
            // The next instance exists already. Its sub-tasks may be missing because somebody deleted them, so none is
            // added.
            None if edits.is_empty() => break,
            None => {}
        }
    }
    edits
}

/// The next instance of a task, and what is below it, parents first.
fn next_branch(family: &Family<'_>, task: &Entity, done: Date) -> Vec<Instance> {
    let Some(head) = instance::next(task, done) else {
        return Vec::new();
    };
    let days = head.days;
    let mut new_ids = BTreeMap::from([(task.id, head.id)]);
    let mut next = vec![head];
    for below in family.branches(&[task.id]).iter().skip(1) {
        let Some(read) = Task::read(below) else { continue };
        // If a sub-task recurs by itself, only its latest instance is copied.
        if read.completed.is_some() && family.task(instance::next_id(&read)).is_some() {
            continue;
        }
        let parent = read.parent.and_then(|parent| new_ids.get(&parent));
        if let Some(instance) = parent.and_then(|parent| instance::next_below(below, *parent, days)) {
            new_ids.insert(below.id, instance.id);
            next.push(instance);
        }
    }
    next
}

/// Reopens a task, and the tasks below it that were completed in the same moment. The next instance is deleted, with
/// its sub-tasks, if nobody has changed any of it.
///
/// # Errors
/// When that is more than one gesture may change.
pub fn reopen(entities: &dyn Entities, task: EntityId, stamp: Stamp) -> Result<Vec<Edit>, TooMany> {
    let family = Family::of(entities);
    let Some(head) = family.task(task).filter(|task| !is_open(task)) else {
        return Ok(Vec::new());
    };
    let completed = head.value(&Field::Completed);
    let branch = family.branches(&[task]);
    let together = branch
        .iter()
        .filter(|task| task.value(&Field::Completed) == completed);
    let reopened = |task: &Entity| {
        let set = Fields::from([(Field::Completed, Value::Null)]);
        stamp.edit(task.id, Kind::Task, set)
    };
    let mut edits: Vec<_> = together.map(reopened).collect();
    if let Some((_, begun)) = untouched_next(&family, &head) {
        edits.extend(begun.iter().map(|begun| delete(begun.id, stamp)));
    }
    within_limit(edits)
}

fn delete(id: EntityId, stamp: Stamp) -> Edit {
    let set = Fields::from([(Field::Deleted, write_time(stamp.at))]);
    stamp.edit(id, Kind::Task, set)
}

/// Makes the next instance what it would have been if the completed task had been as in `now` when it was completed.
/// Those who completed it saw it as in `entities`. Nothing is changed if somebody has touched the next instance. If there
/// would have been none, it is deleted.
///
/// # Errors
/// When that is more than one gesture may change.
pub fn renew_next(entities: &dyn Entities, now: &Entity, stamp: Stamp) -> Result<Vec<Edit>, TooMany> {
    let family = Family::of(entities);
    let head = family.task(now.id).filter(|task| !is_open(task));
    let Some((day, begun)) = head.and_then(|head| untouched_next(&family, &head)) else {
        return Ok(Vec::new());
    };
    let wanted = next_branch(&family, now, day);
    let renewed = begun.into_iter().filter_map(|begun| {
        let Some(wanted) = wanted.iter().find(|wanted| wanted.id == begun.id) else {
            return Some(delete(begun.id, stamp));
        };
        let gone = begun
            .fields
            .keys()
            .filter(|field| !wanted.fields.contains_key(*field));
        let mut set: Fields = gone.map(|field| (field.clone(), Value::Null)).collect();
        let other = wanted
            .fields
            .iter()
            .filter(|(field, value)| begun.fields.get(*field) != Some(value));
        set.extend(other.map(|(field, value)| (field.clone(), value.clone())));
        (!set.is_empty()).then(|| stamp.edit(begun.id, Kind::Task, set))
    });
    within_limit(renewed.collect())
}

/// The tasks that were begun when this task was completed, if they still are as they were begun, and the day on which it
/// was completed.
fn untouched_next(family: &Family<'_>, head: &Entity) -> Option<(Date, Vec<Instance>)> {
    // The moment does not say on which day the person completed it, because their time zone is not known. It is one of
    // these.
    let moment = read_time(head.value(&Field::Completed));
    let days = [Some(moment), earlier(moment), Some(moment.plus(DAY_MS))];
    let days = days.into_iter().flatten().filter_map(day_of);
    for (day, next) in days.map(|day| (day, next_branch(family, head, day))) {
        let Some(first) = next.first() else { continue };
        let there = family.branches(&[first.id]);
        let as_begun = |task: &Entity| {
            let has = task.fields.iter().filter(|(_, cell)| !cell.0.is_null());
            let has: Fields = has.map(|(field, cell)| (field.clone(), cell.0.clone())).collect();
            next.iter()
                .any(|begun| begun.id == task.id && begun.fields == has)
        };
        if there.len() == next.len() && there.iter().all(as_begun) {
            return Some((day, next));
        }
    }
    None
}

fn earlier(moment: Timestamp) -> Option<Timestamp> {
    moment.0.checked_sub(DAY_MS).map(Timestamp)
}

/// The day of a moment in UTC.
fn day_of(moment: Timestamp) -> Option<Date> {
    Date::from_number(i32::try_from(moment.0 / DAY_MS).ok()?)
}
