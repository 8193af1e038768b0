//! How the tables are laid out, and how a database comes to the newest layout.
//!
//! Invariants: one transaction, under a lock that all instances take, so several instances may start at once. A database
//! of a later layout, or one that holds tables of others under our names, is left as it is.

use tokio_postgres::Client;

use super::error::OpenPostgresError;
use super::failure::Failure;

/// The layout that this build writes.
const LAYOUT: i32 = 1;
const TABLES: &str = include_str!("schema.sql");
/// The lock for changes of the layout: "TSUG".
const LOCK: i64 = 0x5453_5547;

/// Lays out a new database, or brings an old one to this build's layout.
pub(super) async fn prepare(client: &mut Client) -> Result<(), OpenPostgresError> {
    let failed = |error: tokio_postgres::Error| OpenPostgresError::Failed(Failure::from(error));
    let transaction = client.transaction().await.map_err(failed)?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
        .await
        .map_err(failed)?;
    transaction
        .batch_execute("CREATE TABLE IF NOT EXISTS tsugi_layout (layout integer NOT NULL)")
        .await
        .map_err(failed)?;
    let row = transaction
        .query_opt("SELECT layout FROM tsugi_layout", &[])
        .await
        .map_err(failed)?;
    match row.map(|row| row.get::<_, i32>(0)) {
        None => {
            transaction.batch_execute(TABLES).await.map_err(failed)?;
            transaction
                .execute("INSERT INTO tsugi_layout (layout) VALUES ($1)", &[&LAYOUT])
                .await
                .map_err(failed)?;
        }
        Some(LAYOUT) => {}
        Some(found) => return Err(OpenPostgresError::LaterVersion { found, known: LAYOUT }),
    }
    transaction.commit().await.map_err(failed)
}

/// The version of PostgreSQL, and the layout of the tables; none if there are none yet. Nothing is changed.
pub(super) async fn look(client: &Client) -> Result<(String, Option<i32>), OpenPostgresError> {
    let failed = |error: tokio_postgres::Error| OpenPostgresError::Failed(Failure::from(error));
    let version = client
        .query_one("SHOW server_version", &[])
        .await
        .map_err(failed)?;
    let known = client
        .query_one("SELECT to_regclass('tsugi_layout') IS NOT NULL", &[])
        .await
        .map_err(failed)?;
    let layout = match known.get(0) {
        true => client
            .query_opt("SELECT layout FROM tsugi_layout", &[])
            .await
            .map_err(failed)?
            .map(|row| row.get(0)),
        false => None,
    };
    Ok((version.get(0), layout))
}
