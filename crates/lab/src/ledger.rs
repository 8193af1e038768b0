//! The server's data in memory, on which the sequencer of the core decides.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use tsugi_sync::entity::{Entity, Fields};
use tsugi_sync::ids::{
    EntityId, Epoch, Mark, MutationId, MutationSeq, ReplicaId, Revision, Timestamp, UserId, WorkspaceId,
};
use tsugi_sync::protocol::{Author, Delta, Snapshot, changed_by, named};
use tsugi_sync::sequencer::{Change, Ledger, Receipt, Refusal};
use tsugi_sync::subscription::Head;
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

pub(crate) const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));
const EPOCH: Epoch = Epoch(Uuid::from_u128(2));

/// A change as it is stored.
#[derive(Clone, Debug)]
struct Kept {
    entity: EntityId,
    set: Fields,
    mark: Mark,
    author: Author,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    entities: BTreeMap<EntityId, Entity>,
    /// The changes by revision, from 1 on.
    changes: Vec<Kept>,
    receipts: BTreeMap<MutationId, Revision>,
    vector: BTreeMap<ReplicaId, (MutationSeq, Revision)>,
    /// The name of the pushing replica's device.
    pub(crate) device: String,
}

impl Memory {
    pub(crate) fn head(&self) -> Head {
        Head {
            epoch: EPOCH,
            revision: Revision(self.changes.len() as u64),
            mark: self.changes.last().map_or(Mark(0), |change| change.mark),
            horizon: Revision(0),
        }
    }

    fn change(&self, revision: Revision) -> Option<&Kept> {
        let index = usize::try_from(revision.0.checked_sub(1)?).ok()?;
        self.changes.get(index)
    }

    pub(crate) fn mark_at(&self, revision: Revision) -> Option<Mark> {
        self.change(revision).map(|change| change.mark)
    }

    /// The entries of the version vector that changed after `cursor`.
    pub(crate) fn vector_since(&self, cursor: Revision) -> VersionVector {
        let newer = self.vector.iter().filter(|(_, (_, revision))| *revision > cursor);
        newer.map(|(replica, (seq, _))| (*replica, *seq)).collect()
    }

    /// The changes in `(from, to]`, as they are told to a replica.
    pub(crate) fn delta(&self, from: Revision, to: Revision, now: Timestamp, replica: ReplicaId) -> Delta {
        let kept = (from.0 + 1..=to.0).filter_map(|revision| self.change(Revision(revision)));
        let touched: BTreeSet<EntityId> = kept.map(|change| change.entity).collect();
        let entities = touched.iter().filter_map(|id| self.entities.get(id));
        let entities: Vec<Entity> = entities.map(|entity| entity.since(from)).collect();
        let author = |revision: Revision| {
            let by = self.change(revision)?.author.clone();
            (by.replica != Some(replica)).then_some((revision, by))
        };
        let authors = changed_by(named(&entities, from, to).into_iter().filter_map(author));
        Delta {
            workspace: WORKSPACE,
            epoch: EPOCH,
            from,
            to,
            entities,
            outcomes: Vec::new(),
            at: now,
            mark: self.mark_at(to).unwrap_or_default(),
            authors,
        }
    }

    /// The whole state, in one part: a workspace of the lab is small.
    pub(crate) fn snapshot(&self, now: Timestamp) -> Snapshot {
        let head = self.head();
        let living = self.entities.values().filter(|entity| !entity.is_deleted());
        Snapshot {
            workspace: WORKSPACE,
            epoch: head.epoch,
            revision: head.revision,
            entities: living.cloned().collect(),
            last: true,
            mark: head.mark,
            vector: self.vector_since(Revision(0)),
            at: now,
        }
    }
}

impl Ledger for Memory {
    type Error = Infallible;

    fn may_speak_for(&mut self, _: ReplicaId) -> Result<bool, Infallible> {
        Ok(true)
    }

    fn receipt(&mut self, id: MutationId) -> Result<Option<Receipt>, Infallible> {
        let receipt = |revision: Revision| {
            let change = self.change(revision)?;
            Some(Receipt {
                revision,
                entity: change.entity,
                set: change.set.clone(),
            })
        };
        Ok(self.receipts.get(&id).copied().and_then(receipt))
    }

    fn receipts(
        &mut self,
        replica: ReplicaId,
        entity: EntityId,
        since: MutationSeq,
        before: MutationSeq,
    ) -> Result<Vec<Revision>, Infallible> {
        let id = |seq| MutationId { replica, seq };
        let range = self.receipts.range(id(since)..id(before));
        let of_entity =
            |revision: &Revision| self.change(*revision).is_some_and(|kept| kept.entity == entity);
        Ok(range.map(|(_, revision)| *revision).filter(of_entity).collect())
    }

    fn entity(&mut self, id: EntityId) -> Result<Option<Entity>, Infallible> {
        Ok(self.entities.get(&id).cloned())
    }

    fn author(&mut self, revision: Revision) -> Result<Option<Author>, Infallible> {
        Ok(self.change(revision).map(|change| change.author.clone()))
    }

    fn store(&mut self, change: Change<'_>) -> Result<Result<(), Refusal>, Infallible> {
        self.changes.push(Kept {
            entity: change.entity.id,
            set: change.mutation.set.clone(),
            mark: change.mark,
            author: Author {
                user: UserId(Uuid::nil()),
                device: self.device.clone(),
                at: change.hlc.at,
                tick: change.hlc.tick,
                replica: Some(change.id.replica),
            },
        });
        self.entities.insert(change.entity.id, change.entity.clone());
        self.receipts.insert(change.id, change.revision);
        let latest = self.vector.entry(change.id.replica).or_default();
        if change.id.seq > latest.0 {
            *latest = (change.id.seq, change.revision);
        }
        Ok(Ok(()))
    }
}
