//! The walk to the root beside the tree that is made of all tasks at once.

use std::iter::successors;

use proptest::prelude::*;
use tsugi_sync::ancestry::{Link, above, cut, root};
use tsugi_sync::entity::{Cell, Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, Revision};
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::oracle::tree::Tree;

fn id(number: usize) -> EntityId {
    EntityId(Uuid::from_u128(number as u128 + 1))
}

proptest! {
    /// The tree that is made of all tasks at once says the same of each.
    #[test]
    fn it_is_the_tree_that_is_shown(rows in proptest::collection::vec((0..17_usize, 0..4_u64), 1..17)) {
        let task = |(number, (parent, moved)): (usize, &(usize, u64))| {
            let mut entity = Entity::new(id(number), Kind::Task);
            let parent = Value::Text(id(*parent).to_string());
            entity.absorb([
                (Field::Created, Cell(Value::Int(5), Revision(1))),
                (Field::Parent, Cell(parent, Revision(*moved))),
            ]);
            Task::read(&entity).unwrap()
        };
        let tasks: Vec<Task> = rows.iter().enumerate().map(task).collect();
        let tree = Tree::of(&tasks);
        let link = |of: EntityId| {
            let task = tree.task(of)?;
            let parent = task.parent.filter(|parent| tree.task(*parent).is_some())?;
            Some(Link { parent, moved: task.moved })
        };
        for task in &tasks {
            let all_above: Vec<EntityId> = successors(tree.parent(task.id), |above| tree.parent(*above)).collect();
            prop_assert_eq!(above(task.id, link), all_above);
            prop_assert_eq!(root(task.id, link), tree.root(task.id));
            prop_assert_eq!(cut(task.id, link) == Some(task.id), tree.cut().contains(&task.id));
        }
    }
}
