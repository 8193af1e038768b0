//! People who decide on records, and who take decisions back: their own, those of others, and those of rules.

use tsugi_sync::conflict::{Conflict, State, overwritten_by_undo, undo_of};
use tsugi_sync::entity::{Entity, Field, Fields};
use tsugi_sync::gesture;
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp};
use tsugi_sync::mutation::Mutation;
use tsugi_sync::policy::{CHOICES, choose};

use crate::fleet::Fleet;
use crate::oracle::{self, Violation};
use crate::person::{IntoValue, People, clock, typed, write};
use crate::store::WORKSPACE;

/// A decision of a person, and what they saw then. The oracle does not take this from the record.
#[derive(Clone, Debug)]
pub struct Decided {
    record: EntityId,
    by: ReplicaId,
    at: Timestamp,
    /// The values of the subject just before.
    pub before: Fields,
    /// The results of the rules, if it was a merge record.
    pub merged: Option<Fields>,
}

impl People {
    /// Decides on an open conflict. `looks` says whether the person looks at the task as it is now, or only at the
    /// question, which may be old.
    pub fn resolve(&mut self, fleet: &mut Fleet, device: usize, nth: usize, choice: u8, looks: bool) {
        let open = fleet.devices[device].conflicts(State::Open);
        let Some(conflict) = open.get(nth) else { return };
        let subject = fleet.devices[device].replica().view(conflict.subject);
        let (mut results, mut shown) = (Fields::new(), Fields::new());
        for (field, sides) in &conflict.fields {
            let now = subject.as_ref().map(|subject| subject.value(field).clone());
            let theirs = now.filter(|_| looks).unwrap_or_else(|| sides.remote.clone());
            let result = match (choice, field) {
                (0, _) => sides.local.clone(),
                (1, Field::Title | Field::Due) => self.token().into_value(),
                (1, Field::Notes) => format!("{}\n", self.token()).into_value(),
                _ => theirs.clone(),
            };
            results.insert(field.clone(), result);
            shown.insert(field.clone(), theirs);
        }
        fleet.count("conflict resolved by hand");
        self.decide(fleet, device, conflict, results, shown);
    }

    /// Takes the values that an automatic merge dropped.
    pub fn other_side(&mut self, fleet: &mut Fleet, device: usize, nth: usize) {
        let merged = fleet.devices[device].conflicts(State::Merged);
        let Some(conflict) = nth.checked_rem(merged.len()).map(|nth| &merged[nth]) else {
            return;
        };
        let subject = fleet.devices[device].replica().view(conflict.subject);
        let Some(subject) = subject else { return };
        let (mut results, mut shown) = (Fields::new(), Fields::new());
        for (field, decision) in &conflict.decisions {
            let Some(sides) = conflict.fields.get(field) else {
                continue;
            };
            let dropped = match decision.result == sides.local {
                true => &sides.remote,
                false => &sides.local,
            };
            results.insert(field.clone(), dropped.clone());
            shown.insert(field.clone(), subject.value(field).clone());
        }
        fleet.count("other side of a merge taken");
        self.decide(fleet, device, conflict, results, shown);
    }

    /// Chooses for the workspace whether people are always asked about a field.
    pub fn always_ask(&mut self, fleet: &mut Fleet, device: usize, field: usize, on: bool) {
        let (field, at) = (&CHOICES[field % CHOICES.len()], clock(fleet, device));
        let Some(edit) = choose(WORKSPACE, field, on, at) else {
            return;
        };
        fleet.count("rules of the workspace changed");
        let typed = typed(fleet, device, |replica| replica.edit(edit.clone()));
        write(fleet, device, vec![typed], None);
    }

    fn decide(
        &mut self,
        fleet: &mut Fleet,
        device: usize,
        conflict: &Conflict,
        results: Fields,
        shown: Fields,
    ) {
        let (group, at) = (self.group(), clock(fleet, device));
        let (replica, name) = (fleet.devices[device].replica(), &fleet.devices[device].name);
        let subject = replica.view(conflict.subject);
        let value = |field: &Field| subject.as_ref().map(|subject| subject.value(field).clone());
        let before = |field: &Field| (field.clone(), value(field).unwrap_or_default());
        let merged = conflict.decisions.iter();
        let merged = merged.map(|(field, decision)| (field.clone(), decision.result.clone()));
        let decided = Decided {
            record: conflict.id,
            by: replica.id(),
            at,
            before: results.keys().map(before).collect(),
            merged: conflict.was_merged.then(|| merged.collect()),
        };
        let mutations = replica.resolve(conflict.id, results, shown.clone(), name, at, group);
        let seen = |mutation: Mutation| {
            let mut typed = typed(fleet, device, |_| mutation.clone());
            let replaced = shown.iter().filter(|(field, _)| mutation.set.contains_key(field));
            typed
                .seen
                .extend(replaced.map(|(field, value)| (field.clone(), value.clone())));
            typed
        };
        let typed: Vec<_> = mutations.into_iter().map(seen).collect();
        if !typed.is_empty() && write(fleet, device, typed, None) {
            self.decided.push(decided);
        }
    }

    /// Takes back one of the decisions that this device knows of.
    pub fn take_back_nth(
        &mut self,
        fleet: &mut Fleet,
        device: usize,
        nth: usize,
        over: bool,
    ) -> Result<(), Violation> {
        let resolved = fleet.devices[device].conflicts(State::Resolved);
        let Some(nth) = nth.checked_rem(resolved.len()) else {
            return Ok(());
        };
        self.take_back(fleet, device, resolved[nth].id, over).map(drop)
    }

    /// Takes back the decision on a record. `over` says whether also where somebody has edited since, which the person
    /// sees. Returns whether it is done: on a device that does not have the subject, it is not.
    pub fn take_back(
        &mut self,
        fleet: &mut Fleet,
        device: usize,
        record: EntityId,
        over: bool,
    ) -> Result<bool, Violation> {
        let (group, at) = (self.group(), clock(fleet, device));
        let replica = fleet.devices[device].replica();
        let view = |fleet: &Fleet, id| fleet.devices[device].replica().view(id);
        let Some((entity, conflict)) =
            view(fleet, record).and_then(|view| Some((view.clone(), Conflict::read(&view)?)))
        else {
            return Ok(false);
        };
        let subject = view(fleet, conflict.subject);
        let changed = overwritten_by_undo(&conflict, subject.as_ref());
        let overwritten = if over { changed.clone() } else { Vec::new() };
        let Ok(done) = undo_of(&entity, subject.as_ref(), &overwritten, at) else {
            return Ok(false);
        };
        let edits = gesture::undo(replica, &done, at, Some(group));
        let mutations = replica.edits(edits).into_iter();
        let undone: Vec<_> = mutations
            .map(|mutation| typed(fleet, device, |_| mutation.clone()))
            .collect();
        if undone.is_empty() || !write(fleet, device, undone, None) {
            return Ok(false);
        }
        fleet.count("decision taken back");
        let by = conflict.resolution.as_ref().map(|resolution| &resolution.by);
        if by.is_some_and(|by| by.replica != Some(fleet.devices[device].replica().id())) {
            fleet.count("decision of another device taken back");
        }
        if !changed.is_empty() {
            fleet.count(match over {
                true => "decision taken back over an edit",
                false => "decision taken back beside an edit",
            });
        }
        if conflict.was_merged {
            fleet.count("other side of a merge taken, and taken back");
        }
        let noted = self.decided.iter().rev().find(|noted| {
            noted.record == record && by.is_some_and(|by| by.replica == Some(noted.by) && by.at == noted.at)
        });
        let now = (view(fleet, record), view(fleet, conflict.subject));
        if let (Some(noted), Some(then), (Some(record), Some(now))) = (noted, &subject, &now) {
            let subject: (&Entity, &Entity) = (then, now);
            oracle::is_taken_back(record, subject, (&conflict, noted), &overwritten)?;
        }
        Ok(true)
    }
}
