//! A change from device to device, as events of the target `tsugi_server::trace`.
//!
//! | event | fields |
//! |---|---|
//! | `pushed` | `trace`, `session`, `workspace`; in the span `push` |
//! | `committed` | `trace`, `workspace`, `fate`, and the revisions of its group, `(from, to]` |
//! | `delivered` | `trace`, `session`, `workspace`, `to`, and `microseconds` since the commit |
//!
//! Invariants: the id of a trace is a hash of the replica and of the mutation's number, so every device and every instance
//! finds it by itself, and nothing more crosses the wire. No event has contents.
//!
//! `main` switches the target off unless `TSUGI_LOG` names it.
//!
//! Left out: deliveries by another instance, and catch-ups. They read the store, which does not keep the numbers of the
//! mutations beside the changes; workspace and revision lead from `committed` to them.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use sha2::{Digest, Sha256};
use tracing::{Level, Span};
use tsugi_sync::ids::{MutationSeq, ReplicaId, Revision, SessionId, WorkspaceId};
use tsugi_sync::protocol::Fate;

/// The target of all these events.
pub const TARGET: &str = "tsugi_server::trace";

/// The id of one mutation's trace, as OpenTelemetry writes such ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceId(u128);

impl TraceId {
    /// The first half of SHA-256 over `tsugi trace 1`, the replica (16 bytes) and the number (8 bytes, the highest first).
    #[must_use]
    pub fn of(replica: ReplicaId, seq: MutationSeq) -> Self {
        let hash = Sha256::new()
            .chain_update(b"tsugi trace 1")
            .chain_update(replica.0.as_bytes())
            .chain_update(seq.0.to_be_bytes())
            .finalize();
        let half = hash.iter().take(16);
        Self(half.fold(0, |id, byte| id << 8 | u128::from(*byte)))
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Whether anybody listens.
pub(crate) fn is_on() -> bool {
    tracing::enabled!(target: TARGET, Level::INFO)
}

/// The span of a push, named by its first mutation.
pub(crate) fn push(
    (session, replica): (SessionId, ReplicaId),
    workspace: WorkspaceId,
    seqs: impl Iterator<Item = MutationSeq>,
) -> Span {
    if !is_on() {
        return Span::none();
    }
    let mut traces = seqs.map(|seq| TraceId::of(replica, seq)).peekable();
    let first = traces.peek().map(tracing::field::display);
    let span = tracing::info_span!(target: TARGET, "push", trace = first);
    span.in_scope(|| {
        for trace in traces {
            tracing::info!(target: TARGET, %trace, %session, %workspace, "pushed");
        }
    });
    span
}

pub(crate) fn committed(
    trace: TraceId,
    workspace: WorkspaceId,
    fate: &Fate,
    (from, to): (Revision, Revision),
) {
    let fate = match fate {
        Fate::Accepted { .. } => "accepted",
        Fate::Conflict { .. } => "conflict",
        Fate::Refused { .. } => "refused",
    };
    tracing::info!(target: TARGET, %trace, %workspace, fate, from = from.0, to = to.0, "committed");
}

/// The frame with these mutations' changes was given to the socket of a session.
pub(crate) fn delivered(
    traces: &Arc<[TraceId]>,
    session: SessionId,
    (workspace, to): (WorkspaceId, Revision),
    committed: Instant,
) {
    let microseconds = u64::try_from(committed.elapsed().as_micros()).unwrap_or(u64::MAX);
    for trace in traces.iter() {
        tracing::info!(target: TARGET, %trace, %session, %workspace, to = to.0, microseconds, "delivered");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_id_is_the_same_everywhere() {
        let replica = ReplicaId(Uuid::from_u128(1));
        let id = TraceId::of(replica, MutationSeq(2));
        // (printf 'tsugi trace 1'; printf '%032x%016x' 1 2 | xxd -r -p) | sha256sum
        assert_eq!(id.to_string(), "b4db7d2f936ddbc52844b3cc0b4172b2");
        assert_ne!(id, TraceId::of(replica, MutationSeq(3)));
    }
}
