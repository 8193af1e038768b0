//! From rows to the core's types and back.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row};
use tsugi_sync::entity::{Entity, Kind};
use tsugi_sync::ids::{EntityId, Epoch, Mark, ReplicaId, Revision, Timestamp, UserId, WorkspaceId};
use tsugi_sync::protocol::Author;
use tsugi_sync::subscription::Head;
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::role::Role;

/// A UUID as it is stored: 16 bytes.
pub(crate) struct UuidBlob(pub(crate) Uuid);

impl FromSql for UuidBlob {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes = value.as_blob()?;
        Uuid::from_slice(bytes)
            .map(Self)
            .map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// A count as it is stored. SQLite's integers are signed; a negative one is damage.
pub(crate) struct Count(pub(crate) u64);

impl FromSql for Count {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        u64::try_from(number)
            .map(Self)
            .map_err(|_| FromSqlError::OutOfRange(number))
    }
}

/// The number as SQLite holds it; the largest possible one if it is too large.
pub(crate) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl FromSql for Role {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::from_name(name).ok_or_else(|| FromSqlError::Other(format!("no role: {name}").into()))
    }
}

/// A workspace as one of its members sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemberView {
    pub(crate) row: i64,
    pub(crate) head: Head,
    pub(crate) entities: u64,
    pub(crate) role: Role,
    pub(crate) account: i64,
}

/// The workspace, if the user is a member of it. A workspace that does not exist and one of other users look the
/// same.
pub(crate) fn member_view(
    connection: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<MemberView>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT w.id, w.epoch, w.revision, w.entities, m.role, a.id, w.mark, w.horizon
         FROM workspace w
         JOIN account a ON a.uuid = ?2
         JOIN membership m ON m.workspace = w.id AND m.account = a.id
         WHERE w.uuid = ?1",
    )?;
    let view = statement.query_row((workspace.0.as_bytes(), user.0.as_bytes()), |row| {
        Ok(MemberView {
            row: row.get(0)?,
            head: Head {
                epoch: Epoch(row.get::<_, UuidBlob>(1)?.0),
                revision: Revision(row.get::<_, Count>(2)?.0),
                mark: Mark(row.get::<_, Count>(6)?.0),
                horizon: Revision(row.get::<_, Count>(7)?.0),
            },
            entities: row.get::<_, Count>(3)?.0,
            role: row.get(4)?,
            account: row.get(5)?,
        })
    });
    Ok(view.optional()?)
}

/// The author of the change of this revision in a workspace.
pub(crate) fn author_at(
    connection: &Connection,
    workspace: i64,
    revision: Revision,
) -> Result<Option<Author>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT a.uuid, r.device, c.at, c.tick, r.uuid FROM change c
         JOIN replica r ON r.id = c.replica
         JOIN account a ON a.id = r.account
         WHERE c.workspace = ?1 AND c.revision = ?2",
    )?;
    let author = statement.query_row((workspace, to_sql(revision.0)), |row| {
        Ok(Author {
            user: UserId(row.get::<_, UuidBlob>(0)?.0),
            device: row.get(1)?,
            at: Timestamp(row.get::<_, Count>(2)?.0),
            tick: row.get(3)?,
            replica: Some(ReplicaId(row.get::<_, UuidBlob>(4)?.0)),
        })
    });
    Ok(author.optional()?)
}

/// An entity from the columns `uuid, kind, fields` at `first`.
pub(crate) fn entity_at(row: &Row<'_>, first: usize) -> Result<Entity, StoreError> {
    let id = EntityId(row.get::<_, UuidBlob>(first)?.0);
    let kind = row.get_ref(first + 1)?.as_str().map_err(rusqlite::Error::from)?;
    let fields = row.get_ref(first + 2)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(Entity {
        id,
        kind: Kind::from(kind),
        fields: serde_json::from_str(fields).map_err(StoreError::Fields)?,
    })
}
