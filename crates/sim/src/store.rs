//! The server's data in memory. The sequencer works on them, and a backup copies them.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;

use tsugi_sync::entity::{Entity, Field, Fields};
use tsugi_sync::ids::{
    EntityId, Epoch, Mark, MutationId, MutationSeq, ReplicaId, Revision, Timestamp, UserId, WorkspaceId,
};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Author, Delta, RefusalCode, Snapshot, changed_by, named};
use tsugi_sync::sequencer::{Change, Ledger, Receipt, Refusal};
use tsugi_sync::subscription::Head;
use tsugi_sync::value::Value;
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

pub const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(7));
/// Entities in one part of a snapshot. They are few, so that snapshots usually have several parts.
const PART: usize = 8;

/// A change as it is stored.
#[derive(Clone, Debug)]
struct Kept {
    entity: EntityId,
    /// Shared with the copies of the store.
    set: Arc<Fields>,
    mark: Mark,
    author: Author,
}

#[derive(Clone, Debug, Default)]
pub struct Store {
    pub entities: BTreeMap<EntityId, Entity>,
    /// The changes by revision, from 1 on.
    changes: Vec<Kept>,
    receipts: BTreeMap<MutationId, Revision>,
    /// How often each mutation took effect. Any number but one is a bug.
    pub effects: BTreeMap<MutationId, u32>,
    vector: BTreeMap<ReplicaId, (MutationSeq, Revision)>,
    horizon: Revision,
    /// Whether every change is refused because there is no room.
    pub full: bool,
    /// Chooses changes that are refused for another reason.
    pub refuses: Option<fn(&PushedMutation) -> bool>,
    /// How often the data were replaced by those of another server.
    replaced: u128,
    /// The name of the pushing replica's device.
    pub device: String,
    /// The values that went away with tombstones.
    pub expired: Vec<(EntityId, Field, Value)>,
    pub repeats: u64,
    pub stood_for: u64,
}

impl Store {
    fn epoch(&self) -> Epoch {
        Epoch(Uuid::from_u128(1 + self.replaced))
    }

    /// Replaces the data by those of another server, which knows of no replica.
    pub fn replace(&mut self) {
        self.replaced += 1;
        self.receipts.clear();
        self.effects.clear();
        self.vector.clear();
    }

    #[must_use]
    pub fn head(&self) -> Head {
        Head {
            epoch: self.epoch(),
            revision: Revision(self.changes.len() as u64),
            mark: self.changes.last().map_or(Mark(0), |change| change.mark),
            horizon: self.horizon,
        }
    }

    #[must_use]
    pub fn mark_at(&self, revision: Revision) -> Option<Mark> {
        let index = usize::try_from(revision.0.checked_sub(1)?).ok()?;
        self.changes.get(index).map(|change| change.mark)
    }

    /// The entries of the version vector that changed after `cursor`.
    #[must_use]
    pub fn vector_since(&self, cursor: Revision) -> VersionVector {
        let newer = self.vector.iter().filter(|(_, (_, revision))| *revision > cursor);
        newer.map(|(replica, (seq, _))| (*replica, *seq)).collect()
    }

    /// Forgets everything before now. Tombstones keep only the fact that they are deleted.
    pub fn expire(&mut self) {
        self.horizon = self.head().revision;
        let horizon = self.horizon;
        for entity in self
            .entities
            .values_mut()
            .filter(|entity| is_buried(entity, horizon))
        {
            let gone = entity
                .fields
                .iter()
                .map(|(field, cell)| (entity.id, field.clone(), cell.0.clone()));
            self.expired.extend(gone);
            entity.fields.retain(|field, _| *field == Field::Deleted);
        }
    }

    /// Whether the entity was deleted too long ago for anybody to come back to it.
    #[must_use]
    pub fn is_buried(&self, entity: &Entity) -> bool {
        is_buried(entity, self.horizon)
    }

    /// The changes in `(from, to]`, as they are told to a replica.
    #[must_use]
    pub fn delta(&self, from: Revision, to: Revision, now: Timestamp, replica: ReplicaId) -> Delta {
        let range = from.0 as usize..to.0 as usize;
        let touched: BTreeSet<EntityId> = self.changes[range].iter().map(|change| change.entity).collect();
        let entities = touched.iter().filter_map(|id| self.entities.get(id));
        let entities: Vec<Entity> = entities.map(|entity| entity.since(from)).collect();
        let author = |revision: Revision| {
            let by = self.changes.get(revision.0 as usize - 1)?.author.clone();
            (by.replica != Some(replica)).then_some((revision, by))
        };
        let authors = changed_by(named(&entities, from, to).into_iter().filter_map(author));
        Delta {
            workspace: WORKSPACE,
            epoch: self.epoch(),
            from,
            to,
            entities,
            outcomes: Vec::new(),
            at: now,
            mark: self.mark_at(to).unwrap_or_default(),
            authors,
        }
    }

    #[must_use]
    pub fn snapshot(&self, now: Timestamp) -> Vec<Snapshot> {
        let Head {
            epoch,
            revision,
            mark,
            ..
        } = self.head();
        // Like the server's, it leaves tombstones out.
        let living: Vec<Entity> = self
            .entities
            .values()
            .filter(|e| !e.is_deleted())
            .cloned()
            .collect();
        let mut parts: Vec<Vec<Entity>> = living.chunks(PART).map(<[Entity]>::to_vec).collect();
        if parts.is_empty() {
            parts.push(Vec::new());
        }
        let count = parts.len();
        let part = |(index, entities)| Snapshot {
            workspace: WORKSPACE,
            epoch,
            revision,
            entities,
            last: index + 1 == count,
            mark,
            vector: match index + 1 == count {
                true => self.vector_since(Revision(0)),
                false => VersionVector::default(),
            },
            at: now,
        };
        parts.into_iter().enumerate().map(part).collect()
    }
}

impl Ledger for Store {
    type Error = Infallible;

    fn may_speak_for(&mut self, _: ReplicaId) -> Result<bool, Infallible> {
        Ok(true)
    }

    fn receipt(&mut self, id: MutationId) -> Result<Option<Receipt>, Infallible> {
        let revision = self.receipts.get(&id).copied();
        self.repeats += u64::from(revision.is_some());
        let receipt = |revision: Revision| {
            let change = &self.changes[revision.0 as usize - 1];
            Receipt {
                revision,
                entity: change.entity,
                set: (*change.set).clone(),
            }
        };
        Ok(revision.map(receipt))
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
        let of_entity = |revision: &Revision| self.changes[revision.0 as usize - 1].entity == entity;
        let own: Vec<_> = range.map(|(_, revision)| *revision).filter(of_entity).collect();
        self.stood_for += u64::from(!own.is_empty());
        Ok(own)
    }

    fn entity(&mut self, id: EntityId) -> Result<Option<Entity>, Infallible> {
        Ok(self.entities.get(&id).cloned())
    }

    fn author(&mut self, revision: Revision) -> Result<Option<Author>, Infallible> {
        let change = self.changes.get(revision.0 as usize - 1);
        Ok(change.map(|change| change.author.clone()))
    }

    fn store(&mut self, change: Change<'_>) -> Result<Result<(), Refusal>, Infallible> {
        let is_refused = self.refuses.is_some_and(|refuses| refuses(change.mutation));
        if self.full || is_refused {
            return Ok(Err(Refusal(
                RefusalCode::QuotaExceeded,
                "the workspace is full".into(),
            )));
        }
        self.changes.push(Kept {
            entity: change.entity.id,
            set: Arc::new(change.mutation.set.clone()),
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
        *self.effects.entry(change.id).or_default() += 1;
        let latest = self.vector.entry(change.id.replica).or_default();
        if change.id.seq > latest.0 {
            *latest = (change.id.seq, change.revision);
        }
        Ok(Ok(()))
    }
}

fn is_buried(entity: &Entity, horizon: Revision) -> bool {
    entity.is_deleted() && entity.revision_of(&Field::Deleted) < horizon
}
