//! Which instances of this server live, and where each is reached by the others.

use std::time::Duration;

use tokio_postgres::Row;

use super::Postgres;
use super::rows::get;
use crate::instance::{Instance, InstanceName};
use crate::store::StoreError;

/// The row of another process of the same name is answered as it was, so that it is noticed.
const SAY: &str = "WITH other AS (SELECT name, run, address FROM instance
        WHERE name = $1 AND run <> $2 AND heard > clock_timestamp() - make_interval(secs => $4)),
    said AS (INSERT INTO instance (name, run, address) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET run = $2, address = $3, heard = clock_timestamp())
    SELECT name, run, address FROM other";
const LIVING: &str = "SELECT name, run, address FROM instance \
    WHERE heard > clock_timestamp() - make_interval(secs => $1) ORDER BY heard DESC LIMIT 1000";
/// Those that ended without a word, a day ago.
const FORGET_OLD: &str = "DELETE FROM instance WHERE heard < clock_timestamp() - interval '1 day'";
const FORGET: &str = "DELETE FROM instance WHERE name = $1 AND run = $2";

impl Postgres {
    /// Stores that this instance lives; answers all that do.
    pub(in crate::store) async fn heartbeat(
        &self,
        own: &Instance,
        silent: Duration,
    ) -> Result<Vec<Instance>, StoreError> {
        let client = self.reads.get().await?;
        let say = client.prepare_cached(SAY).await?;
        let name = own.name.as_str();
        let seconds = silent.as_secs_f64();
        let doubles = client
            .query(&say, &[&name, &own.run, &own.address, &seconds])
            .await?;
        client.execute(FORGET_OLD, &[]).await?;
        drop(client);
        let mut living = self.instances(silent).await?;
        for row in doubles {
            living.extend(instance(&row)?);
        }
        Ok(living)
    }

    pub(in crate::store) async fn instances(&self, silent: Duration) -> Result<Vec<Instance>, StoreError> {
        let client = self.reads.get().await?;
        let statement = client.prepare_cached(LIVING).await?;
        let rows = client.query(&statement, &[&silent.as_secs_f64()]).await?;
        let mut living = Vec::with_capacity(rows.len());
        for row in rows {
            living.extend(instance(&row)?);
        }
        Ok(living)
    }

    pub(in crate::store) async fn forget_instance(
        &self,
        name: &InstanceName,
        run: uuid::Uuid,
    ) -> Result<(), StoreError> {
        let client = self.reads.get().await?;
        client.execute(FORGET, &[&name.as_str(), &run]).await?;
        Ok(())
    }
}

/// None if a later version names its instances in another way.
fn instance(row: &Row) -> Result<Option<Instance>, StoreError> {
    let name: String = get(row, 0)?;
    let Ok(name) = name.parse() else {
        return Ok(None);
    };
    Ok(Some(Instance {
        name,
        run: get(row, 1)?,
        address: get(row, 2)?,
    }))
}
