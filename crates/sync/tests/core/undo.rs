//! Undo of a whole gesture, and redo.

use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::gesture::{complete, delete, move_to, nest};
use tsugi_sync::home::Home;
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::instance;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::gesture::{Desk, TODAY, link, stamp};

/// All that is there, field by field, without what is empty.
fn state(desk: &Desk) -> Vec<(EntityId, Vec<(Field, Value)>)> {
    let living = desk
        .replica
        .ids()
        .map(|id| desk.view(id))
        .filter(|view| !view.is_deleted());
    let fields = living.map(|view| {
        let filled = view.fields.into_iter().filter(|(_, cell)| !cell.0.is_null());
        (view.id, filled.map(|(field, cell)| (field, cell.0)).collect())
    });
    fields.collect()
}

/// Undoes what was done, looks whether all is as before; redoes it, looks whether all is as after.
fn there_and_back(desk: &mut Desk, before: &[(EntityId, Vec<(Field, Value)>)], done: &[Mutation]) {
    let after = state(desk);
    let group = Some(Uuid::from_u128(1));
    let undone = desk.replica.undo(done, Timestamp(TODAY + 100), group);
    assert!(undone.iter().all(|mutation| mutation.group == group));
    desk.fold(undone.clone());
    assert_eq!(state(desk), before, "undone");
    let redone = desk.replica.undo(&undone, Timestamp(TODAY + 200), group);
    desk.fold(redone.clone());
    assert_eq!(state(desk), after, "redone");
    let again = desk.replica.undo(&redone, Timestamp(TODAY + 300), group);
    desk.fold(again);
    assert_eq!(state(desk), before, "and undone again");
}

/// Tasks 2 and 3 below 1; 4 recurs, with 5 below it.
fn desk() -> (Desk, [EntityId; 5]) {
    let mut desk = Desk::new();
    let one = desk.task(1, [(Field::Priority, 1.into())]);
    let two = desk.task(2, [(Field::Parent, link(one))]);
    let three = desk.task(3, [(Field::Parent, link(one))]);
    let rule = [
        (Field::Due, "2026-11-24".into()),
        (Field::Recurrence, "FREQ=DAILY".into()),
    ];
    let four = desk.task(4, rule);
    let five = desk.task(5, [(Field::Parent, link(four))]);
    (desk, [one, two, three, four, five])
}

#[test]
fn a_group_of_moves() {
    let (mut desk, [one, _, _, four, _]) = desk();
    let list = desk.set(Kind::List, 100, [(Field::Name, "home".into())]);
    let before = state(&desk);
    let home = Home {
        list: Some(list),
        section: None,
    };
    let done = desk.take(move_to(&desk.replica, &[one, four], home, stamp(TODAY)).unwrap());
    assert_eq!(done.len(), 2);
    there_and_back(&mut desk, &before, &done);
}

#[test]
fn a_bulk_deletion() {
    let (mut desk, [one, two, _, four, _]) = desk();
    let before = state(&desk);
    let done = desk.take(delete(&desk.replica, &[one, two, four], stamp(TODAY)).unwrap());
    assert_eq!(done.len(), 5);
    there_and_back(&mut desk, &before, &done);
}

#[test]
fn a_completion_with_the_next_instance() {
    let (mut desk, [one, _, _, four, _]) = desk();
    let before = state(&desk);
    let done = desk.take(complete(&desk.replica, &[one, four], stamp(TODAY)).unwrap());
    assert_eq!(done.len(), 7, "five completed, two begun");
    there_and_back(&mut desk, &before, &done);
}

#[test]
fn the_next_instance_stays_where_somebody_touched_it() {
    let (mut desk, [_, _, _, four, five]) = desk();
    let done = desk.take(complete(&desk.replica, &[four], stamp(TODAY)).unwrap());
    let next = instance::next_id(&Task::read(&desk.view(four)).unwrap());
    let edit = tsugi_sync::replica::Edit {
        entity: next,
        kind: Kind::Task,
        set: [(Field::Notes, "bring the big one".into())].into(),
        seen: [].into(),
        at: Timestamp(TODAY),
        group: None,
    };
    desk.take(vec![edit]);
    let undone = desk.replica.undo(&done, Timestamp(TODAY + 1), None);
    desk.fold(undone);
    assert!(!desk.view(next).is_deleted());
    assert_eq!(desk.value(next, &Field::Due), "2026-11-25".into());
    for id in [four, five] {
        assert_eq!(desk.value(id, &Field::Completed), Value::Null);
    }
}

#[test]
fn what_others_changed_since_stays_theirs() {
    let (mut desk, [one, two, three, _, _]) = desk();
    let done = desk.take(delete(&desk.replica, &[one], stamp(TODAY)).unwrap());
    desk.set(Kind::Task, 2, [(Field::Deleted, 5.into())]);
    let undone = desk.replica.undo(&done, Timestamp(TODAY + 1), None);
    desk.fold(undone);
    assert!(!desk.view(one).is_deleted() && !desk.view(three).is_deleted());
    assert!(desk.view(two).is_deleted());
}

#[test]
fn no_move_is_undone_into_a_cycle() {
    let (mut desk, [one, two, _, _, _]) = desk();
    let home = Home {
        list: None,
        section: None,
    };
    let out = desk.take(move_to(&desk.replica, &[two], home, stamp(TODAY)).unwrap());
    desk.take(nest(&desk.replica, one, two, stamp(TODAY + 1)).unwrap());
    assert!(desk.replica.undo(&out, Timestamp(TODAY + 2), None).is_empty());
}

#[test]
fn two_moves_of_one_gesture_are_undone_together() {
    // 2 goes out from below 1, and 1 below 2: each alone would be a cycle on the way back.
    let (mut desk, [one, two, _, _, _]) = desk();
    let before = state(&desk);
    let home = Home {
        list: None,
        section: None,
    };
    let mut done = desk.take(move_to(&desk.replica, &[two], home, stamp(TODAY)).unwrap());
    done.extend(desk.take(nest(&desk.replica, one, two, stamp(TODAY)).unwrap()));
    there_and_back(&mut desk, &before, &done);
}
