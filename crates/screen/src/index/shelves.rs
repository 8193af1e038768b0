//! Which task stands where: one shelf for the open tasks of each section, one for each label, one by date, and so on.
//!
//! Every place of the app shows shelves, or parts of them. When a task changes it moves between shelves; nothing else is
//! looked at, except its sub-tasks, which go where it goes.

use std::collections::{BTreeMap, BTreeSet};

use tsugi_calendar::{Date, Due};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::listing::Home;
use tsugi_sync::task::Task;

use super::keys::{by_day, by_time, level, past};
use super::sorted::{Key, Sorted};

/// How deep sub-tasks are followed. Beyond, or in a circle, a task stands by itself.
const DEEPEST: usize = 32;
/// Milliseconds for which a deleted task can be restored.
pub const RESTORABLE: u64 = 30 * 24 * 60 * 60 * 1000;

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

/// What is known of one task.
#[derive(Debug)]
struct Known {
    /// Its own part of keys in the order given by hand.
    level: Vec<u8>,
    list: Option<EntityId>,
    section: Option<EntityId>,
    parent: Option<EntityId>,
    spot: Spot,
    stands: Vec<(Shelf, Key)>,
    task: Bones,
}

/// Where a task is among the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Spot {
    /// The key in the order given by hand.
    path: Vec<u8>,
    home: Option<Home>,
    /// How many open tasks it is a part of, one within the other.
    depth: u8,
    /// One of them is folded.
    is_folded: bool,
    /// Its list was put away.
    is_archived: bool,
}

/// What of a task decides where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Bones {
    due: Option<Due>,
    start: Option<Due>,
    priority: u8,
    labels: Vec<EntityId>,
    completed: Option<Timestamp>,
    deleted: Option<Timestamp>,
}

impl Bones {
    fn is_open(&self) -> bool {
        self.completed.is_none() && self.deleted.is_none()
    }
}

#[derive(Debug)]
pub struct Shelves {
    shelves: BTreeMap<Shelf, Sorted>,
    tasks: BTreeMap<EntityId, Known>,
    /// What names a task, a list or a section as what it is in, deleted or not: tasks, and sections.
    members: BTreeMap<EntityId, BTreeSet<EntityId>>,
    /// The lists there are, and whether each is archived. A list that is gone counts as the inbox: nothing that is there
    /// vanishes.
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
            lists: BTreeMap::new(),
            sections: BTreeMap::new(),
            folded: BTreeSet::new(),
            today,
            placed: 0,
        }
    }

    /// A list is there, archived or not, or is gone. Answers whether any task stands elsewhere now.
    pub fn put_list(&mut self, id: EntityId, archived: Option<bool>) -> bool {
        let before = match archived {
            Some(archived) => self.lists.insert(id, archived),
            None => self.lists.remove(&id),
        };
        before != archived && self.place_members(id)
    }

    /// A section is there, in that list, or is gone.
    pub fn put_section(&mut self, id: EntityId, list: Option<Option<EntityId>>) -> bool {
        let before = match list {
            Some(list) => self.sections.insert(id, list),
            None => self.sections.remove(&id),
        };
        before != list && self.place_members(id)
    }

    /// A section says which list it is in, be it a tombstone's.
    pub fn note_section(&mut self, id: EntityId, list: Option<EntityId>) {
        if let Some(list) = list {
            self.members.entry(list).or_default().insert(id);
        }
    }

    /// What is below a task is folded away, or not any more.
    pub fn fold(&mut self, id: EntityId, folded: bool) -> bool {
        let is_news = match folded {
            true => self.folded.insert(id),
            false => self.folded.remove(&id),
        };
        is_news && self.place_below(id, 0)
    }

    /// The day is this one: what is overdue and what is due today are others now. All with a date are looked at.
    pub fn set_today(&mut self, today: Date) -> bool {
        if self.today == today {
            return false;
        }
        self.today = today;
        let dated = |known: &Known| known.task.due.is_some() || known.task.start.is_some();
        let dated = self.tasks.iter().filter(|(_, known)| dated(known));
        let dated: Vec<EntityId> = dated.map(|(id, _)| *id).collect();
        let mut moved = false;
        for id in dated {
            moved |= self.place(id);
        }
        moved
    }

    /// Takes in what became of a task, deleted or not; nothing where there is no such task any more. Answers whether
    /// anything stands elsewhere now.
    pub fn put(&mut self, id: EntityId, task: Option<&Task>) -> bool {
        let Some(task) = task else {
            return self.forget(id);
        };
        let before = self.tasks.remove(&id);
        let known = Known {
            level: level(task),
            list: task.list,
            section: task.section,
            parent: task.parent.filter(|parent| *parent != id),
            spot: Spot::default(),
            stands: Vec::new(),
            task: Bones::of(task),
        };
        let links = |known: &Known| [known.parent, known.list, known.section];
        let before_links = before.as_ref().map_or([None; 3], links);
        if before_links != links(&known) {
            for link in before_links.into_iter().flatten() {
                self.unlink(id, link);
            }
            for link in links(&known).into_iter().flatten() {
                self.members.entry(link).or_default().insert(id);
            }
        }
        let moves_children = before.as_ref().is_none_or(|before| {
            before.level != known.level
                || links(before) != links(&known)
                || before.task.completed.is_some() != known.task.completed.is_some()
                || before.task.deleted.is_some() != known.task.deleted.is_some()
        });
        let known = match before {
            Some(before) => Known {
                spot: before.spot,
                stands: before.stands,
                ..known
            },
            None => known,
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

    /// All shelves that hold anything, and how many tasks: for the numbers beside names.
    pub fn counts(&self) -> impl Iterator<Item = (Shelf, usize)> {
        self.shelves.iter().map(|(shelf, sorted)| (*shelf, sorted.len()))
    }

    /// How many open tasks it is a part of, one within the other.
    #[must_use]
    pub fn depth(&self, id: EntityId) -> u8 {
        self.tasks.get(&id).map_or(0, |known| known.spot.depth)
    }

    /// Where its branch is.
    #[must_use]
    pub fn home(&self, id: EntityId) -> Option<Home> {
        self.tasks.get(&id).and_then(|known| known.spot.home)
    }

    #[must_use]
    pub fn is_folded(&self, id: EntityId) -> bool {
        self.folded.contains(&id)
    }

    /// Whether there is such a task, and it is not deleted.
    #[must_use]
    pub fn is_there(&self, id: EntityId) -> bool {
        self.tasks
            .get(&id)
            .is_some_and(|known| known.task.deleted.is_none())
    }

    #[must_use]
    pub fn is_open(&self, id: EntityId) -> bool {
        self.tasks.get(&id).is_some_and(|known| known.task.is_open())
    }

    /// The task that this one is a part of, if that is there.
    #[must_use]
    pub fn parent(&self, id: EntityId) -> Option<EntityId> {
        let parent = self.tasks.get(&id)?.parent?;
        self.is_there(parent).then_some(parent)
    }

    /// The open task that it is shown below.
    #[must_use]
    pub fn open_parent(&self, id: EntityId) -> Option<EntityId> {
        let mut above = self.parent(id);
        for _ in 0..DEEPEST {
            match above {
                Some(parent) if !self.is_open(parent) => above = self.parent(parent),
                Some(_) | None => break,
            }
        }
        above.filter(|parent| self.is_open(*parent))
    }

    /// What is a part of a task and not deleted, in the order given by hand.
    #[must_use]
    pub fn children(&self, id: EntityId) -> Vec<EntityId> {
        let mut children: Vec<(&[u8], EntityId)> = self
            .below(id)
            .map(|(id, known)| (known.level.as_slice(), id))
            .collect();
        children.sort_unstable();
        children.into_iter().map(|(_, id)| id).collect()
    }

    /// Of its sub-tasks, how many are done, and how many there are.
    #[must_use]
    pub fn progress(&self, id: EntityId) -> (usize, usize) {
        self.below(id).fold((0, 0), |(done, all), (_, known)| {
            (done + usize::from(known.task.completed.is_some()), all + 1)
        })
    }

    /// Where among the roots of its home a task stands, and where what comes after all that is below it would.
    #[must_use]
    pub fn bounds(&self, id: EntityId) -> Option<(Vec<u8>, Vec<u8>)> {
        let level = &self.tasks.get(&id)?.level;
        Some((level.clone(), past(level)))
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

    fn below(&self, id: EntityId) -> impl Iterator<Item = (EntityId, &Known)> {
        let known = |member| Some((member, self.tasks.get(&member)?));
        self.members(id)
            .filter_map(known)
            .filter(move |(_, known)| known.parent == Some(id) && known.task.deleted.is_none())
    }

    fn unlink(&mut self, id: EntityId, from: EntityId) {
        if let Some(members) = self.members.get_mut(&from) {
            members.remove(&id);
            if members.is_empty() {
                self.members.remove(&from);
            }
        }
    }

    fn forget(&mut self, id: EntityId) -> bool {
        let Some(known) = self.tasks.remove(&id) else {
            return false;
        };
        for (shelf, key) in &known.stands {
            self.take(*shelf, key);
        }
        for link in [known.parent, known.list, known.section].into_iter().flatten() {
            self.unlink(id, link);
        }
        self.place_below(id, 0);
        true
    }

    /// Puts a task where it belongs now.
    fn place(&mut self, id: EntityId) -> bool {
        self.placed += 1;
        let Some(known) = self.tasks.get(&id) else {
            return false;
        };
        let spot = self.spot(id, known);
        let stands = known.stands(&spot, id, self.today);
        let Some(known) = self.tasks.get_mut(&id) else {
            return false;
        };
        known.spot = spot;
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

    fn place_members(&mut self, id: EntityId) -> bool {
        let members: Vec<EntityId> = self.members(id).collect();
        members.into_iter().fold(false, |moved, member| {
            let here = self.place(member);
            self.place_below(member, 0) || here || moved
        })
    }

    fn place_below(&mut self, id: EntityId, depth: usize) -> bool {
        let children: Vec<EntityId> = match depth < DEEPEST {
            true => self.members(id).collect(),
            false => Vec::new(),
        };
        children.into_iter().fold(false, |moved, child| {
            let here = self.place(child);
            self.place_below(child, depth + 1) || here || moved
        })
    }

    fn take(&mut self, shelf: Shelf, key: &Key) {
        if let Some(sorted) = self.shelves.get_mut(&shelf) {
            sorted.remove(key);
            if sorted.is_empty() {
                self.shelves.remove(&shelf);
            }
        }
    }

    /// Where a task is now. Of what it is a part of, completed tasks say where, but do not show.
    fn spot(&self, id: EntityId, known: &Known) -> Spot {
        let mut chain = vec![(id, known)];
        let mut next = known.parent;
        while let Some((parent, above)) = next.and_then(|parent| Some((parent, self.tasks.get(&parent)?))) {
            let is_round = chain.iter().any(|(seen, _)| *seen == parent);
            if above.task.deleted.is_some() || chain.len() > DEEPEST || is_round {
                break;
            }
            chain.push((parent, above));
            next = above.parent;
        }
        let root = chain.last().map(|(_, root)| (root.list, root.section));
        let (list, section) = root.unwrap_or_default();
        let list = list.filter(|list| self.lists.contains_key(list));
        let of_list = |section: &EntityId| list.is_some() && self.sections.get(section) == Some(&list);
        let above = || chain[1..].iter().filter(|(_, above)| above.task.is_open());
        Spot {
            path: chain
                .iter()
                .rev()
                .flat_map(|(_, known)| known.level.iter().copied())
                .collect(),
            home: Some(Home {
                list,
                section: section.filter(of_list),
            }),
            depth: above().count() as u8,
            is_folded: above().any(|(id, _)| self.folded.contains(id)),
            is_archived: list.is_some_and(|list| self.lists.get(&list) == Some(&true)),
        }
    }
}

impl Bones {
    fn of(task: &Task) -> Self {
        Self {
            due: task.due.clone(),
            start: task.start.clone(),
            priority: task.priority.map_or(5, |priority| priority.number() as u8),
            labels: task.labels.clone(),
            completed: task.completed,
            deleted: task.deleted,
        }
    }
}

impl Known {
    fn stands(&self, spot: &Spot, id: EntityId, today: Date) -> Vec<(Shelf, Key)> {
        let bones = &self.task;
        if let Some(at) = bones.deleted {
            return vec![(Shelf::Deleted, by_time(at, id))];
        }
        let home = spot.home.unwrap_or(Home {
            list: None,
            section: None,
        });
        if let Some(at) = bones.completed {
            let key = by_time(at, id);
            return vec![(Shelf::Done(home.list), key.clone()), (Shelf::Completed, key)];
        }
        let by_hand: Key = spot.path.as_slice().into();
        let rows = match spot.is_folded {
            true => Shelf::Folded(home),
            false => Shelf::Open(home),
        };
        let mut stands = vec![(rows, by_hand.clone())];
        if spot.depth == 0 {
            stands.push((Shelf::Roots(home), by_hand));
        }
        // What was put away is in its list, and nowhere else.
        if !spot.is_archived {
            stands.extend(self.dated(spot, today));
            let day = bones.due.as_ref().or(bones.start.as_ref());
            let key = by_day(day, bones.priority, &spot.path);
            let labels = bones.labels.iter();
            stands.extend(labels.map(|label| (Shelf::Labelled(*label), key.clone())));
        }
        stands
    }

    /// Where its days put it, of which there may be two.
    fn dated(&self, spot: &Spot, today: Date) -> Vec<(Shelf, Key)> {
        let bones = &self.task;
        let days = || bones.due.iter().chain(&bones.start);
        let key = |day: &Due| by_day(Some(day), bones.priority, &spot.path);
        let mut stands = Vec::new();
        match &bones.due {
            Some(due) if due.date() < today => stands.push((Shelf::Overdue, key(due))),
            Some(_) | None => {
                // Of two days that have come, the one it is due on has the time to go by.
                let come = days().find(|day| day.date() <= today);
                stands.extend(come.map(|day| (Shelf::Today, key(&as_of(day, today)))));
            }
        }
        let ahead = days()
            .filter(|day| day.date() >= today)
            .min_by_key(|day| day.date());
        stands.extend(ahead.map(|day| (Shelf::Ahead, key(day))));
        stands
    }
}

/// The same time on this day; what began on another day has none to wait for.
fn as_of(day: &Due, today: Date) -> Due {
    match day.date() == today {
        true => day.clone(),
        false => Due::On(today),
    }
}
