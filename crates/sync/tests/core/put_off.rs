//! A task that is done on one device and put off on another. The table is in `docs/merge-tables.md`.

use tsugi_sim::device::Net;
use tsugi_sim::store::WORKSPACE;
use tsugi_sync::conflict::{Decision, State};
use tsugi_sync::entity::{Field, Fields};
use tsugi_sync::ids::EntityId;
use tsugi_sync::merge::Rule;
use tsugi_sync::policy::choose;
use tsugi_sync::value::Value;

use crate::completion::{asked, do_it, next_of, on, open, recurring, reopen_it};
use crate::conflict::apart;
use crate::fleet::Fleet;

/// Which of the two edits is made later.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Later {
    Done,
    PutOff,
}

/// Puts it off, or gives it another rule, on one device while it is done on the other. The edit of the first device comes
/// first in the server's order.
fn cross(first_does: bool, later: Later, field: &Field, value: &str) -> (Fleet, EntityId) {
    let (mut fleet, task) = recurring("FREQ=WEEKLY");
    let put_off = |f: &mut Fleet, device| f.edit(device, task, [(field.clone(), value.into())]);
    let does = |f: &mut Fleet, device| do_it(f, device, task, "2026-11-24");
    let doer = usize::from(!first_does);
    let both = |f: &mut Fleet| match later {
        Later::Done => {
            put_off(f, 1 - doer);
            f.run(1_000);
            does(f, doer);
        }
        Later::PutOff => {
            does(f, doer);
            f.run(1_000);
            put_off(f, 1 - doer);
        }
    };
    apart(&mut fleet, both, |_| ());
    (fleet, task)
}

/// A person is asked.
fn crossed(first_does: bool, later: Later, field: Field, value: &str) {
    let (mut fleet, task) = cross(first_does, later, &field, value);
    let cards = fleet.devices[0].conflicts(State::Open);
    assert_eq!(cards.len(), 1);
    assert_eq!(fleet.devices[0].conflicts(State::Merged).len(), 0);
    let fields: Vec<_> = cards[0].fields.keys().cloned().collect();
    assert_eq!(fields, [Field::Completed, field.clone()]);
    assert_eq!(cards[0].subject, task);
    assert_eq!(cards[0].local.device, "device 1", "who came later was told");
    let theirs = &cards[0].remote;
    assert_eq!(theirs.device, "device 0", "and knows who the other is");
    assert_eq!(theirs.replica, Some(fleet.devices[0].replica().id()));
    assert!(theirs.at.0 > 0);
    let done = &cards[0].fields[&Field::Completed];
    // Theirs is always what stands there; mine is done only on the device that did it.
    let done_sides = [&done.local, &done.remote].map(|side| !side.is_null());
    assert_eq!(done_sides, [!first_does, true]);
    let when = &cards[0].fields[&field];
    let new_side = if first_does { &when.local } else { &when.remote };
    assert_eq!(*new_side, value.into());
    // Both stand until somebody says that it is not done.
    assert_eq!(*fleet.stored(task).value(&field), value.into());
    assert!(!fleet.stored(task).value(&Field::Completed).is_null());
    let results = Fields::from([(Field::Completed, Value::Null), (field.clone(), value.into())]);
    fleet.resolve(1, cards[0].id, results);
    fleet.run(1_000);
    assert!(fleet.stored(task).value(&Field::Completed).is_null());
    assert_eq!(asked(&fleet), 0);
}

/// It is done without a question, and a record of the rule keeps both edits. A person can still say that it is not done,
/// and take that back.
fn done(first_does: bool, later: Later, value: &str) {
    let (mut fleet, task) = cross(first_does, later, &Field::Due, value);
    assert_eq!(asked(&fleet), 0);
    let records = fleet.devices[0].conflicts(State::Merged);
    assert_eq!(records.len(), 1);
    let record = records[0].clone();
    assert_eq!((record.subject, record.was_merged), (task, true));
    assert_eq!(
        (&*record.local.device, &*record.remote.device),
        ("device 1", "device 0")
    );
    let done = fleet.stored(task).value(&Field::Completed).clone();
    assert!(!done.is_null());
    let decisions: Vec<_> = record.decisions.iter().collect();
    let decision = Decision {
        rule: Some(Rule::Done),
        result: done.clone(),
    };
    assert_eq!(
        decisions,
        [(&Field::Completed, &decision)],
        "nothing was decided about the date"
    );
    let (sides, when) = (&record.fields[&Field::Completed], &record.fields[&Field::Due]);
    let as_told = |first: &Value, second: &Value| match first_does {
        true => (second.clone(), first.clone()),
        false => (first.clone(), second.clone()),
    };
    let before: Value = "2026-11-24T09:00[Asia/Tokyo]".into();
    assert_eq!(
        (sides.local.clone(), sides.remote.clone()),
        as_told(&done, &Value::Null)
    );
    assert_eq!(
        (when.local.clone(), when.remote.clone()),
        as_told(&before, &value.into())
    );
    assert_eq!((&sides.base, &when.base), (&Value::Null, &before));
    assert_eq!(*fleet.stored(task).value(&Field::Due), value.into(), "both stand");
    fleet.resolve(0, record.id, Fields::from([(Field::Completed, Value::Null)]));
    fleet.run(1_000);
    assert!(
        fleet.stored(task).value(&Field::Completed).is_null(),
        "not done after all"
    );
    fleet.take_back(1, record.id, &[]);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(
        *fleet.stored(task).value(&Field::Completed),
        done,
        "and done after all"
    );
    assert_eq!(fleet.devices[0].conflicts(State::Merged).len(), 1);
}

#[test]
fn done_after_it_was_put_off_it_is_done() {
    done(true, Later::Done, "2026-12-24");
    done(false, Later::Done, "2026-12-24");
}

#[test]
fn put_off_after_it_was_done_asks() {
    crossed(true, Later::PutOff, Field::Due, "2026-12-24");
    crossed(false, Later::PutOff, Field::Due, "2026-12-24");
}

#[test]
fn wanted_sooner_by_who_did_not_know_that_it_was_done_it_is_done() {
    for day in ["2026-11-20", "2026-11-24", "2026-11-24T18:00[Asia/Tokyo]"] {
        done(true, Later::PutOff, day);
        done(false, Later::PutOff, day);
    }
}

#[test]
fn planned_for_the_first_time_after_it_was_done_asks() {
    for first_does in [true, false] {
        let (mut fleet, task) = Fleet::with_task(2);
        let doer = usize::from(!first_does);
        let both = |f: &mut Fleet| {
            do_it(f, doer, task, "2026-11-24");
            f.run(1_000);
            f.edit(1 - doer, task, [(Field::Start, "2026-12-24".into())]);
        };
        apart(&mut fleet, both, |_| ());
        assert_eq!(asked(&fleet), 1);
    }
}

#[test]
fn another_rule_asks_whenever_it_was_made() {
    for later in [Later::Done, Later::PutOff] {
        crossed(true, later, Field::Recurrence, "FREQ=DAILY");
        crossed(false, later, Field::Recurrence, "FREQ=DAILY");
    }
}

/// The rule was changed while the task was done. A person says that it is done.
fn done_under_another_rule(first_does: bool, rule: Value, touched: bool) -> (Fleet, EntityId) {
    let (mut fleet, task) = recurring("FREQ=WEEKLY");
    let doer = usize::from(!first_does);
    let both = |f: &mut Fleet| {
        do_it(f, doer, task, "2026-11-24");
        f.edit(1 - doer, task, [(Field::Recurrence, rule)]);
    };
    apart(&mut fleet, both, |_| ());
    let next = next_of(&fleet, task);
    assert_eq!(
        *fleet.stored(next).value(&Field::Recurrence),
        "FREQ=WEEKLY".into()
    );
    if touched {
        fleet.rename(0, next, "oat milk");
        fleet.run(1_000);
    }
    let card = fleet.devices[0].conflicts(State::Open)[0].clone();
    let done = fleet.stored(task).value(&Field::Completed).clone();
    let results = Fields::from([(Field::Completed, done)]);
    let stamp = on(&fleet, "2026-11-24");
    let also = fleet.devices[0].replica().goes_along(card.id, &results, stamp);
    fleet.resolve(0, card.id, results);
    fleet.commit(0, also);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(asked(&fleet), 0);
    (fleet, next)
}

#[test]
fn done_under_another_rule_the_next_one_follows_that() {
    for first_does in [true, false] {
        let (fleet, next) = done_under_another_rule(first_does, "FREQ=DAILY;INTERVAL=2".into(), false);
        let next = fleet.stored(next);
        assert_eq!(*next.value(&Field::Recurrence), "FREQ=DAILY;INTERVAL=2".into());
        assert_eq!(*next.value(&Field::Due), "2026-11-26T09:00[Asia/Tokyo]".into());
        let (fleet, next) = done_under_another_rule(first_does, Value::Null, false);
        assert!(fleet.stored(next).is_deleted(), "it does not come again");
        assert!(open(&fleet).is_empty());
        let (fleet, next) = done_under_another_rule(first_does, "FREQ=DAILY".into(), true);
        let next = fleet.stored(next);
        assert_eq!(
            *next.value(&Field::Recurrence),
            "FREQ=WEEKLY".into(),
            "somebody touched it"
        );
    }
}

#[test]
fn not_done_after_all_takes_the_next_one_back() {
    let (mut fleet, task) = cross(true, Later::Done, &Field::Due, "2026-12-24");
    let record = fleet.devices[1].conflicts(State::Merged)[0].clone();
    let results = Fields::from([(Field::Completed, Value::Null)]);
    let stamp = on(&fleet, "2026-11-24");
    let also = fleet.devices[1].replica().goes_along(record.id, &results, stamp);
    fleet.resolve(1, record.id, results);
    fleet.commit(1, also);
    fleet.run(1_000);
    fleet.assert_same();
    let open: Vec<_> = open(&fleet).iter().map(|task| task.id).collect();
    assert_eq!(open, [task]);
}

#[test]
fn a_workspace_that_asks_about_completions_asks_about_these() {
    let (mut fleet, task) = recurring("FREQ=WEEKLY");
    let chosen = choose(WORKSPACE, &Field::Completed, true, fleet.now).expect("there is a choice");
    fleet.gesture(0, vec![chosen]);
    fleet.run(1_000);
    let both = |f: &mut Fleet| {
        f.edit(0, task, [(Field::Due, "2026-12-24".into())]);
        f.run(1_000);
        do_it(f, 1, task, "2026-11-24");
    };
    apart(&mut fleet, both, |_| ());
    assert_eq!(asked(&fleet), 1);
}

#[test]
fn put_off_again_after_it_was_done_asks_although_a_rule_had_decided() {
    let (mut fleet, task) = recurring("FREQ=WEEKLY");
    let put_off = |f: &mut Fleet, day: &str| f.edit(0, task, [(Field::Due, day.into())]);
    put_off(&mut fleet, "2026-12-20");
    fleet.run(20);
    fleet.devices[1].net = Net::NoUp;
    do_it(&mut fleet, 1, task, "2026-11-24");
    fleet.run(2_000);
    assert_eq!(
        fleet.devices[1].conflicts(State::Merged).len(),
        1,
        "on this device alone"
    );
    put_off(&mut fleet, "2026-12-24");
    fleet.run(2_000);
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
    assert_eq!(asked(&fleet), 1);
}

#[test]
fn put_off_here_and_the_answer_lost_asks() {
    let (mut fleet, task) = recurring("FREQ=WEEKLY");
    fleet.devices[1].net = Net::NoDown;
    do_it(&mut fleet, 0, task, "2026-11-24");
    fleet.run(1_000);
    fleet.edit(1, task, [(Field::Due, "2026-12-24".into())]);
    fleet.run(1_000);
    assert_eq!(
        *fleet.stored(task).value(&Field::Due),
        "2026-12-24".into(),
        "it arrived"
    );
    fleet.cut(1);
    fleet.run(1_000);
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
    assert_eq!(asked(&fleet), 1);
}

#[test]
fn who_saw_that_it_was_put_off_and_does_it_is_not_asked() {
    let (mut fleet, task) = recurring("FREQ=WEEKLY");
    for device in [0, 1] {
        fleet.edit(device, task, [(Field::Due, "2026-12-24".into())]);
        fleet.run(1_000);
        do_it(&mut fleet, 1 - device, task, "2026-11-24");
        fleet.run(1_000);
        reopen_it(&mut fleet, device, task, "2026-11-24");
        fleet.edit(device, task, [(Field::Due, "2026-11-25".into())]);
        fleet.run(1_000);
    }
    fleet.assert_same();
    assert_eq!(asked(&fleet), 0);
}

#[test]
fn a_card_is_made_once_although_the_news_came_through_a_gap() {
    for loss in [2, 3] {
        let (mut fleet, task) = recurring("FREQ=WEEKLY");
        fleet.devices[1].loss = loss;
        fleet.edit(0, task, [(Field::Due, "2026-12-24".into())]);
        do_it(&mut fleet, 1, task, "2026-11-24");
        fleet.run(60_000);
        fleet.heal(1);
        fleet.run(60_000);
        fleet.assert_same();
        assert_eq!(asked(&fleet), 1, "one of {loss} lost");
    }
}
