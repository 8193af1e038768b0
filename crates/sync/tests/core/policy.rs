//! A workspace that always wants to be asked about a field.

use tsugi_sim::store::WORKSPACE;
use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Field, Fields};
use tsugi_sync::ids::EntityId;
use tsugi_sync::policy::{CHOICES, Policies, Preview, choose};
use tsugi_sync::value::Value;

use crate::conflict::apart;
use crate::fleet::Fleet;

fn ask(fleet: &mut Fleet, device: usize, field: &Field, ask: bool) {
    let edit = choose(WORKSPACE, field, ask, fleet.now).expect("there is a choice");
    fleet.gesture(device, vec![edit]);
}

fn priority(n: i64) -> [(Field, Value); 1] {
    [(Field::Priority, n.into())]
}

/// Devices 0 and 1 give a task different priorities apart; device 1 is the later.
fn meet(fleet: &mut Fleet, task: EntityId, [first, second]: [i64; 2]) {
    apart(
        fleet,
        |f| f.edit(0, task, priority(first)),
        |f| {
            f.run(10);
            f.edit(1, task, priority(second));
        },
    );
}

fn records(fleet: &Fleet) -> [usize; 2] {
    [State::Open, State::Merged].map(|state| fleet.devices[0].conflicts(state).len())
}

#[test]
fn where_people_always_want_to_be_asked_no_rule_decides() {
    let (mut fleet, task) = Fleet::with_task(3);
    ask(&mut fleet, 2, &Field::Priority, true);
    fleet.run(1_000);
    meet(&mut fleet, task, [1, 2]);
    assert_eq!(records(&fleet), [1, 0]);
    assert_eq!(
        *fleet.stored(task).value(&Field::Priority),
        1.into(),
        "until then"
    );
    let open = fleet.devices[2].conflicts(State::Open);
    let sides = &open[0].fields[&Field::Priority];
    assert_eq!((&sides.local, &sides.remote), (&2.into(), &1.into()));
    fleet.resolve(2, open[0].id, Fields::from(priority(2)));
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(*fleet.stored(task).value(&Field::Priority), 2.into());
    // One side alone, or the same on both, is no question.
    apart(
        &mut fleet,
        |f| f.edit(0, task, priority(3)),
        |f| f.edit(1, task, priority(3)),
    );
    assert_eq!(records(&fleet), [0, 0]);
}

#[test]
fn lines_that_would_merge_are_asked_about_as_a_whole() {
    let (mut fleet, task) = Fleet::with_task(2);
    ask(&mut fleet, 0, &Field::Notes, true);
    fleet.run(1_000);
    let notes = |text: &str| [(Field::Notes, Value::from(text))];
    apart(
        &mut fleet,
        |f| f.edit(0, task, notes("ONE\ntwo\nthree\n")),
        |f| f.edit(1, task, notes("one\ntwo\nTHREE\n")),
    );
    assert_eq!(records(&fleet), [1, 0]);
}

#[test]
fn the_rules_hold_as_the_device_that_merges_knows_them() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.cut(1);
    fleet.run(10);
    ask(&mut fleet, 0, &Field::Priority, true);
    fleet.edit(0, task, priority(1));
    fleet.edit(1, task, priority(2));
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
    // The catch-up came before the answer.
    assert_eq!(records(&fleet), [1, 0]);
    ask(&mut fleet, 1, &Field::Priority, false);
    meet(&mut fleet, task, [3, 4]);
    assert_eq!(records(&fleet), [1, 1], "a rule decides again");
}

#[test]
fn chosen_on_two_devices_at_once_both_choices_hold() {
    let (mut fleet, _) = Fleet::with_task(2);
    apart(
        &mut fleet,
        |f| ask(f, 0, &Field::Priority, true),
        |f| {
            ask(f, 1, &Field::Labels, true);
            ask(f, 1, &Field::Priority, true);
        },
    );
    for device in &fleet.devices {
        let policies = Policies::of(device.replica(), WORKSPACE);
        assert_eq!(policies, Policies::asking([Field::Labels, Field::Priority]));
    }
    assert_eq!(records(&fleet), [0, 0], "and nobody is asked about that");
}

#[test]
fn the_preview_counts_the_merges_about_which_a_person_would_have_been_asked() {
    let (mut fleet, task) = Fleet::with_task(2);
    meet(&mut fleet, task, [1, 2]);
    meet(&mut fleet, task, [3, 4]);
    let list = |list: &str| [(Field::List, Value::from(list))];
    apart(
        &mut fleet,
        |f| f.edit(0, task, list("home")),
        |f| f.edit(1, task, list("work")),
    );
    let merged = fleet.devices[1].conflicts(State::Merged);
    fleet.resolve(0, merged[0].id, Fields::from(priority(1)));
    fleet.run(1_000);
    let states = [State::Open, State::Merged, State::Resolved];
    let all: Vec<_> = states
        .into_iter()
        .flat_map(|state| fleet.devices[1].conflicts(state))
        .collect();
    let preview = |policies: Policies| policies.preview(&all);
    assert_eq!(preview(Policies::default()), Preview { merges: 3, asked: 0 });
    assert_eq!(
        preview(Policies::asking([Field::Priority])),
        Preview { merges: 3, asked: 2 }
    );
    assert_eq!(
        preview(Policies::asking(CHOICES)),
        Preview { merges: 3, asked: 3 }
    );
}
