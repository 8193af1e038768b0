//! A data file put back from a backup: replicas that saw more find out, each by itself, and bring back what they have.

use std::sync::Arc;

use tsugi_sync::ids::{EntityId, Mark, MutationSeq, Revision};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Down, Fate, Snapshot};

use crate::harness::{Account, Replica, Server, TempDir, new_entity, set};

struct History {
    dir: Arc<TempDir>,
    account: Account,
    /// The replica that saw everything.
    seen: Replica,
    mutations: Vec<PushedMutation>,
    /// After five changes, when the copy was made.
    mark_of_copy: Mark,
}

/// Five changes, a copy of the data, five more, and the copy put back.
async fn restored() -> History {
    let server = Server::start().await;
    let account = server.account().await;
    let mut seen = Replica::live(&server, &account).await;
    let mut mutations = write(&mut seen, 5).await;
    let mark_of_copy = seen.mark;
    let (id, epoch) = (seen.id, seen.epoch);
    drop(seen);
    let dir = server.stop().await;
    assert_eq!(dir.bytes_of_log(), 0, "one file is all there is");
    dir.copy().await;

    let server = Server::in_dir(dir, |_| {}).await;
    let mut seen = Replica::greet_as(server.address, &account, id).await;
    (seen.epoch, seen.cursor, seen.mark, seen.seq) = (epoch, Revision(5), mark_of_copy, 5);
    assert!(seen.subscribe().await.is_empty(), "nothing has happened since");
    mutations.extend(write(&mut seen, 5).await);
    let dir = server.stop().await;
    dir.put_back().await;
    History {
        dir,
        account,
        seen,
        mutations,
        mark_of_copy,
    }
}

async fn write(replica: &mut Replica, count: usize) -> Vec<PushedMutation> {
    let mut mutations = Vec::new();
    for _ in 0..count {
        let mutation = replica.set(new_entity(), &[("title", "x")], &[]);
        mutations.push(mutation.clone());
        replica.commit(mutation).await;
    }
    mutations
}

impl History {
    async fn back(&self, server: &Server, at: (Revision, Mark)) -> (Replica, Vec<Down>) {
        let mut back = Replica::greet_as(server.address, &self.account, self.seen.id).await;
        (back.epoch, back.seq) = (self.seen.epoch, self.seen.seq);
        (back.cursor, back.mark) = at;
        let parts = back.subscribe().await;
        (back, parts)
    }
}

fn snapshot(parts: &[Down]) -> &Snapshot {
    match parts {
        [Down::Snapshot(snapshot)] if snapshot.last => snapshot,
        other => panic!("one snapshot, not {other:?}"),
    }
}

#[tokio::test]
async fn behind_its_cursor_it_gives_a_snapshot_and_takes_back_what_was_lost() {
    let history = restored().await;
    let server = Server::in_dir(Arc::clone(&history.dir), |_| {}).await;
    let (mut back, parts) = history
        .back(&server, (history.seen.cursor, history.seen.mark))
        .await;
    let snapshot = snapshot(&parts);
    assert_eq!(
        (snapshot.revision, snapshot.mark),
        (Revision(5), history.mark_of_copy)
    );
    assert_eq!(
        snapshot.vector.of(back.id),
        MutationSeq(5),
        "so it knows what is missing"
    );
    // Pushed again under their old names, all of them: those that are there are known, the others take effect.
    let mut revisions = Vec::new();
    for mutation in &history.mutations {
        match back.commit(mutation.clone()).await.1.fate {
            Fate::Accepted { revision, .. } => revisions.push(revision.0),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(revisions, (1..=10).collect::<Vec<_>>());
    assert_eq!(
        back.mark, history.seen.mark,
        "the same history once more: the same mark"
    );
    server.stop().await;
}

#[tokio::test]
async fn overtaken_by_others_its_mark_tells() {
    let history = restored().await;
    let server = Server::in_dir(Arc::clone(&history.dir), |_| {}).await;
    let mut other = Replica::live(&server, &history.account).await;
    let others = write(&mut other, 7).await;
    // Revision 10 is there again, and is another one.
    let (back, parts) = history
        .back(&server, (history.seen.cursor, history.seen.mark))
        .await;
    let snapshot = snapshot(&parts);
    assert_eq!((snapshot.revision, snapshot.mark), (Revision(12), other.mark));
    assert_eq!(snapshot.vector.of(back.id), MutationSeq(5));
    assert_eq!(snapshot.vector.of(other.id), MutationSeq(7));
    assert_eq!(snapshot.entities.len(), 12);

    // Who saw no more than the copy has goes on by a delta.
    let (_, parts) = history.back(&server, (Revision(5), history.mark_of_copy)).await;
    let ids = |mutations: &[PushedMutation]| {
        let mut ids: Vec<EntityId> = mutations.iter().map(|mutation| mutation.entity).collect();
        ids.sort_unstable();
        ids
    };
    let [Down::Delta(delta)] = &parts[..] else {
        panic!("a delta, not {parts:?}");
    };
    let mut told: Vec<_> = delta.entities.iter().map(|entity| entity.id).collect();
    told.sort_unstable();
    assert_eq!(told, ids(&others));
    assert_eq!((delta.to, delta.mark), (Revision(12), other.mark));
    server.stop().await;
}

#[tokio::test]
async fn at_the_very_same_revision_its_mark_tells() {
    let history = restored().await;
    let server = Server::in_dir(Arc::clone(&history.dir), |_| {}).await;
    let mut other = Replica::live(&server, &history.account).await;
    write(&mut other, 5).await;
    let (mut back, parts) = history
        .back(&server, (history.seen.cursor, history.seen.mark))
        .await;
    assert_eq!(
        snapshot(&parts).revision,
        Revision(10),
        "the head, and yet another"
    );
    // The task was lost and is here again. An edit of it has seen nothing of the other person's.
    let lost = &history.mutations[7];
    assert!(matches!(
        back.commit(lost.clone()).await.1.fate,
        Fate::Accepted {
            revision: Revision(11),
            ..
        }
    ));
    let stale = set(11, lost.entity, &[("title", "y")], &[("title", 8)]);
    let fate = back.commit(stale).await.1.fate;
    assert!(matches!(fate, Fate::Conflict { .. }), "{fate:?}");
    server.stop().await;
}
