//! Rebase: what becomes of this replica's own mutations when a snapshot replaces the base.
//!
//! A replica asks for a snapshot because its cursor is too old, because rows in its store are damaged, or because the
//! server's data were restored from a copy. It then does the same in all three cases:
//!
//! 1. A mutation that waits goes on waiting. It gets new base revisions, which it takes from the snapshot by comparing
//!    values: see [`rebase`]. The old revisions say nothing, because in a restored history revision 3 may be another
//!    change.
//! 2. A mutation that the server had accepted may be missing from the snapshot. Then it waits again, under its old
//!    number: see `maybe_lost`. If the server has it after all, the server finds its receipt and answers with that. If
//!    the server lost it, the mutation takes effect again, or is merged by its values.
//!
//! An example. A phone and a laptop share the tasks A and B. The server's data are copied at revision 2, and restored
//! from that copy later. “milk”@1 is a title that was set at revision 1, and 5@3 is mutation 5 of the phone, accepted
//! at revision 3:
//!
//! ```text
//!                          server                phone: base           phone: its mutations
//! the copy is made         A “milk”@1            A “milk”@1
//!                          B “tea”@2             B “tea”@2
//! phone renames A          A “oat milk”@3        A “oat milk”@3        accepted: 5@3
//! laptop renames B         B “green tea”@4       B “green tea”@4       accepted: 5@3
//! phone, offline, sets                                                 accepted: 5@3
//!   the due date of B                                                  waiting: 6
//! the copy comes back      A “milk”@1            A “milk”@1            waiting: 5, 6
//!                          B “tea”@2             B “tea”@2
//! ```
//! 1. Mutation 5 waits again: the phone knew “oat milk” as the latest title of A, and the snapshot does not have it.
//!    Mutation 5 was made on the title “milk”. The snapshot has “milk”@1, so the base of 5 becomes title@1, and the
//!    server accepts 5.
//! 2. Mutation 6 sets the due date of B. The person saw no due date, and the snapshot has none. So its base stays
//!    due@0, and the server accepts 6.
//! 3. “green tea” is the laptop's value. The phone does not push it. The laptop does, when it gets its own snapshot.
//! 4. Suppose that the copy was made later: it has mutation 5, and also a newer title of A that the phone had not
//!    received. The phone cannot know that, and pushes 5 again. The server finds the receipt of 5 and answers with A
//!    as it is. Nothing takes effect twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Acknowledged, Replica};
use crate::entity::{Cell, Entity, Field, Fields};
use crate::fault::{Fault, planted};
use crate::ids::{EntityId, Epoch, MutationSeq, Revision, Timestamp};
use crate::limits;
use crate::mutation::Mutation;
use crate::sorted_map::SortedMap;
use crate::value::Value;

/// Acknowledged mutations that the server may have lost, each with the name under which it is pushed again.
type Lost = SortedMap<MutationSeq, (MutationSeq, Mutation)>;

impl Replica {
    /// Replaces the base by the staged snapshot. Returns the entities whose view may have changed.
    pub(super) fn replace_base(
        &mut self,
        epoch: Epoch,
        revision: Revision,
        now: Timestamp,
    ) -> BTreeSet<EntityId> {
        let staged = std::mem::take(&mut self.staging).into_iter();
        self.movers.clear();
        let fresh = staged.map(|entity| (entity.id, Arc::new(entity))).collect();
        let old = std::mem::replace(&mut self.base, fresh);
        if planted(Fault::SnapshotOverBase) {
            self.base.extend(old.clone());
        }
        let mut touched: BTreeSet<EntityId> = old.keys().chain(self.base.keys()).copied().collect();
        for (seq, mut mutation) in self.maybe_lost(&old, (revision, now)) {
            touched.insert(mutation.entity);
            // An earlier snapshot may have lacked other fields of the same mutation. Those wait already.
            if let Some(waiting) = self.outbox.get(&seq) {
                mutation.set.extend(waiting.set.clone());
                mutation.base.extend(waiting.base.clone());
            }
            self.enqueue(seq, mutation);
        }
        for (id, seqs) in &self.waiting {
            let base = self.base.get(id).map(Arc::as_ref);
            let waiting = || {
                seqs.iter()
                    .filter_map(|seq| self.outbox.get(seq).map(Box::as_ref))
            };
            let own: BTreeSet<Field> = waiting()
                .flat_map(|mutation| mutation.set.keys().cloned())
                .collect();
            let deletion = waiting().find(|mutation| mutation.deletes()).cloned();
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

    /// The acknowledged mutations that the server may have lost, each with only the fields that may be lost. `old` is
    /// the old base. The value of a field may be lost if both of these are true:
    ///
    /// - The new base has another value, or none.
    /// - This replica knew no later value of another replica. The old base has the value, or has the value of a later
    ///   lost mutation that was made on it. If another replica set a later value, that replica pushes its own again.
    ///
    /// This replica pushes each of them under its old name. The server finds the receipt of that name if it has the
    /// mutation. The replica could not know that itself: the copy may belong to another history than the one in which
    /// the mutations were accepted. An example with three histories, in which 2@1 is mutation 2, accepted at
    /// revision 1:
    ///
    /// ```text
    /// first history        2@1  3@2  4@3 │ 5@4       a copy is made at │
    /// after an older copy  2@1  3@2  5@3  4@4        this replica pushed 5 and 4 again
    /// the copy comes back  2@1  3@2  4@3             the vector of the snapshot says 4
    /// ```
    /// This replica remembers 5@3 and 4@4: mutation 5 took effect before mutation 4. The vector says that the snapshot
    /// has 4. It would be wrong to conclude that the snapshot has 5 too. What is certain: a mutation with a higher
    /// number than the vector's entry is not in the snapshot. One with a lower number may be in it or not.
    fn maybe_lost(
        &mut self,
        old: &BTreeMap<EntityId, Arc<Entity>>,
        (revision, now): (Revision, Timestamp),
    ) -> SortedMap<MutationSeq, Mutation> {
        let entry = self.vector.of(self.id);
        let latest = self.acknowledged.get(&entry);
        let included = latest.filter(|latest| latest.receipt);
        let included = included.map_or(Revision(0), |latest| latest.revision);
        let mut lost = Vec::new();
        // The values on which later lost mutations were made, by entity and field.
        let mut wanted: SortedMap<(EntityId, &Field), &Value> = SortedMap::new();
        for (seq, acknowledged) in self.acknowledged.iter().rev() {
            let Acknowledged {
                mutation,
                revision: taken,
                at,
                name,
                ..
            } = acknowledged;
            let too_old = at.0 != 0 && now.since(*at) > limits::KEPT_ACKNOWLEDGED_MS;
            // The server has no receipt of a mutation without a name, and would let it take effect a second time. So
            // such a mutation is pushed again only if its number or its revision is higher than those of the snapshot.
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
            let first = self.waiting.get(&id).and_then(BTreeSet::first);
            let first = first.and_then(|first| self.outbox.get(first));
            let brought_along = |field| first.and_then(|first| Some(&first.base.get(field)?.0));
            let mut set = Fields::new();
            for (field, value) in &mutation.set {
                let is_latest = match known {
                    Some(entity) => entity.value(field) == value,
                    // An earlier snapshot left the entity out. The values that were known then are in the base of the
                    // first waiting mutation. If there is none, this replica knows no later value.
                    None => brought_along(field).is_none_or(|brought| brought == value),
                };
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
                lost.push((*seq, (if name.0 == 0 { *seq } else { *name }, mutation)));
            }
        }
        let lost: Lost = lost.into_iter().rev().collect();
        self.count_again(&lost, included, revision);
        let mut again: SortedMap<MutationSeq, Mutation> = SortedMap::new();
        for (name, mutation) in lost.into_values() {
            match again.get_mut(&name) {
                Some(earlier) => earlier.squash(&mutation),
                None => drop(again.insert(name, mutation)),
            }
        }
        // Each of them is pushed alone. Two that are squashed have the name of the second, so the server would not find
        // the receipt of the first.
        let last = again.last_key_value().map(|(name, _)| *name);
        self.one_by_one = self.one_by_one.max(last.unwrap_or_default());
        again
    }

    /// Acknowledged mutations that are not lost stay acknowledged, and get revisions of the snapshot's history. If the
    /// snapshot has values of a mutation, the mutation gets the highest of their revisions. Otherwise it keeps its
    /// revision, but no higher one than that of the snapshot.
    ///
    /// If only a part of a mutation is lost, the other part stays acknowledged, because the next restore may lose
    /// that. For example, mutation 5 set the title and the due date, and the snapshot has only the title: 5 waits
    /// again with the due date, and stays acknowledged with the title.
    fn count_again(&mut self, lost: &Lost, included: Revision, head: Revision) {
        let base = &self.base;
        self.acknowledged.retain(|seq, known| {
            let entity = base.get(&known.mutation.entity);
            let stands =
                |field: &Field, value: &Value| entity.is_some_and(|entity| entity.value(field) == value);
            if let Some((_, lost)) = lost.get(seq) {
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

    /// Adds a mutation to the acknowledged ones. Some of its fields may be among them already: the last snapshot had
    /// those, and only the others were pushed again.
    pub(super) fn remember(&mut self, seq: MutationSeq, mut acknowledged: Acknowledged) {
        if let Some(known) = self.acknowledged.remove(&seq) {
            acknowledged.mutation.complete(known.mutation);
            if acknowledged.name.0 == 0 {
                acknowledged.name = known.name;
            }
            acknowledged.receipt &= known.revision <= acknowledged.revision;
            acknowledged.revision = acknowledged.revision.max(known.revision);
        }
        self.acknowledged.insert(seq, acknowledged);
    }

    /// Remembers mutations that the server has answered as one, under the name of the last of them.
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
    }
}

/// Gives the mutation the base revisions that it would have if it had been made on `base`. A field whose value in
/// `base` is the one that the person saw gets its revision in `base`. A field with another value there gets 0, because
/// the person has not seen that value.
///
/// For example, a mutation changed the title “milk” to “oat milk”. If `base` has “milk”@7, the mutation's base becomes
/// title@7. If it has “soy milk”@7, the mutation's base becomes title@0, and the server will answer that there is a
/// conflict.
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

/// If an entity is missing from the snapshot, it was deleted on the server, or the server does not know it any more.
/// In the second case this replica has to create it again. So the values that were known of it go into the base of its
/// first waiting mutation, from which `begin_again` takes them. Three kinds of values stay out:
///
/// - A field that a waiting mutation sets: that mutation has its own value and its own base for it.
/// - `deleted`: a base with `deleted` says that the person knew of the deletion when they made the mutation. They did
///   not.
/// - Values that the person did not see when they deleted the entity, if a waiting mutation deletes it. In the base,
///   such a value would count as seen.
///
/// The person may have made the mutation when they knew that the entity was deleted, and somebody brought it back
/// since. Then it is not created as a deleted one, because nobody would have seen the values that would be deleted.
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
    let came_back = !missing.is_deleted() && !own.contains(&Field::Deleted);
    if came_back && let Some(seen) = mutation.base.get_mut(&Field::Deleted) {
        *seen = Cell::default();
    }
    for (field, cell) in missing.fields.iter().filter(others) {
        mutation.base.entry(field.clone()).or_insert_with(|| cell.clone());
    }
}

/// The mutation that creates an entity again, because the server does not know it any more. It sets every value that
/// is known of the entity, and over them the values that `mutation` sets.
pub(super) fn begin_again(mutation: &Mutation) -> Mutation {
    let known = mutation.base.iter().filter(|(_, cell)| !cell.0.is_null());
    let mut set: Fields = known
        .map(|(field, cell)| (field.clone(), cell.0.clone()))
        .collect();
    set.extend(mutation.set.clone());
    Mutation {
        set,
        base: SortedMap::new(),
        origin: None,
        ..mutation.clone()
    }
}
