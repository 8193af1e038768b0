//! Whether a server should get traffic, and what is measured only when somebody looks.

use std::time::Duration;

use tokio::time::timeout;

use crate::app::App;
use crate::metrics;

/// How long the store may take to say whether it can be used, before it counts as not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a server should get no traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotReady {
    Draining,
    /// The store does not answer.
    Silent,
    /// The store takes no writes.
    Full,
}

impl App {
    /// Whether it should get traffic.
    pub(crate) async fn is_ready(&self) -> Result<(), NotReady> {
        if self.leaving.has_begun() {
            return Err(NotReady::Draining);
        }
        let read = self.store.can_read().await;
        let written = self.store.can_write().await;
        match (read, written) {
            (Ok(()), Ok(true)) => Ok(()),
            (Ok(()), Ok(false)) => Err(NotReady::Full),
            (Err(error), _) | (_, Err(error)) => {
                tracing::error!(%error, "the store does not answer");
                Err(NotReady::Silent)
            }
        }
    }

    /// The same. A store that takes long counts as silent.
    pub(crate) async fn is_ready_in_time(&self) -> Result<(), NotReady> {
        let ready = timeout(PATIENCE, self.is_ready()).await;
        ready.unwrap_or(Err(NotReady::Silent))
    }

    /// All measurements, as Prometheus reads them.
    pub(crate) async fn measure(&self) -> String {
        metrics::ready(self.is_ready_in_time().await.is_ok());
        metrics::listening(self.events.subscriptions.workspaces(), self.events.pool.users());
        metrics::look_at_machine(&self.config.data);
        self.prometheus.run_upkeep();
        self.prometheus.render()
    }
}
