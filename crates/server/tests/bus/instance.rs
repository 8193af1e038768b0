//! One instance of the server, as far as events go, and sessions that listen to it.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::timeout;
use tsugi_server::bus::Bus;
use tsugi_server::events::{EventProcessor, Feed, Letter, Mailbox, Point, Room, Taken};
use tsugi_sync::ids::{SessionId, UserId, WorkspaceId};
use tsugi_sync::subscription::{Step, step};
use uuid::Uuid;

use super::fake_store::FakeStore;

/// Longer than anything here takes, so that a failure is an error and not a hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Instance {
    pub(crate) events: Arc<EventProcessor>,
    pub(crate) id: Uuid,
    store: Arc<FakeStore>,
    running: JoinHandle<()>,
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Instance {
    /// Starts one, and lets its tasks begin.
    pub(crate) async fn start(bus: Arc<dyn Bus>, store: &Arc<FakeStore>) -> Self {
        Self::named(Uuid::new_v4(), bus, store).await
    }

    pub(crate) async fn named(id: Uuid, bus: Arc<dyn Bus>, store: &Arc<FakeStore>) -> Self {
        let events = Arc::new(EventProcessor::among_others(bus, id));
        let feed: Arc<dyn Feed> = Arc::clone(store) as _;
        let running = tokio::spawn(events.follow_others(feed));
        settle().await;
        Self {
            events,
            id,
            store: Arc::clone(store),
            running,
        }
    }

    /// Commits here, as the store of this process does.
    pub(crate) fn commit(&self, workspace: WorkspaceId) {
        let batch = self.store.commit(workspace, 1);
        self.events.publish(&batch, Vec::new());
    }

    /// A session that has subscribed to a workspace.
    pub(crate) fn session(&self, workspace: WorkspaceId) -> Session {
        let mut session = self.joining(workspace);
        session.read();
        session
    }

    /// A session that has joined, and has not read yet.
    pub(crate) fn joining(&self, workspace: WorkspaceId) -> Session {
        let id = SessionId(Uuid::new_v4());
        let (letters, bytes) = (1_000, 1_000_000);
        let mailbox = Arc::new(Mailbox::new(id, Room { letters, bytes }));
        let (user, sign_in) = (UserId(Uuid::new_v4()), Uuid::new_v4());
        self.events.pool.admit(user, sign_in, &mailbox, 10).unwrap();
        self.events.subscriptions.join(workspace, &mailbox);
        Session {
            user,
            sign_in,
            workspace,
            mailbox,
            events: Arc::clone(&self.events),
            store: Arc::clone(&self.store),
            sent: None,
            told: Vec::new(),
            own_reads: 0,
        }
    }
}

/// Lets all tasks run that can.
pub(crate) async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// What a session does with its letters, without a socket.
pub(crate) struct Session {
    pub(crate) user: UserId,
    pub(crate) sign_in: Uuid,
    workspace: WorkspaceId,
    mailbox: Arc<Mailbox>,
    events: Arc<EventProcessor>,
    store: Arc<FakeStore>,
    sent: Option<Point>,
    /// Everything besides changes.
    pub(crate) told: Vec<&'static str>,
    /// How often it had to read the store itself after it subscribed.
    pub(crate) own_reads: usize,
}

impl Session {
    pub(crate) fn read(&mut self) {
        let head = self.store.head(self.workspace);
        self.events
            .subscriptions
            .read_by(self.workspace, &self.mailbox, &head);
        self.sent = Some((&head).into());
    }

    pub(crate) fn leave(self) {
        self.events
            .subscriptions
            .leave(self.workspace, self.mailbox.session());
        self.events.pool.dismiss(self.user, self.mailbox.session());
    }

    /// Takes what has come, and says up to which revision its replica knows the workspace.
    pub(crate) fn at(&mut self) -> u64 {
        let (Taken::InStep(letters) | Taken::Lagged(letters)) = self.mailbox.take();
        for letter in letters {
            let sent = self.sent.expect("it has read");
            match letter {
                Letter::Batch(batch) => match step(sent.revision, batch.from(), batch.to()) {
                    Step::Skip => {}
                    Step::Send => self.sent = Some(batch.end()),
                    Step::Read => self.read_on(),
                },
                Letter::ReadOn(_) => self.read_on(),
                Letter::Rights(_) => self.told.push("rights"),
                Letter::SignedOut => self.told.push("signed out"),
                other => panic!("{other:?}"),
            }
        }
        self.sent.expect("it has read").revision.0
    }

    fn read_on(&mut self) {
        self.own_reads += 1;
        self.read();
    }

    /// Waits until its replica knows what the store has, of the same history.
    pub(crate) async fn in_step(&mut self) {
        let waiting = async {
            loop {
                self.at();
                if self.sent == Some((&self.store.head(self.workspace)).into()) {
                    return;
                }
                self.mailbox.arrived().await;
            }
        };
        let done = timeout(PATIENCE, waiting).await.is_ok();
        let head = self.store.head(self.workspace);
        assert!(
            done,
            "the session is at {:?} and the store at {head:?}",
            self.sent
        );
    }

    /// Waits until it is told something besides changes.
    pub(crate) async fn hears(&mut self, what: &str) {
        let waiting = async {
            loop {
                self.at();
                if self.told.contains(&what) {
                    return;
                }
                self.mailbox.arrived().await;
            }
        };
        assert!(timeout(PATIENCE, waiting).await.is_ok(), "not told: {what}");
    }
}
