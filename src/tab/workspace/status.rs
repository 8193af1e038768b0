//! The sync status: gathers the facts on which it depends, shows it, and announces it to the other tabs.

use tsugi_screen::status::{Announcement, Facts, Storage};
use tsugi_sync::session::Phase;

use super::Workspace;
use super::role::Role;
use super::storage::reason;
use crate::browser::time;
use crate::tab::news::TabMessage;

impl Workspace {
    pub(super) fn show_status(&mut self) {
        let phase = self.session.phase();
        match phase {
            Phase::Backoff(_) => self.has_failed = true,
            Phase::CatchingUp | Phase::Live => self.has_failed = false,
            Phase::Offline | Phase::Connecting | Phase::Paused(_) => {}
        }
        let tab = self.client.tab().borrow();
        let Some(local) = tab.as_ref().map(|tab| &tab.local) else {
            return;
        };
        if phase == Phase::Live && local.waiting() == 0 {
            self.last_synced = Some(time::now());
        }
        let facts = Facts {
            has_account: self.profile.email.is_some(),
            session: phase,
            has_failed: self.has_failed,
            heard: self.role.heard(),
            waiting: local.waiting(),
            unsaved: local.unsaved_count(),
            refused: local.replica().parked().len(),
            storage: match &self.storage_problem {
                _ if self.journal.is_in_memory() => Storage::InMemory,
                Some(error) => Storage::Fails(reason(error)),
                None => Storage::Works,
            },
            last_synced: self.last_synced,
        };
        let (status, announcement) = (facts.status(), facts.announcement());
        drop(tab);
        self.client.store().set_status(status);
        self.announce(announcement);
        self.show_figures();
    }

    /// Announces it to the other tabs, if this tab leads and they would see a difference.
    fn announce(&mut self, announcement: Announcement) {
        let Role::Leading { told } = &mut self.role else {
            return;
        };
        if told.as_ref().is_none_or(|told| announcement.is_news_after(told)) {
            *told = Some(announcement.clone());
            self.post(&TabMessage::SyncStatus(announcement));
        }
    }
}
