//! Writing all tables, in one transaction that empties them first.

use deadpool_postgres::{Client, Transaction};

use super::super::rows::Parameter;
use crate::store::copy::{CopyError, Record, Table};

pub(super) async fn begin(client: &mut Client) -> Result<Transaction<'_>, CopyError> {
    let transaction = client.transaction().await?;
    // The source is read between the statements, which may take longer than a request may.
    transaction
        .batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        .await?;
    let names: Vec<&str> = Table::ALL.iter().map(|table| table.name()).collect();
    transaction
        .batch_execute(&format!("TRUNCATE {}, notice", names.join(", ")))
        .await?;
    Ok(transaction)
}

pub(super) async fn write(
    transaction: &Transaction<'_>,
    table: Table,
    records: &[Record],
) -> Result<(), CopyError> {
    let statement = transaction.prepare_cached(insert(table)).await?;
    // They are sent together, without waiting for each other's answers.
    let rows = records
        .iter()
        .map(|record| store(transaction, &statement, record));
    futures_util::future::try_join_all(rows).await?;
    Ok(())
}

fn insert(table: Table) -> &'static str {
    match table {
        Table::Workspace => {
            "INSERT INTO workspace (id, epoch, revision, entities, created, mark, horizon)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        }
        Table::Account => {
            "INSERT INTO account (id, email, password, workspace, created) VALUES ($1, $2, $3, $4, $5)"
        }
        Table::Membership => "INSERT INTO membership (workspace, account, role) VALUES ($1, $2, $3)",
        Table::SignIn => {
            "INSERT INTO sign_in (id, account, device, created, revoked) VALUES ($1, $2, $3, $4, $5)"
        }
        Table::RefreshToken => {
            "INSERT INTO refresh_token (hash, sign_in, expires, rotated) VALUES ($1, $2, $3, $4)"
        }
        Table::Replica => {
            "INSERT INTO replica (workspace, id, account, device, created, seq, revision, seen)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        }
        Table::Entity => {
            "INSERT INTO entity (workspace, id, kind, fields, revision, deleted) VALUES ($1, $2, $3, $4, $5, $6)"
        }
        Table::Change => {
            "INSERT INTO change (workspace, revision, entity, replica, seq, patch, at, tick, committed, mark)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        }
    }
}

async fn store(
    transaction: &Transaction<'_>,
    statement: &tokio_postgres::Statement,
    record: &Record,
) -> Result<u64, tokio_postgres::Error> {
    match record {
        Record::Workspace {
            id,
            epoch,
            revision,
            entities,
            created,
            mark,
            horizon,
        } => {
            let row: [Parameter<'_>; 7] = [id, epoch, revision, entities, created, mark, horizon];
            transaction.execute(statement, &row).await
        }
        Record::Account {
            id,
            email,
            password,
            workspace,
            created,
        } => {
            let row: [Parameter<'_>; 5] = [id, email, password, workspace, created];
            transaction.execute(statement, &row).await
        }
        Record::Membership {
            workspace,
            account,
            role,
        } => {
            let row: [Parameter<'_>; 3] = [workspace, account, role];
            transaction.execute(statement, &row).await
        }
        Record::SignIn {
            id,
            account,
            device,
            created,
            revoked,
        } => {
            let device = device.as_bytes();
            let row: [Parameter<'_>; 5] = [id, account, &device, created, revoked];
            transaction.execute(statement, &row).await
        }
        Record::RefreshToken {
            hash,
            sign_in,
            expires,
            rotated,
        } => {
            let row: [Parameter<'_>; 4] = [hash, sign_in, expires, rotated];
            transaction.execute(statement, &row).await
        }
        Record::Replica {
            workspace,
            id,
            account,
            device,
            created,
            seq,
            revision,
            seen,
        } => {
            let device = device.as_bytes();
            let row: [Parameter<'_>; 8] = [workspace, id, account, &device, created, seq, revision, seen];
            transaction.execute(statement, &row).await
        }
        Record::Entity { .. } | Record::Change { .. } => store_content(transaction, statement, record).await,
    }
}

/// The same for the two tables that hold most of it.
async fn store_content(
    transaction: &Transaction<'_>,
    statement: &tokio_postgres::Statement,
    record: &Record,
) -> Result<u64, tokio_postgres::Error> {
    match record {
        Record::Entity {
            workspace,
            id,
            kind,
            fields,
            revision,
            deleted,
        } => {
            let (kind, fields) = (kind.as_bytes(), fields.as_bytes());
            let row: [Parameter<'_>; 6] = [workspace, id, &kind, &fields, revision, deleted];
            transaction.execute(statement, &row).await
        }
        Record::Change {
            workspace,
            revision,
            entity,
            replica,
            seq,
            patch,
            at,
            tick,
            committed,
            mark,
        } => {
            let patch = patch.as_bytes();
            let row: [Parameter<'_>; 10] = [
                workspace, revision, entity, replica, seq, &patch, at, tick, committed, mark,
            ];
            transaction.execute(statement, &row).await
        }
        Record::Workspace { .. }
        | Record::Account { .. }
        | Record::Membership { .. }
        | Record::SignIn { .. }
        | Record::RefreshToken { .. }
        | Record::Replica { .. } => Ok(0),
    }
}
