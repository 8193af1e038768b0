//! The oracle itself: its tree of tasks.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tsugi_sync::entity::{Cell, Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, Revision};
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::oracle::tree::Tree;

fn id(number: usize) -> EntityId {
    EntityId(Uuid::from_u128(number as u128 + 1))
}

/// A task whose parent was set at this revision.
fn task(number: usize, parent: Option<usize>, moved: u64) -> Task {
    let mut entity = Entity::new(id(number), Kind::Task);
    entity.absorb([(Field::Created, Cell(Value::Int(5), Revision(1)))]);
    if let Some(parent) = parent {
        let parent = Value::Text(id(parent).to_string());
        entity.absorb([(Field::Parent, Cell(parent, Revision(moved)))]);
    }
    Task::read(&entity).unwrap()
}

fn shown(tree: &Tree<'_>) -> Vec<(EntityId, usize)> {
    let roots = tree.children(None).iter().copied();
    tree.walk(roots)
        .iter()
        .map(|row| (row.task.id, row.depth))
        .collect()
}

#[test]
fn depth_first_and_in_order() {
    let mut tasks = vec![
        task(0, None, 0),
        task(1, Some(0), 1),
        task(2, Some(1), 2),
        task(3, Some(0), 3),
        task(4, None, 0),
    ];
    let tree = Tree::of(&tasks);
    let rows = [(0, 0), (1, 1), (2, 2), (3, 1), (4, 0)];
    assert_eq!(shown(&tree), rows.map(|(n, depth)| (id(n), depth)));
    assert_eq!(tree.root(id(2)), id(0));
    let below: Vec<_> = tree
        .below(id(0))
        .iter()
        .map(|row| (row.task.id, row.depth))
        .collect();
    assert_eq!(below, [(1, 0), (2, 1), (3, 0)].map(|(n, depth)| (id(n), depth)));
    // By position first, by age next, by id last.
    tasks[3].position = "V".parse().ok();
    tasks[4].created = tsugi_sync::ids::Timestamp(1);
    let rows = [(4, 0), (0, 0), (3, 1), (1, 1), (2, 2)];
    assert_eq!(shown(&Tree::of(&tasks)), rows.map(|(n, depth)| (id(n), depth)));
}

#[test]
fn a_parent_that_is_gone_counts_as_none() {
    let tasks = [task(1, Some(0), 1), task(2, Some(1), 2)];
    let tree = Tree::of(&tasks);
    assert_eq!(shown(&tree), [(id(1), 0), (id(2), 1)]);
    assert_eq!((tree.parent(id(1)), tree.cut().len()), (None, 0));
}

#[test]
fn nothing_goes_below_itself() {
    let tasks = [
        task(0, None, 0),
        task(1, Some(0), 1),
        task(2, Some(1), 2),
        task(3, None, 0),
    ];
    let tree = Tree::of(&tasks);
    let rows = [
        (0, 2, false),
        (0, 0, false),
        (1, 2, false),
        (2, 0, true),
        (3, 2, true),
        (0, 3, true),
        (0, 9, false),
    ];
    for (task, parent, expected) in rows {
        assert_eq!(
            tree.can_be_below(id(task), id(parent)),
            expected,
            "{task} below {parent}"
        );
    }
}

#[test]
fn the_later_of_two_moves_that_make_a_cycle_gives_way() {
    for (first, second, loser) in [(5, 9, 1), (9, 5, 0), (7, 7, 1)] {
        let tasks = [
            task(0, Some(1), first),
            task(1, Some(0), second),
            task(2, Some(0), 3),
        ];
        let tree = Tree::of(&tasks);
        assert_eq!(*tree.cut(), BTreeSet::from([id(loser)]), "{first} {second}");
        assert_eq!(shown(&tree).len(), 3);
        assert_eq!(tree.children(None)[0].id, id(loser));
    }
    // Below itself.
    let tasks = [task(0, Some(0), 1)];
    assert_eq!(shown(&Tree::of(&tasks)), [(id(0), 0)]);
}

#[test]
fn a_chain_of_fifty_thousand_is_walked() {
    let tasks: Vec<_> = (0..50_000).map(|n| task(n, n.checked_sub(1), 1)).collect();
    let tree = Tree::of(&tasks);
    let rows = shown(&tree);
    assert_eq!(rows.len(), 50_000);
    assert_eq!(rows.last(), Some(&(id(49_999), 64)), "as deep as is drawn");
    assert_eq!(tree.root(id(49_999)), id(0));
    assert!(!tree.can_be_below(id(0), id(49_999)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever the parents: everything is shown once, and each cycle is cut once, at the move that came last.
    #[test]
    fn nothing_vanishes(parents in prop::collection::vec(prop::option::of(0..24_usize), 20), seed in any::<u64>()) {
        let moved = |n: usize| seed.rotate_left(u32::try_from(n * 7 % 64).unwrap()) % 8;
        let tasks: Vec<_> = parents.iter().enumerate().map(|(n, parent)| task(n, *parent, moved(n))).collect();
        let tree = Tree::of(&tasks);
        let rows = shown(&tree);
        let ids: BTreeSet<_> = rows.iter().map(|(id, _)| *id).collect();
        prop_assert_eq!((rows.len(), ids.len()), (20, 20));
        for (number, task) in tasks.iter().enumerate() {
            // The members of its cycle, if it is on one, found by walking as long as there are tasks.
            let mut round = Vec::new();
            let mut at = Some(number);
            for _ in 0..=20 {
                at = at.filter(|at| *at < 20).and_then(|at| parents[at]);
                if let Some(at) = at {
                    round.push(at);
                }
                if at == Some(number) {
                    break;
                }
            }
            let on_cycle = at == Some(number);
            let last = round.iter().filter(|n| **n < 20).max_by_key(|n| (moved(**n), **n));
            prop_assert_eq!(tree.cut().contains(&task.id), on_cycle && last == Some(&number));
            let is_there = task.parent.is_some_and(|parent| tree.task(parent).is_some());
            prop_assert_eq!(tree.parent(task.id).is_some(), is_there && !tree.cut().contains(&task.id));
            // What may be moved there makes no cycle.
            for (other, _) in &rows {
                let mut moved_tasks = tasks.clone();
                moved_tasks[number].parent = Some(*other);
                moved_tasks[number].moved = Revision(99);
                if tree.cut().is_empty() {
                    let fine = Tree::of(&moved_tasks).cut().is_empty();
                    prop_assert_eq!(tree.can_be_below(task.id, *other), fine);
                }
            }
        }
    }
}
