//! What the pushes of a group ask of a workspace, and what a database answers.
//!
//! The decision on a push is made in memory. Before it, the database reads everything that the pushes name, in a few
//! statements. What only the decision shows (who wrote the value that stands in the way) is asked for by
//! [`Needs::revisions`] in a second turn.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{EntityId, MutationId, MutationSeq, ReplicaId, Revision, UserId};
use tsugi_sync::protocol::Author;
use tsugi_sync::sequencer::Receipt;
use tsugi_sync::subscription::Head;

use super::push::Push;
use super::role::Role;

/// What the pushes to one workspace name.
#[derive(Debug, Default)]
pub(super) struct Needs {
    pub(super) users: BTreeSet<UserId>,
    pub(super) replicas: BTreeSet<ReplicaId>,
    /// The mutations whose receipts are looked up.
    pub(super) mutations: BTreeSet<MutationId>,
    pub(super) entities: BTreeSet<EntityId>,
}

impl Needs {
    pub(super) fn of(pushes: &[Push]) -> Self {
        let mut needs = Self::default();
        for push in pushes {
            needs.users.insert(push.user);
            needs.replicas.insert(push.replica);
            for mutation in &push.mutations {
                let id = mutation.id(push.replica);
                needs.replicas.insert(id.replica);
                needs.mutations.insert(id);
                needs.entities.insert(mutation.entity);
            }
        }
        needs
    }
}

/// What the database knows of them, at the moment of the transaction.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) head: Head,
    /// How many entities the workspace has.
    pub(super) entity_count: u64,
    /// The users that are members.
    pub(super) roles: BTreeMap<UserId, Role>,
    /// The replicas that are known, with the users that they belong to.
    pub(super) replicas: BTreeMap<ReplicaId, UserId>,
    pub(super) receipts: BTreeMap<MutationId, Receipt>,
    /// The entities that exist. One that cannot be read fails only the pushes that need it.
    pub(super) entities: BTreeMap<EntityId, Result<Arc<Entity>, String>>,
    /// Who made the changes at the revisions that were asked for; none if that is forgotten.
    pub(super) made: BTreeMap<Revision, Option<Made>>,
}

/// How a change came about.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) author: Author,
    pub(super) seq: MutationSeq,
}
