//! Everything that the screen shows, each part as a signal. Only the setters here write a signal, and only if its value
//! differs, so that nothing is drawn twice. A signal is state, never a message.

use std::collections::BTreeSet;

use leptos::prelude::{ArcRwSignal, GetUntracked, Memo, Set, Signal, With, WithUntracked};
use tsugi_calendar::Date;
use tsugi_screen::conflicts::card::ConflictCard;
use tsugi_screen::conflicts::history::HistoryEntry;
use tsugi_screen::conflicts::rules::Rules;
use tsugi_screen::index::detail::Detail;
use tsugi_screen::model::{
    AccountState, Counts, Named, RefusedCard, Sidebar, SyncStatus, TaskRow, UndoNotice,
};
use tsugi_screen::place::{Address, Place};
use tsugi_screen::settings::Settings;
use tsugi_screen::truth::Truth;
use tsugi_sync::ids::{EntityId, Timestamp};

use super::front::{Front, Left};
use super::window::{Board, Lit, Window};

/// The one list of the signals. For each line, the macro makes a private signal, a reader and a setter of [`Store`],
/// and a field of [`View`].
macro_rules! signals {
    (($($given:ident: $given_type:ty),*); $($(#[doc = $doc:literal])* $name:ident, $set:ident: $type:ty = $first:expr;)*) => {
        /// The signals, for the code that changes the screen.
        #[derive(Clone, Debug)]
        pub struct Store { $($name: ArcRwSignal<$type>,)* }

        impl Store {
            fn fresh($($given: $given_type),*) -> Self {
                Self { $($name: ArcRwSignal::new($first),)* }
            }

            /// The signals, for components to read.
            #[must_use]
            pub fn view(&self) -> View {
                View { $($name: self.$name.clone().into(),)* }
            }

            $(
                #[must_use]
                pub fn $name(&self) -> $type {
                    self.$name.get_untracked()
                }

                pub fn $set(&self, value: $type) {
                    set_if_changed(&self.$name, value);
                }
            )*
        }

        /// Everything that components show, as signals that they can read and not write.
        #[derive(Clone, Copy, Debug)]
        pub struct View { $($(#[doc = $doc])* pub $name: Signal<$type>,)* }
    };
}

signals! {
    (device_name: String, day: Date, moment: Timestamp);
    /// This device's storage is still being read.
    loading, set_loading: bool = true;
    /// The address where the person is.
    address, set_address: Address = Address::default();
    /// The tasks of the place that are in sight.
    window, set_window: Window = Window::default();
    /// The same for a place that is a board.
    board, set_board: Board = Board::default();
    /// The task in the editor.
    detail, set_detail: Option<Detail> = None;
    /// The tasks that the person has selected, to change all of them at once.
    selected, set_selected: BTreeSet<EntityId> = BTreeSet::new();
    /// The task that was just added here: its row is lit for a moment.
    lit, set_lit: Option<Lit> = None;
    sidebar, set_sidebar: Sidebar = Sidebar::default();
    counts, set_counts: Counts = Counts::default();
    /// Tasks that have all words of the palette's text, the best first.
    found, set_found: Vec<Named> = Vec::new();
    status, set_status: SyncStatus = SyncStatus::default();
    account, set_account: AccountState = AccountState::default();
    conflicts, set_conflicts: Vec<ConflictCard> = Vec::new();
    /// The rules of the workspace, as far as somebody looks at them.
    rules, set_rules: Rules = Rules::default();
    /// What was decided before, as far as somebody looks at it.
    history, set_history: Vec<HistoryEntry> = Vec::new();
    /// What others did while the person was away, in words.
    since, set_since: Option<String> = None;
    refused, set_refused: Vec<RefusedCard> = Vec::new();
    undo, set_undo: Option<UndoNotice> = None;
    /// The last effect of a key or the pointer, for people who use a screen reader.
    said, set_said: String = String::new();
    /// A sentence about the last attempt that failed.
    problem, set_problem: Option<String> = None;
    /// The workspace that the person has left for the account screen.
    left, set_left: Option<Left> = None;
    /// An account request is on its way.
    busy, set_busy: bool = false;
    /// The name of this device: "Chrome on Linux".
    device, set_device: String = device_name;
    /// The present date.
    today, set_today: Date = day;
    /// The present time. It is updated about every half minute.
    now, set_now: Timestamp = moment;
    working_offline, set_working_offline: bool = false;
    /// The figures of syncing, as names and values; empty while nobody looks at them.
    figures, set_figures: Vec<(String, String)> = Vec::new();
    /// How syncing really goes; nothing while nobody looks at it.
    truth, set_truth: Truth = Truth::default();
    settings, set_settings: Settings = Settings::default();
    /// A newer version of the app is there, and starts when the page is loaded again.
    update_ready, set_update_ready: bool = false;
}

impl View {
    /// The rows and cards in sight.
    #[must_use]
    pub fn rows_in_sight(self) -> Vec<TaskRow> {
        let mut rows = Vec::new();
        self.window.with_untracked(|window| {
            rows.extend(window.items.iter().map(|item| item.entry.row.get_untracked()));
        });
        self.board.with_untracked(|board| {
            let cards = board.columns.iter().flat_map(|column| &column.cards);
            rows.extend(cards.map(|card| card.row.get_untracked()));
        });
        rows
    }

    #[must_use]
    pub fn place(self) -> Signal<Place> {
        let place = Memo::new(move |_| self.address.with(|address| address.place.clone()));
        place.into()
    }
}

impl Store {
    /// The signals of a page that shows nothing yet. Those of the account screen are there already.
    #[must_use]
    pub fn new(front: &Front, device_name: String, day: Date, moment: Timestamp) -> Self {
        Self {
            account: front.account.clone(),
            problem: front.problem.clone(),
            busy: front.busy.clone(),
            left: front.left.clone(),
            ..Self::fresh(device_name, day, moment)
        }
    }

    /// Empties the screen for another workspace, or for none. A problem stays, because it may be about leaving the last
    /// one.
    pub fn reset(&self, account: AccountState) {
        self.set_loading(true);
        self.set_window(Window::default());
        self.set_detail(None);
        self.set_board(Board::default());
        self.set_selected(BTreeSet::new());
        self.set_lit(None);
        self.set_sidebar(Sidebar::default());
        self.set_counts(Counts::default());
        self.set_found(Vec::new());
        self.set_conflicts(Vec::new());
        self.set_history(Vec::new());
        self.set_since(None);
        self.set_rules(Rules::default());
        self.set_refused(Vec::new());
        self.set_undo(None);
        self.set_said(String::new());
        self.set_figures(Vec::new());
        self.set_truth(Truth::default());
        self.set_status(SyncStatus::default());
        self.set_account(account);
    }
}

/// Sets a signal if its value differs.
pub(super) fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
