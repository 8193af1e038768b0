//! The list of a place: parts of shelves, one after another, with a heading above the first task of each group.

use std::ops::Range;

use tsugi_calendar::Date;
use tsugi_sync::home::Home;
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::limits;

use super::catalog::Catalog;
use super::keys::{day_bytes, day_of, latest_first, moment_of};
use super::search::Search;
use super::shelves::{Shelf, Shelves};
use super::sorted::{Key, Sorted, id_of};
use crate::model::Heading;
use crate::place::TaskPlace;

/// How many days the agenda shows. It shows empty ones too, so that tasks can be put there.
const WEEK: i32 = 7;

/// A run of tasks of a shelf. An empty one has a heading as well.
#[derive(Debug)]
struct Part<'s> {
    sorted: Option<&'s Sorted>,
    range: Range<usize>,
    groups: Groups,
}

/// How the tasks of a part are grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Groups {
    None,
    /// The whole part is under this heading.
    One(Heading),
    /// By the day at the beginning of each key.
    Days,
    /// By the day of the moment at the beginning of each key.
    Moments,
    /// Completed tasks after open ones. They need no heading, because people see that they are completed.
    Completed,
}

/// The sources of a listing.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'s> {
    pub shelves: &'s Shelves,
    pub catalog: &'s Catalog,
    pub search: &'s Search,
    pub today: Date,
    pub now: Timestamp,
    /// The day of a moment at the place where the device is.
    pub day_of: fn(Timestamp) -> Option<Date>,
}

#[derive(Debug)]
pub struct Listing<'s> {
    sources: Sources<'s>,
    parts: Vec<Part<'s>>,
    completed: usize,
}

/// Tasks in order, each with the headings above it; and the headings at the end that are above no task.
pub type Drawn = (Vec<(EntityId, Vec<Heading>)>, Vec<Heading>);

impl<'s> Listing<'s> {
    #[must_use]
    pub fn new(place: &TaskPlace, sources: Sources<'s>) -> Self {
        let mut listing = Self {
            sources,
            parts: Vec::new(),
            completed: 0,
        };
        match place {
            TaskPlace::Inbox => listing.add_list(None),
            TaskPlace::List(id) => listing.add_list(Some(*id)),
            TaskPlace::Today => listing.add_today(),
            TaskPlace::Upcoming => listing.add_agenda(),
            TaskPlace::Label(id) => listing.add(Shelf::Labelled(*id), Groups::None),
            TaskPlace::Search(_) => listing.add_run(Some(sources.search.hits()), None, Groups::None),
            TaskPlace::Completed => listing.add(Shelf::Completed, Groups::Moments),
            TaskPlace::Deleted => listing.add_restorable(),
            TaskPlace::Board(_) => {}
        }
        listing
    }

    /// Leaves out the completed tasks at the end, if they are folded away. Their number is still known.
    #[must_use]
    pub fn fold_completed(mut self, folded: bool) -> Self {
        if folded {
            self.parts.retain(|part| part.groups != Groups::Completed);
        }
        self
    }

    #[must_use]
    pub fn total(&self) -> usize {
        self.parts.iter().map(|part| part.range.len()).sum()
    }

    /// The number of completed tasks at the end, shown or folded away.
    #[must_use]
    pub fn completed(&self) -> usize {
        self.completed
    }

    /// The tasks at these places of the list, each with the headings above it.
    #[must_use]
    pub fn draw(&self, places: Range<usize>) -> Drawn {
        let mut start = 0;
        let mut drawn = Vec::new();
        let mut over = Vec::new();
        for part in &self.parts {
            let end = start + part.range.len();
            let from = places.start.clamp(start, end) - start + part.range.start;
            let to = places.end.clamp(start, end) - start + part.range.start;
            if let Groups::One(heading) = &part.groups
                && from == part.range.start
            {
                over.push(heading.clone());
            }
            if from < to {
                let mut rows = self.rows(part, from, to);
                if let Some((_, headings)) = rows.first_mut() {
                    headings.splice(0..0, over.drain(..));
                }
                drawn.extend(rows);
            } else if start < end {
                // The heading is above tasks that are out of sight.
                over.clear();
            }
            start = end;
        }
        if places.end < start {
            over.clear();
        }
        (drawn, over)
    }

    fn rows(&self, part: &Part<'_>, from: usize, to: usize) -> Vec<(EntityId, Vec<Heading>)> {
        let Some(sorted) = part.sorted else {
            return Vec::new();
        };
        let mut before = match from.checked_sub(1) {
            Some(before) if from > part.range.start => {
                sorted.from(before).next().and_then(|key| self.group(part, key))
            }
            Some(_) | None => None,
        };
        let keys = sorted.from(from).take(to - from);
        keys.map(|key| {
            let group = self.group(part, key);
            let heading = group.clone().filter(|_| before != group);
            before = group;
            (id_of(key), heading.into_iter().collect())
        })
        .collect()
    }

    fn group(&self, part: &Part<'_>, key: &Key) -> Option<Heading> {
        match part.groups {
            Groups::None | Groups::One(_) | Groups::Completed => None,
            Groups::Days => day_of(key).map(Heading::Day),
            Groups::Moments => moment_of(key).and_then(self.sources.day_of).map(Heading::Day),
        }
    }

    fn add(&mut self, shelf: Shelf, groups: Groups) {
        let sorted = self.sources.shelves.shelf(shelf);
        self.add_run(sorted, None, groups);
    }

    fn add_run(&mut self, sorted: Option<&'s Sorted>, range: Option<Range<usize>>, groups: Groups) {
        let range = range.unwrap_or(0..sorted.map_or(0, Sorted::len));
        if !range.is_empty() || matches!(groups, Groups::One(_)) {
            self.parts.push(Part {
                sorted,
                range,
                groups,
            });
        }
    }

    fn add_list(&mut self, list: Option<EntityId>) {
        let Sources { shelves, catalog, .. } = self.sources;
        let home = |section| Home { list, section };
        self.add(Shelf::Open(home(None)), Groups::None);
        for section in list.map(|list| catalog.sections(list)).unwrap_or_default() {
            let home = home(Some(section.id));
            let folded = shelves.is_folded(section.id);
            let heading = Heading::Section {
                id: section.id,
                name: section.name.clone(),
                count: shelves.count(Shelf::Open(home)) + shelves.count(Shelf::Folded(home)),
                folded,
            };
            match folded {
                true => self.add_run(None, None, Groups::One(heading)),
                false => self.add(Shelf::Open(home), Groups::One(heading)),
            }
        }
        self.add(Shelf::Done(list), Groups::Completed);
        self.completed = shelves.count(Shelf::Done(list));
    }

    fn add_today(&mut self) {
        if self.sources.shelves.count(Shelf::Overdue) > 0 {
            self.add(Shelf::Overdue, Groups::One(Heading::Overdue));
        }
        if self.sources.shelves.count(Shelf::Today) > 0 {
            self.add(Shelf::Today, Groups::Days);
        }
    }

    /// Adds the days of a week from today on, with or without tasks, and then the later days that have tasks.
    fn add_agenda(&mut self) {
        let today = self.sources.today;
        let ahead = self.sources.shelves.shelf(Shelf::Ahead);
        let rank = |number: i32| ahead.map_or(0, |ahead| ahead.rank(&day_bytes(number)));
        for number in today.number()..today.number() + WEEK {
            if let Some(day) = Date::from_number(number) {
                let heading = Heading::Day(day);
                self.add_run(ahead, Some(rank(number)..rank(number + 1)), Groups::One(heading));
            }
        }
        let rest = rank(today.number() + WEEK)..ahead.map_or(0, Sorted::len);
        self.add_run(ahead, Some(rest), Groups::Days);
    }

    fn add_restorable(&mut self) {
        if let Some(sorted) = self.sources.shelves.shelf(Shelf::Deleted) {
            let oldest = Timestamp(self.sources.now.0.saturating_sub(limits::RESTORABLE_MS));
            let range = 0..sorted.rank(&latest_first(oldest));
            self.add_run(Some(sorted), Some(range), Groups::Moments);
        }
    }
}
