//! `subscribe` and `pull`: from a cursor to the head, and on from there.

use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tsugi_sync::ids::{Mark, Revision, WorkspaceId};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Down, ErrorCode, ErrorMessage, Subscribe};
use tsugi_sync::vector::VersionVector;

use super::{End, Phase, Ready, Session, Subscription};
use crate::admission::{Queue, Turn};
use crate::metrics::{self, State};
use crate::store::CatchUp;

/// Whether the session may still be told to come back later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Begins,
    GoesOn,
}

async fn turn_in(queue: &Queue, stage: Stage) -> Result<Turn<'_>, End> {
    match stage {
        Stage::Begins => queue.enter().await.map_err(super::hello::too_many),
        Stage::GoesOn => Ok(queue.wait().await),
    }
}

impl Session {
    pub(super) fn ready(&mut self) -> Result<&mut Ready, End> {
        match &mut self.phase {
            Phase::Ready(ready) => Ok(ready),
            Phase::AwaitingHello { .. } => Err(End::error(ErrorCode::OutOfOrder, "no hello yet")),
        }
    }

    pub(super) async fn subscribe(&mut self, subscribe: Subscribe) -> Result<(), End> {
        let workspace = subscribe.workspace;
        let ready = self.ready()?;
        if ready.subscriptions.len() >= limits::SUBSCRIPTIONS && !ready.subscriptions.contains_key(&workspace)
        {
            let wait = Duration::from_secs(60);
            return Err(End::retry(ErrorCode::RateLimited, "too many subscriptions", wait));
        }
        // Listen first, then read. A change that is committed in between is posted, and is skipped if it was read
        // already.
        self.app.events.subscriptions.join(workspace, &self.mailbox);
        // From here on the session knows this subscription, so it can leave the room however the reading ends.
        self.ready()?
            .subscriptions
            .entry(workspace)
            .or_insert(Subscription::Ended);
        let Some(vector) = self.read_on(subscribe, Stage::Begins).await? else {
            return Ok(());
        };
        let Some(Subscription::Live(sent)) = self.ready()?.subscriptions.get(&workspace) else {
            return Ok(());
        };
        let subscribed = Down::Subscribed {
            workspace,
            epoch: sent.epoch,
            revision: sent.revision,
            vector,
        };
        self.wire.send(&subscribed).await
    }

    pub(super) async fn pull(&mut self, workspace: WorkspaceId, cursor: Revision) -> Result<(), End> {
        let epoch = match self.ready()?.subscriptions.get(&workspace) {
            Some(Subscription::Live(sent)) => sent.epoch,
            Some(Subscription::Ended) => return self.forbid(workspace).await,
            None => return Err(End::error(ErrorCode::OutOfOrder, "pull without subscribe")),
        };
        let from = Subscribe {
            workspace,
            epoch: Some(epoch),
            cursor,
            mark: Mark(0),
        };
        self.catch_up(from).await?;
        Ok(())
    }

    /// Sends the changes between the cursor and the head, and moves the subscription there. Answers whether the
    /// subscription still exists.
    pub(super) async fn catch_up(&mut self, from: Subscribe) -> Result<bool, End> {
        Ok(self.read_on(from, Stage::GoesOn).await?.is_some())
    }

    /// The same. If the subscription still exists, it answers the entries of the version vector that have changed
    /// since.
    async fn read_on(&mut self, from: Subscribe, stage: Stage) -> Result<Option<VersionVector>, End> {
        let ready = self.ready()?;
        let (user, replica) = (ready.user, ready.replica);
        let workspace = from.workspace;
        let app = Arc::clone(&self.app);
        let (began, mut turn) = (Instant::now(), None);
        let short = turn_in(&app.arrivals, stage).await?;
        let at_once = app.store.catch_up_at_once(from.clone(), user).await;
        drop(short);
        let read = match at_once {
            Ok(Some(read)) => Ok(read),
            Ok(None) => {
                self.state.to(State::CatchingUp);
                turn = Some(turn_in(&app.catch_up_turns, stage).await?);
                app.store.catch_up(from, (user, replica), app.clock.now()).await
            }
            Err(error) => Err(error),
        };
        let mut kind = "nothing";
        let (head, vector) = match read {
            Err(error) => return Err(self.internal(&error)),
            Ok(CatchUp::NotMember) => {
                metrics::caught_up("refused", began.elapsed());
                self.show_state();
                self.forbid(workspace).await?;
                return Ok(None);
            }
            Ok(CatchUp::Nothing(head)) => (head, VersionVector::default()),
            Ok(CatchUp::Parts { head, parts, vector }) => {
                let bytes = parts.iter().map(|part| part.0.len()).sum();
                let first = parts.first().map_or("", |part| part.0.as_str());
                kind = match first.starts_with("{\"type\":\"snapshot\"") {
                    true => "snapshot",
                    false => "delta",
                };
                let _room = app.catch_up_room(bytes).await;
                drop(turn);
                for part in parts {
                    self.wire.feed_text(("catch_up", Some(workspace)), part.0).await?;
                    self.wire.flush().await?;
                }
                // The session itself did not read meanwhile, so this silence does not count against the replica.
                self.last_heard = Instant::now();
                (head, vector)
            }
        };
        metrics::caught_up(kind, began.elapsed());
        self.show_state();
        app.events.subscriptions.read_by(workspace, &self.mailbox, &head);
        let live = Subscription::Live((&head).into());
        match self.ready()?.subscriptions.entry(workspace) {
            Entry::Occupied(mut entry) => drop(entry.insert(live)),
            Entry::Vacant(entry) => drop(entry.insert(live)),
        }
        Ok(Some(vector))
    }

    /// Ends or refuses a subscription, and tells the replica. The session goes on.
    pub(super) async fn forbid(&mut self, workspace: WorkspaceId) -> Result<(), End> {
        self.app.events.subscriptions.leave(workspace, self.id);
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
