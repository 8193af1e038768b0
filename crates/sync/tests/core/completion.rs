//! A task that recurs, and two devices that do not know of each other. The table is in
//! `docs/merge-tables.md`.

use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::gesture::{Stamp, complete, reopen};
use tsugi_sync::ids::EntityId;
use tsugi_sync::instance;
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::conflict::apart;
use crate::fleet::{Fleet, entity};

pub(crate) fn on(fleet: &Fleet, day: &str) -> Stamp {
    Stamp {
        at: fleet.now,
        today: day.parse().expect("a day"),
        group: Uuid::from_u128(u128::from(fleet.now.0)),
    }
}

pub(crate) fn do_it(fleet: &mut Fleet, device: usize, task: EntityId, day: &str) {
    let edits = complete(fleet.devices[device].replica(), &[task], on(fleet, day)).expect("few");
    fleet.gesture(device, edits);
}

pub(crate) fn reopen_it(fleet: &mut Fleet, device: usize, task: EntityId, day: &str) {
    let edits = reopen(fleet.devices[device].replica(), task, on(fleet, day)).expect("few");
    fleet.gesture(device, edits);
}

/// Two devices, and a task with a sub-task that comes again by this rule, due on 2026-11-24.
pub(crate) fn recurring(rule: &str) -> (Fleet, EntityId) {
    let (mut fleet, task) = Fleet::with_task(2);
    let set = [
        (Field::Created, 5.into()),
        (Field::Due, "2026-11-24T09:00[Asia/Tokyo]".into()),
        (Field::Recurrence, rule.into()),
    ];
    fleet.edit(0, task, set);
    let parent = Value::Text(task.to_string());
    fleet.edit(
        0,
        entity(2),
        [(Field::Title, "below".into()), (Field::Parent, parent)],
    );
    fleet.run(1_000);
    fleet.assert_same();
    (fleet, task)
}

/// The open tasks that everybody has, without their sub-tasks.
pub(crate) fn open(fleet: &Fleet) -> Vec<Entity> {
    let entities = fleet.server.store.entities.values();
    let open = entities.filter(|entity| {
        Task::read(entity).is_some_and(|task| task.completed.is_none() && task.parent.is_none())
    });
    open.cloned().collect()
}

pub(crate) fn next_of(fleet: &Fleet, task: EntityId) -> EntityId {
    instance::next_id(&Task::read(fleet.stored(task)).expect("a task"))
}

pub(crate) fn asked(fleet: &Fleet) -> usize {
    fleet.devices[0].conflicts(State::Open).len()
}

#[test]
fn done_on_both_devices_comes_again_once() {
    let (mut fleet, task) = recurring("FREQ=WEEKLY;COUNT=3");
    apart(
        &mut fleet,
        |f| do_it(f, 0, task, "2026-11-24"),
        |f| do_it(f, 1, task, "2026-11-24"),
    );
    let open = open(&fleet);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].id, next_of(&fleet, task));
    assert_eq!(*open[0].value(&Field::Due), "2026-12-01T09:00[Asia/Tokyo]".into());
    assert_eq!(*open[0].value(&Field::Recurrence), "FREQ=WEEKLY;COUNT=2".into());
    assert_eq!(asked(&fleet), 0);
    let entities = fleet.server.store.entities.values();
    let tasks = entities.filter(|entity| entity.kind == Kind::Task);
    assert_eq!(tasks.count(), 4, "the sub-task came along once, too");
}

#[test]
fn done_on_different_days_it_comes_again_on_the_earlier_and_the_other_is_kept() {
    for order in [("2026-11-24", "2026-11-26"), ("2026-11-26", "2026-11-24")] {
        let (mut fleet, task) = recurring("FREQ=DAILY;INTERVAL=3;AFTER=DONE");
        apart(
            &mut fleet,
            |f| do_it(f, 0, task, order.0),
            |f| do_it(f, 1, task, order.1),
        );
        let open = open(&fleet);
        assert_eq!(open.len(), 1);
        assert_eq!(*open[0].value(&Field::Due), "2026-11-27T09:00[Asia/Tokyo]".into());
        assert_eq!(asked(&fleet), 0);
        let records = fleet.devices[0].conflicts(State::Merged);
        let record = records
            .iter()
            .find(|record| record.subject == open[0].id)
            .expect("of the days");
        let sides = &record.fields[&Field::Due];
        let kept = [&sides.local, &sides.remote];
        assert!(kept.contains(&&"2026-11-29T09:00[Asia/Tokyo]".into()));
    }
}

#[test]
fn the_last_one_done_on_both_devices_is_over() {
    let (mut fleet, task) = recurring("FREQ=WEEKLY;COUNT=1");
    apart(
        &mut fleet,
        |f| do_it(f, 0, task, "2026-11-24"),
        |f| do_it(f, 1, task, "2026-11-25"),
    );
    assert!(open(&fleet).is_empty());
    assert_eq!(asked(&fleet), 0);
}

#[test]
fn done_and_reopened_here_takes_nothing_from_who_did_it_there() {
    let (mut fleet, task) = recurring("FREQ=WEEKLY");
    apart(
        &mut fleet,
        |f| do_it(f, 0, task, "2026-11-24"),
        |f| {
            f.run(500);
            do_it(f, 1, task, "2026-11-24");
            reopen_it(f, 1, task, "2026-11-24");
        },
    );
    let open: Vec<_> = open(&fleet).iter().map(|entity| entity.id).collect();
    assert_eq!(open, [next_of(&fleet, task)], "the series goes on");
    assert_eq!(asked(&fleet), 0);
}

#[test]
fn done_here_while_it_was_done_and_reopened_there_asks_whether_the_next_one_is_to_be() {
    let (mut fleet, task) = recurring("FREQ=WEEKLY");
    apart(
        &mut fleet,
        |f| {
            do_it(f, 0, task, "2026-11-24");
            f.run(500);
            reopen_it(f, 0, task, "2026-11-24");
        },
        |f| {
            f.run(500);
            do_it(f, 1, task, "2026-11-24");
        },
    );
    assert!(!fleet.stored(task).value(&Field::Completed).is_null());
    let cards = fleet.devices[0].conflicts(State::Open);
    let next = next_of(&fleet, task);
    let card = cards
        .iter()
        .find(|card| card.subject == next)
        .expect("deleted there, begun here");
    let results = card
        .fields
        .iter()
        .map(|(field, sides)| (field.clone(), sides.local.clone()));
    let results: Fields = results.collect();
    fleet.resolve(0, card.id, results);
    fleet.run(1_000);
    fleet.assert_same();
    let open: Vec<_> = open(&fleet).iter().map(|entity| entity.id).collect();
    assert_eq!(open, [next], "the series goes on");
}

#[test]
fn reopened_everywhere_it_is_the_same_one_that_comes_again() {
    let (mut fleet, task) = recurring("FREQ=WEEKLY");
    do_it(&mut fleet, 0, task, "2026-11-24");
    fleet.run(1_000);
    reopen_it(&mut fleet, 1, task, "2026-11-24");
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(
        open(&fleet).iter().map(|task| task.id).collect::<Vec<_>>(),
        [task]
    );
    do_it(&mut fleet, 1, task, "2026-11-30");
    fleet.run(1_000);
    fleet.assert_same();
    let open = open(&fleet);
    assert_eq!((open.len(), open[0].id), (1, next_of(&fleet, task)));
    assert_eq!(asked(&fleet), 0);
}

#[test]
fn renamed_there_and_done_here_keeps_both_and_asks_nothing() {
    let (mut fleet, task) = recurring("FREQ=WEEKLY");
    apart(
        &mut fleet,
        |f| f.rename(0, task, "oat milk"),
        |f| do_it(f, 1, task, "2026-11-24"),
    );
    assert_eq!(*fleet.stored(task).value(&Field::Title), "oat milk".into());
    let open = open(&fleet);
    assert_eq!(open.len(), 1);
    assert_eq!(
        *open[0].value(&Field::Title),
        "milk".into(),
        "as who did it saw it"
    );
    assert_eq!(asked(&fleet), 0);
}
