//! What is older than the promise goes, and nothing else.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::timeout;
use tsugi_server::Swept;
use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::ids::{EntityId, Mark, MutationSeq, ReplicaId, Revision};
use tsugi_sync::protocol::{Down, Fate};
use tsugi_sync::value::Value;
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

use crate::harness::{Account, PATIENCE, Replica, Server, new_entity};

const DAY: u64 = 24 * 60 * 60 * 1000;

/// Tokens live as long as the test's years.
const LIFETIME: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

async fn server() -> Server {
    Server::with(|config| {
        config.limits.access_lifetime = LIFETIME;
        config.limits.sweep_pause = Duration::ZERO;
    })
    .await
}

async fn add(replica: &mut Replica) -> EntityId {
    let id = new_entity();
    let mutation = replica.set(id, &[("title", "x")], &[]);
    accepted(replica, mutation).await;
    id
}

/// Deletes a task whose title has this revision.
async fn delete(replica: &mut Replica, id: EntityId, title: u64) {
    let mut mutation = replica.set(id, &[], &[("title", title)]);
    mutation.set.insert(Field::Deleted, Value::Int(1));
    accepted(replica, mutation).await;
}

async fn accepted(replica: &mut Replica, mutation: tsugi_sync::mutation::PushedMutation) -> Revision {
    match replica.commit(mutation).await.1.fate {
        Fate::Accepted { revision, .. } => revision,
        other => panic!("{other:?}"),
    }
}

/// What a replica is told that comes back with this cursor and mark.
async fn back_with(server: &Server, account: &Account, from: &Replica, at: (Revision, Mark)) -> Vec<Down> {
    let mut back = Replica::greet(server, account).await;
    back.epoch = from.epoch;
    (back.cursor, back.mark) = at;
    back.subscribe().await
}

async fn everything(server: &Server, account: &Account) -> Vec<Down> {
    Replica::greet(server, account).await.subscribe().await
}

fn snapshot(parts: &[Down]) -> (BTreeMap<EntityId, Entity>, VersionVector) {
    let mut entities = BTreeMap::new();
    let mut vector = VersionVector::default();
    for part in parts {
        let Down::Snapshot(snapshot) = part else {
            panic!("a snapshot, not {part:?}");
        };
        entities.extend(snapshot.entities.iter().map(|entity| (entity.id, entity.clone())));
        vector.join(&snapshot.vector);
    }
    (entities, vector)
}

fn delta(parts: &[Down]) -> Vec<EntityId> {
    let mut ids = Vec::new();
    for part in parts {
        let Down::Delta(delta) = part else {
            panic!("a delta, not {part:?}");
        };
        ids.extend(delta.entities.iter().map(|entity| entity.id));
    }
    ids
}

#[tokio::test]
async fn what_is_old_goes_and_the_rest_can_be_told_from_another_history() {
    let server = server().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let mut marks = vec![Mark(0)];
    let mut tasks = Vec::new();
    for _ in 0..3 {
        tasks.push(add(&mut a).await);
        marks.push(a.mark);
    }
    delete(&mut a, tasks[1], 2).await;
    marks.push(a.mark);
    server.clock.advance(100 * DAY);
    tasks.push(add(&mut a).await);
    marks.push(a.mark);
    delete(&mut a, tasks[2], 3).await;
    marks.push(a.mark);

    assert_eq!(
        server.app.sweep().await.unwrap(),
        Swept::default(),
        "nothing is old"
    );
    let parts = back_with(&server, &account, &a, (Revision(1), marks[1])).await;
    assert_eq!(delta(&parts).len(), 3, "all is there still");

    // The first four changes are old now.
    server.clock.advance(81 * DAY);
    let swept = server.app.sweep().await.unwrap();
    assert_eq!(
        (swept.changes, swept.tombstones, swept.replicas),
        (3, 0, 0),
        "all but the one at the horizon, and the tombstone that it made"
    );
    assert_eq!(
        server.app.sweep().await.unwrap(),
        Swept::default(),
        "that was all"
    );
    for cursor in 0..4 {
        let parts = back_with(&server, &account, &a, (Revision(cursor), marks[cursor as usize])).await;
        let (entities, vector) = snapshot(&parts);
        assert_eq!(entities.keys().copied().collect::<Vec<_>>(), {
            let mut living = vec![tasks[0], tasks[3]];
            living.sort_unstable();
            living
        });
        assert_eq!(vector.of(a.id), MutationSeq(6));
    }
    let parts = back_with(&server, &account, &a, (Revision(4), marks[4])).await;
    let told = delta(&parts);
    assert!(
        told.contains(&tasks[3]) && told.contains(&tasks[2]),
        "with its tombstone"
    );
    let parts = back_with(&server, &account, &a, (Revision(4), Mark(marks[4].0 ^ 1))).await;
    snapshot(&parts);
    let parts = back_with(&server, &account, &a, (Revision(4), Mark(0))).await;
    assert_eq!(delta(&parts).len(), 2, "version 1 has no marks");

    // Receipts that are not old: sent again, it is known.
    a.seq = 4;
    let again = a.set(tasks[3], &[("title", "x")], &[]);
    assert_eq!(accepted(&mut a, again).await, Revision(5));

    // Now everything is. The head stays.
    server.clock.advance(100 * DAY);
    let swept = server.app.sweep().await.unwrap();
    assert_eq!((swept.changes, swept.tombstones, swept.replicas), (2, 1, 1));
    let parts = back_with(&server, &account, &a, (Revision(6), marks[6])).await;
    assert!(parts.is_empty(), "it has everything: {parts:?}");
    let parts = back_with(&server, &account, &a, (Revision(6), Mark(marks[6].0 ^ 1))).await;
    assert_eq!(snapshot(&parts).0.len(), 2);

    // And the history goes on from there.
    a.seq = 6;
    let next = add(&mut a).await;
    let metrics = server.get("/metrics").await.body;
    for counted in [
        "tsugi_forgotten_total{what=\"changes\"}",
        "tsugi_forgotten_total{what=\"tombstones\"}",
        "tsugi_catch_ups_total{how=\"snapshot_horizon\"}",
        "tsugi_catch_ups_total{how=\"snapshot_other_history\"}",
        "tsugi_mutations_already_applied_total",
        "tsugi_sweep_seconds_count",
    ] {
        let line = metrics.lines().find(|line| line.starts_with(counted));
        assert!(
            line.is_some_and(|line| !line.ends_with(" 0")),
            "{counted}: {line:?}"
        );
    }
    assert_eq!(a.cursor, Revision(7));
    let parts = back_with(&server, &account, &a, (Revision(6), marks[6])).await;
    assert_eq!(delta(&parts), [next]);
    server.stop().await;
}

#[tokio::test]
async fn a_long_history_goes_in_steps_while_others_write() {
    let server = server().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let gone = 300;
    for _ in 0..gone {
        let id = new_entity();
        let first = a.set(id, &[("title", "x")], &[]);
        a.push(vec![first]).await;
    }
    while a.cursor < Revision(gone) {
        a.next_delta().await;
    }
    let (entities, _) = snapshot(&everything(&server, &account).await);
    let mut deletions = Vec::new();
    for entity in entities.values().take(200) {
        let title = entity.revision().0;
        let mut mutation = a.set(entity.id, &[], &[("title", title)]);
        mutation.set.insert(Field::Deleted, Value::Int(1));
        deletions.push(mutation);
    }
    a.push(deletions).await;
    while a.cursor < Revision(500) {
        a.next_delta().await;
    }
    server.clock.advance(181 * DAY);
    let mut b = Replica::live(&server, &account).await;
    let writing = async {
        for _ in 0..50 {
            add(&mut b).await;
        }
    };
    let (swept, ()) = tokio::join!(server.app.sweep(), writing);
    let swept = swept.unwrap();
    // The horizon may have come to the head while the first of the new ones was on its way.
    let rest = server.app.sweep().await.unwrap();
    assert_eq!(swept.changes + rest.changes, 499);
    assert_eq!(swept.tombstones + rest.tombstones, 199);
    while a.cursor < Revision(550) {
        a.next_delta().await;
    }
    let (entities, _) = snapshot(&everything(&server, &account).await);
    assert_eq!(entities.len(), 150, "the living live on");
    server.stop().await;
}

#[tokio::test]
async fn room_of_tombstones_is_given_back() {
    let server = Server::with(|config| {
        config.limits.entities_per_workspace = 2;
        config.limits.retention = Duration::from_secs(24 * 60 * 60);
        config.limits.access_lifetime = Duration::from_secs(10 * 24 * 60 * 60);
        config.limits.sweep_pause = Duration::ZERO;
    })
    .await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let first = add(&mut a).await;
    delete(&mut a, first, 1).await;
    add(&mut a).await;
    let third = a.set(new_entity(), &[("title", "x")], &[]);
    let refused = a.commit(third).await.1.fate;
    assert!(matches!(refused, Fate::Refused { .. }), "{refused:?}");
    server.clock.advance(2 * DAY);
    assert_eq!(server.app.sweep().await.unwrap().tombstones, 1);
    add(&mut a).await;
    server.stop().await;
}

#[tokio::test]
async fn a_replica_that_is_silent_for_long_leaves_the_vector_and_may_come_back() {
    let server = server().await;
    let account = server.account().await;
    let mut old = Replica::live(&server, &account).await;
    add(&mut old).await;
    server.clock.advance(100 * DAY);
    let mut young = Replica::live(&server, &account).await;
    add(&mut young).await;
    server.clock.advance(100 * DAY);
    assert_eq!(server.app.sweep().await.unwrap().replicas, 1);
    let vector = snapshot(&everything(&server, &account).await).1;
    assert_eq!(vector.iter().collect::<Vec<_>>(), [(young.id, MutationSeq(1))]);
    add(&mut old).await;
    let vector = snapshot(&everything(&server, &account).await).1;
    assert_eq!(
        (vector.of(old.id), vector.of(young.id)),
        (MutationSeq(2), MutationSeq(1))
    );
    server.stop().await;
}

#[tokio::test]
async fn the_server_sweeps_by_itself() {
    let server = Server::with(|config| {
        config.limits.retention = Duration::ZERO;
        config.limits.sweep_every = Duration::from_millis(5);
    })
    .await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    for _ in 0..3 {
        add(&mut a).await;
    }
    let swept = async {
        loop {
            let parts = back_with(&server, &account, &a, (Revision(1), Mark(0))).await;
            if matches!(parts[..], [Down::Snapshot(_)]) {
                return;
            }
        }
    };
    timeout(PATIENCE, swept).await.expect("a sweep in time");
    server.stop().await;
}

/// One of each thousand replicas is enough to tell: the vector is bounded, and holds those that wrote last.
#[tokio::test]
async fn the_vector_holds_those_who_wrote_last() {
    let server = server().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    add(&mut a).await;
    drop(a);
    let dir = server.stop().await;
    for n in 0..300_u32 {
        let id = Uuid::from_u128(u128::from(n)).simple().to_string();
        dir.execute(
            &format!(
                "INSERT INTO replica (workspace, uuid, account, device, created, seq, revision, seen)
                 VALUES (1, x'{id}', 1, 'x', 0, 7, 1, {n})"
            ),
            &format!(
                "INSERT INTO replica (workspace, id, account, device, created, seq, revision, seen)
                 SELECT workspace, '{id}', id, 'x', 0, 7, 1, {n} FROM account"
            ),
        )
        .await;
    }
    let server = Server::in_dir(dir, |config| config.limits.access_lifetime = LIFETIME).await;
    let mut back = Replica::greet(&server, &account).await;
    let vector = snapshot(&back.subscribe().await).1;
    assert_eq!(vector.len(), tsugi_sync::limits::VECTOR_REPLICAS);
    let of = |n: u128| vector.of(ReplicaId(Uuid::from_u128(n)));
    assert_eq!(
        (of(299), of(45), of(44)),
        (MutationSeq(7), MutationSeq(7), MutationSeq(0))
    );
    server.stop().await;
}
