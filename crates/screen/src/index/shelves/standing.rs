//! One task: the parts of it that decide where it is, its spot among the others, and the shelves that follow from
//! both.

use tsugi_calendar::{Date, Due};
use tsugi_sync::home::Home;
use tsugi_sync::ids::{EntityId, Revision, Timestamp};
use tsugi_sync::task::Task;
use tsugi_words::zones;

use super::Shelf;
use crate::index::keys::{by_day, by_time, level};
use crate::index::sorted::Key;

/// How many levels of tasks are drawn one within the other. A task that is deeper belongs where its root does, like
/// every other task. It is drawn at the last level that is within the limit, beside the tasks there. The limit keeps
/// the keys short, because a key has a part for each level.
pub const DRAWN_LEVELS: u8 = 64;

/// A task as the shelves keep it.
#[derive(Debug)]
pub(super) struct Standing {
    /// Its own part of keys in the order given by hand.
    pub(super) level: Vec<u8>,
    /// The list, the section and the parent that its fields name, whether they exist or not.
    pub(super) list: Option<EntityId>,
    pub(super) section: Option<EntityId>,
    pub(super) parent: Option<EntityId>,
    /// The revision at which it got that parent.
    pub(super) moved: Revision,
    pub(super) bones: Bones,
    pub(super) spot: Spot,
    /// The shelves on which it is, with its key on each.
    pub(super) stands: Vec<(Shelf, Key)>,
}

/// The place of a task among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The task that it is shown below, which may be completed; none for a task at the top.
    pub(super) parent: Option<EntityId>,
    /// The key in the order given by hand: the levels of the tasks above it from the top on, and its own.
    pub(super) path: Key,
    /// How many levels of tasks above are in the path.
    levels: u8,
    /// The home of its root, and so of the whole branch.
    pub(super) home: Home,
    /// How many open tasks it is drawn within, one within the other.
    pub(super) depth: u8,
    /// Whether one of the open tasks above it is folded.
    is_folded: bool,
    /// Whether its list is archived.
    is_archived: bool,
}

/// The parts of a task that decide on which shelves it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bones {
    pub(super) due: Option<Due>,
    pub(super) start: Option<Due>,
    priority: u8,
    labels: Vec<EntityId>,
    pub(super) completed: Option<Timestamp>,
    pub(super) deleted: Option<Timestamp>,
    /// Whether undo took back its creation: it was deleted at the time at which it was created.
    taken_back: bool,
}

impl Bones {
    fn of(task: &Task) -> Self {
        Self {
            due: task.due.as_ref().map(zones::here),
            start: task.start.as_ref().map(zones::here),
            priority: task.priority.map_or(5, |priority| priority.number() as u8),
            labels: task.labels.clone(),
            completed: task.completed,
            deleted: task.deleted,
            taken_back: task.deleted == Some(task.created),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.completed.is_none() && self.deleted.is_none()
    }
}

impl Spot {
    /// The spot of a task at the top, in this home.
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

    /// The spot of a task below one that is in its place already.
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
    /// The task by itself, before it has a spot among the others.
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

    /// The parent, the list and the section that it names.
    pub(super) fn links(&self) -> [Option<EntityId>; 3] {
        [self.parent, self.list, self.section]
    }

    /// Whether the tasks below it have to move, compared with what it was before.
    pub(super) fn moves_branch(&self, before: &Self) -> bool {
        before.level != self.level
            || before.links() != self.links()
            || before.bones.completed.is_some() != self.bones.completed.is_some()
            || before.bones.deleted.is_some() != self.bones.deleted.is_some()
    }

    /// The shelves for it, with its key on each.
    pub(super) fn shelves(&self, spot: &Spot, id: EntityId, today: Date) -> Vec<(Shelf, Key)> {
        let bones = &self.bones;
        match bones.deleted {
            // There is nothing to restore: redo brings it back.
            Some(_) if bones.taken_back => return Vec::new(),
            Some(at) => return vec![(Shelf::Deleted, by_time(at, id))],
            None => {}
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
        // A task of an archived list is in that list, and nowhere else.
        if !spot.is_archived {
            stands.extend(self.dated(spot, today));
            let day = bones.due.as_ref().or(bones.start.as_ref());
            let key = by_day(day, bones.priority, &spot.path);
            let labels = bones.labels.iter();
            stands.extend(labels.map(|label| (Shelf::Labelled(*label), key.clone())));
        }
        stands
    }

    /// The shelves that its days put it on. There may be two.
    fn dated(&self, spot: &Spot, today: Date) -> Vec<(Shelf, Key)> {
        let bones = &self.bones;
        let days = || bones.due.iter().chain(&bones.start);
        let key = |day: &Due| by_day(Some(day), bones.priority, &spot.path);
        let mut stands = Vec::new();
        match &bones.due {
            Some(due) if due.date() < today => stands.push((Shelf::Overdue, key(due))),
            Some(_) | None => {
                // If both days have come, the due day has the time that counts.
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

/// The same time on this day. If the task began on another day, it has no time to wait for.
fn as_of(day: &Due, today: Date) -> Due {
    match day.date() == today {
        true => day.clone(),
        false => Due::On(today),
    }
}
