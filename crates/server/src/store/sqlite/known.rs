//! What the writer remembers between its groups, so that a stream of edits reads nothing twice.
//!
//! Invariants: only what is committed is remembered. The writer is the only one that writes, so what it remembers is what
//! the file says. A group that fails, and a job that changes rights or forgets history, empty the memory.
//!
//! Left out: memory for readers, which see the file at a moment of their own.

use std::collections::HashMap;
use std::sync::Arc;

use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{EntityId, MutationSeq, ReplicaId, UserId, WorkspaceId};
use tsugi_sync::subscription::Head;

use super::load::RowIds;
use super::rows::MemberView;
use crate::store::decide::Decisions;
use crate::store::role::Role;

/// Workspaces and replicas that are remembered at least, if as many were needed.
const WORKSPACES: usize = 2_000;
/// Approximate bytes of entities.
const ENTITY_BYTES: usize = 4 * 1024 * 1024;

#[derive(Debug, Default)]
pub(super) struct Known {
    workspaces: Recent<WorkspaceId, KnownWorkspace>,
    entities: Recent<(WorkspaceId, EntityId), KnownEntity>,
}

#[derive(Clone, Debug)]
pub(super) struct KnownWorkspace {
    pub(super) row: i64,
    pub(super) head: Head,
    pub(super) entity_count: u64,
    members: HashMap<UserId, (i64, Role)>,
    replicas: HashMap<ReplicaId, KnownReplica>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct KnownReplica {
    pub(super) row: i64,
    pub(super) owner: UserId,
    /// No mutation of it above this one has a receipt.
    pub(super) latest: MutationSeq,
}

#[derive(Clone, Debug)]
pub(super) struct KnownEntity {
    pub(super) row: i64,
    pub(super) entity: Arc<Entity>,
}

impl Known {
    /// The member's role in the workspace, with the row of the account.
    pub(super) fn member(
        &mut self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Option<(&KnownWorkspace, i64, Role)> {
        let known = self.workspaces.get(&workspace)?;
        let (account, role) = *known.members.get(&user)?;
        Some((known, account, role))
    }

    pub(super) fn replica(&mut self, workspace: WorkspaceId, replica: ReplicaId) -> Option<KnownReplica> {
        self.workspaces.get(&workspace)?.replicas.get(&replica).copied()
    }

    pub(super) fn entity(&mut self, workspace: WorkspaceId, entity: EntityId) -> Option<&KnownEntity> {
        self.entities.get(&(workspace, entity)).map(|known| &*known)
    }

    /// A member was read. What is read in a group that fails is forgotten again.
    pub(super) fn learn_member(&mut self, workspace: WorkspaceId, user: UserId, view: &MemberView) {
        let fresh = || KnownWorkspace {
            row: view.row,
            head: view.head,
            entity_count: view.entities,
            members: HashMap::new(),
            replicas: HashMap::new(),
        };
        let known = self.workspaces.entry(workspace, fresh, 1, WORKSPACES);
        known.members.insert(user, (view.account, view.role));
    }

    pub(super) fn learn_replica(&mut self, workspace: WorkspaceId, id: ReplicaId, replica: KnownReplica) {
        if let Some(known) = self.workspaces.get(&workspace) {
            known.replicas.insert(id, replica);
        }
    }

    pub(super) fn learn_entity(
        &mut self,
        workspace: WorkspaceId,
        row: i64,
        entity: &Arc<Entity>,
        bytes: usize,
    ) {
        let known = KnownEntity {
            row,
            entity: Arc::clone(entity),
        };
        let kept = self
            .entities
            .entry((workspace, entity.id), || known.clone(), bytes, ENTITY_BYTES);
        *kept = known;
    }

    /// A group has written this. It is committed next, or everything is forgotten.
    pub(super) fn learn_writes(&mut self, workspace: WorkspaceId, ids: &RowIds, decisions: &Decisions) {
        let writes = &decisions.writes;
        if let Some(known) = self.workspaces.get(&workspace) {
            (known.head.revision, known.head.mark) = (writes.revision, writes.mark);
            known.entity_count = writes.entity_count;
            for (id, row) in &writes.replicas {
                let fresh = || KnownReplica {
                    row: ids.replicas.get(id).copied().unwrap_or_default(),
                    owner: row.user,
                    latest: MutationSeq(0),
                };
                known.replicas.entry(*id).or_insert_with(fresh);
            }
            for change in &writes.changes {
                if let Some(replica) = known.replicas.get_mut(&change.replica) {
                    replica.latest = replica.latest.max(change.seq);
                }
            }
        }
        for (id, entity) in &decisions.entities {
            if let (Some(row), Some(written)) = (ids.entities.get(id), writes.entities.get(id)) {
                self.learn_entity(workspace, *row, entity, written.fields.len());
            }
        }
    }

    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// A map of two generations: what was not used while the younger one filled up goes with the older one.
#[derive(Debug)]
struct Recent<K, V> {
    young: HashMap<K, (V, usize)>,
    old: HashMap<K, (V, usize)>,
    /// Of the younger generation.
    weight: usize,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            weight: 0,
        }
    }
}

impl<K: std::hash::Hash + Eq + Copy, V> Recent<K, V> {
    fn get(&mut self, key: &K) -> Option<&mut V> {
        if let Some((value, weight)) = self.old.remove(key) {
            self.weight += weight;
            self.young.insert(*key, (value, weight));
        }
        self.young.get_mut(key).map(|(value, _)| value)
    }

    /// The value of the key, which is made if there is none. When the younger generation weighs more than `most`, it
    /// becomes the older one first.
    fn entry(&mut self, key: K, make: impl FnOnce() -> V, weight: usize, most: usize) -> &mut V {
        let known = self.get(&key).is_some();
        if !known {
            if self.weight + weight > most {
                self.old = std::mem::take(&mut self.young);
                self.weight = 0;
            }
            self.weight += weight;
        }
        &mut self.young.entry(key).or_insert_with(|| (make(), weight)).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let mut recent: Recent<u32, u32> = Recent::default();
        for key in 0..100 {
            recent.entry(key, || key * 2, 1, 10);
            assert_eq!(recent.get(&0), Some(&mut 0), "used each time");
        }
        assert!(recent.young.len() + recent.old.len() <= 20);
        assert_eq!(recent.get(&50), None);
        assert_eq!(recent.get(&99), Some(&mut 198));
        let kept = recent.entry(99, || 0, 1, 10);
        assert_eq!(*kept, 198, "it is not made again");
    }
}
