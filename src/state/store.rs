//! The signals of the screen, and the only writer of them.
//!
//! Signals are state, never messages. A row is a signal of its own, so that a change redraws one row; the window of the
//! list is rewritten only where its members or their order change.

use std::collections::BTreeSet;

use leptos::prelude::{ArcRwSignal, Set, WithUntracked};
use tsugi_sync::ids::{EntityId, Timestamp};

use super::detail::Detail;
use super::model::{
    AccountState, Board, ConflictCard, Counts, Named, RefusedCard, Sidebar, SyncStatus, UndoNotice, Window,
};
use super::settings::Settings;
use crate::place::Address;

/// Everything the screen reads.
#[derive(Clone, Debug)]
pub struct Store {
    /// This device's storage is still being read.
    pub loading: ArcRwSignal<bool>,
    /// Where the person is.
    pub address: ArcRwSignal<Address>,
    /// The tasks of the place that are in sight.
    pub window: ArcRwSignal<Window>,
    /// The same, where the place is a board.
    pub board: ArcRwSignal<Board>,
    /// The task in the editor.
    pub detail: ArcRwSignal<Option<Detail>>,
    /// Tasks that were chosen, to do something with all of them.
    pub selected: ArcRwSignal<BTreeSet<EntityId>>,
    pub sidebar: ArcRwSignal<Sidebar>,
    pub counts: ArcRwSignal<Counts>,
    /// Tasks that have all words typed into the palette, the best first.
    pub found: ArcRwSignal<Vec<Named>>,
    pub status: ArcRwSignal<SyncStatus>,
    pub account: ArcRwSignal<AccountState>,
    pub conflicts: ArcRwSignal<Vec<ConflictCard>>,
    pub refused: ArcRwSignal<Vec<RefusedCard>>,
    pub undo: ArcRwSignal<Option<UndoNotice>>,
    /// What was just done by keyboard or pointer, for who cannot see it.
    pub said: ArcRwSignal<String>,
    /// A sentence about the last thing that did not work.
    pub error: ArcRwSignal<Option<String>>,
    /// An account request is on its way.
    pub busy: ArcRwSignal<bool>,
    pub device: ArcRwSignal<String>,
    /// The date here, `YYYY-MM-DD`.
    pub today: ArcRwSignal<String>,
    pub now: ArcRwSignal<Timestamp>,
    pub working_offline: ArcRwSignal<bool>,
    /// What was measured of syncing; nothing while nobody looks.
    pub figures: ArcRwSignal<Vec<(String, String)>>,
    pub settings: ArcRwSignal<Settings>,
    /// A newer version of the app is here, and starts when the page is loaded anew.
    pub update_ready: ArcRwSignal<bool>,
}

impl Store {
    #[must_use]
    pub fn new(device: String, today: String, now: Timestamp) -> Self {
        Self {
            loading: ArcRwSignal::new(true),
            address: ArcRwSignal::default(),
            window: ArcRwSignal::default(),
            detail: ArcRwSignal::new(None),
            board: ArcRwSignal::default(),
            selected: ArcRwSignal::default(),
            sidebar: ArcRwSignal::default(),
            counts: ArcRwSignal::default(),
            found: ArcRwSignal::default(),
            status: ArcRwSignal::default(),
            account: ArcRwSignal::default(),
            conflicts: ArcRwSignal::default(),
            refused: ArcRwSignal::default(),
            undo: ArcRwSignal::new(None),
            said: ArcRwSignal::default(),
            error: ArcRwSignal::new(None),
            busy: ArcRwSignal::new(false),
            device: ArcRwSignal::new(device),
            today: ArcRwSignal::new(today),
            now: ArcRwSignal::new(now),
            working_offline: ArcRwSignal::new(false),
            figures: ArcRwSignal::default(),
            settings: ArcRwSignal::default(),
            update_ready: ArcRwSignal::new(false),
        }
    }

    /// Empties the screen for another workspace, or none. An error stays: it may be of how the last one was left.
    pub fn reset(&self, account: AccountState) {
        self.loading.set(true);
        self.window.set(Window::default());
        self.detail.set(None);
        self.board.set(Board::default());
        self.selected.set(BTreeSet::new());
        self.sidebar.set(Sidebar::default());
        self.counts.set(Counts::default());
        self.found.set(Vec::new());
        self.conflicts.set(Vec::new());
        self.refused.set(Vec::new());
        self.undo.set(None);
        self.said.set(String::new());
        self.figures.set(Vec::new());
        self.status.set(SyncStatus::default());
        self.account.set(account);
    }

    /// Sets a signal only where its value differs, so that nothing is redrawn for nothing.
    pub fn set_if_changed<T: PartialEq + Clone + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
        if signal.with_untracked(|old| *old != value) {
            signal.set(value);
        }
    }
}
