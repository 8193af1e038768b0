//! From what a tab holds to the signals of the store: only what was touched is looked at again.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use leptos::prelude::{ArcRwSignal, GetUntracked, Update, WithUntracked};
use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::listing::Home;
use tsugi_sync::replica::Parked;
use tsugi_sync::task::{Date, Task};

use super::catalog::Catalog;
use super::detail::{Comments, Detail};
use super::listing::{Listing, Sources};
use super::model::{Board, Column, Counts, Item, Named, TaskEntry, TaskRow, Window};
use super::search::Search;
use super::shelves::{Shelf, Shelves};
use super::sorted::id_of;
use super::store::Store;
use crate::place::{Beside, Place};
use crate::sync::fields::to_text;
use crate::sync::local::Local;
use crate::sync::project::{conflict_card, refused_cards, task_row};

/// Tasks that the palette offers at most.
const FOUND: usize = 6;
/// Tasks of a list that are drawn before anybody has said how many are in sight.
const FIRST_LOOK: Range<usize> = 0..64;

/// Cards of a column that are drawn before anybody asked for more, and how many more each time.
const CARDS: usize = 60;

/// What the screen needs from the device.
#[derive(Clone, Copy, Debug)]
pub struct Outside {
    /// A moment as people write it.
    pub format: fn(Timestamp) -> String,
    /// The day of a moment where the device is, `YYYY-MM-DD`.
    pub day_of: fn(Timestamp) -> String,
}

/// The tasks and conflicts on screen.
#[derive(Debug)]
pub struct Screen {
    store: Store,
    open: BTreeMap<EntityId, Conflict>,
    outside: Outside,
    shelves: Shelves,
    catalog: Catalog,
    comments: Comments,
    /// The rows that something on the screen shows.
    rows: Rows,
    /// The part of the list that is in sight.
    sight: Range<usize>,
    shows_completed: bool,
    /// Columns of the board of which more is shown, and how many cards.
    shown_cards: BTreeMap<Option<EntityId>, usize>,
    /// What is folded on this device: folders, sections, tasks.
    folded: BTreeSet<EntityId>,
    search: Search,
    /// What the search is for is typed into the palette, and not the place.
    finds: bool,
}

type Rows = BTreeMap<EntityId, ArcRwSignal<TaskRow>>;

/// What had to be drawn anew.
#[derive(Debug, Default)]
struct Touched {
    moved: bool,
    named: bool,
    found: bool,
}

impl Screen {
    #[must_use]
    pub fn new(store: Store, outside: Outside, folded: BTreeSet<EntityId>) -> Self {
        let mut screen = Self {
            store,
            open: BTreeMap::new(),
            outside,
            shelves: Shelves::default(),
            catalog: Catalog::default(),
            comments: Comments::default(),
            rows: BTreeMap::new(),
            sight: FIRST_LOOK,
            shows_completed: true,
            shown_cards: BTreeMap::new(),
            folded,
            search: Search::default(),
            finds: false,
        };
        screen.shelves.set_today(screen.today());
        for id in &screen.folded {
            screen.shelves.fold(*id, true);
        }
        screen
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
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

    /// Shows everything, as at the start.
    pub fn show_all(&mut self, local: &Local) {
        self.take_in_some(local, local.ids());
        self.show_whole(local);
    }

    /// Takes in a part of what there is, and shows nothing of it yet.
    pub fn take_in_some(&mut self, local: &Local, ids: impl IntoIterator<Item = EntityId>) {
        let (mut tasks, mut changed) = (BTreeSet::new(), Touched::default());
        for id in ids {
            local.look(id, |view| self.take_in(id, view, &mut tasks, &mut changed));
        }
    }

    /// Shows what was taken in.
    pub fn show_whole(&mut self, local: &Local) {
        self.shelves.set_today(self.today());
        self.search.again(self.shelves.ids().rev());
        self.look_for();
        Store::set_if_changed(&self.store.sidebar, self.catalog.sidebar(&self.folded));
        Store::set_if_changed(&self.store.counts, self.counts());
        self.refresh_all(local);
        self.draw(local);
        self.draw_beside(local);
        self.show_conflicts(local);
        self.show_refused(local);
        Store::set_if_changed(&self.store.loading, false);
    }

    /// Shows what became of the touched entities.
    pub fn show(&mut self, local: &Local, touched: &BTreeSet<EntityId>) {
        let mut changed = Touched::default();
        let mut tasks = BTreeSet::new();
        for id in touched {
            local.look(*id, |view| self.take_in(*id, view, &mut tasks, &mut changed));
        }
        for id in &tasks {
            self.refresh(local, *id);
        }
        if changed.named {
            Store::set_if_changed(&self.store.sidebar, self.catalog.sidebar(&self.folded));
            self.refresh_all(local);
        }
        if changed.moved {
            Store::set_if_changed(&self.store.counts, self.counts());
        }
        if changed.moved || changed.named || changed.found {
            self.draw(local);
        }
        self.draw_beside(local);
        self.show_conflicts(local);
        self.show_refused(local);
    }

    /// Takes one entity in. `tasks` are those whose row may look different now.
    fn take_in(
        &mut self,
        id: EntityId,
        view: Option<&Entity>,
        tasks: &mut BTreeSet<EntityId>,
        changed: &mut Touched,
    ) {
        // A conflict that a restored server has never heard of is gone with all its ways to settle it.
        let open = view
            .filter(|view| view.kind == Kind::Conflict)
            .and_then(Conflict::read)
            .filter(|conflict| conflict.state == State::Open);
        tasks.extend(open.as_ref().map(|conflict| conflict.subject));
        let before = match open {
            Some(conflict) => self.open.insert(id, conflict),
            None => self.open.remove(&id),
        };
        tasks.extend(before.map(|conflict| conflict.subject));
        let task = view.and_then(|view| Task::read(view).or_else(|| Task::read_deleted(view)));
        let task = task.as_ref();
        tasks.extend(self.shelves.parent(id));
        changed.moved |= self.shelves.put(id, task);
        changed.found |= self.search.look_again(id, view);
        self.comments.put(id, view);
        tasks.extend(self.shelves.parent(id));
        if let Some(section) = view.filter(|view| view.kind == Kind::Section) {
            let list = section.value(&Field::List).as_text();
            self.shelves
                .note_section(id, list.and_then(|list| list.parse().ok()));
        }
        if self.catalog.put(id, view) {
            changed.named = true;
            changed.moved |= self.shelves.put_list(id, self.catalog.list_archived(id));
            changed.moved |= self.shelves.put_section(id, self.catalog.section_list(id));
        }
        tasks.insert(id);
    }

    /// The person is at the address that the store has, perhaps since just now.
    pub fn go(&mut self, local: &Local) {
        self.sight = FIRST_LOOK;
        self.look_for();
        self.shown_cards.clear();
        self.draw(local);
        self.draw_beside(local);
    }

    /// Other tasks of the list are in sight.
    pub fn look(&mut self, local: &Local, sight: Range<usize>) {
        if self.sight != sight {
            self.sight = sight;
            self.draw(local);
        }
    }

    /// Completed tasks are shown after the open ones, or folded away.
    pub fn show_completed(&mut self, local: &Local, shown: bool) {
        self.shows_completed = shown;
        self.draw(local);
    }

    /// A folder, a section, or what is below a task is folded away on this device, or not any more.
    pub fn fold(&mut self, local: &Local, id: EntityId, folded: bool) {
        match folded {
            true => self.folded.insert(id),
            false => self.folded.remove(&id),
        };
        self.shelves.fold(id, folded);
        Store::set_if_changed(&self.store.sidebar, self.catalog.sidebar(&self.folded));
        self.refresh(local, id);
        self.draw(local);
    }

    /// More of a column of the board is shown.
    pub fn show_more(&mut self, local: &Local, section: Option<EntityId>) {
        *self.shown_cards.entry(section).or_insert(CARDS) += CARDS;
        self.draw(local);
    }

    /// Looks for tasks for the palette; with nothing to look for, for the place again.
    pub fn find(&mut self, text: &str) {
        self.finds = !text.trim().is_empty();
        let search = std::mem::take(&mut self.search);
        self.search = search.begin(text, self.shelves.ids().rev());
        if !self.finds {
            Store::set_if_changed(&self.store.found, Vec::new());
            self.look_for();
        }
    }

    #[must_use]
    pub fn is_done_searching(&self) -> bool {
        self.search.is_done()
    }

    /// Shows the task that stands beside the list, if one does.
    pub fn draw_beside(&self, local: &Local) {
        let beside = self.store.address.with_untracked(|address| address.beside);
        let detail = match beside {
            Beside::Task(id) => Detail::of(id, local, &self.shelves, &self.comments),
            Beside::Nothing | Beside::Conflicts => None,
        };
        Store::set_if_changed(&self.store.detail, detail);
    }

    fn look_for(&mut self) {
        if let (Place::Search(text), false) = (self.place(), self.finds) {
            let search = std::mem::take(&mut self.search);
            self.search = search.begin(&text, self.shelves.ids().rev());
        }
    }

    /// Goes on with the search for one turn. Answers whether there is more to do.
    pub fn search_on(&mut self, local: &Local) -> bool {
        for id in self.search.turn() {
            local.look(id, |view| self.search.look(id, view));
        }
        !self.search.is_done()
    }

    /// Shows what was found so far.
    pub fn show_found(&mut self, local: &Local) {
        if self.finds {
            let title = |view: Option<&Entity>| {
                view.map(|view| to_text(&Field::Title, view.value(&Field::Title)))
                    .unwrap_or_default()
            };
            let ids = self.search.hits().from(0).take(FOUND).map(id_of);
            let found = ids.map(|id| Named {
                id,
                name: local.look(id, title),
                colour: None,
            });
            Store::set_if_changed(&self.store.found, found.collect());
        } else {
            self.draw(local);
        }
    }

    /// The day is another one: what is overdue, and what is due today, too.
    pub fn new_day(&mut self, local: &Local) {
        self.shelves.set_today(self.today());
        Store::set_if_changed(&self.store.counts, self.counts());
        self.draw(local);
    }

    /// Labels in words are written anew, in another language.
    pub fn in_other_words(&mut self, local: &Local) {
        self.show_conflicts(local);
    }

    fn place(&self) -> Place {
        self.store.address.with_untracked(|address| address.place.clone())
    }

    fn today(&self) -> Option<Date> {
        self.store.today.with_untracked(|today| today.parse().ok())
    }

    /// Writes the window or the board, and drops the rows that nothing shows any more.
    fn draw(&mut self, local: &Local) {
        let place = self.place();
        let mut rows = BTreeMap::new();
        let window = self.window(local, &place, &mut rows);
        let board = match (&place, place.list()) {
            (Place::Board(_), Some(list)) => self.board(local, list, &mut rows),
            (_, Some(_) | None) => Board::default(),
        };
        self.rows = rows;
        Store::set_if_changed(&self.store.window, window);
        Store::set_if_changed(&self.store.board, board);
        self.forget_unseen_selection();
    }

    fn window(&self, local: &Local, place: &Place, rows: &mut Rows) -> Window {
        let sources = Sources {
            shelves: &self.shelves,
            catalog: &self.catalog,
            search: &self.search,
            today: self.today(),
            now: self.store.now.get_untracked(),
            day_of: self.outside.day_of,
        };
        let listing = Listing::new(place, sources).fold_completed(!self.shows_completed);
        let first = self.sight.start.min(listing.total());
        let (found, tail) = listing.draw(first..self.sight.end);
        let is_tree = matches!(place, Place::Inbox | Place::List(_));
        let item = |(id, headings)| {
            let entry = self.entry(local, id)?;
            rows.insert(id, entry.row.clone());
            Some(Item {
                entry,
                depth: if is_tree { self.shelves.depth(id) } else { 0 },
                headings,
            })
        };
        Window {
            total: listing.total(),
            completed: listing.completed(),
            growing: matches!(place, Place::Search(_)) && !self.search.is_done(),
            first,
            items: found.into_iter().filter_map(item).collect(),
            tail,
        }
    }

    fn board(&self, local: &Local, list: EntityId, rows: &mut Rows) -> Board {
        let sections = self.catalog.sections(list).into_iter().map(|section| Named {
            id: section.id,
            name: section.name.clone(),
            colour: None,
        });
        let mut column = |section: Option<Named>| {
            let section_id = section.as_ref().map(|section| section.id);
            let home = Home {
                list: Some(list),
                section: section_id,
            };
            let shown = self.shown_cards.get(&section_id).copied().unwrap_or(CARDS);
            let roots = self.shelves.shelf(Shelf::Roots(home));
            let ids = roots.into_iter().flat_map(|roots| roots.from(0)).take(shown);
            let cards: Vec<TaskEntry> = ids.filter_map(|key| self.entry(local, id_of(key))).collect();
            rows.extend(cards.iter().map(|entry| (entry.id, entry.row.clone())));
            Column {
                section,
                total: self.shelves.count(Shelf::Roots(home)),
                cards,
            }
        };
        let columns = std::iter::once(None).chain(sections.map(Some));
        Board {
            columns: columns.map(&mut column).collect(),
        }
    }

    /// What is gone, or done by another hand, is not selected any more.
    fn forget_unseen_selection(&self) {
        let is_there = |id: &EntityId| self.shelves.is_there(*id);
        if self
            .store
            .selected
            .with_untracked(|selected| !selected.iter().all(is_there))
        {
            self.store.selected.update(|selected| selected.retain(is_there));
        }
    }

    fn entry(&self, local: &Local, id: EntityId) -> Option<TaskEntry> {
        let row = match self.rows.get(&id) {
            Some(row) => row.clone(),
            None => ArcRwSignal::new(self.row(local, id)?),
        };
        Some(TaskEntry { id, row })
    }

    fn row(&self, local: &Local, id: EntityId) -> Option<TaskRow> {
        let conflicts = self
            .open
            .values()
            .filter(|conflict| conflict.subject == id)
            .count();
        local.look(id, |view| {
            let row = task_row(view?, local.is_waiting(id), conflicts)?;
            let progress = self.shelves.progress(id);
            let has_open = progress.1 > progress.0;
            let row = TaskRow {
                progress,
                folded: has_open.then(|| self.shelves.is_folded(id)),
                ..row
            };
            Some(self.catalog.name(row, view?))
        })
    }

    fn refresh(&self, local: &Local, id: EntityId) {
        if let Some(row) = self.rows.get(&id)
            && let Some(fresh) = self.row(local, id)
        {
            Store::set_if_changed(row, fresh);
        }
    }

    fn refresh_all(&self, local: &Local) {
        for id in self.rows.keys() {
            self.refresh(local, *id);
        }
    }

    fn counts(&self) -> Counts {
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

    fn show_conflicts(&self, local: &Local) {
        let card = |conflict: &Conflict| {
            conflict_card(
                conflict,
                local.replica().id(),
                local.view(conflict.subject).as_ref(),
                &self.outside.format,
                &|id| name_of(local, id),
            )
        };
        let cards = self.open.values().filter_map(card).collect();
        Store::set_if_changed(&self.store.conflicts, cards);
    }

    fn show_refused(&self, local: &Local) {
        let title = |parked: &Parked| {
            let title = |entity: &Entity| to_text(&Field::Title, entity.value(&Field::Title));
            local.look(parked.mutation.entity, |view| view.map(title).unwrap_or_default())
        };
        let cards = refused_cards(local.replica().parked(), &title, &|id| name_of(local, id));
        Store::set_if_changed(&self.store.refused, cards);
    }
}

/// What a list, a section, a label or a task is called. Of what was deleted, too: that it is gone is what a conflict may
/// be about.
fn name_of(local: &Local, id: EntityId) -> Option<String> {
    local.look(id, |view| {
        let view = view?;
        let named = view.value(&Field::Name).as_text();
        named.or(view.value(&Field::Title).as_text()).map(str::to_owned)
    })
}
