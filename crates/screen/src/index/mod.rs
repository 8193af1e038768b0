//! The index: it decides where each task is shown, and in which order. It is the only tree and the only listing of the
//! client.
//!
//! [`shelves`] puts every task on its shelves, in the order of [`keys`] that [`sorted`] keeps. [`listing`] makes the
//! list of a place from shelves. [`catalog`] knows lists, folders, sections and labels by name. [`search`] finds tasks
//! by words. [`detail`] is the task in the editor with everything that belongs to it.

pub mod catalog;
pub mod detail;
pub mod keys;
pub mod listing;
mod records;
pub mod search;
pub mod shelves;
pub mod sorted;
mod whereabouts;

use std::collections::BTreeSet;
use std::ops::Range;

use tsugi_calendar::Date;
use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::home::Home;
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::replica::Parked;
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::task::Task;

use crate::index::catalog::Catalog;
use crate::index::detail::{Comments, Detail};
use crate::index::listing::{Listing, Sources};
use crate::index::search::Search;
use crate::index::shelves::{Shelf, Shelves};
use crate::index::sorted::id_of;
use crate::local::Local;
use crate::model::{Counts, Heading, Named, RefusedCard, Sidebar, TaskRow};
use crate::place::TaskPlace;
use crate::project::{refused_cards, task_row};
use crate::text::fields::to_text;

/// The most tasks that the palette offers.
const FOUND: usize = 6;
/// How many cards a column of a board shows at first, and how many more each time that a person asks for more.
const CARDS: usize = 60;

/// What the index needs from the device.
#[derive(Clone, Copy, Debug)]
pub struct Outside {
    /// Formats a moment for people.
    pub format: fn(Timestamp) -> String,
    /// The day of a moment at the place where the device is; none if the calendar does not have it.
    pub day_of: fn(Timestamp) -> Option<Date>,
}

/// Everything that decides where tasks are shown.
#[derive(Debug)]
pub struct Index {
    outside: Outside,
    today: Date,
    shelves: Shelves,
    catalog: Catalog,
    comments: Comments,
    search: Search,
    /// Open conflicts by their own ids.
    open: SortedMap<EntityId, Conflict>,
    /// Settled conflicts and merge records, each with the entity that it is about.
    settled: SortedMap<EntityId, EntityId>,
    /// Folders, sections and tasks that are folded on this device.
    folded: BTreeSet<EntityId>,
    shows_completed: bool,
    /// The columns of the board that show more than at first, each with its number of cards.
    shown_cards: SortedMap<Option<EntityId>, usize>,
}

/// What the screen has to draw again after entities changed.
#[derive(Debug, Default)]
pub struct Touched {
    /// Tasks whose row may look different now.
    pub tasks: BTreeSet<EntityId>,
    /// Whether a task has moved.
    pub moved: bool,
    /// Whether a list, folder, section or label has another name or place.
    pub named: bool,
    /// Whether the results of the search have changed.
    pub found: bool,
    /// Whether a record of a conflict has changed.
    pub records: bool,
}

/// A task in the list of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    pub task: EntityId,
    /// How many tasks it is within, one within the other.
    pub depth: u8,
    /// The headings above it. The task is the first one under the last of them; the headings before that have no
    /// tasks.
    pub headings: Vec<Heading>,
}

/// A part of a place's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// How many tasks the list has.
    pub total: usize,
    /// How many of them are completed, shown or folded away.
    pub completed: usize,
    /// How many tasks are before the first one of this part.
    pub first: usize,
    pub slots: Vec<Slot>,
    /// The headings after the last task, which have no tasks. Only a part that reaches the end of the list has them.
    pub tail: Vec<Heading>,
}

/// A column of a board: the tasks of a section, or those in no section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cards {
    pub section: Option<Named>,
    /// How many tasks it has at the top level, drawn or not.
    pub total: usize,
    pub cards: Vec<EntityId>,
}

impl Index {
    #[must_use]
    pub fn new(outside: Outside, today: Date, folded: BTreeSet<EntityId>) -> Self {
        let mut shelves = Shelves::new(today);
        for id in &folded {
            shelves.fold(*id, true, &mut Touched::default());
        }
        Self {
            outside,
            today,
            shelves,
            catalog: Catalog::default(),
            comments: Comments::default(),
            search: Search::default(),
            open: SortedMap::new(),
            settled: SortedMap::new(),
            folded,
            shows_completed: true,
            shown_cards: SortedMap::new(),
        }
    }

    #[must_use]
    pub fn shelves(&self) -> &Shelves {
        &self.shelves
    }

    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    #[must_use]
    pub fn folded(&self) -> &BTreeSet<EntityId> {
        &self.folded
    }

    /// Takes in these entities as this tab has them now. Tasks that come together are placed together, each once, so
    /// that even the longest chain costs no more than the same number of single tasks.
    pub fn take_in(&mut self, local: &Local, ids: impl IntoIterator<Item = EntityId>, touched: &mut Touched) {
        let mut unsettled = BTreeSet::new();
        for id in ids {
            local.look(id, |view| self.keep(id, view, &mut unsettled, touched));
        }
        self.shelves.settle(&unsettled, touched);
    }

    /// Takes in one entity as the screen shows it now, or that it is gone.
    pub fn put(&mut self, id: EntityId, view: Option<&Entity>, touched: &mut Touched) {
        let mut unsettled = BTreeSet::new();
        self.keep(id, view, &mut unsettled, touched);
        self.shelves.settle(&unsettled, touched);
    }

    fn keep(
        &mut self,
        id: EntityId,
        view: Option<&Entity>,
        unsettled: &mut BTreeSet<EntityId>,
        touched: &mut Touched,
    ) {
        touched.tasks.insert(id);
        self.keep_conflict(id, view, touched);
        let task = view.and_then(|view| Task::read(view).or_else(|| Task::read_deleted(view)));
        self.shelves.keep(id, task.as_ref(), unsettled, touched);
        touched.found |= self.search.look_again(id, view);
        self.comments.put(id, view);
        if let Some(section) = view.filter(|view| view.kind == Kind::Section) {
            let list = section.value(&Field::List).as_text();
            self.shelves
                .note_section(id, list.and_then(|list| list.parse().ok()));
        }
        if self.catalog.put(id, view) {
            touched.named = true;
            self.shelves
                .keep_list(id, self.catalog.list_archived(id), unsettled);
            self.shelves
                .keep_section(id, self.catalog.section_list(id), unsettled);
        }
    }

    /// Takes in whether a conflict is open. If a restored server does not know the conflict, it is gone, and nobody
    /// can settle it.
    fn keep_conflict(&mut self, id: EntityId, view: Option<&Entity>, touched: &mut Touched) {
        let record = view
            .filter(|view| view.kind == Kind::Conflict)
            .and_then(Conflict::read);
        match &record {
            Some(record) if record.state != State::Open => drop(self.settled.insert(id, record.subject)),
            Some(_) | None => drop(self.settled.remove(&id)),
        }
        touched.records |= record.is_some();
        let open = record.filter(|record| record.state == State::Open);
        touched
            .tasks
            .extend(open.as_ref().map(|conflict| conflict.subject));
        let before = match open {
            Some(conflict) => self.open.insert(id, conflict),
            None => self.open.remove(&id),
        };
        touched.records |= before.is_some();
        touched.tasks.extend(before.map(|conflict| conflict.subject));
    }

    /// Whether the cards of conflicts may look different now.
    #[must_use]
    pub fn touches_cards(&self, touched: &Touched) -> bool {
        let is_subject = |conflict: &Conflict| touched.tasks.contains(&conflict.subject);
        touched.records || touched.named || self.open.values().any(is_subject)
    }

    /// Those of these entities that are no settled records.
    #[must_use]
    pub fn unsettled(&self, ids: &BTreeSet<EntityId>) -> Vec<EntityId> {
        let open = ids.iter().filter(|id| !self.settled.contains_key(id));
        open.copied().collect()
    }

    /// Sets the day that is today.
    pub fn set_today(&mut self, today: Date) {
        self.today = today;
        self.shelves.set_today(today, &mut Touched::default());
    }

    /// Folds a folder, a section or a task's sub-tasks away on this device, or unfolds it.
    pub fn fold(&mut self, id: EntityId, folded: bool) {
        match folded {
            true => self.folded.insert(id),
            false => self.folded.remove(&id),
        };
        self.shelves.fold(id, folded, &mut Touched::default());
    }

    /// Shows completed tasks after the open ones, or folds them away.
    pub fn show_completed(&mut self, shown: bool) {
        self.shows_completed = shown;
    }

    /// Shows more cards of a column of the board.
    pub fn show_more(&mut self, section: Option<EntityId>) {
        *self.shown_cards.entry(section).or_insert(CARDS) += CARDS;
    }

    /// Shows the columns of boards as long as at first.
    pub fn show_less(&mut self) {
        self.shown_cards.clear();
    }

    /// Begins a search for tasks. If the text continues the last one, the tasks that were found then are looked at
    /// first.
    pub fn begin_search(&mut self, text: &str) {
        let search = std::mem::take(&mut self.search);
        self.search = search.begin(text, self.shelves.ids().rev());
    }

    /// Searches for the same text again, among the tasks that exist now.
    pub fn search_again(&mut self) {
        self.search.again(self.shelves.ids().rev());
    }

    /// Goes on with the search for one turn. Returns whether there is more to do.
    pub fn search_on(&mut self, local: &Local) -> bool {
        for id in self.search.turn() {
            local.look(id, |view| self.search.look(id, view));
        }
        !self.search.is_done()
    }

    #[must_use]
    pub fn is_done_searching(&self) -> bool {
        self.search.is_done()
    }

    /// The best results so far.
    #[must_use]
    pub fn found(&self, local: &Local) -> Vec<Named> {
        let title = |view: Option<&Entity>| {
            view.map(|view| to_text(&Field::Title, view.value(&Field::Title)))
                .unwrap_or_default()
        };
        let ids = self.search.hits().from(0).take(FOUND).map(id_of);
        let named = |id| Named {
            id,
            name: local.look(id, title),
            colour: None,
        };
        ids.map(named).collect()
    }

    /// The tasks at these places of a place's list.
    #[must_use]
    pub fn stretch(&self, place: &TaskPlace, sight: Range<usize>, now: Timestamp) -> Stretch {
        let sources = Sources {
            shelves: &self.shelves,
            catalog: &self.catalog,
            search: &self.search,
            today: self.today,
            now,
            day_of: self.outside.day_of,
        };
        let listing = Listing::new(place, sources).fold_completed(!self.shows_completed);
        let first = sight.start.min(listing.total());
        let (drawn, tail) = listing.draw(first..sight.end);
        let is_tree = matches!(place, TaskPlace::Inbox | TaskPlace::List(_));
        let slot = |(task, headings)| {
            // Completed tasks are at the end in the order of completion, below no other task.
            let is_within = is_tree && self.shelves.is_open(task);
            let depth = if is_within { self.shelves.depth(task) } else { 0 };
            Slot {
                task,
                depth,
                headings,
            }
        };
        Stretch {
            total: listing.total(),
            completed: listing.completed(),
            first,
            slots: drawn.into_iter().map(slot).collect(),
            tail,
        }
    }

    /// All open tasks of a place, in sight or not; of the places for completed and for deleted tasks, all of those.
    #[must_use]
    pub fn all(&self, place: &TaskPlace, now: Timestamp) -> Vec<EntityId> {
        // A board shows the tasks of its list.
        let list = place.list().map(TaskPlace::List);
        let place = list.as_ref().unwrap_or(place);
        let takes_all = matches!(place, TaskPlace::Completed | TaskPlace::Deleted);
        let slots = self.stretch(place, 0..usize::MAX, now).slots;
        let tasks = slots.into_iter().map(|slot| slot.task);
        tasks
            .filter(|task| takes_all || self.shelves.is_open(*task))
            .collect()
    }

    /// The columns of a list as a board. The tasks in no section come first.
    #[must_use]
    pub fn board(&self, list: EntityId) -> Vec<Cards> {
        let sections = self.catalog.sections(list).into_iter().map(|section| Named {
            id: section.id,
            name: section.name.clone(),
            colour: None,
        });
        let column = |section: Option<Named>| {
            let id = section.as_ref().map(|section| section.id);
            let home = Home {
                list: Some(list),
                section: id,
            };
            let shown = self.shown_cards.get(&id).copied().unwrap_or(CARDS);
            let roots = self.shelves.shelf(Shelf::Roots(home));
            let cards = roots.into_iter().flat_map(|roots| roots.from(0)).take(shown);
            Cards {
                section,
                total: self.shelves.count(Shelf::Roots(home)),
                cards: cards.map(id_of).collect(),
            }
        };
        std::iter::once(None)
            .chain(sections.map(Some))
            .map(column)
            .collect()
    }

    /// A task as its row shows it; none if the entity is not a task.
    #[must_use]
    pub fn row(&self, local: &Local, id: EntityId) -> Option<TaskRow> {
        let about = |conflict: &&Conflict| conflict.subject == id;
        let conflicts = self.open.values().filter(about).count();
        local.look(id, |view| {
            let row = task_row(view?, local.is_waiting(id), conflicts)?;
            let progress = self.shelves.progress(id);
            let has_open = self.shelves.has_open_below(id);
            let row = TaskRow {
                progress,
                folded: has_open.then(|| self.shelves.is_folded(id)),
                ..row
            };
            let list = self.shelves.home(id).and_then(|home| home.list);
            Some(self.catalog.name(row, list, view?))
        })
    }

    /// The task as the editor shows it.
    #[must_use]
    pub fn detail(&self, local: &Local, id: EntityId) -> Option<Detail> {
        Detail::of(id, local, &self.shelves, &self.comments)
    }

    #[must_use]
    pub fn sidebar(&self) -> Sidebar {
        self.catalog.sidebar(&self.folded)
    }

    /// The numbers of open tasks by place.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            today: self.shelves.count(Shelf::Overdue) + self.shelves.count(Shelf::Today),
            ..Counts::default()
        };
        for (shelf, count) in self.shelves.counts() {
            match shelf {
                Shelf::Open(home) | Shelf::Folded(home) => match home.list {
                    None => counts.inbox += count,
                    Some(list) => *counts.lists.entry(list).or_default() += count,
                },
                Shelf::Labelled(label) => drop(counts.labels.insert(label, count)),
                Shelf::Roots(_)
                | Shelf::Done(_)
                | Shelf::Overdue
                | Shelf::Today
                | Shelf::Ahead
                | Shelf::Completed
                | Shelf::Deleted => {}
            }
        }
        counts
    }

    /// The changes that the server refused.
    #[must_use]
    pub fn refused(&self, local: &Local) -> Vec<RefusedCard> {
        let title = |parked: &Parked| {
            let title = |entity: &Entity| to_text(&Field::Title, entity.value(&Field::Title));
            local.look(parked.mutation.entity, |view| view.map(title).unwrap_or_default())
        };
        refused_cards(local.replica().parked(), &title, &|id| name_of(local, id))
    }
}

/// The name of a list, a section, a label or a task; of a deleted one, too, because a conflict may be about the deletion.
fn name_of(local: &Local, id: EntityId) -> Option<String> {
    local.look(id, |view| {
        let view = view?;
        let named = view.value(&Field::Name).as_text();
        named.or(view.value(&Field::Title).as_text()).map(str::to_owned)
    })
}
