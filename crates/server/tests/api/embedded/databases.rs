//! Files that must not be touched, and directories that are in use.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tsugi_server::{App, Config, OpenError, StartError};

use crate::harness::{Replica, Server, TempDir, new_entity};

async fn refused(dir: &Path) -> OpenError {
    match App::open(Config::new(dir)).await {
        Err(StartError::Store(error)) => error,
        other => panic!("an error of the store, not {other:?}"),
    }
}

async fn used() -> Arc<TempDir> {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    for _ in 0..20 {
        let mutation = a.set(new_entity(), &[("notes", &"n".repeat(5_000))], &[]);
        a.commit(mutation).await;
    }
    drop(a);
    server.stop().await
}

#[tokio::test]
async fn a_later_version_is_left_alone() {
    let dir = used().await;
    let data = dir.path().join("data");
    let file = data.join("tsugi.db");
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    let before = std::fs::read(&file).unwrap();
    let error = refused(&data).await;
    assert!(
        matches!(error, OpenError::LaterVersion { found: 99, .. }),
        "{error:?}"
    );
    let output = Command::new(env!("CARGO_BIN_EXE_tsugi-server"))
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("later version"),
        "{output:?}"
    );
    assert!(output.stdout.is_empty());
    assert!(std::fs::read(&file).unwrap() == before, "untouched");
}

#[tokio::test]
async fn a_damaged_file_is_an_error() {
    let dir = TempDir::new();
    let file = dir.path().join("tsugi.db");
    for bytes in [
        b"not a database, but longer than a header is: ".repeat(10),
        vec![0; 10],
    ] {
        std::fs::write(&file, &bytes).unwrap();
        let error = refused(dir.path()).await;
        assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
        assert!(std::fs::read(&file).unwrap() == bytes, "untouched");
    }
    let used = used().await;
    let data = used.path().join("data");
    let mut bytes = std::fs::read(data.join("tsugi.db")).unwrap();
    let end = bytes.len();
    bytes[4096..end].fill(0xA5);
    std::fs::write(data.join("tsugi.db"), bytes).unwrap();
    let error = refused(&data).await;
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let dir = TempDir::new();
    let file = dir.path().join("tsugi.db");
    // Most programs number nothing in their files.
    for theirs in ["CREATE TABLE theirs (x)", "PRAGMA user_version = 1"] {
        let other = rusqlite::Connection::open(&file).unwrap();
        other.execute_batch(theirs).unwrap();
        drop(other);
        let before = std::fs::read(&file).unwrap();
        assert!(
            matches!(refused(dir.path()).await, OpenError::NotOurs(_)),
            "{theirs}"
        );
        assert!(std::fs::read(&file).unwrap() == before, "untouched");
    }
}

#[tokio::test]
async fn a_directory_has_one_server() {
    let server = Server::start().await;
    assert!(matches!(
        refused(&server.dir.path().join("data")).await,
        OpenError::InUse(_)
    ));
    server.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_secret_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start().await;
    let account = server.account().await;
    let file = server.dir.path().join("data/secret");
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let data = std::fs::metadata(server.dir.path().join("data")).unwrap();
    assert_eq!(data.permissions().mode() & 0o777, 0o700);
    let dir = server.stop().await;
    // Kept: tokens outlive a restart.
    let server = Server::in_dir(dir, |_| {}).await;
    Replica::live(&server, &account).await;
    server.stop().await;
}

#[tokio::test]
async fn what_the_command_line_refuses() {
    for args in [
        &["--frob"][..],
        &["--database", "postgres://x"],
        &["--listen"],
        &[],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tsugi-server"));
        let output = command
            .args(args)
            .env_remove("TSUGI_LISTEN")
            .env_remove("TSUGI_DATA")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(!output.stderr.is_empty());
    }
    let help = Command::new(env!("CARGO_BIN_EXE_tsugi-server"))
        .arg("--help")
        .output()
        .unwrap();
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("--listen"));
}
