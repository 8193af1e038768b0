//! From the state of a tab to the signals. After a change, only the entities that it touched are looked at again.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use leptos::prelude::ArcRwSignal;
use tsugi_screen::activity::{Change, MOST_HELD};
use tsugi_screen::conflicts::card::ConflictCard;
use tsugi_screen::conflicts::history::{HistoryEntry, HistoryOf};
use tsugi_screen::conflicts::rules::Rules;
use tsugi_screen::index::{Cards, Index, Outside, Slot, Touched};
use tsugi_screen::local::Local;
use tsugi_screen::model::TaskRow;
use tsugi_screen::place::{Beside, TaskPlace};
use tsugi_sync::ids::{EntityId, Timestamp};

use super::store::{Store, set_if_changed};
use super::window::{Board, Column, Item, Lit, Spot, TaskEntry, Window};

/// The rows of a list that are drawn before the page has reported which ones are in sight.
const FIRST_LOOK: Range<usize> = 0..64;

/// The index of all entities, and the part of it that is on the screen.
#[derive(Debug)]
pub struct Screen {
    store: Store,
    index: Index,
    /// The rows that are shown somewhere on the screen.
    rows: Rows,
    /// The part of the list that is in sight.
    sight: Range<usize>,
    /// Whether the search is that of the palette. Otherwise it is that of the place.
    finds: bool,
    /// How conflicts are read. It is in the part `rest`, so it comes a moment after the tasks.
    records: Option<Records>,
    /// Whose history somebody looks at.
    history: Option<HistoryOf>,
    /// The edits that this device heard of, the latest last, once they were read.
    activity: Vec<Change>,
    /// Whether somebody looks at the rules of the workspace.
    shows_rules: bool,
}

/// How the cards of conflicts and the history are made.
#[derive(Clone, Copy, Debug)]
pub struct Records {
    pub cards: fn(&Index, &Local) -> Vec<ConflictCard>,
    pub history: fn(&Index, &Local, HistoryOf, Timestamp, &[Change]) -> Vec<HistoryEntry>,
    pub rules: fn(&Index, &Local) -> Rules,
    /// What another device has decided just now, in words.
    pub news: fn(&Index, &Local, &[EntityId], Timestamp) -> Option<String>,
}

type Rows = BTreeMap<EntityId, ArcRwSignal<TaskRow>>;

impl Screen {
    #[must_use]
    pub fn new(store: Store, outside: Outside, folded: BTreeSet<EntityId>) -> Self {
        Self {
            index: Index::new(outside, store.today(), folded),
            store,
            rows: BTreeMap::new(),
            sight: FIRST_LOOK,
            finds: false,
            records: None,
            history: None,
            activity: Vec::new(),
            shows_rules: false,
        }
    }

    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Shows all entities from the beginning.
    pub fn show_all(&mut self, local: &Local) {
        self.take_in_some(local, local.ids());
        self.show_whole(local);
    }

    /// Puts some entities into the index, and shows nothing of them yet.
    pub fn take_in_some(&mut self, local: &Local, ids: impl IntoIterator<Item = EntityId>) {
        self.take_in(local, ids);
    }

    fn take_in(&mut self, local: &Local, ids: impl IntoIterator<Item = EntityId>) -> Touched {
        let mut touched = Touched::default();
        self.index.take_in(local, ids, &mut touched);
        touched
    }

    /// Shows everything that the index has.
    pub fn show_whole(&mut self, local: &Local) {
        self.index.set_today(self.store.today());
        self.index.search_again();
        self.search_for_place();
        self.store.set_sidebar(self.index.sidebar());
        self.store.set_counts(self.index.counts());
        self.refresh_all(local);
        self.draw(local);
        self.draw_beside(local);
        self.draw_cards(local);
        self.store.set_loading(false);
    }

    /// Shows the present state of these entities.
    pub fn show(&mut self, local: &Local, ids: &BTreeSet<EntityId>) {
        if self.show_in_place(local, ids) {
            self.draw(local);
        }
    }

    /// Shows their present state, and leaves every row in its place. Returns whether the list has to be drawn again.
    pub fn show_in_place(&mut self, local: &Local, ids: &BTreeSet<EntityId>) -> bool {
        let touched = self.take_in(local, ids.iter().copied());
        for id in &touched.tasks {
            self.refresh(local, *id);
        }
        if touched.named {
            self.store.set_sidebar(self.index.sidebar());
            self.refresh_all(local);
        }
        if touched.moved {
            self.store.set_counts(self.index.counts());
        }
        self.draw_beside(local);
        match self.index.touches_cards(&touched) {
            true => self.draw_cards(local),
            false => self.draw_around_cards(local),
        }
        touched.moved || touched.named || touched.found
    }

    /// The person is at the address that the store has. They may just have gone there.
    pub fn go(&mut self, local: &Local) {
        self.sight = FIRST_LOOK;
        self.search_for_place();
        self.index.show_less();
        self.draw(local);
        self.draw_beside(local);
    }

    /// Other rows of the list are in sight.
    pub fn look(&mut self, local: &Local, sight: Range<usize>) {
        if self.sight != sight {
            self.sight = sight;
            self.draw(local);
        }
    }

    /// Shows completed tasks after the open ones, or folds them away.
    pub fn show_completed(&mut self, local: &Local, shown: bool) {
        self.index.show_completed(shown);
        self.draw(local);
    }

    /// Folds or unfolds a folder, a section or the sub-tasks of a task, on this device only.
    pub fn fold(&mut self, local: &Local, id: EntityId, folded: bool) {
        self.index.fold(id, folded);
        self.store.set_sidebar(self.index.sidebar());
        self.refresh(local, id);
        self.draw(local);
    }

    /// Shows more cards of one column of the board.
    pub fn show_more(&mut self, local: &Local, section: Option<EntityId>) {
        self.index.show_more(section);
        self.draw(local);
    }

    /// Searches tasks for the palette; an empty text goes back to the search of the place.
    pub fn find(&mut self, text: &str) {
        self.finds = !text.trim().is_empty();
        self.index.begin_search(text);
        if !self.finds {
            self.store.set_found(Vec::new());
            self.search_for_place();
        }
    }

    fn search_for_place(&mut self) {
        if let (Some(TaskPlace::Search(text)), false) = (self.place(), self.finds) {
            self.index.begin_search(&text);
        }
    }

    /// Goes on with the search for one turn. Returns whether there is more to search.
    pub fn search_on(&mut self, local: &Local) -> bool {
        self.index.search_on(local)
    }

    /// Shows the results so far.
    pub fn show_found(&mut self, local: &Local) {
        match self.finds {
            true => self.store.set_found(self.index.found(local)),
            false => self.draw(local),
        }
    }

    /// A new day has begun, so other tasks are overdue or due today.
    pub fn new_day(&mut self, local: &Local) {
        self.index.set_today(self.store.today());
        self.store.set_counts(self.index.counts());
        self.draw(local);
    }

    /// Shows conflicts and refused edits again, after a change or in another language.
    pub fn draw_cards(&self, local: &Local) {
        if let Some(records) = self.records {
            self.store.set_conflicts((records.cards)(&self.index, local));
        }
        self.draw_around_cards(local);
    }

    /// Shows the history and the refused edits, which may be about any task.
    fn draw_around_cards(&self, local: &Local) {
        if let Some(records) = self.records {
            self.draw_history(local, records);
        }
        self.store.set_refused(self.index.refused(local));
    }

    /// Shows what was decided before, and the rules, as far as somebody looks at them.
    fn draw_history(&self, local: &Local, records: Records) {
        let now = self.store.now();
        let history = self
            .history
            .map(|of| (records.history)(&self.index, local, of, now, &self.activity));
        self.store.set_history(history.unwrap_or_default());
        if self.shows_rules {
            self.store.set_rules((records.rules)(&self.index, local));
        }
    }

    /// Shows the rules of the workspace, or stops that.
    pub fn show_rules(&mut self, local: &Local, shown: bool) {
        self.shows_rules = shown;
        if let Some(records) = self.records {
            self.draw_history(local, records);
        }
    }

    /// What was decided elsewhere just now about these records, in words; they were not settled before.
    #[must_use]
    pub fn news(&self, local: &Local, open: &[EntityId]) -> Option<String> {
        let records = self.records.filter(|_| !open.is_empty())?;
        (records.news)(&self.index, local, open, self.store.now())
    }

    /// From now on conflicts are shown.
    pub fn read_records(&mut self, local: &Local, records: Records) {
        self.records = Some(records);
        self.draw_cards(local);
    }

    /// Shows what was decided before, or stops that.
    pub fn show_history(&mut self, local: &Local, of: Option<HistoryOf>) {
        self.history = of;
        if let Some(records) = self.records {
            self.draw_history(local, records);
        }
    }

    /// Shows the edits that this device heard of, and what others did while the person was away.
    pub fn set_activity(&mut self, local: &Local, changes: Vec<Change>, since: Option<String>) {
        self.activity = changes;
        self.store.set_since(since);
        if let Some(records) = self.records {
            self.draw_history(local, records);
        }
    }

    /// The edits that this device heard of, the latest last.
    #[must_use]
    pub fn activity(&self) -> &[Change] {
        &self.activity
    }

    /// Shows newer edits, too.
    pub fn add_activity(&mut self, local: &Local, changes: Vec<Change>) {
        self.activity.extend(changes);
        let excess = self.activity.len().saturating_sub(MOST_HELD);
        self.activity.drain(..excess);
        if let Some(records) = self.records.filter(|_| self.history.is_some()) {
            self.draw_history(local, records);
        }
    }

    /// Shows the task in the panel beside the list, if there is one.
    pub fn draw_beside(&self, local: &Local) {
        let detail = match self.store.address().beside {
            Beside::Task(id) => self.index.detail(local, id),
            Beside::Nothing | Beside::Conflicts(_) => None,
        };
        self.store.set_detail(detail);
    }

    /// The place whose tasks are shown, if it shows tasks.
    fn place(&self) -> Option<TaskPlace> {
        self.store.address().place.tasks().cloned()
    }

    /// Writes the window or the board, and drops the rows that are not shown any more.
    pub fn draw(&mut self, local: &Local) {
        let place = self.place();
        let mut rows = BTreeMap::new();
        let (window, board) = match &place {
            Some(TaskPlace::Board(list)) => (Window::default(), self.board(local, *list, &mut rows)),
            Some(place) => (self.window(local, place, &mut rows), Board::default()),
            None => (Window::default(), Board::default()),
        };
        self.rows = rows;
        self.store.set_window(window);
        self.store.set_board(board);
        self.forget_unseen_selection();
    }

    fn window(&self, local: &Local, place: &TaskPlace, rows: &mut Rows) -> Window {
        let stretch = self.index.stretch(place, self.sight.clone(), self.store.now());
        let item = |slot: Slot| {
            Some(Item {
                entry: self.entry(local, slot.task, rows)?,
                spot: Spot {
                    depth: slot.depth,
                    headings: slot.headings,
                },
            })
        };
        Window {
            total: stretch.total,
            completed: stretch.completed,
            growing: place.search().is_some() && !self.index.is_done_searching(),
            first: stretch.first,
            items: stretch.slots.into_iter().filter_map(item).collect(),
            tail: stretch.tail,
        }
    }

    fn board(&self, local: &Local, list: EntityId, rows: &mut Rows) -> Board {
        let mut column = |cards: Cards| Column {
            section: cards.section,
            total: cards.total,
            cards: cards
                .cards
                .into_iter()
                .filter_map(|id| self.entry(local, id, rows))
                .collect(),
        };
        let columns = self.index.board(list).into_iter();
        Board {
            columns: columns.map(&mut column).collect(),
        }
    }

    /// The row of a task: the signal that already shows it, or a new one.
    fn entry(&self, local: &Local, id: EntityId, rows: &mut Rows) -> Option<TaskEntry> {
        let row = match self.rows.get(&id) {
            Some(row) => row.clone(),
            None => ArcRwSignal::new(self.index.row(local, id)?),
        };
        rows.insert(id, row.clone());
        Some(TaskEntry {
            id,
            row: row.read_only(),
        })
    }

    /// Lights the row of a task, which is in the place that is shown.
    pub fn light(&self, task: EntityId) {
        let place = match (self.rows.contains_key(&task), self.place()) {
            (false, Some(place)) => {
                let all = self.index.all(&place, self.store.now());
                all.iter().position(|id| *id == task)
            }
            (true, _) | (false, None) => None,
        };
        self.store.set_lit(Some(Lit { task, place }));
    }

    /// Unselects tasks that are deleted, or that were completed elsewhere.
    fn forget_unseen_selection(&self) {
        let mut selected = self.store.selected();
        selected.retain(|id| self.index.shelves().is_there(*id));
        self.store.set_selected(selected);
    }

    fn refresh(&self, local: &Local, id: EntityId) {
        if let Some(row) = self.rows.get(&id)
            && let Some(fresh) = self.index.row(local, id)
        {
            set_if_changed(row, fresh);
        }
    }

    fn refresh_all(&self, local: &Local) {
        for id in self.rows.keys() {
            self.refresh(local, *id);
        }
    }
}
