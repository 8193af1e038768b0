//! A bus that a test holds in its hand: it writes down what it is told, and delivers what the test gives it.

use std::sync::{Arc, Mutex, OnceLock};

use tokio::sync::watch;
use tsugi_server::bus::{Bus, Health, Hint, Listener, Running};
use tsugi_server::events::Batch;
use tsugi_sync::ids::WorkspaceId;
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Join(WorkspaceId),
    Leave(WorkspaceId),
    Send(Hint),
}

pub(crate) struct FakeBus {
    told: Mutex<Vec<Told>>,
    pub(crate) health: watch::Sender<Health>,
    listener: OnceLock<Arc<dyn Listener>>,
}

impl std::fmt::Debug for FakeBus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeBus")
    }
}

impl FakeBus {
    pub(crate) fn new(health: Health) -> Arc<Self> {
        Arc::new(Self {
            told: Mutex::default(),
            health: watch::Sender::new(health),
            listener: OnceLock::new(),
        })
    }

    pub(crate) fn told(&self) -> Vec<Told> {
        std::mem::take(&mut *self.told.lock().unwrap())
    }

    pub(crate) fn listener(&self) -> &Arc<dyn Listener> {
        self.listener.get().expect("the instance runs")
    }

    /// Delivers the hint of another instance about this batch.
    pub(crate) fn deliver(&self, batch: &Batch) {
        self.listener().hinted(hint(Uuid::from_u128(77), batch));
    }

    fn tell(&self, told: Told) {
        self.told.lock().unwrap().push(told);
    }
}

pub(crate) fn hint(instance: Uuid, batch: &Batch) -> Hint {
    Hint {
        instance,
        workspace: batch.workspace(),
        epoch: batch.end().epoch,
        from: batch.from(),
        to: batch.to(),
        mark: batch.mark(),
    }
}

impl Bus for FakeBus {
    fn join(&self, workspace: WorkspaceId) {
        self.tell(Told::Join(workspace));
    }

    fn leave(&self, workspace: WorkspaceId) {
        self.tell(Told::Leave(workspace));
    }

    fn send(&self, hint: Hint) {
        self.tell(Told::Send(hint));
    }

    fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    fn run(self: Arc<Self>, listener: Arc<dyn Listener>) -> Running {
        assert!(self.listener.set(listener).is_ok(), "it is run once");
        Box::pin(std::future::pending())
    }
}
