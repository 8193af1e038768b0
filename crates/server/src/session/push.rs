//! `push`: mutations on their way to the writer.

use std::sync::Arc;
use std::time::Instant;

use tracing::Instrument;
use tsugi_sync::protocol::{self, ErrorCode};

use super::{End, Session, Subscription};
use crate::metrics::{self, Decision};
use crate::store::Push;
use crate::trace;

impl Session {
    pub(super) async fn push(&mut self, push: protocol::Push, bytes: usize) -> Result<(), End> {
        let origin = Arc::clone(&self.mailbox);
        let session = self.id;
        let ready = self.ready()?;
        match ready.subscriptions.get(&push.workspace) {
            Some(Subscription::Live(_)) => {}
            Some(Subscription::Ended) => return self.forbid(push.workspace).await,
            None => return Err(End::error(ErrorCode::OutOfOrder, "push without subscribe")),
        }
        if push.mutations.is_empty() {
            return Ok(());
        }
        ready.in_flight += push.mutations.len();
        metrics::given_to_writer(push.mutations.len());
        for mutation in &push.mutations {
            if let Some(decision) = Decision::read(mutation) {
                ready.decisions.insert(mutation.seq, decision);
            }
        }
        let seqs = push.mutations.iter().map(|mutation| mutation.seq);
        let span = trace::push((session, ready.replica), push.workspace, seqs);
        let push = Push {
            origin,
            user: ready.user,
            replica: ready.replica,
            device: Arc::clone(&ready.device),
            workspace: push.workspace,
            mutations: push.mutations,
            bytes,
            received: Instant::now(),
            room: None,
        };
        match self.app.store.push(push).instrument(span).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.internal(&error)),
        }
    }
}
