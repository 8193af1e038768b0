//! Listings: which tasks one screen shows, in which order and under which headings. Plain functions of the tasks, lists and
//! sections there are, and of the day.
//!
//! | listing | shows | order |
//! |---|---|---|
//! | inbox, list | open tasks as a tree, by section; then the completed ones | by hand; the latest first |
//! | today | open tasks that are overdue; then those due or begun today or before | by day, time, priority, tree |
//! | upcoming | open tasks by the day they are due or begin | the same, day by day |
//! | label | open tasks with the label | the same, those without a date last |
//! | completed | completed tasks | the latest first |
//! | deleted | tasks deleted in the last 30 days | the latest first |
//!
//! A list that is gone counts as the inbox, a section that is gone or another list's as none: nothing that is there vanishes.
//! What is in an archived list is shown there, among what was completed, and nowhere else.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::tree::{Row, Tree};
use tsugi_calendar::{Date, Due, Time};
use tsugi_sync::home::Home;
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::limits;
use tsugi_sync::list::List;
use tsugi_sync::section::Section;
use tsugi_sync::task::Task;

/// What a screen lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    Inbox,
    List(EntityId),
    Today(Date),
    /// So many days from this one on.
    Upcoming(Date, u16),
    Label(EntityId),
    Completed,
    /// As of now.
    Deleted(Timestamp),
}

/// What stands above some rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    None,
    Section(EntityId),
    Overdue,
    Day(Date),
    Completed,
}

/// Rows under one heading; only a section may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<'a> {
    pub heading: Heading,
    pub rows: Vec<Row<'a>>,
}

/// The lists and sections there are.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Whether each is archived.
    lists: BTreeMap<EntityId, bool>,
    sections: BTreeMap<EntityId, Section>,
}

impl Places {
    #[must_use]
    pub fn of<'a>(
        lists: impl IntoIterator<Item = &'a List>,
        sections: impl IntoIterator<Item = &'a Section>,
    ) -> Self {
        let lists = lists.into_iter().map(|list| (list.id, list.archived.is_some()));
        let sections = sections.into_iter().map(|section| (section.id, section.clone()));
        Self {
            lists: lists.collect(),
            sections: sections.collect(),
        }
    }

    /// Where a task is, which is where its root is.
    #[must_use]
    pub fn home(&self, tree: &Tree<'_>, id: EntityId) -> Home {
        let root = tree.task(tree.root(id));
        let list = root
            .and_then(|task| task.list)
            .filter(|list| self.lists.contains_key(list));
        let of_list =
            |section: &EntityId| list.is_some() && self.sections.get(section).and_then(|s| s.list) == list;
        let section = root.and_then(|task| task.section).filter(of_list);
        Home { list, section }
    }

    /// The sections of a list, in order.
    #[must_use]
    pub fn sections(&self, list: EntityId) -> Vec<&Section> {
        let mut sections: Vec<_> = self
            .sections
            .values()
            .filter(|section| section.list == Some(list))
            .collect();
        let key = |section: &Section| {
            (
                section.position.is_none(),
                section.position.clone(),
                section.created,
                section.id,
            )
        };
        sections.sort_by_key(|section| key(section));
        sections
    }

    fn is_archived(&self, home: Home) -> bool {
        home.list
            .and_then(|list| self.lists.get(&list))
            .is_some_and(|archived| *archived)
    }
}

impl Listing {
    /// What it shows. `deleted` are the tombstones, which are not in the tree.
    #[must_use]
    pub fn show<'a>(
        self,
        tree: &Tree<'a>,
        places: &Places,
        deleted: impl IntoIterator<Item = &'a Task>,
    ) -> Vec<Group<'a>> {
        // Root by root, for all below a root is where it is.
        let open = || {
            let roots = tree.children(None).iter().copied();
            let roots = roots.filter(|root| !places.is_archived(places.home(tree, root.id)));
            let all = tree.walk(roots.collect::<Vec<_>>().into_iter());
            all.into_iter()
                .map(|row| row.task)
                .filter(|task| task.completed.is_none())
        };
        match self {
            Self::Inbox => by_section(tree, places, None),
            Self::List(list) => by_section(tree, places, Some(list)),
            Self::Today(today) => {
                let is_overdue = |task: &&Task| task.due.as_ref().is_some_and(|due| due.date() < today);
                let mut groups = flat(Heading::Overdue, open().filter(is_overdue), by_due);
                groups.extend(of_today(open().filter(|task| !is_overdue(task)), today));
                groups
            }
            Self::Upcoming(from, count) => by_day(open(), from, count),
            Self::Label(label) => {
                let has = |task: &&Task| task.labels.contains(&label);
                flat(Heading::None, open().filter(has), by_due)
            }
            Self::Completed => {
                let done = tree.all().filter(|task| task.completed.is_some());
                flat(Heading::Completed, done, latest_done)
            }
            Self::Deleted(now) => {
                let deleted = deleted.into_iter().filter(|task| is_restorable(task, now));
                flat(Heading::None, deleted, latest_deleted)
            }
        }
    }
}

/// Whether a deleted task is still offered to be brought back.
#[must_use]
pub fn is_restorable(task: &Task, now: Timestamp) -> bool {
    task.deleted
        .is_some_and(|deleted| now.since(deleted) <= limits::RESTORABLE_MS)
}

fn days(task: &Task) -> impl Iterator<Item = &Due> {
    task.due.iter().chain(&task.start)
}

/// A list as its sections, each as a tree of open tasks; then what is completed of it.
fn by_section<'a>(tree: &Tree<'a>, places: &Places, list: Option<EntityId>) -> Vec<Group<'a>> {
    let mut roots: BTreeMap<Option<EntityId>, Vec<&'a Task>> = BTreeMap::new();
    for root in tree.children(None) {
        let home = places.home(tree, root.id);
        if home.list == list {
            roots.entry(home.section).or_default().push(root);
        }
    }
    let mut done: Vec<&Task> = Vec::new();
    let mut open = |heading, roots: Option<&Vec<&'a Task>>| {
        let rows = tree.walk(roots.into_iter().flatten().copied());
        done.extend(
            rows.iter()
                .map(|row| row.task)
                .filter(|task| task.completed.is_some()),
        );
        Group {
            heading,
            rows: without_completed(rows),
        }
    };
    let first = open(Heading::None, roots.get(&None));
    let sections = list.map(|list| places.sections(list)).unwrap_or_default();
    let sections = sections
        .iter()
        .map(|section| open(Heading::Section(section.id), roots.get(&Some(section.id))));
    let groups: Vec<_> = sections.collect();
    let first = (!first.rows.is_empty()).then_some(first);
    let mut groups: Vec<_> = first.into_iter().chain(groups).collect();
    groups.extend(flat(Heading::Completed, done.into_iter(), latest_done));
    groups
}

/// An open task below a completed one is shown in the place of that one, or it would be nowhere.
fn without_completed(rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    // The depths of the completed tasks above the row that is looked at.
    let mut above: Vec<usize> = Vec::new();
    let mut open = Vec::new();
    for row in rows {
        while above.last().is_some_and(|depth| *depth >= row.depth) {
            above.pop();
        }
        if row.task.completed.is_some() {
            above.push(row.depth);
        } else {
            let depth = row.depth - above.len();
            open.push(Row { depth, ..row });
        }
    }
    open
}

/// The tasks that are due today or have begun. The time of a task that is due today is its due time. A task that
/// began earlier has no time to wait for.
fn of_today<'a>(tasks: impl Iterator<Item = &'a Task>, today: Date) -> Vec<Group<'a>> {
    let come = |task: &Task| days(task).find(|day| day.date() <= today).cloned();
    let key = |task: &&Task| {
        let day = come(task).filter(|day| day.date() == today);
        let time = day.as_ref().and_then(time);
        (last_if_none(time), last_if_none(task.priority))
    };
    let mut tasks: Vec<&Task> = tasks.filter(|task| come(task).is_some()).collect();
    tasks.sort_by_key(key);
    group(Heading::Day(today), tasks)
}

/// Each task on the first of its days that is not before the first day shown.
fn by_day<'a>(tasks: impl Iterator<Item = &'a Task>, from: Date, count: u16) -> Vec<Group<'a>> {
    let ahead = |task: &Task| {
        let days = days(task).filter(|day| day.date() >= from);
        days.min_by_key(|day| day.date()).cloned()
    };
    let mut shown: BTreeMap<Date, Vec<&Task>> = BTreeMap::new();
    for task in tasks {
        if let Some(day) = ahead(task)
            && day.date().number() - from.number() < i32::from(count)
        {
            shown.entry(day.date()).or_default().push(task);
        }
    }
    let key = |task: &&Task| {
        let time = ahead(task).as_ref().and_then(time);
        (last_if_none(time), last_if_none(task.priority))
    };
    let groups = shown.into_iter().flat_map(|(day, mut tasks)| {
        tasks.sort_by_key(key);
        group(Heading::Day(day), tasks)
    });
    groups.collect()
}

fn time(day: &Due) -> Option<Time> {
    match day {
        Due::On(_) => None,
        Due::At { time, .. } => Some(*time),
    }
}

fn group<'a>(heading: Heading, tasks: Vec<&'a Task>) -> Vec<Group<'a>> {
    let rows: Vec<_> = tasks.into_iter().map(|task| Row { task, depth: 0 }).collect();
    let group = (!rows.is_empty()).then_some(Group { heading, rows });
    group.into_iter().collect()
}

fn flat<'a>(
    heading: Heading,
    tasks: impl Iterator<Item = &'a Task>,
    order: fn(&Task, &Task) -> Ordering,
) -> Vec<Group<'a>> {
    let mut tasks: Vec<_> = tasks.collect();
    tasks.sort_by(|one, other| order(one, other));
    group(heading, tasks)
}

/// By due day, timed ones before those of the whole day; then by priority; none is last. Tasks that are alike in that stay
/// in the order in which the tree has them: each after what it is a part of.
#[must_use]
pub fn by_due(one: &Task, other: &Task) -> Ordering {
    let key = |task: &Task| {
        let due = task.due.as_ref().or(task.start.as_ref());
        (
            last_if_none(due.map(Due::date)),
            last_if_none(due.and_then(time)),
            last_if_none(task.priority),
        )
    };
    key(one).cmp(&key(other))
}

fn last_if_none<T>(key: Option<T>) -> (bool, Option<T>) {
    (key.is_none(), key)
}

fn latest_done(one: &Task, other: &Task) -> Ordering {
    (other.completed, one.id).cmp(&(one.completed, other.id))
}

fn latest_deleted(one: &Task, other: &Task) -> Ordering {
    (other.deleted, one.id).cmp(&(one.deleted, other.id))
}
