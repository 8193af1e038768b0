//! Gestures on tasks that are each other's parent: two moves that were made apart may leave them so.

use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::gesture::{Contents, MoveError, delete_list, move_to, nest};
use tsugi_sync::home::Home;
use tsugi_sync::ids::Timestamp;
use tsugi_sync::list::List;
use tsugi_sync::value::Value;

use crate::fleet::entity;
use crate::gesture::{Desk, TODAY, below, link, stamp};

/// Two tasks of a list that are each other's parent, as two devices may leave them: 2 is shown at the top, and 1 below it.
fn with_cycle() -> Desk {
    let mut desk = Desk::new();
    let list = desk.set(
        Kind::List,
        9,
        List::create("list", Timestamp(TODAY)).expect("a name"),
    );
    for (task, parent) in [(1, 2), (2, 1), (3, 1)] {
        let place = [(Field::Parent, link(entity(parent))), (Field::List, link(list))];
        desk.task(task, place);
    }
    desk
}

#[test]
fn a_list_goes_with_tasks_that_are_each_others_parent() {
    let mut desk = with_cycle();
    let edits = delete_list(&desk.replica, entity(9), Contents::Delete, stamp(TODAY));
    desk.take(edits.expect("few"));
    for task in 1..=3 {
        assert!(!desk.is_there(entity(task)), "{task}");
    }
}

#[test]
fn the_task_at_which_a_cycle_is_cut_goes_to_another_list_with_all_below_it() {
    let desk = with_cycle();
    let tasks = [entity(3), entity(1), entity(2)];
    let edits = move_to(
        &desk.replica,
        &tasks,
        Home {
            list: None,
            section: None,
        },
        stamp(TODAY),
    )
    .expect("few");
    let moved: Vec<_> = edits.iter().map(|edit| edit.entity).collect();
    assert_eq!(moved, [entity(2)]);
}

#[test]
fn the_task_at_which_a_cycle_is_cut_goes_no_deeper_into_it() {
    let mut desk = with_cycle();
    let now = stamp(TODAY);
    for below in [1, 3] {
        let refused = nest(&desk.replica, entity(2), entity(below), now);
        assert_eq!(refused.expect_err("refused"), MoveError::BelowItself);
    }
    // 1 is below 2 already, and 4 goes there.
    let edits = nest(&desk.replica, entity(1), entity(2), now).expect("it is there");
    assert!(edits.iter().all(|edit| edit.entity == entity(2)), "{edits:?}");
    desk.task(4, []);
    let edits = nest(&desk.replica, entity(1), entity(4), now).expect("it can be there");
    assert_eq!(edits.len(), 1);
}

/// 3 is shown above 2 and 2 above 1, and 3 names 1. Put right below 3, 1 would be the last that was moved on the cycle of
/// the two, and go to the top itself.
#[test]
fn what_is_put_below_a_cut_task_stays_there() {
    let mut desk = Desk::new();
    for (task, parent) in [(1, 2), (2, 3), (3, 1)] {
        desk.task(task, below(entity(parent)));
    }
    let edits = nest(&desk.replica, entity(1), entity(3), stamp(TODAY)).expect("it can be there");
    desk.take(edits);
    assert_eq!(desk.value(entity(1), &Field::Parent), link(entity(3)));
    assert_eq!(desk.value(entity(3), &Field::Parent), Value::Null);
}
