//! The tree of tasks: what is a part of what, in order, to any depth.
//!
//! Every replica that holds the same tasks shows the same tree, whatever they hold: a parent that is gone counts as none,
//! whether this replica still has its tombstone or not; and where moves that were made apart make a cycle, it is cut at one
//! place. So nothing that is there can vanish from the screen.
//!
//! Nothing here calls itself: a chain of tasks may be as long as there are tasks.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{EntityId, Revision};
use crate::task::Task;

/// Tasks, by what they are parts of.
#[derive(Clone, Debug)]
pub struct Tree<'a> {
    tasks: BTreeMap<EntityId, &'a Task>,
    /// The parent of each task that is shown below one.
    parents: BTreeMap<EntityId, EntityId>,
    /// In order. Under none, the roots.
    children: BTreeMap<Option<EntityId>, Vec<&'a Task>>,
    cut: BTreeSet<EntityId>,
}

/// A task in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    pub task: &'a Task,
    /// How far below where the walk began.
    pub depth: usize,
}

impl<'a> Tree<'a> {
    /// The tree of these tasks, which are all there are.
    #[must_use]
    pub fn of(tasks: impl IntoIterator<Item = &'a Task>) -> Self {
        let tasks: BTreeMap<EntityId, &Task> = tasks.into_iter().map(|task| (task.id, task)).collect();
        let is_there = |task: &&Task| Some((task.id, task.parent.filter(|id| tasks.contains_key(id))?));
        let mut parents: BTreeMap<_, _> = tasks.values().filter_map(is_there).collect();
        let moved = |id| tasks.get(&id).map_or(Revision(0), |task| task.moved);
        let cut = cuts(&parents, moved);
        parents.retain(|id, _| !cut.contains(id));
        let mut children: BTreeMap<Option<EntityId>, Vec<&Task>> = BTreeMap::new();
        for task in tasks.values() {
            let parent = parents.get(&task.id).copied();
            children.entry(parent).or_default().push(task);
        }
        for siblings in children.values_mut() {
            siblings.sort_by(|one, other| by_hand(one, other));
        }
        Self {
            tasks,
            parents,
            children,
            cut,
        }
    }

    #[must_use]
    pub fn task(&self, id: EntityId) -> Option<&'a Task> {
        self.tasks.get(&id).copied()
    }

    /// All tasks, by id.
    pub fn all(&self) -> impl Iterator<Item = &'a Task> {
        self.tasks.values().copied()
    }

    /// The task that this one is shown below.
    #[must_use]
    pub fn parent(&self, id: EntityId) -> Option<EntityId> {
        self.parents.get(&id).copied()
    }

    /// What is shown below a task, or at the top, in order.
    #[must_use]
    pub fn children(&self, parent: Option<EntityId>) -> &[&'a Task] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// The task itself, or the one at the top above it. Where it stands, all of the branch does.
    #[must_use]
    pub fn root(&self, id: EntityId) -> EntityId {
        let mut root = id;
        while let Some(parent) = self.parent(root) {
            root = parent;
        }
        root
    }

    /// All that is below a task, depth first, in order; without the task itself.
    #[must_use]
    pub fn below(&self, id: EntityId) -> Vec<Row<'a>> {
        self.walk(self.children(Some(id)).iter().copied())
    }

    /// These tasks with all that is below them, depth first, in order.
    #[must_use]
    pub fn walk(&self, from: impl DoubleEndedIterator<Item = &'a Task>) -> Vec<Row<'a>> {
        let mut rows = Vec::new();
        let mut ahead: Vec<Row<'a>> = from.rev().map(|task| Row { task, depth: 0 }).collect();
        while let Some(row) = ahead.pop() {
            rows.push(row);
            let below = self.children(Some(row.task.id)).iter().rev();
            ahead.extend(below.map(|task| Row {
                task,
                depth: row.depth + 1,
            }));
        }
        rows
    }

    /// Whether a task can be put below another one: not below itself, and not below what is below it.
    #[must_use]
    pub fn can_be_below(&self, id: EntityId, parent: EntityId) -> bool {
        let mut above = Some(parent);
        while let Some(next) = above {
            if next == id {
                return false;
            }
            above = self.parent(next);
        }
        self.tasks.contains_key(&parent)
    }

    /// The tasks that are shown at the top although they name a parent that is there: it would be a cycle.
    #[must_use]
    pub fn cut(&self) -> &BTreeSet<EntityId> {
        &self.cut
    }
}

/// The order that people gave: by position, those without one last; then by age, then by id.
#[must_use]
pub fn by_hand(one: &Task, other: &Task) -> Ordering {
    let key = |task: &Task| (task.position.is_none(), task.created, task.id);
    let (first, second) = (key(one), key(other));
    (first.0.cmp(&second.0))
        .then_with(|| one.position.cmp(&other.position))
        .then_with(|| first.cmp(&second))
}

/// Of each cycle, the task whose parent does not count: the one that was moved last, in the server's order.
fn cuts(parents: &BTreeMap<EntityId, EntityId>, moved: impl Fn(EntityId) -> Revision) -> BTreeSet<EntityId> {
    let mut cut = BTreeSet::new();
    // Each task with the walk in which it was first met.
    let mut met: BTreeMap<EntityId, EntityId> = BTreeMap::new();
    for start in parents.keys() {
        let mut at = *start;
        while let std::collections::btree_map::Entry::Vacant(fresh) = met.entry(at) {
            fresh.insert(*start);
            match parents.get(&at) {
                Some(parent) => at = *parent,
                None => break,
            }
        }
        // A walk that ends where it has been itself has gone round from there.
        if parents.contains_key(&at) && met.get(&at) == Some(start) {
            cut.extend(loser(parents, at, &moved));
        }
    }
    cut
}

/// The task of a cycle that was moved last; of two at once, the one with the greater id.
fn loser(
    parents: &BTreeMap<EntityId, EntityId>,
    on: EntityId,
    moved: &impl Fn(EntityId) -> Revision,
) -> Option<EntityId> {
    let mut at = on;
    let mut round = vec![on];
    while let Some(next) = parents.get(&at).filter(|next| **next != on) {
        round.push(*next);
        at = *next;
    }
    round.into_iter().max_by_key(|id| (moved(*id), *id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::entity::{Cell, Entity, Field, Kind};
    use crate::value::Value;

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
        tasks[4].created = crate::ids::Timestamp(1);
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
        assert_eq!(rows.last(), Some(&(id(49_999), 49_999)));
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
}
