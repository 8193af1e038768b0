//! Accounts and rights in PostgreSQL.

use tsugi_sync::ids::{UserId, WorkspaceId};
use uuid::Uuid;

use super::Postgres;
use super::rows::{get, to_sql};
use super::sign_in::insert_sign_in;
use crate::secret::PasswordHash;
use crate::store::StoreError;
use crate::store::accounts::{Account, Created, NewAccount};
use crate::store::role::Role;

impl Postgres {
    pub(in crate::store) async fn account_by_email(
        &self,
        email: &str,
    ) -> Result<Option<Account>, StoreError> {
        let client = self.reads.get().await?;
        let statement = client
            .prepare_cached("SELECT id, password, workspace FROM account WHERE email = $1")
            .await?;
        let Some(row) = client.query_opt(&statement, &[&email]).await? else {
            return Ok(None);
        };
        Ok(Some(Account {
            user: UserId(get(&row, 0)?),
            password: PasswordHash(get(&row, 1)?),
            workspace: WorkspaceId(get(&row, 2)?),
        }))
    }

    pub(in crate::store) async fn create_account(&self, new: &NewAccount) -> Result<Created, StoreError> {
        let mut client = self.reads.get().await?;
        let transaction = client.transaction().await?;
        let now = to_sql(new.now.0);
        // Another instance may create the same at this moment. Then this waits for its commit.
        let workspace = transaction
            .execute(
                "INSERT INTO workspace (id, epoch, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                &[&new.workspace.0, &Uuid::new_v4(), &now],
            )
            .await?;
        if workspace == 0 {
            let taken = "SELECT 1 FROM account WHERE email = $1";
            let known = transaction.query_opt(taken, &[&new.email]).await?;
            return Ok(match known {
                Some(_) => Created::EmailTaken,
                None => Created::WorkspaceTaken,
            });
        }
        let account = transaction
            .execute(
                "INSERT INTO account (id, email, password, workspace, created) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (email) DO NOTHING",
                &[&new.user.0, &new.email, &new.password.0, &new.workspace.0, &now],
            )
            .await?;
        if account == 0 {
            return Ok(Created::EmailTaken);
        }
        transaction
            .execute(
                "INSERT INTO membership (workspace, account, role) VALUES ($1, $2, 'owner')",
                &[&new.workspace.0, &new.user.0],
            )
            .await?;
        insert_sign_in(&transaction, new.user, &new.sign_in).await?;
        transaction.commit().await?;
        Ok(Created::Done)
    }

    /// Gives a role, or takes it away if `role` is none, and leaves a notice for the other instances. Answers whether user
    /// and workspace exist.
    pub(in crate::store) async fn set_role(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        role: Option<Role>,
    ) -> Result<bool, StoreError> {
        let mut client = self.reads.get().await?;
        let transaction = client.transaction().await?;
        // The lock is that of the pushes. So a push that comes after this answer sees the new role.
        let counted = transaction
            .execute(
                "UPDATE workspace SET rights = rights + 1
                 WHERE id = $1 AND EXISTS (SELECT 1 FROM account WHERE id = $2)",
                &[&workspace.0, &user.0],
            )
            .await?;
        if counted == 0 {
            return Ok(false);
        }
        match role {
            Some(role) => {
                let sql = "INSERT INTO membership (workspace, account, role) VALUES ($1, $2, $3)
                     ON CONFLICT (workspace, account) DO UPDATE SET role = excluded.role";
                let role = role.as_str();
                transaction.execute(sql, &[&workspace.0, &user.0, &role]).await?;
            }
            None => {
                let sql = "DELETE FROM membership WHERE workspace = $1 AND account = $2";
                transaction.execute(sql, &[&workspace.0, &user.0]).await?;
            }
        }
        let notice = "INSERT INTO notice (id, account, workspace) VALUES ($1, $2, $3)";
        transaction
            .execute(notice, &[&Uuid::new_v4(), &user.0, &workspace.0])
            .await?;
        transaction.commit().await?;
        Ok(true)
    }
}
