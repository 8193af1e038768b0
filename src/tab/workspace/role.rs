//! Which tab holds the connection: the one with the lock, and one that people look at when that one is frozen.

use tsugi_sync::ids::Timestamp;
use tsugi_sync::session::Input;

use super::{Message, Workspace};
use crate::browser::channel::TabMessage;
use crate::browser::lock::{self, Ask, LockInput};
use crate::browser::time::Timer;
use crate::browser::{page, time};
use tsugi_screen::leader_watch::Next;

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
                self.leads = true;
                self.told = None;
                self.look_again = None;
                // At once: another tab may be about to take over from the same frozen one.
                self.post(&TabMessage::LeaderAlive);
                if let Some(heard) = self.heard.take() {
                    self.last_synced = heard.last_synced.map(Timestamp);
                }
                self.catch_up().await;
                self.start().await;
            }
            // This tab was frozen, or the browser had it so busy that another one thought so.
            LockInput::Lost => {
                self.leads = false;
                self.session(Input::Stop).await;
                self.ask_for_lock(Ask::Wait);
                self.watch_leader();
                self.post(&TabMessage::PushNow);
            }
        }
    }

    /// Begins to sync, in the tab that leads, where there is an account to sync with and the tab is not about to leave.
    pub(super) async fn start(&mut self) {
        if self.leads && self.profile.email.is_some() && self.told_to_leave.is_none() {
            self.session(Input::Start).await;
        }
    }

    /// Looks whether the leading tab is there, now and from time to time, for as long as somebody looks at this one.
    pub(super) fn watch_leader(&mut self) {
        self.look_again = None;
        if self.leads || self.profile.email.is_none() || !page::is_visible() {
            self.watch = Default::default();
            return;
        }
        match self.watch.look(time::random_u64()) {
            Next::Ask { again_ms } => {
                self.post(&TabMessage::IsLeaderAlive);
                let client = self.client.clone();
                self.look_again = Some(Timer::after(again_ms, move || client.send(Message::LookAtLeader)));
            }
            Next::TakeOver => self.ask_for_lock(Ask::Steal),
        }
    }
}
