//! The client as the screen reaches it: the state of this tab, and the intents of the person.

mod adding;
mod doing;
pub(crate) mod edits;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use tsugi_sync::ids::EntityId;
use tsugi_sync::protocol::Token;
use tsugi_sync::replica::Replica;
use tsugi_sync::session::TokenError;

use super::late::{Coming, LateTab};
use super::preferences;
use super::socket_line::LineInput;
use super::workspace::{self};
use crate::browser::lock::LockInput;
use crate::browser::page::PageEvent;
use crate::browser::time::{self, Timer, Turns};
use crate::browser::{device, history, session_storage};
use crate::signals::screen::Screen;
use crate::signals::store::Store;
use crate::tab::news::TabMessage;
use tsugi_screen::edits::arrange::Desk;
use tsugi_screen::gestures::Gestures;
use tsugi_screen::index::Outside;
use tsugi_screen::intent::{AccountIntent, AppIntent, GoIntent, Intent, ShowIntent, SyncIntent};
use tsugi_screen::local::Local;
use tsugi_screen::model::Opens;
use tsugi_screen::place::{Address, Beside};
use tsugi_screen::settings::Settings;
use tsugi_words::phrases;
use wasm_bindgen_futures::spawn_local;

/// How many milliseconds a search runs before a frame is drawn; nobody notices such a short delay.
const SEARCH_MS: u64 = 6;

/// Everything that can happen to the loop.
#[derive(Debug)]
pub enum Message {
    Sync(SyncIntent),
    Account(AccountIntent),
    /// Load the page again, with the newer version of the app.
    Reload,
    /// Edits are shown and have to be saved.
    Save,
    /// An input from the connection with this number. An input from an older connection is ignored.
    Line(u64, LineInput),
    Timer,
    /// Go on with a search.
    Search,
    /// Some time has passed, so the clock on the screen moves.
    Tick,
    /// Another tab runs a later version, whose rows this one cannot read.
    Outdated,
    Token(Result<Token, TokenError>),
    StorageSaid(workspace::StorageSaid),
    /// Somebody looks at the history of edits.
    ReadActivity,
    Page(PageEvent),
    Tab(TabMessage),
    Lock(LockInput),
    /// It is time to check whether the leading tab still answers.
    LookAtLeader,
}

/// Where this tab keeps its latest gestures while its page is loaded again.
const GESTURES: &str = "tsugi.gestures";
/// How many entities are put into the index before the browser gets a turn.
const TAKEN_IN: usize = 200;
/// How many changed entities are shown at once; more of them are shown in several turns.
const MUCH: usize = 1_000;

/// The state of this tab for the open workspace.
#[derive(Debug)]
pub struct Tab {
    pub local: Local,
    /// Whether it holds all entities, and not only those of the first look; and whether the code that edits them is there.
    pub takes_edits: bool,
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

/// The client as the screen reaches it.
#[derive(Clone, Debug)]
pub struct Client {
    store: Store,
    tab: Rc<RefCell<Option<Tab>>>,
    sender: UnboundedSender<Message>,
    notices: Rc<Cell<u64>>,
    /// Intents that arrived while a workspace was being opened. Opening may take longer than a person takes to type.
    early: Rc<RefCell<Vec<Intent>>>,
    /// The timer for the next turn of a search.
    turn: Rc<RefCell<Option<Timer>>>,
    /// The timer after which completed tasks leave the list.
    lingering: Rc<RefCell<Option<Timer>>>,
    /// As long as a new task is lit.
    lit: Rc<RefCell<Option<Timer>>>,
    /// The timer for loading the page again.
    leaving: Rc<RefCell<Option<Timer>>>,
    /// Whether the workspace that is being opened has just been created, so that it begins with the list that teaches.
    is_new: Rc<Cell<bool>>,
    /// Whether the person has gone to a place by themselves. Then the client leads them nowhere.
    has_gone: Rc<Cell<bool>>,
    /// How many tasks of this device have just joined the account whose workspace is being opened.
    joined: Rc<Cell<usize>>,
    late: Coming,
    /// Asks for the missing part of the app again.
    again: UnboundedSender<()>,
}

impl Client {
    /// A client, and the queue of its messages. `late` is what it can do later; `again` asks for that again, if it
    /// could not be loaded.
    #[must_use]
    pub fn new(store: Store, late: Coming, again: UnboundedSender<()>) -> (Self, UnboundedReceiver<Message>) {
        let (sender, receiver) = unbounded();
        (
            Self {
                store,
                tab: Rc::default(),
                sender,
                notices: Rc::default(),
                early: Rc::default(),
                turn: Rc::default(),
                lingering: Rc::default(),
                lit: Rc::default(),
                leaving: Rc::default(),
                is_new: Rc::default(),
                has_gone: Rc::default(),
                joined: Rc::default(),
                late,
                again,
            },
            receiver,
        )
    }

    /// What the loop can do after the tasks are on the screen.
    pub(super) async fn late(&self) -> LateTab {
        self.late.clone().await
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The same client, with a queue of its own for its messages.
    pub(super) fn with_own_messages(&self) -> (Self, UnboundedReceiver<Message>) {
        let (sender, receiver) = unbounded();
        let client = self.clone();
        (Self { sender, ..client }, receiver)
    }

    pub(super) fn tab(&self) -> &Rc<RefCell<Option<Tab>>> {
        &self.tab
    }

    /// Sends a message to the loop. After the loop has ended, nobody receives it, and nothing is lost by that.
    pub(super) fn send(&self, message: Message) {
        drop(self.sender.unbounded_send(message));
    }

    /// Drops the early intents of a workspace that did not open, because they are not meant for the next one.
    pub(super) fn forget_early(&self) {
        self.early.take();
    }

    /// Sets whether the workspace that is being opened has just been created, so that it begins with the list that
    /// teaches.
    pub(super) fn begin_with_start_here(&self, is_new: bool) {
        self.is_new.set(is_new);
        self.has_gone.set(false);
    }

    /// Sets how many tasks of this device have joined the account, to tell the person once its workspace is open.
    pub(super) fn begin_with_joined(&self, count: usize) {
        self.joined.set(count);
    }

    /// Tells the person how many tasks came along.
    pub(super) fn tell_joined(&self) {
        match self.joined.take() {
            0 => {}
            count => self.notice(phrases::tasks_joined(count), None),
        }
    }

    /// Shows the first look. Edits wait until everything is read.
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
        self.is_new.set(self.is_new.get() && ids.is_empty());
        ids.extend(seen.into_iter().flatten());
        let ids: Vec<EntityId> = ids.into_iter().collect();
        let mut turns = Turns::begin();
        for some in ids.chunks(TAKEN_IN) {
            self.with_tab(|tab| tab.screen.take_in_some(&local, some.iter().copied()));
            turns.rest().await;
        }
        self.with_tab(|tab| {
            tab.local = local;
            tab.screen.show_whole(&tab.local);
        });
        self.send(Message::Search);
    }

    /// From now on edits are carried out, the early ones first.
    pub(super) fn begin_to_edit(&self) {
        let records = self.late.peek().map(|late| late.records);
        self.with_tab(|tab| {
            tab.takes_edits = true;
            if let Some(records) = records {
                tab.screen.read_records(&tab.local, records);
            }
        });
        self.take_up_noted();
        if self.is_new.take() {
            self.make_start_here();
        }
        for early in self.early.take() {
            self.dispatch(early);
        }
    }

    /// Shows the present state of the changed entities; if there are many, in several turns.
    pub(super) async fn show(&self, touched: BTreeSet<EntityId>) {
        if touched.len() <= MUCH {
            let mut news = None;
            self.with_tab(|tab| {
                let open = tab.screen.index().unsettled(&touched);
                tab.screen.show(&tab.local, &touched);
                news = tab.screen.news(&tab.local, &open);
            });
            if let Some(news) = news {
                self.notice_of(news, Some(Opens::History), None);
            }
            return self.follow_twin();
        }
        let touched: Vec<EntityId> = touched.into_iter().collect();
        let mut turns = Turns::begin();
        for some in touched.chunks(TAKEN_IN) {
            self.with_tab(|tab| tab.screen.take_in_some(&tab.local, some.iter().copied()));
            turns.rest().await;
        }
        self.with_tab(|tab| tab.screen.show_whole(&tab.local));
        self.follow_twin();
    }

    /// If the list on the screen has become one with another list of the same name, goes to that one.
    fn follow_twin(&self) {
        let mut twin = None;
        let address = self.store.address();
        self.with_tab(|tab| {
            let place = address.place.tasks();
            twin = place.and_then(|place| tab.screen.index().twin_of(place, &tab.local));
        });
        if let Some(twin) = twin {
            let place = twin.into();
            self.go(GoIntent::Replace(Address { place, ..address }));
        }
    }

    fn new_tab(&self, local: Local) -> Tab {
        let outside = Outside {
            format: phrases::moment,
            day_of: time::day_of,
        };
        Tab {
            local,
            takes_edits: false,
            screen: Screen::new(self.store.clone(), outside, preferences::folded()),
            gestures: Gestures::default(),
        }
    }

    /// Forgets the workspace, which this tab leaves.
    pub(super) fn close(&self) {
        session_storage::remove(GESTURES);
        *self.tab.borrow_mut() = None;
    }

    /// Goes to the address that the address bar shows.
    pub fn arrive(&self, path: &str) {
        self.has_gone.set(true);
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
        // The first results are shown at once, so that the list does not flicker between two keys.
        if searches {
            self.search_on();
        }
    }

    /// Searches for a moment, and then lets the browser handle the keys that were pressed meanwhile.
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

    /// Carries out an intent, or passes it on to the loop.
    pub fn dispatch(&self, intent: Intent) {
        if intent.needs_everything() {
            return match self.late.peek().filter(|_| self.takes_edits()) {
                Some(late) => (late.carry_out)(self, intent),
                None => self.early.borrow_mut().push(intent),
            };
        }
        match intent {
            Intent::Edit(_) | Intent::Arrange(_) => {}
            Intent::Show(show) => self.show_intent(show),
            Intent::Go(go) => {
                if matches!(go, GoIntent::To(_)) {
                    self.has_gone.set(true);
                }
                self.go(go);
            }
            Intent::Sync(sync) => self.send(Message::Sync(sync)),
            Intent::Account(account) => self.send(Message::Account(account)),
            Intent::App(app) => self.app(app),
        }
    }

    fn takes_edits(&self) -> bool {
        self.tab.borrow().as_ref().is_some_and(|tab| tab.takes_edits)
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
            ShowIntent::SelectThese(ids) => self.store.set_selected(ids.into_iter().collect()),
            ShowIntent::SelectAll => {
                let place = self.store.address().place;
                let (Some(place), now) = (place.tasks(), time::now()) else {
                    return;
                };
                let mut all = BTreeSet::new();
                self.with_tab(|tab| all.extend(tab.screen.index().all(place, now)));
                self.store.set_selected(all);
            }
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
            ShowIntent::History(of) => {
                self.with_tab(|tab| tab.screen.show_history(&tab.local, of));
                if of.is_some() {
                    self.send(Message::ReadActivity);
                }
            }
            ShowIntent::Rules(shown) => self.with_tab(|tab| tab.screen.show_rules(&tab.local, shown)),
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
            AppIntent::CopyText(text) => {
                let client = self.clone();
                spawn_local(async move {
                    match device::copy(&text).await {
                        true => client.notice(phrases::copied().to_owned(), None),
                        false => client.store.set_problem(Some(phrases::not_copied().to_owned())),
                    }
                });
            }
            AppIntent::SaveCopy | AppIntent::SaveHistory => {}
            AppIntent::LoadAgain => drop(self.again.unbounded_send(())),
            AppIntent::TakeUpdate => self.take_update(),
            AppIntent::PutOffUpdate => self.store.set_update_ready(false),
        }
    }

    /// Says something to people who use a screen reader. The same text twice in a row is said twice.
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

    /// Loads the page again. First it closes the editor, because that saves the draft.
    fn take_update(&self) {
        self.go(GoIntent::CloseBeside);
        let client = self.clone();
        let leaving = Timer::after(0, move || client.send(Message::Reload));
        *self.leaving.borrow_mut() = Some(leaving);
    }

    /// Applies the settings, and remembers them.
    pub fn choose(&self, settings: Settings) {
        preferences::apply(settings);
        if preferences::save(settings).is_err() {
            self.store.set_problem(Some(phrases::not_remembered().to_owned()));
        }
        self.store.set_settings(settings);
        self.with_tab(|tab| tab.screen.draw_cards(&tab.local));
    }
}
