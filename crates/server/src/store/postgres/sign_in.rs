//! Sign-ins and refresh tokens in PostgreSQL.

use deadpool_postgres::Transaction;
use tokio_postgres::Row;
use tsugi_sync::ids::{Timestamp, UserId, WorkspaceId};
use uuid::Uuid;

use super::Postgres;
use super::rows::{count, get, to_sql};
use crate::secret::TokenHash;
use crate::store::StoreError;
use crate::store::sign_in::{FoundToken, NewSignIn, Presented, Rotation, Standing};

/// The row of the token is locked, so that two instances do not rotate it at once.
const TOKEN: &str = "SELECT t.expires, t.rotated, s.revoked IS NOT NULL, s.id, a.id, a.email, a.workspace
    FROM refresh_token t JOIN sign_in s ON s.id = t.sign_in JOIN account a ON a.id = s.account
    WHERE t.hash = $1 FOR UPDATE OF t, s";

pub(super) async fn insert_sign_in(
    transaction: &Transaction<'_>,
    user: UserId,
    new: &NewSignIn,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "INSERT INTO sign_in (id, account, device, created) VALUES ($1, $2, $3, $4)",
            &[&new.id, &user.0, &new.device.as_bytes(), &to_sql(new.now.0)],
        )
        .await?;
    insert_token(transaction, new.id, &new.refresh, new.expires).await
}

async fn insert_token(
    transaction: &Transaction<'_>,
    sign_in: Uuid,
    hash: &TokenHash,
    expires: Timestamp,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "INSERT INTO refresh_token (hash, sign_in, expires) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[&&hash.0[..], &sign_in, &to_sql(expires.0)],
        )
        .await?;
    Ok(())
}

impl Postgres {
    pub(in crate::store) async fn sign_in(&self, user: UserId, new: &NewSignIn) -> Result<(), StoreError> {
        let mut client = self.reads.get().await?;
        let transaction = client.transaction().await?;
        // Expired tokens are deleted when their owner signs in, so no job is needed for that.
        transaction
            .execute(
                "DELETE FROM refresh_token WHERE expires < $2
                 AND sign_in IN (SELECT id FROM sign_in WHERE account = $1)",
                &[&user.0, &to_sql(new.now.0)],
            )
            .await?;
        insert_sign_in(&transaction, user, new).await?;
        Ok(transaction.commit().await?)
    }

    pub(in crate::store) async fn rotate(&self, presented: &Presented) -> Result<Rotation, StoreError> {
        let mut client = self.reads.get().await?;
        let transaction = client.transaction().await?;
        let Some(token) = find_token(&transaction, &presented.token).await? else {
            return Ok(Rotation::Unknown);
        };
        let now = presented.now;
        match token.standing(presented) {
            Standing::Revoked => return Ok(token.into_revoked()),
            Standing::Expired => return Ok(Rotation::Expired),
            Standing::Current => {
                let used = "UPDATE refresh_token SET rotated = $2 WHERE hash = $1";
                transaction
                    .execute(used, &[&&presented.token.0[..], &to_sql(now.0)])
                    .await?;
                let expires = now.plus(presented.lifetime_ms);
                insert_token(&transaction, token.sign_in, &presented.successor, expires).await?;
                forget_oldest(&transaction, token.sign_in, now).await?;
            }
            Standing::InGrace => {}
            Standing::Used if is_fresh(&transaction, &presented.successor).await? => {}
            Standing::Used => {
                revoke(&transaction, token.sign_in, token.user, now).await?;
                transaction.commit().await?;
                return Ok(token.into_revoked());
            }
        }
        transaction.commit().await?;
        Ok(token.into_rotated())
    }

    pub(in crate::store) async fn knows_token(&self, token: &TokenHash) -> Result<bool, StoreError> {
        let client = self.reads.get().await?;
        let statement = client
            .prepare_cached("SELECT 1 FROM refresh_token WHERE hash = $1")
            .await?;
        Ok(client.query_opt(&statement, &[&&token.0[..]]).await?.is_some())
    }

    pub(in crate::store) async fn sign_out(
        &self,
        token: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<(UserId, Uuid)>, StoreError> {
        let mut client = self.reads.get().await?;
        let transaction = client.transaction().await?;
        let Some(found) = find_token(&transaction, token).await? else {
            return Ok(None);
        };
        revoke(&transaction, found.sign_in, found.user, now).await?;
        transaction.commit().await?;
        Ok(Some((found.user, found.sign_in)))
    }

    pub(in crate::store) async fn is_signed_in(
        &self,
        user: UserId,
        sign_in: Uuid,
    ) -> Result<bool, StoreError> {
        let client = self.reads.get().await?;
        let statement = client
            .prepare_cached("SELECT 1 FROM sign_in WHERE id = $1 AND account = $2 AND revoked IS NULL")
            .await?;
        Ok(client
            .query_opt(&statement, &[&sign_in, &user.0])
            .await?
            .is_some())
    }
}

/// Deletes expired tokens of a sign-in that goes on for months, a few for each new token. So their number stays bounded.
/// Tokens that have not expired stay, because the second use of one shows a theft.
async fn forget_oldest(
    transaction: &Transaction<'_>,
    sign_in: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "DELETE FROM refresh_token WHERE hash IN
                 (SELECT hash FROM refresh_token WHERE sign_in = $1 AND expires < $2 ORDER BY expires LIMIT 4)",
            &[&sign_in, &to_sql(now.0)],
        )
        .await?;
    Ok(())
}

/// Whether nobody has used this token yet.
async fn is_fresh(transaction: &Transaction<'_>, hash: &TokenHash) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM refresh_token WHERE hash = $1 AND rotated IS NULL";
    Ok(transaction.query_opt(sql, &[&&hash.0[..]]).await?.is_some())
}

/// Ends a sign-in, and leaves a notice for the other instances.
async fn revoke(
    transaction: &Transaction<'_>,
    sign_in: Uuid,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let ended = "UPDATE sign_in SET revoked = $2 WHERE id = $1 AND revoked IS NULL";
    if transaction.execute(ended, &[&sign_in, &to_sql(now.0)]).await? > 0 {
        let notice = "INSERT INTO notice (id, account, sign_in) VALUES ($1, $2, $3)";
        transaction
            .execute(notice, &[&Uuid::new_v4(), &user.0, &sign_in])
            .await?;
    }
    Ok(())
}

async fn find_token(
    transaction: &Transaction<'_>,
    hash: &TokenHash,
) -> Result<Option<FoundToken>, StoreError> {
    let row = transaction.query_opt(TOKEN, &[&&hash.0[..]]).await?;
    row.map(|row| found(&row)).transpose()
}

fn found(row: &Row) -> Result<FoundToken, StoreError> {
    let rotated = match get::<Option<i64>>(row, 1)? {
        Some(_) => Some(Timestamp(count(row, 1)?)),
        None => None,
    };
    Ok(FoundToken {
        expires: Timestamp(count(row, 0)?),
        rotated,
        revoked: get(row, 2)?,
        sign_in: get(row, 3)?,
        user: UserId(get(row, 4)?),
        email: get(row, 5)?,
        workspace: WorkspaceId(get(row, 6)?),
    })
}
