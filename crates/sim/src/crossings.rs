//! The check of edits that crossed: one person completed a task, and another gave it another date, both without knowing
//! of the other. Both edits stand, so no value is lost, and the oracle of values has nothing to say. But there has to be
//! a record of it, and a rule may have decided only if the task was completed later than it was put off.

use tsugi_sync::conflict::Conflict;
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::merge::Rule;
use tsugi_sync::value::Value;

use crate::device::Typed;
use crate::fleet::Fleet;
use crate::oracle::Violation;

/// Each crossing has a record, and the rule decided only where it may. `true_clocks` says whether no clock jumped.
///
/// A snapshot brings the state and not the edits that led to it, so a run in which a device got a second one says
/// nothing here.
pub fn are_recorded(fleet: &Fleet, true_clocks: bool) -> Result<(), Violation> {
    let entities = &fleet.server.store.entities;
    let records: Vec<Conflict> = entities.values().filter_map(Conflict::read).collect();
    let tasks = entities.values().filter(|entity| entity.kind == Kind::Task);
    if fleet.server.snapshots <= fleet.devices.len() as u64 && fleet.server.refusals == 0 {
        for task in tasks.filter(|task| crossed(fleet, task)) {
            // Who completed the task may have set a date as well. Then two dates are in conflict, and that record does.
            // So does one of this completion and an earlier date.
            let shows = |record: &Conflict, field: &Field| {
                let sides = record.fields.get(field);
                sides.is_some_and(|sides| [&sides.local, &sides.remote].contains(&task.value(field)))
            };
            let is_about_dates = |record: &Conflict| record.fields.contains_key(&Field::Due);
            let is_of_it = |record: &&Conflict| {
                let of_completion = shows(record, &Field::Completed) && is_about_dates(record);
                record.subject == task.id && (shows(record, &Field::Due) || of_completion)
            };
            if !records.iter().any(|record| is_of_it(&record)) {
                return Err(broken(format!(
                    "{task:?} was completed and put off, and no record says so"
                )));
            }
        }
    }
    match records
        .iter()
        .find(|record| true_clocks && !was_done_later(fleet, record))
    {
        Some(record) => Err(broken(format!(
            "{record:?} says that it is done, but it was put off later"
        ))),
        None => Ok(()),
    }
}

fn broken(what: String) -> Violation {
    Violation {
        invariant: "crossing",
        what,
    }
}

/// Whether the completion and the date of a task come from two people who did not know of each other's edit.
fn crossed(fleet: &Fleet, task: &Entity) -> bool {
    let made = |field: &Field| {
        let value = task.value(field);
        typed(fleet, task, field, value).filter(|_| !value.is_null())
    };
    let (Some((doer, done)), Some((mover, moved))) = (made(&Field::Completed), made(&Field::Due)) else {
        return false;
    };
    let knew = |typed: &Typed, field: &Field| {
        typed.knew >= task.revision_of(field) || typed.showed.get(field) == Some(task.value(field))
    };
    let was_deleted = task.fields.contains_key(&Field::Deleted);
    // Who put it off may have completed it as well, and who completed it may have opened it again.
    let completions = |device: usize| {
        let own = fleet.devices[device].typed.iter();
        let own = own.filter(|typed| typed.mutation.entity == task.id);
        own.filter(|typed| typed.mutation.set.contains_key(&Field::Completed))
            .count()
    };
    let wants_both = completions(mover) > 0 || completions(doer) > 1;
    doer != mover
        && !was_deleted
        && !wants_both
        && !knew(done, &Field::Due)
        && !knew(moved, &Field::Completed)
}

/// Whether the rule `done` had a reason: the task was completed after it was put off, or somebody at that device edited
/// it later still. Such an edit may have gone up as one with the completion.
fn was_done_later(fleet: &Fleet, record: &Conflict) -> bool {
    let decision = record.decisions.get(&Field::Completed);
    let Some(decision) = decision.filter(|decision| decision.rule == Some(Rule::Done)) else {
        return true;
    };
    let Some(subject) = fleet.server.store.entities.get(&record.subject) else {
        return true;
    };
    let dates = record.fields.get(&Field::Due);
    let moved = dates.and_then(|dates| {
        let value = match dates.local == dates.base {
            true => &dates.remote,
            false => &dates.local,
        };
        typed(fleet, subject, &Field::Due, value)
    });
    let done = typed(fleet, subject, &Field::Completed, &decision.result);
    let (Some((_, moved)), Some((doer, _))) = (moved, done) else {
        return true;
    };
    let edits = fleet.devices[doer].typed.iter();
    let edits = edits.filter(|typed| typed.mutation.entity == subject.id);
    edits.map(|typed| typed.mutation.hlc()).max() > Some(moved.mutation.hlc())
}

/// The one mutation of a person that wrote this value, with the number of its device. None if there are several.
fn typed<'a>(fleet: &'a Fleet, task: &Entity, field: &Field, value: &Value) -> Option<(usize, &'a Typed)> {
    let all = fleet.devices.iter().enumerate();
    let all = all.flat_map(|(device, of)| of.typed.iter().map(move |typed| (device, typed)));
    let mut wrote = all.filter(|(_, typed)| {
        typed.mutation.entity == task.id && typed.mutation.set.get(field) == Some(value)
    });
    let first = wrote.next()?;
    wrote.next().is_none().then_some(first)
}
