//! Copying a whole store: `backup`, `restore` and `move`.
//!
//! ```text
//! file or directory (SQLite) ─┐                      ┌─► file or directory (SQLite)
//! PostgreSQL ─────────────────┴─► records, in order ─┴─► PostgreSQL
//! then the target is read again, and compared with what was sent
//! ```
//! Invariants: the source is read at one moment, while a server may write to it. The target is complete or unchanged. A
//! target that holds something is left alone, unless it may be replaced. Nothing is called done before the target was read
//! again and holds the same.

mod channel;
mod record;
mod tally;

use std::path::{Path, PathBuf};

pub(super) use channel::{Inlet, Outlet, channel};
pub(super) use record::{Record, Table};
pub use tally::Tally;

use super::postgres::{OpenPostgresError, copy as postgres};
use super::sqlite::{OpenError, copy as sqlite};
use super::{StoreError, postgres::Failure};
use crate::config::DatabaseAddress;

/// A whole store.
#[derive(Clone, Debug)]
pub enum Whole {
    /// A file that a backup made, or is to make.
    File(PathBuf),
    /// The data directory of a server.
    Directory(PathBuf),
    Postgres(DatabaseAddress),
}

/// Why a copy was not made. The target is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Postgres(#[from] OpenPostgresError),
    #[error("{path}: {source}", path = path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path}: it is there already; name another file", path = .0.display())]
    Exists(PathBuf),
    #[error("{path}: there is no database", path = .0.display())]
    Missing(PathBuf),
    #[error("the target holds data already ({0}); with --replace they are replaced")]
    NotEmpty(Tally),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("what was written is not what was read: {written} in place of {read}; the target was not kept")]
    Differs { read: String, written: String },
    #[error("the copy ended before its end")]
    Unfinished,
}

impl From<rusqlite::Error> for CopyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<tokio_postgres::Error> for CopyError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Store(StoreError::Postgres(Failure::from(error)))
    }
}

impl CopyError {
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        Self::Io { path, source }
    }
}

/// Copies everything from one store to another. Answers what was copied.
///
/// # Errors
/// When it could not be done. The target is as it was then.
pub async fn copy(from: &Whole, to: &Whole, may_replace: bool) -> Result<Tally, CopyError> {
    match to {
        Whole::File(path) => sqlite::write_file(path, from).await,
        Whole::Directory(dir) => sqlite::write_directory(dir, from, may_replace).await,
        Whole::Postgres(address) => postgres::write(address, from, may_replace).await,
    }
}

/// Reads all of a store into a channel.
pub(super) async fn read(from: &Whole, inlet: Inlet) -> Result<(), CopyError> {
    match from {
        Whole::File(path) => sqlite::read_file(path.clone(), inlet).await,
        Whole::Directory(dir) => sqlite::read_directory(dir.clone(), inlet).await,
        Whole::Postgres(address) => postgres::read(address, inlet).await,
    }
}

/// Reads all of a store, only to tell what is there.
///
/// # Errors
/// When it cannot be read.
pub async fn tally(of: &Whole) -> Result<Tally, CopyError> {
    let (inlet, mut outlet) = channel();
    let counting = async {
        while outlet.next().await?.is_some() {}
        Ok(outlet.tally)
    };
    let (read, tally) = tokio::join!(read(of, inlet), counting);
    read.and(tally)
}

/// Whether what was written is what was read.
pub(super) fn compare(read: Tally, written: Tally) -> Result<Tally, CopyError> {
    match read.is_same(&written) {
        true => Ok(written),
        false => Err(CopyError::Differs {
            read: read.to_string(),
            written: written.to_string(),
        }),
    }
}
