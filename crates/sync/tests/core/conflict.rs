//! Two people, or one with two devices, and one task.

use tsugi_sim::plan::Moment;
use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::entity::{Cell, Field, Fields};
use tsugi_sync::ids::{EntityId, Revision};
use tsugi_sync::mutation::Mutation;
use tsugi_sync::replica::Edit;
use tsugi_sync::value::Value;

use crate::fleet::{Fleet, entity};

/// Both devices offline, then one edit each, then both back: the first device is heard first.
pub(crate) fn apart(fleet: &mut Fleet, first: impl FnOnce(&mut Fleet), second: impl FnOnce(&mut Fleet)) {
    fleet.cut(0);
    fleet.cut(1);
    fleet.run(1_000);
    first(fleet);
    second(fleet);
    fleet.heal(0);
    fleet.run(60_000);
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
}

fn renamed_apart() -> (Fleet, EntityId, Conflict) {
    let (mut fleet, task) = Fleet::with_task(3);
    apart(
        &mut fleet,
        |f| f.rename(0, task, "oat milk"),
        |f| f.rename(1, task, "soy milk"),
    );
    let open = fleet.devices[0].conflicts(State::Open);
    assert_eq!(open.len(), 1);
    (fleet, task, open[0].clone())
}

#[test]
fn two_renames_apart_ask_and_say_who_is_who() {
    let (fleet, task, conflict) = renamed_apart();
    let sides = &conflict.fields[&Field::Title];
    assert_eq!(sides.base, "milk".into());
    assert_eq!(sides.local, "soy milk".into());
    assert_eq!(sides.remote, "oat milk".into());
    assert_eq!(
        (conflict.local.device.as_str(), conflict.remote.device.as_str()),
        ("device 1", "device 0")
    );
    let replicas = [1, 0].map(|device| Some(fleet.devices[device].replica().id()));
    assert_eq!([conflict.local.replica, conflict.remote.replica], replicas);
    for device in &fleet.devices {
        assert_eq!(device.text(task, &Field::Title), "oat milk");
        assert_eq!(device.conflicts(State::Open), std::slice::from_ref(&conflict));
    }
}

#[test]
fn mine_theirs_and_words_of_ones_own_end_the_same_everywhere() {
    for (result, by) in [("soy milk", 1), ("oat milk", 0), ("both milks", 2)] {
        let (mut fleet, task, conflict) = renamed_apart();
        fleet.resolve(by, conflict.id, Fields::from([(Field::Title, result.into())]));
        fleet.run(1_000);
        fleet.assert_same();
        for device in &fleet.devices {
            assert_eq!(device.text(task, &Field::Title), result);
            assert!(device.conflicts(State::Open).is_empty());
            assert_eq!(device.conflicts(State::Resolved).len(), 1);
        }
        assert_eq!(fleet.server.conflicts, 1, "the same conflict does not come back");
    }
}

#[test]
fn other_fields_merge_without_asking() {
    let (mut fleet, task) = Fleet::with_task(2);
    let due = [(Field::Due, "2026-11-24".into())];
    apart(
        &mut fleet,
        |f| f.rename(0, task, "oat milk"),
        |f| f.edit(1, task, due),
    );
    assert_eq!(fleet.devices[0].text(task, &Field::Due), "2026-11-24");
    assert_eq!(fleet.devices[1].text(task, &Field::Title), "oat milk");
    assert_eq!(fleet.server.conflicts, 0);
}

#[test]
fn one_field_asks_and_the_rest_of_the_edit_goes_through() {
    let (mut fleet, task) = Fleet::with_task(2);
    apart(
        &mut fleet,
        |f| f.rename(0, task, "oat milk"),
        |f| {
            f.edit(
                1,
                task,
                [
                    (Field::Title, "soy milk".into()),
                    (Field::Due, "2026-11-24".into()),
                ],
            )
        },
    );
    assert_eq!(fleet.devices[0].text(task, &Field::Due), "2026-11-24");
    assert_eq!(fleet.devices[0].conflicts(State::Open).len(), 1);
}

#[test]
fn of_notes_only_the_places_that_do_not_merge_are_asked_about() {
    let (mut fleet, task) = Fleet::with_task(2);
    let notes = |text: &str| [(Field::Notes, Value::from(text))];
    apart(
        &mut fleet,
        |f| f.edit(0, task, notes("ONE\ntwo\nthree\nfrom there\n")),
        |f| f.edit(1, task, notes("uno\ntwo\nthree\nfrom here\n")),
    );
    let merged = "ONE\ntwo\nthree\nfrom here\nfrom there\n";
    assert_eq!(
        fleet.devices[0].text(task, &Field::Notes),
        merged,
        "what was added is there"
    );
    let open = fleet.devices[0].conflicts(State::Open);
    assert_eq!(open.len(), 1);
    let sides = &open[0].fields[&Field::Notes];
    assert_eq!(sides.base, "one\ntwo\nthree\nfrom here\nfrom there\n".into());
    let mine = "uno\ntwo\nthree\nfrom here\nfrom there\n";
    assert_eq!((&sides.local, &sides.remote), (&mine.into(), &merged.into()));
    fleet.resolve(0, open[0].id, Fields::from(notes(mine)));
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[1].text(task, &Field::Notes), mine);
    assert!(fleet.devices[1].conflicts(State::Open).is_empty());
    fleet.take_back(1, open[0].id, &[]);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[0].text(task, &Field::Notes), merged);
    assert_eq!(fleet.devices[0].conflicts(State::Open).len(), 1);
}

#[test]
fn notes_merge_line_by_line() {
    let (mut fleet, task) = Fleet::with_task(2);
    let notes = |text: &str| [(Field::Notes, Value::from(text))];
    apart(
        &mut fleet,
        |f| f.edit(0, task, notes("ONE\ntwo\nthree\n")),
        |f| f.edit(1, task, notes("one\ntwo\nTHREE\n")),
    );
    assert_eq!(fleet.devices[0].text(task, &Field::Notes), "ONE\ntwo\nTHREE\n");
    assert!(fleet.devices[0].conflicts(State::Open).is_empty());
    apart(
        &mut fleet,
        |f| f.edit(0, task, notes("uno\ntwo\nTHREE\n")),
        |f| f.edit(1, task, notes("eins\ntwo\nTHREE\n")),
    );
    assert_eq!(fleet.devices[0].conflicts(State::Open).len(), 1);
}

#[test]
fn a_conflict_settled_on_two_devices_at_once_loses_neither_answer() {
    let (mut fleet, task, conflict) = renamed_apart();
    let results = |title: &str| Fields::from([(Field::Title, Value::from(title))]);
    apart(
        &mut fleet,
        |f| f.resolve(0, conflict.id, results("almond milk")),
        |f| f.resolve(1, conflict.id, results("soy milk")),
    );
    assert_eq!(fleet.devices[0].text(task, &Field::Title), "almond milk");
    let open = fleet.devices[0].conflicts(State::Open);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].fields[&Field::Title].local, "soy milk".into());
    // The same answer twice needs nobody.
    apart(
        &mut fleet,
        |f| f.resolve(0, open[0].id, results("soy milk")),
        |f| f.resolve(1, open[0].id, results("soy milk")),
    );
    assert!(fleet.devices[0].conflicts(State::Open).is_empty());
}

#[test]
fn who_settles_a_conflict_does_not_overwrite_what_came_after_it() {
    let (mut fleet, task, conflict) = renamed_apart();
    fleet.rename(2, task, "no milk");
    fleet.run(1_000);
    fleet.resolve(1, conflict.id, Fields::from([(Field::Title, "soy milk".into())]));
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[0].text(task, &Field::Title), "no milk");
    let open = fleet.devices[0].conflicts(State::Open);
    assert_eq!(open.len(), 1, "a new question, with the newest value");
    assert_eq!(open[0].fields[&Field::Title].remote, "no milk".into());
}

#[test]
fn an_editor_that_was_open_while_the_task_changed_asks() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.rename(0, task, "oat milk");
    fleet.run(1_000);
    let edit = Edit {
        entity: task,
        kind: tsugi_sync::entity::Kind::Task,
        set: Fields::from([(Field::Title, "soy milk".into())]),
        seen: Fields::from([(Field::Title, "milk".into())]),
        at: fleet.now,
        group: None,
    };
    let mutation = fleet.devices[1].replica().edit(edit);
    fleet.commit(1, vec![mutation]);
    fleet.run(1_000);
    fleet.assert_same();
    let open = fleet.devices[0].conflicts(State::Open);
    assert_eq!(open[0].fields[&Field::Title].base, "milk".into());
    assert_eq!(fleet.devices[0].text(task, &Field::Title), "oat milk");
}

#[test]
fn nobody_is_in_conflict_with_themselves() {
    let (mut fleet, task) = Fleet::with_task(2);
    for round in 0..40_i64 {
        match round % 5 {
            0 => fleet.cut(0),
            1 => fleet.crash(0),
            2 => fleet.heal(0),
            3 => {
                fleet.devices[0].crash = Some(if round % 2 == 0 {
                    Moment::Before
                } else {
                    Moment::After
                })
            }
            _ => fleet.devices[0].compact(),
        }
        fleet.rename(0, task, &format!("title {round}"));
        fleet.edit(
            0,
            task,
            [(Field::Notes, format!("notes {round}").as_str().into())],
        );
        fleet.run(u64::try_from(round * 7 % 60).unwrap());
        fleet.edit(0, task, [(Field::Deleted, round.into())]);
        fleet.run(u64::try_from(round * 13 % 150).unwrap());
        fleet.edit(0, task, [(Field::Deleted, Value::Null)]);
        fleet.edit(0, task, [(Field::Completed, round.into())]);
    }
    fleet.devices[0].crash = None;
    fleet.heal(0);
    fleet.run(120_000);
    fleet.assert_same();
    assert!(
        fleet.server.store.repeats + fleet.server.store.stood_for > 0,
        "acknowledgements were lost"
    );
    assert_eq!(fleet.server.conflicts, 0);
}

#[test]
fn a_crash_between_answer_and_settling_makes_no_second_conflict() {
    for crash in [Moment::Before, Moment::After] {
        let (mut fleet, task) = Fleet::with_task(2);
        fleet.cut(1);
        fleet.rename(0, task, "oat milk");
        fleet.rename(1, task, "soy milk");
        fleet.run(1_000);
        fleet.heal(1);
        while fleet.server.conflicts == 0 {
            fleet.run(5);
        }
        fleet.devices[1].crash = Some(crash);
        fleet.run(60_000);
        fleet.assert_same();
        assert_eq!(fleet.devices[0].conflicts(State::Open).len(), 1);
    }
}

#[test]
fn later_edits_of_the_same_task_are_settled_with_the_first() {
    let (mut fleet, task) = Fleet::with_task(2);
    apart(
        &mut fleet,
        |f| f.rename(0, task, "oat milk"),
        |f| {
            f.rename(1, task, "soy milk");
            f.rename(1, task, "soya milk");
            f.edit(1, task, [(Field::Due, "2026-11-24".into())]);
        },
    );
    let open = fleet.devices[0].conflicts(State::Open);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].fields[&Field::Title].local, "soya milk".into());
    assert_eq!(fleet.devices[0].text(task, &Field::Due), "2026-11-24");
}

#[test]
fn an_edit_on_top_of_one_that_hides_a_change_has_not_seen_it() {
    let (mut fleet, task) = Fleet::with_task(2);
    // Just after a push, so that the next edit waits a moment.
    fleet.rename(1, entity(2), "bread");
    fleet.rename(1, task, "refuse me");
    // The other's rename arrives while that edit waits and hides it, and the person goes on typing.
    fleet.rename(0, task, "oat milk");
    fleet.run(60);
    assert_eq!(fleet.devices[1].replica().outbox().len(), 1);
    fleet.rename(1, task, "soy milk");
    fleet.run(10_000);
    fleet.assert_same();
    let open = fleet.devices[0].conflicts(State::Open);
    let kept = open
        .iter()
        .any(|c| c.fields[&Field::Title].local == "soy milk".into());
    assert!(kept || fleet.devices[0].text(task, &Field::Title) == "soy milk");
    assert!(
        fleet.devices[0].text(task, &Field::Title) == "oat milk",
        "what nobody had seen was overwritten"
    );
}

#[test]
fn another_tabs_edit_during_the_answer_is_settled_too() {
    let (mut fleet, task) = Fleet::with_task(2);
    let second = fleet.devices[1].replica().clone();
    fleet.devices[1].tabs.push(second);
    fleet.cut(1);
    fleet.rename(0, task, "oat milk");
    fleet.rename(1, task, "soy milk");
    fleet.run(1_000);
    fleet.heal(1);
    while fleet.server.conflicts == 0 {
        fleet.run(5);
    }
    let edit = fleet.edit_of(task, Fields::from([(Field::Title, "soya milk".into())]));
    let mutation = fleet.devices[1].tabs[1].edit(edit);
    fleet.write(1, 1, vec![mutation]);
    fleet.run(10_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[1].overtaken, 1);
    let open = fleet.devices[0].conflicts(State::Open);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].fields[&Field::Title].local, "soya milk".into());
}

#[test]
fn a_refused_mutation_is_parked_with_what_was_typed_and_blocks_nothing() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.rename(1, task, "refuse me");
    fleet.edit(1, task, [(Field::Due, "2026-11-24".into())]);
    fleet.rename(1, entity(2), "bread");
    fleet.run(1_000);
    fleet.crash(1);
    fleet.run(1_000);
    fleet.assert_same();
    let parked: Vec<_> = fleet.devices[1].replica().parked().values().collect();
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].mutation.set[&Field::Title], "refuse me".into());
    assert_eq!(fleet.devices[0].text(entity(2), &Field::Title), "bread");
    assert_eq!(fleet.devices[0].text(task, &Field::Due), "2026-11-24");
}

#[test]
fn an_edit_in_a_tab_that_has_not_heard_of_the_deletion_in_another_is_not_buried_with_it() {
    let (mut fleet, task) = Fleet::with_task(2);
    let deletion = fleet.edit_of(task, Fields::from([(Field::Deleted, 5.into())]));
    let seen = [(Field::Title, "milk".into()), (Field::Deleted, Value::Null)];
    let rename = Edit {
        seen: seen.into(),
        ..fleet.edit_of(task, Fields::from([(Field::Title, "oat milk".into())]))
    };
    for edit in [deletion, rename] {
        let mutation = fleet.devices[1].tabs[0].edit(edit);
        fleet.write(1, 0, vec![mutation]);
        fleet.devices[1].fold(0);
    }
    fleet.run(1_000);
    fleet.commit(1, Vec::new());
    fleet.run(60_000);
    fleet.assert_same();
    let open = fleet.devices[0].conflicts(State::Open);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].fields[&Field::Title].local, "oat milk".into());
}

#[test]
fn who_edits_on_after_hearing_of_a_deletion_has_not_seen_it_before() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.edit(1, task, [(Field::Notes, "two litres\n".into())]);
    fleet.devices[1].loss = 1;
    fleet.edit(0, task, [(Field::Deleted, 5.into())]);
    fleet.run(5);
    fleet.cut(1);
    fleet.run(1_000);
    fleet.edit(1, task, [(Field::Title, "oat milk".into())]);
    let rename = fleet.devices[1]
        .replica()
        .outbox()
        .values()
        .last()
        .expect("it waits")
        .clone();
    let hears = |mutation: &Mutation| Mutation {
        set: Fields::from([(Field::List, "dairy".into())]),
        base: [(Field::Deleted, Cell(5.into(), Revision(3)))].into(),
        ..mutation.clone()
    };
    let mut all = rename.clone();
    all.squash(&hears(&rename));
    assert_eq!(all.base.get(&Field::Deleted), None, "the first of them had not");
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
    let open = fleet.devices[0].conflicts(State::Open);
    assert!(
        open.iter()
            .any(|conflict| conflict.fields.contains_key(&Field::Deleted))
    );
}
