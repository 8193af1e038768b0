//! A replica: one local copy of a workspace. Base (what the server has said) plus outbox (what it has not answered
//! yet) is the view, at every moment.
//!
//! Nothing here changes but by folding an [`Entry`] of the log. What a replica would write to the log is an answer of
//! its methods; the caller makes it durable, and then folds it.

mod checkpoint;
mod crossing;
mod rebase;
mod undo;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use checkpoint::{Checkpoint, CheckpointError, Restoring};
use rebase::begin_again;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::conflict::{self, Conflict};
use crate::entity::{Cell, Entity, Field, Fields, Kind};
use crate::fault::{Fault, planted};
use crate::hlc::Hlc;
use crate::ids::{
    EntityId, Epoch, Mark, MutationId, MutationSeq, ReplicaId, Revision, Timestamp, WorkspaceId,
};
use crate::limits;
use crate::log::Entry;
use crate::mutation::Mutation;
use crate::protocol::{Author, Authored, Delta, Fate, Outcome, RefusalCode, Snapshot};
use crate::settle::{Context, one_intent, settle};
use crate::value::Value;
use crate::vector::VersionVector;

/// A mutation that the server refused. It keeps what the person typed until they decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    pub mutation: Mutation,
    pub code: RefusalCode,
    pub message: String,
}

/// A mutation that the server has acknowledged: at which revision, and when, by the server's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Acknowledged {
    mutation: Mutation,
    revision: Revision,
    /// Whether it took effect at this very revision: it went up alone, or was the last of several that went up as one.
    receipt: bool,
    at: Timestamp,
    /// The name under which a server that has it keeps its receipt: its own, or the last one's of those that it went up
    /// with. 0 where there is no receipt, and where an earlier build did not write the name down.
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
    /// None until the first snapshot, and again when the base is not to be trusted.
    epoch: Option<Epoch>,
    /// The epoch in which the revisions of base and outbox count. It outlives distrust of the base.
    basis: Option<Epoch>,
    cursor: Revision,
    /// Of the cursor.
    mark: Mark,
    /// What of each replica the server is known to have.
    vector: VersionVector,
    /// Shared with a checkpoint or a copy while one is made: to take those costs next to nothing.
    base: BTreeMap<EntityId, Arc<Entity>>,
    outbox: BTreeMap<MutationSeq, Mutation>,
    /// The outbox by entity; empty sets are removed.
    waiting: BTreeMap<EntityId, BTreeSet<MutationSeq>>,
    parked: BTreeMap<MutationSeq, Parked>,
    /// The latest acknowledged mutations. A server whose data were restored may have lost them.
    acknowledged: BTreeMap<MutationSeq, Acknowledged>,
    /// When this replica last wrote.
    clock: Hlc,
    /// What waited up to here goes up one by one: what it was squashed to before, if it was, is not known any more, or
    /// others know it by its own names.
    one_by_one: MutationSeq,
    /// The parts of a snapshot so far.
    staging: Vec<Entity>,
    /// The key of the last row folded.
    position: u64,
}

/// The next mutation of an entity as it goes up: it stands for all from `since` to `seq`.
#[derive(Clone, Debug)]
pub struct NextIntent {
    pub since: MutationSeq,
    pub seq: MutationSeq,
    pub covers: usize,
    pub mutation: Mutation,
}

/// What a person wants of one entity.
#[derive(Clone, Debug)]
pub struct Edit {
    pub entity: EntityId,
    pub kind: Kind,
    pub set: Fields,
    /// For a field that may have changed since the person looked: the value they were looking at. For `deleted`, too:
    /// who edits in one tab may not see yet that the entity was deleted in another.
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
            outbox: BTreeMap::new(),
            waiting: BTreeMap::new(),
            parked: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
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

    /// Tells the history in which the cursor counts from any other.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// What of each replica is in what the server is known to have. Never more than it has, but maybe less.
    #[must_use]
    pub fn vector(&self) -> &VersionVector {
        &self.vector
    }

    /// Whether the change with this revision was made by this very replica, as far as it remembers.
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

    /// The key of the last log row in this state.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    #[must_use]
    pub fn outbox(&self) -> &BTreeMap<MutationSeq, Mutation> {
        &self.outbox
    }

    #[must_use]
    pub fn parked(&self) -> &BTreeMap<MutationSeq, Parked> {
        &self.parked
    }

    #[must_use]
    pub fn is_waiting(&self, id: EntityId) -> bool {
        self.waiting.contains_key(&id)
    }

    /// What the server has said of an entity.
    #[must_use]
    pub fn base(&self, id: EntityId) -> Option<&Entity> {
        self.base.get(&id).map(Arc::as_ref)
    }

    /// Every entity there is in the view, tombstones too.
    pub fn ids(&self) -> impl Iterator<Item = EntityId> {
        self.base.keys().copied().chain(
            self.waiting
                .keys()
                .copied()
                .filter(|id| !self.base.contains_key(id)),
        )
    }

    /// The entity as the person sees it: what the server has said, and over it what they did since.
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
            .filter_map(|seq| self.outbox.get(seq))
    }

    /// What waits first on an entity, and all that may go up with it: what one person did in one intent and one group
    /// is one mutation on the wire, where `squash` says so.
    #[must_use]
    pub fn next_intent(&self, id: EntityId, squash: bool) -> Option<NextIntent> {
        let mut seqs = self.waiting.get(&id)?.iter();
        let since = *seqs.next()?;
        let mut next = NextIntent {
            since,
            seq: since,
            covers: 1,
            mutation: self.outbox.get(&since)?.clone(),
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

    /// The mutation that carries out an edit, made on what the view shows now.
    #[must_use]
    pub fn edit(&self, edit: Edit) -> Mutation {
        self.edit_after(self.clock, edit)
    }

    /// The mutations that carry out edits of several entities, each of another one.
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
        let mut base = BTreeMap::new();
        for (field, cell) in view.iter().flat_map(|entity| &entity.fields) {
            if deletes || *field == Field::Deleted || edit.set.contains_key(field) {
                base.insert(field.clone(), cell.clone());
            }
        }
        for (field, seen) in edit.seen {
            let shown = base.get(&field).map(|cell| &cell.0).cloned().unwrap_or_default();
            let counts = field == Field::Deleted || edit.set.contains_key(&field);
            if shown != seen && counts && !planted(Fault::SeenIgnored) {
                // It changed under the person's hands: they never saw what is there now.
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
        // What was last written with a wild clock counts no more than a minute.
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

    /// The mutations by which a person settles a conflict: the result on what it is about, and the conflict itself,
    /// resolved. Nothing where there is no such conflict.
    ///
    /// `shown` is the other side as the person had it before them. If the subject has moved on since, they have not
    /// seen that, and it is asked about in its turn.
    #[must_use]
    pub fn resolve(
        &self,
        conflict: EntityId,
        results: Fields,
        shown: Fields,
        at: Timestamp,
        group: Uuid,
    ) -> Vec<Mutation> {
        let Some(conflict) = self.view(conflict).as_ref().and_then(Conflict::read) else {
            return Vec::new();
        };
        let edit = |entity, kind, set, seen| {
            self.edit(Edit {
                entity,
                kind,
                set,
                seen,
                at,
                group: Some(group),
            })
        };
        let subject = self.view(conflict.subject);
        let differs = |field: &Field, value: &Value| {
            subject
                .as_ref()
                .is_none_or(|subject| subject.value(field) != value)
        };
        let set: Fields = results
            .iter()
            .filter(|(f, v)| differs(f, v))
            .map(|(f, v)| (f.clone(), v.clone()))
            .collect();
        let mut mutations = Vec::new();
        if !set.is_empty() {
            mutations.push(edit(conflict.subject, conflict.subject_kind.clone(), set, shown));
            if planted(Fault::ResolutionWithoutParents) {
                mutations[0].base.clear();
            }
        }
        let resolved = conflict::resolved(&results);
        mutations.push(edit(conflict.id, Kind::Conflict, resolved, Fields::new()));
        mutations
    }

    /// What the log must hold once `delta` is taken in: the delta, and what becomes of mutations in conflict.
    ///
    /// The answer holds for [`Self::position`]: the transaction that writes it makes sure that the log has no later
    /// row. If another tab was faster, fold its rows and ask again, else its edit would be settled without being read.
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
        let mut entries = vec![Entry::Received(delta)];
        entries.extend(begun_again);
        if planted(Fault::ConflictNotSuperseded) {
            superseded.clear();
        }
        entries.extend(supersede(superseded, settled));
        entries
    }

    /// What the log must hold once a whole snapshot is taken in.
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
        parts.into_iter().map(entry).collect()
    }

    /// What the log must hold where the server does not know the entity of this mutation: it begins anew, with all that
    /// the same person wanted of it since. What waited behind would be told that it is unknown, too, begin it a second
    /// time, and be in conflict with the first.
    fn begin_again(&self, seq: MutationSeq) -> Vec<Entry> {
        let Some(mut all) = self.up_to(seq).filter(|mutation| !mutation.base.is_empty()) else {
            return Vec::new();
        };
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
        let anew = [Entry::Discarded { seq }, Entry::Mutated(begin_again(&all))];
        superseded.into_iter().chain(anew).collect()
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
        let mut settled = Vec::new();
        let mut rest = waiting.as_slice();
        while let Some((first, _)) = rest.first() {
            let mutations: Vec<&Mutation> = rest.iter().map(|(_, mutation)| *mutation).collect();
            let together = one_intent(&mutations);
            let context = Context {
                first: MutationId {
                    replica: self.id,
                    seq: **first,
                },
                // Where an imported one was made is not known.
                device: if mutations[0].origin.is_some() { "" } else { device },
                by,
                others,
            };
            settled.extend(settle(&mutations[..together], Some(remote), context));
            rest = &rest[together..];
        }
        settled
    }

    /// Takes in one row of the log. Answers the entities whose view may have changed.
    ///
    /// Rows come in the order of their keys, and none is left out; one that comes again changes nothing.
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
                self.staging.clear();
                BTreeSet::new()
            }
        }
    }

    /// The mutation has been settled. What it wanted and the server has is as good as acknowledged.
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

    fn take_in(&mut self, delta: Delta) -> BTreeSet<EntityId> {
        let mut touched = BTreeSet::new();
        if self.basis != Some(delta.epoch) {
            // Another history: its revisions, and what it says of mutations made in this one, mean nothing here.
            return touched;
        }
        if !self.continues(&delta) {
            return touched;
        }
        for Outcome { seq, fate } in delta.outcomes {
            touched.extend(self.answer(seq, fate, delta.at));
        }
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

    /// Whether a delta begins where this replica stands. After a gap nothing of it counts, answers neither: they are
    /// given again once the gap is filled. Were they to count, the base would hold what the cursor does not speak of,
    /// and keep it where the server's data are restored to a point between the two.
    fn continues(&self, delta: &Delta) -> bool {
        // The server leaves out what this replica should know by itself. If it does not, that is a gap, too.
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
            // The mutation itself is superseded by a row of its own.
            Fate::Conflict { current, .. } => self.outbox.contains_key(&seq).then(|| {
                self.base_mut(current.id, &current.kind).absorb(current.fields);
                current.id
            }),
            Fate::Refused { code, message } => {
                let mutation = self.up_to(seq)?;
                let (id, parts) = self.dequeue_up_to(seq)?;
                let behind = self.fall_back(&mutation, &parts);
                let refused = [(seq, mutation)].into_iter().chain(behind);
                let parked = refused.map(|(seq, mutation)| {
                    let (code, message) = (code.clone(), message.clone());
                    let parked = Parked {
                        mutation,
                        code,
                        message,
                    };
                    (seq, parked)
                });
                if !planted(Fault::RefusedDropped) {
                    self.parked.extend(parked);
                }
                Some(id)
            }
        }
    }

    /// What waits on an entity up to this mutation, as one.
    fn up_to(&self, seq: MutationSeq) -> Option<Mutation> {
        let seqs = self.waiting.get(&self.outbox.get(&seq)?.entity)?.range(..=seq);
        let mut mutations = seqs.filter_map(|seq| self.outbox.get(seq));
        let mut all = mutations.next()?.clone();
        mutations.for_each(|next| all.squash(next));
        Some(all)
    }

    /// An answer to a mutation answers all that waited before it on the same entity: they went up as one.
    fn dequeue_up_to(&mut self, seq: MutationSeq) -> Option<(EntityId, Vec<(MutationSeq, Mutation)>)> {
        let id = self.outbox.get(&seq)?.entity;
        let mut seqs: Vec<_> = self.waiting.get(&id)?.range(..=seq).copied().collect();
        if planted(Fault::AnswerNotForAll) {
            seqs = vec![seq];
        }
        let answered = seqs.into_iter().filter_map(|seq| Some((seq, self.dequeue(seq)?)));
        Some((id, answered.collect()))
    }

    /// The server took these mutations: their values are base now, and what waits behind them was made on them. With
    /// `current`, the base is that: one of the values may stand since another revision, or not any more.
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
                // A tombstone of long ago has nothing else left.
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
        let mut cells = BTreeMap::new();
        // What the cursor includes is in the base, with all that came after it.
        if revision > self.cursor && !planted(Fault::AckWithoutBase) {
            let cell = |(field, value)| (field, Cell(value, revision));
            cells.extend(set.into_iter().map(cell));
        }
        cells.extend(current.into_iter().flat_map(|current| current.fields));
        self.base_mut(id, &last.kind).absorb(cells);
    }

    /// The server did not take this mutation, which stood for `parts`: what waits behind it was made on what it was made on,
    /// as far as anybody else knows. Else its person would be asked about their own values of before.
    ///
    /// Answers what cannot go on without it, taken out of the outbox: where it was to bring the entity back, what was
    /// done to the entity since. It would go onto the tombstone, by somebody who does not know of one.
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
            // Where nobody else knows any of it, it begins with what is known here; but not deleted, for that is not shown.
            let counts = |field: &Field| known.is_some() || *field == Field::Deleted;
            for (field, value) in refused.set.iter().filter(|(field, _)| counts(field)) {
                if let Some(seen) = later.base.get_mut(field).filter(|seen| seen.0 == *value) {
                    // A part may have taken effect before: only the answer was lost, and what is refused now is more.
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
        self.outbox.insert(seq, mutation);
    }

    fn dequeue(&mut self, seq: MutationSeq) -> Option<Mutation> {
        let mutation = self.outbox.remove(&seq)?;
        if let Some(seqs) = self.waiting.get_mut(&mutation.entity) {
            seqs.remove(&seq);
            if seqs.is_empty() {
                self.waiting.remove(&mutation.entity);
            }
        }
        Some(mutation)
    }
}

/// Lays a waiting mutation over what is seen of its entity. A field's revision is the one the mutation was made on:
/// what the server has said of the field since is hidden, and whoever edits on top has not seen it.
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
