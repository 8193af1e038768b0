//! Settling: what becomes of a replica's waiting mutations of one entity when the server answers that there is a
//! conflict.
//!
//! A pure function. The waiting mutations in which one person saw their own earlier edits are one intent: from the
//! values that the person saw first, to the values that they see now. Each field of the intent is merged with the
//! server's value. The result is a list of new mutations, which are made on what the server has: one with the merged
//! fields, and conflict records. A record holds the fields that a person has to decide on, or the values that a rule
//! dropped.
//!
//! An example. A task has the title “milk” at revision 3, and no due date. Two replicas are offline:
//!
//! ```text
//! phone    seq 8: title “milk” → “oat milk”, base title@3        seq 9: due → 1 May
//! laptop   seq 4: title “milk” → “soy milk”, base title@3
//! ```
//! 1. The laptop is first: its mutation is accepted at revision 5. The server now has the title “soy milk”@5.
//! 2. The phone pushes 8 and 9 as one mutation. The server answers *conflict* and sends the title “soy milk”@5,
//!    because the phone's mutation was made on title@3.
//! 3. The phone settles 8 and 9 together. The due date was changed on one side only, so the phone's value is kept. The
//!    title was changed on both sides: base “milk”, local “oat milk”, remote “soy milk”. Only a person can decide on a
//!    title.
//! 4. Two mutations take the place of 8 and 9. The first sets the due date, on the task as the server has it now, and
//!    is accepted. The second creates a conflict record that holds the three titles. The title stays “soy milk” until
//!    a person decides.

use uuid::Uuid;

use crate::conflict::{self, Decision, Side, Sides, State};
use crate::entity::{Cell, Entity, Field, Fields, Kind};
use crate::fault::{Fault, planted};
use crate::hlc::Hlc;
use crate::ids::{EntityId, MutationId, Revision};
use crate::limits;
use crate::merge::{Later, Merged, Partly, Policy, merge};
use crate::mutation::Mutation;
use crate::policy::Policies;
use crate::protocol::{Author, Authored};
use crate::sorted_map::SortedMap;
use crate::value::Value;

/// The two sides, as the record of a settlement names them.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The first of the mutations that are settled. It is part of the record's id, so that the same settlement, made
    /// twice, makes one record.
    pub first: MutationId,
    /// The name that people gave this device.
    pub device: &'a str,
    /// The author of the latest change of the remote side. `others` are the authors of its other changes, each with
    /// the fields.
    pub by: Option<&'a Author>,
    pub others: &'a [Authored],
    /// The rules of the workspace, as this replica sees them.
    pub policies: &'a Policies,
}

impl<'a> Context<'a> {
    fn author_of(&self, field: &Field) -> Option<&'a Author> {
        let other = self
            .others
            .iter()
            .find(|authored| authored.fields.contains(field));
        other.map(|authored| &authored.by).or(self.by)
    }
}

/// How many of `waiting`, counted from the first, are one intent: the person who made each of them saw the values that
/// the earlier ones had set. Two tabs that do not show each other's edits yet make two intents. The answer is at least
/// one, unless none waits.
#[must_use]
pub fn one_intent(waiting: &[&Mutation]) -> usize {
    if planted(Fault::IntentsMixed) {
        return waiting.len();
    }
    let mut wanted: SortedMap<&Field, &Value> = SortedMap::new();
    for (count, mutation) in waiting.iter().enumerate() {
        let saw = |field: &Field| {
            wanted
                .get(field)
                .is_none_or(|value| mutation.base_value(field) == *value)
        };
        // A deletion belongs to the intent only if the person saw everything before it. An imported mutation is the
        // wish of another replica, so it never belongs to an intent of this one.
        let deletes = mutation.set.contains_key(&Field::Deleted);
        let saw_all = !deletes || wanted.keys().all(|field| saw(field));
        let imported = waiting[0].origin.map(|origin| origin.replica);
        // The person knew at the first mutation that the entity was deleted, and at this one they did not. Then these
        // are two intents, unless the entity was restored in between.
        let known = waiting[0]
            .base
            .get(&Field::Deleted)
            .filter(|cell| !cell.0.is_null());
        let behind = |known: &Cell| match mutation.base.get(&Field::Deleted) {
            None => true,
            Some(seen) if !seen.0.is_null() => false,
            // A snapshot may have taken both revisions away. Then the cell says only that a restoring was heard of.
            Some(seen) => seen.1 <= known.1 && known.1 > Revision(0),
        };
        let unheard = !wanted.contains_key(&Field::Deleted) && known.is_some_and(behind);
        let same_person = mutation.origin.map(|origin| origin.replica) == imported;
        if unheard || !same_person || !saw_all || !mutation.set.keys().chain([&Field::Deleted]).all(saw) {
            return count;
        }
        wanted.extend(&mutation.set);
    }
    waiting.len()
}

/// The new mutations that take the place of `waiting`, in order. `remote` is the entity as the server has it, or none
/// if the server does not have it.
#[must_use]
pub fn settle(waiting: &[&Mutation], remote: Option<&Entity>, context: Context<'_>) -> Vec<Mutation> {
    let Some(last) = waiting.last() else {
        return Vec::new();
    };
    // An edit that this replica made by itself has the moment of an earlier one. The person's moment counts.
    let Hlc { at, tick } = waiting
        .iter()
        .map(|mutation| mutation.hlc())
        .max()
        .unwrap_or_default();
    let last = &Mutation {
        at,
        tick,
        ..(*last).clone()
    };
    let mut intent = Intent::of(waiting);
    let empty = Entity::new(last.entity, last.kind.clone());
    let remote = remote.unwrap_or(&empty);
    if intent.begins_instance() && !remote.fields.is_empty() && !remote.is_deleted() {
        // This replica began the instance and then deleted it, because the task before it was reopened. The instance
        // on the server was begun by another person, and stays.
        intent.fields.remove(&Field::Deleted);
    }
    let mut outcome = Outcome::default();
    match intent.deletion(remote) {
        Deletion::DeletedThere => outcome.ask_about_all(&intent, remote),
        Deletion::EditedThere => outcome.ask_about_deletion(&intent, remote),
        Deletion::Agreed => outcome.merge_all(&last.kind, &intent, remote, context),
    }
    outcome.into_mutations(last, remote, context)
}

/// The changes that the waiting mutations of one entity make together.
struct Intent {
    fields: SortedMap<Field, Wanted>,
    /// The values that the person saw in fields that they did not change. A deletion needs them.
    seen: Fields,
    /// Whether the person knew at each of the mutations that the entity was deleted.
    knew_deleted: bool,
}

struct Wanted {
    base: Value,
    /// Whether the server's history is known to have this value.
    is_known: bool,
    /// Values that the person set. The server may have one of them already: it accepted the mutation, and its answer
    /// was lost.
    passed: Vec<Value>,
    local: Value,
    /// When the person set the last value.
    hlc: Hlc,
}

impl Wanted {
    /// The value on which the person's change was made.
    ///
    /// Suppose that Ann wrote “soy milk”, and Ben changed it to “milk” and then back to “soy milk”. Ben's first and last
    /// value are the same, so he seems to want nothing. But a restore may have lost Ann's “soy milk”, and Ann does not
    /// push it again, because she saw Ben's “milk” replace it. So if the server is not known to have the first value,
    /// Ben's last value counts as a change from nothing.
    fn base(&self) -> &Value {
        match self.local == self.base && !self.is_known {
            true => &Value::Null,
            false => &self.base,
        }
    }

    /// The value on which the person's change was made, if the server has the value `theirs`. A value that the person
    /// set themselves counts as one that they saw.
    fn base_beside<'a>(&'a self, theirs: &'a Value) -> &'a Value {
        match self.passed.contains(theirs) {
            true => theirs,
            false => self.base(),
        }
    }
}

enum Deletion {
    /// No person has to decide whether the entity is deleted.
    Agreed,
    /// Deleted on the server, and edited here in a way that somebody would miss.
    DeletedThere,
    /// Deleted here, and edited on the server in a way that this person has not seen.
    EditedThere,
}

impl Intent {
    fn of(waiting: &[&Mutation]) -> Self {
        let mut fields: SortedMap<Field, Wanted> = SortedMap::new();
        let mut seen = Fields::new();
        for mutation in waiting {
            for (field, value) in &mutation.set {
                let fresh = || Wanted {
                    base: mutation.base_value(field).clone(),
                    is_known: mutation.base_revision(field) > Revision(0),
                    passed: Vec::new(),
                    local: value.clone(),
                    hlc: mutation.hlc(),
                };
                let wanted = fields.entry(field.clone()).or_insert_with(fresh);
                wanted
                    .passed
                    .push(std::mem::replace(&mut wanted.local, value.clone()));
                wanted.hlc = mutation.hlc();
            }
            if mutation.deletes() {
                // A person who deletes an entity sees all of it at that moment. A value that an earlier mutation
                // brings along for the server may no longer have been on the screen.
                seen.clear();
            }
            seen.extend(
                mutation
                    .base
                    .iter()
                    .map(|(field, cell)| (field.clone(), cell.0.clone())),
            );
        }
        // A person who edits an entity after they deleted it themselves knows that it is deleted.
        let mut decided = false;
        let knew = |mutation: &&Mutation| {
            let knew = decided || !mutation.base_value(&Field::Deleted).is_null();
            decided |= mutation.set.contains_key(&Field::Deleted);
            knew
        };
        Self {
            fields,
            seen,
            knew_deleted: waiting.iter().all(knew),
        }
    }

    /// Whether the person began the next instance of a recurring task. Another device may have begun the same
    /// instance.
    fn begins_instance(&self) -> bool {
        let series = self.fields.get(&Field::Series);
        series.is_some_and(|series| series.base.is_null() && !series.local.is_null())
    }

    fn deletion(&self, remote: &Entity) -> Deletion {
        let deletes_here = self
            .fields
            .get(&Field::Deleted)
            .is_some_and(|wanted| !wanted.local.is_null());
        // A person who brought the entity back may not have seen that somebody deleted it again. A person who deleted
        // the entity themselves knows that it is deleted; the server may have their deletion already, if only its
        // answer was lost.
        let theirs = remote.value(&Field::Deleted);
        let unseen = match self.fields.get(&Field::Deleted) {
            Some(wanted) if wanted.passed.contains(theirs) => false,
            Some(wanted) if wanted.local.is_null() && wanted.base != *theirs => true,
            Some(_) | None => !self.knew_deleted,
        };
        if remote.is_deleted() && !deletes_here && unseen {
            let missed = self
                .fields
                .iter()
                .any(|(field, wanted)| matters(field) && wanted.local != *wanted.base());
            return if missed {
                Deletion::DeletedThere
            } else {
                Deletion::Agreed
            };
        }
        let would_miss = |(field, cell): (&Field, &Cell)| self.would_miss(field, cell);
        if deletes_here && !remote.is_deleted() && remote.fields.iter().any(would_miss) {
            return Deletion::EditedThere;
        }
        Deletion::Agreed
    }

    /// Whether somebody would miss this value of the server's if the entity went away, because the person who deleted it
    /// has not seen it.
    fn would_miss(&self, field: &Field, cell: &Cell) -> bool {
        let own = self.fields.get(field);
        let own = own.is_some_and(|wanted| wanted.base_beside(&cell.0) == &cell.0 || wanted.local == cell.0);
        matters(field) && !own && self.seen(field) != &cell.0
    }

    /// The value that the person saw in a field that they did not change.
    fn seen(&self, field: &Field) -> &Value {
        static NULL: Value = Value::Null;
        self.seen.get(field).unwrap_or(&NULL)
    }
}

/// Whether a change of this field is one that somebody would miss if the entity went away.
fn matters(field: &Field) -> bool {
    match field {
        Field::Title | Field::Notes | Field::Due | Field::Start | Field::Name | Field::Other(_) => true,
        Field::Recurrence | Field::Assignee | Field::Labels | Field::Text | Field::Query => true,
        Field::Completed | Field::Priority | Field::List | Field::Section | Field::Parent => false,
        Field::Position | Field::Created | Field::Deleted | Field::Folder | Field::Colour => false,
        Field::Archived | Field::Favourite | Field::Series | Field::Task | Field::Author => false,
        Field::Subject | Field::State | Field::Base | Field::Local | Field::Remote | Field::Result => false,
        Field::Rules | Field::LocalAuthor | Field::RemoteAuthor => false,
        Field::Before | Field::Resolver | Field::Merged => false,
    }
}

#[derive(Default)]
struct Outcome {
    set: Fields,
    asks: SortedMap<Field, Sides>,
    /// The fields that a rule merged, for the record.
    merged: SortedMap<Field, (Sides, Decision)>,
}

impl Outcome {
    fn merge_all(&mut self, kind: &Kind, intent: &Intent, remote: &Entity, context: Context<'_>) {
        for (field, wanted) in &intent.fields {
            let theirs = remote.value(field);
            let theirs_at = context.author_of(field).map(|by| Hlc::new(by.at, by.tick));
            // If both were written at the same moment, the one that the server has counts as the earlier.
            let later = match theirs_at {
                Some(at) if wanted.hlc <= at => Later::Remote,
                Some(_) | None => Later::Local,
            };
            let base = wanted.base_beside(theirs);
            // Two devices began the same next instance, on different days.
            let is_begun_twice =
                matches!(field, Field::Due | Field::Start) && base.is_null() && intent.begins_instance();
            let policy = if is_begun_twice {
                Policy::Earliest
            } else {
                context.policies.policy(kind, field)
            };
            match merge(policy, base, &wanted.local, theirs, later) {
                Merged::Settled(value, rule) => {
                    if rule.is_recorded() && *kind != Kind::Conflict && !planted(Fault::LoserNotRecorded) {
                        let decision = Decision {
                            rule: Some(rule),
                            result: value.clone(),
                        };
                        self.merged
                            .insert(field.clone(), (sides(wanted, theirs), decision));
                    }
                    if value != *theirs {
                        self.set.insert(field.clone(), value);
                    }
                }
                Merged::Ask if planted(Fault::AskForgotten) => {}
                // What the person saw may not have been in this history of the server: a restored server has forgotten it. Then
                // the server's text is no later one, and its missing lines were not taken away by anybody.
                Merged::Partly(Partly { base, local, remote }) if wanted.is_known => {
                    let sides = Sides {
                        base: Value::Text(base),
                        local: Value::Text(local),
                        remote: Value::Text(remote),
                    };
                    if sides.remote != *theirs {
                        self.set.insert(field.clone(), sides.remote.clone());
                    }
                    if !planted(Fault::OpenPlaceForgotten) {
                        self.asks.insert(field.clone(), sides);
                    }
                }
                Merged::Ask | Merged::Partly(_) => {
                    self.asks.insert(field.clone(), sides(wanted, theirs));
                }
            }
        }
    }

    /// Deleted on the server, edited here. A person is asked about every field, because the edits come back with the
    /// entity.
    fn ask_about_all(&mut self, intent: &Intent, remote: &Entity) {
        for (field, wanted) in &intent.fields {
            self.asks
                .insert(field.clone(), sides(wanted, remote.value(field)));
        }
        let deletion = Sides {
            base: Value::Null,
            local: Value::Null,
            remote: remote.value(&Field::Deleted).clone(),
        };
        self.asks.insert(Field::Deleted, deletion);
    }

    /// Deleted here, edited on the server. A person is asked about the deletion and about fields that both sides
    /// changed. The other fields are set as usual. The record also shows what was edited on the server unseen, with the
    /// value that this person saw on their side, as far as there is room.
    fn ask_about_deletion(&mut self, intent: &Intent, remote: &Entity) {
        for (field, wanted) in &intent.fields {
            let theirs = remote.value(field);
            if *field == Field::Deleted || (*theirs != wanted.local && theirs != wanted.base_beside(theirs)) {
                self.asks.insert(field.clone(), sides(wanted, theirs));
            } else if *theirs != wanted.local {
                self.set.insert(field.clone(), wanted.local.clone());
            }
        }
        let mut room = limits::ENTITY_BYTES / 2;
        for (field, cell) in &remote.fields {
            let seen = intent.seen(field);
            let size = 2 * seen.size() + cell.0.size();
            let is_edit = !intent.fields.contains_key(field) && intent.would_miss(field, cell);
            if let Some(left) = room.checked_sub(size).filter(|_| is_edit) {
                room = left;
                let shown = Sides {
                    base: seen.clone(),
                    local: seen.clone(),
                    remote: cell.0.clone(),
                };
                self.asks.insert(field.clone(), shown);
            }
        }
    }

    fn into_mutations(self, last: &Mutation, remote: &Entity, context: Context<'_>) -> Vec<Mutation> {
        let mut mutations = Vec::new();
        if !self.set.is_empty() {
            let deletes = self.set.contains_key(&Field::Deleted);
            let in_sight =
                |field: &Field| deletes || *field == Field::Deleted || self.set.contains_key(field);
            let base = remote.fields.iter().filter(|(field, _)| in_sight(field));
            let base = base.map(|(field, cell)| (field.clone(), cell.clone())).collect();
            mutations.push(Mutation {
                set: self.set,
                base,
                origin: None,
                ..last.clone()
            });
        }
        let record = |state, fields: SortedMap<Field, _>| {
            // A record of a deletion names the latest author of any change on the server, because each such change
            // speaks against the deletion.
            let deletion = fields.contains_key(&Field::Deleted);
            let all = context.others.iter().map(|other| &other.by).chain(context.by);
            let all = all.filter(|_| deletion);
            let authors = fields.keys().filter_map(|field| context.author_of(field));
            // A change that was made on this device does not speak against its deletion, so changes of other devices
            // come first. Two devices may have one name.
            let is_other = |by: &Author| match by.replica {
                Some(replica) => replica != context.first.replica,
                None => by.device != context.device,
            };
            let weight = |by: &&Author| (is_other(by), Hlc::new(by.at, by.tick));
            let by = authors.chain(all).max_by_key(weight);
            let local = Side {
                device: context.device.to_owned(),
                at: last.at,
                replica: Some(context.first.replica),
            };
            let set = conflict::record(state, (last.entity, &last.kind), fields, (&local, by), last.at);
            Mutation {
                entity: record_id(remote, context.first, state, &set),
                kind: Kind::Conflict,
                set,
                base: SortedMap::new(),
                at: last.at,
                tick: last.tick,
                group: last.group,
                origin: None,
            }
        };
        if !self.asks.is_empty() {
            let asks = self.asks.into_iter().map(|(field, sides)| (field, (sides, None)));
            mutations.push(record(State::Open, asks.collect()));
        }
        if !self.merged.is_empty() {
            let merged = self
                .merged
                .into_iter()
                .map(|(field, (sides, by))| (field, (sides, Some(by))));
            mutations.push(record(State::Merged, merged.collect()));
        }
        mutations
    }
}

fn sides(wanted: &Wanted, remote: &Value) -> Sides {
    Sides {
        base: wanted.base().clone(),
        local: wanted.local.clone(),
        remote: remote.clone(),
    }
}

/// The id of a record. It depends on the mutations, on what the server had, and on the result, so that each settlement
/// has a record of its own.
///
/// If the server loses the result of a settlement, the same mutations are settled a second time, perhaps together with
/// later ones. With one id for both, the second record would replace the first, and with it the only copy of a value.
fn record_id(remote: &Entity, first: MutationId, state: State, set: &Fields) -> EntityId {
    let (replica, seq, revision) = (first.replica, first.seq, remote.revision());
    let name = format!("{replica}/{seq}/{revision}/{state:?}/{set:?}");
    EntityId(Uuid::new_v5(&remote.id.0, name.as_bytes()))
}
