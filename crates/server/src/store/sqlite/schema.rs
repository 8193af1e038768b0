//! How a new database is laid out.
//!
//! Rows have integer ids, with the UUIDs unique beside them, because a clustered random key makes each write
//! several times as expensive. In all sync tables the workspace comes first, so that the tables can be split by it.
//!
//! A change here raises [`VERSION`], and adds a step to `migrations` with a text of its own, because no step reads
//! this text.

/// The layout that this build writes. History:
/// 1, the first.
/// 2, marks, ticks, horizons, and what of each replica is included.
pub(super) const VERSION: i32 = 2;

pub(super) const TABLES: &str = "
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

-- The history.
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
-- The receipt: a mutation takes effect once.
CREATE UNIQUE INDEX receipt ON change (replica, seq);
";
