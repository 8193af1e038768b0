//! Reading all tables, at one moment, in the order of their ids.

use deadpool_postgres::{Client, Transaction};
use futures_util::TryStreamExt;
use tokio_postgres::{IsolationLevel, Row};

use super::super::rows::{get, text};
use crate::store::StoreError;
use crate::store::copy::{CopyError, Inlet, Record, Table};

pub(super) async fn all(client: &mut Client, inlet: Inlet) -> Result<(), CopyError> {
    let moment = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await?;
    // A large table takes longer than a request may.
    moment.batch_execute("SET LOCAL statement_timeout = 0").await?;
    within(&moment, inlet).await?;
    Ok(moment.commit().await?)
}

pub(super) async fn within(moment: &Transaction<'_>, mut inlet: Inlet) -> Result<(), CopyError> {
    for table in Table::ALL {
        let nothing: [&(dyn tokio_postgres::types::ToSql + Sync); 0] = [];
        let rows = moment.query_raw(select(table), nothing).await?;
        let mut rows = std::pin::pin!(rows);
        while let Some(row) = rows.try_next().await? {
            let (record, bytes) = record(table, &row)?;
            if inlet.hold(record, bytes) {
                inlet.send(table).await?;
            }
        }
        inlet.send(table).await?;
    }
    inlet.end().await
}

fn select(table: Table) -> &'static str {
    match table {
        Table::Workspace => {
            "SELECT id, epoch, revision, entities, created, mark, horizon FROM workspace ORDER BY id"
        }
        Table::Account => "SELECT id, email, password, workspace, created FROM account ORDER BY id",
        Table::Membership => "SELECT workspace, account, role FROM membership ORDER BY workspace, account",
        Table::SignIn => "SELECT id, account, device, created, revoked FROM sign_in ORDER BY id",
        Table::RefreshToken => "SELECT hash, sign_in, expires, rotated FROM refresh_token ORDER BY hash",
        Table::Replica => {
            "SELECT workspace, id, account, device, created, seq, revision, seen FROM replica ORDER BY workspace, id"
        }
        Table::Entity => {
            "SELECT workspace, id, kind, fields, revision, deleted FROM entity ORDER BY workspace, id"
        }
        Table::Change => {
            "SELECT workspace, revision, entity, replica, seq, patch, at, tick, committed, mark FROM change
             ORDER BY workspace, revision"
        }
    }
}

/// The record of a row, and about how many bytes of text it has.
fn record(table: Table, row: &Row) -> Result<(Record, usize), StoreError> {
    let record = match table {
        Table::Workspace => Record::Workspace {
            id: get(row, 0)?,
            epoch: get(row, 1)?,
            revision: get(row, 2)?,
            entities: get(row, 3)?,
            created: get(row, 4)?,
            mark: get(row, 5)?,
            horizon: get(row, 6)?,
        },
        Table::Account => Record::Account {
            id: get(row, 0)?,
            email: get(row, 1)?,
            password: get(row, 2)?,
            workspace: get(row, 3)?,
            created: get(row, 4)?,
        },
        Table::Membership => Record::Membership {
            workspace: get(row, 0)?,
            account: get(row, 1)?,
            role: get(row, 2)?,
        },
        Table::SignIn => Record::SignIn {
            id: get(row, 0)?,
            account: get(row, 1)?,
            device: text(row, 2)?,
            created: get(row, 3)?,
            revoked: get(row, 4)?,
        },
        Table::RefreshToken => Record::RefreshToken {
            hash: get(row, 0)?,
            sign_in: get(row, 1)?,
            expires: get(row, 2)?,
            rotated: get(row, 3)?,
        },
        Table::Replica => Record::Replica {
            workspace: get(row, 0)?,
            id: get(row, 1)?,
            account: get(row, 2)?,
            device: text(row, 3)?,
            created: get(row, 4)?,
            seq: get(row, 5)?,
            revision: get(row, 6)?,
            seen: get(row, 7)?,
        },
        Table::Entity => {
            let fields = text(row, 3)?;
            let bytes = fields.len();
            let record = Record::Entity {
                workspace: get(row, 0)?,
                id: get(row, 1)?,
                kind: text(row, 2)?,
                fields,
                revision: get(row, 4)?,
                deleted: get(row, 5)?,
            };
            return Ok((record, bytes));
        }
        Table::Change => {
            let patch = text(row, 5)?;
            let bytes = patch.len();
            let record = Record::Change {
                workspace: get(row, 0)?,
                revision: get(row, 1)?,
                entity: get(row, 2)?,
                replica: get(row, 3)?,
                seq: get(row, 4)?,
                patch,
                at: get(row, 6)?,
                tick: get(row, 7)?,
                committed: get(row, 8)?,
                mark: get(row, 9)?,
            };
            return Ok((record, bytes));
        }
    };
    Ok((record, 0))
}
