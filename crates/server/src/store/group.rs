//! The pushes of one group commit: split by workspace before they are decided on, gathered by workspace while they are decided on, published when they are durable.
//!
//! Invariant: nothing is published before the commit, and each origin is told the outcome, whether the commit
//! succeeds or not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{EntityId, Epoch, Mark, Revision, Timestamp, WorkspaceId};
use tsugi_sync::protocol::{Author, Outcome};
use tsugi_sync::sorted_map::SortedMap;

use super::StoreError;
use super::decide::{Decided, Pushed};
use super::measured::{Measured, tell_fates};
use super::push::Push;
use crate::events::{Batch, EventProcessor, Letter, Mailbox};
use crate::metrics;

/// The pushes of a group by workspace, in the order in which they came.
pub(super) type Split = BTreeMap<WorkspaceId, Vec<Push>>;

pub(super) fn by_workspace(pushes: Vec<Push>) -> Split {
    let mut split: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for push in pushes {
        split.entry(push.workspace).or_default().push(push);
    }
    split
}

/// Tells the origins that their pushes were not stored.
pub(super) fn fail(split: Split, events: &EventProcessor) {
    let mut group = PushGroup::new(Timestamp(0));
    for push in split.into_values().flatten() {
        group.settle(push, Err(StoreError::NotCommitted));
    }
    group.publish(events);
}

/// The outcomes of one group's pushes, gathered by workspace.
pub(super) struct PushGroup {
    now: Timestamp,
    workspaces: BTreeMap<WorkspaceId, Gathered>,
    letters: Vec<(Arc<Mailbox>, Letter)>,
    received: Vec<Instant>,
    measured: Measured,
}

struct Gathered {
    epoch: Epoch,
    from: Revision,
    to: Revision,
    mark: Mark,
    changed: BTreeMap<EntityId, Entity>,
    authors: Vec<(Revision, Author)>,
    origins: Vec<Origin>,
    bytes: usize,
    already_applied: u64,
    squashed: u64,
}

struct Origin {
    mailbox: Arc<Mailbox>,
    outcomes: Vec<Outcome>,
    /// Mutations that were not decided on.
    left: usize,
    /// The cells that this push wrote, to tell them from those of others.
    own: BTreeMap<EntityId, Entity>,
}

impl PushGroup {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            now,
            workspaces: BTreeMap::new(),
            letters: Vec::new(),
            received: Vec::new(),
            measured: Measured::default(),
        }
    }

    /// Notes the outcome of a push.
    pub(super) fn settle(&mut self, push: Push, result: Result<Pushed, StoreError>) {
        let mutations = push.mutations.len();
        match result {
            Ok(Pushed::Decided(decided)) => {
                self.received.push(push.received);
                for (mutation, outcome) in push.mutations.iter().zip(&decided.outcomes) {
                    self.measured.add(mutation, &outcome.fate, decided.from, self.now);
                }
                let left = mutations - decided.outcomes.len();
                self.gather(push.workspace, push.origin, (decided, left), push.bytes);
            }
            Ok(Pushed::NotMember) => {
                let letter = Letter::NotMember {
                    workspace: push.workspace,
                    mutations,
                };
                self.letters.push((push.origin, letter));
            }
            Err(error) => {
                tracing::error!(%error, workspace = %push.workspace, mutations, "a push could not be stored");
                self.letters.push((push.origin, Letter::Failed));
            }
        }
    }

    fn gather(
        &mut self,
        workspace: WorkspaceId,
        mailbox: Arc<Mailbox>,
        (decided, left): (Decided, usize),
        bytes: usize,
    ) {
        let gathered = self.workspaces.entry(workspace).or_insert_with(|| Gathered {
            epoch: decided.epoch,
            from: decided.from,
            to: decided.to,
            mark: decided.mark,
            changed: BTreeMap::new(),
            authors: Vec::new(),
            origins: Vec::new(),
            bytes: 0,
            already_applied: 0,
            squashed: 0,
        });
        (gathered.to, gathered.mark) = (decided.to, decided.mark);
        gathered.bytes += bytes;
        gathered.already_applied += decided.already_applied;
        gathered.squashed += decided.squashed;
        take_in(&mut gathered.changed, &decided.changed);
        gathered.authors.extend(decided.authors);
        let known = gathered
            .origins
            .iter_mut()
            .find(|origin| Arc::ptr_eq(&origin.mailbox, &mailbox));
        match known {
            Some(origin) => {
                origin.outcomes.extend(decided.outcomes);
                origin.left += left;
                take_in(&mut origin.own, &decided.changed);
            }
            None => gathered.origins.push(Origin {
                mailbox,
                outcomes: decided.outcomes,
                left,
                own: decided.changed.into_iter().collect(),
            }),
        }
    }

    /// After the commit: gives the events one batch for each workspace, and each origin its outcomes.
    pub(super) fn publish(self, events: &EventProcessor) {
        for (workspace, gathered) in self.workspaces {
            metrics::repeated(gathered.already_applied, gathered.squashed);
            let alone = gathered.origins.len() == 1;
            let batch = Arc::new(Batch::new(
                workspace,
                gathered.epoch,
                (gathered.from, gathered.to, gathered.mark),
                (gathered.changed.into_values().collect(), gathered.authors),
                self.now,
                gathered.bytes,
            ));
            let mut origins = Vec::with_capacity(gathered.origins.len());
            for origin in gathered.origins {
                tell_fates(&origin.outcomes);
                let others = match alone {
                    true => Vec::new(),
                    false => without(batch.entities(), &origin.own),
                };
                let letter = Letter::Own {
                    batch: Arc::clone(&batch),
                    others,
                    outcomes: origin.outcomes,
                    left: origin.left,
                };
                origins.push((origin.mailbox, letter));
            }
            events.publish(&batch, origins);
        }
        for (mailbox, letter) in self.letters {
            mailbox.post(letter);
        }
        for received in self.received {
            metrics::published(received.elapsed());
        }
        self.measured.tell();
    }
}

fn take_in(all: &mut BTreeMap<EntityId, Entity>, changed: &SortedMap<EntityId, Entity>) {
    for (id, entity) in changed {
        all.entry(*id)
            .or_insert_with(|| Entity::new(*id, entity.kind.clone()))
            .absorb(entity.fields.clone());
    }
}

/// The cells of `all` that are not in `own` at the same revision.
fn without(all: &[Entity], own: &BTreeMap<EntityId, Entity>) -> Vec<Entity> {
    let mut rest = Vec::new();
    for entity in all {
        let mut left = entity.clone();
        if let Some(own) = own.get(&entity.id) {
            left.fields.retain(|field, cell| own.revision_of(field) != cell.1);
        }
        if !left.fields.is_empty() {
            rest.push(left);
        }
    }
    rest
}
