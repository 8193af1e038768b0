//! Which tab holds the connection: the one that has the lock. If that tab is frozen, a visible tab takes the lock over.

use tsugi_sync::ids::Timestamp;
use tsugi_sync::session::Input;

use super::{Message, Workspace};
use crate::browser::lock::{self, Ask, LockInput};
use crate::browser::time::Timer;
use crate::browser::{page, time};
use crate::tab::news::TabMessage;
use tsugi_screen::leader_watch::{Next, Watch};
use tsugi_screen::status::Announcement;

/// The role of this tab among the tabs of its workspace.
pub(super) enum Role {
    /// It holds the connection, and tells the other tabs about it.
    Leading {
        /// Its last announcement.
        told: Option<Announcement>,
    },
    /// Another tab holds the connection, or none does yet.
    Following {
        watch: Watch,
        /// The timer for the next look at the leading tab.
        look_again: Option<Timer>,
        /// The last announcement of the leading tab.
        heard: Option<Announcement>,
    },
}

impl Default for Role {
    fn default() -> Self {
        Self::Following {
            watch: Watch::default(),
            look_again: None,
            heard: None,
        }
    }
}

impl Role {
    pub(super) fn leads(&self) -> bool {
        matches!(self, Self::Leading { .. })
    }

    /// The last announcement of the leading tab, in a tab that follows.
    pub(super) fn heard(&self) -> Option<&Announcement> {
        match self {
            Self::Leading { .. } => None,
            Self::Following { heard, .. } => heard.as_ref(),
        }
    }

    /// Takes an announcement of the leading tab. A tab that leads ignores it, because it knows better.
    pub(super) fn hear(&mut self, announcement: Announcement) {
        if let Self::Following { heard, .. } = self {
            *heard = Some(announcement);
        }
    }

    /// The leading tab has answered.
    pub(super) fn leader_answered(&mut self) {
        if let Self::Following { watch, .. } = self {
            watch.answered();
        }
    }

    /// A new tab may have come that has heard nothing, so the next announcement is sent even if it says the same as the
    /// last.
    pub(super) fn tell_again(&mut self) {
        if let Self::Leading { told } = self {
            *told = None;
        }
    }
}

impl Workspace {
    /// Asks for the lock. If this tab is already waiting for it, it gives up its place in the queue for this.
    pub(super) fn ask_for_lock(&mut self, ask: Ask) {
        let name = self.journal.meeting_place();
        let client = self.client.clone();
        match lock::acquire(&name, ask, move |input| client.send(Message::Lock(input))) {
            Ok(guard) => self.lock = Some(guard),
            // A browser without locks lets every tab act as if it were alone. The server tells the tabs apart by the
            // mutations that they push.
            Err(_) => self.client.send(Message::Lock(LockInput::Acquired)),
        }
    }

    pub(super) async fn lock(&mut self, input: LockInput) {
        match input {
            // If the browser gives no lock, every tab acts as if it were alone, because otherwise none would ever
            // connect.
            LockInput::Acquired | LockInput::Failed(_) => {
                let heard = self.role.heard().and_then(|heard| heard.last_synced);
                self.last_synced = heard.map(Timestamp).or(self.last_synced);
                self.role = Role::Leading { told: None };
                // This is sent at once, because another tab may be about to take over from the same frozen one.
                self.post(&TabMessage::LeaderAlive);
                self.catch_up().await;
                self.start().await;
            }
            // This tab was frozen, or it was so busy that another tab took it for frozen.
            LockInput::Lost => {
                self.role = Role::default();
                self.session(Input::Stop).await;
                self.ask_for_lock(Ask::Wait);
                self.watch_leader();
                self.post(&TabMessage::PushNow);
            }
        }
    }

    /// Begins to sync, if this tab leads, has an account and is not about to leave.
    pub(super) async fn start(&mut self) {
        if self.role.leads() && self.profile.email.is_some() && self.told_to_leave.is_none() {
            self.session(Input::Start).await;
        }
    }

    /// Checks whether the leading tab answers, now and from time to time, as long as this tab is visible.
    pub(super) fn watch_leader(&mut self) {
        let Role::Following {
            watch, look_again, ..
        } = &mut self.role
        else {
            return;
        };
        *look_again = None;
        if self.profile.email.is_none() || !page::is_visible() {
            *watch = Watch::default();
            return;
        }
        match watch.look(time::random_u64()) {
            Next::Ask { again_ms } => {
                let client = self.client.clone();
                *look_again = Some(Timer::after(again_ms, move || client.send(Message::LookAtLeader)));
                self.post(&TabMessage::IsLeaderAlive);
            }
            Next::TakeOver => self.ask_for_lock(Ask::Steal),
        }
    }
}
