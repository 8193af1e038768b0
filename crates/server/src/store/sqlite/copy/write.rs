//! Writing all tables into a new file, in one transaction.

use std::path::PathBuf;

use rusqlite::{Connection, Statement};
use uuid::Uuid;

use super::super::open::open_writer;
use crate::store::copy::{CopyError, Outlet, Record, Table, Tally};

pub(super) async fn all(path: PathBuf, mut outlet: Outlet) -> Result<Tally, CopyError> {
    let writing = tokio::task::spawn_blocking(move || {
        let connection = open_writer(&path)?;
        connection.execute_batch("PRAGMA synchronous = OFF; BEGIN IMMEDIATE")?;
        while let Some((table, records)) = outlet.next_blocking()? {
            write(&connection, table, &records)?;
        }
        // One file is what a backup is.
        connection.execute_batch(
            "COMMIT; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE",
        )?;
        drop(connection);
        let synced = std::fs::File::open(&path).and_then(|file| file.sync_all());
        synced.map_err(|error| CopyError::io(&path, error))?;
        Ok(outlet.tally)
    });
    writing.await.map_err(|_| CopyError::Unfinished)?
}

fn write(connection: &Connection, table: Table, records: &[Record]) -> Result<(), CopyError> {
    let mut statement = connection.prepare_cached(insert(table))?;
    for record in records {
        store(&mut statement, record)?;
    }
    Ok(())
}

fn insert(table: Table) -> &'static str {
    match table {
        Table::Workspace => {
            "INSERT INTO workspace (uuid, epoch, revision, entities, created, mark, horizon)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        }
        Table::Account => {
            "INSERT INTO account (uuid, email, password, workspace, created)
             VALUES (?1, ?2, ?3, (SELECT id FROM workspace WHERE uuid = ?4), ?5)"
        }
        Table::Membership => {
            "INSERT INTO membership (workspace, account, role)
             VALUES ((SELECT id FROM workspace WHERE uuid = ?1), (SELECT id FROM account WHERE uuid = ?2), ?3)"
        }
        Table::SignIn => {
            "INSERT INTO sign_in (uuid, account, device, created, revoked)
             VALUES (?1, (SELECT id FROM account WHERE uuid = ?2), ?3, ?4, ?5)"
        }
        Table::RefreshToken => {
            "INSERT INTO refresh_token (hash, sign_in, expires, rotated)
             VALUES (?1, (SELECT id FROM sign_in WHERE uuid = ?2), ?3, ?4)"
        }
        Table::Replica => {
            "INSERT INTO replica (workspace, uuid, account, device, created, seq, revision, seen)
             VALUES ((SELECT id FROM workspace WHERE uuid = ?1), ?2, (SELECT id FROM account WHERE uuid = ?3),
                     ?4, ?5, ?6, ?7, ?8)"
        }
        Table::Entity => {
            "INSERT INTO entity (workspace, uuid, kind, fields, revision, deleted)
             VALUES ((SELECT id FROM workspace WHERE uuid = ?1), ?2, ?3, ?4, ?5, ?6)"
        }
        Table::Change => {
            "INSERT INTO change (workspace, revision, entity, replica, seq, patch, at, tick, committed, mark)
             SELECT w.id, ?2, e.id, r.id, ?5, ?6, ?7, ?8, ?9, ?10 FROM workspace w
             LEFT JOIN entity e ON e.workspace = w.id AND e.uuid = ?3
             LEFT JOIN replica r ON r.workspace = w.id AND r.uuid = ?4
             WHERE w.uuid = ?1"
        }
    }
}

fn store(statement: &mut Statement<'_>, record: &Record) -> rusqlite::Result<()> {
    fn blob(id: &Uuid) -> &[u8] {
        id.as_bytes()
    }
    match record {
        Record::Workspace {
            id,
            epoch,
            revision,
            entities,
            created,
            mark,
            horizon,
        } => statement.execute((blob(id), blob(epoch), revision, entities, created, mark, horizon)),
        Record::Account {
            id,
            email,
            password,
            workspace,
            created,
        } => statement.execute((blob(id), email, password, blob(workspace), created)),
        Record::Membership {
            workspace,
            account,
            role,
        } => statement.execute((blob(workspace), blob(account), role)),
        Record::SignIn {
            id,
            account,
            device,
            created,
            revoked,
        } => statement.execute((blob(id), blob(account), device, created, revoked)),
        Record::RefreshToken {
            hash,
            sign_in,
            expires,
            rotated,
        } => statement.execute((hash, blob(sign_in), expires, rotated)),
        Record::Replica {
            workspace,
            id,
            account,
            device,
            created,
            seq,
            revision,
            seen,
        } => statement.execute((
            blob(workspace),
            blob(id),
            blob(account),
            device,
            created,
            seq,
            revision,
            seen,
        )),
        Record::Entity {
            workspace,
            id,
            kind,
            fields,
            revision,
            deleted,
        } => statement.execute((blob(workspace), blob(id), kind, fields, revision, deleted)),
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
        } => statement.execute((
            blob(workspace),
            revision,
            blob(entity),
            blob(replica),
            seq,
            patch,
            at,
            tick,
            committed,
            mark,
        )),
    }
    .map(drop)
}
