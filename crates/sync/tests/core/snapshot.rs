//! What a snapshot does to what waits and to what was acknowledged, where the server's data went back or forgot.

use std::collections::BTreeMap;

use tsugi_sync::entity::{Cell, Entity, Field, Fields, Kind};
use tsugi_sync::ids::{Epoch, Mark, MutationSeq, ReplicaId, Revision, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::protocol::Delta;
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::value::Value;
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

use crate::harness::entity;

const EPOCH: Epoch = Epoch(Uuid::from_u128(1));
const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(7));

/// A replica, and what the next row of its log is called.
struct Desk {
    replica: Replica,
    key: u64,
}

type Cells<'a> = &'a [(Field, Value, u64)];

fn task(cells: Cells<'_>) -> Entity {
    let mut task = Entity::new(entity(1), Kind::Task);
    task.absorb(
        cells
            .iter()
            .map(|(field, value, at)| (field.clone(), Cell(value.clone(), Revision(*at)))),
    );
    task
}

impl Desk {
    /// At this revision, with a task of these cells, or none.
    fn at(revision: u64, cells: Cells<'_>) -> Self {
        let id = ReplicaId(Uuid::from_u128(100));
        let mut desk = Self {
            replica: Replica::new(id, WORKSPACE),
            key: 0,
        };
        desk.snapshot(revision, cells);
        desk
    }

    fn fold(&mut self, entry: Entry) -> MutationSeq {
        self.key += 1;
        self.replica.fold(self.key, entry);
        MutationSeq(self.key)
    }

    fn snapshot(&mut self, revision: u64, cells: Cells<'_>) {
        let entities = (!cells.is_empty()).then(|| task(cells));
        self.fold(Entry::Bootstrapped {
            epoch: EPOCH,
            revision: Revision(revision),
            entities: entities.into_iter().collect(),
            last: true,
            mark: Mark(0),
            vector: VersionVector::default(),
            at: Timestamp(0),
        });
    }

    fn edit(&mut self, set: &[(Field, Value)]) -> MutationSeq {
        let mutation = self.replica.edit(Edit {
            entity: entity(1),
            kind: Kind::Task,
            set: set.iter().cloned().collect(),
            seen: Fields::new(),
            at: Timestamp(77),
            group: None,
        });
        self.fold(Entry::Mutated(mutation))
    }

    fn news(&self, to: u64, cells: Cells<'_>) -> Delta {
        Delta {
            workspace: WORKSPACE,
            epoch: EPOCH,
            from: self.replica.cursor(),
            to: Revision(to),
            entities: vec![task(cells)],
            outcomes: Vec::new(),
            at: Timestamp(0),
            mark: Mark(0),
        }
    }

    fn waits(&self) -> Vec<&Mutation> {
        self.replica.outbox().values().collect()
    }
}

#[test]
fn nobody_has_heard_of_a_deletion_because_a_snapshot_left_the_tombstone_out() {
    let mut desk = Desk::at(1, &[(Field::Title, "milk".into(), 1)]);
    desk.edit(&[(Field::Notes, "two litres\n".into())]);
    let news = desk.news(2, &[(Field::Deleted, 5.into(), 2)]);
    desk.fold(Entry::Received(news));
    desk.snapshot(2, &[]);
    let known = BTreeMap::from([(Field::Title, Cell("milk".into(), Revision(0)))]);
    assert_eq!(desk.waits()[0].base, known);
}
