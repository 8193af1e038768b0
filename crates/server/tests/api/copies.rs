//! Backups, restores and moves: from and to a file, a directory and PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use tsugi_server::config::DatabaseAddress;
use tsugi_server::copy::{CopyError, Whole, copy, tally};
use tsugi_server::{Config, Role};
use tsugi_sync::ids::EntityId;
use tsugi_sync::protocol::{Down, Fate};
use uuid::Uuid;

use crate::harness::{Account, Replica, Server, TempDir, new_entity, postgres, set, text};

fn embedded(config: &mut Config) {
    config.database = None;
}

fn directory(dir: &TempDir) -> Whole {
    Whole::Directory(dir.path().join("data"))
}

fn file(dir: &TempDir, name: &str) -> (PathBuf, Whole) {
    let path = dir.path().join(name);
    (path.clone(), Whole::File(path))
}

async fn new_postgres() -> (DatabaseAddress, Whole) {
    let name = format!("tsugi_copy_{}", Uuid::new_v4().simple());
    let address: DatabaseAddress = postgres::database(&name).await.parse().unwrap();
    (address.clone(), Whole::Postgres(address))
}

/// Some of everything: accounts, rights, sign-ins, deletions, texts that databases have trouble with.
async fn fill(server: &Server) -> (Account, Replica) {
    let account = server.account().await;
    let guest = server.account().await;
    let invited = server
        .app
        .set_role(account.workspace, guest.user, Some(Role::Viewer));
    assert!(invited.await.unwrap());
    let mut replica = Replica::live(server, &account).await;
    for title in ["plain", "“quoted” \\ 'it'", "nul \u{0} in it", "日本語 🎋", ""] {
        let mutation = replica.set(new_entity(), &[("title", title)], &[]);
        replica.commit(mutation).await;
    }
    let gone = new_entity();
    let made = replica.set(gone, &[("title", "gone")], &[]);
    let (delta, _) = replica.commit(made).await;
    let deleted = replica.set(gone, &[("deleted", "x")], &[("title", delta.to.0)]);
    replica.commit(deleted).await;
    (account, replica)
}

#[tokio::test]
async fn a_copy_goes_through_every_kind_of_store_and_stays_the_same() {
    let server = Server::with(embedded).await;
    let (account, mut replica) = fill(&server).await;
    // While the server runs.
    let (_, backup) = file(&server.dir, "backup.db");
    let made = copy(&directory(&server.dir), &backup, false).await.unwrap();
    let dir = server.stop().await;
    let whole = tally(&directory(&dir)).await.unwrap();
    assert!(made.is_same(&whole) && !whole.is_empty(), "{made} {whole}");

    let (address, on_postgres) = new_postgres().await;
    let moved = copy(&directory(&dir), &on_postgres, false).await.unwrap();
    assert!(moved.is_same(&whole), "{moved} {whole}");
    let back = TempDir::new();
    let returned = copy(&on_postgres, &directory(&back), false).await.unwrap();
    assert!(returned.is_same(&whole));
    let (_, of_postgres) = file(&back, "backup.db");
    assert!(
        copy(&on_postgres, &of_postgres, false)
            .await
            .unwrap()
            .is_same(&whole)
    );

    // A device goes on where it was, on the database to which its server has moved.
    let server = Server::with(|config| config.database = Some(address)).await;
    let refreshed = crate::harness::request(
        server.address,
        "POST",
        "/api/v1/session",
        &[],
        Some(&serde_json::json!({ "email": account.email, "password": crate::harness::PASSWORD })),
    )
    .await;
    let token = refreshed.json["token"].as_str().unwrap().to_owned();
    let account = Account { token, ..account };
    let mut again = Replica::greet_as(server.address, &account, replica.id).await;
    (again.epoch, again.cursor, again.mark, again.seq) =
        (replica.epoch, replica.cursor, replica.mark, replica.seq);
    assert!(again.subscribe().await.is_empty(), "nothing has happened since");
    replica = again;
    let mutation = replica.set(new_entity(), &[("title", "after the move")], &[]);
    let (_, outcome) = replica.commit(mutation).await;
    assert!(matches!(outcome.fate, Fate::Accepted { .. }), "{outcome:?}");
    server.stop().await;
}

#[tokio::test]
async fn what_is_there_is_not_overwritten_by_mistake() {
    let server = Server::with(embedded).await;
    fill(&server).await;
    let (path, backup) = file(&server.dir, "backup.db");
    copy(&directory(&server.dir), &backup, false).await.unwrap();
    let exists = copy(&directory(&server.dir), &backup, true).await;
    assert!(matches!(exists, Err(CopyError::Exists(there)) if there == path));
    let in_use = copy(&backup, &directory(&server.dir), true).await;
    assert!(matches!(in_use, Err(CopyError::Open(_))), "a server uses it");
    let dir = server.stop().await;
    let before = tally(&directory(&dir)).await.unwrap();
    let full = copy(&backup, &directory(&dir), false).await;
    assert!(matches!(full, Err(CopyError::NotEmpty(_))), "{full:?}");
    let replaced = copy(&backup, &directory(&dir), true).await.unwrap();
    assert!(replaced.is_same(&before));

    let (_, on_postgres) = new_postgres().await;
    copy(&backup, &on_postgres, false).await.unwrap();
    let full = copy(&backup, &on_postgres, false).await;
    assert!(matches!(full, Err(CopyError::NotEmpty(_))), "{full:?}");
    assert!(copy(&backup, &on_postgres, true).await.unwrap().is_same(&before));

    let (_, missing) = file(&dir, "missing.db");
    let nowhere = copy(&missing, &on_postgres, true).await;
    assert!(matches!(nowhere, Err(CopyError::Missing(_))), "{nowhere:?}");
    let kept = tally(&on_postgres).await.unwrap();
    assert!(kept.is_same(&before), "what cannot be read replaces nothing");
    let garbage = dir.path().join("garbage.db");
    std::fs::write(&garbage, "no database").unwrap();
    let refused = copy(&Whole::File(garbage), &on_postgres, true).await;
    assert!(matches!(refused, Err(CopyError::Open(_))), "{refused:?}");
    assert!(tally(&on_postgres).await.unwrap().is_same(&before));
}

/// A backup is made while a device writes, and put back later. The device pushes again what it holds.
async fn restored_under_load(server: Server, whole: Whole, on: impl Fn(&mut Config)) {
    const EDITS: u64 = 300;
    let account = server.account().await;
    let mut replica = Replica::live(&server, &account).await;
    let dir = Arc::clone(&server.dir);
    let (_, backup) = file(&dir, "backup.db");
    let mutations: Vec<_> = (1..=EDITS)
        .map(|seq| set(seq, new_entity(), &[("title", &seq.to_string())], &[]))
        .collect();
    let mut backing_up = None;
    let mut accepted = 0;
    for (number, mutation) in mutations.iter().enumerate() {
        replica.push(vec![mutation.clone()]).await;
        if number == 100 {
            let (whole, backup) = (whole.clone(), backup.clone());
            backing_up = Some(tokio::spawn(async move { copy(&whole, &backup, false).await }));
        }
    }
    while accepted < EDITS as usize {
        accepted += replica.next_delta().await.outcomes.len();
    }
    backing_up.unwrap().await.unwrap().unwrap();
    let id = replica.id;
    drop(replica);
    server.stop().await;
    copy(&backup, &whole, true).await.unwrap();

    let server = Server::in_dir(dir, on).await;
    let mut replica = Replica::greet_as(server.address, &account, id).await;
    let kept = entities(&replica.subscribe().await).len();
    // It holds all of its mutations still, and does not know which of them the copy has.
    let mut fates = BTreeMap::new();
    for some in mutations.chunks(100) {
        replica.push(some.to_vec()).await;
    }
    while fates.len() < mutations.len() {
        for outcome in replica.next_delta().await.outcomes {
            assert!(matches!(outcome.fate, Fate::Accepted { .. }), "{outcome:?}");
            fates.insert(outcome.seq, outcome.fate);
        }
    }
    let mut fresh = Replica::greet(&server, &account).await;
    let all = entities(&fresh.subscribe().await);
    let expected: BTreeSet<_> = mutations
        .iter()
        .map(|mutation| (mutation.entity, mutation.seq.0.to_string()))
        .collect();
    assert_eq!(all, expected, "each edit once; the copy had {kept} of {EDITS}");
    assert!(kept <= EDITS as usize);
    server.stop().await;
}

fn entities(parts: &[Down]) -> BTreeSet<(EntityId, String)> {
    let mut all = BTreeSet::new();
    for part in parts {
        let Down::Snapshot(snapshot) = part else {
            panic!("a snapshot, not {part:?}");
        };
        let entities = snapshot.entities.iter();
        all.extend(entities.map(|entity| (entity.id, text(entity, "title").to_owned())));
    }
    all
}

#[tokio::test]
async fn a_file_restored_from_a_backup_under_load_gets_back_what_devices_hold() {
    let server = Server::with(embedded).await;
    let whole = directory(&server.dir);
    restored_under_load(server, whole, embedded).await;
}

#[tokio::test]
async fn postgres_restored_from_a_backup_under_load_gets_back_what_devices_hold() {
    let (address, whole) = new_postgres().await;
    let on = |config: &mut Config| config.database = Some(address.clone());
    let server = Server::with(on).await;
    restored_under_load(server, whole, on).await;
}

/// The commands, as a person types them.
#[tokio::test]
async fn the_commands_say_what_they_did_or_why_not() {
    let server = Server::with(embedded).await;
    fill(&server).await;
    let dir = Arc::clone(&server.dir);
    let (data, backup) = (dir.path().join("data"), dir.path().join("backup.db"));
    let name = dir
        .path()
        .file_name()
        .unwrap()
        .to_str()
        .unwrap()
        .replace('-', "_");
    let on_postgres = postgres::database(&format!("{name}_moved")).await;
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tsugi-server"));
        command
            .args(args)
            .env("TSUGI_DATA", &data)
            .env("TSUGI_LOG", "error");
        let output = command.output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(told).unwrap())
    };
    let backup = backup.to_str().unwrap();
    let (code, told) = run(&["backup", "--to", backup]);
    assert!(
        code == 0 && told.starts_with("copied and compared: 2 workspaces"),
        "{told}"
    );
    let (code, told) = run(&["backup", "--to", backup]);
    assert!(code == 1 && told.contains("it is there already"), "{told}");
    let (code, told) = run(&["restore", "--from", backup, "--replace"]);
    assert!(code == 1 && told.contains("another tsugi-server uses"), "{told}");
    server.stop().await;
    let (code, told) = run(&["restore", "--from", backup]);
    assert!(
        code == 1 && told.contains("with --replace they are replaced"),
        "{told}"
    );
    let (code, told) = run(&["move", "--database", &on_postgres]);
    assert_eq!(code, 0, "{told}");
    let (code, told) = run(&["doctor", "--listen=127.0.0.1:0", "--database", &on_postgres]);
    assert!(code == 0 && told.contains("answers: layout"), "{told}");
    let (code, told) = run(&["move", "--database", &on_postgres, "--back", "--replace"]);
    assert_eq!(code, 0, "{told}");
    let (code, told) = run(&[
        "restore",
        "--from",
        backup,
        "--database",
        "postgres://127.0.0.1:1/none",
    ]);
    assert!(code == 1 && told.contains("does not answer"), "{told}");
    let (code, told) = run(&["restore"]);
    assert!(code == 2 && told.contains("--from is missing"), "{told}");
}
