-- The layout of a new database, and of layout 1.
-- The workspace comes first in every key of the sync tables, so that they can be spread over machines by it. Texts that a
-- replica chooses are bytes, because PostgreSQL's text cannot hold the character U+0000.
CREATE TABLE setting (
    name text PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE workspace (
    id uuid PRIMARY KEY,
    epoch uuid NOT NULL,
    -- The counter that gives revisions: read and moved only while this row is locked.
    revision bigint NOT NULL DEFAULT 0,
    entities bigint NOT NULL DEFAULT 0,
    created bigint NOT NULL,
    -- Of the revision.
    mark bigint NOT NULL DEFAULT 0,
    -- What happened before this revision is forgotten: its tombstones and receipts are gone.
    horizon bigint NOT NULL DEFAULT 0,
    -- Counts the changes of its members' roles.
    rights bigint NOT NULL DEFAULT 0
);

CREATE TABLE account (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    password text NOT NULL,
    workspace uuid NOT NULL REFERENCES workspace,
    created bigint NOT NULL
);

CREATE TABLE membership (
    workspace uuid NOT NULL REFERENCES workspace,
    account uuid NOT NULL REFERENCES account,
    role text NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
    PRIMARY KEY (workspace, account)
);

-- One sign-in on one device: the family of its refresh tokens.
CREATE TABLE sign_in (
    id uuid PRIMARY KEY,
    account uuid NOT NULL REFERENCES account,
    device bytea NOT NULL,
    created bigint NOT NULL,
    revoked bigint
);
CREATE INDEX sign_in_account ON sign_in (account);

CREATE TABLE refresh_token (
    hash bytea PRIMARY KEY,
    sign_in uuid NOT NULL REFERENCES sign_in ON DELETE CASCADE,
    expires bigint NOT NULL,
    -- When its successor was given out.
    rotated bigint
);
CREATE INDEX refresh_token_sign_in ON refresh_token (sign_in, expires);

CREATE TABLE replica (
    workspace uuid NOT NULL REFERENCES workspace,
    id uuid NOT NULL,
    account uuid NOT NULL REFERENCES account,
    device bytea NOT NULL,
    created bigint NOT NULL,
    -- Its entry in the version vector: the highest of its mutations, at which revision that took effect, and when.
    seq bigint NOT NULL DEFAULT 0,
    revision bigint NOT NULL DEFAULT 0,
    seen bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace, id)
);

CREATE TABLE entity (
    workspace uuid NOT NULL REFERENCES workspace,
    id uuid NOT NULL,
    kind bytea NOT NULL,
    -- A JSON object: field → [value, revision].
    fields bytea NOT NULL,
    revision bigint NOT NULL,
    deleted boolean NOT NULL,
    PRIMARY KEY (workspace, id)
);

-- The history. The receipt is unique, so a mutation takes effect once.
CREATE TABLE change (
    workspace uuid NOT NULL REFERENCES workspace,
    revision bigint NOT NULL,
    entity uuid NOT NULL,
    replica uuid NOT NULL,
    seq bigint NOT NULL,
    -- A JSON object: field → value, as the mutation set it.
    patch bytea NOT NULL,
    -- By the device's clock, as far as that is believed, and its logical part.
    at bigint NOT NULL,
    tick bigint NOT NULL,
    committed bigint NOT NULL,
    -- Of the history up to here.
    mark bigint NOT NULL,
    PRIMARY KEY (workspace, revision),
    CONSTRAINT receipt UNIQUE (workspace, replica, seq)
);

-- What sessions on other instances have to hear of soon, and what is read in the transaction's own time.
CREATE TABLE notice (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    account uuid NOT NULL,
    -- A change of the account's role in this workspace, or
    workspace uuid,
    -- the end of this sign-in.
    sign_in uuid
);
CREATE INDEX notice_at ON notice (at);

-- The instances of the server, and where each is reached by the others. It is no part of the data.
CREATE TABLE instance (
    name text PRIMARY KEY,
    -- One run of its process.
    run uuid NOT NULL,
    address text NOT NULL,
    -- When it last said that it lives.
    heard timestamptz NOT NULL DEFAULT clock_timestamp()
);
