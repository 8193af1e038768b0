//! One open workspace: its journal, its session, and what passes between them and the screen.
//!
//! Every tab reads and writes the journal; the tab that holds the lock also holds the socket, and the others hear
//! from it what became of the connection. What a tab misses it finds in the journal.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use leptos::prelude::Set;
use serde::{Deserialize, Serialize};
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::protocol::{Down, Token};
use tsugi_sync::replica::{CheckpointError, Edit, Replica};
use tsugi_sync::session::{Input, Output, Pause, Phase, Received, Session};
use wasm_bindgen_futures::spawn_local;

use super::account::{self, Profile};
use super::driver::{Client, Message};
use super::local::Local;
use super::plan::{self, Stamp};
use super::project::sync_phase;
use crate::browser::channel::{Channel, TabMessage};
use crate::browser::journal::{self, Checkpointed, Journal, JournalError};
use crate::browser::lock::{self, Ask, LockGuard, LockInput};
use crate::browser::page::PageEvent;
use crate::browser::socket::{Socket, SocketInput};
use crate::browser::time::{self, Timer};
use crate::browser::device;
use crate::components::text;
use crate::intent::Intent;
use crate::state::model::{AccountState, SyncPhase, SyncStatus};
use crate::state::store::Store;

const SYNC_PATH: &str = "/api/v1/sync";
/// Rows of the log after which it is packed into a checkpoint.
const CHECKPOINT_ROWS: u64 = 500;
/// Milliseconds between two looks at the clock, for "5 minutes ago" and for the date at midnight.
const TICK_MS: u64 = 30_000;
/// Milliseconds after which a failed write to this device's storage is tried again.
const SAVE_AGAIN_MS: u64 = 5_000;

/// Why the loop leaves a workspace.
#[derive(Debug)]
pub enum Next {
    SignedOut,
    /// The person wants the account screen; the workspace stays.
    Account,
    /// Another tab gave the workspace an account.
    ProfileChanged,
}

/// Why a workspace does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("Tsugi cannot use this browser's storage: {0}")]
    Journal(#[from] JournalError),
    #[error("what is stored on this device cannot be read: {0}")]
    Checkpoint(#[from] CheckpointError),
    #[error("what is stored on this device has no readable replica id")]
    Replica,
}

/// Opens a workspace's journal and reads what is in it.
///
/// # Errors
/// When the browser has no storage for it, or a later version of the app wrote it.
pub async fn open(workspace: WorkspaceId) -> Result<(Journal, Local), OpenError> {
    let journal = Journal::open(&journal::database_name(workspace)).await?;
    let replica = journal.get_or_init_meta("replica", &time::new_id().to_string()).await?;
    let replica = replica.parse().map_err(|_| OpenError::Replica)?;
    let local = read(&journal, replica, workspace).await?;
    Ok((journal, local))
}

async fn read(journal: &Journal, replica: ReplicaId, workspace: WorkspaceId) -> Result<Local, OpenError> {
    let loaded = journal.load().await?;
    let (restored, damaged) = Replica::restore(replica, workspace, &loaded.checkpoint)?;
    let mut local = Local::new(restored);
    local.fold(loaded.rows);
    let unreadable = local.take_unreadable();
    if !damaged.is_empty() || !unreadable.is_empty() || loaded.unreadable > 0 {
        // Nothing is thrown away: damaged rows are set aside, and what the server has is fetched again.
        for (key, reason) in unreadable {
            journal.quarantine(key, &reason).await?;
        }
        let row = Entry::Distrusted.to_row();
        let keys = journal.commit(local.replica().position(), |_| vec![row.clone()]).await?;
        local.fold(keys.into_iter().map(|key| (key, row.clone())));
    }
    Ok(local)
}

/// Opens the workspace and keeps it in step until the person leaves it.
pub(super) async fn run(
    client: &Client,
    messages: &mut UnboundedReceiver<Message>,
    profile: &Profile,
    token: Option<Token>,
) -> Next {
    let store = client.store();
    store.reset(match &profile.email {
        Some(email) => AccountState::SignedIn { email: email.clone() },
        None => AccountState::Local,
    });
    let (journal, local) = match open(profile.workspace).await {
        Ok(opened) => opened,
        Err(error) => return stuck(client, messages, &error).await,
    };
    client.open(local);
    let mut workspace = Workspace::new(client.clone(), profile.clone(), journal, token);
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

/// Without storage there is nothing to show; say why, and let the person out.
async fn stuck(client: &Client, messages: &mut UnboundedReceiver<Message>, error: &OpenError) -> Next {
    client.store().status.set(SyncStatus {
        phase: SyncPhase::NeedsAttention,
        problem: Some(error.to_string()),
        ..SyncStatus::default()
    });
    client.store().error.set(Some(error.to_string()));
    while let Some(message) = messages.next().await {
        match message {
            Message::Intent(Intent::SignOut { .. }) => return Next::SignedOut,
            Message::Intent(Intent::ShowAccount) => return Next::Account,
            _ => {}
        }
    }
    std::future::pending().await
}

/// Tells the other tabs of a workspace that it has an account now.
pub(super) fn tell_profile_changed(workspace: WorkspaceId) {
    if let Ok(channel) = Channel::open(&journal::database_name(workspace), |_| {}) {
        drop(channel.post(&TabMessage::ProfileChanged));
    }
}

/// What the tab with the socket tells the others.
#[derive(Serialize, Deserialize)]
struct Heard {
    phase: SyncPhase,
    problem: Option<String>,
    last_synced: Option<u64>,
}

struct Workspace {
    client: Client,
    profile: Profile,
    journal: Journal,
    session: Session,
    token: Option<Token>,
    socket: Option<Socket>,
    /// Numbers sockets, so that a late word of an old one is known as such.
    sockets: u64,
    timer: Option<Timer>,
    save_again: Option<Timer>,
    tick: Option<Timer>,
    channel: Option<Channel>,
    lock: Option<LockGuard>,
    leads: bool,
    /// What the leading tab said last, in a tab that does not lead.
    heard: Option<Heard>,
    last_synced: Option<Timestamp>,
    /// Failed to connect since it last worked: another attempt is no news.
    failed: bool,
    storage_problem: Option<String>,
    checkpointed: u64,
}

impl Workspace {
    fn new(client: Client, profile: Profile, journal: Journal, token: Option<Token>) -> Self {
        let session = Session::new(device::label(), concat!("tsugi/", env!("CARGO_PKG_VERSION")), time::random_u64());
        Self {
            client,
            profile,
            journal,
            session,
            token,
            socket: None,
            sockets: 0,
            timer: None,
            save_again: None,
            tick: None,
            channel: None,
            lock: None,
            leads: false,
            heard: None,
            last_synced: None,
            failed: false,
            storage_problem: None,
            checkpointed: 0,
        }
    }

    async fn begin(&mut self) {
        let name = journal::database_name(self.profile.workspace);
        let client = self.client.clone();
        self.channel = Channel::open(&name, move |message| client.send(Message::Tab(message))).ok();
        let client = self.client.clone();
        match lock::acquire(&name, Ask::Wait, move |input| client.send(Message::Lock(input))) {
            Ok(guard) => self.lock = Some(guard),
            // Every tab acts as if it were alone: the server keeps them apart by what they push.
            Err(_) => self.client.send(Message::Lock(LockInput::Acquired)),
        }
        if account::works_offline() {
            self.work_offline(true).await;
        }
        self.tick();
        self.show_status();
    }

    async fn message(&mut self, message: Message) -> Option<Next> {
        match message {
            Message::Intent(intent) => return self.intent(intent).await,
            Message::Save => self.save().await,
            Message::Socket(number, input) if number == self.sockets => {
                let input = match input {
                    SocketInput::Opened => Input::Opened,
                    SocketInput::Text(text) => Input::Frame(Down::parse(&text)),
                    SocketInput::Closed { .. } => Input::Closed,
                };
                self.session(input).await;
            }
            Message::Socket(..) => {}
            Message::Timer => self.session(Input::Timer).await,
            Message::Token(token) => self.session(Input::Token(token)).await,
            Message::Page(event) => self.page(event).await,
            Message::Tick => self.tick(),
            Message::Lock(input) => self.lock(input).await,
            Message::Tab(message) => return self.tab(message).await,
        }
        None
    }

    // What the person wants

    async fn intent(&mut self, intent: Intent) -> Option<Next> {
        match intent {
            Intent::WorkOffline(on) => {
                if account::set_works_offline(on).is_err() {
                    self.client.store().error.set(Some(text::NOT_REMEMBERED.to_owned()));
                }
                self.work_offline(on).await;
                self.post(&TabMessage::WorkOffline { on });
            }
            Intent::Resolve { conflict, results } => self.resolve(conflict, &results).await,
            Intent::DiscardRefused { seq } => self.discard(seq).await,
            Intent::ResendRefused { seq, values } => self.resend(seq, &values).await,
            Intent::CopyText(text) => device::copy(&text),
            Intent::SyncNow => {
                self.session(Input::Probe).await;
                self.post(&TabMessage::PushNow);
            }
            Intent::ShowAccount => return Some(Next::Account),
            Intent::SignOut { keep_local } => return Some(self.sign_out(keep_local).await),
            // Shown and saved by other ways, or of the account screen.
            Intent::AddTask { .. }
            | Intent::EditTask { .. }
            | Intent::SetCompleted { .. }
            | Intent::DeleteTask { .. }
            | Intent::Undo
            | Intent::DismissUndo
            | Intent::SignIn { .. }
            | Intent::CreateAccount { .. }
            | Intent::UseWithoutAccount => {}
        }
        None
    }

    async fn resolve(&mut self, conflict: EntityId, results: &[(tsugi_sync::entity::Field, String)]) {
        let now = time::now();
        match plan::results(results, now) {
            Ok(results) => {
                let group = time::new_id();
                let entries = |replica: &Replica| {
                    let mutations = replica.resolve(conflict, results.clone(), now, group);
                    mutations.into_iter().map(Entry::Mutated).collect()
                };
                self.commit(entries).await;
                self.session(Input::Edited).await;
            }
            Err(error) => self.client.store().error.set(Some(error.to_string())),
        }
    }

    async fn discard(&mut self, seq: u64) {
        let seq = tsugi_sync::ids::MutationSeq(seq);
        self.commit(|_| vec![Entry::Discarded { seq }]).await;
        self.show_status();
    }

    async fn resend(&mut self, seq: u64, values: &[(String, String)]) {
        let seq = tsugi_sync::ids::MutationSeq(seq);
        let stamp = Stamp { now: time::now(), id: time::new_id() };
        let edit = self.with_replica(|replica| {
            replica.parked().get(&seq).map(|parked| plan::resend(parked, values, stamp))
        });
        match edit.flatten() {
            Some(Ok(edit)) => {
                self.commit(|replica| {
                    vec![Entry::Mutated(replica.edit(edit.clone())), Entry::Discarded { seq }]
                })
                .await;
                self.session(Input::Edited).await;
            }
            Some(Err(error)) => self.client.store().error.set(Some(error.to_string())),
            None => {}
        }
    }

    async fn sign_out(&mut self, keep_local: bool) -> Next {
        self.session(Input::Stop).await;
        self.post(&TabMessage::SignedOut);
        account::sign_out().await;
        let waiting = self.client.tab().borrow().as_ref().map_or(0, |tab| tab.local.waiting());
        // Whatever was asked for, what the server does not have yet is never thrown away.
        if !keep_local && waiting == 0 {
            if let Err(error) = journal::destroy(&journal::database_name(self.profile.workspace)).await {
                self.client.store().error.set(Some(error.to_string()));
            }
        }
        Next::SignedOut
    }

    // The journal

    /// Saves the edits that are shown, in order.
    async fn save(&mut self) {
        loop {
            let next = self.client.tab().borrow().as_ref().and_then(|tab| tab.local.next_unsaved().cloned());
            let Some(edit) = next else { break };
            if !self.save_one(&edit).await {
                let client = self.client.clone();
                self.save_again = Some(Timer::after(SAVE_AGAIN_MS, move || client.send(Message::Save)));
                break;
            }
        }
        self.session(Input::Edited).await;
    }

    async fn save_one(&mut self, edit: &Edit) -> bool {
        let saved = self.commit(|replica| vec![Entry::Mutated(replica.edit(edit.clone()))]).await;
        if saved && let Some(tab) = self.client.tab().borrow_mut().as_mut() {
            tab.local.saved();
            tab.screen.show(&tab.local, &[edit.entity].into());
        }
        saved
    }

    /// Appends to the log what `decide` makes of the replica, which by then has all that other tabs wrote. Durable,
    /// folded and shown when it answers true; false when this device's storage failed, and nothing has changed.
    async fn commit(&mut self, decide: impl Fn(&Replica) -> Vec<Entry>) -> bool {
        loop {
            match self.try_commit(&decide).await {
                Ok(Committed::Done) => {
                    self.storage_problem = None;
                    return true;
                }
                Ok(Committed::Behind) => {
                    if let Err(error) = self.read_again().await {
                        return self.storage_failed(error.to_string());
                    }
                }
                Err(error) => return self.storage_failed(error.to_string()),
            }
        }
    }

    async fn try_commit(&mut self, decide: impl Fn(&Replica) -> Vec<Entry>) -> Result<Committed, JournalError> {
        let tab = self.client.tab().clone();
        let Some(position) = self.with_replica(Replica::position) else { return Ok(Committed::Done) };
        let touched = Rc::new(RefCell::new(BTreeSet::new()));
        let entries = Rc::new(RefCell::new(Vec::new()));
        let behind = Rc::new(Cell::new(false));
        let keys = self
            .journal
            .commit(position, |tail| {
                let mut tab = tab.borrow_mut();
                let Some(tab) = tab.as_mut() else { return Vec::new() };
                behind.set(tail.checkpoint_position > tab.local.replica().position());
                if behind.get() {
                    return Vec::new();
                }
                touched.borrow_mut().extend(tab.local.fold(tail.rows));
                let decided = decide(tab.local.replica());
                let rows = decided.iter().map(Entry::to_row).collect();
                *entries.borrow_mut() = decided;
                rows
            })
            .await?;
        if behind.get() {
            return Ok(Committed::Behind);
        }
        let head = keys.last().copied();
        if let Some(tab) = self.client.tab().borrow_mut().as_mut() {
            let rows = keys.into_iter().zip(entries.take());
            touched.borrow_mut().extend(tab.local.fold_entries(rows));
            tab.screen.show(&tab.local, &touched.borrow());
        }
        if let Some(head) = head {
            self.post(&TabMessage::LogGrew { head });
        }
        Ok(Committed::Done)
    }

    /// Takes in what other tabs wrote.
    async fn catch_up(&mut self) {
        let Some(position) = self.with_replica(Replica::position) else { return };
        let tail = match self.journal.tail(position).await {
            Ok(tail) => tail,
            Err(error) => {
                self.storage_failed(error.to_string());
                return;
            }
        };
        if tail.checkpoint_position > position {
            if let Err(error) = self.read_again().await {
                self.storage_failed(error.to_string());
            }
            return;
        }
        if let Some(tab) = self.client.tab().borrow_mut().as_mut() {
            let touched = tab.local.fold(tail.rows);
            tab.screen.show(&tab.local, &touched);
        }
    }

    /// Another tab packed the log before this one had read it all.
    async fn read_again(&mut self) -> Result<(), OpenError> {
        let Some((id, workspace)) = self.with_replica(|replica| (replica.id(), replica.workspace())) else {
            return Ok(());
        };
        let fresh = read(&self.journal, id, workspace).await?;
        if let Some(tab) = self.client.tab().borrow_mut().as_mut() {
            let before = tab.local.ids();
            tab.local.replace(fresh);
            let touched = before.union(&tab.local.ids()).copied().collect();
            tab.screen.show(&tab.local, &touched);
        }
        Ok(())
    }

    /// Packs the log, when it has grown long and nothing is under way.
    async fn checkpoint(&mut self) {
        let Some(position) = self.with_replica(Replica::position) else { return };
        if !self.leads || position - self.checkpointed.min(position) < CHECKPOINT_ROWS {
            return;
        }
        let Some(parts) = self.with_replica(Replica::checkpoint).flatten() else { return };
        match self.journal.checkpoint(position, &parts).await {
            Ok(Checkpointed::Written) => self.checkpointed = position,
            Ok(Checkpointed::Overtaken { position }) => self.checkpointed = position,
            Err(error) => {
                self.storage_failed(error.to_string());
            }
        }
    }

    fn storage_failed(&mut self, reason: String) -> bool {
        self.storage_problem = Some(reason);
        self.show_status();
        false
    }

    fn with_replica<T>(&self, read: impl FnOnce(&Replica) -> T) -> Option<T> {
        self.client.tab().borrow().as_ref().map(|tab| read(tab.local.replica()))
    }

    // The session

    /// Tells the session, and carries out what it wants, in order.
    async fn session(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let now = time::now();
            if let Some(tab) = self.client.tab().borrow().as_ref() {
                self.session.handle(now, input, tab.local.replica());
            }
            while let Some(output) = self.session.poll_output() {
                if let Some(input) = self.output(output).await {
                    inputs.push_back(input);
                }
            }
        }
        self.show_status();
        self.checkpoint().await;
    }

    async fn output(&mut self, output: Output) -> Option<Input> {
        let client = self.client.clone();
        match output {
            Output::Authenticate => match self.token.take() {
                Some(token) => return Some(Input::Token(Ok(token))),
                None => spawn_local(async move { client.send(Message::Token(account::refresh().await)) }),
            },
            Output::Open => {
                self.sockets += 1;
                let number = self.sockets;
                let url = Socket::same_origin(SYNC_PATH).unwrap_or_default();
                match Socket::open(&url, move |input| client.send(Message::Socket(number, input))) {
                    Ok(socket) => self.socket = Some(socket),
                    Err(_) => return Some(Input::Closed),
                }
            }
            Output::Transmit(message) => {
                let sent = self.socket.as_ref().map(|socket| socket.send(&message.to_frame()));
                // A socket that takes nothing is closed, or about to say so.
                if !matches!(sent, Some(Ok(()))) {
                    return Some(Input::Closed);
                }
            }
            Output::Close => {
                self.socket = None;
                self.sockets += 1;
            }
            Output::Persist(received) => {
                return Some(if self.persist(received).await { Input::Persisted } else { Input::Closed });
            }
            Output::WakeAt(at) => self.timer = Some(Timer::at(at, move || client.send(Message::Timer))),
            Output::Notify => self.show_status(),
        }
        None
    }

    async fn persist(&mut self, received: Received) -> bool {
        let device = device::label();
        self.commit(|replica| match received.clone() {
            Received::Delta(delta) => replica.receive(delta, &device),
            Received::Snapshot(parts) => replica.bootstrap(parts, &device),
        })
        .await
    }

    async fn work_offline(&mut self, on: bool) {
        Store::set_if_changed(&self.client.store().working_offline, on);
        let input = if on { Input::Pause(Pause::ByUser) } else { Input::Resume };
        self.session(input).await;
    }

    // The page, the lock and the other tabs

    async fn page(&mut self, event: PageEvent) {
        self.tick();
        match event {
            PageEvent::Online | PageEvent::Focused | PageEvent::Shown | PageEvent::Restored | PageEvent::Resumed => {
                self.catch_up().await;
                self.session(Input::Probe).await;
            }
            PageEvent::Offline | PageEvent::Hidden | PageEvent::Frozen => {}
        }
    }

    /// What moves with the clock alone.
    fn tick(&mut self) {
        let client = self.client.clone();
        self.tick = Some(Timer::after(TICK_MS, move || client.send(Message::Tick)));
        Store::set_if_changed(&self.client.store().today, time::today());
        self.client.store().now.set(time::now());
    }

    async fn lock(&mut self, input: LockInput) {
        match input {
            LockInput::Acquired => {
                self.leads = true;
                self.heard = None;
                self.catch_up().await;
                if self.profile.email.is_some() {
                    self.session(Input::Start).await;
                }
            }
            LockInput::Lost | LockInput::Failed(_) => {
                self.leads = false;
                self.session(Input::Stop).await;
            }
        }
    }

    async fn tab(&mut self, message: TabMessage) -> Option<Next> {
        match message {
            TabMessage::LogGrew { .. } => {
                self.catch_up().await;
                self.session(Input::Edited).await;
            }
            TabMessage::SyncStatus { json } => {
                if !self.leads {
                    self.heard = serde_json::from_str(&json).ok();
                    self.show_status();
                }
            }
            TabMessage::PushNow => self.session(Input::Probe).await,
            TabMessage::WorkOffline { on } => self.work_offline(on).await,
            TabMessage::SignedOut => {
                self.session(Input::Stop).await;
                return Some(Next::SignedOut);
            }
            TabMessage::ProfileChanged => {
                self.session(Input::Stop).await;
                return Some(Next::ProfileChanged);
            }
            TabMessage::LeaderAlive { .. } => {}
        }
        None
    }

    fn post(&self, message: &TabMessage) {
        // A channel that is gone costs nothing but time: tabs read the journal when they get the focus.
        if let Some(channel) = &self.channel {
            drop(channel.post(message));
        }
    }

    // The status

    fn show_status(&mut self) {
        let Some((waiting, unsaved, parked)) = self.client.tab().borrow().as_ref().map(|tab| {
            let local = &tab.local;
            (local.waiting(), local.unsaved_count(), local.replica().parked().len())
        }) else {
            return;
        };
        let phase = self.session.phase();
        match phase {
            Phase::Backoff(_) => self.failed = true,
            Phase::CatchingUp | Phase::Live => self.failed = false,
            Phase::Offline | Phase::Connecting | Phase::Paused(_) => {}
        }
        if phase == Phase::Live && waiting == 0 {
            self.last_synced = Some(time::now());
        }
        let (mut shown, problem) = match (&self.profile.email, &self.heard) {
            (None, _) => (SyncPhase::LocalOnly, None),
            (Some(_), Some(heard)) => (heard.phase, heard.problem.clone()),
            (Some(_), None) => {
                let (shown, problem) = sync_phase(phase, waiting);
                (shown, problem.map(str::to_owned))
            }
        };
        if self.failed && shown == SyncPhase::Connecting {
            shown = SyncPhase::Offline;
        }
        if self.leads {
            let last_synced = self.last_synced.map(|at| at.0);
            let heard = Heard { phase: shown, problem: problem.clone(), last_synced };
            if let Ok(json) = serde_json::to_string(&heard) {
                self.post(&TabMessage::SyncStatus { json });
            }
        }
        let problem = self.storage_problem.as_deref().map(text::not_saved).or(problem);
        if problem.is_some() || parked > 0 {
            shown = SyncPhase::NeedsAttention;
        }
        let heard = self.heard.as_ref().and_then(|heard| heard.last_synced).map(Timestamp);
        let last_synced = self.last_synced.or(heard);
        let status = SyncStatus { phase: shown, waiting, saving: unsaved > 0, last_synced, problem };
        Store::set_if_changed(&self.client.store().status, status);
    }
}

enum Committed {
    Done,
    /// The log was packed beyond what this tab had read.
    Behind,
}
