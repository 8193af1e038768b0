//! Two servers over one PostgreSQL, without Redis: each tells its sessions what the other has done, and neither loses or
//! doubles anything when the database goes away.

use std::collections::BTreeMap;

use tokio::time::{Instant, timeout};
use tsugi_server::Role;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, Revision};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Down, ErrorCode, Fate};
use uuid::Uuid;

use crate::harness::{Account, PATIENCE, Replica, Server, new_entity, postgres, request, set, text};

pub(crate) struct Two {
    pub(crate) a: Server,
    pub(crate) b: Server,
    pub(crate) database: String,
}

impl Two {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl Fn(&mut tsugi_server::Config)) -> Self {
        let database = format!("tsugi_two_{}", Uuid::new_v4().simple());
        let address = postgres::database(&database).await;
        let on = |config: &mut tsugi_server::Config| {
            config.database = Some(address.parse().unwrap());
            change(config);
        };
        let (a, b) = tokio::join!(Server::with(on), Server::with(on));
        Self { a, b, database }
    }

    pub(crate) async fn stop(self) {
        tokio::join!(self.a.stop(), self.b.stop());
    }
}

/// Reads until the replica has seen the revision, and adds what it sees.
async fn see(replica: &mut Replica, revision: Revision, seen: &mut BTreeMap<EntityId, String>) {
    while replica.cursor < revision {
        for entity in replica.next_delta().await.entities {
            seen.insert(entity.id, text(&entity, "title").to_owned());
        }
    }
}

#[tokio::test]
async fn what_one_commits_the_other_tells() {
    let two = Two::start().await;
    let account = two.a.account().await;
    let mut on_a = Replica::live(&two.a, &account).await;
    let mut on_b = Replica::live(&two.b, &account).await;
    let (mut seen_a, mut seen_b) = (BTreeMap::new(), BTreeMap::new());
    let mut written = BTreeMap::new();
    for round in 0..20 {
        let (from, to, seen) = match round % 2 {
            0 => (&mut on_a, &mut on_b, &mut seen_b),
            _ => (&mut on_b, &mut on_a, &mut seen_a),
        };
        let title = format!("{round}");
        let mutation = from.set(new_entity(), &[("title", &title)], &[]);
        written.insert(mutation.entity, title);
        let (delta, outcome) = from.commit(mutation).await;
        assert!(matches!(outcome.fate, Fate::Accepted { .. }), "{outcome:?}");
        see(to, delta.to, seen).await;
    }
    assert_eq!(on_a.cursor, Revision(20), "no gap, whoever commits");
    assert_eq!(seen_a.len() + seen_b.len(), 20);
    assert!(
        seen_a
            .iter()
            .chain(&seen_b)
            .all(|(id, title)| written[id] == *title)
    );
    two.stop().await;
}

#[tokio::test]
async fn both_write_at_once_and_every_edit_takes_one_revision() {
    const EACH: u64 = 150;
    let two = Two::start().await;
    let account = two.a.account().await;
    let (a, b) = tokio::join!(
        write_all(&two.a, &account, EACH),
        write_all(&two.b, &account, EACH)
    );
    let mut all = [a, b].concat();
    all.sort_unstable();
    assert_eq!(all, (1..=2 * EACH).collect::<Vec<_>>());
    two.stop().await;
}

/// Writes new entities without waiting for answers. Answers their revisions.
async fn write_all(server: &Server, account: &Account, count: u64) -> Vec<u64> {
    let mut replica = Replica::live(server, account).await;
    for seq in 1..=count {
        let mutation = set(seq, new_entity(), &[("title", "x")], &[]);
        replica.push(vec![mutation]).await;
    }
    let mut revisions = BTreeMap::new();
    while revisions.len() < count as usize {
        for outcome in replica.next_delta().await.outcomes {
            let Fate::Accepted { revision, .. } = outcome.fate else {
                panic!("{outcome:?}");
            };
            revisions.insert(outcome.seq.0, revision.0);
        }
    }
    revisions.into_values().collect()
}

#[tokio::test]
async fn a_right_taken_on_one_is_felt_on_sockets_of_the_other() {
    let two = Two::start().await;
    let owner = two.a.account().await;
    let mut guest = two.b.account().await;
    let invited = two
        .a
        .app
        .set_role(owner.workspace, guest.user, Some(Role::Editor));
    assert!(invited.await.unwrap());
    guest.workspace = owner.workspace;
    let mut on_b = Replica::live(&two.b, &guest).await;
    let taken = two.a.app.set_role(owner.workspace, guest.user, None);
    assert!(taken.await.unwrap());
    let error = on_b.socket.error().await;
    assert_eq!(
        (error.code, error.workspace),
        (ErrorCode::Forbidden, Some(owner.workspace))
    );
    two.stop().await;
}

#[tokio::test]
async fn signing_out_on_one_ends_sockets_of_the_other() {
    let two = Two::start().await;
    let account = two.a.account().await;
    let mut on_b = Replica::live(&two.b, &account).await;
    let origin = format!("http://{}", two.a.address);
    let headers = [("cookie", account.cookie.as_str()), ("origin", origin.as_str())];
    let answer = request(two.a.address, "DELETE", "/api/v1/session", &headers, None).await;
    assert_eq!(answer.status, 204, "{answer:?}");
    assert_eq!(on_b.socket.ended().await.code(), Some(ErrorCode::Unauthenticated));
    two.stop().await;
}

/// Connects again and again until it gets through, as a client does.
async fn reconnect(server: &Server, account: &Account, before: &Replica) -> Replica {
    let until = Instant::now() + PATIENCE;
    loop {
        let tried = timeout(PATIENCE, async {
            let mut socket = crate::harness::Socket::open(server.address).await;
            socket
                .send(&crate::harness::hello(&account.token, before.id))
                .await;
            socket
                .next_text()
                .await
                .map(|text| (socket, Down::parse(&text).unwrap()))
        });
        if let Ok(Some((socket, Down::Welcome(_)))) = tried.await {
            return Replica {
                socket,
                id: before.id,
                workspace: before.workspace,
                epoch: before.epoch,
                cursor: before.cursor,
                mark: before.mark,
                seq: before.seq,
            };
        }
        assert!(Instant::now() < until, "the server does not come back");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn connections_to_the_database_cut_in_the_middle_lose_nothing_and_double_nothing() {
    const CUTS: u32 = 12;
    let two = Two::start().await;
    let account = two.a.account().await;
    let mut replica = Replica::live(&two.a, &account).await;
    let mut waiting: BTreeMap<u64, PushedMutation> = BTreeMap::new();
    let mut acknowledged: BTreeMap<u64, (EntityId, Revision)> = BTreeMap::new();
    let mut seq = 0;
    for cut in 0..CUTS {
        let enough = acknowledged.len() + 20 + cut as usize;
        let mut is_cut = false;
        while acknowledged.len() < enough || !is_cut {
            while waiting.len() < 30 {
                seq += 1;
                let mutation = set(seq, new_entity(), &[("title", &seq.to_string())], &[]);
                waiting.insert(seq, mutation.clone());
                replica.push(vec![mutation]).await;
            }
            if acknowledged.len() + 5 >= enough && !is_cut {
                postgres::cut_connections(&two.database).await;
                is_cut = true;
            }
            let text = replica.socket.next_text().await;
            match text.map(|text| Down::parse(&text).unwrap()) {
                Some(Down::Delta(delta)) => {
                    if delta.to > replica.cursor {
                        (replica.cursor, replica.mark) = (delta.to, delta.mark);
                    }
                    for outcome in delta.outcomes {
                        let Fate::Accepted { revision, .. } = outcome.fate else {
                            panic!("{outcome:?}");
                        };
                        if let Some(mutation) = waiting.remove(&outcome.seq.0) {
                            acknowledged.insert(outcome.seq.0, (mutation.entity, revision));
                        }
                    }
                }
                Some(Down::Error(_)) | None => {
                    replica = reconnect(&two.a, &account, &replica).await;
                    replica.subscribe().await;
                    for mutation in waiting.values().cloned().collect::<Vec<_>>() {
                        replica.push(vec![mutation]).await;
                    }
                }
                Some(other) => panic!("{other:?}"),
            }
        }
    }
    let mut fresh = Replica::greet(&two.b, &account).await;
    let mut stored = BTreeMap::new();
    for part in fresh.subscribe().await {
        let Down::Snapshot(snapshot) = part else {
            panic!("a snapshot");
        };
        stored.extend(snapshot.entities.into_iter().map(|entity| (entity.id, entity)));
    }
    for (seq, (id, revision)) in &acknowledged {
        assert_eq!(text(&stored[id], "title"), seq.to_string());
        assert_eq!(stored[id].revision_of(&Field::Title), *revision);
    }
    let mut revisions: Vec<_> = stored.values().map(|entity| entity.revision().0).collect();
    revisions.sort_unstable();
    assert_eq!(
        revisions,
        (1..=fresh.cursor.0).collect::<Vec<_>>(),
        "each edit once"
    );
    two.stop().await;
}
