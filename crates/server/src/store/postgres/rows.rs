//! From rows to the core's types and back.

use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, ToSql};
use tsugi_sync::entity::{Entity, Kind};
use tsugi_sync::ids::{EntityId, Epoch, Mark, ReplicaId, Revision, Timestamp, UserId};
use tsugi_sync::protocol::Author;
use tsugi_sync::subscription::Head;
use uuid::Uuid;

use crate::store::StoreError;

/// A parameter of a statement.
pub(super) type Parameter<'a> = &'a (dyn ToSql + Sync);

/// The number as PostgreSQL holds it; the largest possible one if it is too large.
pub(super) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A column that counts. PostgreSQL's integers are signed; a negative one is damage.
pub(super) fn count(row: &Row, column: usize) -> Result<u64, StoreError> {
    let number: i64 = get(row, column)?;
    u64::try_from(number).map_err(|_| StoreError::Damaged("a count is negative".into()))
}

pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, column: usize) -> Result<T, StoreError> {
    row.try_get(column).map_err(StoreError::from)
}

/// A text that is stored as bytes.
pub(super) fn text(row: &Row, column: usize) -> Result<String, StoreError> {
    let bytes: &[u8] = get(row, column)?;
    String::from_utf8(bytes.to_vec()).map_err(|_| StoreError::Damaged("a text is not UTF-8".into()))
}

/// The head from the columns `epoch, revision, mark, horizon` at `first`.
pub(super) fn head(row: &Row, first: usize) -> Result<Head, StoreError> {
    Ok(Head {
        epoch: Epoch(get(row, first)?),
        revision: Revision(count(row, first + 1)?),
        mark: Mark(count(row, first + 2)?),
        horizon: Revision(count(row, first + 3)?),
    })
}

/// An entity from the columns `id, kind, fields` at `first`.
pub(super) fn entity(row: &Row, first: usize) -> Result<Entity, StoreError> {
    let fields: &[u8] = get(row, first + 2)?;
    Ok(Entity {
        id: EntityId(get(row, first)?),
        kind: Kind::from(text(row, first + 1)?.as_str()),
        fields: serde_json::from_slice(fields).map_err(StoreError::Fields)?,
    })
}

/// An author from the columns `account, device, at, tick, replica` at `first`.
pub(super) fn author(row: &Row, first: usize) -> Result<Author, StoreError> {
    let tick = u32::try_from(count(row, first + 3)?);
    Ok(Author {
        user: UserId(get(row, first)?),
        device: text(row, first + 1)?,
        at: Timestamp(count(row, first + 2)?),
        tick: tick.map_err(|_| StoreError::Damaged("a tick is too large".into()))?,
        replica: Some(ReplicaId(get::<Uuid>(row, first + 4)?)),
    })
}
