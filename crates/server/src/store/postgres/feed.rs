//! What other instances have committed, as the event processor asks for it.

use std::time::Duration;

use tokio_postgres::IsolationLevel;
use tsugi_sync::ids::{Mark, Revision, UserId, WorkspaceId};
use tsugi_sync::protocol::named;
use uuid::Uuid;

use super::pool::Pool;
use super::read::{authors, changed, committed, mark_at};
use super::rows::{count, get, head};
use crate::events::{Batch, Feed, FeedError, Notice, Noticed, Point, Reading, RoomHead};
use crate::store::StoreError;

/// More changes than these are left to the sessions, which read them in parts.
const CHANGES: u64 = 1_000;
/// The same, in bytes of entities.
const BYTES: usize = 1024 * 1024;

const HEADS: &str = "SELECT epoch, revision, mark, horizon, id, rights FROM workspace WHERE id = ANY($1)";
const HEAD: &str = "SELECT epoch, revision, mark, horizon FROM workspace WHERE id = $1";
const NOTICES: &str = "SELECT id, account, workspace, sign_in FROM notice \
    WHERE at > clock_timestamp() - make_interval(secs => $1)";

#[derive(Debug)]
pub(super) struct PostgresFeed(pub(super) Pool);

impl Feed for PostgresFeed {
    fn heads<'a>(&'a self, workspaces: &'a [WorkspaceId]) -> Reading<'a, Vec<RoomHead>> {
        Box::pin(async move { self.read_heads(workspaces).await.map_err(FeedError::from) })
    }

    fn changes(&self, workspace: WorkspaceId, after: Point) -> Reading<'_, Option<Batch>> {
        Box::pin(async move { self.read_changes(workspace, after).await.map_err(FeedError::from) })
    }

    fn notices(&self, last: Duration) -> Reading<'_, Vec<Notice>> {
        Box::pin(async move { self.read_notices(last).await.map_err(FeedError::from) })
    }
}

impl PostgresFeed {
    async fn read_heads(&self, workspaces: &[WorkspaceId]) -> Result<Vec<RoomHead>, StoreError> {
        let ids: Vec<Uuid> = workspaces.iter().map(|workspace| workspace.0).collect();
        let client = self.0.get().await?;
        let statement = client.prepare_cached(HEADS).await?;
        let mut heads = Vec::with_capacity(ids.len());
        for row in client.query(&statement, &[&ids]).await? {
            heads.push(RoomHead {
                workspace: WorkspaceId(get(&row, 4)?),
                head: head(&row, 0)?,
                rights: count(&row, 5)?,
            });
        }
        Ok(heads)
    }

    async fn read_changes(&self, workspace: WorkspaceId, after: Point) -> Result<Option<Batch>, StoreError> {
        let mut client = self.0.get().await?;
        let moment = client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await?;
        let statement = moment.prepare_cached(HEAD).await?;
        let Some(row) = moment.query_opt(&statement, &[&workspace.0]).await? else {
            return Ok(None);
        };
        let head = head(&row, 0)?;
        let is_much = head.revision.0.saturating_sub(after.revision.0) > CHANGES;
        if head.epoch != after.epoch || head.revision < after.revision || is_much {
            return Ok(None);
        }
        if after.revision > Revision(0) && after.mark != Mark(0) {
            let mark = mark_at(&moment, workspace, after.revision).await?;
            if mark != Some(after.mark) {
                return Ok(None);
            }
        }
        let (entities, bytes) = changed(&moment, workspace, after.revision).await?;
        if bytes > BYTES {
            return Ok(None);
        }
        let named = named(&entities, after.revision, head.revision);
        let authors = authors(&moment, workspace, named).await?;
        let at = committed(&moment, workspace, head.revision).await?;
        moment.commit().await?;
        Ok(Some(Batch::new(
            workspace,
            head.epoch,
            (after.revision, head.revision, head.mark),
            (entities, authors.into_iter().collect()),
            at,
            bytes,
        )))
    }

    async fn read_notices(&self, last: Duration) -> Result<Vec<Notice>, StoreError> {
        let client = self.0.get().await?;
        let statement = client.prepare_cached(NOTICES).await?;
        let mut notices = Vec::new();
        for row in client.query(&statement, &[&last.as_secs_f64()]).await? {
            let user = UserId(get(&row, 1)?);
            let what = match (get::<Option<Uuid>>(&row, 2)?, get::<Option<Uuid>>(&row, 3)?) {
                (Some(workspace), _) => Noticed::Rights {
                    workspace: WorkspaceId(workspace),
                    user,
                },
                (None, Some(sign_in)) => Noticed::SignedOut { user, sign_in },
                // Of a later version, which says something that this one does not know.
                (None, None) => continue,
            };
            notices.push(Notice {
                id: get(&row, 0)?,
                what,
            });
        }
        Ok(notices)
    }
}
