//! The data directory and its files are for their owner's eyes only, and a full disk is called by its name.

#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use crate::harness::{Server, TempDir, request};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn assert_private(data: &Path) {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    for name in ["tsugi.db", "tsugi.db-wal", "tsugi.db-shm", "lock", "secret"] {
        assert!(
            names.iter().any(|known| known == name),
            "{name} is not among {names:?}"
        );
    }
}

#[tokio::test]
async fn a_directory_that_everybody_could_read_is_closed() {
    let dir = Arc::new(TempDir::new());
    let data = dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    set_mode(&data, 0o755);
    let server = Server::in_dir(dir, |_| {}).await;
    server.account().await;
    assert_eq!(mode(&data), 0o700);
    assert_private(&data);
    let dir = server.stop().await;
    // As an earlier version, or a copy that somebody brought back, left them.
    set_mode(&data, 0o777);
    for name in ["tsugi.db", "lock", "secret"] {
        set_mode(&data.join(name), 0o644);
    }
    let server = Server::in_dir(dir, |_| {}).await;
    server.account().await;
    assert_eq!(server.get("/readyz").await.status, 200);
    assert_eq!(mode(&data), 0o700);
    assert_private(&data);
    server.stop().await;
}

#[tokio::test]
async fn files_left_by_a_crash_are_closed() {
    let dir = Arc::new(TempDir::new());
    let data = dir.path().join("data");
    let server = Server::in_dir(Arc::clone(&dir), |_| {}).await;
    server.account().await;
    let left = dir.path().join("left");
    std::fs::create_dir(&left).unwrap();
    for entry in std::fs::read_dir(&data).unwrap() {
        let from = entry.unwrap().path();
        let to = left.join(from.file_name().unwrap());
        std::fs::copy(&from, &to).unwrap();
        set_mode(&to, 0o666);
    }
    server.stop().await;
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::rename(&left, &data).unwrap();
    let server = Server::in_dir(dir, |_| {}).await;
    assert_private(&data);
    server.stop().await;
}

#[tokio::test]
async fn a_directory_with_others_files_keeps_its_rights() {
    let dir = Arc::new(TempDir::new());
    let data = dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("notes.txt"), "somebody else's").unwrap();
    set_mode(&data, 0o755);
    set_mode(&data.join("notes.txt"), 0o644);
    let server = Server::in_dir(dir, |_| {}).await;
    assert_eq!((mode(&data), mode(&data.join("notes.txt"))), (0o755, 0o644));
    assert_eq!(mode(&data.join("tsugi.db")), 0o600);
    server.stop().await;
}

/// The server on a system where no file may be larger than this number of blocks of 512 bytes. To the server, the
/// disk is full there.
fn with_room(blocks: u32, data: &Path) -> Child {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" --listen 127.0.0.1:0 --data \"$1\"");
    Command::new("sh")
        .args(["-c", &script])
        .arg(env!("CARGO_BIN_EXE_tsugi-server"))
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_full_disk_at_the_first_start_is_called_so() {
    let dir = TempDir::new();
    for blocks in [0, 1, 8, 20, 100] {
        let data = dir.path().join(blocks.to_string());
        let output = with_room(blocks, &data).wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{blocks}: {text}");
        assert!(text.contains("the disk is full"), "{blocks}: {text}");
        assert!(!text.contains("damaged"), "{blocks}: {text}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_write_is_not_ready() {
    let dir = TempDir::new();
    let data = dir.path().join("data");
    // Laid out while there is room.
    let laid_out = Server::in_dir(Arc::new(TempDir::new()), |_| {})
        .await
        .stop()
        .await;
    std::fs::rename(laid_out.path().join("data"), &data).unwrap();
    let mut child = with_room(480, &data);
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().rsplit("http://").next().unwrap().parse().unwrap();
    let ready = request(address, "GET", "/readyz", &[], None).await;
    assert_eq!((ready.status, ready.code()), (503, "not_ready"), "{ready:?}");
    assert_eq!(request(address, "GET", "/healthz", &[], None).await.status, 200);
    child.kill().unwrap();
    child.wait().unwrap();
}
