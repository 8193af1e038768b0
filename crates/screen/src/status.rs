//! The sync status: it says on the screen what a tab knows of its session, its storage and the leading tab.

use serde::{Deserialize, Serialize};
use tsugi_sync::ids::Timestamp;
use tsugi_sync::session::{Pause, Phase};
use tsugi_words::phrases;

use crate::model::{OnDevice, SyncPhase, SyncStatus};
use crate::project::sync_phase;

/// The message about the connection that the leading tab sends to the other tabs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    pub phase: SyncPhase,
    pub problem: Option<String>,
    pub last_synced: Option<u64>,
    /// The server has signed the device out. Tabs of an earlier version do not say.
    #[serde(default)]
    pub signed_out: bool,
}

/// How many milliseconds "synced 5 minutes ago" may lag in another tab.
const BEHIND_MS: u64 = 30_000;

impl Announcement {
    /// Whether a tab that has heard `before` would see a difference.
    #[must_use]
    pub fn is_news_after(&self, before: &Self) -> bool {
        let is_late = self.last_synced.unwrap_or(0) >= before.last_synced.unwrap_or(0) + BEHIND_MS;
        (self.phase, &self.problem) != (before.phase, &before.problem) || is_late
    }
}

/// The state of this device's storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    Works,
    /// It does not accept writes, for this reason.
    Fails(String),
    /// There is none: everything is lost when the page closes.
    InMemory,
}

/// Everything on which the status depends.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub has_account: bool,
    /// The phase of this tab's own session; a tab without one is offline.
    pub session: Phase,
    /// Whether connecting has failed since it last worked. Another attempt is then not shown.
    pub has_failed: bool,
    /// In a tab that follows: the last message of the leading tab.
    pub heard: Option<&'a Announcement>,
    /// Edits that the server has not acknowledged.
    pub waiting: usize,
    /// Those of them that are not in the log yet.
    pub unsaved: usize,
    /// Edits that the server refused.
    pub refused: usize,
    pub storage: Storage,
    pub last_synced: Option<Timestamp>,
}

impl Facts<'_> {
    /// The state of the connection, without the problems of this device. The leading tab announces it.
    #[must_use]
    pub fn announcement(&self) -> Announcement {
        let (phase, problem) = match self.heard {
            _ if !self.has_account => (SyncPhase::LocalOnly, None),
            Some(heard) => (heard.phase, heard.problem.clone()),
            None => {
                let (phase, problem) = sync_phase(self.session, self.waiting);
                (phase, problem.map(str::to_owned))
            }
        };
        let phase = if phase == SyncPhase::Connecting && self.has_failed {
            SyncPhase::Offline
        } else {
            phase
        };
        let heard = self.heard.and_then(|heard| heard.last_synced);
        let signed_out = match self.heard {
            Some(heard) => heard.signed_out,
            None => self.has_account && self.session == Phase::Paused(Pause::SignedOut),
        };
        Announcement {
            phase,
            problem,
            last_synced: self.last_synced.map(|at| at.0).or(heard),
            signed_out,
        }
    }

    /// The status that the screen shows.
    #[must_use]
    pub fn status(&self) -> SyncStatus {
        let Announcement {
            phase,
            problem,
            last_synced,
            signed_out,
        } = self.announcement();
        let problem = match &self.storage {
            Storage::Fails(reason) => Some(phrases::not_saved(reason)),
            Storage::InMemory => Some(phrases::no_store().to_owned()),
            Storage::Works => problem,
        };
        let needs_attention = problem.is_some() || self.refused > 0;
        SyncStatus {
            phase: if needs_attention {
                SyncPhase::NeedsAttention
            } else {
                phase
            },
            waiting: self.waiting,
            on_device: match &self.storage {
                Storage::InMemory => OnDevice::InMemory,
                Storage::Fails(_) if self.unsaved > 0 => OnDevice::NotSaved,
                Storage::Works if self.unsaved > 0 => OnDevice::Saving,
                Storage::Works | Storage::Fails(_) => OnDevice::Saved,
            },
            last_synced: last_synced.map(Timestamp),
            problem,
            signed_out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts<'static> {
        Facts {
            has_account: true,
            session: Phase::Live,
            has_failed: false,
            heard: None,
            waiting: 0,
            unsaved: 0,
            refused: 0,
            storage: Storage::Works,
            last_synced: None,
        }
    }

    #[test]
    fn the_phase_is_that_of_the_session() {
        let table = [
            (Phase::Live, 0, SyncPhase::Synced),
            (Phase::Live, 2, SyncPhase::Syncing),
            (Phase::Connecting, 0, SyncPhase::Connecting),
            (Phase::Paused(Pause::ByUser), 3, SyncPhase::WorkOffline),
            (Phase::Paused(Pause::SignedOut), 0, SyncPhase::NeedsAttention),
        ];
        for (session, waiting, phase) in table {
            let status = Facts {
                session,
                waiting,
                ..facts()
            }
            .status();
            assert_eq!((status.phase, status.waiting), (phase, waiting), "{session:?}");
            let signed_out = session == Phase::Paused(Pause::SignedOut);
            assert_eq!(status.signed_out, signed_out, "{session:?}");
        }
    }

    #[test]
    fn another_attempt_after_a_failure_is_no_news() {
        let connecting = Facts {
            session: Phase::Connecting,
            has_failed: true,
            ..facts()
        };
        assert_eq!(connecting.status().phase, SyncPhase::Offline);
    }

    #[test]
    fn without_an_account_nothing_is_offline_or_synced() {
        let local = Facts {
            has_account: false,
            session: Phase::Offline,
            ..facts()
        };
        assert_eq!(local.status().phase, SyncPhase::LocalOnly);
    }

    #[test]
    fn a_tab_that_follows_shows_the_announcement_of_the_leading_one() {
        let heard = Announcement {
            phase: SyncPhase::Syncing,
            problem: None,
            last_synced: Some(5),
            signed_out: true,
        };
        let following = Facts {
            session: Phase::Offline,
            heard: Some(&heard),
            ..facts()
        };
        assert_eq!(following.status().phase, SyncPhase::Syncing);
        assert_eq!(following.status().last_synced, Some(Timestamp(5)));
        assert!(following.status().signed_out);
    }

    #[test]
    fn a_problem_of_this_device_needs_attention_and_is_not_announced() {
        let full = Facts {
            storage: Storage::Fails("it is full".to_owned()),
            unsaved: 1,
            waiting: 1,
            ..facts()
        };
        let status = full.status();
        assert_eq!(
            (status.phase, status.on_device),
            (SyncPhase::NeedsAttention, OnDevice::NotSaved)
        );
        assert!(status.problem.is_some_and(|problem| problem.contains("full")));
        assert_eq!(full.announcement().problem, None);
        let refused = Facts {
            refused: 1,
            ..facts()
        };
        assert_eq!(refused.status().phase, SyncPhase::NeedsAttention);
        let memory = Facts {
            storage: Storage::InMemory,
            ..facts()
        };
        assert_eq!(memory.status().on_device, OnDevice::InMemory);
    }

    #[test]
    fn an_announcement_is_news_when_somebody_would_see_a_difference() {
        let at = |last_synced| Announcement {
            phase: SyncPhase::Synced,
            problem: None,
            last_synced: Some(last_synced),
            signed_out: false,
        };
        assert!(!at(1_000).is_news_after(&at(1_000)));
        assert!(!at(1_000 + BEHIND_MS - 1).is_news_after(&at(1_000)));
        assert!(at(1_000 + BEHIND_MS).is_news_after(&at(1_000)));
        let offline = Announcement {
            phase: SyncPhase::Offline,
            ..at(1_000)
        };
        assert!(offline.is_news_after(&at(1_000)));
    }
}
