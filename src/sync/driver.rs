//! The client's one loop: everything that happens arrives here as a message, and is dealt with in order.
//!
//! ```text
//!  no profile ──▶ account screen ──signed in / without an account──▶ workspace ──signed out──▶ account screen
//! ```
//!
//! An edit is shown before it gets here: [`Client::dispatch`] shows it at once, and leaves the saving to the loop.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::channel::oneshot;
use futures::future::select;
use leptos::prelude::{GetUntracked, Set, Update, WithUntracked};
use tsugi_quick_add::Parsed;
use tsugi_sync::entity::Field;
use tsugi_sync::gesture::{self, Done};
use tsugi_sync::ids::{EntityId, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::protocol::Token;
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::session::TokenError;
use tsugi_sync::task::{Date, Due, Task};

use super::account::{self, Credentials, Profile, SignedIn};
use super::adding::Adding;
use super::arrange::{self, CannotArrange, Desk, Moment};
use super::line::LineInput;
use super::local::Local;
use super::plan::{self, NotDone, Stamp};
use super::start_here;
use super::workspace::{self, Next, kept};
use super::{choices, export};
use crate::browser::channel::TabMessage;
use crate::browser::journal;
use crate::browser::lock::{self, Ask, LockGuard, LockInput};
use crate::browser::page::PageEvent;
use crate::browser::time::{self, Timer, Turns};
use crate::browser::{history, page};
use crate::components::due;
use crate::intent::Intent;
use crate::intent::arrange::{Arrange, Container, Furnish};
use crate::phrases;
use crate::place::{Address, Beside, Place};
use crate::state::gestures::{Direction, Gesture, Gestures};
use crate::state::model::{AccountState, OnDevice, UndoNotice};
use crate::state::screen::{Outside, Screen};
use crate::state::settings::Settings;
use crate::state::store::Store;

/// Milliseconds of searching at a stretch: with a frame drawn after it, far from what anyone notices.
const SEARCH_MS: u64 = 6;

/// Everything that can happen to the loop.
#[derive(Debug)]
pub enum Message {
    Intent(Intent),
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
            shelves: self.screen.shelves(),
            catalog: self.screen.catalog(),
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
            screen: Screen::new(self.store.clone(), outside, choices::folded()),
            gestures: Gestures::default(),
        }
    }

    fn make_start_here(&self) {
        let stamp = self.stamp_gesture();
        if let Some(Ok(edits)) = stamp.map(start_here::make) {
            self.do_it(Doing {
                edits,
                what: phrases::start_here().to_owned(),
                how: How::Unasked,
            });
        }
    }

    fn stamp_gesture(&self) -> Option<gesture::Stamp> {
        Some(gesture::Stamp {
            at: time::now(),
            today: self.store.today.with_untracked(|today| today.parse().ok())?,
            group: time::new_id(),
        })
    }

    pub(super) fn close(&self) {
        *self.tab.borrow_mut() = None;
    }

    /// Goes to where the address bar points.
    pub fn arrive(&self, path: &str) {
        self.be_at(Address::parse(path));
    }

    fn be_at(&self, address: Address) {
        let before = self.store.address.get_untracked();
        self.store.address.set(address.clone());
        let mut searches = false;
        if let Some(tab) = self.tab.borrow_mut().as_mut() {
            if before.place != address.place {
                tab.screen.go(&tab.local);
                self.store.selected.set(BTreeSet::new());
            } else {
                tab.screen.draw_beside(&tab.local);
            }
            searches = !tab.screen.is_done_searching();
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

    /// Does what a person wants: at once on the screen, then for good.
    pub fn dispatch(&self, intent: Intent) {
        let tab = self.tab.borrow();
        let whole = tab.as_ref().filter(|tab| tab.is_whole);
        let doing = whole.map(|tab| self.edits(tab, &intent));
        drop(tab);
        match doing {
            // Not everything is there yet that hangs together with it.
            None if intent.needs_everything() => self.early.borrow_mut().push(intent),
            None | Some(None) => self.steer(intent),
            Some(Some(Err(error))) => self.store.error.set(Some(error.to_string())),
            Some(Some(Ok(doing))) => {
                let made = doing.edits.first().map(|edit| edit.entity);
                self.do_it(doing);
                if matches!(intent, Intent::CompleteSelected | Intent::DeleteSelected) {
                    self.store.selected.set(BTreeSet::new());
                }
                // Who makes a list wants to write on it.
                if let (Intent::AddList { .. }, Some(list)) = (intent, made) {
                    self.steer(Intent::Go(Address::of(Place::List(list))));
                }
            }
        }
    }

    /// What an intent changes in the workspace; none for one that changes the screen, or needs the loop.
    fn edits(&self, tab: &Tab, intent: &Intent) -> Option<Result<Doing, NotDone>> {
        let selected = || -> Vec<EntityId> { self.store.selected.get_untracked().into_iter().collect() };
        Some(match intent {
            Intent::AddTask { place, task } => self.add_task(tab, place, task),
            Intent::AddSubTask { parent, title } => self.add_sub_task(tab, *parent, title),
            Intent::AddList { name } => plan::add_list(name, stamp())
                .map(|edit| Doing::one(edit, phrases::list_added()).told())
                .map_err(NotDone::from),
            Intent::EditTask {
                id,
                changes,
                new_labels,
            } => plan::edit_task_with_labels(*id, changes, new_labels, stamp())
                .map(|edits| Doing::all(edits, phrases::task_edited()))
                .map_err(NotDone::from),
            Intent::AddComment { task, text } => self
                .adding(tab, &Place::Inbox, |adding| adding.comment(*task, text))
                .map(|edit| Doing::one(edit, phrases::comment_added()))
                .map_err(NotDone::from),
            Intent::DeleteComment { id } => {
                let edit = plan::delete_comment(*id, stamp());
                Ok(Doing::one(edit, phrases::comment_deleted()).told())
            }
            Intent::SetCompleted { id, completed: true } => self.complete(tab, &[*id]),
            Intent::SetCompleted { id, completed: false } => gesture::reopen(&tab.desk(), *id, self.moment())
                .map(|edits| Doing::all(edits, phrases::task_reopened()))
                .map_err(NotDone::from),
            Intent::DeleteTask { id } => gesture::delete(&tab.desk(), &[*id], self.moment())
                .map(|edits| Doing::all(edits, phrases::task_deleted()).told())
                .map_err(NotDone::from),
            Intent::RestoreTask { id } => gesture::restore(&tab.desk(), *id, self.moment())
                .map(|edits| Doing::all(edits, phrases::task_restored()).told())
                .map_err(NotDone::from),
            Intent::CompleteSelected => self.complete(tab, &selected()),
            Intent::DeleteSelected => gesture::delete(&tab.desk(), &selected(), self.moment())
                .map(|edits| Doing::all(edits, &phrases::tasks_deleted(selected().len())).told())
                .map_err(NotDone::from),
            Intent::Arrange(_)
            | Intent::Fold { .. }
            | Intent::ShowMore { .. }
            | Intent::Select { .. }
            | Intent::SelectAll(_)
            | Intent::SelectNone
            | Intent::Undo
            | Intent::Redo
            | Intent::DismissUndo
            | Intent::Go(_)
            | Intent::Become(_)
            | Intent::CloseBeside
            | Intent::Look(_)
            | Intent::ShowCompleted(_)
            | Intent::Find { .. }
            | Intent::ChooseSettings(_)
            | Intent::WorkOffline(_)
            | Intent::Resolve { .. }
            | Intent::DiscardRefused { .. }
            | Intent::ResendRefused { .. }
            | Intent::CopyText(_)
            | Intent::SignIn { .. }
            | Intent::CreateAccount { .. }
            | Intent::UseWithoutAccount
            | Intent::ShowAccount
            | Intent::SignOut { .. }
            | Intent::SyncNow
            | Intent::ShowFigures(_)
            | Intent::SaveCopy
            | Intent::TakeUpdate
            | Intent::PutOffUpdate => return None,
        })
    }

    /// Completes tasks. Of those that recur the next ones begin, and the notice says when.
    fn complete(&self, tab: &Tab, tasks: &[EntityId]) -> Result<Doing, NotDone> {
        let edits = gesture::complete(&tab.desk(), tasks, self.moment())?;
        let begins = edits
            .iter()
            .find(|edit| edit.set.contains_key(&Field::Recurrence) && edit.set.contains_key(&Field::Series));
        let next = begins
            .and_then(|edit| {
                edit.set
                    .get(&Field::Due)
                    .or(edit.set.get(&Field::Start))?
                    .as_text()
            })
            .and_then(|due| due.parse::<Due>().ok());
        let what = match (tasks.len(), next) {
            (1, Some(next)) => phrases::completed_until(
                &due::describe(&next.date().to_string(), &self.store.today.get_untracked(), false).words,
            ),
            (1, None) => phrases::task_completed().to_owned(),
            (count, _) => phrases::tasks_completed(count),
        };
        Ok(Doing::all(edits, &what).told())
    }

    fn add_task(&self, tab: &Tab, place: &Place, task: &Parsed) -> Result<Doing, NotDone> {
        let edits = self.adding(tab, place, |adding| adding.task(task))?;
        Ok(Doing::all(edits, phrases::task_added()))
    }

    fn add_sub_task(&self, tab: &Tab, parent: EntityId, title: &str) -> Result<Doing, NotDone> {
        let Some(parent) = tab.local.look(parent, |view| view.and_then(Task::read)) else {
            return Ok(Doing::nothing(phrases::task_added()));
        };
        let edit = self.adding(tab, &Place::Inbox, |adding| adding.sub_task(&parent, title))?;
        Ok(Doing::one(edit, phrases::task_added()))
    }

    /// What adding things depends on beside what is added.
    fn adding<T>(&self, tab: &Tab, place: &Place, add: impl FnOnce(&Adding<'_>) -> T) -> T {
        let user = self.store.account.with_untracked(|account| match account {
            AccountState::SignedIn { user, .. } => *user,
            AccountState::None | AccountState::Local => None,
        });
        let zone = time::time_zone();
        add(&Adding {
            place,
            catalog: tab.screen.catalog(),
            today: &self.store.today.get_untracked(),
            zone: zone.as_deref().unwrap_or("UTC"),
            user,
            now: time::now(),
            fresh_id: time::new_id,
        })
    }

    /// When gestures are made, and the name of the group of the next one.
    fn moment(&self) -> gesture::Stamp {
        let at = time::now();
        gesture::Stamp {
            at,
            // What a browser calls today is a date.
            today: time::today().parse().unwrap_or(FIRST_DAY),
            group: time::new_id(),
        }
    }

    /// What changes the screen alone, or is for the loop.
    fn steer(&self, intent: Intent) {
        match intent {
            Intent::Select { id, on } => self.store.selected.update(|all| match on {
                true => all.extend([id]),
                false => all.retain(|selected| *selected != id),
            }),
            Intent::SelectAll(ids) => self.store.selected.set(ids.into_iter().collect()),
            Intent::SelectNone => self.store.selected.set(BTreeSet::new()),
            Intent::Arrange(what) => self.arrange(&what),
            Intent::Fold { id, folded } => self.fold(id, folded),
            Intent::ShowMore { section } => self.with_tab(|tab| tab.screen.show_more(&tab.local, section)),
            Intent::Undo => self.carry_out(Direction::Undo),
            Intent::Redo => self.carry_out(Direction::Redo),
            Intent::DismissUndo => self.store.undo.set(None),
            Intent::Go(address) => {
                history::push(&address.to_path());
                self.be_at(address);
            }
            Intent::Become(address) => {
                history::replace(&address.to_path());
                self.be_at(address);
            }
            Intent::CloseBeside => {
                let address = self
                    .store
                    .address
                    .with_untracked(|address| address.with(Beside::Nothing));
                self.steer(Intent::Go(address));
            }
            Intent::Look(sight) => self.with_tab(|tab| tab.screen.look(&tab.local, sight)),
            Intent::ShowCompleted(shown) => self.with_tab(|tab| tab.screen.show_completed(&tab.local, shown)),
            Intent::Find { text } => {
                self.with_tab(|tab| tab.screen.find(&text));
                self.send(Message::Search);
            }
            Intent::ChooseSettings(settings) => self.choose(settings),
            Intent::SaveCopy => self.save_copy(),
            Intent::PutOffUpdate => self.store.update_ready.set(false),
            Intent::TakeUpdate => self.take_update(),
            intent => self.send(Message::Intent(intent)),
        }
    }

    /// Puts things in another order, and says so: to everybody where it is out of sight now, else to who cannot see it.
    fn arrange(&self, what: &Arrange) {
        let Some(stamp) = self.stamp_gesture() else { return };
        let moment = Moment {
            stamp,
            id: EntityId(time::new_id()),
            jitter: time::random_u64(),
        };
        let arranged = self
            .tab
            .borrow()
            .as_ref()
            .map(|tab| arrange::arrange(tab.desk(), what, moment));
        match arranged {
            None => {}
            Some(Err(CannotArrange::NoFurther)) => self.say(CannotArrange::NoFurther.to_string()),
            Some(Err(problem)) => self.store.error.set(Some(problem.to_string())),
            Some(Ok(arranged)) => {
                let container = Container::List;
                let makes_list = matches!(what, Arrange::Furnish(Furnish::Add { container: made, .. }) if *made == container);
                let how = match arranged.in_sight {
                    true => How::Quietly,
                    false => How::Told,
                };
                if arranged.in_sight {
                    self.say(arranged.what.clone());
                }
                self.do_it(Doing {
                    edits: arranged.edits,
                    what: arranged.what,
                    how,
                });
                // Who makes a list wants to write on it.
                if makes_list {
                    self.steer(Intent::Go(Address::of(Place::List(moment.id))));
                }
            }
        }
    }

    /// Says something to who cannot see it. The same again is said again.
    fn say(&self, text: String) {
        let again = self.store.said.with_untracked(|before| *before == text);
        self.store.said.set(match again {
            true => format!("{text}\u{a0}"),
            false => text,
        });
    }

    fn fold(&self, id: EntityId, folded: bool) {
        let mut kept = Ok(());
        self.with_tab(|tab| {
            tab.screen.fold(&tab.local, id, folded);
            kept = choices::save_folded(tab.screen.folded());
        });
        if kept.is_err() {
            self.store.error.set(Some(phrases::not_remembered().to_owned()));
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
            .map(|tab| export::everything(&tab.local, at));
        let name = format!("tsugi-{}.json", self.store.today.get_untracked());
        if let Some(text) = text
            && page::download(&name, &text).is_err()
        {
            self.store.error.set(Some(phrases::no_download().to_owned()));
        }
    }

    /// What is typed into an editor is an edit first: the editor closes, and what it leaves is saved; then the page goes.
    fn take_update(&self) {
        self.steer(Intent::CloseBeside);
        let client = self.clone();
        let leaving = Timer::after(0, move || client.send(Message::Intent(Intent::TakeUpdate)));
        *self.leaving.borrow_mut() = Some(leaving);
    }

    /// Shows the app as it was chosen to be, and remembers that.
    pub fn choose(&self, settings: Settings) {
        choices::apply(settings);
        if choices::save(settings).is_err() {
            self.store.error.set(Some(phrases::not_remembered().to_owned()));
        }
        self.store.settings.set(settings);
        self.with_tab(|tab| tab.screen.in_other_words(&tab.local));
    }

    /// Takes back what was done last, or does again what was taken back last.
    fn carry_out(&self, direction: Direction) {
        let none = || match direction {
            Direction::Undo => phrases::nothing_to_undo(),
            Direction::Redo => phrases::nothing_to_redo(),
        };
        let taken = self.tab.borrow_mut().as_mut().and_then(|tab| {
            let gesture = tab.gestures.take(direction)?;
            let group = (gesture.done.len() > 1).then(time::new_id);
            let edits = gesture::undo(&tab.desk(), &gesture.done, time::now(), group);
            Some((gesture.what, edits))
        });
        match taken {
            None => self.notice(none().to_owned(), None),
            Some((_, edits)) if edits.is_empty() => self.notice(phrases::changed_since().to_owned(), None),
            Some((what, edits)) => self.do_it(Doing {
                edits,
                what,
                how: How::CarriesOut(direction),
            }),
        }
    }

    fn notice(&self, text: String, button: Option<Direction>) {
        self.notices.set(self.notices.get() + 1);
        self.store.undo.set(Some(UndoNotice {
            id: self.notices.get(),
            text,
            button,
        }));
    }

    /// Shows edits at once and has them saved.
    fn do_it(&self, doing: Doing) {
        // What went wrong is read until the person goes on.
        if !matches!(doing.how, How::Unasked) {
            Store::set_if_changed(&self.store.error, None);
        }
        let mut tab = self.tab.borrow_mut();
        let Some(Tab {
            local,
            screen,
            gestures,
            ..
        }) = tab.as_mut()
        else {
            return;
        };
        if !local.has_room(doing.edits.len()) {
            return self.store.error.set(Some(phrases::outbox_full().to_owned()));
        }
        let mut done = Vec::with_capacity(doing.edits.len());
        let mut touched = BTreeSet::new();
        for edit in doing.edits {
            touched.insert(edit.entity);
            done.push(local.look(edit.entity, |before| Done::of(&edit, before)));
            local.show(edit);
        }
        if done.is_empty() {
            return;
        }
        screen.show(local, &touched);
        let gesture = Gesture {
            what: doing.what.clone(),
            done,
        };
        match doing.how {
            How::Quietly | How::Told => gestures.did(gesture),
            How::CarriesOut(direction) => gestures.carried_out(direction, gesture),
            How::Unasked => {}
        }
        let waiting = local.waiting();
        self.store.status.update(|status| {
            status.waiting = waiting;
            if status.on_device == OnDevice::Saved {
                status.on_device = OnDevice::Saving;
            }
        });
        drop(tab);
        match doing.how {
            How::Quietly | How::Unasked => {}
            How::Told => self.notice(doing.what, Some(Direction::Undo)),
            How::CarriesOut(Direction::Undo) => {
                self.notice(phrases::undone(&doing.what), Some(Direction::Redo))
            }
            How::CarriesOut(Direction::Redo) => {
                self.notice(phrases::redone(&doing.what), Some(Direction::Undo))
            }
        }
        self.send(Message::Save);
    }
}

/// The first day that the core counts. A browser whose calendar gives no date has worse to worry about.
const FIRST_DAY: Date = Date {
    year: 1970,
    month: 1,
    day: 1,
};

/// Edits on their way to the screen.
struct Doing {
    edits: Vec<Edit>,
    /// "Task completed"
    what: String,
    how: How,
}

/// How a person hears of what was done.
#[derive(Clone, Copy)]
enum How {
    /// They see it.
    Quietly,
    /// It is out of sight now: a notice says so, and offers to take it back.
    Told,
    CarriesOut(Direction),
    /// They did not do it, and it is not theirs to take back.
    Unasked,
}

impl Doing {
    fn nothing(what: &str) -> Self {
        Self {
            edits: Vec::new(),
            what: what.to_owned(),
            how: How::Quietly,
        }
    }

    fn one(edit: Edit, what: &str) -> Self {
        Self::all(vec![edit], what)
    }

    fn all(edits: Vec<Edit>, what: &str) -> Self {
        Self {
            edits,
            ..Self::nothing(what)
        }
    }

    fn told(self) -> Self {
        Self {
            how: How::Told,
            ..self
        }
    }
}

fn stamp() -> Stamp {
    Stamp {
        now: time::now(),
        id: time::new_id(),
    }
}

/// Runs for as long as the page is open.
pub async fn run(client: Client, mut messages: UnboundedReceiver<Message>) {
    let sender = client.clone();
    let _listeners = page::PageEvents::listen(move |event| sender.send(Message::Page(event)));
    let mut token = None;
    let mut profile = Profile::load();
    loop {
        let before = profile.take();
        let next = match &before {
            None => Next::Account,
            Some(current) => workspace::run(&client, &mut messages, current, token.take()).await,
        };
        profile = match next {
            // Forgotten where it happened; by now, another tab may have signed in and be remembered.
            Next::SignedOut => continue,
            Next::ProfileChanged(told) => {
                profile = told;
                continue;
            }
            Next::Account => {
                let (chosen, first_token) = account_screen(&client, &mut messages, before.as_ref()).await;
                token = first_token;
                Some(chosen)
            }
        };
        let replaced = Profile::load().or(before);
        if Profile::save(profile.as_ref()).is_err() {
            client.store.error.set(Some(phrases::not_remembered().to_owned()));
        }
        // Only a sign-in is news to the other tabs of the workspace.
        if let (Some(replaced), Some(profile), Some(_)) = (replaced, &profile, &token) {
            workspace::tell_profile_changed(replaced.workspace, profile);
        }
    }
}

/// Shows the account screen until there is a workspace to open. `from` is the one that was open before.
async fn account_screen(
    client: &Client,
    messages: &mut UnboundedReceiver<Message>,
    from: Option<&Profile>,
) -> (Profile, Option<Token>) {
    let store = client.store();
    store.reset(AccountState::None);
    client.early.take();
    let device = crate::browser::device::label();
    while let Some(message) = messages.next().await {
        if let Message::Page(PageEvent::UpdateReady) = message {
            store.update_ready.set(true);
        }
        let Message::Intent(intent) = message else {
            continue;
        };
        if intent == Intent::TakeUpdate {
            page::reload();
        }
        // Another tab may have chosen meanwhile. A second choice beside it would hide what was done there.
        let current = Profile::load().or_else(|| from.cloned());
        let local = current
            .as_ref()
            .filter(|profile| profile.email.is_none())
            .map(|profile| profile.workspace);
        let credentials = |email, password| Credentials {
            email,
            password,
            device: &device,
            workspace: local,
        };
        store.error.set(None);
        store.busy.set(true);
        let answer = match &intent {
            Intent::CreateAccount { email, password } => {
                Some(account::create(credentials(email, password)).await)
            }
            Intent::SignIn { email, password } => Some(account::sign_in(credentials(email, password)).await),
            Intent::UseWithoutAccount => None,
            _ => {
                store.busy.set(false);
                continue;
            }
        };
        let Some(answer) = answer else {
            store.busy.set(false);
            let fresh = || {
                client.is_new.set(true);
                Profile {
                    workspace: WorkspaceId(time::new_id()),
                    email: None,
                    user: None,
                }
            };
            return (current.unwrap_or_else(fresh), None);
        };
        let done = match answer {
            Ok(SignedIn { profile, token }) => match adopt(local, &profile).await {
                Ok(()) => Ok((profile, Some(token))),
                Err(error) => Err(error.to_string()),
            },
            Err(error) => Err(account::explain(&error)),
        };
        store.busy.set(false);
        match done {
            Ok(signed_in) => {
                client.is_new.set(matches!(intent, Intent::CreateAccount { .. }));
                return signed_in;
            }
            Err(sentence) => store.error.set(Some(sentence)),
        }
    }
    // The page is going away: there is nobody left to ask.
    std::future::pending().await
}

/// Brings what was done without an account into the account's workspace, where that is another one.
async fn adopt(from: Option<WorkspaceId>, account: &Profile) -> Result<(), workspace::OpenError> {
    let to = account.workspace;
    let Some(from) = from.filter(|from| *from != to) else {
        return Ok(());
    };
    // First of all every other tab goes over to the account, or what it writes now would be left behind.
    workspace::tell_profile_changed(from, account);
    let _left = left_by_all(from).await;
    let (old, local) = workspace::open(from).await?;
    let (new, target) = workspace::open(to).await?;
    let stamp = Stamp {
        now: time::now(),
        id: time::new_id(),
    };
    let entities = local.ids().into_iter().filter_map(|id| local.view(id));
    let edits = plan::adopt(entities, stamp);
    let rows: Vec<String> = edits
        .into_iter()
        .map(|edit| Entry::Mutated(target.replica().edit(edit)).to_row())
        .collect();
    new.commit(target.replica().position(), move |_| rows.clone())
        .await?;
    drop((old, new));
    workspace::tell_log_grew(to);
    // All of it is in the account's workspace now: what cannot be deleted yet is no reason not to sign in.
    drop(journal::destroy(&journal::database_name(from)).await);
    kept::forget(from);
    Ok(())
}

/// Milliseconds that other tabs have to leave a workspace. One that is frozen does not, and cannot write meanwhile.
const LEAVE_MS: u64 = 5_000;

/// Waits until no other tab has the workspace open: each has its lock, or a place in the line before this one.
async fn left_by_all(workspace: WorkspaceId) -> Option<LockGuard> {
    let (tell, told) = oneshot::channel::<()>();
    let (ring, rung) = oneshot::channel::<()>();
    let mut tell = Some(tell);
    let asked = lock::acquire(&journal::database_name(workspace), Ask::Wait, move |_| {
        drop(tell.take())
    });
    let _timer = Timer::after(LEAVE_MS, move || drop(ring));
    if asked.is_ok() {
        drop(select(told, rung).await);
    }
    asked.ok()
}
