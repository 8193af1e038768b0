//! The hand on the client that the screen has: what this tab holds, and what a person steers in it.

mod edits;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use tsugi_sync::ids::EntityId;
use tsugi_sync::protocol::Token;
use tsugi_sync::replica::Replica;
use tsugi_sync::session::TokenError;

use super::preferences;
use super::socket_line::LineInput;
use super::workspace::{self};
use crate::browser::channel::TabMessage;
use crate::browser::lock::LockInput;
use crate::browser::page::PageEvent;
use crate::browser::time::{self, Timer, Turns};
use crate::browser::{device, history, page};
use crate::signals::screen::Screen;
use crate::signals::store::Store;
use tsugi_screen::edits::arrange::Desk;
use tsugi_screen::export;
use tsugi_screen::gestures::{Direction, Gestures};
use tsugi_screen::index::Outside;
use tsugi_screen::intent::{AccountIntent, AppIntent, GoIntent, Intent, ShowIntent, SyncIntent};
use tsugi_screen::local::Local;
use tsugi_screen::model::UndoNotice;
use tsugi_screen::place::{Address, Beside};
use tsugi_screen::settings::Settings;
use tsugi_words::phrases;

/// Milliseconds of searching at a stretch: with a frame drawn after it, far from what anyone notices.
const SEARCH_MS: u64 = 6;

/// Everything that can happen to the loop.
#[derive(Debug)]
pub enum Message {
    Sync(SyncIntent),
    Account(AccountIntent),
    /// The page is to be loaded again, with the newer version of the app.
    Reload,
    /// Edits are shown and want to be saved.
    Save,
    /// From the line to the server with this number; an older one has nothing more to say.
    Line(u64, LineInput),
    Timer,
    /// A search goes on.
    Search,
    /// Time has passed.
    Tick,
    /// Another tab runs a later build, which this one cannot follow.
    Outdated,
    Token(Result<Token, TokenError>),
    StorageSaid(workspace::StorageSaid),
    Page(PageEvent),
    Tab(TabMessage),
    Lock(LockInput),
    /// It is time to see whether the tab that leads is there.
    LookAtLeader,
}

/// Entities that are taken in before the browser may be given its turn.
const TAKEN_IN: usize = 200;
/// Entities that are shown at once, at most.
const MUCH: usize = 1_000;

/// What this tab holds and shows of the open workspace.
#[derive(Debug)]
pub struct Tab {
    pub local: Local,
    /// It holds all there is, and not only what is looked at first.
    pub is_whole: bool,
    pub screen: Screen,
    pub gestures: Gestures,
}

impl Tab {
    fn desk(&self) -> Desk<'_> {
        Desk {
            local: &self.local,
            shelves: self.screen.index().shelves(),
            catalog: self.screen.index().catalog(),
        }
    }
}

/// The hand on the client that the screen has.
#[derive(Clone, Debug)]
pub struct Client {
    store: Store,
    tab: Rc<RefCell<Option<Tab>>>,
    sender: UnboundedSender<Message>,
    notices: Rc<Cell<u64>>,
    /// Wanted while a workspace is being opened, which may take longer than people take to type.
    early: Rc<RefCell<Vec<Intent>>>,
    /// The next turn of a search.
    turn: Rc<RefCell<Option<Timer>>>,
    /// The page is about to be loaded anew.
    leaving: Rc<RefCell<Option<Timer>>>,
    /// The workspace that is to be opened has just been made, and is to begin with the list that teaches.
    is_new: Rc<Cell<bool>>,
}

impl Client {
    #[must_use]
    pub fn new(store: Store) -> (Self, UnboundedReceiver<Message>) {
        let (sender, receiver) = unbounded();
        (
            Self {
                store,
                tab: Rc::default(),
                sender,
                notices: Rc::default(),
                early: Rc::default(),
                turn: Rc::default(),
                leaving: Rc::default(),
                is_new: Rc::default(),
            },
            receiver,
        )
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The same client, its messages going where nobody else's do.
    pub(super) fn with_own_messages(&self) -> (Self, UnboundedReceiver<Message>) {
        let (sender, receiver) = unbounded();
        let client = self.clone();
        (Self { sender, ..client }, receiver)
    }

    pub(super) fn tab(&self) -> &Rc<RefCell<Option<Tab>>> {
        &self.tab
    }

    /// Puts a message in the loop's way. After the loop has ended, nothing listens and nothing is lost by that.
    pub(super) fn send(&self, message: Message) {
        drop(self.sender.unbounded_send(message));
    }

    /// What was wanted of a workspace that did not open is not wanted of the next.
    pub(super) fn forget_early(&self) {
        self.early.take();
    }

    /// Whether the workspace that is to be opened has just been made, and is to begin with the list that teaches.
    pub(super) fn begin_with_start_here(&self, is_new: bool) {
        self.is_new.set(is_new);
    }

    /// Shows what is read first. Edits wait until there is everything.
    pub(super) fn look(&self, local: Local) {
        let mut tab = self.new_tab(local);
        tab.screen.show_all(&tab.local);
        *self.tab.borrow_mut() = Some(tab);
    }

    /// Shows everything that was read.
    pub(super) async fn open(&self, local: Local) {
        let seen = self.tab.borrow().as_ref().map(|tab| tab.local.ids());
        if seen.is_none() {
            let nothing = Replica::new(local.replica().id(), local.replica().workspace());
            *self.tab.borrow_mut() = Some(self.new_tab(Local::new(nothing)));
        }
        let mut ids = local.ids();
        let is_new = self.is_new.take() && ids.is_empty();
        ids.extend(seen.into_iter().flatten());
        let ids: Vec<EntityId> = ids.into_iter().collect();
        let mut turns = Turns::begin();
        for some in ids.chunks(TAKEN_IN) {
            self.with_tab(|tab| tab.screen.take_in_some(&local, some.iter().copied()));
            turns.rest().await;
        }
        self.with_tab(|tab| {
            tab.local = local;
            tab.is_whole = true;
            tab.screen.show_whole(&tab.local);
        });
        if is_new {
            self.make_start_here();
        }
        for early in self.early.take() {
            self.dispatch(early);
        }
        self.send(Message::Search);
    }

    /// Shows what became of the touched entities: much of it a turn at a time.
    pub(super) async fn show(&self, touched: BTreeSet<EntityId>) {
        if touched.len() <= MUCH {
            return self.with_tab(|tab| tab.screen.show(&tab.local, &touched));
        }
        let touched: Vec<EntityId> = touched.into_iter().collect();
        let mut turns = Turns::begin();
        for some in touched.chunks(TAKEN_IN) {
            self.with_tab(|tab| tab.screen.take_in_some(&tab.local, some.iter().copied()));
            turns.rest().await;
        }
        self.with_tab(|tab| tab.screen.show_whole(&tab.local));
    }

    fn new_tab(&self, local: Local) -> Tab {
        let outside = Outside {
            format: phrases::moment,
            day_of: time::day_of,
        };
        Tab {
            local,
            is_whole: false,
            screen: Screen::new(self.store.clone(), outside, preferences::folded()),
            gestures: Gestures::default(),
        }
    }

    pub(super) fn close(&self) {
        *self.tab.borrow_mut() = None;
    }

    /// Goes to where the address bar points.
    pub fn arrive(&self, path: &str) {
        self.be_at(Address::parse(path));
    }

    fn be_at(&self, address: Address) {
        let before = self.store.address();
        self.store.set_address(address.clone());
        let mut searches = false;
        if let Some(tab) = self.tab.borrow_mut().as_mut() {
            if before.place != address.place {
                tab.screen.go(&tab.local);
                self.store.set_selected(BTreeSet::new());
            } else {
                tab.screen.draw_beside(&tab.local);
            }
            searches = !tab.screen.index().is_done_searching();
        }
        // The first results at once, so that nothing flickers between two keys.
        if searches {
            self.search_on();
        }
    }

    /// Goes on with a search for a moment, and then lets keys come first that were pressed meanwhile.
    pub(super) fn search_on(&self) {
        let until = time::steady().0 + SEARCH_MS;
        let mut more = false;
        self.with_tab(|tab| {
            more = true;
            while more && time::steady().0 < until {
                more = tab.screen.search_on(&tab.local);
            }
            tab.screen.show_found(&tab.local);
        });
        let client = self.clone();
        let next = more.then(|| Timer::after(0, move || client.send(Message::Search)));
        *self.turn.borrow_mut() = next;
    }

    /// Does what a person wants, or passes it on to the loop.
    pub fn dispatch(&self, intent: Intent) {
        if intent.needs_everything() && !self.holds_everything() {
            return self.early.borrow_mut().push(intent);
        }
        match intent {
            Intent::Edit(edit) => self.edit(edit),
            Intent::Arrange(what) => self.arrange(&what),
            Intent::Show(show) => self.show_intent(show),
            Intent::Go(go) => self.go(go),
            Intent::Sync(sync) => self.send(Message::Sync(sync)),
            Intent::Account(account) => self.send(Message::Account(account)),
            Intent::App(app) => self.app(app),
        }
    }

    fn holds_everything(&self) -> bool {
        self.tab.borrow().as_ref().is_some_and(|tab| tab.is_whole)
    }

    fn show_intent(&self, intent: ShowIntent) {
        match intent {
            ShowIntent::Select { id, on } => {
                let mut selected = self.store.selected();
                match on {
                    true => selected.insert(id),
                    false => selected.remove(&id),
                };
                self.store.set_selected(selected);
            }
            ShowIntent::SelectAll(ids) => self.store.set_selected(ids.into_iter().collect()),
            ShowIntent::SelectNone => self.store.set_selected(BTreeSet::new()),
            ShowIntent::Fold { id, folded } => self.fold(id, folded),
            ShowIntent::More { section } => self.with_tab(|tab| tab.screen.show_more(&tab.local, section)),
            ShowIntent::Look(sight) => self.with_tab(|tab| tab.screen.look(&tab.local, sight)),
            ShowIntent::Completed(shown) => {
                self.with_tab(|tab| tab.screen.show_completed(&tab.local, shown));
            }
            ShowIntent::Find { text } => {
                self.with_tab(|tab| tab.screen.find(&text));
                self.send(Message::Search);
            }
            ShowIntent::DismissUndo => self.store.set_undo(None),
        }
    }

    fn go(&self, intent: GoIntent) {
        match intent {
            GoIntent::To(address) => {
                history::push(&address.to_path());
                self.be_at(address);
            }
            GoIntent::Replace(address) => {
                history::replace(&address.to_path());
                self.be_at(address);
            }
            GoIntent::CloseBeside => {
                let address = self.store.address().with(Beside::Nothing);
                self.go(GoIntent::To(address));
            }
        }
    }

    fn app(&self, intent: AppIntent) {
        match intent {
            AppIntent::ChooseSettings(settings) => self.choose(settings),
            AppIntent::CopyText(text) => device::copy(&text),
            AppIntent::SaveCopy => self.save_copy(),
            AppIntent::TakeUpdate => self.take_update(),
            AppIntent::PutOffUpdate => self.store.set_update_ready(false),
        }
    }

    /// Says something to who cannot see it. The same again is said again.
    fn say(&self, text: String) {
        let again = self.store.said() == text;
        self.store.set_said(match again {
            true => format!("{text}\u{a0}"),
            false => text,
        });
    }

    fn fold(&self, id: EntityId, folded: bool) {
        let mut kept = Ok(());
        self.with_tab(|tab| {
            tab.screen.fold(&tab.local, id, folded);
            kept = preferences::save_folded(tab.screen.index().folded());
        });
        if kept.is_err() {
            self.store.set_problem(Some(phrases::not_remembered().to_owned()));
        }
    }

    fn with_tab(&self, act: impl FnOnce(&mut Tab)) {
        if let Some(tab) = self.tab.borrow_mut().as_mut() {
            act(tab);
        }
    }

    /// Gives the person a file with all that is here.
    fn save_copy(&self) {
        let at = time::now();
        let text = self
            .tab
            .borrow()
            .as_ref()
            .map(|tab| export::everything(&tab.local, time::iso(at)));
        let name = format!("tsugi-{}.json", self.store.today());
        if let Some(text) = text
            && page::download(&name, &text).is_err()
        {
            self.store.set_problem(Some(phrases::no_download().to_owned()));
        }
    }

    /// What is typed into an editor is an edit first: the editor closes, and what it leaves is saved; then the page goes.
    fn take_update(&self) {
        self.go(GoIntent::CloseBeside);
        let client = self.clone();
        let leaving = Timer::after(0, move || client.send(Message::Reload));
        *self.leaving.borrow_mut() = Some(leaving);
    }

    /// Shows the app as it was chosen to be, and remembers that.
    pub fn choose(&self, settings: Settings) {
        preferences::apply(settings);
        if preferences::save(settings).is_err() {
            self.store.set_problem(Some(phrases::not_remembered().to_owned()));
        }
        self.store.set_settings(settings);
        self.with_tab(|tab| tab.screen.draw_cards(&tab.local));
    }

    fn notice(&self, text: String, button: Option<Direction>) {
        self.notices.set(self.notices.get() + 1);
        self.store.set_undo(Some(UndoNotice {
            id: self.notices.get(),
            text,
            button,
        }));
    }
}
