//! Which task stands where: one shelf for the open tasks of each list, one for each label, one by date, and so on.
//!
//! Every place of the app shows a shelf, or part of one. When a task changes it moves between shelves; nothing else is
//! looked at, except its sub-tasks, which go where it goes.

use std::collections::{BTreeMap, BTreeSet};

use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::task::{Date, Due, Task};

use super::sorted::{Key, Sorted};

/// How deep sub-tasks are followed. Beyond, or in a circle, a task stands by itself.
const DEEPEST: usize = 32;
/// Milliseconds for which a deleted task can be restored.
pub const RESTORABLE: u64 = 30 * 24 * 60 * 60 * 1000;

/// A row of tasks in one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// The open tasks of a list, or of none, each followed by its sub-tasks: in the order given by hand.
    Open(Option<EntityId>),
    /// The completed ones, the latest first.
    Done(Option<EntityId>),
    /// The open ones with a date: by day, time and priority.
    Dated,
    Labelled(EntityId),
    /// Of all lists, the latest first.
    Completed,
    Deleted,
}

/// What is known of one task.
#[derive(Debug)]
struct Known {
    /// Its own part of keys in the order given by hand.
    level: Vec<u8>,
    list: Option<EntityId>,
    parent: Option<EntityId>,
    is_open: bool,
    depth: u8,
    stands: Vec<(Shelf, Key)>,
    task: Bones,
}

/// What of a task decides where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bones {
    day: Option<(Date, Option<(u8, u8)>)>,
    priority: u8,
    labels: Vec<EntityId>,
    completed: Option<Timestamp>,
    deleted: Option<Timestamp>,
}

#[derive(Debug, Default)]
pub struct Shelves {
    shelves: BTreeMap<Shelf, Sorted>,
    tasks: BTreeMap<EntityId, Known>,
    children: BTreeMap<EntityId, BTreeSet<EntityId>>,
    /// The lists there are. A list that is gone counts as the inbox: nothing that is there vanishes.
    lists: BTreeSet<EntityId>,
}

impl Shelves {
    /// A list is there, or is gone. Answers whether any task stands elsewhere now.
    pub fn put_list(&mut self, id: EntityId, is_there: bool) -> bool {
        let is_news = match is_there {
            true => self.lists.insert(id),
            false => self.lists.remove(&id),
        };
        let mut moved = false;
        if is_news {
            let on_it = self.tasks.iter().filter(|(_, known)| known.list == Some(id));
            for task in on_it.map(|(task, _)| *task).collect::<Vec<_>>() {
                moved |= self.place(task);
                moved |= self.place_below(task, 0);
            }
        }
        moved
    }

    /// Takes in what became of a task, deleted or not; nothing where there is no such task any more. Answers whether
    /// anything stands elsewhere now.
    pub fn put(&mut self, id: EntityId, task: Option<&Task>) -> bool {
        let Some(task) = task else {
            return self.forget(id);
        };
        let before = self.tasks.get(&id);
        let parent_before = before.and_then(|known| known.parent);
        let parent = task.parent.filter(|parent| *parent != id);
        let known = Known {
            level: level(task),
            list: task.list,
            parent,
            is_open: task.completed.is_none() && task.deleted.is_none(),
            depth: 0,
            stands: Vec::new(),
            task: Bones::of(task),
        };
        let moves_children = before.is_none_or(|before| {
            before.level != known.level
                || before.list != known.list
                || before.parent != known.parent
                || before.is_open != known.is_open
        });
        if parent_before != parent {
            if let Some(siblings) = parent_before.and_then(|before| self.children.get_mut(&before)) {
                siblings.remove(&id);
            }
            if let Some(parent) = parent {
                self.children.entry(parent).or_default().insert(id);
            }
        }
        let stands = self.tasks.remove(&id).map(|before| before.stands);
        let known = Known {
            stands: stands.unwrap_or_default(),
            ..known
        };
        self.tasks.insert(id, known);
        let mut moved = self.place(id);
        if moves_children {
            moved |= self.place_below(id, 0);
        }
        moved
    }

    #[must_use]
    pub fn shelf(&self, shelf: Shelf) -> Option<&Sorted> {
        self.shelves.get(&shelf)
    }

    #[must_use]
    pub fn count(&self, shelf: Shelf) -> usize {
        self.shelf(shelf).map_or(0, Sorted::len)
    }

    /// How many tasks come into sight on this day or did before.
    #[must_use]
    pub fn count_until(&self, day: Date) -> usize {
        self.shelf(Shelf::Dated)
            .map_or(0, |dated| dated.rank(&day_bytes(day.number() + 1)))
    }

    /// The tasks that name this one as what they are part of, deleted ones too.
    pub fn children(&self, id: EntityId) -> impl Iterator<Item = EntityId> {
        self.children.get(&id).into_iter().flatten().copied()
    }

    /// Tasks with something open in them, by label or list: for the numbers beside their names.
    pub fn counts(&self) -> impl Iterator<Item = (Shelf, usize)> {
        self.shelves.iter().map(|(shelf, sorted)| (*shelf, sorted.len()))
    }

    /// How many tasks it is a part of, one within the other.
    #[must_use]
    pub fn depth(&self, id: EntityId) -> u8 {
        self.tasks.get(&id).map_or(0, |known| known.depth)
    }

    /// Whether there is such a task, and it is not deleted.
    #[must_use]
    pub fn is_there(&self, id: EntityId) -> bool {
        self.tasks
            .get(&id)
            .is_some_and(|known| known.task.deleted.is_none())
    }

    /// All tasks, deleted ones too.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = EntityId> {
        self.tasks.keys().copied()
    }

    fn forget(&mut self, id: EntityId) -> bool {
        let Some(known) = self.tasks.remove(&id) else {
            return false;
        };
        for (shelf, key) in &known.stands {
            self.take(*shelf, key);
        }
        if let Some(siblings) = known.parent.and_then(|parent| self.children.get_mut(&parent)) {
            siblings.remove(&id);
        }
        self.place_below(id, 0);
        true
    }

    /// Puts a task where it belongs now.
    fn place(&mut self, id: EntityId) -> bool {
        let Some(known) = self.tasks.get(&id) else {
            return false;
        };
        let (path, home, depth) = self.path(id, known);
        let stands = known.stands(&path, home, id);
        let Some(known) = self.tasks.get_mut(&id) else {
            return false;
        };
        known.depth = depth;
        if known.stands == stands {
            return false;
        }
        let before = std::mem::replace(&mut known.stands, stands.clone());
        for (shelf, key) in &before {
            self.take(*shelf, key);
        }
        for (shelf, key) in stands {
            self.shelves.entry(shelf).or_default().insert(key);
        }
        true
    }

    fn place_below(&mut self, id: EntityId, depth: usize) -> bool {
        let mut moved = false;
        if depth < DEEPEST {
            for child in self.children.get(&id).cloned().unwrap_or_default() {
                moved |= self.place(child);
                moved |= self.place_below(child, depth + 1);
            }
        }
        moved
    }

    fn take(&mut self, shelf: Shelf, key: &Key) {
        if let Some(sorted) = self.shelves.get_mut(&shelf) {
            sorted.remove(key);
            if sorted.is_empty() {
                self.shelves.remove(&shelf);
            }
        }
    }

    /// The key in the order given by hand, the list that counts, and how deep it is. Only open tasks hold others.
    fn path(&self, id: EntityId, known: &Known) -> (Vec<u8>, Option<EntityId>, u8) {
        let mut chain = vec![(id, known)];
        let mut next = known.parent;
        while let Some((parent, above)) = next.and_then(|parent| Some((parent, self.tasks.get(&parent)?))) {
            if !above.is_open || chain.len() > DEEPEST || chain.iter().any(|(seen, _)| *seen == parent) {
                break;
            }
            chain.push((parent, above));
            next = above.parent;
        }
        let list = chain.last().and_then(|(_, root)| root.list);
        let home = list.filter(|list| self.lists.contains(list));
        let path = chain
            .iter()
            .rev()
            .flat_map(|(_, known)| known.level.iter().copied())
            .collect();
        (path, home, (chain.len() - 1) as u8)
    }
}

impl Bones {
    fn of(task: &Task) -> Self {
        let due = task.start.as_ref().or(task.due.as_ref());
        let time = |due: &Due| match due {
            Due::On(_) => None,
            Due::At { hour, minute, .. } => Some((*hour, *minute)),
        };
        Self {
            day: due.map(|due| (due.date(), time(due))),
            priority: task.priority.map_or(5, |priority| priority.number() as u8),
            labels: task.labels.clone(),
            completed: task.completed,
            deleted: task.deleted,
        }
    }
}

impl Known {
    fn stands(&self, path: &[u8], home: Option<EntityId>, id: EntityId) -> Vec<(Shelf, Key)> {
        let bones = &self.task;
        let by_time = |at: Timestamp| -> Key {
            let mut key = latest_first(at);
            key.extend(id.0.as_bytes());
            key.into()
        };
        if let Some(at) = bones.deleted {
            return vec![(Shelf::Deleted, by_time(at))];
        }
        if let Some(at) = bones.completed {
            let key = by_time(at);
            return vec![(Shelf::Done(home), key.clone()), (Shelf::Completed, key)];
        }
        let by_hand: Key = path.into();
        let mut stands = vec![(Shelf::Open(home), by_hand.clone())];
        if let Some((day, time)) = bones.day {
            let mut key = day_bytes(day.number()).to_vec();
            // What has a time comes first, in its order.
            let (hour, minute) = time.unwrap_or((u8::MAX, u8::MAX));
            key.extend([hour, minute, bones.priority]);
            key.extend(path);
            stands.push((Shelf::Dated, key.into()));
        }
        stands.extend(
            bones
                .labels
                .iter()
                .map(|label| (Shelf::Labelled(*label), by_hand.clone())),
        );
        stands
    }
}

/// A task's own part of a key: its position, else when it was made; then its id.
fn level(task: &Task) -> Vec<u8> {
    let mut level = Vec::with_capacity(32);
    match &task.position {
        // What has no place given by hand stands after what has.
        None => level.push(2),
        Some(position) => {
            level.push(1);
            level.extend(position.as_str().as_bytes());
            level.push(0);
        }
    }
    level.extend(task.created.0.to_be_bytes());
    level.extend(task.id.0.as_bytes());
    level
}

/// A day as bytes that compare as days do.
#[must_use]
pub fn day_bytes(number: i32) -> [u8; 4] {
    (i64::from(number) - i64::from(i32::MIN))
        .try_into()
        .map_or([u8::MAX; 4], u32::to_be_bytes)
}

/// The day that a key of [`Shelf::Dated`] begins with.
#[must_use]
pub fn day_of(key: &Key) -> Option<Date> {
    let bytes: [u8; 4] = key.get(..4)?.try_into().ok()?;
    let number = i64::from(u32::from_be_bytes(bytes)) + i64::from(i32::MIN);
    Date::from_number(i32::try_from(number).ok()?)
}

/// A moment as bytes that put the latest first.
#[must_use]
pub fn latest_first(at: Timestamp) -> Vec<u8> {
    (u64::MAX - at.0).to_be_bytes().to_vec()
}
