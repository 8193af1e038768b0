//! `subscribe` and `pull`: from a cursor to the head, and on from there.

use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tsugi_sync::ids::{Epoch, Revision, WorkspaceId};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Down, ErrorCode, ErrorMessage, Subscribe};

use super::{End, Phase, Ready, Session, Subscription};
use crate::store::{CatchUp, catch_up, catch_up_at_once};

impl Session {
    pub(super) fn ready(&mut self) -> Result<&mut Ready, End> {
        match &mut self.phase {
            Phase::Ready(ready) => Ok(ready),
            Phase::AwaitingHello { .. } => Err(End::error(ErrorCode::OutOfOrder, "no hello yet")),
        }
    }

    pub(super) async fn subscribe(&mut self, subscribe: Subscribe) -> Result<(), End> {
        let Subscribe {
            workspace,
            epoch,
            cursor,
        } = subscribe;
        let ready = self.ready()?;
        if ready.subscriptions.len() >= limits::SUBSCRIPTIONS && !ready.subscriptions.contains_key(&workspace)
        {
            let wait = Duration::from_secs(60);
            return Err(End::retry(ErrorCode::RateLimited, "too many subscriptions", wait));
        }
        // Listen first, then read: what is committed in between is posted, and skipped where it was read already.
        self.app.hub.join(workspace, &self.mailbox);
        if !self.catch_up(workspace, epoch, cursor).await? {
            return Ok(());
        }
        let Some(Subscription::Live { epoch, sent }) = self.ready()?.subscriptions.get(&workspace) else {
            return Ok(());
        };
        let subscribed = Down::Subscribed {
            workspace,
            epoch: *epoch,
            revision: *sent,
        };
        self.wire.send(&subscribed).await
    }

    pub(super) async fn pull(&mut self, workspace: WorkspaceId, cursor: Revision) -> Result<(), End> {
        let epoch = match self.ready()?.subscriptions.get(&workspace) {
            Some(Subscription::Live { epoch, .. }) => *epoch,
            Some(Subscription::Ended) => return self.forbid(workspace).await,
            None => return Err(End::error(ErrorCode::OutOfOrder, "pull without subscribe")),
        };
        self.catch_up(workspace, Some(epoch), cursor).await?;
        Ok(())
    }

    /// Sends what lies between `cursor` and the head, and moves the subscription there. Answers whether it stands.
    pub(super) async fn catch_up(
        &mut self,
        workspace: WorkspaceId,
        epoch: Option<Epoch>,
        cursor: Revision,
    ) -> Result<bool, End> {
        let user = self.ready()?.user;
        let app = Arc::clone(&self.app);
        let at_once = app
            .store
            .read(move |connection| catch_up_at_once(connection, workspace, user, epoch, cursor));
        let mut turn = None;
        let read = match at_once.await {
            Ok(Some(read)) => Ok(read),
            Ok(None) => {
                turn = app.catch_up_turn().await;
                app.store
                    .read(move |connection| catch_up(connection, workspace, user, epoch, cursor))
                    .await
            }
            Err(error) => Err(error),
        };
        let (epoch, head) = match read {
            Err(error) => return Err(self.internal(&error)),
            Ok(CatchUp::NotMember) => {
                self.forbid(workspace).await?;
                return Ok(false);
            }
            Ok(CatchUp::Nothing { epoch, head }) => (epoch, head),
            Ok(CatchUp::Parts { epoch, head, parts }) => {
                let bytes = parts.iter().map(|part| part.0.len()).sum();
                let _room = app.catch_up_room(bytes).await;
                drop(turn);
                for part in parts {
                    self.wire.feed("catch_up", part.0.into()).await?;
                    self.wire.flush().await?;
                }
                // It was we who did not listen.
                self.last_heard = Instant::now();
                (epoch, head)
            }
        };
        let live = Subscription::Live { epoch, sent: head };
        match self.ready()?.subscriptions.entry(workspace) {
            Entry::Occupied(mut entry) => drop(entry.insert(live)),
            Entry::Vacant(entry) => drop(entry.insert(live)),
        }
        Ok(true)
    }

    /// Ends a subscription, or refuses one, and tells; the session goes on.
    pub(super) async fn forbid(&mut self, workspace: WorkspaceId) -> Result<(), End> {
        self.app.hub.leave(workspace, self.id);
        self.ready()?.subscriptions.insert(workspace, Subscription::Ended);
        let error = Down::Error(ErrorMessage {
            code: ErrorCode::Forbidden,
            message: "no right to this workspace".into(),
            retry_after_ms: None,
            workspace: Some(workspace),
        });
        self.wire.send(&error).await
    }
}
