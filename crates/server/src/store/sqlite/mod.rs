//! SQLite, embedded: one file, one writer thread that commits in groups, a few connections that read.
//!
//! Invariants: every write goes through the writer's queue, so that revisions are given in the order of the
//! commits. An answer is given only after the commit on which it depends. A read sees one moment.

mod accounts;
pub(super) mod copy;
mod data_dir;
mod flush;
mod known;
mod load;
mod membership;
mod migrations;
mod open;
mod probe;
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
use tsugi_sync::ids::{ReplicaId, Timestamp, UserId};
use tsugi_sync::protocol::Subscribe;

use data_dir::DataDir;
pub use open::OpenError;
use probe::Probed;
use readers::Readers;
use writer::{Command, Job, Writer};

use super::StoreError;
use super::catch_up::CatchUp;
use super::push::Push;
use crate::clock::Clock;
use crate::config::Limits;
use crate::events::EventProcessor;

#[derive(Debug)]
pub(super) struct Sqlite {
    readers: Arc<Readers>,
    writer: Writer,
    dir: DataDir,
    probed: Probed,
}

impl Sqlite {
    /// Opens the database in `dir`, or makes it.
    ///
    /// # Errors
    /// When the directory cannot be used, or holds something that this version must not touch.
    pub(super) fn open(
        dir: &Path,
        events: Arc<EventProcessor>,
        clock: Arc<dyn Clock>,
        limits: &Limits,
    ) -> Result<Self, OpenError> {
        let dir = DataDir::claim(dir)?;
        let path = dir.database();
        let connection = open::open_writer(&path)?;
        let readers =
            Readers::open(&path, limits.readers).map_err(|error| OpenError::sqlite(&path, &error))?;
        let writer = Writer::start(connection, events, clock, limits).map_err(|source| OpenError::Io {
            path: path.clone(),
            source,
        })?;
        Ok(Self {
            readers: Arc::new(readers),
            writer,
            dir,
            probed: Probed::default(),
        })
    }

    /// Queues a push. Its outcomes reach the session through its mailbox, after the commit.
    pub(super) async fn push(&self, push: Push) -> Result<(), StoreError> {
        self.writer.send(Command::Push(Box::new(push))).await
    }

    pub(super) async fn catch_up_at_once(
        &self,
        subscribe: Subscribe,
        user: UserId,
    ) -> Result<Option<CatchUp>, StoreError> {
        self.read(move |connection| read::catch_up_at_once(connection, &subscribe, user))
            .await
    }

    pub(super) async fn catch_up(
        &self,
        subscribe: Subscribe,
        who: (UserId, ReplicaId),
        now: Timestamp,
    ) -> Result<CatchUp, StoreError> {
        self.read(move |connection| read::catch_up(connection, &subscribe, who, now))
            .await
    }

    /// Runs `job` in the writer, inside a savepoint of the next group; answers once the group is committed. It must not
    /// change anything of which the writer keeps a memory.
    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.run(Job::new(job, |_| {}, answer), answered).await
    }

    /// The same for a job that changes rights, entities or the history. It also runs `then` right after the commit, before
    /// any change of a later commit is published.
    async fn write_then<T: Send + 'static>(
        &self,
        job: impl FnOnce(&rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = Job::new(job, then, answer).that_forgets();
        self.run(job, answered).await
    }

    async fn run<T>(
        &self,
        job: Job,
        answered: oneshot::Receiver<Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.writer.send(Command::Job(job)).await?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs `read` on one of the reading connections, inside one read transaction.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.read(read).await
    }

    pub(super) async fn can_read(&self) -> Result<(), StoreError> {
        self.read(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?))
            .await
    }

    /// Commits the queued commands, checkpoints the write-ahead log and ends the writer.
    pub(super) async fn close(&self) {
        self.writer.close().await;
    }
}
