//! The tree of tasks: what is a part of what, in order, to any depth.
//!
//! Every replica that holds the same tasks shows the same tree, whatever they hold: a parent that is gone counts as none,
//! whether this replica still has its tombstone or not; and where moves that were made apart make a cycle, it is cut at one
//! place. So nothing that is there can vanish from the screen.
//!
//! Nothing here calls itself: a chain of tasks may be as long as there are tasks.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use tsugi_sync::ids::{EntityId, Revision};
use tsugi_sync::task::Task;

/// Levels of tasks that are drawn one within the other.
const DRAWN_LEVELS: usize = 64;

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

    /// The task at the top above this one, or the task itself. The whole branch is where this one is.
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

    /// These tasks with all that is below them, depth first, in order. Beyond the levels that are drawn, all that is below
    /// a task of the last but one level is drawn right below it, in the order given by hand.
    #[must_use]
    pub fn walk(&self, from: impl DoubleEndedIterator<Item = &'a Task>) -> Vec<Row<'a>> {
        let mut rows = Vec::new();
        let mut ahead: Vec<Row<'a>> = from.rev().map(|task| Row { task, depth: 0 }).collect();
        while let Some(row) = ahead.pop() {
            rows.push(row);
            let below = match row.depth + 1 {
                depth if depth < DRAWN_LEVELS => self.children(Some(row.task.id)).to_vec(),
                DRAWN_LEVELS => self.all_below(row.task.id),
                _ => Vec::new(),
            };
            ahead.extend(below.into_iter().rev().map(|task| Row {
                task,
                depth: row.depth + 1,
            }));
        }
        rows
    }

    fn all_below(&self, id: EntityId) -> Vec<&'a Task> {
        let mut all: Vec<&'a Task> = Vec::new();
        let mut ahead = vec![id];
        while let Some(id) = ahead.pop() {
            let children = self.children(Some(id));
            ahead.extend(children.iter().map(|task| task.id));
            all.extend(children.iter().copied());
        }
        all.sort_by(|one, other| by_hand(one, other));
        all
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
