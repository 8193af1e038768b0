//! Shelves: the places of tasks. There is one shelf for the open tasks of each section, one for each label, one by
//! date, and so on. Every place of the app shows shelves, or parts of them.
//!
//! | word | meaning |
//! |---|---|
//! | shelf | tasks in one order, see [`Shelf`] |
//! | `standing` | everything that is kept about one task |
//! | bones | the parts of its fields that decide on which shelves it is: dates, labels, whether it is completed |
//! | spot | its place among the others: below which task, in which list, how deep |
//! | stands | the shelves on which it is, with its key on each |
//!
//! When a task changes, `placing` moves it and the tasks below it between shelves. It looks at no other task.

mod placing;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use tsugi_calendar::Date;
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;
use tsugi_sync::sorted_map::SortedMap;

use self::standing::Standing;
use super::Touched;
use super::keys::past;
use super::sorted::{Key, Sorted};

pub use self::standing::DRAWN_LEVELS;

/// A sequence of tasks in one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// The open tasks of a section, or those of a list that are in no section, each followed by its sub-tasks, in
    /// the order given by hand.
    Open(Home),
    /// The tasks of `Open` that are below a folded one: they are counted, but not shown.
    Folded(Home),
    /// The tasks of `Open` that are below no other.
    Roots(Home),
    /// The completed tasks of a list, the latest first.
    Done(Option<EntityId>),
    /// Open and due before this day.
    Overdue,
    /// Open, and due or begun by this day.
    Today,
    /// Open, by the first of its days that is not over: sorted by day, time and priority.
    Ahead,
    /// Open tasks with this label, by day, those without a day last.
    Labelled(EntityId),
    /// The completed tasks of all lists, the latest first.
    Completed,
    Deleted,
}

#[derive(Debug)]
pub struct Shelves {
    shelves: SortedMap<Shelf, Sorted>,
    tasks: BTreeMap<EntityId, Standing>,
    /// For each task, list or section: the tasks and sections that name it as the one they are in, deleted or not.
    members: BTreeMap<EntityId, BTreeSet<EntityId>>,
    /// Tasks at the top although they name a parent that exists: each cuts a cycle.
    cut: BTreeSet<EntityId>,
    /// The lists that exist, and whether each is archived.
    lists: SortedMap<EntityId, bool>,
    /// The sections that exist, each with its list.
    sections: SortedMap<EntityId, Option<EntityId>>,
    folded: BTreeSet<EntityId>,
    today: Date,
    placed: u64,
}

impl Shelves {
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            shelves: SortedMap::new(),
            tasks: BTreeMap::new(),
            members: BTreeMap::new(),
            cut: BTreeSet::new(),
            lists: SortedMap::new(),
            sections: SortedMap::new(),
            folded: BTreeSet::new(),
            today,
            placed: 0,
        }
    }

    /// Notes which list a section names, even if the section is deleted.
    pub fn note_section(&mut self, id: EntityId, list: Option<EntityId>) {
        if let Some(list) = list {
            self.members.entry(list).or_default().insert(id);
        }
    }

    /// Folds away the tasks below a task, or unfolds them.
    pub fn fold(&mut self, id: EntityId, folded: bool, touched: &mut Touched) {
        let is_news = match folded {
            true => self.folded.insert(id),
            false => self.folded.remove(&id),
        };
        if is_news {
            self.settle(&BTreeSet::from([id]), touched);
        }
    }

    /// Sets the day that is today. That changes which tasks are overdue and which are due today, so all tasks with a
    /// date are looked at.
    pub fn set_today(&mut self, today: Date, touched: &mut Touched) {
        if self.today == today {
            return;
        }
        self.today = today;
        let dated = |task: &Standing| task.bones.due.is_some() || task.bones.start.is_some();
        let dated = self.tasks.iter().filter(|(_, task)| dated(task));
        let dated: Vec<EntityId> = dated.map(|(id, _)| *id).collect();
        for id in dated {
            self.place(id, touched);
        }
    }

    #[must_use]
    pub fn shelf(&self, shelf: Shelf) -> Option<&Sorted> {
        self.shelves.get(&shelf)
    }

    #[must_use]
    pub fn count(&self, shelf: Shelf) -> usize {
        self.shelf(shelf).map_or(0, Sorted::len)
    }

    /// All shelves that are not empty, each with its number of tasks, for the numbers beside names.
    pub fn counts(&self) -> impl Iterator<Item = (Shelf, usize)> {
        self.shelves.iter().map(|(shelf, sorted)| (*shelf, sorted.len()))
    }

    /// How many open tasks the task is drawn within, one within the other: at most [`DRAWN_LEVELS`].
    #[must_use]
    pub fn depth(&self, id: EntityId) -> u8 {
        self.tasks.get(&id).map_or(0, |task| task.spot.depth)
    }

    /// The home of its branch, which is that of the task at the top.
    #[must_use]
    pub fn home(&self, id: EntityId) -> Option<Home> {
        self.tasks.get(&id).map(|task| task.spot.home)
    }

    #[must_use]
    pub fn is_folded(&self, id: EntityId) -> bool {
        self.folded.contains(&id)
    }

    /// Whether the task is on this shelf.
    #[must_use]
    pub fn stands_on(&self, id: EntityId, shelf: Shelf) -> bool {
        let task = self.tasks.get(&id);
        task.is_some_and(|task| task.stands.iter().any(|(on, _)| *on == shelf))
    }

    /// Whether the task exists and is not deleted.
    #[must_use]
    pub fn is_there(&self, id: EntityId) -> bool {
        self.tasks
            .get(&id)
            .is_some_and(|task| task.bones.deleted.is_none())
    }

    #[must_use]
    pub fn is_open(&self, id: EntityId) -> bool {
        self.tasks.get(&id).is_some_and(|task| task.bones.is_open())
    }

    /// The task that this one is shown below. A deleted task does not count, and neither does one that would make a
    /// cycle.
    #[must_use]
    pub fn parent(&self, id: EntityId) -> Option<EntityId> {
        self.tasks.get(&id)?.spot.parent
    }

    /// The tasks that this one is shown below, nearest first. There is no cycle among them.
    pub fn above(&self, id: EntityId) -> impl Iterator<Item = EntityId> {
        std::iter::successors(self.parent(id), |above| self.parent(*above))
    }

    /// The nearest open task that it is shown below.
    #[must_use]
    pub fn open_parent(&self, id: EntityId) -> Option<EntityId> {
        self.above(id).find(|above| self.is_open(*above))
    }

    /// The sub-tasks of a task that are not deleted, in the order given by hand.
    #[must_use]
    pub fn children(&self, id: EntityId) -> Vec<EntityId> {
        let mut children: Vec<(&[u8], EntityId)> = self
            .below(id)
            .map(|(id, task)| (task.level.as_slice(), id))
            .collect();
        children.sort_unstable();
        children.into_iter().map(|(_, id)| id).collect()
    }

    /// How many of its sub-tasks are completed, and how many there are.
    #[must_use]
    pub fn progress(&self, id: EntityId) -> (usize, usize) {
        self.below(id).fold((0, 0), |(done, all), (_, task)| {
            (done + usize::from(task.bones.completed.is_some()), all + 1)
        })
    }

    /// Whether an open task is drawn below it: a sub-task, or a task that takes the place of a completed sub-task.
    #[must_use]
    pub fn has_open_below(&self, id: EntityId) -> bool {
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            for (below, task) in self.below(id) {
                if task.bones.is_open() {
                    return true;
                }
                next.push(below);
            }
        }
        false
    }

    /// The key of a task in the order given by hand, and the first key after everything below it.
    #[must_use]
    pub fn bounds(&self, id: EntityId) -> Option<(Key, Vec<u8>)> {
        let path = &self.tasks.get(&id)?.spot.path;
        Some((path.clone(), past(path)))
    }

    /// All tasks, deleted ones too.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = EntityId> {
        self.tasks.keys().copied()
    }

    /// All tasks and sections that name this one as the one they are in or below. There may be sections among them
    /// that no longer do.
    pub fn members(&self, id: EntityId) -> impl Iterator<Item = EntityId> {
        self.members.get(&id).into_iter().flatten().copied()
    }

    /// How often a task has been placed since the beginning: the cost of changes.
    #[must_use]
    pub fn placed(&self) -> u64 {
        self.placed
    }

    fn below(&self, id: EntityId) -> impl Iterator<Item = (EntityId, &Standing)> {
        let task = |member| Some((member, self.tasks.get(&member)?));
        self.members(id)
            .filter_map(task)
            .filter(move |(_, task)| task.spot.parent == Some(id))
    }
}
