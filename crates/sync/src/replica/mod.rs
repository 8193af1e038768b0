//! A replica: one local copy of a workspace. It holds a base (the entities as the server has told them) and an outbox
//! (the mutations that the server has not answered yet). The view is the base with the outbox laid over it. People
//! always see the view.
//!
//! For example, the base has the title “milk”@3, and mutation 8 waits with the title “oat milk”. The view shows “oat
//! milk”. When the server has accepted 8 at revision 4, the base has “oat milk”@4, the outbox is empty, and the view
//! is the same.
//!
//! A replica changes only when it folds an [`Entry`] of the log. Its other methods change nothing: methods such as
//! [`Replica::receive`] return the entries that the log should hold next. The caller writes them to the log, and then
//! folds them.

mod checkpoint;
mod crossing;
mod put_off;
mod rebase;
mod resolve;
mod told;
mod twins;
mod undo;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use checkpoint::{Checkpoint, CheckpointError, Restoring};
use rebase::begin_again;
use serde::{Deserialize, Serialize};
pub use told::Told;
use uuid::Uuid;

use crate::entity::{Cell, Entity, Field, Fields, Kind};
use crate::fault::{Fault, planted};
use crate::hlc::Hlc;
use crate::ids::{
    EntityId, Epoch, Mark, MutationId, MutationSeq, ReplicaId, Revision, Timestamp, WorkspaceId,
};
use crate::limits;
use crate::log::Entry;
use crate::mutation::Mutation;
use crate::policy::Policies;
use crate::protocol::{Author, Authored, Delta, Fate, Outcome, RefusalCode, Snapshot};
use crate::settle::{Context, one_intent, settle};
use crate::sorted_map::SortedMap;
use crate::value::Value;
use crate::vector::VersionVector;

/// A mutation that the server refused. It keeps the person's text until they decide what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    pub mutation: Mutation,
    pub code: RefusalCode,
    pub message: String,
}

/// A mutation that the server has acknowledged, with the revision, and the moment by the server's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Acknowledged {
    mutation: Mutation,
    revision: Revision,
    /// Whether it took effect at exactly this revision: it went up alone, or was the last of several that went up as
    /// one.
    receipt: bool,
    at: Timestamp,
    /// The number under which the server keeps its receipt: its own, or that of the last mutation that went up as one
    /// with it. If 8 and 9 went up as one, both have the name 9. The name is 0 if there is no receipt, or if an
    /// earlier build did not write the name down.
    #[serde(default, skip_serializing_if = "is_unnamed")]
    name: MutationSeq,
}

fn is_unnamed(name: &MutationSeq) -> bool {
    name.0 == 0
}

/// One local copy of a workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct Replica {
    id: ReplicaId,
    workspace: WorkspaceId,
    /// None until the first snapshot, and again while the base is not trusted.
    epoch: Option<Epoch>,
    /// The epoch to which the revisions in base and outbox belong. It stays when the base is no longer trusted.
    basis: Option<Epoch>,
    cursor: Revision,
    /// The mark of the cursor.
    mark: Mark,
    /// For each replica, up to which of its mutations the server is known to have them.
    vector: VersionVector,
    /// A checkpoint that is being made shares these entities, so that it costs next to nothing to begin one.
    base: BTreeMap<EntityId, Arc<Entity>>,
    /// Boxed, so that a long outbox is cheap to shorten: the server answers the mutations at its front first.
    outbox: SortedMap<MutationSeq, Box<Mutation>>,
    /// The outbox by entity; empty sets are removed. Edits come in any order of entities, and there may be as many as the
    /// outbox takes, so this is no sorted vector.
    waiting: BTreeMap<EntityId, BTreeSet<MutationSeq>>,
    parked: SortedMap<MutationSeq, Parked>,
    /// The latest acknowledged mutations. The server may lose them if its data are restored from a copy.
    acknowledged: SortedMap<MutationSeq, Acknowledged>,
    /// The authors of moves that other replicas made while a move of this one waits; see `crossing`.
    movers: SortedMap<Revision, Author>,
    /// The hlc of this replica's latest mutation.
    clock: Hlc,
    /// Mutations up to this one go up one by one. Either this replica does not know any more with which others they
    /// went up before, or an earlier version exported them, and other replicas know them under their own names.
    one_by_one: MutationSeq,
    /// The entities of a snapshot that is half received.
    staging: Vec<Entity>,
    /// The key of the last row that was folded.
    position: u64,
}

/// The next mutation of an entity as it goes up. It stands for all mutations of the entity from `since` to `seq`.
#[derive(Clone, Debug)]
pub struct NextIntent {
    pub since: MutationSeq,
    pub seq: MutationSeq,
    pub covers: usize,
    pub mutation: Mutation,
}

/// A change that a person wants to make to one entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub entity: EntityId,
    pub kind: Kind,
    pub set: Fields,
    /// The values that the person was looking at, for fields that may have changed since. `deleted` may be among them
    /// even if `set` does not have it: a person may edit in one tab an entity that was deleted in another tab a moment
    /// ago.
    pub seen: Fields,
    pub at: Timestamp,
    pub group: Option<Uuid>,
}

impl Replica {
    #[must_use]
    pub fn new(id: ReplicaId, workspace: WorkspaceId) -> Self {
        Self {
            id,
            workspace,
            epoch: None,
            basis: None,
            cursor: Revision(0),
            mark: Mark(0),
            vector: VersionVector::default(),
            base: BTreeMap::new(),
            outbox: SortedMap::new(),
            waiting: BTreeMap::new(),
            parked: SortedMap::new(),
            acknowledged: SortedMap::new(),
            movers: SortedMap::new(),
            clock: Hlc::default(),
            one_by_one: MutationSeq(0),
            staging: Vec::new(),
            position: 0,
        }
    }

    #[must_use]
    pub fn id(&self) -> ReplicaId {
        self.id
    }

    #[must_use]
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    #[must_use]
    pub fn epoch(&self) -> Option<Epoch> {
        self.epoch
    }

    /// "I have everything up to here."
    #[must_use]
    pub fn cursor(&self) -> Revision {
        self.cursor
    }

    /// The mark of the cursor. It differs between two histories that have the same revision.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// For each replica, up to which of its mutations the server is known to have them. The server may have more, but
    /// never less.
    #[must_use]
    pub fn vector(&self) -> &VersionVector {
        &self.vector
    }

    /// Whether this replica made the change of this revision, as far as it remembers.
    #[must_use]
    pub fn is_own(&self, revision: Revision) -> bool {
        self.acknowledged
            .values()
            .any(|acknowledged| acknowledged.revision == revision)
    }

    /// Whether a snapshot is half received.
    #[must_use]
    pub fn is_bootstrapping(&self) -> bool {
        !self.staging.is_empty()
    }

    /// The key of the last log row that this state includes.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    #[must_use]
    pub fn outbox(&self) -> &SortedMap<MutationSeq, Box<Mutation>> {
        &self.outbox
    }

    #[must_use]
    pub fn parked(&self) -> &SortedMap<MutationSeq, Parked> {
        &self.parked
    }

    #[must_use]
    pub fn is_waiting(&self, id: EntityId) -> bool {
        self.waiting.contains_key(&id)
    }

    /// The entity as the server has told it.
    #[must_use]
    pub fn base(&self, id: EntityId) -> Option<&Entity> {
        self.base.get(&id).map(Arc::as_ref)
    }

    /// Every entity of the view, tombstones too.
    pub fn ids(&self) -> impl Iterator<Item = EntityId> {
        self.base.keys().copied().chain(
            self.waiting
                .keys()
                .copied()
                .filter(|id| !self.base.contains_key(id)),
        )
    }

    /// The entity as the person sees it: the base, and over it the mutations that wait.
    #[must_use]
    pub fn view(&self, id: EntityId) -> Option<Entity> {
        let mut view = self.base(id).cloned();
        for mutation in self.waiting_for(id) {
            let entity = view.get_or_insert_with(|| Entity::new(id, mutation.kind.clone()));
            overlay(entity, mutation);
        }
        view
    }

    fn waiting_for(&self, id: EntityId) -> impl Iterator<Item = &Mutation> {
        self.waiting
            .get(&id)
            .into_iter()
            .flatten()
            .filter_map(|seq| self.outbox.get(seq).map(Box::as_ref))
    }

    /// The first mutation that waits on an entity. With `squash`, the ones behind it that belong to the same intent
    /// and the same group are squashed into it, and go up as one mutation.
    #[must_use]
    pub fn next_intent(&self, id: EntityId, squash: bool) -> Option<NextIntent> {
        let mut seqs = self.waiting.get(&id)?.iter();
        let since = *seqs.next()?;
        let mut next = NextIntent {
            since,
            seq: since,
            covers: 1,
            mutation: self.outbox.get(&since)?.as_ref().clone(),
        };
        if !squash || since <= self.one_by_one {
            return Some(next);
        }
        for seq in seqs {
            let Some(later) = self.outbox.get(seq) else { break };
            let mutation = &next.mutation;
            let together = later.group == mutation.group
                && later.origin.is_none()
                && mutation.origin.is_none()
                && one_intent(&[mutation, later]) == 2
                && mutation.size() + later.size() <= limits::PUSH_BYTES
                && mutation.set.len() + later.set.len() <= limits::FIELDS_PER_MUTATION;
            if !together {
                break;
            }
            next.mutation.squash(later);
            next.seq = *seq;
            next.covers += 1;
        }
        Some(next)
    }

    /// The mutation for an edit, made on the entity as the view shows it now.
    #[must_use]
    pub fn edit(&self, edit: Edit) -> Mutation {
        self.edit_after(self.clock, edit)
    }

    /// The mutations for several edits. Each edit has to be of another entity.
    #[must_use]
    pub fn edits(&self, edits: Vec<Edit>) -> Vec<Mutation> {
        let mut clock = self.clock;
        let carried_out = edits.into_iter().map(|edit| {
            let mutation = self.edit_after(clock, edit);
            clock = mutation.hlc();
            mutation
        });
        carried_out.collect()
    }

    fn edit_after(&self, clock: Hlc, edit: Edit) -> Mutation {
        let view = self.view(edit.entity);
        let deletes = edit.set.contains_key(&Field::Deleted);
        let mut base = SortedMap::new();
        for (field, cell) in view.iter().flat_map(|entity| &entity.fields) {
            if deletes || *field == Field::Deleted || edit.set.contains_key(field) {
                base.insert(field.clone(), cell.clone());
            }
        }
        for (field, seen) in edit.seen {
            let shown = base.get(&field).map(|cell| &cell.0).cloned().unwrap_or_default();
            let counts = field == Field::Deleted || edit.set.contains_key(&field);
            if shown != seen && counts && !planted(Fault::SeenIgnored) {
                // The field has changed since the person looked: they never saw the value that the view has now.
                base.insert(field, Cell(seen, Revision(0)));
            }
        }
        let Edit {
            entity,
            kind,
            set,
            at,
            group,
            ..
        } = edit;
        // If the last mutation was made while the clock was wrong, its moment counts as a minute ahead at most.
        let Hlc { at, tick } = clock.clamped(at).next(at);
        Mutation {
            entity,
            kind,
            set,
            base,
            at,
            tick,
            group,
            origin: None,
        }
    }

    /// The rows that the log must hold once `delta` is taken in: the delta, and the mutations that take the place of
    /// those in conflict.
    ///
    /// They are right only while the replica stands at [`Self::position`]. So the transaction that writes them has to
    /// make sure that the log has no later row. If another tab has written one, fold that and ask again. Otherwise the
    /// other tab's edit would be settled without having been read.
    #[must_use]
    pub fn receive(&self, delta: Delta, device: &str) -> Vec<Entry> {
        if !self.continues(&delta) {
            return vec![Entry::Received(delta)];
        }
        let mut superseded: Vec<MutationSeq> = Vec::new();
        let mut settled = Vec::new();
        let answered: BTreeSet<_> = delta
            .outcomes
            .iter()
            .filter(|outcome| !matches!(outcome.fate, Fate::Conflict { .. }))
            .map(|outcome| outcome.seq)
            .collect();
        let mut begun_again = Vec::new();
        for outcome in &delta.outcomes {
            let (current, by, others) = match &outcome.fate {
                Fate::Conflict { current, by, others } => (current, by, others),
                Fate::Refused {
                    code: RefusalCode::UnknownEntity,
                    ..
                } => {
                    begun_again.extend(self.begin_again(outcome.seq));
                    continue;
                }
                Fate::Accepted { .. } | Fate::Refused { .. } => continue,
            };
            if superseded.contains(&outcome.seq) {
                continue;
            }
            let Some(mutation) = self.outbox.get(&outcome.seq) else {
                continue;
            };
            let known = self.base(mutation.entity);
            let mut remote = known.unwrap_or(current).clone();
            remote.absorb(current.fields.clone());
            if let Some(newer) = delta.entities.iter().find(|entity| entity.id == mutation.entity) {
                remote.absorb(newer.fields.clone());
            }
            let mut seqs = self.seqs_of(mutation.entity);
            seqs.retain(|seq| !answered.contains(seq));
            let mutations = self.settle(&seqs, &remote, device, (by.as_ref(), others));
            superseded.extend(seqs);
            settled.extend(mutations);
        }
        settled.extend(self.crossings(&delta, device));
        if planted(Fault::ConflictNotSuperseded) {
            superseded.clear();
        }
        let mut entries = vec![Entry::Received(delta)];
        entries.extend(begun_again);
        entries.extend(supersede(superseded, settled));
        entries.extend(self.unite(&entries));
        entries
    }

    /// The rows that the log must hold once a whole snapshot is taken in.
    #[must_use]
    pub fn bootstrap(&self, parts: Vec<Snapshot>) -> Vec<Entry> {
        let entry = |part: Snapshot| Entry::Bootstrapped {
            epoch: part.epoch,
            revision: part.revision,
            entities: part.entities,
            last: part.last,
            mark: part.mark,
            vector: part.vector,
            at: part.at,
        };
        let mut entries: Vec<Entry> = parts.into_iter().map(entry).collect();
        entries.extend(self.unite(&entries));
        entries
    }

    /// The rows that the log must hold if the server does not know the entity of this mutation: a new mutation creates
    /// the entity again, with everything that the same person wanted of it since. If the later mutations stayed behind
    /// in the outbox, the server would answer that it does not know the entity either, and each would create it again,
    /// in conflict with the first.
    fn begin_again(&self, seq: MutationSeq) -> Vec<Entry> {
        let Some(mut all) = self.up_to(seq).filter(|mutation| !mutation.base.is_empty()) else {
            return Vec::new();
        };
        // Another part of the mutation may have been refused before. The whole of it begins again.
        if let Some(refused) = self.parked.get(&seq) {
            all.complete(refused.mutation.clone());
        }
        let mut behind = self.seqs_of(all.entity);
        behind.retain(|later| *later > seq);
        let mut seqs = Vec::new();
        for (seq, later) in behind.iter().filter_map(|seq| self.outbox.get_key_value(seq)) {
            if one_intent(&[&all, later]) < 2 || later.origin.is_some() {
                break;
            }
            all.squash(later);
            seqs.push(*seq);
        }
        let superseded = (!seqs.is_empty()).then_some(Entry::Superseded { seqs });
        let again = [Entry::Discarded { seq }, Entry::Mutated(begin_again(&all))];
        superseded.into_iter().chain(again).collect()
    }

    fn seqs_of(&self, id: EntityId) -> Vec<MutationSeq> {
        self.waiting.get(&id).into_iter().flatten().copied().collect()
    }

    fn settle(
        &self,
        seqs: &[MutationSeq],
        remote: &Entity,
        device: &str,
        (by, others): (Option<&Author>, &[Authored]),
    ) -> Vec<Mutation> {
        let waiting: Vec<_> = seqs
            .iter()
            .filter_map(|seq| self.outbox.get_key_value(seq))
            .collect();
        let policies = Policies::of(self, self.workspace);
        let mut settled = Vec::new();
        let mut rest = waiting.as_slice();
        while let Some((first, _)) = rest.first() {
            let mutations: Vec<&Mutation> = rest.iter().map(|(_, mutation)| mutation.as_ref()).collect();
            let together = one_intent(&mutations);
            let context = Context {
                first: MutationId {
                    replica: self.id,
                    seq: **first,
                },
                // On which device an imported mutation was made is not known.
                device: if mutations[0].origin.is_some() { "" } else { device },
                by,
                others,
                policies: &policies,
            };
            settled.extend(settle(&mutations[..together], Some(remote), context));
            rest = &rest[together..];
        }
        settled
    }

    /// Takes in one row of the log. Returns the entities whose view may have changed.
    ///
    /// Rows have to come in the order of their keys, and none may be missing. A row that comes a second time changes
    /// nothing.
    pub fn fold(&mut self, key: u64, entry: Entry) -> BTreeSet<EntityId> {
        if key <= self.position && !planted(Fault::RowFoldedTwice) {
            return BTreeSet::new();
        }
        self.position = key;
        match entry {
            Entry::Mutated(mutation) => {
                let id = mutation.entity;
                self.clock = self.clock.max(mutation.hlc());
                self.enqueue(MutationSeq(key), mutation);
                BTreeSet::from([id])
            }
            Entry::Received(delta) => self.take_in(delta),
            Entry::Superseded { seqs } => seqs.into_iter().filter_map(|seq| self.supersede(seq)).collect(),
            Entry::Bootstrapped {
                epoch,
                revision,
                entities,
                last,
                mark,
                vector,
                at,
            } => {
                self.staging.extend(entities);
                if !last {
                    return BTreeSet::new();
                }
                self.mark = mark;
                self.vector = vector;
                self.replace_base(epoch, revision, at)
            }
            Entry::Exported => {
                self.one_by_one = MutationSeq(key);
                BTreeSet::new()
            }
            Entry::Learned { vector } => {
                self.vector.join(&vector);
                BTreeSet::new()
            }
            Entry::Discarded { seq } => self
                .parked
                .remove(&seq)
                .map(|parked| parked.mutation.entity)
                .into_iter()
                .collect(),
            Entry::Distrusted => {
                self.epoch = None;
                self.cursor = Revision(0);
                self.mark = Mark(0);
                self.one_by_one = MutationSeq(key);
                self.movers.clear();
                self.staging.clear();
                BTreeSet::new()
            }
        }
    }

    /// Takes out a mutation that has been settled. If the server has values that it set, those count as acknowledged.
    fn supersede(&mut self, seq: MutationSeq) -> Option<EntityId> {
        let mut mutation = self.dequeue(seq)?;
        let id = mutation.entity;
        if let Some(base) = self.base.get(&id) {
            mutation.set.retain(|field, value| base.value(field) == value);
            let revisions = mutation.set.keys().map(|field| base.revision_of(field));
            if let Some(revision) = revisions.max() {
                let acknowledged = Acknowledged {
                    mutation,
                    revision,
                    receipt: false,
                    at: Timestamp(0),
                    name: MutationSeq(0),
                };
                self.remember(seq, acknowledged);
            }
        }
        Some(id)
    }

    fn take_in(&mut self, mut delta: Delta) -> BTreeSet<EntityId> {
        let mut touched = BTreeSet::new();
        if self.basis != Some(delta.epoch) {
            // The delta belongs to another history. Its revisions and its answers mean nothing for mutations that were
            // made in this one.
            return touched;
        }
        if !self.continues(&delta) {
            return touched;
        }
        let outcomes = std::mem::take(&mut delta.outcomes);
        for Outcome { seq, fate } in outcomes {
            touched.extend(self.answer(seq, fate, delta.at));
        }
        self.note_movers(&delta);
        // If there are too many, the ones with the lowest numbers are forgotten.
        self.acknowledged.keep_last(limits::KEPT_ACKNOWLEDGED);
        for entity in delta.entities {
            touched.insert(entity.id);
            self.base_mut(entity.id, &entity.kind).absorb(entity.fields);
        }
        if delta.to > self.cursor {
            self.cursor = delta.to;
            self.mark = delta.mark;
        }
        touched
    }

    /// Whether a delta follows on what this replica has. After a gap nothing in it counts, not even the answers,
    /// because the server sends all of it again once the gap is filled.
    ///
    /// Suppose that the cursor is 5 and a delta goes from 7 to 8. If it counted, the base would have revision 8
    /// although the cursor says 5. If the server's data were then restored to revision 6, this replica would keep 8
    /// and never notice.
    fn continues(&self, delta: &Delta) -> bool {
        // The server leaves out this replica's own changes, because the replica should know them. If the replica has
        // forgotten one, that is a gap as well.
        let forgotten = |Outcome { seq, fate }: &Outcome| match fate {
            Fate::Accepted { revision, .. } => *revision > self.cursor && !self.outbox.contains_key(seq),
            Fate::Conflict { .. } | Fate::Refused { .. } => false,
        };
        self.epoch == Some(delta.epoch)
            && (delta.from <= self.cursor || planted(Fault::CursorPastGap))
            && !delta.outcomes.iter().any(forgotten)
    }

    fn base_mut(&mut self, id: EntityId, kind: &Kind) -> &mut Entity {
        let fresh = || Arc::new(Entity::new(id, kind.clone()));
        Arc::make_mut(self.base.entry(id).or_insert_with(fresh))
    }

    fn answer(&mut self, seq: MutationSeq, fate: Fate, at: Timestamp) -> Option<EntityId> {
        match fate {
            Fate::Accepted { revision, current } => {
                let (id, answered) = self.dequeue_up_to(seq)?;
                self.accept(id, &answered, revision, current);
                self.keep(answered, revision, at);
                Some(id)
            }
            // Another row supersedes the mutation itself.
            Fate::Conflict { current, .. } => self.outbox.contains_key(&seq).then(|| {
                self.base_mut(current.id, &current.kind).absorb(current.fields);
                current.id
            }),
            Fate::Refused { code, message } => {
                let mutation = self.up_to(seq)?;
                let (id, parts) = self.dequeue_up_to(seq)?;
                let behind = self.fall_back(&mutation, &parts);
                for (seq, mutation) in [(seq, mutation)].into_iter().chain(behind) {
                    let (code, message) = (code.clone(), message.clone());
                    self.park(
                        seq,
                        Parked {
                            mutation,
                            code,
                            message,
                        },
                    );
                }
                Some(id)
            }
        }
    }

    /// Keeps a refused mutation for the person. If another part of it was refused before, the two are one again.
    fn park(&mut self, seq: MutationSeq, mut refused: Parked) {
        if planted(Fault::RefusedDropped) {
            return;
        }
        if let Some(known) = self.parked.remove(&seq) {
            refused.mutation.complete(known.mutation);
        }
        self.parked.insert(seq, refused);
    }

    /// All that waits on an entity up to this mutation, squashed into one.
    fn up_to(&self, seq: MutationSeq) -> Option<Mutation> {
        let seqs = self.waiting.get(&self.outbox.get(&seq)?.entity)?.range(..=seq);
        let mut mutations = seqs.filter_map(|seq| self.outbox.get(seq).map(Box::as_ref));
        let mut all = mutations.next()?.clone();
        mutations.for_each(|next| all.squash(next));
        Some(all)
    }

    /// Takes out this mutation and all that waited before it on the same entity: they went up as one, so one answer is
    /// for all.
    fn dequeue_up_to(&mut self, seq: MutationSeq) -> Option<(EntityId, Vec<(MutationSeq, Mutation)>)> {
        let id = self.outbox.get(&seq)?.entity;
        let mut seqs: Vec<_> = self.waiting.get(&id)?.range(..=seq).copied().collect();
        if planted(Fault::AnswerNotForAll) {
            seqs = vec![seq];
        }
        let answered = seqs.into_iter().filter_map(|seq| Some((seq, self.dequeue(seq)?)));
        Some((id, answered.collect()))
    }

    /// The server accepted these mutations. Their values are in the base now, and mutations that wait behind them were
    /// made on those values. `current` is the whole entity as the server has it, if it came along: one of the values
    /// may stand there since another revision, or may have been replaced already.
    fn accept(
        &mut self,
        id: EntityId,
        answered: &[(MutationSeq, Mutation)],
        revision: Revision,
        current: Option<Entity>,
    ) {
        for (seq, _) in answered.iter().filter(|(_, mutation)| mutation.origin.is_none()) {
            self.vector.include(MutationId {
                replica: self.id,
                seq: *seq,
            });
        }
        let Some((_, last)) = answered.last() else { return };
        let mut set = Fields::new();
        for (_, mutation) in answered {
            set.extend(mutation.set.iter().map(|(f, value)| (f.clone(), value.clone())));
        }
        let taken = |field: &Field, value: &Value| {
            match current.as_ref().and_then(|current| current.fields.get(field)) {
                Some(cell) if cell.0 == *value => cell.1,
                Some(cell) => revision.min(Revision(cell.1.0.saturating_sub(1))),
                // An old tombstone has no other fields left.
                None => revision,
            }
        };
        for seq in self.waiting.get(&id).into_iter().flatten() {
            let Some(later) = self.outbox.get_mut(seq) else {
                continue;
            };
            for (field, value) in &set {
                match later.base.get_mut(field) {
                    Some(seen) if seen.0 == *value => seen.1 = taken(field, value),
                    Some(_) | None => {}
                }
            }
        }
        let mut cells = SortedMap::new();
        // If the cursor includes the revision, the base has these values already, or later ones.
        if revision > self.cursor && !planted(Fault::AckWithoutBase) {
            let cell = |(field, value)| (field, Cell(value, revision));
            cells.extend(set.into_iter().map(cell));
        }
        cells.extend(current.into_iter().flat_map(|current| current.fields));
        self.base_mut(id, &last.kind).absorb(cells);
    }

    /// The server refused this mutation, which stood for `parts`. Mutations that wait behind it were made on its
    /// values, which nobody else will ever see. So they get the base that the refused mutation had. For example, the
    /// base has “milk”@3, 8 sets “oat milk”, and 9 sets “soy milk”. If 8 is refused, the base of 9 becomes “milk”@3.
    /// With “oat milk” as its base, a person would later be asked about their own earlier value.
    ///
    /// Returns mutations that cannot go on without it, taken out of the outbox. There are such if the refused mutation
    /// was to bring a deleted entity back: the edits made since would go onto the tombstone, as if their person did
    /// not know of the deletion.
    fn fall_back(
        &mut self,
        refused: &Mutation,
        parts: &[(MutationSeq, Mutation)],
    ) -> Vec<(MutationSeq, Mutation)> {
        let id = refused.entity;
        let seqs = self.seqs_of(id);
        let deleted = refused.base.get(&Field::Deleted).filter(|cell| !cell.0.is_null());
        let back = deleted.filter(|_| refused.set.get(&Field::Deleted).is_some_and(Value::is_null));
        let shown = back.map(|cell| Cell(Value::Null, cell.1));
        let mut behind = Vec::new();
        for seq in seqs {
            let Some(later) = self.outbox.get_mut(&seq) else {
                continue;
            };
            if shown.is_some() && later.origin.is_none() && later.base.get(&Field::Deleted) == shown.as_ref()
            {
                behind.extend(self.dequeue(seq).map(|mutation| (seq, mutation)));
                continue;
            }
            let known = self.base.get(&id);
            // If nobody else knows the entity, the next mutation creates it from the values that are known here.
            // `deleted` is not among those, because this replica shows the entity as not deleted.
            let counts = |field: &Field| known.is_some() || *field == Field::Deleted;
            for (field, value) in refused.set.iter().filter(|(field, _)| counts(field)) {
                if let Some(seen) = later.base.get_mut(field).filter(|seen| seen.0 == *value) {
                    // A part of the refused mutation may have taken effect earlier, if only the answer to it was lost.
                    // The base has its value then.
                    let taken = known.and_then(|known| known.fields.get(field)).filter(|cell| {
                        let mut parts = parts.iter().map(|(_, part)| part.set.get(field));
                        parts.any(|set| set == Some(&cell.0))
                    });
                    *seen = taken.or(refused.base.get(field)).cloned().unwrap_or_default();
                }
            }
        }
        behind
    }

    fn enqueue(&mut self, seq: MutationSeq, mutation: Mutation) {
        self.waiting.entry(mutation.entity).or_default().insert(seq);
        self.outbox.insert(seq, Box::new(mutation));
    }

    fn dequeue(&mut self, seq: MutationSeq) -> Option<Mutation> {
        let mutation = *self.outbox.remove(&seq)?;
        if let Some(seqs) = self.waiting.get_mut(&mutation.entity) {
            seqs.remove(&seq);
            if seqs.is_empty() {
                self.waiting.remove(&mutation.entity);
            }
        }
        Some(mutation)
    }
}

/// Lays a waiting mutation over an entity. The field's revision becomes the one that the mutation was made on, because
/// a newer value of the server is hidden behind it, and a person who edits on top has not seen that value.
pub fn overlay(entity: &mut Entity, mutation: &Mutation) {
    for (field, value) in &mutation.set {
        let cell = Cell(value.clone(), mutation.base_revision(field));
        entity.fields.insert(field.clone(), cell);
    }
}

fn supersede(seqs: Vec<MutationSeq>, settled: Vec<Mutation>) -> impl Iterator<Item = Entry> {
    let superseded = (!seqs.is_empty()).then_some(Entry::Superseded { seqs });
    superseded
        .into_iter()
        .chain(settled.into_iter().map(Entry::Mutated))
}
