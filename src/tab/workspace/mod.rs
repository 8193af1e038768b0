//! One open workspace: its journal, its session, and the exchange between them and the screen.
//!
//! Every tab reads and writes the journal. The tab that holds the lock also holds the connection, and tells the other
//! tabs about it. If a tab misses a message, it finds the edits in the journal.

mod activity;
pub mod eviction;
mod intents;
mod log;
mod meter;
mod open;
mod reach;
mod role;
mod session;
mod status;
mod storage;
mod tabs;

use activity::Heard;
use eviction::Kept;
use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
pub use open::{OpenError, open};
use reach::Reach;
use role::Role;
pub use storage::StorageSaid;
use tabs::Told;
use tsugi_sync::ids::{Timestamp, WorkspaceId};
use tsugi_sync::protocol::Token;
use tsugi_sync::session::{Input, Pause, Session};

use super::account::{self, Profile};
use super::client::{Client, Message};
use super::socket_line::{self, Line, LineInput};
use crate::browser::channel::Channel;
use crate::browser::device;
use crate::browser::journal::{self, Journal, JournalError};
use crate::browser::lock::{Ask, LockGuard};
use crate::browser::page::{self, PageEvent};
use crate::browser::time::{self, Timer};
use crate::tab::news::TabMessage;
use tsugi_screen::figures::Meter;
use tsugi_screen::intent::AccountIntent;
use tsugi_screen::model::{SyncPhase, SyncStatus};
use tsugi_words::phrases;

/// The reason why the loop leaves a workspace.
#[derive(Debug)]
pub enum Next {
    SignedOut,
    /// The person asked for the account screen. The workspace stays on this device.
    Account,
    /// Another tab gave the workspace an account, or signed out.
    ProfileChanged(Option<Profile>),
}

/// Opens the workspace, and saves and syncs it until the person leaves it.
pub(super) async fn run(
    client: &Client,
    messages: &mut UnboundedReceiver<Message>,
    profile: &Profile,
    token: Option<Token>,
) -> Next {
    client.store().reset(profile.account());
    let look = |local| client.look(local);
    match open::open_looking(profile.workspace, look).await {
        Ok((journal, local)) => {
            client.open(local).await;
            let late = client.late().await;
            let opened = Opened {
                profile: profile.clone(),
                journal,
                token,
            };
            (late.work)(client, messages, opened).await
        }
        Err(error) => {
            let late = client.late().await;
            (late.stuck)(client, messages, error).await
        }
    }
}

/// A workspace whose tasks are on the screen.
#[derive(Debug)]
pub struct Opened {
    profile: Profile,
    journal: Journal,
    token: Option<Token>,
}

/// Saves the edits of an open workspace and syncs it, until the person leaves it.
pub(crate) async fn work(
    client: &Client,
    messages: &mut UnboundedReceiver<Message>,
    Opened {
        profile,
        journal,
        token,
    }: Opened,
) -> Next {
    say_where_it_is_kept(client, &profile, &journal);
    client.begin_to_edit();
    client.tell_joined();
    // The sockets, locks, timers and tabs of this workspace get a queue of their own. It is dropped with the workspace,
    // so that a late message, such as a token that was refused at sign-out, does not reach the next workspace.
    let (client, own) = client.with_own_messages();
    let mut messages = futures::stream::select(messages.by_ref(), own);
    let mut workspace = Workspace::new(client.clone(), profile, journal, token);
    workspace.begin().await;
    while let Some(message) = messages.next().await {
        if let Some(next) = workspace.message(message).await {
            client.close();
            return next;
        }
    }
    // The page is going away.
    std::future::pending().await
}

/// Without storage there is nothing to show. This says why, and lets the person leave.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all else is for a workspace that is open"
)]
pub(crate) async fn stuck(
    client: &Client,
    messages: &mut UnboundedReceiver<Message>,
    error: OpenError,
) -> Next {
    client.store().set_status(SyncStatus {
        phase: SyncPhase::NeedsAttention,
        problem: Some(error.to_string()),
        ..SyncStatus::default()
    });
    client.store().set_problem(Some(error.to_string()));
    while let Some(message) = messages.next().await {
        match message {
            Message::Account(AccountIntent::SignOut { .. }) => {
                if Profile::save(None).is_err() {
                    client
                        .store()
                        .set_problem(Some(phrases::not_remembered().to_owned()));
                }
                account::sign_out().await;
                return Next::SignedOut;
            }
            Message::Account(AccountIntent::ShowScreen) => return Next::Account,
            Message::Reload => page::reload(),
            Message::Page(PageEvent::UpdateReady) => client.store().set_update_ready(true),
            _ => {}
        }
    }
    std::future::pending().await
}

/// Tells the person if the data are only in memory, or if data from before are gone, before they rely on them.
fn say_where_it_is_kept(client: &Client, profile: &Profile, journal: &Journal) {
    let has_account = profile.email.is_some();
    let news = match eviction::look(profile.workspace, journal) {
        Kept::Here => return,
        Kept::InMemory if has_account => phrases::memory_with_account(),
        Kept::InMemory => phrases::memory_without_account(),
        Kept::Evicted if has_account => phrases::evicted_with_account(),
        Kept::Evicted => phrases::evicted_without_account(),
    };
    client.store().set_problem(Some(news.to_owned()));
}

/// Tells the other tabs of a workspace that it has an account now.
pub(super) fn tell_profile_changed(workspace: WorkspaceId, profile: &Profile) {
    tell(workspace, &TabMessage::ProfileChanged(Some(profile.clone())));
}

/// Tells the tabs that have a workspace open that its log has more rows.
pub(super) fn tell_log_grew(workspace: WorkspaceId) {
    tell(workspace, &TabMessage::LogGrew { head: 0 });
}

fn tell(workspace: WorkspaceId, message: &TabMessage) {
    if let Ok(channel) = Channel::open(&journal::database_name(workspace), |_| {}) {
        // A tab that does not hear of it reads it when it gets the focus.
        drop(channel.post(message));
    }
}

struct Workspace {
    client: Client,
    profile: Profile,
    journal: Journal,
    session: Session,
    token: Option<Token>,
    reach: Reach,
    line: Option<Line>,
    /// The number of the present connection. A late input of an older one has another number and is ignored.
    lines: u64,
    timer: Option<Timer>,
    save_again: Option<Timer>,
    tick: Option<Timer>,
    channel: Option<Channel<TabMessage>>,
    lock: Option<LockGuard>,
    role: Role,
    last_synced: Option<Timestamp>,
    /// Whether connecting has failed since it last worked. Another attempt is then not shown.
    has_failed: bool,
    storage_problem: Option<JournalError>,
    /// The message of another tab because of which this one leaves, as soon as all edits on its screen are saved.
    told_to_leave: Option<Told>,
    /// The browser's answer about this site's storage; none if nobody has looked at the figures.
    room: Option<StorageSaid>,
    /// A later version writes rows that this one cannot read.
    outdated: bool,
    meter: Meter,
    figures_shown: bool,
    heard: Heard,
}

impl Workspace {
    fn new(client: Client, profile: Profile, journal: Journal, token: Option<Token>) -> Self {
        let session = Session::new(
            device::name(),
            concat!("tsugi/", env!("CARGO_PKG_VERSION")),
            time::random_u64(),
        )
        .offering(socket_line::able());
        Self {
            client,
            profile,
            journal,
            session,
            token,
            reach: Reach::default(),
            line: None,
            lines: 0,
            timer: None,
            save_again: None,
            tick: None,
            channel: None,
            lock: None,
            role: Role::default(),
            last_synced: None,
            has_failed: false,
            storage_problem: None,
            told_to_leave: None,
            room: None,
            outdated: false,
            meter: Meter::default(),
            figures_shown: false,
            heard: Heard::default(),
        }
    }

    async fn begin(&mut self) {
        let name = self.journal.meeting_place();
        let client = self.client.clone();
        self.channel = Channel::open(&name, move |message| client.send(Message::Tab(message))).ok();
        self.ask_for_lock(Ask::Wait);
        self.watch_leader();
        if self.token.is_some() {
            self.ask_to_keep();
        }
        self.work_offline(account::works_offline()).await;
        // The leading tab answers with its status. Without asking, this tab would show "Offline" until that status next
        // changes.
        self.post(&TabMessage::PushNow);
        self.tick();
        self.show_status();
        self.client.send(Message::ReadActivity);
    }

    /// Saves the edits that are shown, and then leaves the workspace as another tab has asked.
    async fn save_and_leave(&mut self) -> Option<Next> {
        match self.told_to_leave.take() {
            Some(told) => self.leave(told).await,
            None => {
                self.save().await;
                None
            }
        }
    }

    async fn message(&mut self, message: Message) -> Option<Next> {
        match message {
            Message::Sync(intent) => self.sync_intent(intent).await,
            Message::Account(intent) => return self.account_intent(intent).await,
            Message::Reload => self.reload().await,
            Message::Save => return self.save_and_leave().await,
            Message::Line(number, input) if number == self.lines => {
                let input = match input {
                    LineInput::Opened => Input::Opened,
                    LineInput::Received(message, bytes) => {
                        self.meter.received(bytes);
                        Input::Frame(message)
                    }
                    LineInput::Sent(bytes) => {
                        self.meter.sent(bytes);
                        return None;
                    }
                    LineInput::Closed => Input::Closed,
                };
                self.session(input).await;
            }
            Message::Line(..) => {}
            Message::Search => self.client.search_on(),
            Message::Timer => self.session(Input::Timer).await,
            Message::Token(token) => self.session(Input::Token(token)).await,
            Message::Page(event) => self.page(event).await,
            Message::Tick => {
                self.tick();
                self.keep_figures();
            }
            Message::StorageSaid(said) => {
                self.room = Some(said);
                self.show_figures();
            }
            Message::ReadActivity => {
                self.read_activity().await;
            }
            Message::Outdated => self.session(Input::Pause(Pause::UpdateNeeded)).await,
            Message::Lock(input) => self.lock(input).await,
            Message::LookAtLeader => self.watch_leader(),
            Message::Tab(message) => return self.tab(message).await,
        }
        None
    }
}
