//! Snapshots and deltas larger than a part.

use std::collections::BTreeMap;

use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::ids::{EntityId, Epoch, Revision};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Down, Fate, RefusalCode};
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::harness::{Replica, Server, new_entity, text};

/// Quotes are two bytes each on the wire.
fn long() -> String {
    "\"".repeat(30_000)
}

async fn fill(replica: &mut Replica, count: usize) -> Vec<EntityId> {
    let mut ids = Vec::new();
    for n in 0..count {
        let id = new_entity();
        let mutation = replica.set(id, &[("title", &format!("task {n}")), ("notes", &long())], &[]);
        replica.commit(mutation).await;
        ids.push(id);
    }
    ids
}

#[tokio::test]
async fn a_snapshot_comes_in_parts_of_one_moment() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let ids = fill(&mut a, 20).await;
    let mut deletion = a.set(ids[0], &[], &[("title", 1), ("notes", 1)]);
    deletion.set.insert(Field::Deleted, Value::Int(1));
    a.commit(deletion).await;

    let mut b = Replica::greet(&server, &account).await;
    let parts = b.subscribe().await;
    assert!(parts.len() > 3, "{} parts", parts.len());
    let mut all: BTreeMap<EntityId, Entity> = BTreeMap::new();
    for (n, part) in parts.iter().enumerate() {
        let Down::Snapshot(snapshot) = part else {
            panic!("a snapshot");
        };
        assert!(part.to_frame().len() < limits::FRAME_BYTES / 2);
        assert_eq!(snapshot.revision, Revision(21));
        assert_eq!(snapshot.last, n == parts.len() - 1);
        all.extend(snapshot.entities.iter().map(|entity| (entity.id, entity.clone())));
    }
    assert_eq!(all.len(), 19, "not what was deleted");
    assert!(ids[1..].iter().all(|id| text(&all[id], "notes") == long()));
    server.stop().await;
}

#[tokio::test]
async fn without_room_for_two_one_comes_after_the_other() {
    let server = Server::with(|config| {
        config.limits.catch_up_bytes = 1024;
        config.limits.readers = 1;
    })
    .await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    fill(&mut a, 10).await;
    let (b, c, d) = tokio::join!(
        Replica::live(&server, &account),
        Replica::live(&server, &account),
        Replica::live(&server, &account),
    );
    assert_eq!([b.cursor, c.cursor, d.cursor], [Revision(10); 3]);
    server.stop().await;
}

#[tokio::test]
async fn a_long_delta_moves_the_cursor_with_its_last_part() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    fill(&mut a, 1).await;
    let b = Replica::live(&server, &account).await;
    let (epoch, cursor) = (b.epoch, b.cursor);
    drop(b);
    fill(&mut a, 15).await;
    let mut b = Replica::greet(&server, &account).await;
    (b.epoch, b.cursor) = (epoch, cursor);
    let parts = b.subscribe().await;
    assert!(parts.len() > 2);
    let mut entities = 0;
    for (n, part) in parts.iter().enumerate() {
        let Down::Delta(delta) = part else {
            panic!("a delta");
        };
        let to = if n == parts.len() - 1 {
            Revision(16)
        } else {
            cursor
        };
        assert_eq!((delta.from, delta.to), (cursor, to));
        entities += delta.entities.len();
    }
    assert_eq!(entities, 15);
    server.stop().await;
}

#[tokio::test]
async fn a_cursor_of_another_history_gets_a_snapshot() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::greet(&server, &account).await;
    let parts = a.subscribe().await;
    assert!(
        matches!(&parts[..], [Down::Snapshot(s)] if s.last && s.entities.is_empty()),
        "empty, but whole"
    );
    let mutation = a.set(new_entity(), &[("title", "x")], &[]);
    a.commit(mutation).await;
    let epoch = a.epoch;
    for (epoch, cursor) in [
        (None, Revision(1)),
        (Some(Epoch(Uuid::new_v4())), Revision(1)),
        (epoch, Revision(99)),
    ] {
        let mut b = Replica::greet(&server, &account).await;
        (b.epoch, b.cursor) = (epoch, cursor);
        let parts = b.subscribe().await;
        assert!(
            matches!(&parts[..], [Down::Snapshot(s)] if s.last && s.entities.len() == 1),
            "{parts:?}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn an_entity_stays_within_a_frame() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let task = new_entity();
    let mut accepted = 0;
    for n in 0..6 {
        let mutation = a.set(task, &[(&format!("field_{n}"), &long())], &[]);
        match a.commit(mutation).await.1.fate {
            Fate::Accepted { .. } => accepted += 1,
            Fate::Refused {
                code: RefusalCode::Invalid,
                ..
            } => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(accepted, 4, "four times 60 kB fit in 256 KiB");
    server.stop().await;
}

#[tokio::test]
async fn a_push_too_large_to_pass_on_whole_is_read_in_parts() {
    let server = Server::start().await;
    let account = server.account().await;
    let (mut a, mut b) = (
        Replica::live(&server, &account).await,
        Replica::live(&server, &account).await,
    );
    // Under the limit on its way up; with a revision in every cell it would be above it on its way down.
    let mut mutations = Vec::new();
    for _ in 0..190 {
        let mut mutation = a.set(new_entity(), &[], &[]);
        for n in 0..63 {
            mutation.set.insert(
                Field::from(format!("f{n}{}", "x".repeat(30)).as_str()),
                Value::text("y".repeat(38)),
            );
        }
        mutations.push(mutation);
    }
    a.push(mutations).await;
    let mut delta = a.next_delta().await;
    while a.cursor < Revision(190) {
        delta = a.next_delta().await;
    }
    assert!(
        delta
            .outcomes
            .iter()
            .all(|outcome| matches!(outcome.fate, Fate::Accepted { .. }))
    );
    let mut entities = 0;
    while b.cursor < Revision(190) {
        entities += b.next_delta().await.entities.len();
    }
    assert_eq!(entities, 190);
    server.stop().await;
}

#[tokio::test]
async fn a_full_workspace_says_so() {
    let server = Server::with(|config| config.limits.entities_per_workspace = 2).await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let ids = fill(&mut a, 2).await;
    let third = a.set(new_entity(), &[("title", "x")], &[]);
    let (_, outcome) = a.commit(third).await;
    assert!(
        matches!(
            outcome.fate,
            Fate::Refused {
                code: RefusalCode::QuotaExceeded,
                ..
            }
        ),
        "{outcome:?}"
    );
    let edit = a.set(ids[0], &[("title", "y")], &[("title", 1)]);
    let (_, outcome) = a.commit(edit).await;
    assert_eq!(
        outcome.fate,
        Fate::Accepted {
            revision: Revision(3),
            current: None,
        },
        "what is there can be edited"
    );
    server.stop().await;
}
