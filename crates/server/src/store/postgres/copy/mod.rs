//! A whole PostgreSQL database as the source or the target of a copy.

mod read;
mod write;

use super::pool::Pool;
use super::schema;
use crate::config::DatabaseAddress;
use crate::store::copy::{CopyError, Inlet, Tally, Whole, channel, compare, read as read_whole, tally};

/// Connections that a copy uses at most.
const CONNECTIONS: usize = 2;

/// Reads everything, while servers may write.
pub(in crate::store) async fn read(address: &DatabaseAddress, inlet: Inlet) -> Result<(), CopyError> {
    let pool = open(address).await?;
    let mut client = pool.get().await?;
    read::all(&mut client, inlet).await
}

/// Writes everything in one transaction, into a database that is empty or may be replaced.
pub(in crate::store) async fn write(
    address: &DatabaseAddress,
    from: &Whole,
    may_replace: bool,
) -> Result<Tally, CopyError> {
    let there = tally(&Whole::Postgres(address.clone())).await?;
    if !there.is_empty() && !may_replace {
        return Err(CopyError::NotEmpty(there));
    }
    let pool = open(address).await?;
    let mut client = pool.get().await?;
    let transaction = write::begin(&mut client).await?;
    let (inlet, mut outlet) = channel();
    let writing = async {
        while let Some((table, records)) = outlet.next().await? {
            write::write(&transaction, table, &records).await?;
        }
        Ok::<_, CopyError>(outlet.tally)
    };
    let (was_read, sent) = tokio::join!(read_whole(from, inlet), writing);
    // If the writing fails, the reading ends too, and its error says nothing.
    let sent = match (was_read, sent) {
        (Err(error), _) if !matches!(error, CopyError::Unfinished) => return Err(error),
        (_, sent) => sent?,
    };
    // It is read again before the commit, so that a difference leaves the database as it was.
    let (inlet, mut outlet) = channel();
    let counting = async {
        while outlet.next().await?.is_some() {}
        Ok::<_, CopyError>(outlet.tally)
    };
    let (again, written) = tokio::join!(read::within(&transaction, inlet), counting);
    again?;
    let written = compare(sent, written?)?;
    transaction.commit().await?;
    Ok(written)
}

async fn open(address: &DatabaseAddress) -> Result<Pool, CopyError> {
    let pool = Pool::new(address.as_str(), CONNECTIONS)?;
    let mut client = pool.first().await?;
    schema::prepare(&mut client).await?;
    drop(client);
    Ok(pool)
}
