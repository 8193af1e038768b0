//! The conflicts and merge records of the workspace, as people see them.

use tsugi_sync::conflict::Conflict;
use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::list::List;
use tsugi_sync::policy::Policies;
use tsugi_words::intl::DateStyle;
use tsugi_words::phrases;

use super::catalog::named_list;
use super::{Index, name_of};
use crate::conflicts::card::{ConflictCard, Surroundings, card};
use crate::conflicts::history::{HistoryEntry, HistoryOf, entry, news};
use crate::conflicts::rules::{Rules, rules};
use crate::local::Local;
use crate::model::Named;

/// How old, in milliseconds, a decision may be that a notice tells of. It may have been made long before it arrives, on a
/// device without a network.
const FRESH_MS: u64 = 7 * 86_400_000;

impl Index {
    /// The open conflicts, as the inbox shows them.
    #[must_use]
    pub fn conflict_cards(&self, local: &Local) -> Vec<ConflictCard> {
        let card = |conflict: &Conflict| {
            let subject = local.view(conflict.subject);
            let around = Surroundings {
                here: local.replica().id(),
                moment: &self.outside.format,
                day: &|at| self.day_in_words(at),
                name: &|id| name_of(local, id),
                list: subject.as_ref().and_then(|task| list_of(task, local)),
            };
            card(conflict, subject.as_ref(), around)
        };
        self.open.values().filter_map(card).collect()
    }

    /// What another device has decided just now about a record that was not settled before, in words: a person there has
    /// decided, or a rule has dropped what was set on this device. None if that was long ago, or if it was more than one.
    #[must_use]
    pub fn news(&self, local: &Local, open: &[EntityId], now: Timestamp) -> Option<String> {
        let mut settled = open.iter().filter_map(|id| Some((*id, *self.settled.get(id)?)));
        let ((id, subject), None) = (settled.next()?, settled.next()) else {
            return None;
        };
        let (record, entry) = self.entry(local, id, subject, now)?;
        let is_fresh = now.since(entry.at) < FRESH_MS;
        news(&record, &entry, local.replica().id()).filter(|_| is_fresh)
    }

    /// The rules of the workspace.
    #[must_use]
    pub fn rules(&self, local: &Local) -> Rules {
        let policies = Policies::of(local, local.replica().workspace());
        let read = |id: &EntityId| local.view(*id).as_ref().and_then(Conflict::read);
        let records: Vec<Conflict> = self.settled.iter().filter_map(|(id, _)| read(id)).collect();
        rules(&policies, &records)
    }

    fn entry(
        &self,
        local: &Local,
        id: EntityId,
        subject: EntityId,
        now: Timestamp,
    ) -> Option<(Conflict, HistoryEntry)> {
        let record = local.view(id).as_ref().and_then(Conflict::read)?;
        let around = Surroundings {
            here: local.replica().id(),
            moment: &self.outside.format,
            day: &|at| self.day_in_words(at),
            name: &|id| name_of(local, id),
            list: None,
        };
        let entry = entry(&record, local.view(subject).as_ref(), &around, now)?;
        Some((record, entry))
    }

    fn day_in_words(&self, at: Timestamp) -> String {
        let day = (self.outside.day_of)(at);
        day.map(|day| phrases::date(day, DateStyle::Day))
            .unwrap_or_default()
    }

    /// What was decided before, the latest first.
    #[must_use]
    pub fn history(&self, local: &Local, of: HistoryOf, now: Timestamp) -> Vec<HistoryEntry> {
        let is_of = |subject: EntityId| match of {
            HistoryOf::All => true,
            HistoryOf::Task(task) => subject == task,
        };
        let entry = |(id, subject): (&EntityId, &EntityId)| Some(self.entry(local, *id, *subject, now)?.1);
        let records = self.settled.iter().filter(|(_, subject)| is_of(**subject));
        let mut entries: Vec<HistoryEntry> = records.filter_map(entry).collect();
        entries.sort_by_key(|entry| (std::cmp::Reverse(entry.at), entry.id));
        entries
    }
}

/// The list of a task, if that is there.
fn list_of(task: &Entity, local: &Local) -> Option<Named> {
    let id: EntityId = task.value(&Field::List).as_text()?.parse().ok()?;
    local.look(id, |view| view.and_then(List::read).as_ref().map(named_list))
}
