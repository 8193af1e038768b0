//! A row of any table, in words that every database has: ids as UUIDs, numbers as they are stored.

use serde::Serialize;
use uuid::Uuid;

/// The tables, in the order in which they are copied: what a row refers to comes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) enum Table {
    Workspace,
    Account,
    Membership,
    SignIn,
    RefreshToken,
    Replica,
    Entity,
    Change,
}

impl Table {
    pub(in crate::store) const ALL: [Self; 8] = [
        Self::Workspace,
        Self::Account,
        Self::Membership,
        Self::SignIn,
        Self::RefreshToken,
        Self::Replica,
        Self::Entity,
        Self::Change,
    ];

    /// Its name in the databases.
    pub(in crate::store) fn name(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Account => "account",
            Self::Membership => "membership",
            Self::SignIn => "sign_in",
            Self::RefreshToken => "refresh_token",
            Self::Replica => "replica",
            Self::Entity => "entity",
            Self::Change => "change",
        }
    }
}

/// The columns are told where the tables are laid out.
#[derive(Debug, PartialEq, Serialize)]
pub(in crate::store) enum Record {
    Workspace {
        id: Uuid,
        epoch: Uuid,
        revision: i64,
        entities: i64,
        created: i64,
        mark: i64,
        horizon: i64,
    },
    Account {
        id: Uuid,
        email: String,
        password: String,
        workspace: Uuid,
        created: i64,
    },
    Membership {
        workspace: Uuid,
        account: Uuid,
        role: String,
    },
    SignIn {
        id: Uuid,
        account: Uuid,
        device: String,
        created: i64,
        revoked: Option<i64>,
    },
    RefreshToken {
        hash: Vec<u8>,
        sign_in: Uuid,
        expires: i64,
        rotated: Option<i64>,
    },
    Replica {
        workspace: Uuid,
        id: Uuid,
        account: Uuid,
        device: String,
        created: i64,
        seq: i64,
        revision: i64,
        seen: i64,
    },
    Entity {
        workspace: Uuid,
        id: Uuid,
        kind: String,
        fields: String,
        revision: i64,
        deleted: bool,
    },
    Change {
        workspace: Uuid,
        revision: i64,
        entity: Uuid,
        replica: Uuid,
        seq: i64,
        patch: String,
        at: i64,
        tick: i64,
        committed: i64,
        mark: i64,
    },
}
