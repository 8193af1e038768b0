//! The findings of `doctor` on a server that runs. Nobody who asks often makes it work often.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;
use tsugi_sync::ids::Timestamp;

use crate::config::Config;
use crate::doctor::{Finding, examine_running};

/// How long findings stay good.
const GOOD_FOR: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(crate) struct Examined(Mutex<Option<(Instant, Vec<Finding>)>>);

impl Examined {
    /// Who comes while it looks waits for the same findings.
    pub(crate) async fn look(
        &self,
        config: &Config,
        listening: Option<SocketAddr>,
        now: Timestamp,
    ) -> Vec<Finding> {
        let mut known = self.0.lock().await;
        if let Some((since, findings)) = &*known
            && since.elapsed() < GOOD_FOR
        {
            return findings.clone();
        }
        let config = config.clone();
        let looking = move || {
            let listening: Vec<_> = listening.into_iter().collect();
            examine_running(&config, &listening, now)
        };
        match tokio::task::spawn_blocking(looking).await {
            Ok(findings) => known.insert((Instant::now(), findings)).1.clone(),
            Err(error) => {
                tracing::error!(%error, "the doctor ended badly; it is a bug");
                Vec::new()
            }
        }
    }
}
