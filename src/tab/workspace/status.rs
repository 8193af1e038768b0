//! The sync status: what this tab knows, or what the tab with the socket has told.

use serde::{Deserialize, Serialize};
use tsugi_sync::ids::Timestamp;
use tsugi_sync::session::Phase;

use super::Workspace;
use super::storage::reason;
use crate::browser::channel::TabMessage;
use crate::browser::time;
use tsugi_screen::model::{OnDevice, SyncPhase, SyncStatus};
use tsugi_screen::project::sync_phase;
use tsugi_words::phrases;

/// What the tab with the socket tells the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Heard {
    pub(super) phase: SyncPhase,
    problem: Option<String>,
    pub(super) last_synced: Option<u64>,
}

/// Milliseconds by which "synced 5 minutes ago" may be behind in another tab.
const BEHIND_MS: u64 = 30_000;

impl Heard {
    /// Whether somebody who was told of `told` would see a difference.
    fn is_news_after(&self, told: &Self) -> bool {
        let told_late = self.last_synced.unwrap_or(0) >= told.last_synced.unwrap_or(0) + BEHIND_MS;
        (self.phase, &self.problem) != (told.phase, &told.problem) || told_late
    }
}

impl Workspace {
    pub(super) fn show_status(&mut self) {
        let Some((waiting, unsaved, parked)) = self.client.tab().borrow().as_ref().map(|tab| {
            let local = &tab.local;
            (
                local.waiting(),
                local.unsaved_count(),
                local.replica().parked().len(),
            )
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
            let heard = Heard {
                phase: shown,
                problem: problem.clone(),
                last_synced,
            };
            if self.told.as_ref().is_none_or(|told| heard.is_news_after(told))
                && let Ok(json) = serde_json::to_string(&heard)
            {
                self.post(&TabMessage::SyncStatus { json });
                self.told = Some(heard);
            }
        }
        let problem = self
            .storage_problem
            .as_ref()
            .map(|error| phrases::not_saved(&reason(error)))
            .or_else(|| {
                self.journal
                    .is_in_memory()
                    .then(|| phrases::no_store().to_owned())
            })
            .or(problem);
        if problem.is_some() || parked > 0 {
            shown = SyncPhase::NeedsAttention;
        }
        let heard = self
            .heard
            .as_ref()
            .and_then(|heard| heard.last_synced)
            .map(Timestamp);
        let last_synced = self.last_synced.or(heard);
        let on_device = match &self.storage_problem {
            _ if self.journal.is_in_memory() => OnDevice::InMemory,
            Some(_) if unsaved > 0 => OnDevice::NotSaved,
            Some(_) | None if unsaved > 0 => OnDevice::Saving,
            Some(_) | None => OnDevice::Saved,
        };
        let status = SyncStatus {
            phase: shown,
            waiting,
            on_device,
            last_synced,
            problem,
        };
        self.client.store().set_status(status);
        self.show_figures();
    }
}
