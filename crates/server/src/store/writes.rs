//! What the pushes of a group write into one workspace: values, for any database to store.

use std::collections::BTreeMap;

use tsugi_sync::entity::Kind;
use tsugi_sync::hlc::Hlc;
use tsugi_sync::ids::{EntityId, Mark, MutationSeq, ReplicaId, Revision, UserId};

/// Everything that takes effect in one workspace.
#[derive(Debug, Default)]
pub(super) struct Writes {
    /// The workspace's new head. The revision is the old one if nothing takes effect.
    pub(super) revision: Revision,
    pub(super) mark: Mark,
    pub(super) entity_count: u64,
    pub(super) entities: BTreeMap<EntityId, EntityRow>,
    pub(super) replicas: BTreeMap<ReplicaId, ReplicaRow>,
    pub(super) changes: Vec<ChangeRow>,
}

/// An entity as it is after the group.
#[derive(Debug)]
pub(super) struct EntityRow {
    pub(super) kind: Kind,
    /// JSON: field → [value, revision].
    pub(super) fields: String,
    pub(super) revision: Revision,
    pub(super) deleted: bool,
}

/// A replica whose mutations take effect.
#[derive(Debug)]
pub(super) struct ReplicaRow {
    pub(super) user: UserId,
    /// The name of its device. Empty if only another replica has brought its mutations.
    pub(super) device: String,
    /// The highest of its mutations that it has brought itself, with its revision.
    pub(super) latest: Option<(MutationSeq, Revision)>,
}

/// A change with its receipt.
#[derive(Debug)]
pub(super) struct ChangeRow {
    pub(super) revision: Revision,
    pub(super) mark: Mark,
    pub(super) entity: EntityId,
    pub(super) replica: ReplicaId,
    pub(super) seq: MutationSeq,
    /// JSON: field → value, as the mutation set it.
    pub(super) patch: String,
    pub(super) hlc: Hlc,
}
