//! Shelves: which task stands where. There is one shelf for the open tasks of each section, one for each label, one by
//! date, and so on. Every place of the app shows shelves, or parts of them.
//!
//! | word | what |
//! |---|---|
//! | shelf | tasks in one order, see [`Shelf`] |
//! | [standing](standing) | all that is kept of one task |
//! | its bones | what of its fields decides on which shelves it stands: dates, labels, whether it is done |
//! | its spot | where it is among the others: below which task, in which list, how deep |
//! | it stands | on a shelf, with a key |
//!
//! When a task changes, [`placing`] moves it and what is below it between shelves; nothing else is looked at.

mod placing;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use tsugi_calendar::Date;
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;

use self::standing::Standing;
use super::Touched;
use super::keys::past;
use super::sorted::{Key, Sorted};

pub use self::standing::DRAWN_LEVELS;

/// A row of tasks in one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// The open tasks of a section, or of what is in none, each followed by its sub-tasks: in the order given by hand.
    Open(Home),
    /// Those of them that are below a folded one: counted, and not shown.
    Folded(Home),
    /// Those of them that are below none.
    Roots(Home),
    /// The completed ones of a list, the latest first.
    Done(Option<EntityId>),
    /// Open and due before this day.
    Overdue,
    /// Open, and due or begun by this day.
    Today,
    /// Open, by the first of its days that is not over: by day, time and priority.
    Ahead,
    /// Open, by day, those without one last.
    Labelled(EntityId),
    /// Of all lists, the latest first.
    Completed,
    Deleted,
}

#[derive(Debug)]
pub struct Shelves {
    shelves: BTreeMap<Shelf, Sorted>,
    tasks: BTreeMap<EntityId, Standing>,
    /// What names a task, a list or a section as what it is in, deleted or not: tasks, and sections.
    members: BTreeMap<EntityId, BTreeSet<EntityId>>,
    /// Tasks at the top although they name a parent that is there: each cuts a cycle.
    cut: BTreeSet<EntityId>,
    /// The lists there are, and whether each is archived.
    lists: BTreeMap<EntityId, bool>,
    /// The sections there are, each with its list.
    sections: BTreeMap<EntityId, Option<EntityId>>,
    folded: BTreeSet<EntityId>,
    today: Date,
    placed: u64,
}

impl Shelves {
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            shelves: BTreeMap::new(),
            tasks: BTreeMap::new(),
            members: BTreeMap::new(),
            cut: BTreeSet::new(),
            lists: BTreeMap::new(),
            sections: BTreeMap::new(),
            folded: BTreeSet::new(),
            today,
            placed: 0,
        }
    }

    /// A section says which list it is in, be it a tombstone's.
    pub fn note_section(&mut self, id: EntityId, list: Option<EntityId>) {
        if let Some(list) = list {
            self.members.entry(list).or_default().insert(id);
        }
    }

    /// What is below a task is folded away, or not any more.
    pub fn fold(&mut self, id: EntityId, folded: bool, touched: &mut Touched) {
        let is_news = match folded {
            true => self.folded.insert(id),
            false => self.folded.remove(&id),
        };
        if is_news {
            self.settle(&BTreeSet::from([id]), touched);
        }
    }

    /// The day is this one: what is overdue and what is due today are others now. All with a date are looked at.
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

    /// All shelves that hold anything, and how many tasks: for the numbers beside names.
    pub fn counts(&self) -> impl Iterator<Item = (Shelf, usize)> {
        self.shelves.iter().map(|(shelf, sorted)| (*shelf, sorted.len()))
    }

    /// How many open tasks it is drawn within, one within the other: at most [`DRAWN_LEVELS`].
    #[must_use]
    pub fn depth(&self, id: EntityId) -> u8 {
        self.tasks.get(&id).map_or(0, |task| task.spot.depth)
    }

    /// Where its branch is: where the task at the top of it is.
    #[must_use]
    pub fn home(&self, id: EntityId) -> Option<Home> {
        self.tasks.get(&id).map(|task| task.spot.home)
    }

    #[must_use]
    pub fn is_folded(&self, id: EntityId) -> bool {
        self.folded.contains(&id)
    }

    /// Whether the task stands on this shelf.
    #[must_use]
    pub fn stands_on(&self, id: EntityId, shelf: Shelf) -> bool {
        let task = self.tasks.get(&id);
        task.is_some_and(|task| task.stands.iter().any(|(on, _)| *on == shelf))
    }

    /// Whether there is such a task, and it is not deleted.
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

    /// The task that this one is shown below. One that is gone is none, and so is one that would make a cycle.
    #[must_use]
    pub fn parent(&self, id: EntityId) -> Option<EntityId> {
        self.tasks.get(&id)?.spot.parent
    }

    /// The tasks that this one is shown below, nearest first. There are no cycles in them.
    pub fn above(&self, id: EntityId) -> impl Iterator<Item = EntityId> {
        std::iter::successors(self.parent(id), |above| self.parent(*above))
    }

    /// The nearest open task that it is shown below.
    #[must_use]
    pub fn open_parent(&self, id: EntityId) -> Option<EntityId> {
        self.above(id).find(|above| self.is_open(*above))
    }

    /// What is a part of a task and not deleted, in the order given by hand.
    #[must_use]
    pub fn children(&self, id: EntityId) -> Vec<EntityId> {
        let mut children: Vec<(&[u8], EntityId)> = self
            .below(id)
            .map(|(id, task)| (task.level.as_slice(), id))
            .collect();
        children.sort_unstable();
        children.into_iter().map(|(_, id)| id).collect()
    }

    /// Of its sub-tasks, how many are done, and how many there are.
    #[must_use]
    pub fn progress(&self, id: EntityId) -> (usize, usize) {
        self.below(id).fold((0, 0), |(done, all), (_, task)| {
            (done + usize::from(task.bones.completed.is_some()), all + 1)
        })
    }

    /// Whether an open task is drawn below it: a sub-task, or one that stands in the place of a sub-task that is done.
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

    /// Where a task stands in the order given by hand, and where what comes after all that is below it would.
    #[must_use]
    pub fn bounds(&self, id: EntityId) -> Option<(Key, Vec<u8>)> {
        let path = &self.tasks.get(&id)?.spot.path;
        Some((path.clone(), past(path)))
    }

    /// All tasks, deleted ones too.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = EntityId> {
        self.tasks.keys().copied()
    }

    /// Everything that names this as what it is in or below, maybe sections that no longer do.
    pub fn members(&self, id: EntityId) -> impl Iterator<Item = EntityId> {
        self.members.get(&id).into_iter().flatten().copied()
    }

    /// How often a task was looked at for where it stands, since the beginning: what changes cost.
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
