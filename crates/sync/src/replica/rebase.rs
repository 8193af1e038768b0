//! When a snapshot takes the place of the base: what was made on the old base is made on the new one, by its values.
//!
//! The reason for the snapshot does not matter: the cursor was too old, rows here were damaged, or the server's data were
//! restored from a copy. Mutations of this replica that the server may have lost go up again under their old names. If the
//! server has one of them after all, its receipt answers; the others take effect again, or are merged by their values.
//!
//! An example. A phone and a laptop share the tasks A and B. The server's data are copied at revision 2 and restored later:
//!
//! ```text
//!                            server                 phone: base              phone: acknowledged, waiting
//! the copy is made           A “milk”@1 B “tea”@2    A “milk”@1 B “tea”@2
//! phone renames A (seq 5)    A “oat milk”@3         A “oat milk”@3           5@3
//! laptop renames B           B “green tea”@4        B “green tea”@4          5@3
//! phone, offline, dates B    –                      B “green tea”@4          5@3, waiting: 6 due, base due@0
//! the copy comes back        A “milk”@1 B “tea”@2    the snapshot replaces the base:
//!                                                   A “milk”@1 B “tea”@2      waiting: 5 and 6
//! ```
//! 1. The phone knew “oat milk” as the latest title of A, and the snapshot does not have it: mutation 5 waits again. Its base
//!    says that the person saw “milk”, and the snapshot has “milk”@1: so its base is title@1 now, and the server accepts it.
//! 2. Mutation 6 sets a due date. The person saw none, and the snapshot has none: its base stays due@0.
//! 3. “green tea” is the laptop's value. The laptop pushes it again when it gets its own snapshot; the phone does not.
//! 4. If the copy has 5, and over it another title that the phone had not heard of, 5 goes up as well. The server has its
//!    receipt and answers with the task as it is: nothing happens twice.

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

    /// Mutations that are not lost stay acknowledged, and count in the history of the snapshot: values that stand there
    /// count at the revisions that they have there, the others at no revision above the snapshot's.
    ///
    /// If only a part of a mutation is lost, the other part stays acknowledged, because the next restore may lose it.
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

    /// A part of the same mutation may be acknowledged already, if a snapshot had that part and only the rest went up again.
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

    /// Keeps acknowledged mutations for a while.
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

/// Lets the mutation be made on `base`. Where a field has the value that the person saw, the mutation gets the field's
/// revision as its base; where the value is another, it gets 0, because the person has not seen that one.
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

/// An entity that is not in the snapshot was deleted on the server, or the server does not know it any more. The values
/// known of it go along in the base of the first mutation that waits, because the entity may have to begin again. Three
/// kinds of values do not go along:
///
/// - A field that a waiting mutation sets: the mutation brings its own value, and has its own base.
/// - `deleted`: if this replica re-sent a deletion, the server would believe that its person had seen the deletion.
/// - Where a waiting mutation deletes the entity, a value that its person had not in sight: they would be taken for the
///   person who wrote it.
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
