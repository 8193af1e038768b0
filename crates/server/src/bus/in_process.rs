//! The bus of a process that is alone, or that has no Redis: it carries nothing.

use std::sync::Arc;

use tokio::sync::watch;
use tsugi_sync::ids::WorkspaceId;

use super::{Bus, Health, Hint, Listener, Running};

#[derive(Debug)]
pub struct InProcess {
    health: watch::Sender<Health>,
}

impl Default for InProcess {
    fn default() -> Self {
        Self {
            health: watch::Sender::new(Health::Absent),
        }
    }
}

impl Bus for InProcess {
    fn join(&self, _: WorkspaceId) {}

    fn leave(&self, _: WorkspaceId) {}

    fn send(&self, _: Hint) {}

    fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    fn run(self: Arc<Self>, _: Arc<dyn Listener>) -> Running {
        Box::pin(std::future::pending())
    }
}
