//! A server that is restored from copies of which one does not continue the other: which acknowledged mutations a replica
//! pushes again. The numbers say it: `4@3` is the mutation with sequence number 4, at revision 3.

use std::collections::BTreeMap;

use tsugi_sync::entity::{Cell, Entity, Field, Fields, Kind};
use tsugi_sync::ids::{
    EntityId, Epoch, Mark, MutationId, MutationSeq, ReplicaId, Revision, Timestamp, WorkspaceId,
};
use tsugi_sync::log::Entry;
use tsugi_sync::protocol::{Delta, Fate, Outcome};
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::value::Value;
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(7));
const EPOCH: Epoch = Epoch(Uuid::from_u128(1));
const ME: ReplicaId = ReplicaId(Uuid::from_u128(100));

/// Mutation `n` gives entity `n` the title “title n”.
fn entity(number: u64) -> EntityId {
    EntityId(Uuid::from_u128(u128::from(number) << 64))
}

fn title(number: u64) -> String {
    format!("title {number}")
}

struct Device(Replica);

impl Device {
    /// A replica that has made these mutations, each of an entity of its own.
    fn with(mutations: u64) -> Self {
        let mut device = Self(Replica::new(ME, WORKSPACE));
        device.restored(0, &[]);
        for number in 1..=mutations {
            device.rename(number, &title(number));
        }
        device
    }

    fn fold(&mut self, entry: Entry) {
        self.0.fold(self.0.position() + 1, entry);
    }

    /// Sequence numbers are the keys of the rows, which begin with the first snapshot: the first mutation is 2.
    fn rename(&mut self, number: u64, title: &str) {
        let edit = Edit {
            entity: entity(number),
            kind: Kind::Task,
            set: Fields::from([(Field::Title, title.into())]),
            seen: Fields::new(),
            at: Timestamp(5),
            group: None,
        };
        let mutation = self.0.edit(edit);
        self.fold(Entry::Mutated(mutation));
    }

    /// The server has taken the mutation with this number, at the next revision.
    fn accepted(&mut self, seq: u64) {
        let from = self.0.cursor();
        let revision = from.next();
        let fate = Fate::Accepted {
            revision,
            current: None,
        };
        self.fold(Entry::Received(Delta {
            workspace: WORKSPACE,
            epoch: EPOCH,
            from,
            to: revision,
            entities: Vec::new(),
            outcomes: vec![Outcome {
                seq: MutationSeq(seq),
                fate,
            }],
            at: Timestamp(10),
            mark: Mark(revision.0 + 1000 * seq),
            authors: Vec::new(),
        }));
    }

    /// A snapshot of a copy that has these mutations, in this order, from revision 1 on.
    fn restored(&mut self, epoch_of_copy: u64, order: &[u64]) {
        let mut entities = BTreeMap::new();
        let mut vector = VersionVector::default();
        for (index, seq) in order.iter().enumerate() {
            let number = seq - 1;
            let mut of = Entity::new(entity(number), Kind::Task);
            of.absorb([(
                Field::Title,
                Cell(Value::Text(title(number)), Revision(index as u64 + 1)),
            )]);
            entities.insert(of.id, of);
            vector.include(MutationId {
                replica: ME,
                seq: MutationSeq(*seq),
            });
        }
        self.fold(Entry::Bootstrapped {
            epoch: EPOCH,
            revision: Revision(order.len() as u64),
            entities: entities.into_values().collect(),
            last: true,
            mark: Mark(epoch_of_copy),
            vector,
            at: Timestamp(10),
        });
    }

    fn waiting(&self) -> Vec<u64> {
        self.0.outbox().keys().map(|seq| seq.0).collect()
    }
}

#[test]
fn what_is_above_the_entry_of_the_copy_is_not_there() {
    let mut device = Device::with(4);
    // 2@1, 3@2; then, from an older copy on: 5@3, 4@4.
    [2, 3, 5, 4].into_iter().for_each(|seq| device.accepted(seq));
    assert_eq!(device.waiting(), [0_u64; 0]);
    // A newer copy of the first history has 2@1, 3@2, 4@3. The entry 4 took effect here after 5, and there before it.
    device.restored(9, &[2, 3, 4]);
    assert_eq!(device.waiting(), [5]);
}

#[test]
fn what_is_below_the_entry_of_the_copy_may_not_be_there_either() {
    let mut device = Device::with(4);
    // 2@1, 3@2; then, from an older copy on: 4@3, 5@4.
    [2, 3, 4, 5].into_iter().for_each(|seq| device.accepted(seq));
    // In the first history 5 took effect before 4, and the copy was made between the two.
    device.restored(9, &[2, 3, 5]);
    assert_eq!(device.waiting(), [4]);
}

#[test]
fn after_each_copy_what_it_lacks_waits_and_nothing_else() {
    // Every way in which a copy may have some of three mutations, in every order, after every order of acknowledgement.
    let orders = [[2, 3, 4], [2, 4, 3], [3, 2, 4], [3, 4, 2], [4, 2, 3], [4, 3, 2]];
    for acknowledged in orders {
        for copy in orders {
            for had in 0..=3 {
                for next in orders {
                    for had_next in 0..=3 {
                        let mut device = Device::with(3);
                        acknowledged.into_iter().for_each(|seq| device.accepted(seq));
                        for (nth, (order, had)) in [(copy, had), (next, had_next)].into_iter().enumerate() {
                            device.restored(nth as u64 + 1, &order[..had]);
                            let mut lacking = order[had..].to_vec();
                            lacking.sort_unstable();
                            assert_eq!(
                                device.waiting(),
                                lacking,
                                "{acknowledged:?}, then a copy of {:?}",
                                &order[..had]
                            );
                            // Pushed again, in any order, and answered.
                            for seq in order[had..].iter().rev() {
                                device.accepted(*seq);
                            }
                        }
                    }
                }
            }
        }
    }
}
