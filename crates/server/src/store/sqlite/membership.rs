//! The roles of users in workspaces, in SQLite.

use rusqlite::{Connection, OptionalExtension};
use tsugi_sync::ids::{UserId, WorkspaceId};

use super::Sqlite;
use super::rows::member_view;
use crate::store::StoreError;
use crate::store::role::Role;

impl Sqlite {
    /// The user's role in the workspace; none if the user has no right to it.
    pub(crate) async fn role(
        &self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Option<Role>, StoreError> {
        self.read(move |connection| Ok(member_view(connection, workspace, user)?.map(|view| view.role)))
            .await
    }

    /// Gives a role, or takes it away if `role` is none; runs `then` right after the commit, before any later change is
    /// published. Answers whether user and workspace exist.
    pub(crate) async fn set_role(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        role: Option<Role>,
        then: impl FnOnce() + Send + 'static,
    ) -> Result<bool, StoreError> {
        let change = move |connection: &Connection| {
            let Some((workspace, account)) = rows_of(connection, workspace, user)? else {
                return Ok(false);
            };
            match role {
                Some(role) => connection.execute(
                    "INSERT INTO membership (workspace, account, role) VALUES (?1, ?2, ?3)
                     ON CONFLICT (workspace, account) DO UPDATE SET role = excluded.role",
                    (workspace, account, role.as_str()),
                )?,
                None => connection.execute(
                    "DELETE FROM membership WHERE workspace = ?1 AND account = ?2",
                    (workspace, account),
                )?,
            };
            Ok(true)
        };
        self.write_then(change, |_| then()).await
    }
}

fn rows_of(
    connection: &Connection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<(i64, i64)>, StoreError> {
    let found = connection.query_row(
        "SELECT w.id, a.id FROM workspace w, account a WHERE w.uuid = ?1 AND a.uuid = ?2",
        (workspace.0.as_bytes(), user.0.as_bytes()),
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    Ok(found.optional()?)
}
