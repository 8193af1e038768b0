//! The surroundings of the workspace: the page, the lock that one tab holds, and the other tabs.

use tsugi_sync::session::Input;

use super::{Message, Next, Workspace};
use crate::browser::page::PageEvent;
use crate::browser::time::{self, Timer};
use crate::tab::account::Profile;
use crate::tab::news::TabMessage;
use tsugi_words::phrases;

/// Milliseconds between two looks at the clock, which update "5 minutes ago", and the date at midnight.
const TICK_MS: u64 = 30_000;

/// A message of another tab because of which this one leaves the workspace.
#[derive(Debug)]
pub(super) enum Told {
    SignedOut,
    ProfileChanged(Option<Profile>),
}

impl Workspace {
    pub(super) async fn page(&mut self, event: PageEvent) {
        self.tick();
        // A frozen tab has missed messages of the leading tab, which does not repeat them unless somebody asks.
        if matches!(event, PageEvent::Restored | PageEvent::Resumed) && !self.role.leads() {
            self.post(&TabMessage::PushNow);
        }
        match event {
            PageEvent::Online
            | PageEvent::Focused
            | PageEvent::Shown
            | PageEvent::Restored
            | PageEvent::Resumed => {
                self.catch_up().await;
                self.watch_leader();
                self.session(Input::Probe).await;
            }
            PageEvent::Hidden | PageEvent::Frozen => {
                self.watch_leader();
                self.keep_figures();
            }
            PageEvent::UpdateReady => self.client.store().set_update_ready(true),
            PageEvent::Offline => {}
        }
    }

    /// Updates everything that depends on the clock alone.
    pub(super) fn tick(&mut self) {
        let client = self.client.clone();
        self.tick = Some(Timer::after(TICK_MS, move || client.send(Message::Tick)));
        self.client.store().set_now(time::now());
        self.is_here();
        let Some(today) = time::today() else {
            let said = phrases::clock_shows_no_day().to_owned();
            return self.client.store().set_problem(Some(said));
        };
        if self.client.store().today() != today {
            self.client.store().set_today(today);
            if let Some(tab) = self.client.tab().borrow_mut().as_mut() {
                tab.screen.new_day(&tab.local);
            }
        }
    }

    pub(super) async fn tab(&mut self, message: TabMessage) -> Option<Next> {
        match message {
            TabMessage::LogGrew { .. } => {
                self.catch_up().await;
                self.session(Input::Edited).await;
            }
            TabMessage::SyncStatus(announcement) => {
                if !self.role.leads() {
                    self.role.hear(announcement);
                    self.show_status();
                }
            }
            TabMessage::PushNow => {
                self.role.tell_again();
                self.session(Input::Probe).await;
            }
            TabMessage::WorkOffline { on } => self.work_offline(on).await,
            TabMessage::SignedOut => return self.leave(Told::SignedOut).await,
            TabMessage::ProfileChanged(profile) => return self.leave(Told::ProfileChanged(profile)).await,
            TabMessage::IsLeaderAlive => {
                if self.role.leads() {
                    self.post(&TabMessage::LeaderAlive);
                }
            }
            TabMessage::LeaderAlive => self.role.leader_answered(),
        }
        None
    }

    /// Another tab has left the workspace. This one follows once all edits on its screen are saved. Until then it
    /// stays, without a connection, because somebody else may be signed in at the server by now.
    pub(super) async fn leave(&mut self, told: Told) -> Option<Next> {
        self.session(Input::Stop).await;
        if !self.save().await {
            self.told_to_leave = Some(told);
            return self.stay(phrases::only_in_this_tab());
        }
        let profile = match told {
            // The profile is read again here and not removed, because a tab that was asleep may hear of the sign-out
            // after somebody has signed in again. The profile that was signed out may still be stored for a moment, so
            // it is skipped.
            Told::SignedOut => {
                let signed_out = self.profile.workspace;
                Profile::load().filter(|profile| profile.workspace != signed_out)
            }
            Told::ProfileChanged(profile) => profile.or_else(Profile::load),
        };
        Some(Next::ProfileChanged(profile))
    }

    pub(super) fn post(&self, message: &TabMessage) {
        // Without a channel, tabs only learn of changes later, because they read the journal when they get the focus.
        if let Some(channel) = &self.channel {
            drop(channel.post(message));
        }
    }
}
