//! The database of an earlier version is opened, and everything in it is there; and so is the replica of that version
//! with its waiting edits, which speaks version 1 of the protocol.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::Deserialize;
use serde_json::{Value, json};
use tsugi_server::{App, Config, OpenError, StartError};
use tsugi_sync::ids::{Mark, ReplicaId};
use uuid::Uuid;

use crate::harness::{Account, PASSWORD, Replica, Server, Socket, TempDir, set};

/// Written by the code of version 0.1.0: four accounts, a workspace that three of them share and one of Bob's own with
/// something in it, conflicts open and closed, tombstones, one that was brought back, kinds and values of all sorts.
const LAYOUT_1: &str = include_str!("../../golden/layout-1.sql");
/// Ada's laptop, of whose 500 waiting edits ten took effect, and the answers were lost.
const LAPTOP: Uuid = Uuid::from_u128(0xA1);
const TABLES: [&str; 8] = [
    "workspace",
    "account",
    "membership",
    "sign_in",
    "refresh_token",
    "replica",
    "entity",
    "change",
];

fn laid_down() -> Arc<TempDir> {
    let dir = TempDir::new();
    std::fs::create_dir(dir.path().join("data")).unwrap();
    let database = Connection::open(file(&dir)).unwrap();
    database
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF;")
        .unwrap();
    database.execute_batch(LAYOUT_1).unwrap();
    Arc::new(dir)
}

fn file(dir: &TempDir) -> std::path::PathBuf {
    dir.path().join("data/tsugi.db")
}

fn columns(database: &Connection, table: &str) -> Vec<String> {
    let mut statement = database
        .prepare("SELECT name FROM pragma_table_info(?1)")
        .unwrap();
    let names = statement.query_map([table], |row| row.get(0)).unwrap();
    names.collect::<Result<_, _>>().unwrap()
}

fn rows(database: &Connection, table: &str, columns: &[String]) -> Vec<Vec<Cell>> {
    let sql = format!("SELECT {} FROM {table} ORDER BY 1, 2", columns.join(", "));
    let mut statement = database.prepare(&sql).unwrap();
    let row = |row: &rusqlite::Row<'_>| (0..columns.len()).map(|n| row.get(n)).collect();
    let rows = statement.query_map([], row).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// All that layout 1 knew, table by table.
fn all_of_layout_1(database: &Connection, columns_of: &BTreeMap<&str, Vec<String>>) -> Vec<Vec<Vec<Cell>>> {
    columns_of
        .iter()
        .map(|(table, columns)| rows(database, table, columns))
        .collect()
}

fn number(row: &rusqlite::Row<'_>, column: usize) -> u64 {
    row.get::<_, i64>(column).unwrap().try_into().unwrap()
}

async fn opened_and_closed(dir: Arc<TempDir>) -> Arc<TempDir> {
    Server::in_dir(dir, |_| {}).await.stop().await
}

/// Tables, columns and indexes, whatever way they came about.
fn shape(database: &Connection) -> Vec<Vec<Cell>> {
    let mut shape = Vec::new();
    for table in TABLES {
        let sql = format!(
            "SELECT '{table}', name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{table}')
             UNION ALL SELECT '{table}', name, \"unique\", origin, partial, 0 FROM pragma_index_list('{table}')
             UNION ALL SELECT '{table}', \"table\", \"from\", \"to\", on_delete, 1 FROM pragma_foreign_key_list('{table}')"
        );
        let mut statement = database.prepare(&sql).unwrap();
        let row = |row: &rusqlite::Row<'_>| (0..6).map(|n| row.get(n)).collect();
        shape.extend(statement.query_map([], row).unwrap().map(Result::unwrap));
    }
    shape
}

#[tokio::test]
async fn every_row_survives() {
    let dir = laid_down();
    let before = Connection::open(file(&dir)).unwrap();
    let columns_of: BTreeMap<_, _> = TABLES.map(|table| (table, columns(&before, table))).into();
    let rows = all_of_layout_1(&before, &columns_of);
    assert_eq!(rows.iter().map(Vec::len).sum::<usize>(), 180, "the golden rows");
    drop(before);

    let dir = opened_and_closed(dir).await;
    let after = Connection::open(file(&dir)).unwrap();
    assert_eq!(all_of_layout_1(&after, &columns_of), rows);
    let verdict: String = after
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");
    let broken = after
        .prepare("PRAGMA foreign_key_check")
        .unwrap()
        .exists([])
        .unwrap();
    assert!(!broken, "every reference leads somewhere");

    let fresh = opened_and_closed(Arc::new(TempDir::new())).await;
    let fresh = Connection::open(file(&fresh)).unwrap();
    assert_eq!(shape(&after), shape(&fresh), "as if it had always been so");
}

#[tokio::test]
async fn every_change_gets_a_mark_of_its_own_and_counts_in_the_vector() {
    let dir = opened_and_closed(laid_down()).await;
    let database = Connection::open(file(&dir)).unwrap();
    let mut statement = database
        .prepare(
            "SELECT c.workspace, r.uuid, c.seq, c.mark, c.replica, c.committed, c.revision FROM change c
             JOIN replica r ON r.id = c.replica ORDER BY c.workspace, c.revision",
        )
        .unwrap();
    let mut changes = statement.query([]).unwrap();
    let mut marks: BTreeMap<i64, Mark> = BTreeMap::new();
    let mut all: BTreeSet<(i64, Mark)> = BTreeSet::new();
    let mut vector: BTreeMap<i64, (i64, i64, i64)> = BTreeMap::new();
    while let Some(change) = changes.next().unwrap() {
        let (workspace, mark) = (change.get(0).unwrap(), Mark(number(change, 3)));
        assert_ne!(mark, Mark(0));
        assert!(all.insert((workspace, mark)), "{mark:?} twice in one history");
        marks.insert(workspace, mark);
        let entry = vector.entry(change.get(4).unwrap()).or_default();
        *entry = (*entry).max((
            change.get(2).unwrap(),
            change.get(6).unwrap(),
            change.get(5).unwrap(),
        ));
    }
    let mut statement = database
        .prepare("SELECT id, mark, horizon, revision FROM workspace")
        .unwrap();
    let mut workspaces = statement.query([]).unwrap();
    while let Some(workspace) = workspaces.next().unwrap() {
        let mark = marks.get(&workspace.get(0).unwrap()).copied().unwrap_or_default();
        assert_eq!(mark.0, number(workspace, 1));
        assert_eq!(workspace.get::<_, i64>(2).unwrap(), 0, "nothing is forgotten");
    }
    let mut statement = database
        .prepare("SELECT id, seq, revision, seen FROM replica")
        .unwrap();
    let replicas = statement.query_map([], |row| {
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))
    });
    let replicas: BTreeMap<i64, (i64, i64, i64)> = replicas.unwrap().map(Result::unwrap).collect();
    assert_eq!(replicas, vector);
}

#[tokio::test]
async fn who_was_there_is_there_and_may_do_what_they_might() {
    let server = Server::in_dir(laid_down(), |_| {}).await;
    let (ada, bob, carol) = (
        sign_in(&server, "ada").await,
        sign_in(&server, "bob").await,
        sign_in(&server, "carol").await,
    );
    let in_adas = |account: &Account| Account {
        workspace: ada.workspace,
        ..account.clone()
    };
    let id = tsugi_sync::ids::EntityId(task(1));
    let fate = |outcome: tsugi_sync::protocol::Outcome| serde_json::to_value(outcome.fate).unwrap();
    let mut viewer = Replica::live(&server, &in_adas(&carol)).await;
    let refused = viewer.commit(set(1, id, &[("notes", "x")], &[])).await.1;
    assert_eq!(fate(refused)["code"], "forbidden");
    let mut editor = Replica::live(&server, &in_adas(&bob)).await;
    let accepted = editor.commit(set(1, id, &[("notes", "x")], &[])).await.1;
    assert_eq!(fate(accepted)["fate"], "accepted");
    // Ada's laptop is hers.
    let mut other = Replica::greet_as(server.address, &in_adas(&bob), ReplicaId(LAPTOP)).await;
    other.subscribe().await;
    let refused = other.commit(set(1, id, &[("notes", "y")], &[])).await.1;
    assert_eq!(fate(refused)["code"], "forbidden");
    server.stop().await;
}

/// What version 1 of the protocol reads, and all it reads.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Down {
    Welcome {
        version: u32,
        session: Uuid,
        user: Uuid,
        time: u64,
        token_expires: u64,
        idle_timeout_ms: u64,
    },
    Snapshot {
        workspace: Uuid,
        epoch: Uuid,
        revision: u64,
        entities: Vec<Entity>,
        last: bool,
    },
    Delta {
        workspace: Uuid,
        epoch: Uuid,
        from: u64,
        to: u64,
        #[serde(default)]
        entities: Vec<Entity>,
        #[serde(default)]
        outcomes: Vec<Outcome>,
        #[serde(default)]
        at: u64,
    },
    Subscribed {
        workspace: Uuid,
        epoch: Uuid,
        revision: u64,
    },
    Pong {
        heads: Vec<(Uuid, u64)>,
    },
    Error {
        code: String,
        message: String,
    },
}

#[derive(Debug, Deserialize)]
struct Entity {
    id: Uuid,
    #[expect(dead_code, reason = "it has to be there")]
    kind: String,
    fields: BTreeMap<String, (Value, u64)>,
}

#[derive(Debug, Deserialize)]
struct Outcome {
    seq: u64,
    #[serde(flatten)]
    fate: Fate,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
enum Fate {
    Accepted { revision: u64 },
    Conflict { current: Entity, by: Option<Author> },
    Refused { code: String, message: String },
}

#[derive(Debug, Deserialize)]
struct Author {
    user: Uuid,
    device: String,
    at: u64,
}

fn task(n: u64) -> Uuid {
    Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_0000_0000_0000 + u128::from(n))
}

async fn sign_in(server: &Server, name: &str) -> Account {
    let email = format!("{name}@example.org");
    let body = json!({ "email": email, "password": PASSWORD });
    let answer = server.post("/api/v1/session", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    Account {
        email,
        token: answer.json["token"].as_str().unwrap().to_owned(),
        cookie: answer.cookie().unwrap(),
        user: answer.json["user"]["id"].as_str().unwrap().parse().unwrap(),
        workspace: answer.json["workspace"].as_str().unwrap().parse().unwrap(),
    }
}

/// A replica of version 0.1.0, at the level of its text.
struct Laptop {
    socket: Socket,
    workspace: String,
    cursor: u64,
    /// As the replica shows it: the server's cells.
    entities: BTreeMap<Uuid, BTreeMap<String, (Value, u64)>>,
    outcomes: BTreeMap<u64, Fate>,
}

impl Laptop {
    async fn connected(server: &Server, account: &Account) -> Self {
        let mut laptop = Self {
            socket: Socket::open(server.address).await,
            workspace: account.workspace.to_string(),
            // All that it had when it went offline: its own first 42.
            cursor: 42,
            entities: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        };
        laptop
            .send(json!({
                "type": "hello", "versions": [1], "token": account.token, "replica": LAPTOP.to_string(),
                "device": "Ada’s laptop", "app": "tsugi 0.1.0",
            }))
            .await;
        match laptop.next().await {
            Down::Welcome {
                version: 1,
                user,
                time,
                token_expires,
                idle_timeout_ms: 1..,
                session,
            } => assert!(user == account.user.0 && token_expires > time && !session.is_nil()),
            other => panic!("a welcome in version 1, not {other:?}"),
        }
        laptop
    }

    async fn send(&mut self, message: Value) {
        self.socket.raw(&message.to_string()).await;
    }

    async fn next(&mut self) -> Down {
        let text = self.socket.next_text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("version 1 cannot read {text}: {error}"))
    }

    async fn subscribe(&mut self, epoch: &str) {
        let workspace = self.workspace.clone();
        self.send(json!({
            "type": "subscribe", "workspace": workspace, "epoch": epoch, "cursor": self.cursor,
        }))
        .await;
        loop {
            match self.next().await {
                Down::Subscribed {
                    revision,
                    workspace: of,
                    epoch: other,
                } => {
                    assert!(of.to_string() == workspace && other.to_string() == epoch);
                    assert_eq!(self.cursor, revision);
                    return;
                }
                delta => self.take_in(delta),
            }
        }
    }

    fn take_in(&mut self, message: Down) {
        let Down::Delta {
            from,
            to,
            entities,
            outcomes,
            at,
            workspace,
            epoch,
        } = message
        else {
            panic!("a delta, not {message:?}");
        };
        assert!(workspace.to_string() == self.workspace && !epoch.is_nil() && at > 0);
        assert!(from <= self.cursor, "no gaps");
        self.cursor = self.cursor.max(to);
        for entity in entities {
            self.entities.entry(entity.id).or_default().extend(entity.fields);
        }
        for outcome in outcomes {
            assert!(
                self.outcomes.insert(outcome.seq, outcome.fate).is_none(),
                "one answer each"
            );
        }
    }

    async fn push(&mut self, mutations: &[Value]) {
        for part in mutations.chunks(200) {
            let workspace = self.workspace.clone();
            self.send(json!({ "type": "push", "workspace": workspace, "mutations": part }))
                .await;
        }
        let wanted = self.outcomes.len() + mutations.len();
        while self.outcomes.len() < wanted {
            let message = self.next().await;
            self.take_in(message);
        }
    }
}

/// 500 edits that waited: 420 new tasks, of which the server has the first ten; notes for the first forty tasks, of
/// which some were deleted meanwhile; new titles for the first forty, of which others were renamed.
fn waiting() -> Vec<Value> {
    let mutation = |n: u64, entity: Uuid, set: Value, base: Value| {
        json!({
            "seq": 1000 + n, "entity": entity.to_string(), "kind": "task", "set": set, "base": base,
            "at": 1_767_226_600_000_u64 + n,
        })
    };
    let mut all = Vec::new();
    for n in 1..=420 {
        all.push(mutation(
            n,
            task(1000 + n),
            json!({ "title": format!("Waiting {n}") }),
            json!({}),
        ));
    }
    for n in 1..=40 {
        all.push(mutation(
            420 + n,
            task(n),
            json!({ "place": format!("place {n}") }),
            json!({}),
        ));
    }
    for n in 1..=40 {
        let base = json!({ "title": n });
        all.push(mutation(
            460 + n,
            task(n),
            json!({ "title": format!("Mine {n}") }),
            base,
        ));
    }
    all
}

#[tokio::test]
async fn five_hundred_edits_that_waited_are_all_there_once() {
    let dir = laid_down();
    let epoch = epoch_of_adas(&dir);
    let server = Server::in_dir(dir, |_| {}).await;
    let ada = sign_in(&server, "ada").await;
    let mut laptop = Laptop::connected(&server, &ada).await;
    laptop.subscribe(&epoch).await;
    let head = laptop.cursor;
    assert_eq!(head, 78);
    let mutations = waiting();
    assert_eq!(mutations.len(), 500);
    laptop.push(&mutations).await;

    let (mut revisions, mut conflicts) = (BTreeSet::new(), Vec::new());
    for (seq, fate) in std::mem::take(&mut laptop.outcomes) {
        let n = seq - 1000;
        match fate {
            Fate::Accepted { revision } if n <= 10 => {
                assert!(revision <= head, "it had taken effect");
            }
            Fate::Accepted { revision } => assert!(revisions.insert(revision), "one revision each"),
            Fate::Conflict { current, by } => {
                let by = by.expect("somebody did it");
                assert!(
                    by.device == "Ada’s phone" && by.user == ada.user.0 && by.at > 0,
                    "{by:?}"
                );
                conflicts.push((n, current));
            }
            Fate::Refused { code, message } => panic!("{seq} is lost: {code}, {message}"),
        }
    }
    // Renamed: 1 to 12. Deleted: 20 to 25; and 26, which was brought back since.
    let expected: Vec<u64> = (420 + 20..=420 + 26)
        .chain(460 + 1..=460 + 12)
        .chain(460 + 20..=460 + 26)
        .collect();
    assert_eq!(conflicts.iter().map(|(n, _)| *n).collect::<Vec<_>>(), expected);

    // What is in conflict has both sides: the replica pushes its value on top of what it has now been shown.
    let again: Vec<_> = conflicts
        .iter()
        .map(|(n, current)| {
            let mut mutation = mutations[usize::try_from(n - 1).unwrap()].clone();
            mutation["seq"] = json!(2000 + n);
            let base: BTreeMap<_, _> = current.fields.iter().map(|(name, cell)| (name, cell.1)).collect();
            mutation["base"] = json!(base);
            mutation
        })
        .collect();
    // Of one entity one at a time, as version 1 has it.
    let (places, titles): (Vec<_>, Vec<_>) = again.into_iter().partition(|m| m["set"]["place"].is_string());
    laptop.push(&places).await;
    laptop.push(&titles).await;
    for fate in laptop.outcomes.values() {
        let Fate::Accepted { revision } = fate else {
            panic!("it was shown everything: {fate:?}");
        };
        assert!(revisions.insert(*revision));
    }
    let all: Vec<_> = revisions.into_iter().collect();
    assert_eq!(
        all,
        (head + 1..=head + 490).collect::<Vec<_>>(),
        "each once, no gaps"
    );

    // Somebody else sees every one of them, as the values of today or of a task that is deleted.
    let dir = server.stop().await;
    let database = Connection::open(file(&dir)).unwrap();
    for mutation in &mutations {
        let id: Uuid = mutation["entity"].as_str().unwrap().parse().unwrap();
        let fields: String = database
            .query_row(
                "SELECT fields FROM entity WHERE uuid = ?1",
                [id.as_bytes()],
                |row| row.get(0),
            )
            .unwrap();
        let fields: Value = serde_json::from_str(&fields).unwrap();
        for (field, value) in mutation["set"].as_object().unwrap() {
            assert_eq!(&fields[field][0], value, "{mutation}");
        }
    }
}

fn epoch_of_adas(dir: &TempDir) -> String {
    let database = Connection::open(file(dir)).unwrap();
    let sql = "SELECT epoch FROM workspace WHERE id = 1";
    let epoch: Vec<u8> = database.query_row(sql, [], |row| row.get(0)).unwrap();
    Uuid::from_slice(&epoch).unwrap().to_string()
}

/// New members are all that version 2 added to what version 1 reads.
#[tokio::test]
async fn a_replica_of_version_1_reads_what_a_server_of_version_2_may_send() {
    for text in [
        include_str!("../../../../sync/tests/golden/down-welcome.json"),
        include_str!("../../../../sync/tests/golden/down-snapshot-2.json"),
        include_str!("../../../../sync/tests/golden/down-delta-2.json"),
        include_str!("../../../../sync/tests/golden/down-subscribed-2.json"),
        include_str!("../../../../sync/tests/golden/down-pong.json"),
        include_str!("../../../../sync/tests/golden/down-error.json"),
    ] {
        let read: Down = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let said = match read {
            Down::Welcome { version, .. } => version > 0,
            Down::Snapshot {
                workspace,
                epoch,
                revision,
                entities,
                last,
            } => !workspace.is_nil() && !epoch.is_nil() && revision > 0 && (last || !entities.is_empty()),
            Down::Delta { from, to, .. } => from <= to,
            Down::Subscribed { revision, .. } => revision > 0,
            Down::Pong { heads } => !heads.is_empty(),
            Down::Error { code, message } => !code.is_empty() && !message.is_empty(),
        };
        assert!(said, "{text}");
    }
}

#[tokio::test]
async fn a_change_of_layout_that_fails_changes_nothing() {
    let dir = laid_down();
    let database = Connection::open(file(&dir)).unwrap();
    // Late in the change, when the history has been written again.
    database
        .execute_batch(
            "CREATE TRIGGER no BEFORE UPDATE ON workspace BEGIN SELECT RAISE(ABORT, 'not now'); END;",
        )
        .unwrap();
    let columns_of: BTreeMap<_, _> = TABLES.map(|table| (table, columns(&database, table))).into();
    let rows = all_of_layout_1(&database, &columns_of);
    match App::open(Config::new(dir.path().join("data"))).await {
        Err(StartError::Store(OpenError::Damaged { detail, .. })) => assert!(detail.contains("not now")),
        other => panic!("an error, not {other:?}"),
    }
    let version = |database: &Connection| {
        database
            .query_row("PRAGMA user_version", [], |row| row.get::<_, i32>(0))
            .unwrap()
    };
    assert_eq!(version(&database), 1);
    assert_eq!(all_of_layout_1(&database, &columns_of), rows);
    for table in TABLES {
        assert_eq!(columns(&database, table), columns_of[table]);
    }
    database.execute_batch("DROP TRIGGER no").unwrap();
    drop(App::open(Config::new(dir.path().join("data"))).await.unwrap());
    assert_eq!(version(&database), 2);
    assert_eq!(all_of_layout_1(&database, &columns_of), rows);
    assert!(Path::new(&file(&dir)).exists());
}
