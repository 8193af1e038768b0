//! The core's ledger in memory: what the database has loaded, and what the pushes of the group write over it.
//!
//! Invariant: nothing here touches a database, so a decision can be made again as often as needed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{EntityId, MutationId, MutationSeq, ReplicaId, Revision, UserId};
use tsugi_sync::protocol::{Author, RefusalCode};
use tsugi_sync::sequencer::{Change, Ledger, Receipt, Refusal};

use super::StoreError;
use super::needs::{Loaded, Made};
use super::push::Push;
use super::writes::{ChangeRow, EntityRow, ReplicaRow, Writes};
use crate::config::ENTITY_BYTES;

/// What a group writes, and the entities as it leaves them.
pub(super) type Written = (Writes, BTreeMap<EntityId, Arc<Entity>>);

pub(super) struct MemoryLedger<'a> {
    loaded: &'a Loaded,
    entities_per_workspace: u64,
    /// The push that is decided on.
    push: &'a Push,
    writes: Writes,
    /// The entities as the group has left them so far.
    entities: BTreeMap<EntityId, Arc<Entity>>,
    /// The group's own changes, as receipts and as what later pushes of the group look up.
    receipts: BTreeMap<MutationId, Receipt>,
    made: BTreeMap<Revision, Made>,
    /// Revisions whose changes the decision needs and the database has not been asked for.
    missing: BTreeSet<Revision>,
}

impl<'a> MemoryLedger<'a> {
    pub(super) fn new(loaded: &'a Loaded, entities_per_workspace: u64, first: &'a Push) -> Self {
        Self {
            loaded,
            entities_per_workspace,
            push: first,
            writes: Writes {
                revision: loaded.head.revision,
                mark: loaded.head.mark,
                entity_count: loaded.entity_count,
                ..Writes::default()
            },
            entities: BTreeMap::new(),
            receipts: BTreeMap::new(),
            made: BTreeMap::new(),
            missing: BTreeSet::new(),
        }
    }

    /// Goes on to the next push of the group.
    pub(super) fn turn_to(&mut self, push: &'a Push) {
        self.push = push;
    }

    /// The authors of the changes after `revision`, which are the group's own.
    pub(super) fn authors_after(&self, revision: Revision) -> Vec<(Revision, Author)> {
        let after = self.made.range(revision.next()..);
        after
            .map(|(revision, made)| (*revision, made.author.clone()))
            .collect()
    }

    /// Everything to write, and the entities as they are then; or the revisions without which the decisions do not count.
    pub(super) fn finish(self) -> Result<Written, BTreeSet<Revision>> {
        match self.missing.is_empty() {
            true => Ok((self.writes, self.entities)),
            false => Err(self.missing),
        }
    }

    fn owner(&self, replica: ReplicaId) -> Option<UserId> {
        let written = self.writes.replicas.get(&replica).map(|row| row.user);
        written.or_else(|| self.loaded.replicas.get(&replica).copied())
    }

    /// The name of the device that made a mutation of this push. If another replica brings the mutation, the name is
    /// not known.
    fn device_of(&self, replica: ReplicaId) -> &str {
        match replica == self.push.replica {
            true => &self.push.device,
            false => "",
        }
    }

    fn made_at(&mut self, revision: Revision) -> Option<&Made> {
        if let Some(made) = self.made.get(&revision) {
            return Some(made);
        }
        let known = self.loaded.made.get(&revision);
        if known.is_none() {
            self.missing.insert(revision);
        }
        known.and_then(Option::as_ref)
    }

    fn note_replica(&mut self, id: MutationId, revision: Revision) {
        let device = self.device_of(id.replica).to_owned();
        let row = self
            .writes
            .replicas
            .entry(id.replica)
            .or_insert_with(|| ReplicaRow {
                user: self.push.user,
                device: String::new(),
                latest: None,
            });
        // The version vector says what a replica itself has brought. If another replica brings this mutation, the
        // earlier ones may still be missing.
        if id.replica == self.push.replica {
            row.device = device;
            let latest = row.latest.filter(|(seq, _)| *seq > id.seq);
            row.latest = latest.or(Some((id.seq, revision)));
        }
    }
}

impl Ledger for MemoryLedger<'_> {
    type Error = StoreError;

    fn may_speak_for(&mut self, replica: ReplicaId) -> Result<bool, StoreError> {
        Ok(self.owner(replica).is_none_or(|owner| owner == self.push.user))
    }

    fn receipt(&mut self, id: MutationId) -> Result<Option<Receipt>, StoreError> {
        let receipt = self.receipts.get(&id).or_else(|| self.loaded.receipts.get(&id));
        Ok(receipt.cloned())
    }

    fn receipts(
        &mut self,
        replica: ReplicaId,
        entity: EntityId,
        since: MutationSeq,
        before: MutationSeq,
    ) -> Result<Vec<Revision>, StoreError> {
        let Some(entity) = self.entity(entity)? else {
            return Ok(Vec::new());
        };
        // A replica may have any number of receipts between two of its mutations, but only those of values that still
        // stand count, and an entity has no more of these than fields.
        let standing: BTreeSet<_> = entity.fields.values().map(|cell| cell.1).collect();
        let mut own = Vec::new();
        for revision in standing {
            let is_own = self.made_at(revision).is_some_and(|made| {
                made.author.replica == Some(replica) && made.seq >= since && made.seq < before
            });
            if is_own {
                own.push(revision);
            }
        }
        Ok(own)
    }

    fn entity(&mut self, id: EntityId) -> Result<Option<Entity>, StoreError> {
        if let Some(entity) = self.entities.get(&id) {
            return Ok(Some(Entity::clone(entity)));
        }
        match self.loaded.entities.get(&id) {
            None => Ok(None),
            Some(Ok(entity)) => Ok(Some(Entity::clone(entity))),
            Some(Err(damage)) => Err(StoreError::Damaged(damage.clone())),
        }
    }

    fn author(&mut self, revision: Revision) -> Result<Option<Author>, StoreError> {
        Ok(self.made_at(revision).map(|made| made.author.clone()))
    }

    fn store(&mut self, change: Change<'_>) -> Result<Result<(), Refusal>, StoreError> {
        if change.created && self.writes.entity_count >= self.entities_per_workspace {
            let full = "the workspace is full".to_owned();
            return Ok(Err(Refusal(RefusalCode::QuotaExceeded, full)));
        }
        let entity = change.entity;
        let fields = serde_json::to_string(&entity.fields).map_err(StoreError::Fields)?;
        if fields.len() > ENTITY_BYTES {
            let message = format!("the entity would be larger than {ENTITY_BYTES} bytes");
            return Ok(Err(Refusal(RefusalCode::Invalid, message)));
        }
        let patch = serde_json::to_string(&change.mutation.set).map_err(StoreError::Fields)?;
        self.note_replica(change.id, change.revision);
        let row = EntityRow {
            kind: entity.kind.clone(),
            fields,
            revision: change.revision,
            deleted: entity.is_deleted(),
        };
        self.writes.entity_count += u64::from(change.created);
        self.writes.entities.insert(entity.id, row);
        self.writes.changes.push(ChangeRow {
            revision: change.revision,
            mark: change.mark,
            entity: entity.id,
            replica: change.id.replica,
            seq: change.id.seq,
            patch,
            hlc: change.hlc,
        });
        (self.writes.revision, self.writes.mark) = (change.revision, change.mark);
        self.entities.insert(entity.id, Arc::new(entity.clone()));
        let receipt = Receipt {
            revision: change.revision,
            entity: entity.id,
            set: change.mutation.set.clone(),
        };
        self.receipts.insert(change.id, receipt);
        let author = Author {
            user: self.push.user,
            device: self.device_of(change.id.replica).to_owned(),
            at: change.hlc.at,
            tick: change.hlc.tick,
            replica: Some(change.id.replica),
        };
        let made = Made {
            author,
            seq: change.id.seq,
        };
        self.made.insert(change.revision, made);
        Ok(Ok(()))
    }
}
