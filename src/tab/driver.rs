//! The client's one loop. Everything that happens arrives here as a message, and messages are handled in order.
//!
//! ```text
//!  no profile ──▶ account screen ──signed in / without an account──▶ workspace ──signed out──▶ account screen
//! ```
//!
//! Edits are an exception: [`Client::dispatch`] shows an edit at once, and the loop only saves it.

use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use futures::channel::oneshot;
use futures::future::select;
use tsugi_sync::entity::Kind;
use tsugi_sync::ids::WorkspaceId;
use tsugi_sync::log::Entry;
use tsugi_sync::protocol::Token;

use super::account::{self, Profile, SignInRequest, SignedIn};
use super::client::{Client, Message};
use super::workspace::{self, Next, eviction};
use crate::browser::device;
use crate::browser::journal;
use crate::browser::lock::{self, Ask, LockGuard};
use crate::browser::page;
use crate::browser::page::PageEvent;
use crate::browser::time::{self, Timer};
use crate::signals::front::Left;
use tsugi_screen::edits::plan;
use tsugi_screen::intent::{AccountIntent, Credentials};
use tsugi_screen::model::AccountState;
use tsugi_words::phrases;

/// Runs as long as the page is open.
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
            // The workspace has already removed the profile. By now another tab may have signed in and stored its own.
            Next::SignedOut => continue,
            Next::ProfileChanged(told) => {
                profile = told;
                continue;
            }
            Next::Account => {
                client.store().set_left(before.as_ref().map(|before| Left {
                    email: before.email.clone().unwrap_or_default(),
                }));
                client.store().reset(AccountState::None);
                client.forget_early();
                let late = client.late().await;
                let (chosen, first_token) = (late.choose_profile)(&client, &mut messages, before).await;
                token = first_token;
                Some(chosen)
            }
        };
    }
}

/// Handles the account screen until there is a workspace to open. `from` is the profile of the one that was open before.
pub(crate) async fn choose_profile(
    client: &Client,
    messages: &mut UnboundedReceiver<Message>,
    from: Option<Profile>,
) -> (Profile, Option<Token>) {
    let (profile, token) = account_screen(client, messages, from.as_ref()).await;
    let replaced = Profile::load().or(from);
    if Profile::save(Some(&profile)).is_err() {
        client
            .store()
            .set_problem(Some(phrases::not_remembered().to_owned()));
    }
    // Only a sign-in has to be told to the other tabs of the workspace.
    if let (Some(replaced), Some(_)) = (replaced, &token) {
        workspace::tell_profile_changed(replaced.workspace, &profile);
    }
    (profile, token)
}

/// What the person chooses on the account screen.
async fn account_screen(
    client: &Client,
    messages: &mut UnboundedReceiver<Message>,
    from: Option<&Profile>,
) -> (Profile, Option<Token>) {
    let store = client.store();
    while let Some(message) = messages.next().await {
        let intent = match message {
            Message::Account(intent) => intent,
            Message::Page(PageEvent::UpdateReady) => {
                store.set_update_ready(true);
                continue;
            }
            Message::Reload => {
                page::reload();
                continue;
            }
            // These are late messages of the workspace that was left.
            Message::Sync(_)
            | Message::Save
            | Message::Line(..)
            | Message::Timer
            | Message::Search
            | Message::Tick
            | Message::Outdated
            | Message::Token(_)
            | Message::StorageSaid(_)
            | Message::ReadActivity
            | Message::Page(_)
            | Message::Tab(_)
            | Message::Lock(_)
            | Message::LookAtLeader => continue,
        };
        // Another tab may have stored a profile meanwhile. A second workspace beside it would hide the tasks that were
        // added there.
        let current = Profile::load().or_else(|| from.cloned());
        store.set_problem(None);
        let (credentials, is_new) = match intent {
            AccountIntent::UseWithoutAccount => {
                return (current.unwrap_or_else(|| new_profile(client)), None);
            }
            AccountIntent::CreateAccount(credentials) => (credentials, true),
            AccountIntent::SignIn(credentials) => (credentials, false),
            AccountIntent::ShowScreen | AccountIntent::SignOut { .. } => continue,
        };
        store.set_busy(true);
        let signed_in = sign_in(&credentials, is_new, current.as_ref()).await;
        store.set_busy(false);
        match signed_in {
            Ok((SignedIn { profile, token }, joined)) => {
                // A workspace that was here without an account has begun already.
                let has_begun = current.is_some_and(|profile| profile.email.is_none());
                client.begin_with_start_here(is_new && !has_begun);
                client.begin_with_joined(joined);
                return (profile, Some(token));
            }
            Err(sentence) => store.set_problem(Some(sentence)),
        }
    }
    // The page is going away, so nobody can answer any more.
    std::future::pending().await
}

/// A new workspace without an account. It begins with the list that teaches.
fn new_profile(client: &Client) -> Profile {
    client.begin_with_start_here(true);
    Profile {
        workspace: WorkspaceId(time::new_id()),
        email: None,
        user: None,
    }
}

/// Signs in, or creates the account if `is_new`. If `current` has no account, its tasks are brought into this one; the
/// number says how many. The error is a sentence for the person.
async fn sign_in(
    credentials: &Credentials,
    is_new: bool,
    current: Option<&Profile>,
) -> Result<(SignedIn, usize), String> {
    let without_account = current.filter(|profile| profile.email.is_none());
    let local = without_account.map(|profile| profile.workspace);
    let device = device::name();
    let request = SignInRequest {
        email: &credentials.email,
        password: &credentials.password.0,
        device: &device,
        workspace: local,
    };
    let answer = match is_new {
        true => account::create(request).await,
        false => account::sign_in(request).await,
    };
    let signed_in = answer.map_err(|error| account::explain(&error))?;
    let joined = adopt(local, &signed_in.profile)
        .await
        .map_err(|error| error.to_string())?;
    Ok((signed_in, joined))
}

/// Brings the tasks of a workspace without an account into the account's workspace, if that is another one. Returns how
/// many tasks came.
async fn adopt(from: Option<WorkspaceId>, account: &Profile) -> Result<usize, workspace::OpenError> {
    let to = account.workspace;
    let Some(from) = from.filter(|from| *from != to) else {
        return Ok(0);
    };
    // First all other tabs have to move to the account's workspace, because edits that they write into the old one
    // after it was read would be lost.
    workspace::tell_profile_changed(from, account);
    let _left = left_by_all(from).await;
    let (old, local) = workspace::open(from).await?;
    let (new, target) = workspace::open(to).await?;
    let entities = local.ids().into_iter().filter_map(|id| local.view(id));
    let edits = plan::adopt(entities, time::now());
    let tasks = edits.iter().filter(|edit| edit.kind == Kind::Task).count();
    let rows: Vec<String> = edits
        .into_iter()
        .map(|edit| Entry::Mutated(target.replica().edit(edit)).to_row())
        .collect();
    new.commit(target.replica().position(), move |_| rows.clone())
        .await?;
    drop((old, new));
    workspace::tell_log_grew(to);
    // Everything is in the account's workspace now. If the old one cannot be deleted yet, that is no reason not to sign
    // in.
    drop(journal::destroy(&journal::database_name(from)).await);
    eviction::forget(from);
    Ok(tasks)
}

/// How many milliseconds other tabs have to leave a workspace. A frozen tab does not leave, but it cannot write either.
const LEAVE_MS: u64 = 5_000;

/// Waits until no other tab has the workspace open. Each such tab has the lock, or waits for it in front of this one.
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
