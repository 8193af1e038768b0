//! The history of edits on this device: keeps what was changed here and what others changed, and says what they did while the
//! person was away. If the storage does not take it, the history lacks something, and nothing else is lost.

use tsugi_screen::activity::{self, Change};
use tsugi_screen::model::Opens;
use tsugi_sync::ids::Timestamp;
use tsugi_sync::replica::Edit;
use tsugi_sync::session::{Phase, Received};

use super::Workspace;
use crate::browser::{local_storage, page, time};

/// The key of the kept lines.
const ACTIVITY: &str = "activity";

/// When the person last looked at this app on this device.
const HERE: &str = "tsugi.here";

/// Whoever was away for this number of milliseconds is told what others did.
const AWAY_MS: u64 = 3_600_000;

/// What is not kept yet, and since when the person was away.
#[derive(Debug, Default)]
pub(super) struct Heard {
    changes: Vec<Change>,
    away: Option<Timestamp>,
    /// Whether the person is still to be told what others did meanwhile.
    tells: bool,
}

impl Workspace {
    /// The changes of edits that are about to be saved.
    pub(super) fn hear_own(&mut self, edits: &[Edit]) -> Vec<Change> {
        let own = self.with_replica(|replica| activity::own(edits, replica));
        own.unwrap_or_default()
    }

    /// The changes that the server tells of, before they are taken in.
    pub(super) fn hear_others(&mut self, received: &Received) -> Vec<Change> {
        let Received::Delta(delta) = received else {
            return Vec::new();
        };
        let told = self.with_replica(|replica| replica.told(delta));
        activity::of_others(told.unwrap_or_default(), time::now())
    }

    pub(super) fn heard(&mut self, changes: Vec<Change>) {
        self.heard.changes.extend(changes);
    }

    /// Keeps what was heard. This comes after the edits themselves were sent, because nobody waits for it.
    pub(super) async fn keep_activity(&mut self) {
        let changes = std::mem::take(&mut self.heard.changes);
        if !changes.is_empty() {
            let lines = activity::to_lines(&changes);
            let append = |kept: &str| activity::appended(kept, &lines);
            drop(self.journal.change_meta(ACTIVITY, append).await);
            if let Some(tab) = self.client.tab().borrow_mut().as_mut() {
                tab.screen.add_activity(&tab.local, changes);
            }
        }
        if self.heard.tells && self.session.phase() == Phase::Live {
            self.heard.tells = false;
            if let Some(since) = self.read_activity().await {
                self.client.notice_of(since, Some(Opens::History), None);
            }
        }
    }

    /// Reads and shows the history of edits. Returns what others did while the person was away.
    pub(super) async fn read_activity(&mut self) -> Option<String> {
        let kept = self.journal.get_meta(ACTIVITY).await.ok().flatten();
        let changes = activity::read(&kept.unwrap_or_default());
        let since = self.heard.away.and_then(|away| activity::since(&changes, away));
        if let Some(tab) = self.client.tab().borrow_mut().as_mut() {
            tab.screen.set_activity(&tab.local, changes, since.clone());
        }
        since
    }

    /// Forgets when the person was here, because they leave this device.
    pub(super) fn forget_presence() {
        drop(local_storage::remove(HERE));
    }

    /// The person looks at the app now. Whoever was away for long is told what others did, once.
    pub(super) fn is_here(&mut self) {
        if !page::is_visible() {
            return;
        }
        let now = time::now();
        let last = local_storage::get(HERE)
            .and_then(|text| text.parse().ok())
            .map(Timestamp);
        if let Some(last) = last.filter(|last| now.since(*last) >= AWAY_MS) {
            self.heard.away = Some(last);
            self.heard.tells = true;
        }
        // Without this storage nobody is told anything, and nothing else happens.
        drop(local_storage::set(HERE, &now.0.to_string()));
    }
}
