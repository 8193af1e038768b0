//! A PostgreSQL of the tests' own: started with the first test that needs it, gone with the process.
//!
//! It listens on a free port of loopback, trusts everybody there, and forgets all when it ends (`fsync` is off). Nothing of
//! the system's own service is touched.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

/// The address of a new database with this name; or of the same one, if it was made before.
pub(crate) async fn database(name: &str) -> String {
    let client = client("postgres").await;
    let known = client
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await
        .unwrap();
    if known.is_none() {
        let create = format!("CREATE DATABASE {name} STRATEGY file_copy");
        client.batch_execute(&create).await.unwrap();
    }
    address(name)
}

/// Puts a copy of the database `from` in the place of `to`.
pub(crate) async fn copy(from: &str, to: &str) {
    let client = client("postgres").await;
    let drop = format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)");
    client.batch_execute(&drop).await.unwrap();
    let copy = format!("CREATE DATABASE {to} TEMPLATE {from} STRATEGY file_copy");
    client.batch_execute(&copy).await.unwrap();
}

/// The number that a query answers in the database.
pub(crate) async fn count(name: &str, query: &str) -> i64 {
    client(name).await.query_one(query, &[]).await.unwrap().get(0)
}

pub(crate) async fn execute(name: &str, statement: &str) {
    client(name).await.batch_execute(statement).await.unwrap();
}

/// Ends every other connection to the database, in the middle of whatever it does.
pub(crate) async fn cut_connections(name: &str) {
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()";
    client("postgres").await.query(cut, &[&name]).await.unwrap();
}

async fn client(name: &str) -> tokio_postgres::Client {
    loop {
        match tokio_postgres::connect(&address(name), NoTls).await {
            Ok((client, connection)) => {
                tokio::spawn(connection);
                return client;
            }
            // It listens a moment before it is ready.
            Err(error) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) => {
                tokio::task::yield_now().await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn address(name: &str) -> String {
    let port = *PORT.get_or_init(start);
    format!("postgres://postgres@127.0.0.1:{port}/{name}")
}

static PORT: OnceLock<u16> = OnceLock::new();

fn start() -> u16 {
    let bin = programs();
    let dir = std::env::temp_dir().join(format!("tsugi-postgres-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&dir).unwrap();
    let data = dir.join("data");
    // PostgreSQL refuses to run as root.
    let user = (rustix::process::getuid().is_root()).then_some("postgres");
    if let Some(user) = user {
        std::fs::create_dir(&data).unwrap();
        let mut owned = Command::new("chown");
        done(owned.arg(format!("{user}:")).arg(&data));
        open_to_pass(&dir);
    }
    let mut init = as_user(user, &bin.join("initdb"));
    init.arg("--pgdata").arg(&data);
    init.args([
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
    ]);
    done(init.args(["--no-sync", "--no-instructions"]));
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    // A shell holds it: when this process ends, however it ends, the shell's input ends, and it stops the database.
    let script =
        "\"$@\" & pid=$!; cat >/dev/null; kill -QUIT $pid; wait $pid; rm -rf \"$TSUGI_POSTGRES_DIR\"";
    let mut server = as_user(user, &bin.join("postgres"));
    server.arg("-D").arg(&data);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "shared_buffers=32MB",
        "max_connections=300",
        "log_min_messages=fatal",
        "log_min_error_statement=panic",
    ] {
        server.args(["-c", setting]);
    }
    server.args(["-p", &port.to_string()]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script, "sh"])
        .arg(server.get_program())
        .args(server.get_args());
    shell.env("TSUGI_POSTGRES_DIR", &dir).current_dir("/");
    let child = shell
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Its input stays open until this process ends.
    std::mem::forget(child);
    let begun = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "PostgreSQL does not start"
        );
        std::thread::yield_now();
    }
    port
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut command = match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
    };
    command.env("LC_ALL", "C").current_dir("/");
    command
}

fn done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

#[cfg(unix)]
fn open_to_pass(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o711)).unwrap();
}

/// Where the programs are, of the newest version there is.
fn programs() -> PathBuf {
    if let Ok(given) = std::env::var("PG_BIN") {
        return PathBuf::from(given);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let newest = versions.map(|entry| entry.path().join("bin")).max();
    newest
        .expect("PostgreSQL is not installed: `cargo xtask setup` installs it, or PG_BIN names its programs")
}
