//! The real binary, killed in the middle of a stream of edits, again and again: what it acknowledged is there, once.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use tsugi_sync::entity::Field;
use tsugi_sync::ids::{ReplicaId, Revision};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Down, Fate};
use uuid::Uuid;

use crate::harness::{Account, Replica, TempDir, new_entity, set};

const KILLS: usize = 20;
/// Unanswered at once.
const AHEAD: usize = 40;

struct Process(Child);

impl Process {
    async fn start(dir: &TempDir) -> (Self, SocketAddr) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tsugi-server"));
        if let Some(address) = dir.address().await {
            command.env("TSUGI_DATABASE", address);
        }
        let mut child = command
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(dir.path().join("data"))
            .env("TSUGI_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("tsugi-server ready on http://")
            .unwrap()
            .parse()
            .unwrap();
        (Self(child), address)
    }

    /// SIGKILL: no farewell, no checkpoint.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn twenty_kills_lose_nothing_and_double_nothing() {
    let dir = TempDir::new();
    let (process, address) = Process::start(&dir).await;
    let account = Account::create(address).await;
    process.kill();

    let id = ReplicaId(Uuid::new_v4());
    let mut waiting: BTreeMap<u64, PushedMutation> = BTreeMap::new();
    let mut acknowledged: BTreeMap<u64, (PushedMutation, Revision)> = BTreeMap::new();
    let mut next_seq = 1;
    for round in 0..KILLS {
        let (process, address) = Process::start(&dir).await;
        let mut replica = Replica::greet_as(address, &account, id).await;
        replica.subscribe().await;
        for mutation in waiting.values().cloned().collect::<Vec<_>>() {
            replica.push(vec![mutation]).await;
        }
        // A different moment each time.
        let enough = acknowledged.len() + 5 + 7 * round % 60;
        while acknowledged.len() < enough {
            while waiting.len() < AHEAD {
                let title = next_seq.to_string();
                let mutation = set(next_seq, new_entity(), &[("title", &title)], &[]);
                waiting.insert(next_seq, mutation.clone());
                replica.push(vec![mutation]).await;
                next_seq += 1;
            }
            for outcome in replica.next_delta().await.outcomes {
                let Fate::Accepted { revision, .. } = outcome.fate else {
                    panic!("{outcome:?}");
                };
                let mutation = waiting.remove(&outcome.seq.0).unwrap();
                acknowledged.insert(outcome.seq.0, (mutation, revision));
            }
        }
        process.kill();
    }

    let (process, address) = Process::start(&dir).await;
    let mut replica = Replica::greet_as(address, &account, id).await;
    let mut entities = BTreeMap::new();
    for part in replica.subscribe().await {
        let Down::Snapshot(snapshot) = part else {
            panic!("a snapshot");
        };
        entities.extend(snapshot.entities.into_iter().map(|entity| (entity.id, entity)));
    }
    for (mutation, revision) in acknowledged.values() {
        let entity = &entities[&mutation.entity];
        assert_eq!(entity.value(&Field::Title), &mutation.set[&Field::Title]);
        assert_eq!(
            entity.revision(),
            *revision,
            "acknowledged at the revision it has"
        );
    }
    // Each entity took one revision: so every revision is of one edit, and none is missing.
    let mut revisions: Vec<_> = entities.values().map(|entity| entity.revision().0).collect();
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=replica.cursor.0).collect::<Vec<_>>());
    process.kill();
}
