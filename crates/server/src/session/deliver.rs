//! Letters from the mailbox to the socket.
//!
//! A frame may be sent only if the replica's cursor is in its range. Otherwise the session reads from the store.
//! Outcomes go with the batch to which they belong. If that batch is not sent, they go in deltas that do not move
//! the cursor.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{Epoch, Mark, Revision, Timestamp, WorkspaceId};
use tsugi_sync::limits;
use tsugi_sync::protocol::{ChangedBy, Delta, Down, ErrorCode, Fate, Outcome, Subscribe};
use tsugi_sync::subscription::{Step, step};

use super::{End, Phase, Ready, Session, Subscription};
use crate::events::{Batch, Letter, Point, Taken};
use crate::metrics;
use crate::trace;

/// How long a draining session waits for the answers to its pushes.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// How long a replica has to wait after a push whose answers were too large.
const LARGE_ANSWERS: Duration = Duration::from_secs(1);

impl Session {
    pub(super) async fn take_letters(&mut self) -> Result<(), End> {
        let letters = match self.mailbox.take() {
            Taken::InStep(letters) => letters,
            Taken::Lagged(letters) => {
                tracing::debug!(session = %self.id, "lagged: reading from the store");
                self.catch_up_all().await?;
                letters
            }
        };
        self.deliver_all(letters).await
    }

    async fn deliver_all(&mut self, letters: VecDeque<Letter>) -> Result<(), End> {
        let mut oldest = None;
        for letter in letters {
            if let Letter::Batch(batch) | Letter::Own { batch, .. } = &letter {
                oldest.get_or_insert(batch.made());
            }
            match letter {
                Letter::Batch(batch) => self.deliver(&batch).await?,
                Letter::Own {
                    batch,
                    others,
                    outcomes,
                    left,
                } => {
                    self.deliver_own(&batch, others, outcomes).await?;
                    if left > 0 {
                        let what = "the answers to one push are too large together";
                        return Err(End::retry(ErrorCode::RateLimited, what, LARGE_ANSWERS));
                    }
                }
                Letter::NotMember { workspace, mutations } => {
                    let ready = self.ready()?;
                    ready.answered(mutations);
                    self.forbid(workspace).await?;
                }
                Letter::Failed => {
                    metrics::push_failed();
                    return Err(End::error(ErrorCode::Internal, "a push could not be stored"));
                }
                Letter::ReadOn(workspace) => self.read_from_here(workspace).await?,
                Letter::Rights(workspace) => self.look_at_rights(workspace).await?,
                Letter::SignedOut => return Err(End::error(ErrorCode::Unauthenticated, "signed out")),
            }
        }
        self.wire.flush().await?;
        if let Some(committed) = oldest {
            metrics::left_for_socket(committed);
        }
        Ok(())
    }

    async fn deliver(&mut self, batch: &Arc<Batch>) -> Result<(), End> {
        let workspace = batch.workspace();
        let Some(sent) = self.standing(workspace)? else {
            return Ok(());
        };
        match (step_of(sent, batch), batch.frame(self.wire.form())) {
            (Step::Skip, _) => Ok(()),
            (Step::Send, Some(frame)) => {
                self.wire.feed(("delta", Some(workspace)), frame).await?;
                self.trace(batch);
                self.moved(workspace, batch.end())
            }
            // A batch that is too large for a frame is read in parts, too.
            (Step::Send, None) | (Step::Read, _) => self.catch_up(from_here(workspace, sent)).await.map(drop),
        }
    }

    async fn deliver_own(
        &mut self,
        batch: &Arc<Batch>,
        others: Vec<Entity>,
        outcomes: Vec<Outcome>,
    ) -> Result<(), End> {
        let workspace = batch.workspace();
        let ready = self.ready()?;
        ready.answered(outcomes.len());
        tell_decisions(ready, batch, &outcomes);
        let Some(mut sent) = self.standing(workspace)? else {
            return Ok(());
        };
        let size =
            outcomes.iter().map(size_of).sum::<usize>() + others.iter().map(size_of_entity).sum::<usize>();
        let fits = size <= limits::FRAME_BYTES / 2;
        let step = step_of(sent, batch);
        if fits && step == Step::Send {
            let range = (batch.from(), batch.to(), batch.mark());
            let authors = batch.authors_of(&others);
            let delta = delta(
                workspace,
                sent.epoch,
                range,
                (others, authors),
                outcomes,
                batch.at(),
            );
            self.wire
                .feed_text(("delta", Some(workspace)), delta.to_frame())
                .await?;
            self.trace(batch);
            return self.moved(workspace, batch.end());
        }
        if step != Step::Skip {
            if !self.catch_up(from_here(workspace, sent)).await? {
                return Ok(());
            }
            sent = self.standing(workspace)?.unwrap_or(sent);
        }
        for part in cut(outcomes) {
            let range = (sent.revision, sent.revision, Mark(0));
            let delta = delta(workspace, sent.epoch, range, Default::default(), part, batch.at());
            self.wire
                .feed_text(("delta", Some(workspace)), delta.to_frame())
                .await?;
        }
        Ok(())
    }

    /// Tells those who follow its mutations that the batch has left for this session.
    fn trace(&self, batch: &Batch) {
        if let Some(traces) = batch.traces() {
            let at = (batch.workspace(), batch.to());
            trace::delivered(traces, self.id, at, batch.made());
        }
    }

    fn standing(&mut self, workspace: WorkspaceId) -> Result<Option<Point>, End> {
        match self.ready()?.subscriptions.get(&workspace) {
            Some(Subscription::Live(sent)) => Ok(Some(*sent)),
            Some(Subscription::Ended) | None => Ok(None),
        }
    }

    fn moved(&mut self, workspace: WorkspaceId, sent: Point) -> Result<(), End> {
        self.ready()?
            .subscriptions
            .insert(workspace, Subscription::Live(sent));
        Ok(())
    }

    async fn catch_up_all(&mut self) -> Result<(), End> {
        let workspaces: Vec<_> = self.ready()?.subscriptions.keys().copied().collect();
        for workspace in workspaces {
            self.read_from_here(workspace).await?;
        }
        Ok(())
    }

    async fn read_from_here(&mut self, workspace: WorkspaceId) -> Result<(), End> {
        match self.standing(workspace)? {
            Some(sent) => self.catch_up(from_here(workspace, sent)).await.map(drop),
            None => Ok(()),
        }
    }

    async fn look_at_rights(&mut self, workspace: WorkspaceId) -> Result<(), End> {
        if self.standing(workspace)?.is_none() {
            return Ok(());
        }
        let user = self.ready()?.user;
        match self.app.store.role(workspace, user).await {
            Ok(Some(_)) => Ok(()),
            Ok(None) => self.forbid(workspace).await,
            Err(error) => Err(self.internal(&error)),
        }
    }

    /// Waits for the session's turn and for the answers to its pushes, delivers them, and tells the replica when to connect
    /// again.
    pub(super) async fn drain(&mut self) -> End {
        let turn = Instant::now() + self.app.leaving.turn();
        while timeout_at(turn, self.mailbox.arrived()).await.is_ok() {
            if let Err(end) = self.take_letters().await {
                return end;
            }
        }
        let until = Instant::now() + LAST_ANSWERS;
        while matches!(&self.phase, Phase::Ready(ready) if ready.in_flight > 0) {
            if timeout_at(until, self.mailbox.arrived()).await.is_err() {
                break;
            }
            if let Err(end) = self.take_letters().await {
                return end;
            }
        }
        // The wait is random, so that not all replicas connect at the same moment.
        let wait = Duration::from_millis(500 + u64::from(crate::random::number()) % 4_500);
        End::retry(ErrorCode::Draining, "the server is going away", wait)
    }
}

/// Counts the decisions on conflicts that were stored just now.
fn tell_decisions(ready: &mut Ready, batch: &Batch, outcomes: &[Outcome]) {
    for outcome in outcomes {
        let decision = ready.decisions.remove(&outcome.seq);
        if let (Some(decision), Fate::Accepted { revision, .. }) = (decision, &outcome.fate)
            && *revision > batch.from()
        {
            decision.tell();
        }
    }
}

fn delta(
    workspace: WorkspaceId,
    epoch: Epoch,
    (from, to, mark): (Revision, Revision, Mark),
    (entities, authors): (Vec<Entity>, Vec<ChangedBy>),
    outcomes: Vec<Outcome>,
    at: Timestamp,
) -> Down {
    Down::Delta(Delta {
        workspace,
        epoch,
        from,
        to,
        entities,
        outcomes,
        at,
        mark,
        authors,
    })
}

/// What to do with a batch for a replica with this cursor. A batch of another history can only be read from the
/// store, which sends a snapshot.
fn step_of(sent: Point, batch: &Batch) -> Step {
    match sent.epoch == batch.epoch() {
        true => step(sent.revision, batch.from(), batch.to()),
        false => Step::Read,
    }
}

/// The data may be restored while a session is open, if several instances share a store. So the cursor goes with its
/// mark.
fn from_here(workspace: WorkspaceId, sent: Point) -> Subscribe {
    Subscribe {
        workspace,
        epoch: Some(sent.epoch),
        cursor: sent.revision,
        mark: sent.mark,
    }
}

/// Cuts outcomes into parts of about the size that the protocol names.
fn cut(outcomes: Vec<Outcome>) -> Vec<Vec<Outcome>> {
    let mut parts = vec![Vec::new()];
    let mut bytes = 0;
    for outcome in outcomes {
        let size = size_of(&outcome);
        if bytes > 0 && bytes + size > limits::PART_BYTES {
            parts.push(Vec::new());
            bytes = 0;
        }
        bytes += size;
        if let Some(part) = parts.last_mut() {
            part.push(outcome);
        }
    }
    parts
}

fn size_of(outcome: &Outcome) -> usize {
    match &outcome.fate {
        Fate::Accepted { current, .. } => 60 + current.as_ref().map_or(0, size_of_entity),
        Fate::Conflict { current, .. } => 200 + size_of_entity(current),
        Fate::Refused { message, .. } => 80 + message.len(),
    }
}

fn size_of_entity(entity: &Entity) -> usize {
    // The size is measured on the written text, which may be longer than the values in memory.
    100 + serde_json::to_string(&entity.fields).map_or(0, |text| text.len())
}
