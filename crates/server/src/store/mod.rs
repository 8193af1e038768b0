//! The store: named operations on accounts, rights, changes and snapshots, over one database.
//!
//! ```text
//! push ─► queue ─► load what the group names ─► decide in memory (the core's sequencer) ─► flush ─► commit ─► publish
//! ```
//! Invariants: revisions of a workspace are given in the order of the commits, without gaps. An answer is given only
//! after the commit on which it depends. A read sees one moment. What a decision is, is written once, above the
//! databases; a database only loads and flushes.

mod accounts;
mod catch_up;
pub mod copy;
mod decide;
mod group;
mod ledger;
mod measured;
mod needs;
mod postgres;
mod push;
mod retention;
mod role;
mod sign_in;
mod sqlite;
mod writes;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tsugi_sync::ids::{ReplicaId, Timestamp, UserId, WorkspaceId};
use tsugi_sync::protocol::Subscribe;
use uuid::Uuid;

pub(crate) use accounts::{Account, Created, NewAccount};
pub(crate) use catch_up::CatchUp;
use postgres::Postgres;
pub(crate) use push::Push;
pub use retention::Swept;
pub use role::Role;
pub(crate) use sign_in::{NewSignIn, Presented, Rotation};
pub use sqlite::OpenError;
use sqlite::Sqlite;

use crate::clock::Clock;
use crate::config::{DatabaseAddress, Limits};
use crate::events::{EventProcessor, Feed};
use crate::instance::{Instance, InstanceName};
use crate::secret::{Secret, TokenHash};

/// Why a read or write did not happen. Nothing of it took effect.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database: {0}")]
    Postgres(#[from] postgres::Failure),
    #[error("no connection to the database: {0}")]
    NoConnection(String),
    #[error("an entity in the database cannot be read: {0}")]
    Fields(#[source] serde_json::Error),
    #[error("damage in the database: {0}")]
    Damaged(String),
    #[error("the store is closed")]
    Closed,
    #[error("the group it was in could not be committed")]
    NotCommitted,
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error.into())
    }
}

impl StoreError {
    /// Whether it concerns the connection to the database, and so everything that would use it.
    fn is_of_the_connection(&self) -> bool {
        match self {
            Self::Postgres(failure) => failure.is_disconnected(),
            Self::NoConnection(_) | Self::Closed => true,
            Self::Sqlite(_) | Self::Fields(_) | Self::Damaged(_) | Self::NotCommitted => false,
        }
    }
}

/// A handle to the store.
#[derive(Debug)]
pub(crate) struct Store {
    database: Database,
    events: Arc<EventProcessor>,
    /// The room for pushes that wait for a writer, in KiB, because a thousand commands are few, but a thousand of the
    /// largest frames are a gigabyte.
    room: Arc<Semaphore>,
    room_kib: u32,
}

#[derive(Debug)]
enum Database {
    Sqlite(Box<Sqlite>),
    Postgres(Box<Postgres>),
}

/// Where the data are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    /// SQLite, in this directory.
    Directory(&'a Path),
    /// PostgreSQL, at this address.
    Postgres(&'a str),
}

impl Store {
    /// Opens the database that `place` names.
    ///
    /// # Errors
    /// When it cannot be used, or holds something that this version must not touch.
    pub(crate) async fn open(
        place: Place<'_>,
        events: Arc<EventProcessor>,
        clock: Arc<dyn Clock>,
        limits: &Limits,
    ) -> Result<Self, OpenError> {
        let database = match place {
            Place::Directory(dir) => {
                Database::Sqlite(Box::new(Sqlite::open(dir, Arc::clone(&events), clock, limits)?))
            }
            Place::Postgres(address) => {
                Database::Postgres(Box::new(Postgres::open(address, &events, &clock, limits).await?))
            }
        };
        let room_kib = kib(limits.writer_queue_bytes);
        Ok(Self {
            database,
            events,
            room: Arc::new(Semaphore::new(room_kib as usize)),
            room_kib,
        })
    }

    /// The secret that is kept in the database; none if the database is a file, beside which the secret is kept.
    pub(crate) async fn shared_secret(&self) -> Result<Option<Secret>, StoreError> {
        match &self.database {
            Database::Sqlite(_) => Ok(None),
            Database::Postgres(postgres) => postgres.shared_secret().await.map(Some),
        }
    }

    /// What other instances do; none if nobody else can write to the database.
    pub(crate) fn feed(&self) -> Option<Arc<dyn Feed>> {
        match &self.database {
            Database::Sqlite(_) => None,
            Database::Postgres(postgres) => Some(postgres.feed()),
        }
    }

    /// Queues a push. Its outcomes reach the session through its mailbox, after the commit.
    pub(crate) async fn push(&self, mut push: Push) -> Result<(), StoreError> {
        push.room = Some(self.room_for(push.bytes).await?);
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.push(push).await,
            Database::Postgres(postgres) => postgres.push(push).await,
        }
    }

    /// Waits until there is room for this number of bytes. A push that is larger than the whole room waits until all of
    /// it is free.
    async fn room_for(&self, bytes: usize) -> Result<OwnedSemaphorePermit, StoreError> {
        let part = kib(bytes).min(self.room_kib);
        let room = Arc::clone(&self.room).acquire_many_owned(part).await;
        room.map_err(|_| StoreError::Closed)
    }

    /// The same as `catch_up` for a replica that has everything, so that it need not wait for memory. None if there is
    /// something to read.
    pub(crate) async fn catch_up_at_once(
        &self,
        subscribe: Subscribe,
        user: UserId,
    ) -> Result<Option<CatchUp>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.catch_up_at_once(subscribe, user).await,
            Database::Postgres(postgres) => postgres.catch_up_at_once(&subscribe, user).await,
        }
    }

    /// Reads what the replica of the user needs to get from the cursor to the head of the workspace.
    pub(crate) async fn catch_up(
        &self,
        subscribe: Subscribe,
        who: (UserId, ReplicaId),
        now: Timestamp,
    ) -> Result<CatchUp, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.catch_up(subscribe, who, now).await,
            Database::Postgres(postgres) => postgres.catch_up(&subscribe, who, now).await,
        }
    }

    pub(crate) async fn account_by_email(&self, email: String) -> Result<Option<Account>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.account_by_email(email).await,
            Database::Postgres(postgres) => postgres.account_by_email(&email).await,
        }
    }

    /// Creates account, personal workspace and first sign-in, or nothing of them.
    pub(crate) async fn create_account(&self, account: NewAccount) -> Result<Created, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.create_account(account).await,
            Database::Postgres(postgres) => postgres.create_account(&account).await,
        }
    }

    pub(crate) async fn sign_in(&self, user: UserId, new: NewSignIn) -> Result<(), StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.sign_in(user, new).await,
            Database::Postgres(postgres) => postgres.sign_in(user, &new).await,
        }
    }

    /// Takes a refresh token and puts its successor in its place.
    pub(crate) async fn rotate(&self, presented: Presented) -> Result<Rotation, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.rotate(presented).await,
            Database::Postgres(postgres) => postgres.rotate(&presented).await,
        }
    }

    /// Whether a refresh token is stored, used or not.
    pub(crate) async fn knows_token(&self, token: TokenHash) -> Result<bool, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.knows_token(token).await,
            Database::Postgres(postgres) => postgres.knows_token(&token).await,
        }
    }

    /// Ends the sign-in that the token belongs to. Answers which, if the token is known.
    pub(crate) async fn sign_out(
        &self,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<(UserId, Uuid)>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.sign_out(token, now).await,
            Database::Postgres(postgres) => postgres.sign_out(&token, now).await,
        }
    }

    /// Whether this sign-in of the user has not been ended.
    pub(crate) async fn is_signed_in(&self, user: UserId, sign_in: Uuid) -> Result<bool, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.is_signed_in(user, sign_in).await,
            Database::Postgres(postgres) => postgres.is_signed_in(user, sign_in).await,
        }
    }

    /// The user's role in the workspace; none if the user has no right to it.
    pub(crate) async fn role(
        &self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Option<Role>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.role(workspace, user).await,
            Database::Postgres(postgres) => postgres.role(workspace, user).await,
        }
    }

    /// Gives a role, or takes it away if `role` is none, and tells the user's sessions. Answers whether user and
    /// workspace exist.
    pub(crate) async fn set_role(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        role: Option<Role>,
    ) -> Result<bool, StoreError> {
        let events = Arc::clone(&self.events);
        let tell = move || events.rights_changed(workspace, user);
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.set_role(workspace, user, role, tell).await,
            Database::Postgres(postgres) => {
                let set = postgres.set_role(workspace, user, role).await;
                tell();
                set
            }
        }
    }

    /// Forgets the changes from before `before`, in every workspace, and rests for `pause` between the steps.
    pub(crate) async fn sweep(&self, before: Timestamp, pause: Duration) -> Result<Swept, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.sweep(before, pause).await,
            Database::Postgres(postgres) => postgres.sweep(before, pause).await,
        }
    }

    /// Stores that this instance lives. Answers all that were heard of within `silent`; none if nobody else can use the
    /// database.
    pub(crate) async fn heartbeat(
        &self,
        own: &Instance,
        silent: Duration,
    ) -> Result<Vec<Instance>, StoreError> {
        match &self.database {
            Database::Sqlite(_) => Ok(Vec::new()),
            Database::Postgres(postgres) => postgres.heartbeat(own, silent).await,
        }
    }

    /// All instances that were heard of within `silent`.
    pub(crate) async fn instances(&self, silent: Duration) -> Result<Vec<Instance>, StoreError> {
        match &self.database {
            Database::Sqlite(_) => Ok(Vec::new()),
            Database::Postgres(postgres) => postgres.instances(silent).await,
        }
    }

    /// This run of the instance has ended.
    pub(crate) async fn forget_instance(&self, name: &InstanceName, run: Uuid) -> Result<(), StoreError> {
        match &self.database {
            Database::Sqlite(_) => Ok(()),
            Database::Postgres(postgres) => postgres.forget_instance(name, run).await,
        }
    }

    /// Reads something, to find out whether the database answers.
    pub(crate) async fn can_read(&self) -> Result<(), StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.can_read().await,
            Database::Postgres(postgres) => postgres.can_read().await,
        }
    }

    /// Whether a write would succeed now.
    pub(crate) async fn can_write(&self) -> Result<bool, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.can_write().await,
            Database::Postgres(postgres) => postgres.can_write().await,
        }
    }

    /// Commits what is queued, and ends the writers.
    pub(crate) async fn close(&self) {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.close().await,
            Database::Postgres(postgres) => postgres.close(),
        }
    }
}

/// Looks at a PostgreSQL database without changing it. Answers its version and the layout of the tables, if there are any.
///
/// # Errors
/// When it does not answer.
pub(crate) async fn look_at_postgres(
    address: &DatabaseAddress,
) -> Result<(String, Option<i32>), postgres::OpenPostgresError> {
    postgres::look(address.as_str()).await
}

fn kib(bytes: usize) -> u32 {
    // The semaphore's own bound fits into 32 bits, also on a small machine.
    u32::try_from(bytes.div_ceil(1024).min(Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX)
}
