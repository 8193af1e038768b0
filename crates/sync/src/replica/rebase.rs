//! When a snapshot takes the place of the base: what was made on the old base is made on the new one, by its values.
//!
//! Why the server sent a snapshot does not matter: the cursor was too old, rows here were damaged, or the server's data
//! were restored and count another history. What this replica wrote and the server may have lost goes up again under
//! its old name: a receipt answers what it has after all; the rest takes effect again, or is merged by its values.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Acknowledged, Replica};
use crate::entity::{Cell, Entity, Field, Fields};
use crate::fault::{Fault, planted};
use crate::ids::{EntityId, Epoch, MutationSeq, Revision, Timestamp};
use crate::limits;
use crate::mutation::Mutation;
use crate::value::Value;

impl Replica {
    /// Puts the staged snapshot in the base's place. Answers the entities whose view may have changed.
    pub(super) fn replace_base(
        &mut self,
        epoch: Epoch,
        revision: Revision,
        now: Timestamp,
    ) -> BTreeSet<EntityId> {
        let staged = std::mem::take(&mut self.staging).into_iter();
        let fresh = staged.map(|entity| (entity.id, Arc::new(entity))).collect();
        let old = std::mem::replace(&mut self.base, fresh);
        if planted(Fault::SnapshotOverBase) {
            self.base.extend(old.clone());
        }
        let mut touched: BTreeSet<EntityId> = old.keys().chain(self.base.keys()).copied().collect();
        for (seq, mut mutation) in self.maybe_lost(&old, (revision, now)) {
            touched.insert(mutation.entity);
            // Another part of it may wait since an earlier snapshot.
            if let Some(waiting) = self.outbox.get(&seq) {
                mutation.set.extend(waiting.set.clone());
                mutation.base.extend(waiting.base.clone());
            }
            self.enqueue(seq, mutation);
        }
        for (id, seqs) in &self.waiting {
            let base = self.base.get(id).map(Arc::as_ref);
            let waiting = || seqs.iter().filter_map(|seq| self.outbox.get(seq));
            let own: BTreeSet<Field> = waiting()
                .flat_map(|mutation| mutation.set.keys().cloned())
                .collect();
            let deletes =
                |mutation: &&Mutation| mutation.set.get(&Field::Deleted).is_some_and(|at| !at.is_null());
            let deletion = waiting().find(deletes).cloned();
            for (nth, seq) in seqs.iter().enumerate() {
                let Some(mutation) = self.outbox.get_mut(seq) else {
                    continue;
                };
                if let (0, None, Some(missing)) = (nth, base, old.get(id)) {
                    bring_along(mutation, missing, &own, deletion.as_ref());
                }
                rebase(mutation, base);
            }
        }
        self.epoch = Some(epoch);
        self.basis = Some(epoch);
        self.cursor = revision;
        touched
    }

    /// Takes out what the server may have lost of the acknowledged mutations, given the old base: the values that were
    /// the latest as far as this replica knows, and do not stand in the new base. What somebody else wrote over them is
    /// theirs to push again.
    ///
    /// They go up again under the names under which the server keeps receipts, and it says itself what it has. Neither
    /// the version vector nor a revision can say that in its place, because the copy may be of another branch of the
    /// history than the one in which they were acknowledged:
    ///
    /// ```text
    /// first history        2@1  3@2  4@3 │ 5@4       (mutation @ revision; a copy is made at │)
    /// after an older copy  2@1  3@2  5@3  4@4
    /// the copy comes back  2@1  3@2  4@3             its vector says 4
    /// ```
    /// This replica knows 5 at revision 3 and 4 at revision 4. 4 is there, and 5 took effect before it; but not in the
    /// history of the copy. What is above the vector's entry is never there; what is below it may be there or not.
    fn maybe_lost(
        &mut self,
        old: &BTreeMap<EntityId, Arc<Entity>>,
        (revision, now): (Revision, Timestamp),
    ) -> BTreeMap<MutationSeq, Mutation> {
        let entry = self.vector.of(self.id);
        let latest = self.acknowledged.get(&entry);
        let included = latest.filter(|latest| latest.receipt);
        let included = included.map_or(Revision(0), |latest| latest.revision);
        let mut lost: BTreeMap<MutationSeq, Mutation> = BTreeMap::new();
        let mut names = BTreeMap::new();
        // What a later one of them was made on, by entity and field.
        let mut wanted: BTreeMap<(EntityId, &Field), &Value> = BTreeMap::new();
        for (seq, acknowledged) in self.acknowledged.iter().rev() {
            let Acknowledged {
                mutation,
                revision: taken,
                at,
                name,
                ..
            } = acknowledged;
            let too_old = at.0 != 0 && now.since(*at) > limits::KEPT_ACKNOWLEDGED_MS;
            // One without a receipt would take effect a second time: it has to do with what the numbers say.
            let answered = name.0 == 0 && *seq <= entry || planted(Fault::AboveVectorIsThere);
            if (*taken <= included && answered) || too_old || planted(Fault::LostNotPushedAgain) {
                continue;
            }
            let id = mutation.entity;
            let known = old.get(&id);
            let stands = |field, value| {
                self.base
                    .get(&id)
                    .is_some_and(|entity| entity.value(field) == value)
            };
            let mut set = Fields::new();
            for (field, value) in &mutation.set {
                // Of a tombstone that the last snapshot left out, nothing is known.
                let is_latest = known.is_none_or(|entity| entity.value(field) == value);
                let is_wanted = wanted.get(&(id, field)) == Some(&value);
                if (is_wanted || is_latest) && !stands(field, value) {
                    wanted.insert((id, field), mutation.base_value(field));
                    set.insert(field.clone(), value.clone());
                }
            }
            if !set.is_empty() {
                let mutation = Mutation {
                    set,
                    ..mutation.clone()
                };
                lost.insert(*seq, mutation);
                names.insert(*seq, if name.0 == 0 { *seq } else { *name });
            }
        }
        self.count_anew(&lost, included, revision);
        let mut again: BTreeMap<MutationSeq, Mutation> = BTreeMap::new();
        for (seq, mutation) in lost {
            let name = names.get(&seq).copied().unwrap_or(seq);
            match again.get_mut(&name) {
                Some(earlier) => earlier.squash(&mutation),
                None => drop(again.insert(name, mutation)),
            }
        }
        // Each goes up alone: together with others it would have no receipt.
        let last = again.last_key_value().map(|(name, _)| *name);
        self.one_by_one = self.one_by_one.max(last.unwrap_or_default());
        again
    }

    /// What is not lost stays acknowledged, and counts in the history of the snapshot: what of it stands there, at the
    /// revisions that it has there; the rest at none that is yet to come.
    ///
    /// Of a mutation that is lost in part, the rest may be lost with the next restore.
    fn count_anew(&mut self, lost: &BTreeMap<MutationSeq, Mutation>, included: Revision, head: Revision) {
        let base = &self.base;
        self.acknowledged.retain(|seq, known| {
            let entity = base.get(&known.mutation.entity);
            let stands =
                |field: &Field, value: &Value| entity.is_some_and(|entity| entity.value(field) == value);
            if let Some(lost) = lost.get(seq) {
                let is_left =
                    |field: &Field, value: &mut Value| stands(field, value) && !lost.set.contains_key(field);
                known.mutation.set.retain(is_left);
            }
            if known.revision > included {
                let standing = known
                    .mutation
                    .set
                    .iter()
                    .filter(|(field, value)| stands(field, value));
                let revisions = standing.filter_map(|(field, _)| Some(entity?.revision_of(field)));
                let revision = revisions.max().unwrap_or(known.revision).min(head);
                known.receipt &= revision == known.revision && !lost.contains_key(seq);
                known.revision = revision;
            }
            !known.mutation.set.is_empty()
        });
    }

    /// Another part of the same mutation may be acknowledged already: a snapshot had it, and only the rest went up again.
    pub(super) fn remember(&mut self, seq: MutationSeq, mut acknowledged: Acknowledged) {
        if let Some(known) = self.acknowledged.remove(&seq) {
            let mutation = &mut acknowledged.mutation;
            for (field, value) in known.mutation.set {
                mutation.set.entry(field).or_insert(value);
            }
            for (field, cell) in known.mutation.base {
                mutation.base.entry(field).or_insert(cell);
            }
            if acknowledged.name.0 == 0 {
                acknowledged.name = known.name;
            }
            acknowledged.receipt &= known.revision <= acknowledged.revision;
            acknowledged.revision = acknowledged.revision.max(known.revision);
        }
        self.acknowledged.insert(seq, acknowledged);
    }

    /// Keeps what was acknowledged, for a while.
    pub(super) fn keep(&mut self, answered: Vec<(MutationSeq, Mutation)>, revision: Revision, at: Timestamp) {
        let Some(last) = answered.last().map(|(seq, _)| *seq) else {
            return;
        };
        for (seq, mutation) in answered {
            let acknowledged = Acknowledged {
                receipt: seq == last,
                mutation,
                revision,
                at,
                name: last,
            };
            self.remember(seq, acknowledged);
        }
        while self.acknowledged.len() > limits::KEPT_ACKNOWLEDGED {
            self.acknowledged.pop_first();
        }
    }
}

/// Lets the mutation be made on `base`: a field that has the value the person saw was seen, any other was not.
pub(super) fn rebase(mutation: &mut Mutation, base: Option<&Entity>) {
    if planted(Fault::OldRevisionsKept) {
        return;
    }
    let names: BTreeSet<Field> = mutation.base.keys().chain(mutation.set.keys()).cloned().collect();
    for field in names {
        let revision = base.map_or(Revision(0), |entity| {
            match entity.value(&field) == mutation.base_value(&field) {
                true => entity.revision_of(&field),
                false => Revision(0),
            }
        });
        match mutation.base.get_mut(&field) {
            Some(seen) => seen.1 = revision,
            None if revision > Revision(0) => {
                mutation.base.insert(field, Cell(Default::default(), revision));
            }
            None => {}
        }
    }
}

/// An entity that is not in the snapshot is deleted there, or the server does not know it any more. What was known of it
/// goes along, for it may have to begin again; but not what was set here, on something else. Nor a deletion: who had not
/// heard of it would pass for somebody who had, and who deleted it says so again. Nor what was not in sight of who deletes
/// it here: they would pass for its author.
fn bring_along(
    mutation: &mut Mutation,
    missing: &Entity,
    own: &BTreeSet<Field>,
    deletion: Option<&Mutation>,
) {
    let others = |(field, cell): &(&Field, &Cell)| {
        let in_sight = deletion.is_none_or(|deletion| *deletion.base_value(field) == cell.0);
        in_sight && !own.contains(*field) && **field != Field::Deleted
    };
    for (field, cell) in missing.fields.iter().filter(others) {
        mutation.base.entry(field.clone()).or_insert_with(|| cell.clone());
    }
}

/// The mutation by which an entity begins again that the server does not know any more: all that was known of it, and
/// what was to be done to it.
pub(super) fn begin_again(mutation: &Mutation) -> Mutation {
    let known = mutation.base.iter().filter(|(_, cell)| !cell.0.is_null());
    let mut set: Fields = known
        .map(|(field, cell)| (field.clone(), cell.0.clone()))
        .collect();
    set.extend(mutation.set.clone());
    Mutation {
        set,
        base: BTreeMap::new(),
        origin: None,
        ..mutation.clone()
    }
}
