//! Reading all tables, at one moment, in the order of their ids.

use std::path::PathBuf;

use rusqlite::{Connection, Row};
use uuid::Uuid;

use super::super::open::open_reader;
use super::super::rows::UuidBlob;
use crate::store::StoreError;
use crate::store::copy::{CopyError, Inlet, Record, Table};

pub(super) async fn all(path: PathBuf, mut inlet: Inlet) -> Result<(), CopyError> {
    let reading = tokio::task::spawn_blocking(move || {
        let connection = open_reader(&path)?;
        connection.execute_batch("BEGIN")?;
        for table in Table::ALL {
            read_table(&connection, table, &mut inlet)?;
        }
        connection.execute_batch("COMMIT")?;
        Ok::<_, CopyError>(inlet)
    });
    let inlet = reading.await.map_err(|_| CopyError::Unfinished)??;
    inlet.end().await
}

fn read_table(connection: &Connection, table: Table, inlet: &mut Inlet) -> Result<(), CopyError> {
    let mut statement = connection.prepare(select(table))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (record, bytes) = record(table, row)?;
        if inlet.hold(record, bytes) {
            inlet.send_blocking(table)?;
        }
    }
    inlet.send_blocking(table)
}

fn select(table: Table) -> &'static str {
    match table {
        Table::Workspace => {
            "SELECT uuid, epoch, revision, entities, created, mark, horizon FROM workspace ORDER BY uuid"
        }
        Table::Account => {
            "SELECT a.uuid, a.email, a.password, w.uuid, a.created FROM account a
             JOIN workspace w ON w.id = a.workspace ORDER BY a.uuid"
        }
        Table::Membership => {
            "SELECT w.uuid, a.uuid, m.role FROM membership m JOIN workspace w ON w.id = m.workspace
             JOIN account a ON a.id = m.account ORDER BY w.uuid, a.uuid"
        }
        Table::SignIn => {
            "SELECT s.uuid, a.uuid, s.device, s.created, s.revoked FROM sign_in s
             JOIN account a ON a.id = s.account ORDER BY s.uuid"
        }
        Table::RefreshToken => {
            "SELECT t.hash, s.uuid, t.expires, t.rotated FROM refresh_token t
             JOIN sign_in s ON s.id = t.sign_in ORDER BY t.hash"
        }
        Table::Replica => {
            "SELECT w.uuid, r.uuid, a.uuid, r.device, r.created, r.seq, r.revision, r.seen FROM replica r
             JOIN workspace w ON w.id = r.workspace JOIN account a ON a.id = r.account ORDER BY w.uuid, r.uuid"
        }
        Table::Entity => {
            "SELECT w.uuid, e.uuid, e.kind, e.fields, e.revision, e.deleted FROM entity e
             JOIN workspace w ON w.id = e.workspace ORDER BY w.uuid, e.uuid"
        }
        // An entity keeps its row for ever. If it had none, the column would be NULL, which is an error here.
        Table::Change => {
            "SELECT w.uuid, c.revision, e.uuid, r.uuid, c.seq, c.patch, c.at, c.tick, c.committed, c.mark FROM change c
             JOIN workspace w ON w.id = c.workspace LEFT JOIN entity e ON e.id = c.entity
             LEFT JOIN replica r ON r.id = c.replica ORDER BY w.uuid, c.revision"
        }
    }
}

/// The record of a row, and about how many bytes of text it has.
fn record(table: Table, row: &Row<'_>) -> Result<(Record, usize), StoreError> {
    let id = |column| Ok::<Uuid, rusqlite::Error>(row.get::<_, UuidBlob>(column)?.0);
    let record = match table {
        Table::Workspace => Record::Workspace {
            id: id(0)?,
            epoch: id(1)?,
            revision: row.get(2)?,
            entities: row.get(3)?,
            created: row.get(4)?,
            mark: row.get(5)?,
            horizon: row.get(6)?,
        },
        Table::Account => Record::Account {
            id: id(0)?,
            email: row.get(1)?,
            password: row.get(2)?,
            workspace: id(3)?,
            created: row.get(4)?,
        },
        Table::Membership => Record::Membership {
            workspace: id(0)?,
            account: id(1)?,
            role: row.get(2)?,
        },
        Table::SignIn => Record::SignIn {
            id: id(0)?,
            account: id(1)?,
            device: row.get(2)?,
            created: row.get(3)?,
            revoked: row.get(4)?,
        },
        Table::RefreshToken => Record::RefreshToken {
            hash: row.get(0)?,
            sign_in: id(1)?,
            expires: row.get(2)?,
            rotated: row.get(3)?,
        },
        Table::Replica => Record::Replica {
            workspace: id(0)?,
            id: id(1)?,
            account: id(2)?,
            device: row.get(3)?,
            created: row.get(4)?,
            seq: row.get(5)?,
            revision: row.get(6)?,
            seen: row.get(7)?,
        },
        Table::Entity => {
            let fields: String = row.get(3)?;
            let bytes = fields.len();
            let record = Record::Entity {
                workspace: id(0)?,
                id: id(1)?,
                kind: row.get(2)?,
                fields,
                revision: row.get(4)?,
                deleted: row.get(5)?,
            };
            return Ok((record, bytes));
        }
        Table::Change => {
            let patch: String = row.get(5)?;
            let bytes = patch.len();
            let record = Record::Change {
                workspace: id(0)?,
                revision: row.get(1)?,
                entity: id(2)?,
                replica: id(3)?,
                seq: row.get(4)?,
                patch,
                at: row.get(6)?,
                tick: row.get(7)?,
                committed: row.get(8)?,
                mark: row.get(9)?,
            };
            return Ok((record, bytes));
        }
    };
    Ok((record, 0))
}
