//! The database file: how it is recognised, opened and laid out.
//!
//! Invariants: a file that is not ours, is damaged or comes from a later version is left exactly as it was, with an
//! error that says so; one process owns a data directory at a time.
//!
//! Integer row ids with the UUIDs unique beside them: a clustered random key costs a multiple per write. All sync
//! tables lead with the workspace, so that they can be split by it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::migrate;

/// "TSUG", in the header of every database of ours.
const APPLICATION_ID: i32 = 0x5453_5547;
/// The layout this build writes. History:
/// 1, the first.
/// 2, marks, ticks, horizons, and what of each replica is included.
const VERSION: i32 = 2;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Between attempts to lock a data directory: a server that is on its way out, or a process that one just began, may hold it
/// for a moment.
const LOCK_WAITS_MS: [u64; 6] = [5, 10, 20, 50, 100, 0];
/// Above this size a whole check at start-up would take longer than it is worth.
const CHECKED_BYTES: u64 = 64 * 1024 * 1024;

const TABLES: &str = "
CREATE TABLE workspace (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    epoch BLOB NOT NULL,
    -- The counter that gives revisions: read and moved only inside the committing transaction.
    revision INTEGER NOT NULL DEFAULT 0,
    entities INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL,
    -- Of the revision.
    mark INTEGER NOT NULL DEFAULT 0,
    -- What happened before this revision is forgotten: its tombstones and receipts are gone.
    horizon INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    workspace INTEGER NOT NULL REFERENCES workspace,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE membership (
    workspace INTEGER NOT NULL REFERENCES workspace,
    account INTEGER NOT NULL REFERENCES account,
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
    PRIMARY KEY (workspace, account)
) STRICT, WITHOUT ROWID;

-- One sign-in on one device: the family of its refresh tokens.
CREATE TABLE sign_in (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    account INTEGER NOT NULL REFERENCES account,
    device TEXT NOT NULL,
    created INTEGER NOT NULL,
    revoked INTEGER
) STRICT;
CREATE INDEX sign_in_account ON sign_in (account);

CREATE TABLE refresh_token (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    sign_in INTEGER NOT NULL REFERENCES sign_in ON DELETE CASCADE,
    expires INTEGER NOT NULL,
    -- When its successor was given out.
    rotated INTEGER
) STRICT;
CREATE INDEX refresh_token_sign_in ON refresh_token (sign_in);

CREATE TABLE replica (
    id INTEGER PRIMARY KEY,
    workspace INTEGER NOT NULL REFERENCES workspace,
    uuid BLOB NOT NULL,
    account INTEGER NOT NULL REFERENCES account,
    device TEXT NOT NULL,
    created INTEGER NOT NULL,
    -- Its entry in the version vector: the highest of its mutations, at which revision that took effect, and when.
    seq INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 0,
    seen INTEGER NOT NULL DEFAULT 0,
    UNIQUE (workspace, uuid)
) STRICT;

CREATE TABLE entity (
    id INTEGER PRIMARY KEY,
    workspace INTEGER NOT NULL REFERENCES workspace,
    uuid BLOB NOT NULL,
    kind TEXT NOT NULL,
    -- A JSON object: field → [value, revision].
    fields TEXT NOT NULL,
    revision INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    UNIQUE (workspace, uuid)
) STRICT;
";

/// The history. A table of its own text: coming from layout 1 it is written anew.
pub(super) const CHANGE: &str = "
CREATE TABLE change (
    workspace INTEGER NOT NULL REFERENCES workspace,
    revision INTEGER NOT NULL,
    -- No REFERENCES: a tombstone goes together with the last of its changes, and to prove that each time would mean to
    -- read them all.
    entity INTEGER NOT NULL,
    replica INTEGER NOT NULL REFERENCES replica,
    seq INTEGER NOT NULL,
    -- A JSON object: field → value, as the mutation set it.
    patch TEXT NOT NULL,
    -- By the device's clock, as far as that is believed, and its logical part.
    at INTEGER NOT NULL,
    tick INTEGER NOT NULL,
    committed INTEGER NOT NULL,
    -- Of the history up to here.
    mark INTEGER NOT NULL,
    PRIMARY KEY (workspace, revision)
) STRICT, WITHOUT ROWID;
";
/// The receipt: a mutation takes effect once.
pub(super) const RECEIPT: &str = "CREATE UNIQUE INDEX receipt ON change (replica, seq);";

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
}

/// A data directory that this process owns until it is dropped.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    pub(crate) fn claim(path: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Io {
            path: path.to_owned(),
            source,
        };
        // Made for its owner's eyes only: everyone's tasks are in it, and the hashes of their passwords.
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(failed)?;
        let lock = File::create(path.join("lock")).map_err(failed)?;
        for wait in LOCK_WAITS_MS {
            match lock.try_lock() {
                Ok(()) => {
                    return Ok(Self {
                        path: path.to_owned(),
                        _lock: lock,
                    });
                }
                Err(fs::TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(wait)),
                Err(fs::TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
        Err(OpenError::InUse(path.to_owned()))
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("tsugi.db")
    }
}

/// Opens the database for its one writer, and lays it out if it is new.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    look_at_header(path)?;
    let damaged = |error: rusqlite::Error| OpenError::Damaged {
        path: path.to_owned(),
        detail: error.to_string(),
    };
    let connection = Connection::open(path).map_err(damaged)?;
    check_version(&connection, path)?;
    // Before anything is written: what is damaged stays as it is found.
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
    let failed = |source| OpenError::Io {
        path: path.to_owned(),
        source,
    };
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

/// The same once more through SQLite, which also sees what stands in the write-ahead log.
fn check_version(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let read = |pragma| connection.query_row(pragma, [], |row| row.get::<_, i32>(0));
    let numbers = read("PRAGMA application_id").and_then(|id| Ok((id, read("PRAGMA user_version")?)));
    let (application, version) = numbers.map_err(|error| OpenError::Damaged {
        path: path.to_owned(),
        detail: error.to_string(),
    })?;
    judge_version(path, application, version)?;
    // Most programs number nothing: a file without numbers is a new one of ours only if it is empty.
    let holds = "SELECT EXISTS (SELECT 1 FROM sqlite_schema)";
    let holds = connection
        .query_row(holds, [], |row| row.get::<_, bool>(0))
        .map_err(|error| OpenError::Damaged {
            path: path.to_owned(),
            detail: error.to_string(),
        })?;
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
    // One transaction: a crash in the middle leaves the file as it was.
    let transaction = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let version: i32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version {
        0 => {
            for sql in [TABLES, CHANGE, RECEIPT] {
                transaction.execute_batch(sql)?;
            }
        }
        1 => {
            tracing::info!(
                from = version,
                to = VERSION,
                "bringing the database to this version's layout"
            );
            migrate::from_1(&transaction)?;
        }
        _ => return Ok(()),
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
