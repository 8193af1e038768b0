//! What the core's sequencer asks of the store, seen from outside: receipts under other names, mutations that stand for
//! several, clocks that are not believed.

use tsugi_server::Role;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{MutationId, MutationSeq, ReplicaId, Revision, Timestamp};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Author, Down, Fate, RefusalCode};
use uuid::Uuid;

use crate::harness::{Account, Replica, Server, new_entity, set};

async fn fate(replica: &mut Replica, mutation: &PushedMutation) -> Fate {
    replica.commit(mutation.clone()).await.1.fate
}

async fn revision(replica: &mut Replica, mutation: &PushedMutation) -> u64 {
    match fate(replica, mutation).await {
        Fate::Accepted { revision, .. } => revision.0,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_came_by_an_exported_copy_takes_effect_once_whoever_brings_it() {
    let server = Server::start().await;
    let account = server.account().await;
    let lost = ReplicaId(Uuid::new_v4());
    let from_copy = |seq: u64, mutation: PushedMutation| PushedMutation {
        origin: Some(MutationId {
            replica: lost,
            seq: MutationSeq(seq),
        }),
        ..mutation
    };
    let (mut a, mut b) = (
        Replica::live(&server, &account).await,
        Replica::live(&server, &account).await,
    );
    let (first, second) = (new_entity(), new_entity());
    let brought = from_copy(3, a.set(first, &[("title", "x")], &[]));
    assert_eq!(revision(&mut a, &brought).await, 1);
    let brought = from_copy(9, a.set(second, &[("title", "y")], &[]));
    assert_eq!(revision(&mut a, &brought).await, 2);
    // A second device imports the same copy.
    let again = from_copy(3, b.set(first, &[("title", "x")], &[]));
    assert_eq!(revision(&mut b, &again).await, 1);
    // And the lost replica was not lost.
    let mut back = Replica::greet_as(server.address, &account, lost).await;
    let parts = back.subscribe().await;
    let Some(Down::Snapshot(snapshot)) = parts.last() else {
        panic!("a snapshot");
    };
    assert!(snapshot.vector.is_empty(), "it has brought nothing itself");
    assert_eq!(
        revision(&mut back, &set(9, second, &[("title", "y")], &[])).await,
        2
    );
    assert_eq!(back.cursor, Revision(2), "nothing happened twice");

    // Under another account's replica, nobody brings anything.
    let other = server.account().await;
    let role = server
        .app
        .set_role(account.workspace, other.user, Some(Role::Editor));
    assert!(role.await.unwrap());
    let guest = Account {
        workspace: account.workspace,
        ..other
    };
    let mut guest = Replica::live(&server, &guest).await;
    let forged = from_copy(10, guest.set(new_entity(), &[("title", "z")], &[]));
    let refused = fate(&mut guest, &forged).await;
    assert!(
        matches!(
            &refused,
            Fate::Refused {
                code: RefusalCode::Forbidden,
                ..
            }
        ),
        "{refused:?}"
    );
    server.stop().await;
}

#[tokio::test]
async fn one_that_stands_for_several_has_seen_those_and_nothing_else() {
    let server = Server::start().await;
    let account = server.account().await;
    let (mut a, mut b) = (
        Replica::live(&server, &account).await,
        Replica::live(&server, &account).await,
    );
    let id = new_entity();
    revision(&mut a, &set(1, id, &[("title", "1")], &[])).await;
    // These two take effect; their answers are lost, and with a third they go up again as one.
    revision(&mut a, &set(2, id, &[("title", "2")], &[("title", 1)])).await;
    revision(&mut a, &set(3, id, &[("notes", "3")], &[])).await;
    let all = |seq: u64, since| PushedMutation {
        since,
        ..set(seq, id, &[("title", "4"), ("notes", "4")], &[("title", 1)])
    };
    let unaware = fate(&mut a, &all(4, None)).await;
    assert!(matches!(unaware, Fate::Conflict { .. }), "{unaware:?}");
    let too_late = fate(&mut a, &all(5, Some(MutationSeq(3)))).await;
    assert!(matches!(too_late, Fate::Conflict { .. }), "{too_late:?}");
    // The answers to the two may still arrive before this one, so this one says where everything stands.
    match fate(&mut a, &all(6, Some(MutationSeq(2)))).await {
        Fate::Accepted {
            revision: Revision(4),
            current: Some(current),
        } => assert_eq!(current.revision_of(&Field::Notes), Revision(4)),
        other => panic!("{other:?}"),
    }

    // What another replica did in between, it has not seen.
    revision(&mut b, &set(1, id, &[("title", "b")], &[("title", 4)])).await;
    let unaware = fate(&mut a, &all(7, Some(MutationSeq(1)))).await;
    assert!(matches!(unaware, Fate::Conflict { .. }), "{unaware:?}");

    let text = server.get("/metrics").await.body;
    let counted = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split(' ').nth(1));
        value.and_then(|value| value.parse::<f64>().ok())
    };
    assert!(counted("tsugi_mutations_squashed_total") >= Some(3.0), "{text}");
    server.stop().await;
}

#[tokio::test]
async fn a_clock_is_believed_up_to_a_minute_ahead() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let by = async |a: &mut Replica, at: u64, tick: u32| -> Author {
        let id = new_entity();
        let mut mutation = a.set(id, &[("title", "x")], &[]);
        (mutation.at, mutation.tick) = (Timestamp(at), tick);
        revision(a, &mutation).await;
        let stale = a.set(id, &[("title", "y")], &[]);
        match fate(a, &stale).await {
            Fate::Conflict {
                by: Some(by),
                current,
                ..
            } => {
                assert!(current.fields.contains_key(&Field::Title));
                by
            }
            other => panic!("{other:?}"),
        }
    };
    let said = by(&mut a, 5_000, 3).await;
    assert_eq!(
        (said.at, said.tick, said.device.as_str()),
        (Timestamp(5_000), 3, "a test")
    );
    let wild = by(&mut a, i64::MAX as u64, 3).await;
    let now = tsugi_server::clock::Clock::now(&*server.clock);
    assert!(
        wild.at <= now.plus(60_000) && wild.at > now && wild.tick == 0,
        "{wild:?}"
    );
    server.stop().await;
}
