//! The intents about a workspace that are not edits: syncing, conflicts, refused edits, and signing out.

use std::cell::RefCell;

use tsugi_sync::conflict::Conflict;
use tsugi_sync::entity::Fields;
use tsugi_sync::gesture::{Done, Stamp};
use tsugi_sync::ids::MutationSeq;
use tsugi_sync::log::Entry;
use tsugi_sync::replica::Replica;
use tsugi_sync::session::{Input, Pause};

use super::storage::reason;
use super::{Next, Workspace, eviction};
use crate::browser::{device, journal, page, time, unsent};
use crate::tab::account::{self, Profile};
use crate::tab::news::TabMessage;
use crate::tab::noted;
use tsugi_screen::edits::plan;
use tsugi_screen::intent::{AccountIntent, Resolution, SyncIntent};
use tsugi_screen::model::AccountState;
use tsugi_screen::text::summary::Summary;
use tsugi_words::phrases;

impl Workspace {
    pub(super) async fn sync_intent(&mut self, intent: SyncIntent) {
        match intent {
            SyncIntent::WorkOffline(on) => {
                if account::set_works_offline(on).is_err() {
                    self.say_problem(phrases::not_remembered());
                }
                self.work_offline(on).await;
                self.post(&TabMessage::WorkOffline { on });
            }
            SyncIntent::Now => {
                self.session(Input::Probe).await;
                self.post(&TabMessage::PushNow);
            }
            SyncIntent::Resolve(resolutions) => self.resolve(resolutions).await,
            SyncIntent::DiscardRefused { seq } => self.discard(seq).await,
            SyncIntent::ResendRefused { seq, values } => self.resend(seq, &values).await,
            SyncIntent::NameDevice(name) => {
                if device::set_name(&name).is_err() {
                    self.say_problem(phrases::not_remembered());
                }
                self.session.name_device(device::name());
                self.client.store().set_device(device::name());
            }
            SyncIntent::ShowFigures(shown) => {
                self.figures_shown = shown;
                self.show_figures();
                if shown {
                    self.ask_for_room();
                }
            }
        }
    }

    pub(super) async fn account_intent(&mut self, intent: AccountIntent) -> Option<Next> {
        match intent {
            AccountIntent::ShowScreen => {
                if !self.save().await {
                    return self.stay(phrases::leaving_would_lose());
                }
                self.client.store().set_problem(None);
                Some(Next::Account)
            }
            AccountIntent::SignOut { keep_local } => self.sign_out(keep_local).await,
            // This is a late press on the account screen, from before somebody signed in.
            AccountIntent::SignIn(_) | AccountIntent::CreateAccount(_) | AccountIntent::UseWithoutAccount => {
                None
            }
        }
    }

    fn say_problem(&self, sentence: &str) {
        self.client.store().set_problem(Some(sentence.to_owned()));
    }

    /// Settles conflicts, all of them as one gesture.
    async fn resolve(&mut self, resolutions: Vec<Resolution>) {
        self.client.store().set_problem(None);
        let now = time::now();
        let group = time::new_id();
        let stamp = Stamp {
            at: now,
            today: self.client.store().today(),
            group,
        };
        let device = device::name();
        let mut done: Vec<Done> = Vec::new();
        let count = resolutions.len();
        let mut decided = Vec::new();
        // The newest is the last, so that of several about one field it is the one that stays.
        for resolution in resolutions.into_iter().rev() {
            let results = match plan::results(&resolution.results, now) {
                Ok(results) => results,
                Err(error) => {
                    self.say_problem(&error.to_string());
                    break;
                }
            };
            let made = RefCell::new(Vec::new());
            let entries = |replica: &Replica| {
                let shown = seen(replica, &resolution, &done);
                let results = results.clone();
                let also = replica.goes_along(resolution.conflict, &results, stamp);
                let mut mutations = replica.resolve(resolution.conflict, results, shown, &device, now, group);
                if !mutations.is_empty() {
                    mutations.extend(also);
                }
                *made.borrow_mut() = mutations.iter().map(Done::from).collect();
                mutations.into_iter().map(Entry::Mutated).collect()
            };
            // The dialog stays open with what was chosen until the conflict is settled.
            if !self.commit(entries).await {
                self.say_not_saved();
                break;
            }
            let made = made.into_inner();
            // Another device may have decided it meanwhile. Then there is nothing to do.
            if !made.is_empty() {
                done.extend(made);
                decided.push(resolution);
            }
        }
        let what = match decided.pop() {
            None => return,
            Some(Resolution { title, result, .. }) if count == 1 => Summary::Resolved { task: title, result },
            Some(_) => Summary::ResolvedMany(decided.len() + 1),
        };
        self.client.did(what, done);
        self.session(Input::Edited).await;
    }

    /// Says beside the sync status, where the person is looking, that their decision was not saved.
    fn say_not_saved(&self) {
        if let Some(error) = &self.storage_problem {
            let said = phrases::not_saved(&reason(error));
            self.say_problem(&said);
        }
    }

    async fn discard(&mut self, seq: u64) {
        let seq = MutationSeq(seq);
        if !self.commit(|_| vec![Entry::Discarded { seq }]).await {
            self.say_not_saved();
        }
        self.show_status();
    }

    async fn resend(&mut self, seq: u64, values: &[(String, String)]) {
        let seq = MutationSeq(seq);
        let edit = self.with_replica(|replica| {
            replica
                .parked()
                .get(&seq)
                .map(|parked| plan::resend(parked, values, time::now()))
        });
        match edit.flatten() {
            Some(Ok(edit)) => {
                let entries = |replica: &Replica| {
                    // Another tab may have sent the edit again already.
                    if !replica.parked().contains_key(&seq) {
                        return Vec::new();
                    }
                    vec![
                        Entry::Mutated(replica.edit(edit.clone())),
                        Entry::Discarded { seq },
                    ]
                };
                // If saving fails, the edit stays among the refused ones, as it was typed.
                if self.commit(entries).await {
                    self.session(Input::Edited).await;
                } else {
                    self.say_not_saved();
                }
            }
            Some(Err(error)) => self.say_problem(&error.to_string()),
            None => {}
        }
    }

    /// Says why this tab does not leave the workspace.
    pub(super) fn stay(&self, why: &str) -> Option<Next> {
        self.say_problem(why);
        None
    }

    async fn sign_out(&mut self, keep_local: bool) -> Option<Next> {
        if !self.save().await {
            return self.stay(phrases::leaving_would_lose());
        }
        self.catch_up().await;
        self.session(Input::Stop).await;
        // The person may have typed more meanwhile.
        if !self.save().await {
            self.start().await;
            return self.stay(phrases::leaving_would_lose());
        }
        // Edits that exist on this device alone are never deleted, whatever the person asked for: those that wait, and
        // those that were refused.
        let only_here = self
            .client
            .tab()
            .borrow()
            .as_ref()
            .is_none_or(|tab| tab.local.waiting() > 0 || !tab.local.replica().parked().is_empty());
        // From here on this tab accepts no edit. A tab that hears of the sign-out, or that starts now, does not open
        // the workspace again.
        self.client.close();
        self.client.store().reset(AccountState::None);
        self.client.store().set_problem(None);
        if Profile::save(None).is_err() {
            self.client
                .store()
                .set_problem(Some(phrases::not_remembered().to_owned()));
        }
        self.post(&TabMessage::SignedOut);
        let wiped = async {
            if !keep_local && !only_here {
                self.forget_figures();
                Self::forget_presence();
                eviction::forget(self.profile.workspace);
                unsent::forget_all();
                noted::forget(&noted::left(self.profile.workspace).1);
                journal::destroy(&journal::database_name(self.profile.workspace)).await
            } else {
                Ok(())
            }
        };
        // Both run at once. Without a network, the server's answer takes so long that a person may close the page
        // before it, and the data would stay.
        let (wiped, ()) = futures::join!(wiped, account::sign_out());
        if let Err(error) = wiped {
            self.say_problem(&error.to_string());
        }
        Some(Next::SignedOut)
    }

    /// Loads the page again after all edits are saved, because edits that are not saved would be lost.
    pub(super) async fn reload(&mut self) {
        if self.save().await {
            page::reload();
        } else {
            self.stay(phrases::reload_would_lose());
        }
    }

    pub(super) async fn work_offline(&mut self, on: bool) {
        self.client.store().set_working_offline(on);
        let input = match on {
            // A version that cannot read the rows of another one stays paused, whatever the person chooses.
            _ if self.outdated => Input::Pause(Pause::UpdateNeeded),
            true => Input::Pause(Pause::ByUser),
            false => Input::Resume,
        };
        self.session(input).await;
    }
}

/// The values that the person was looking at: those that the screen showed, and over them what they have just decided about
/// the same task in another of several conflicts.
fn seen(replica: &Replica, resolution: &Resolution, done: &[Done]) -> Fields {
    let mut shown = plan::shown(&resolution.shown);
    let record = replica.view(resolution.conflict);
    let subject = record
        .as_ref()
        .and_then(Conflict::read)
        .map(|record| record.subject);
    for done in done.iter().filter(|done| Some(done.entity) == subject) {
        for (field, value) in &done.set {
            if shown.contains_key(field) {
                shown.insert(field.clone(), value.clone());
            }
        }
    }
    shown
}
