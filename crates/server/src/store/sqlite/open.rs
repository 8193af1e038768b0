//! How the database file is recognised and opened.
//!
//! Invariants: a file that is not ours, is damaged or comes from a later version is left exactly as it was, with an
//! error that says so.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::schema::{TABLES, VERSION};
use super::{migrations, probe};
use crate::store::postgres::OpenPostgresError;

/// "TSUG", in the header of every database of ours.
const APPLICATION_ID: i32 = 0x5453_5547;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Above this size a whole check at start-up would take longer than it is worth.
const CHECKED_BYTES: u64 = 64 * 1024 * 1024;

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{path}: {source}", path = path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{path}: another tsugi-server uses this data directory", path = .0.display())]
    InUse(PathBuf),
    #[error("{path}: this is not a database of Tsugi; it was left as it is", path = .0.display())]
    NotOurs(PathBuf),
    #[error(
        "{path}: written by a later version of Tsugi (layout {found}; this one knows up to {known}); it was left as it is",
        path = path.display(), known = VERSION
    )]
    LaterVersion { path: PathBuf, found: i32 },
    #[error("{path}: the database is damaged ({detail}); restore it from a backup", path = path.display())]
    Damaged { path: PathBuf, detail: String },
    #[error("{path}: there is no room: the disk is full, or a limit of the operating system is met; make room and start again", path = .0.display())]
    Full(PathBuf),
    #[error(transparent)]
    Postgres(#[from] OpenPostgresError),
}

impl OpenError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        let is_full = matches!(
            source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        );
        if is_full {
            Self::Full(path)
        } else {
            Self::Io { path, source }
        }
    }

    /// The meaning of an error of SQLite at the start. SQLite has several names for a full disk, so the disk itself
    /// is checked.
    pub(super) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let is_full = match code {
            Some(ErrorCode::DiskFull) => true,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
                let filled = path.parent().map(probe::fill);
                filled.is_some_and(|filled| {
                    filled.is_err_and(|error| matches!(Self::io(path, error), Self::Full(_)))
                })
            }
            _ => false,
        };
        match (is_full, code) {
            (true, _) => Self::Full(path.to_owned()),
            (
                false,
                Some(
                    ErrorCode::SystemIoFailure
                    | ErrorCode::CannotOpen
                    | ErrorCode::ReadOnly
                    | ErrorCode::PermissionDenied,
                ),
            ) => Self::Io {
                path: path.to_owned(),
                source: io::Error::other(error.to_string()),
            },
            (false, _) => Self::Damaged {
                path: path.to_owned(),
                detail: error.to_string(),
            },
        }
    }
}

/// Opens the database for its one writer, and lays it out if it is new.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    look_at_header(path)?;
    let damaged = |error: rusqlite::Error| OpenError::sqlite(path, &error);
    let connection = Connection::open(path).map_err(damaged)?;
    check_version(&connection, path)?;
    // This comes before anything is written, so that a damaged file stays as it is.
    let size = fs::metadata(path).map_or(0, |meta| meta.len());
    if size <= CHECKED_BYTES {
        let verdict: String = connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(damaged)?;
        if verdict != "ok" {
            return Err(OpenError::Damaged {
                path: path.to_owned(),
                detail: verdict,
            });
        }
    }
    prepare(&connection).map_err(damaged)?;
    Ok(connection)
}

/// Whether a database of ours has the newest layout.
pub(super) fn is_newest(path: &Path) -> Result<bool, OpenError> {
    look_at_header(path)?;
    let version = open_reader(path)
        .and_then(|connection| connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i32>(0)));
    version
        .map(|version| version == VERSION)
        .map_err(|error| OpenError::sqlite(path, &error))
}

/// Opens one more connection, to read.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;")?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// Reads the header without SQLite, which may touch a file by opening it.
fn look_at_header(path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::io(path, source);
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    if file.metadata().map_err(failed)?.len() == 0 {
        return Ok(());
    }
    let mut header = [0; 100];
    if file.read_exact(&mut header).is_err() || !header.starts_with(MAGIC) {
        return Err(OpenError::Damaged {
            path: path.to_owned(),
            detail: "it does not begin as a database does".into(),
        });
    }
    let number = |at: usize| i32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    judge_version(path, number(68), number(60))
}

/// The same once more through SQLite, which also sees the write-ahead log.
fn check_version(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let read = |pragma| connection.query_row(pragma, [], |row| row.get::<_, i32>(0));
    let numbers = read("PRAGMA application_id").and_then(|id| Ok((id, read("PRAGMA user_version")?)));
    let (application, version) = numbers.map_err(|error| OpenError::sqlite(path, &error))?;
    judge_version(path, application, version)?;
    // Most programs set no application id and no version. So a file without these numbers is a new one of ours only
    // if it is empty.
    let holds = "SELECT EXISTS (SELECT 1 FROM sqlite_schema)";
    let holds = connection
        .query_row(holds, [], |row| row.get::<_, bool>(0))
        .map_err(|error| OpenError::sqlite(path, &error))?;
    match application == 0 && holds {
        true => Err(OpenError::NotOurs(path.to_owned())),
        false => Ok(()),
    }
}

fn judge_version(path: &Path, application: i32, version: i32) -> Result<(), OpenError> {
    match (application, version) {
        (0, 0) => Ok(()),
        (APPLICATION_ID, found) if found > VERSION => Err(OpenError::LaterVersion {
            path: path.to_owned(),
            found,
        }),
        (APPLICATION_ID, _) => Ok(()),
        (_, _) => Err(OpenError::NotOurs(path.to_owned())),
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA busy_timeout = 5000;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA cache_size = -16384;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    // Without it, SQLite plans a statement anew whenever a parameter that it has looked at changes, which is each time.
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // One transaction: a crash in the middle leaves the file as it was.
    let transaction = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let version: i32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version {
        0 => transaction.execute_batch(TABLES)?,
        VERSION => return Ok(()),
        old => {
            tracing::info!(
                from = old,
                to = VERSION,
                "bringing the database to this version's layout"
            );
            migrations::run(&transaction, old)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
