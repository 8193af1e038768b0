//! Forgetting receipts and tombstones in PostgreSQL, by the rules that `sqlite::retention` tells. Several instances may do
//! it at once, because each step locks its workspace.

use std::time::{Duration, Instant};

use deadpool_postgres::Transaction;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::Timestamp;
use uuid::Uuid;

use super::Postgres;
use super::rows::{count, entity, get, to_sql};
use crate::metrics;
use crate::store::StoreError;
use crate::store::retention::{PAGE, STEP_BYTES, STEP_CHANGES, Swept};

const OLD: &str = "SELECT w.id FROM workspace w WHERE w.id > $1 AND $2 > (
        SELECT c.committed FROM change c WHERE c.workspace = w.id AND c.revision > w.horizon
        ORDER BY c.revision LIMIT 1
    ) ORDER BY w.id LIMIT $3";
const STEP: &str = "SELECT revision, committed, octet_length(patch)::bigint FROM change
    WHERE workspace = $1 AND revision > $2 ORDER BY revision LIMIT $3";
const TOMBSTONES: &str =
    "SELECT id, kind, fields FROM entity WHERE workspace = $1 AND deleted AND revision < $3
    AND id IN (SELECT entity FROM change WHERE workspace = $1 AND revision >= $2 AND revision < $3)";
const SILENT: &str = "UPDATE replica SET seq = 0, revision = 0 WHERE (workspace, id) IN
    (SELECT workspace, id FROM replica WHERE seq > 0 AND seen < $1 LIMIT $2)";

impl Postgres {
    pub(in crate::store) async fn sweep(
        &self,
        before: Timestamp,
        pause: Duration,
    ) -> Result<Swept, StoreError> {
        let began = Instant::now();
        let mut swept = Swept::default();
        let mut last = Uuid::nil();
        loop {
            let client = self.reads.get().await?;
            let page = client
                .query(OLD, &[&last, &to_sql(before.0), &to_sql(PAGE)])
                .await?;
            drop(client);
            for row in &page {
                last = get(row, 0)?;
                while let Some(step) = self.forget(last, before).await? {
                    swept.add(step);
                    tokio::time::sleep(pause).await;
                }
            }
            if page.is_empty() {
                break;
            }
        }
        loop {
            let client = self.reads.get().await?;
            let replicas = client
                .execute(SILENT, &[&to_sql(before.0), &to_sql(PAGE)])
                .await?;
            drop(client);
            if replicas == 0 {
                break;
            }
            swept.add(Swept {
                replicas,
                ..Swept::default()
            });
            tokio::time::sleep(pause).await;
        }
        self.forget_notices().await?;
        metrics::swept(began.elapsed());
        Ok(swept)
    }

    /// One step in one workspace. None if everything in it is young, or is the head.
    async fn forget(&self, workspace: Uuid, before: Timestamp) -> Result<Option<Swept>, StoreError> {
        let mut client = self.reads.get().await?;
        let transaction = client.transaction().await?;
        let locked = "SELECT horizon FROM workspace WHERE id = $1 FOR UPDATE";
        let horizon: i64 = get(&transaction.query_one(locked, &[&workspace]).await?, 0)?;
        let Some(next) = next_horizon(&transaction, workspace, horizon, before).await? else {
            return Ok(None);
        };
        let tombstones = empty_tombstones(&transaction, workspace, (horizon, next)).await?;
        let changes = transaction
            .execute(
                "DELETE FROM change WHERE workspace = $1 AND revision < $2",
                &[&workspace, &next],
            )
            .await?;
        transaction
            .execute(
                "UPDATE workspace SET horizon = $2, entities = greatest(entities - $3, 0) WHERE id = $1",
                &[&workspace, &next, &to_sql(tombstones)],
            )
            .await?;
        transaction.commit().await?;
        Ok(Some(Swept {
            changes,
            tombstones,
            replicas: 0,
        }))
    }

    /// Deletes notices that every instance has read long ago.
    async fn forget_notices(&self) -> Result<(), StoreError> {
        let client = self.reads.get().await?;
        let old = "DELETE FROM notice WHERE at < clock_timestamp() - interval '1 hour'";
        client.execute(old, &[]).await?;
        Ok(())
    }
}

/// How far one step goes: over old changes only, up to the first young one, even if the server's clock was wrong at that
/// time.
async fn next_horizon(
    transaction: &Transaction<'_>,
    workspace: Uuid,
    horizon: i64,
    before: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let (mut next, mut bytes) = (None, 0);
    let rows = transaction
        .query(STEP, &[&workspace, &horizon, &to_sql(STEP_CHANGES)])
        .await?;
    for row in &rows {
        if count(row, 1)? >= before.0 || bytes > STEP_BYTES {
            break;
        }
        next = Some(get(row, 0)?);
        bytes += count(row, 2)?;
    }
    Ok(next)
}

/// Leaves nothing of the tombstones but that they are deleted. Answers how many there were.
async fn empty_tombstones(
    transaction: &Transaction<'_>,
    workspace: Uuid,
    (from, to): (i64, i64),
) -> Result<u64, StoreError> {
    let rows = transaction.query(TOMBSTONES, &[&workspace, &from, &to]).await?;
    let (mut ids, mut emptied) = (Vec::<Uuid>::new(), Vec::<Vec<u8>>::new());
    for row in &rows {
        let mut entity = entity(row, 0)?;
        entity.fields.retain(|field, _| *field == Field::Deleted);
        ids.push(entity.id.0);
        emptied.push(serde_json::to_vec(&entity.fields).map_err(StoreError::Fields)?);
    }
    let store = "UPDATE entity e SET fields = n.fields FROM unnest($2::uuid[], $3::bytea[]) AS n (id, fields)
         WHERE e.workspace = $1 AND e.id = n.id";
    Ok(transaction.execute(store, &[&workspace, &ids, &emptied]).await?)
}
