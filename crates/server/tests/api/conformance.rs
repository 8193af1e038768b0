//! The store decides as the core's sequencer decides over plain memory, whatever is pushed: random bursts of mutations with
//! right and wrong bases, sent again, under other names, standing for several, from replicas of two people.
//!
//! A burst is sent without waiting, so that it is decided on in groups.

use std::collections::BTreeMap;
use std::convert::Infallible;

use tsugi_server::Role;
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::hlc::Hlc;
use tsugi_sync::ids::{
    EntityId, Epoch, Mark, MutationId, MutationSeq, ReplicaId, Revision, Timestamp, UserId,
};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Author, Down, Fate};
use tsugi_sync::sequencer::{Change, Ledger, Receipt, Refusal, Right, Sequencer};
use tsugi_sync::subscription::Head;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::harness::{Replica, Server};

const SEEDS: u64 = 12;
const BURSTS: usize = 30;

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize].clone()
    }
}

/// A workspace in memory, as the documents of the core describe one.
#[derive(Default)]
struct Memory {
    entities: BTreeMap<EntityId, Entity>,
    changes: Vec<Kept>,
    receipts: BTreeMap<MutationId, Revision>,
    owners: BTreeMap<ReplicaId, UserId>,
    mark: Mark,
    user: Option<UserId>,
}

struct Kept {
    id: MutationId,
    user: UserId,
    hlc: Hlc,
    entity: EntityId,
    set: BTreeMap<Field, Value>,
}

impl Memory {
    fn kept(&self, revision: Revision) -> Option<&Kept> {
        self.changes.get((revision.0 as usize).checked_sub(1)?)
    }

    fn push(&mut self, user: UserId, replica: ReplicaId, mutations: &[PushedMutation]) -> Vec<Fate> {
        self.user = Some(user);
        let head = Head {
            epoch: Epoch(Uuid::nil()),
            revision: Revision(self.changes.len() as u64),
            mark: self.mark,
            horizon: Revision(0),
        };
        let mut sequencer = Sequencer::new(self, (replica, Right::Write), head, Timestamp(u64::MAX / 2));
        let fates = mutations
            .iter()
            .map(|mutation| sequencer.decide(mutation).unwrap_or_else(|never| match never {}))
            .collect();
        let mark = sequencer.finish().mark;
        self.mark = mark;
        fates
    }
}

impl Ledger for Memory {
    type Error = Infallible;

    fn may_speak_for(&mut self, replica: ReplicaId) -> Result<bool, Infallible> {
        Ok(self
            .owners
            .get(&replica)
            .is_none_or(|owner| Some(*owner) == self.user))
    }

    fn receipt(&mut self, id: MutationId) -> Result<Option<Receipt>, Infallible> {
        let Some(revision) = self.receipts.get(&id) else {
            return Ok(None);
        };
        let kept = self.kept(*revision).unwrap();
        Ok(Some(Receipt {
            revision: *revision,
            entity: kept.entity,
            set: kept.set.clone().into_iter().collect(),
        }))
    }

    fn receipts(
        &mut self,
        replica: ReplicaId,
        entity: EntityId,
        since: MutationSeq,
        before: MutationSeq,
    ) -> Result<Vec<Revision>, Infallible> {
        let id = |seq| MutationId { replica, seq };
        // Only those count whose values still stand, which is all that the store looks for.
        let entity = self.entities.get(&entity);
        let stands = |revision: &Revision| {
            entity.is_some_and(|entity| entity.fields.values().any(|cell| cell.1 == *revision))
        };
        let own = self.receipts.range(id(since)..id(before));
        Ok(own.map(|(_, revision)| *revision).filter(stands).collect())
    }

    fn entity(&mut self, id: EntityId) -> Result<Option<Entity>, Infallible> {
        Ok(self.entities.get(&id).cloned())
    }

    fn author(&mut self, revision: Revision) -> Result<Option<Author>, Infallible> {
        Ok(self.kept(revision).map(|kept| Author {
            user: kept.user,
            device: String::new(),
            at: kept.hlc.at,
            tick: kept.hlc.tick,
            replica: Some(kept.id.replica),
        }))
    }

    fn store(&mut self, change: Change<'_>) -> Result<Result<(), Refusal>, Infallible> {
        let user = self.user.unwrap();
        self.owners.entry(change.id.replica).or_insert(user);
        self.changes.push(Kept {
            id: change.id,
            // The author of a change is the owner of the replica that made it.
            user: self.owners[&change.id.replica],
            hlc: change.hlc,
            entity: change.entity.id,
            set: change
                .mutation
                .set
                .iter()
                .map(|(field, value)| (field.clone(), value.clone()))
                .collect(),
        });
        self.entities.insert(change.entity.id, change.entity.clone());
        self.receipts.insert(change.id, change.revision);
        Ok(Ok(()))
    }
}

/// Who pushes.
struct Pusher {
    replica: Replica,
    user: UserId,
    sent: Vec<PushedMutation>,
}

fn mutation(random: &mut Random, pusher: &mut Pusher, world: &World) -> PushedMutation {
    // Now and then something comes once more, as it was or as something else.
    if !pusher.sent.is_empty() && random.below(8) == 0 {
        let mut again = random.pick(&pusher.sent);
        if random.below(4) == 0 {
            again.set.insert(Field::Title, "another".into());
        }
        return again;
    }
    pusher.replica.seq += 1;
    let id = random.pick(&world.entities);
    let fields = ["title", "notes", "priority", "deleted"].map(Field::from);
    let mut mutation = PushedMutation {
        seq: MutationSeq(pusher.replica.seq),
        entity: id,
        kind: if random.below(30) == 0 {
            Kind::List
        } else {
            Kind::Task
        },
        set: Default::default(),
        base: Default::default(),
        at: Timestamp(random.below(1_000)),
        tick: random.below(3) as u32,
        group: None,
        since: (random.below(4) == 0).then(|| MutationSeq(1 + random.below(pusher.replica.seq))),
        origin: (random.below(12) == 0).then(|| MutationId {
            replica: random.pick(&world.replicas),
            seq: MutationSeq(1 + random.below(40)),
        }),
    };
    for _ in 0..=random.below(2) {
        let value = match random.below(6) {
            0 => Value::Null,
            _ => Value::text(format!("v{}", random.below(1_000))),
        };
        mutation.set.insert(random.pick(&fields), value);
    }
    if let Some(entity) = world.memory.entities.get(&id) {
        for (field, cell) in &entity.fields {
            // Mostly the device knows what stands, and sometimes something older, or nothing.
            match random.below(5) {
                0 => {}
                1 => drop(
                    mutation
                        .base
                        .insert(field.clone(), Revision(random.below(cell.1.0 + 1))),
                ),
                _ => drop(mutation.base.insert(field.clone(), cell.1)),
            }
        }
    }
    pusher.sent.push(mutation.clone());
    mutation
}

struct World {
    memory: Memory,
    entities: Vec<EntityId>,
    replicas: Vec<ReplicaId>,
}

/// Names of devices are for people, and may be known to one of the two only.
fn without_devices(mut fate: Fate) -> Fate {
    if let Fate::Conflict { by, others, .. } = &mut fate {
        for author in by.iter_mut().chain(others.iter_mut().map(|other| &mut other.by)) {
            author.device.clear();
        }
    }
    fate
}

#[tokio::test]
async fn whatever_is_pushed_the_store_decides_as_the_sequencer_does_over_memory() {
    let server = Server::start().await;
    for seed in 0..SEEDS {
        let mut random = Random(seed);
        let owner = server.account().await;
        let mut guest = server.account().await;
        let invited = server
            .app
            .set_role(owner.workspace, guest.user, Some(Role::Editor));
        assert!(invited.await.unwrap());
        guest.workspace = owner.workspace;
        let mut pushers = Vec::new();
        for account in [&owner, &owner, &guest] {
            pushers.push(Pusher {
                replica: Replica::live(&server, account).await,
                user: account.user,
                sent: Vec::new(),
            });
        }
        let mut replicas: Vec<_> = pushers.iter().map(|pusher| pusher.replica.id).collect();
        replicas.push(ReplicaId(Uuid::new_v4()));
        let mut world = World {
            memory: Memory::default(),
            entities: (0..5).map(|_| EntityId(Uuid::new_v4())).collect(),
            replicas,
        };
        for burst in 0..BURSTS {
            let count = pushers.len() as u64;
            let pusher = &mut pushers[random.below(count) as usize];
            let mut expected = Vec::new();
            for _ in 0..=random.below(5) {
                let mutations: Vec<_> = (0..=random.below(4))
                    .map(|_| mutation(&mut random, pusher, &world))
                    .collect();
                let fates = world.memory.push(pusher.user, pusher.replica.id, &mutations);
                expected.extend(mutations.iter().map(|mutation| mutation.seq).zip(fates));
                pusher.replica.push(mutations).await;
            }
            let mut told = Vec::new();
            while told.len() < expected.len() {
                told.extend(pusher.replica.next_delta().await.outcomes);
            }
            for (outcome, (seq, fate)) in told.into_iter().zip(expected) {
                assert_eq!(outcome.seq, seq, "seed {seed}, burst {burst}");
                let told = without_devices(outcome.fate);
                assert_eq!(told, without_devices(fate), "seed {seed}, burst {burst}, {seq:?}");
            }
        }
        let mut fresh = Replica::greet(&server, &owner).await;
        let mut stored = BTreeMap::new();
        for part in fresh.subscribe().await {
            let Down::Snapshot(snapshot) = part else {
                panic!("a snapshot, not {part:?}");
            };
            stored.extend(snapshot.entities.into_iter().map(|entity| (entity.id, entity)));
        }
        world.memory.entities.retain(|_, entity| !entity.is_deleted());
        assert_eq!(stored, world.memory.entities, "seed {seed}");
        assert_eq!(fresh.cursor, Revision(world.memory.changes.len() as u64));
        assert_eq!(fresh.mark, world.memory.mark, "seed {seed}");
    }
    server.stop().await;
}
