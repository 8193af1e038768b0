//! One task: what of it decides where it stands, where it is among the others, and so on which shelves it stands.

use tsugi_calendar::{Date, Due};
use tsugi_sync::home::Home;
use tsugi_sync::ids::{EntityId, Revision, Timestamp};
use tsugi_sync::task::Task;

use super::Shelf;
use crate::index::keys::{by_day, by_time, level};
use crate::index::sorted::Key;

/// How many levels of tasks are drawn one within the other. A task that is deeper belongs where its root does, like
/// every other task. It is drawn with what is directly below the last task above it that is within the limit. This
/// bounds the keys, because a key holds a part for each level.
pub const DRAWN_LEVELS: u8 = 64;

/// A task as the shelves keep it.
#[derive(Debug)]
pub(super) struct Standing {
    /// Its own part of keys in the order given by hand.
    pub(super) level: Vec<u8>,
    /// The list, the section and the task that it names itself, there or not.
    pub(super) list: Option<EntityId>,
    pub(super) section: Option<EntityId>,
    pub(super) parent: Option<EntityId>,
    /// When it got that parent, in the server's order.
    pub(super) moved: Revision,
    pub(super) bones: Bones,
    pub(super) spot: Spot,
    /// The shelves on which it stands, with its key on each.
    pub(super) stands: Vec<(Shelf, Key)>,
}

/// Where a task is among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The task that it is shown below, be it done; none for one at the top.
    pub(super) parent: Option<EntityId>,
    /// The key in the order given by hand: the levels of the tasks above it from the top on, and its own.
    pub(super) path: Key,
    /// How many levels of tasks above are in the path.
    levels: u8,
    /// Where its root is, and so all of the branch.
    pub(super) home: Home,
    /// How many open tasks it is drawn within, one within the other.
    pub(super) depth: u8,
    /// One of the open tasks above it is folded.
    is_folded: bool,
    /// Its list was put away.
    is_archived: bool,
}

/// What of a task decides on which shelves it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bones {
    pub(super) due: Option<Due>,
    pub(super) start: Option<Due>,
    priority: u8,
    labels: Vec<EntityId>,
    pub(super) completed: Option<Timestamp>,
    pub(super) deleted: Option<Timestamp>,
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

    pub(super) fn is_open(&self) -> bool {
        self.completed.is_none() && self.deleted.is_none()
    }
}

impl Spot {
    /// At the top, in this home.
    pub(super) fn root(level: &[u8], home: Home, is_archived: bool) -> Self {
        Self {
            parent: None,
            path: level.into(),
            levels: 0,
            home,
            depth: 0,
            is_folded: false,
            is_archived,
        }
    }

    /// Below a task that stands where it belongs already.
    pub(super) fn below(parent: EntityId, above: &Standing, is_folded: bool, level: &[u8]) -> Self {
        let spot = &above.spot;
        let is_drawn_within = spot.levels < DRAWN_LEVELS;
        let prefix = match is_drawn_within {
            true => spot.path.len(),
            false => spot.path.len() - above.level.len(),
        };
        let is_open = above.bones.is_open();
        Self {
            parent: Some(parent),
            path: [&spot.path[..prefix], level].concat().into(),
            levels: spot.levels + u8::from(is_drawn_within),
            home: spot.home,
            depth: spot.depth + u8::from(is_drawn_within && is_open),
            is_folded: spot.is_folded || (is_open && is_folded),
            is_archived: spot.is_archived,
        }
    }
}

impl Standing {
    /// The task alone, before it has a place among the others.
    pub(super) fn new(task: &Task) -> Self {
        let level = level(task);
        let nowhere = Home {
            list: None,
            section: None,
        };
        Self {
            list: task.list,
            section: task.section,
            parent: task.parent,
            moved: task.moved,
            bones: Bones::of(task),
            spot: Spot::root(&level, nowhere, false),
            level,
            stands: Vec::new(),
        }
    }

    /// What it names: its parent, its list, its section.
    pub(super) fn links(&self) -> [Option<EntityId>; 3] {
        [self.parent, self.list, self.section]
    }

    /// Whether what is below it stands elsewhere after it has become this.
    pub(super) fn moves_branch(&self, before: &Self) -> bool {
        before.level != self.level
            || before.links() != self.links()
            || before.bones.completed.is_some() != self.bones.completed.is_some()
            || before.bones.deleted.is_some() != self.bones.deleted.is_some()
    }

    /// The shelves on which it is to stand, with its key on each.
    pub(super) fn shelves(&self, spot: &Spot, id: EntityId, today: Date) -> Vec<(Shelf, Key)> {
        let bones = &self.bones;
        if let Some(at) = bones.deleted {
            return vec![(Shelf::Deleted, by_time(at, id))];
        }
        let home = spot.home;
        if let Some(at) = bones.completed {
            let key = by_time(at, id);
            return vec![(Shelf::Done(home.list), key.clone()), (Shelf::Completed, key)];
        }
        let by_hand = spot.path.clone();
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
        let bones = &self.bones;
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
