//! The conflicts and merge records of the workspace, as people see them.

use std::collections::{BTreeMap, BTreeSet};

use tsugi_sync::conflict::Conflict;
use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::list::List;
use tsugi_sync::policy::Policies;
use tsugi_words::intl::DateStyle;
use tsugi_words::phrases;

use super::catalog::named_list;
use super::{Index, name_of};
use crate::activity::{self, Change};
use crate::conflicts::card::{ConflictCard, Merged, Surroundings, card};
use crate::conflicts::history::{Decider, HistoryEntry, HistoryOf, entry};
use crate::conflicts::news::news;
use crate::conflicts::rules::{Rules, rules};
use crate::local::Local;
use crate::model::Named;

/// How old, in milliseconds, a decision may be that a notice tells of. It may have been made long before it arrives, on a
/// device without a network.
const FRESH_MS: u64 = 7 * 86_400_000;

/// How many edits a history shows at most, the latest.
const MOST_CHANGES: usize = 1_000;

/// How many decisions of rules a card has at most.
const MOST_MERGED: usize = 20;

impl Index {
    /// The open conflicts, as the inbox shows them.
    #[must_use]
    pub fn conflict_cards(&self, local: &Local) -> Vec<ConflictCard> {
        let mut merged = self.merged(local);
        let card = |conflict: &Conflict| {
            let subject = local.view(conflict.subject);
            let around = Surroundings {
                merged: merged.remove(&conflict.subject).unwrap_or_default(),
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

    /// What rules decided about the subjects of open conflicts.
    fn merged(&self, local: &Local) -> BTreeMap<EntityId, Vec<Merged>> {
        let asked: BTreeSet<EntityId> = self.open.values().map(|open| open.subject).collect();
        let mut merged: BTreeMap<EntityId, Vec<HistoryEntry>> = BTreeMap::new();
        for (id, subject) in self.settled.iter().filter(|(_, subject)| asked.contains(subject)) {
            let entry = self.entry(local, *id, *subject, Timestamp(0));
            if let Some((_, entry)) = entry.filter(|(_, entry)| entry.decider == Decider::Rule) {
                merged.entry(*subject).or_default().push(entry);
            }
        }
        let lines = |mut entries: Vec<HistoryEntry>| {
            entries.sort_by_key(|entry| (std::cmp::Reverse(entry.at), entry.id));
            let lines = entries.into_iter().flat_map(|entry| entry.lines);
            let lines = lines.map(|line| Merged {
                label: line.label,
                kept: line.kept,
                rule: line.rule,
            });
            lines.take(MOST_MERGED).collect()
        };
        merged
            .into_iter()
            .map(|(id, entries)| (id, lines(entries)))
            .collect()
    }

    /// What another device has decided just now about records that were not settled before, in words: a person there has
    /// decided, or a rule has dropped what was set on this device. Of several, their number. None if that was long ago.
    #[must_use]
    pub fn news(&self, local: &Local, open: &[EntityId], now: Timestamp) -> Option<String> {
        let told = |id: &EntityId| {
            let (record, entry) = self.entry(local, *id, *self.settled.get(id)?, now)?;
            let is_fresh = now.since(entry.at) < FRESH_MS;
            news(&record, &entry, local.replica().id()).filter(|_| is_fresh)
        };
        let mut all: Vec<String> = open.iter().filter_map(told).collect();
        match all.len() {
            0 | 1 => all.pop(),
            count => Some(phrases::news_several(count)),
        }
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
        let (day, name) = (|at| self.day_in_words(at), |id| name_of(local, id));
        let around = self.around(local, &day, &name);
        let entry = entry(&record, local.view(subject).as_ref(), &around, now)?;
        Some((record, entry))
    }

    /// What every entry of the history says its moments and names by.
    fn around<'a>(
        &'a self,
        local: &Local,
        day: &'a dyn Fn(Timestamp) -> String,
        name: &'a dyn Fn(EntityId) -> Option<String>,
    ) -> Surroundings<'a> {
        Surroundings {
            here: local.replica().id(),
            moment: &self.outside.format,
            day,
            name,
            list: None,
            merged: Vec::new(),
        }
    }

    fn day_in_words(&self, at: Timestamp) -> String {
        let day = (self.outside.day_of)(at);
        day.map(|day| phrases::date(day, DateStyle::Day))
            .unwrap_or_default()
    }

    fn edits<'a>(&self, local: &Local, changes: impl Iterator<Item = &'a Change>) -> Vec<HistoryEntry> {
        let changes: Vec<Change> = changes.cloned().collect();
        let latest = &changes[changes.len().saturating_sub(MOST_CHANGES)..];
        let (day, name) = (|at| self.day_in_words(at), |id| name_of(local, id));
        activity::entries(latest, &self.around(local, &day, &name), &name)
    }

    /// What was decided and edited before, the latest first. `changes` are the edits, the latest last.
    #[must_use]
    pub fn history(
        &self,
        local: &Local,
        of: HistoryOf,
        now: Timestamp,
        changes: &[Change],
    ) -> Vec<HistoryEntry> {
        let is_of = |subject: EntityId| match of {
            HistoryOf::All => true,
            HistoryOf::Task(task) => subject == task,
        };
        let entry = |(id, subject): (&EntityId, &EntityId)| Some(self.entry(local, *id, *subject, now)?.1);
        let records = self.settled.iter().filter(|(_, subject)| is_of(**subject));
        let mut entries: Vec<HistoryEntry> = records.filter_map(entry).collect();
        entries.extend(self.edits(local, changes.iter().filter(|change| is_of(change.entity))));
        entries.sort_by_key(|entry| (std::cmp::Reverse(entry.at), entry.id));
        entries
    }
}

/// The list of a task, if that is there.
fn list_of(task: &Entity, local: &Local) -> Option<Named> {
    let id: EntityId = task.value(&Field::List).as_text()?.parse().ok()?;
    local.look(id, |view| view.and_then(List::read).as_ref().map(named_list))
}
