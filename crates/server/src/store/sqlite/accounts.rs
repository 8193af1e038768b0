//! Accounts in SQLite.

use rusqlite::{Connection, OptionalExtension};
use tsugi_sync::ids::{UserId, WorkspaceId};
use uuid::Uuid;

use super::Sqlite;
use super::rows::{UuidBlob, to_sql};
use super::sign_in::insert_sign_in;
use crate::secret::PasswordHash;
use crate::store::StoreError;
use crate::store::accounts::{Account, Created, NewAccount};

impl Sqlite {
    pub(crate) async fn account_by_email(&self, email: String) -> Result<Option<Account>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT a.uuid, a.password, w.uuid FROM account a
                 JOIN workspace w ON w.id = a.workspace WHERE a.email = ?1",
            )?;
            let account = statement.query_row([email], |row| {
                Ok(Account {
                    user: UserId(row.get::<_, UuidBlob>(0)?.0),
                    password: PasswordHash(row.get(1)?),
                    workspace: WorkspaceId(row.get::<_, UuidBlob>(2)?.0),
                })
            });
            Ok(account.optional()?)
        })
        .await
    }

    /// Creates account, personal workspace and first sign-in, or nothing of them.
    pub(crate) async fn create_account(&self, account: NewAccount) -> Result<Created, StoreError> {
        self.write(move |connection| create(connection, &account)).await
    }
}

fn create(connection: &Connection, new: &NewAccount) -> Result<Created, StoreError> {
    let taken = |sql, parameter: &dyn rusqlite::ToSql| {
        connection.query_row(sql, [parameter], |row| row.get::<_, bool>(0))
    };
    if taken(
        "SELECT EXISTS (SELECT 1 FROM account WHERE email = ?1)",
        &new.email,
    )? {
        return Ok(Created::EmailTaken);
    }
    let workspace = new.workspace.0.as_bytes();
    if taken(
        "SELECT EXISTS (SELECT 1 FROM workspace WHERE uuid = ?1)",
        workspace,
    )? {
        return Ok(Created::WorkspaceTaken);
    }
    let now = to_sql(new.now.0);
    connection.execute(
        "INSERT INTO workspace (uuid, epoch, created) VALUES (?1, ?2, ?3)",
        (workspace, Uuid::new_v4().as_bytes(), now),
    )?;
    let workspace = connection.last_insert_rowid();
    connection.execute(
        "INSERT INTO account (uuid, email, password, workspace, created) VALUES (?1, ?2, ?3, ?4, ?5)",
        (new.user.0.as_bytes(), &new.email, &new.password.0, workspace, now),
    )?;
    let account = connection.last_insert_rowid();
    connection.execute(
        "INSERT INTO membership (workspace, account, role) VALUES (?1, ?2, 'owner')",
        (workspace, account),
    )?;
    insert_sign_in(connection, account, &new.sign_in)?;
    Ok(Created::Done)
}
