//! Which tab holds the connection: the one with the lock, and one that people look at when that one is frozen.

use tsugi_sync::ids::Timestamp;
use tsugi_sync::session::Input;

use super::{Message, Workspace};
use crate::browser::channel::TabMessage;
use crate::browser::lock::{self, Ask, LockInput};
use crate::browser::time::Timer;
use crate::browser::{page, time};
use tsugi_screen::leader_watch::{Next, Watch};
use tsugi_screen::status::Announcement;

/// What this tab is among the tabs of its workspace.
pub(super) enum Role {
    /// It holds the connection, and tells the others how it stands.
    Leading {
        /// What it told them last.
        told: Option<Announcement>,
    },
    /// Another tab holds the connection, or none does yet.
    Following {
        watch: Watch,
        /// When it looks at the leading tab again.
        look_again: Option<Timer>,
        /// What the leading tab said last.
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

    /// What the leading tab said last, in a tab that follows.
    pub(super) fn heard(&self) -> Option<&Announcement> {
        match self {
            Self::Leading { .. } => None,
            Self::Following { heard, .. } => heard.as_ref(),
        }
    }

    /// The leading tab said how it stands. A tab that leads itself knows better.
    pub(super) fn hear(&mut self, announcement: Option<Announcement>) {
        if let Self::Following { heard, .. } = self {
            *heard = announcement;
        }
    }

    /// The leading tab is there.
    pub(super) fn leader_answered(&mut self) {
        if let Self::Following { watch, .. } = self {
            watch.answered();
        }
    }

    /// Somebody may have come who does not know how it stands: the next announcement goes out whatever it says.
    pub(super) fn tell_again(&mut self) {
        if let Self::Leading { told } = self {
            *told = None;
        }
    }
}

impl Workspace {
    /// Asks for the lock. A place in the line, if this tab has one, is given up for it.
    pub(super) fn ask_for_lock(&mut self, ask: Ask) {
        let name = self.journal.meeting_place();
        let client = self.client.clone();
        match lock::acquire(&name, ask, move |input| client.send(Message::Lock(input))) {
            Ok(guard) => self.lock = Some(guard),
            // Every tab acts as if it were alone: the server keeps them apart by what they push.
            Err(_) => self.client.send(Message::Lock(LockInput::Acquired)),
        }
    }

    pub(super) async fn lock(&mut self, input: LockInput) {
        match input {
            // Where the browser gives no lock, every tab acts as if it were alone, or none would ever connect.
            LockInput::Acquired | LockInput::Failed(_) => {
                let heard = self.role.heard().and_then(|heard| heard.last_synced);
                self.last_synced = heard.map(Timestamp).or(self.last_synced);
                self.role = Role::Leading { told: None };
                // At once: another tab may be about to take over from the same frozen one.
                self.post(&TabMessage::LeaderAlive);
                self.catch_up().await;
                self.start().await;
            }
            // This tab was frozen, or the browser had it so busy that another one thought so.
            LockInput::Lost => {
                self.role = Role::default();
                self.session(Input::Stop).await;
                self.ask_for_lock(Ask::Wait);
                self.watch_leader();
                self.post(&TabMessage::PushNow);
            }
        }
    }

    /// Begins to sync, in the tab that leads, where there is an account to sync with and the tab is not about to leave.
    pub(super) async fn start(&mut self) {
        if self.role.leads() && self.profile.email.is_some() && self.told_to_leave.is_none() {
            self.session(Input::Start).await;
        }
    }

    /// Looks whether the leading tab is there, now and from time to time, for as long as somebody looks at this one.
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
