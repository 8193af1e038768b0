//! The list of a place: one part of a shelf after another, with what stands over the first of each group.

use std::ops::Range;

use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::task::Date;

use super::model::Heading;
use super::search::Search;
use super::shelves::{RESTORABLE, Shelf, Shelves, day_bytes, day_of, latest_first};
use super::sorted::{Key, Sorted, id_of};
use crate::place::Place;

/// A run of a shelf.
#[derive(Debug)]
struct Part<'s> {
    sorted: &'s Sorted,
    range: Range<usize>,
    groups: Groups,
}

/// By what the tasks of a part are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Groups {
    None,
    /// By day; what is before this day is overdue, all in one.
    Days(Option<Date>),
    Completed,
}

#[derive(Debug, Default)]
pub struct Listing<'s> {
    parts: Vec<Part<'s>>,
    completed: usize,
}

impl<'s> Listing<'s> {
    #[must_use]
    pub fn new(
        place: &Place,
        shelves: &'s Shelves,
        search: &'s Search,
        today: Option<Date>,
        now: Timestamp,
    ) -> Self {
        let mut listing = Self::default();
        match place {
            Place::Inbox => listing.add_list(shelves, None),
            Place::List(id) => listing.add_list(shelves, Some(*id)),
            Place::Today => listing.add_dated(shelves, today, |until| 0..until),
            Place::Upcoming => listing.add_days(shelves, today),
            Place::Label(id) => listing.add(shelves.shelf(Shelf::Labelled(*id)), Groups::None),
            Place::Search(_) => listing.add(Some(search.hits()), Groups::None),
            Place::Completed => listing.add(shelves.shelf(Shelf::Completed), Groups::None),
            Place::Deleted => listing.add_restorable(shelves, now),
            Place::Settings | Place::AboutSync | Place::Nowhere => {}
        }
        listing
    }

    /// Without the completed tasks at the end, if they are folded away. How many there are is still known.
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

    /// Completed tasks at the end, folded away or not.
    #[must_use]
    pub fn completed(&self) -> usize {
        self.completed
    }

    /// The tasks that stand in these places, each with what stands over it.
    pub fn items(&self, places: Range<usize>) -> impl Iterator<Item = (EntityId, Option<Heading>)> {
        let mut start = 0;
        let mut runs = Vec::new();
        for part in &self.parts {
            let end = start + part.range.len();
            let from = places.start.clamp(start, end) - start + part.range.start;
            let to = places.end.clamp(start, end) - start + part.range.start;
            if from < to {
                runs.push((part, from, to));
            }
            start = end;
        }
        runs.into_iter().flat_map(|(part, from, to)| part.items(from, to))
    }

    fn add(&mut self, sorted: Option<&'s Sorted>, groups: Groups) {
        if let Some(sorted) = sorted {
            self.add_range(sorted, 0..sorted.len(), groups);
        }
    }

    fn add_range(&mut self, sorted: &'s Sorted, range: Range<usize>, groups: Groups) {
        if !range.is_empty() {
            self.parts.push(Part {
                sorted,
                range,
                groups,
            });
        }
    }

    fn add_list(&mut self, shelves: &'s Shelves, list: Option<EntityId>) {
        self.add(shelves.shelf(Shelf::Open(list)), Groups::None);
        self.add(shelves.shelf(Shelf::Done(list)), Groups::Completed);
        self.completed = shelves.count(Shelf::Done(list));
    }

    fn add_dated(
        &mut self,
        shelves: &'s Shelves,
        today: Option<Date>,
        range: impl Fn(usize) -> Range<usize>,
    ) {
        if let (Some(sorted), Some(day)) = (shelves.shelf(Shelf::Dated), today) {
            let until = sorted.rank(&day_bytes(day.number() + 1));
            self.add_range(sorted, range(until), Groups::Days(today));
        }
    }

    fn add_days(&mut self, shelves: &'s Shelves, today: Option<Date>) {
        if let (Some(sorted), Some(day)) = (shelves.shelf(Shelf::Dated), today) {
            let from = sorted.rank(&day_bytes(day.number()));
            self.add_range(sorted, from..sorted.len(), Groups::Days(today));
        }
    }

    fn add_restorable(&mut self, shelves: &'s Shelves, now: Timestamp) {
        if let Some(sorted) = shelves.shelf(Shelf::Deleted) {
            let oldest = Timestamp(now.0.saturating_sub(RESTORABLE));
            self.add_range(sorted, 0..sorted.rank(&latest_first(oldest)), Groups::None);
        }
    }
}

impl Part<'_> {
    fn items(&self, from: usize, to: usize) -> Vec<(EntityId, Option<Heading>)> {
        let mut before = match from {
            0 => None,
            _ if from == self.range.start => None,
            _ => self.sorted.from(from - 1).next().and_then(|key| self.group(key)),
        };
        let keys = self.sorted.from(from).take(to - from);
        keys.map(|key| {
            let group = self.group(key);
            let heading = group.clone().filter(|_| before != group);
            before = group;
            (id_of(key), heading)
        })
        .collect()
    }

    fn group(&self, key: &Key) -> Option<Heading> {
        match self.groups {
            // Completed tasks look like it; nothing need stand over them.
            Groups::None | Groups::Completed => None,
            Groups::Days(today) => day_of(key).map(|day| match today {
                Some(today) if day < today => Heading::Overdue,
                _ => Heading::Day(day.to_string()),
            }),
        }
    }
}
