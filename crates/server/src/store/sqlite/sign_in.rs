//! Sign-ins and refresh tokens in SQLite.

use rusqlite::{Connection, OptionalExtension};
use tsugi_sync::ids::{Timestamp, UserId, WorkspaceId};
use uuid::Uuid;

use super::Sqlite;
use super::rows::{Count, UuidBlob, to_sql};
use crate::secret::TokenHash;
use crate::store::StoreError;
use crate::store::sign_in::{FoundToken, NewSignIn, Presented, Rotation, Standing};

pub(crate) fn insert_sign_in(
    connection: &Connection,
    account: i64,
    new: &NewSignIn,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO sign_in (uuid, account, device, created) VALUES (?1, ?2, ?3, ?4)",
        (new.id.as_bytes(), account, &new.device, to_sql(new.now.0)),
    )?;
    insert_token(
        connection,
        connection.last_insert_rowid(),
        &new.refresh,
        new.expires,
    )
}

fn insert_token(
    connection: &Connection,
    sign_in: i64,
    hash: &TokenHash,
    expires: Timestamp,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO refresh_token (hash, sign_in, expires) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO NOTHING",
        (&hash.0[..], sign_in, to_sql(expires.0)),
    )?;
    Ok(())
}

impl Sqlite {
    pub(crate) async fn sign_in(&self, user: UserId, new: NewSignIn) -> Result<(), StoreError> {
        self.write(move |connection| {
            let account = connection.query_row(
                "SELECT id FROM account WHERE uuid = ?1",
                [user.0.as_bytes()],
                |row| row.get(0),
            )?;
            // Expired tokens are deleted when their owner signs in, so no job is needed for that.
            connection.execute(
                "DELETE FROM refresh_token WHERE expires < ?2
                 AND sign_in IN (SELECT id FROM sign_in WHERE account = ?1)",
                (account, to_sql(new.now.0)),
            )?;
            insert_sign_in(connection, account, &new)
        })
        .await
    }

    /// Takes a refresh token and puts its successor in its place.
    pub(crate) async fn rotate(&self, presented: Presented) -> Result<Rotation, StoreError> {
        self.write(move |connection| {
            let Some(Found { row, sign_in, token }) = find_token(connection, &presented.token)? else {
                return Ok(Rotation::Unknown);
            };
            let now = presented.now;
            match token.standing(&presented) {
                Standing::Revoked => return Ok(token.into_revoked()),
                Standing::Expired => return Ok(Rotation::Expired),
                Standing::Current => {
                    connection.execute(
                        "UPDATE refresh_token SET rotated = ?2 WHERE id = ?1",
                        (row, to_sql(now.0)),
                    )?;
                    let expires = now.plus(presented.lifetime_ms);
                    insert_token(connection, sign_in, &presented.successor, expires)?;
                    forget_oldest(connection, sign_in, now)?;
                }
                Standing::InGrace => {}
                Standing::Used if is_fresh(connection, &presented.successor)? => {}
                Standing::Used => {
                    revoke(connection, sign_in, now)?;
                    return Ok(token.into_revoked());
                }
            }
            Ok(token.into_rotated())
        })
        .await
    }

    pub(crate) async fn knows_token(&self, token: TokenHash) -> Result<bool, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached("SELECT 1 FROM refresh_token WHERE hash = ?1")?;
            Ok(statement.exists([&token.0[..]])?)
        })
        .await
    }

    /// Ends the sign-in that the token belongs to. Answers which, if the token is known.
    pub(crate) async fn sign_out(
        &self,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<(UserId, Uuid)>, StoreError> {
        self.write(move |connection| {
            let Some(found) = find_token(connection, &token)? else {
                return Ok(None);
            };
            revoke(connection, found.sign_in, now)?;
            Ok(Some((found.token.user, found.token.sign_in)))
        })
        .await
    }

    /// Whether this sign-in of the user has not been ended.
    pub(crate) async fn is_signed_in(&self, user: UserId, sign_in: Uuid) -> Result<bool, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT 1 FROM sign_in s JOIN account a ON a.id = s.account
                 WHERE s.uuid = ?1 AND a.uuid = ?2 AND s.revoked IS NULL",
            )?;
            Ok(statement.exists((sign_in.as_bytes(), user.0.as_bytes()))?)
        })
        .await
    }
}

/// Deletes expired tokens of a sign-in that goes on for months, a few for each new token. So their number stays
/// bounded, and no refresh has to look at all of them. Tokens that have not expired stay, because the second use of
/// one shows a theft.
fn forget_oldest(connection: &Connection, sign_in: i64, now: Timestamp) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM refresh_token WHERE expires < ?2
         AND id IN (SELECT id FROM refresh_token WHERE sign_in = ?1 ORDER BY id LIMIT 4)",
    )?;
    statement.execute((sign_in, to_sql(now.0)))?;
    Ok(())
}

/// Whether nobody has used this token yet.
fn is_fresh(connection: &Connection, hash: &TokenHash) -> Result<bool, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM refresh_token WHERE hash = ?1 AND rotated IS NULL")?;
    Ok(statement.exists([&hash.0[..]])?)
}

fn revoke(connection: &Connection, sign_in: i64, now: Timestamp) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE sign_in SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL",
        (sign_in, to_sql(now.0)),
    )?;
    Ok(())
}

struct Found {
    row: i64,
    /// The row of its sign-in.
    sign_in: i64,
    token: FoundToken,
}

fn find_token(connection: &Connection, hash: &TokenHash) -> Result<Option<Found>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT t.id, s.id, t.expires, t.rotated, s.revoked IS NOT NULL, s.uuid, a.uuid, a.email, w.uuid
         FROM refresh_token t
         JOIN sign_in s ON s.id = t.sign_in
         JOIN account a ON a.id = s.account
         JOIN workspace w ON w.id = a.workspace
         WHERE t.hash = ?1",
    )?;
    let found = statement.query_row([&hash.0[..]], |row| {
        Ok(Found {
            row: row.get(0)?,
            sign_in: row.get(1)?,
            token: FoundToken {
                expires: Timestamp(row.get::<_, Count>(2)?.0),
                rotated: row.get::<_, Option<Count>>(3)?.map(|count| Timestamp(count.0)),
                revoked: row.get(4)?,
                sign_in: row.get::<_, UuidBlob>(5)?.0,
                user: UserId(row.get::<_, UuidBlob>(6)?.0),
                email: row.get(7)?,
                workspace: WorkspaceId(row.get::<_, UuidBlob>(8)?.0),
            },
        })
    });
    Ok(found.optional()?)
}
