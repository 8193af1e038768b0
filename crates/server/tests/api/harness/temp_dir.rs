//! A directory of a test's own, and the database that belongs to it.

use std::path::{Path, PathBuf};

use tsugi_server::config::DatabaseAddress;
use uuid::Uuid;

use super::postgres;

/// A directory that goes when the test is done.
#[derive(Debug)]
pub(crate) struct TempDir(pub(crate) PathBuf);

impl TempDir {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("tsugi-test-{}", Uuid::new_v4()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The database that belongs to this directory. None is the embedded one, in it.
    pub(crate) async fn database(&self) -> Option<DatabaseAddress> {
        Some(self.address().await?.parse().unwrap())
    }

    /// The address of the database.
    ///
    /// With `TSUGI_TEST_DATABASE=postgres`, all tests but those of `embedded` run on PostgreSQL.
    pub(crate) async fn address(&self) -> Option<String> {
        match std::env::var("TSUGI_TEST_DATABASE").as_deref() {
            Ok("postgres") => Some(postgres::database(&self.name()).await),
            Ok(other) => panic!("no database of the tests: {other}"),
            Err(_) => None,
        }
    }

    /// The name of its database in PostgreSQL.
    fn name(&self) -> String {
        let name = self.0.file_name().unwrap().to_str().unwrap();
        name.replace('-', "_")
    }

    fn file(&self) -> PathBuf {
        self.0.join("data/tsugi.db")
    }

    /// The size of the log that is not yet in the embedded database's file; 0 if the database is another.
    pub(crate) fn bytes_of_log(&self) -> u64 {
        let log = self.0.join("data/tsugi.db-wal");
        std::fs::metadata(log).map_or(0, |log| log.len())
    }

    /// The number that a query answers. No server may have the database open.
    pub(crate) async fn count(&self, query: &str) -> i64 {
        if self.database().await.is_some() {
            return postgres::count(&self.name(), query).await;
        }
        let database = rusqlite::Connection::open(self.file()).unwrap();
        database.query_row(query, [], |row| row.get(0)).unwrap()
    }

    /// Runs a statement, in the words of the database that it is. No server may have it open.
    pub(crate) async fn execute(&self, embedded: &str, in_postgres: &str) {
        if self.database().await.is_some() {
            return postgres::execute(&self.name(), in_postgres).await;
        }
        let database = rusqlite::Connection::open(self.file()).unwrap();
        database.execute_batch(embedded).unwrap();
    }

    /// Makes a copy of the database, as a backup. No server may have it open.
    pub(crate) async fn copy(&self) {
        match self.database().await {
            Some(_) => postgres::copy(&self.name(), &self.name_of_copy()).await,
            None => drop(std::fs::copy(self.file(), self.0.join("copy.db")).unwrap()),
        }
    }

    /// Puts the copy in the place of the database.
    pub(crate) async fn put_back(&self) {
        match self.database().await {
            Some(_) => postgres::copy(&self.name_of_copy(), &self.name()).await,
            None => drop(std::fs::copy(self.0.join("copy.db"), self.file()).unwrap()),
        }
    }

    fn name_of_copy(&self) -> String {
        format!("{}_copy", self.name())
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
