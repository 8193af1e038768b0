//! PostgreSQL, for a team's own database and for several instances at once.
//!
//! Invariants: the row of a workspace is locked before anything of it is decided on, so its revisions are without gaps,
//! whatever the number of instances. Every operation is one transaction.
//!
//! Left out: replicas to read from, and spreading over several databases. The keys are led by the workspace's id, which is
//! what both would need.

mod accounts;
pub(super) mod copy;
mod error;
mod failure;
mod feed;
mod flush;
mod instances;
mod load;
mod pool;
mod read;
mod retention;
mod rows;
mod schema;
mod sign_in;
mod writer;

use std::sync::Arc;

pub(in crate::store) use error::OpenPostgresError;
pub(in crate::store) use failure::Failure;
use pool::Pool;
use tsugi_sync::ids::{UserId, WorkspaceId};
use writer::{WRITERS, Writers};

use super::StoreError;
use super::push::Push;
use super::role::Role;
use crate::clock::Clock;
use crate::config::Limits;
use crate::events::{EventProcessor, Feed};
use crate::secret::Secret;

#[derive(Debug)]
pub(super) struct Postgres {
    /// The connections of writers, of sessions that read, and of those who find out what other instances did. Each has
    /// its own, so that a thousand sessions that come back at once hold up neither pushes nor news.
    writes: Pool,
    reads: Pool,
    news: Pool,
    writers: Writers,
}

/// What `doctor` tells of a database: the version of PostgreSQL, and the layout of the tables, if there are any.
pub(super) async fn look(address: &str) -> Result<(String, Option<i32>), OpenPostgresError> {
    let client = Pool::new(address, 1)?.first().await?;
    schema::look(&client).await
}
/// Connections for news.
const NEWS: usize = 3;

impl Postgres {
    /// Connects, and lays the tables out if they are missing.
    ///
    /// # Errors
    /// When the database does not answer, or holds something that this version must not touch.
    pub(super) async fn open(
        address: &str,
        events: &Arc<EventProcessor>,
        clock: &Arc<dyn Clock>,
        limits: &Limits,
    ) -> Result<Self, OpenPostgresError> {
        let writes = Pool::new(address, WRITERS)?;
        let mut client = writes.first().await?;
        schema::prepare(&mut client).await?;
        let writers = Writers::start(&writes, events, clock, limits);
        Ok(Self {
            reads: Pool::new(address, 2 * limits.readers.max(1))?,
            news: Pool::new(address, NEWS)?,
            writes,
            writers,
        })
    }

    /// The secret that all instances share. The first one makes it.
    pub(super) async fn shared_secret(&self) -> Result<Secret, StoreError> {
        let client = self.reads.get().await?;
        client
            .execute(
                "INSERT INTO setting (name, value) VALUES ('secret', $1) ON CONFLICT DO NOTHING",
                &[&&crate::random::bytes::<32>()[..]],
            )
            .await?;
        let row = client
            .query_one("SELECT value FROM setting WHERE name = 'secret'", &[])
            .await?;
        let bytes: Vec<u8> = rows::get(&row, 0)?;
        Secret::new(bytes).map_err(|_| StoreError::Damaged("the secret is too short".into()))
    }

    /// What other instances do, read from the same database.
    pub(super) fn feed(&self) -> Arc<dyn Feed> {
        Arc::new(feed::PostgresFeed(self.news.clone()))
    }

    pub(super) async fn push(&self, push: Push) -> Result<(), StoreError> {
        self.writers.push(push).await
    }

    pub(super) async fn role(
        &self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Option<Role>, StoreError> {
        Ok(self.member(workspace, user).await?.map(|view| view.role))
    }

    pub(super) async fn can_read(&self) -> Result<(), StoreError> {
        self.reads.get().await?.batch_execute("SELECT 1").await?;
        Ok(())
    }

    /// Whether the database takes writes, which one that only follows another does not.
    pub(super) async fn can_write(&self) -> Result<bool, StoreError> {
        let client = self.reads.get().await?;
        let row = client.query_one("SELECT pg_is_in_recovery()", &[]).await?;
        let follows: bool = rows::get(&row, 0)?;
        if follows || !self.writers.has_failed() {
            return Ok(!follows);
        }
        // The last group failed, and the disk may be full: a small write shows it.
        let probe = "INSERT INTO setting (name, value) VALUES ('probe', '') \
            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        Ok(client.execute(probe, &[]).await.is_ok())
    }

    pub(super) fn close(&self) {
        self.writers.stop();
        for pool in [&self.writes, &self.reads, &self.news] {
            pool.close();
        }
    }
}
