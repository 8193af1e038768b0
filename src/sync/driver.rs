//! The client's one loop: everything that happens arrives here as a message, and is dealt with in order.
//!
//! ```text
//!  no profile ──▶ account screen ──signed in / without an account──▶ workspace ──signed out──▶ account screen
//! ```
//!
//! An edit is shown before it gets here: [`Client::dispatch`] shows it at once, and leaves the saving to the loop.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::channel::oneshot;
use futures::future::select;
use leptos::prelude::{Set, Update};
use tsugi_sync::ids::WorkspaceId;
use tsugi_sync::log::Entry;
use tsugi_sync::protocol::Token;
use tsugi_sync::replica::Edit;
use tsugi_sync::session::TokenError;

use super::account::{self, Credentials, Profile, SignedIn};
use super::line::LineInput;
use super::local::Local;
use super::plan::{self, Stamp};
use super::workspace::{self, Next};
use crate::browser::channel::TabMessage;
use crate::browser::intl;
use crate::browser::journal;
use crate::browser::lock::{self, Ask, LockGuard, LockInput};
use crate::browser::page::PageEvent;
use crate::browser::time::{self, Timer};
use crate::intent::Intent;
use crate::phrases;
use crate::state::model::{AccountState, UndoNotice};
use crate::state::screen::Screen;
use crate::state::store::Store;

/// Everything that can happen to the loop.
#[derive(Debug)]
pub enum Message {
    Intent(Intent),
    /// Edits are shown and want to be saved.
    Save,
    /// From the line to the server with this number; an older one has nothing more to say.
    Line(u64, LineInput),
    Timer,
    /// Time has passed.
    Tick,
    /// Another tab runs a later build, which this one cannot follow.
    Outdated,
    Token(Result<Token, TokenError>),
    Page(PageEvent),
    Tab(TabMessage),
    Lock(LockInput),
    /// It is time to see whether the tab that leads is there.
    LookAtLeader,
}

/// What this tab holds and shows of the open workspace.
#[derive(Debug)]
pub struct Tab {
    pub local: Local,
    pub screen: Screen,
    /// What `Undo` would do.
    undo: Option<Vec<Edit>>,
}

/// The hand on the client that the screen has.
#[derive(Clone, Debug)]
pub struct Client {
    store: Store,
    tab: Rc<RefCell<Option<Tab>>>,
    sender: UnboundedSender<Message>,
    notices: Rc<Cell<u64>>,
    /// Made while a workspace is being opened, which may take longer than people take to type.
    early: Rc<RefCell<Vec<Edit>>>,
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

    pub(super) fn open(&self, local: Local) {
        let mut screen = Screen::new(self.store.clone(), format_moment);
        screen.show_all(&local);
        *self.tab.borrow_mut() = Some(Tab {
            local,
            screen,
            undo: None,
        });
        let early = self.early.take();
        if !early.is_empty() {
            self.show(early, None);
        }
    }

    pub(super) fn close(&self) {
        *self.tab.borrow_mut() = None;
    }

    /// Does what a person wants: at once on the screen, then for good.
    pub fn dispatch(&self, intent: Intent) {
        let stamp = || Stamp {
            now: time::now(),
            id: time::new_id(),
        };
        let edits = match &intent {
            Intent::AddTask { title } => plan::add_task(title, stamp()).map(|edit| (vec![edit], None)),
            Intent::EditTask { id, changes } => {
                plan::edit_task(*id, changes, stamp()).map(|edit| (edit.into_iter().collect(), None))
            }
            Intent::SetCompleted { id, completed } => {
                let notice = completed.then_some(phrases::task_completed());
                Ok((vec![plan::set_completed(*id, *completed, stamp())], notice))
            }
            Intent::DeleteTask { id } => {
                Ok((vec![plan::delete(*id, stamp())], Some(phrases::task_deleted())))
            }
            Intent::Undo => {
                let undo = self.tab.borrow_mut().as_mut().and_then(|tab| tab.undo.take());
                self.store.undo.set(None);
                Ok((undo.unwrap_or_default(), None))
            }
            Intent::DismissUndo => return self.store.undo.set(None),
            Intent::WorkOffline(_)
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
            | Intent::ShowFigures(_) => return self.send(Message::Intent(intent)),
        };
        match edits {
            Ok((edits, notice)) => self.show(edits, notice),
            Err(error) => self.store.error.set(Some(error.to_string())),
        }
    }

    /// Shows edits at once and has them saved. With a notice, they can be taken back.
    pub(super) fn show(&self, edits: Vec<Edit>, notice: Option<&str>) {
        Store::set_if_changed(&self.store.error, None);
        let mut tab = self.tab.borrow_mut();
        let Some(Tab { local, screen, undo }) = tab.as_mut() else {
            return self.early.borrow_mut().extend(edits);
        };
        if !local.has_room(edits.len()) {
            return self.store.error.set(Some(phrases::outbox_full().to_owned()));
        }
        if let Some(notice) = notice {
            let stamp = Stamp {
                now: time::now(),
                id: time::new_id(),
            };
            let back = |edit: &Edit| plan::inverse(edit, local.view(edit.entity).as_ref(), stamp);
            *undo = Some(edits.iter().map(back).collect());
            self.notices.set(self.notices.get() + 1);
            self.store.undo.set(Some(UndoNotice {
                id: self.notices.get(),
                text: notice.to_owned(),
            }));
        }
        for edit in edits {
            let touched = [edit.entity].into();
            local.show(edit);
            screen.show(local, &touched);
        }
        let waiting = local.waiting();
        self.store.status.update(|status| {
            status.waiting = waiting;
            status.saving = true;
        });
        drop(tab);
        self.send(Message::Save);
    }
}

fn format_moment(at: tsugi_sync::ids::Timestamp) -> String {
    time::format_moment(at, &intl::variety(phrases::language().tag()))
}

/// Runs for as long as the page is open.
pub async fn run(client: Client, mut messages: UnboundedReceiver<Message>) {
    let sender = client.clone();
    let _listeners = crate::browser::page::PageEvents::listen(move |event| sender.send(Message::Page(event)));
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
        let Message::Intent(intent) = message else {
            continue;
        };
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
            let fresh = || Profile {
                workspace: WorkspaceId(time::new_id()),
                email: None,
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
            Ok(signed_in) => return signed_in,
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
