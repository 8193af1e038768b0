//! Every living task is shown somewhere: with cycles of parents, with long chains, and with a parent that is gone.

use std::collections::BTreeSet;

use tsugi_screen::index::Touched;
use tsugi_screen::place::TaskPlace;
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::value::Value;

use crate::world::{World, empty_index, id, link, local, rows};

const LIST: u128 = 1_000_000;
const SECTION: u128 = 1_000_001;

fn list() -> TaskPlace {
    TaskPlace::List(id(LIST))
}

/// A world with a list and a section.
fn world() -> World {
    let mut world = World::new();
    world.list(LIST).section(SECTION, LIST);
    world
}

fn in_section() -> [(Field, Value); 2] {
    [(Field::List, link(LIST)), (Field::Section, link(SECTION))]
}

/// Tasks in the list that form a cycle: each is the parent of the next, and the last is the parent of the first.
fn cycle(tasks: &[u128]) -> World {
    let mut world = world();
    for task in tasks {
        world.task(*task, [(Field::List, link(LIST))]);
    }
    for (nth, task) in tasks.iter().enumerate() {
        let parent = tasks[(nth + tasks.len() - 1) % tasks.len()];
        world.change(*task, Field::Parent, link(parent));
    }
    world
}

#[test]
fn two_tasks_that_are_each_others_parent_stand_in_the_list_and_on_the_board() {
    // Task 1 went below 2 first, and 2 below 1 later. The later move does not count.
    let mut world = cycle(&[1, 2]);
    assert_eq!(world.shown(&list()), "2 >1");
    assert_eq!(world.cards(LIST), [vec![2], vec![]]);
    assert_eq!(world.index.counts().lists[&id(LIST)], 2);
    assert_eq!(world.index.shelves().progress(id(2)), (0, 1));
    assert_eq!(
        world.index.shelves().progress(id(1)),
        (0, 0),
        "nothing is drawn below it"
    );
    // Now the other move is the later one.
    world.change(1, Field::Parent, link(2));
    assert_eq!(world.shown(&list()), "1 >2");
    assert_eq!(world.cards(LIST), [vec![1], vec![]]);
    world.change(1, Field::Parent, Value::Null);
    assert_eq!(world.shown(&list()), "1 >2");
}

#[test]
fn folded_both_one_of_two_that_are_each_others_parent_is_in_sight() {
    let mut world = cycle(&[1, 2]);
    world.fold(1, true).fold(2, true);
    assert_eq!(world.shown(&list()), "2");
    assert_eq!(world.cards(LIST), [vec![2], vec![]]);
    assert_eq!(world.index.counts().lists[&id(LIST)], 2, "folded away is counted");
    world.fold(2, false);
    assert_eq!(world.shown(&list()), "2 >1");
}

#[test]
fn a_cycle_takes_the_tasks_below_it_along() {
    let mut world = cycle(&[1, 2, 3]);
    world.below(4, 2).below(5, 4);
    assert_eq!(world.shown(&list()), "3 >1 >>2 >>>4 >>>>5");
    assert_eq!(world.cards(LIST), [vec![3], vec![]]);
    // The task at which the cycle is cut decides to which section all of them belong.
    world.change(3, Field::Section, link(SECTION));
    assert_eq!(world.cards(LIST), [vec![], vec![3]]);
    assert_eq!(world.shown(&list()), "3 >1 >>2 >>>4 >>>>5");
}

#[test]
fn a_cycle_through_a_task_that_is_deleted_is_none() {
    for gone in [1, 2, 3] {
        let mut world = cycle(&[1, 2, 3]);
        world.delete(gone);
        let shown = match gone {
            1 => "2 >3",
            2 => "3 >1",
            _ => "1 >2",
        };
        assert_eq!(world.shown(&list()), shown, "{gone} is deleted");
        world.change(gone, Field::Deleted, Value::Null);
        assert_eq!(world.shown(&list()), "3 >1 >>2", "{gone} is back");
    }
}

#[test]
fn an_open_task_of_a_cycle_is_shown_when_the_others_are_done() {
    for done in [
        vec![1],
        vec![2],
        vec![3],
        vec![1, 2],
        vec![2, 3],
        vec![1, 3],
        vec![1, 2, 3],
    ] {
        let mut world = cycle(&[1, 2, 3]);
        for task in [1, 2, 3] {
            world.fold(task, true);
        }
        for task in &done {
            world.complete(*task);
        }
        let open: Vec<u128> = [3, 1, 2]
            .into_iter()
            .filter(|task| !done.contains(task))
            .collect();
        let cards = world.cards(LIST);
        assert_eq!(cards[0], open[..open.len().min(1)], "{done:?} are done");
        let rows: Vec<u128> = world.rows(&list()).into_iter().map(|(task, _)| task).collect();
        let first = open.first().copied();
        assert_eq!(rows.iter().find(|task| !done.contains(task)).copied(), first);
        assert!(
            done.iter().all(|task| rows.contains(task)),
            "done and shown as done"
        );
        let counted = world.index.counts().lists.get(&id(LIST)).copied();
        assert_eq!(counted.unwrap_or_default(), open.len());
    }
}

#[test]
fn a_task_that_is_its_own_parent_is_at_the_top() {
    let mut world = World::new();
    world.below(1, 1).below(2, 1);
    assert_eq!(world.shown(&TaskPlace::Inbox), "1 >2");
    assert_eq!(world.index.shelves().progress(id(1)), (0, 1));
}

#[test]
fn however_deep_a_task_is_in_the_list_and_section_of_its_root() {
    for levels in [1, 31, 32, 33, 40, 64, 65, 200, 500] {
        let mut world = world();
        world.task(1, in_section());
        for task in 2..=levels + 1 {
            // The list that a sub-task itself names does not count.
            world.task(
                task,
                [(Field::Parent, link(task - 1)), (Field::List, link(LIST + 9))],
            );
        }
        let home = world
            .index
            .shelves()
            .home(id(levels + 1))
            .expect("it is somewhere");
        assert_eq!(
            (home.list, home.section),
            (Some(id(LIST)), Some(id(SECTION))),
            "{levels}"
        );
        assert_eq!(world.rows(&list()).len() as u128, levels + 1);
        assert_eq!(
            world.cards(LIST),
            [vec![], vec![1]],
            "one card, with all below it"
        );
        assert_eq!(world.shown(&TaskPlace::Inbox), "");
        // The root goes to the inbox, and all tasks below it go with it.
        world.change(1, Field::List, Value::Null);
        assert_eq!(world.rows(&TaskPlace::Inbox).len() as u128, levels + 1);
        assert_eq!(world.shown(&list()), "");
        // The root is folded, so only the root is in sight.
        world.fold(1, true);
        assert_eq!(world.shown(&TaskPlace::Inbox), "1");
        assert_eq!(world.index.counts().inbox as u128, levels + 1);
    }
}

#[test]
fn deep_tasks_are_drawn_in_order_and_no_deeper_than_the_screen_goes() {
    let mut world = World::new();
    world.task(1, []);
    for task in 2..=300 {
        world.below(task, task - 1);
    }
    world.below(301, 1).task(302, []);
    let rows = world.rows(&TaskPlace::Inbox);
    let tasks: Vec<u128> = rows.iter().map(|(task, _)| *task).collect();
    assert_eq!(tasks, (1..=302).collect::<Vec<_>>());
    let depths: Vec<u8> = rows.iter().map(|(_, depth)| *depth).collect();
    assert_eq!(depths[..64], (0..64).collect::<Vec<u8>>());
    assert!(depths[64..300].iter().all(|depth| *depth == 64));
    assert_eq!(depths[300..], [1, 0]);
}

#[test]
fn a_named_thing_that_is_gone_counts_as_none() {
    let mut world = world();
    world.task(1, in_section());
    world.task(2, [(Field::Parent, link(1))]).below(3, 2);
    assert_eq!(world.shown(&list()), "1 >2 >>3");
    world.delete(1);
    assert_eq!(world.shown(&list()), "");
    assert_eq!(world.shown(&TaskPlace::Inbox), "2 >3");
    world.change(1, Field::Deleted, Value::Null).complete(1);
    assert_eq!(
        world.shown(&list()),
        "2 >3 1",
        "open, in the place of the one that is done"
    );
    assert_eq!(world.cards(LIST), [vec![], vec![2]]);
    world.delete(SECTION);
    assert_eq!(world.cards(LIST), [vec![2]]);
    world.delete(LIST);
    assert_eq!(world.shown(&TaskPlace::Inbox), "2 >3 1");
    world.change(LIST, Field::Deleted, Value::Null).forget(1);
    assert_eq!(
        world.shown(&TaskPlace::Inbox),
        "2 >3",
        "a parent nobody has heard of is none"
    );
}

#[test]
fn a_section_of_another_list_is_none_and_an_archived_list_keeps_its_tasks() {
    let mut world = world();
    world.list(LIST + 5).section(SECTION + 5, LIST + 5);
    world.task(
        1,
        [(Field::List, link(LIST)), (Field::Section, link(SECTION + 5))],
    );
    assert_eq!(world.cards(LIST), [vec![1], vec![]]);
    world.change(SECTION + 5, Field::List, link(LIST));
    assert_eq!(world.cards(LIST)[2], [1], "the section came over");
    world.change(1, Field::Due, Value::text("2026-11-24")).below(2, 1);
    world.change(2, Field::Due, Value::text("2026-11-24"));
    assert_eq!(world.shown(&TaskPlace::Today), "1 2");
    world.change(LIST, Field::Archived, Value::Int(5));
    assert_eq!(world.shown(&TaskPlace::Today), "");
    assert_eq!(world.shown(&list()), "1 >2");
}

#[test]
fn open_tasks_below_done_ones_can_be_folded_by_the_open_task_above() {
    let mut world = World::new();
    world.task(1, []).below(2, 1).below(3, 2).below(4, 3);
    world.complete(2).complete(3);
    assert_eq!(world.shown(&TaskPlace::Inbox), "1 >4 2 3");
    assert!(world.index.shelves().has_open_below(id(1)));
    world.fold(1, true);
    assert_eq!(world.shown(&TaskPlace::Inbox), "1 2 3");
    // Two levels of completed tasks are between 1 and 4. When 4 is done, nothing is left to fold in the row of 1.
    world.complete(4);
    assert!(!world.index.shelves().has_open_below(id(1)));
    assert!(world.touched.tasks.contains(&id(1)));
}

#[test]
fn a_row_names_the_list_of_its_root_and_hears_of_its_move() {
    let mut world = world();
    world.list(LIST + 5);
    world.task(1, [(Field::List, link(LIST))]);
    world.task(2, [(Field::Parent, link(1)), (Field::List, link(LIST))]);
    world.change(1, Field::List, link(LIST + 5));
    assert!(world.touched.tasks.contains(&id(2)), "it says another list now");
    assert_eq!(
        world.index.shelves().home(id(2)).and_then(|home| home.list),
        Some(id(LIST + 5))
    );
}

/// This counts work and not time: a change looks at the task and the tasks below it.
#[test]
fn a_chain_of_ten_thousand_costs_as_much_as_ten_thousand_tasks() {
    const COUNT: u128 = 10_000;
    let mut world = World::new();
    world.task(1, []);
    for task in 2..=COUNT {
        world.below(task, task - 1);
    }
    let placed = |world: &World| world.index.shelves().placed();
    assert!(placed(&world) <= COUNT as u64);
    assert_eq!(world.rows(&TaskPlace::Inbox).len() as u128, COUNT);
    let mut cost = |task: u128, field: Field, value: &str| {
        let before = placed(&world);
        world.change(task, field, Value::text(value));
        placed(&world) - before
    };
    assert_eq!(cost(COUNT, Field::Position, "V"), 1);
    assert_eq!(cost(COUNT - 9, Field::Position, "V"), 10);
    assert_eq!(cost(5, Field::Title, "renamed"), 1);
    // The first and the last task name each other. That makes one cycle of ten thousand tasks, cut at the latest move.
    world.change(1, Field::Parent, link(COUNT));
    assert_eq!(world.rows(&TaskPlace::Inbox)[0], (1, 0));
    assert_eq!(world.rows(&TaskPlace::Inbox).len() as u128, COUNT);
    world.delete(COUNT / 2);
    assert_eq!(world.rows(&TaskPlace::Inbox).len() as u128, COUNT - 1);
}

#[test]
fn a_kind_that_is_no_task_is_no_parent() {
    let mut world = world();
    world.task(1, [(Field::Parent, link(LIST))]);
    assert_eq!(world.shown(&TaskPlace::Inbox), "1");
    world.set(Kind::Filter, 50, []).below(2, 50);
    assert_eq!(world.shown(&TaskPlace::Inbox), "1 2");
}

/// Counts work and not time: in one heap, each task is placed once, even where each comes before the task it is below.
#[test]
fn a_chain_that_comes_from_its_end_on_is_placed_once() {
    const COUNT: u128 = 10_000;
    let task = |number: u128| {
        let mut entity = Entity::new(id(number), Kind::Task);
        entity.fields.entry(Field::Parent).or_default().0 = link(number + 1);
        (entity.id, entity)
    };
    let local = local(&(1..=COUNT).map(task).collect());
    let mut index = empty_index(BTreeSet::new());
    index.take_in(&local, local.ids(), &mut Touched::default());
    assert_eq!(index.shelves().placed(), COUNT as u64);
    let rows = rows(&index, &TaskPlace::Inbox);
    assert_eq!((rows.len() as u128, rows[0]), (COUNT, (COUNT, 0)));
}
