//! PostgreSQL: a cluster of its own, which trusts everybody on loopback.
//!
//! A shell holds the server. When the process of the tests ends, however it ends, the shell's input ends, and it stops the
//! database and removes the folder.

mod holder;

use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use holder::{End, Holder};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

use crate::{PATIENCE, free_port, listens};

/// Whether what was committed outlives a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// For tests that kill it.
    Safe,
    /// Much faster.
    None,
}

#[derive(Debug)]
pub struct Postgres {
    port: u16,
    holder: Holder,
}

impl Postgres {
    /// A new and empty one.
    #[must_use]
    pub fn start(durability: Durability) -> Self {
        let port = free_port();
        let mut holder = Holder::new(programs(), port, durability);
        holder.start();
        let postgres = Self { port, holder };
        postgres.listens();
        postgres
    }

    /// Ends it as an administrator does, who does not wait for open connections, and starts it again.
    pub fn restart(&mut self) {
        self.again(End::Fast);
    }

    /// The same as a power cut does: it recovers from its log.
    pub fn crash_and_start(&mut self) {
        self.again(End::Crash);
    }

    fn again(&mut self, end: End) {
        self.holder.stop(end);
        self.holder.start();
        self.listens();
    }

    fn listens(&self) {
        let began = Instant::now();
        while !listens(self.port) {
            assert!(began.elapsed() < PATIENCE, "PostgreSQL does not start");
            sleep(Duration::from_millis(5));
        }
    }

    /// The address of a database in it.
    #[must_use]
    pub fn address(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// A connection to a database in it.
    ///
    /// # Panics
    /// If there is none.
    pub async fn client(&self, name: &str) -> Client {
        loop {
            match tokio_postgres::connect(&self.address(name), NoTls).await {
                Ok((client, connection)) => {
                    tokio::spawn(connection);
                    return client;
                }
                // It listens a moment before it is ready.
                Err(error) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// The address of a new database with this name; or of the same one, if it was made before.
    ///
    /// # Panics
    /// If it cannot be made.
    pub async fn database(&self, name: &str) -> String {
        let client = self.client("postgres").await;
        let known = client
            .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
            .await
            .unwrap();
        if known.is_none() {
            let create = format!("CREATE DATABASE {name} STRATEGY file_copy");
            client.batch_execute(&create).await.unwrap();
        }
        self.address(name)
    }
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
    newest.expect(
        "PostgreSQL is not installed: `cargo xtask setup --tests` installs it, or PG_BIN names its programs",
    )
}
