//! The store: one SQLite file, one writer thread that commits in groups, a few connections that read.
//!
//! Invariants: every write goes through the writer's queue, so that revisions are given in the order of the
//! commits. An answer is given only after the commit on which it depends. A read sees one moment.
//!
//! Left out: any other database, backups (copy the file with SQLite's own tools while the server runs).

mod accounts;
mod data_dir;
mod group;
mod measured;
mod membership;
mod migrations;
mod open;
mod probe;
mod push;
mod read;
mod readers;
mod retention;
mod rows;
mod schema;
mod sign_in;
mod writer;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::oneshot;

pub(crate) use accounts::{Created, NewAccount};
use data_dir::DataDir;
pub use open::OpenError;
use probe::Probed;
pub(crate) use push::Push;
pub(crate) use read::{CatchUp, catch_up, catch_up_at_once};
use readers::Readers;
pub use retention::Swept;
pub use rows::Role;
pub(crate) use sign_in::{NewSignIn, Rotation};
use writer::{Command, Writer};

use crate::clock::Clock;
use crate::config::Limits;
use crate::hub::Hub;

/// Why a read or write did not happen. Nothing of it took effect.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("an entity in the database cannot be read: {0}")]
    Fields(#[source] serde_json::Error),
    #[error("the store is closed")]
    Closed,
    #[error("the group it was in could not be committed")]
    NotCommitted,
}

/// A handle to the store.
#[derive(Debug)]
pub(crate) struct Store {
    readers: Arc<Readers>,
    writer: Writer,
    hub: Arc<Hub>,
    dir: DataDir,
    probed: Probed,
}

impl Store {
    /// Opens the database in `dir`, or makes it.
    ///
    /// # Errors
    /// When the directory cannot be used, or holds something that this version must not touch.
    pub(crate) fn open(
        dir: &Path,
        hub: Arc<Hub>,
        clock: Arc<dyn Clock>,
        limits: &Limits,
    ) -> Result<Self, OpenError> {
        let dir = DataDir::claim(dir)?;
        let path = dir.database();
        let connection = open::open_writer(&path)?;
        let readers =
            Readers::open(&path, limits.readers).map_err(|error| OpenError::sqlite(&path, &error))?;
        let writer =
            Writer::start(connection, Arc::clone(&hub), clock, limits).map_err(|source| OpenError::Io {
                path: path.clone(),
                source,
            })?;
        Ok(Self {
            readers: Arc::new(readers),
            writer,
            hub,
            dir,
            probed: Probed::default(),
        })
    }

    /// Queues a push. Its outcomes reach the session through its mailbox, after the commit.
    pub(crate) async fn push(&self, mut push: Push) -> Result<(), StoreError> {
        push.room = Some(self.writer.room(push.bytes).await?);
        self.writer.send(Command::Push(Box::new(push))).await
    }

    /// Runs `job` in the writer, inside a savepoint of the next group; answers once the group is committed.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.write_then(job, |_| {}).await
    }

    /// The same. It also runs `then` right after the commit, before any change of that commit is published.
    pub(crate) async fn write_then<T: Send + 'static>(
        &self,
        job: impl FnOnce(&rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = writer::Job::new(job, then, answer);
        self.writer.send(Command::Job(job)).await?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs `read` on one of the reading connections, inside one read transaction.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.read(read).await
    }

    /// Commits the queued commands, checkpoints the write-ahead log and ends the writer.
    pub(crate) async fn close(&self) {
        self.writer.close().await;
    }
}
