//! What one session is told of a workspace: the server's side of the cursor. These are pure decisions. The caller
//! reads and sends.
//!
//! Invariants: a frame goes out only if the replica's cursor lies in its range, so that no gap is ever hidden. A
//! cursor that belongs to another history, or lies in the future or before the horizon, is answered with a snapshot.

use crate::fault::{Fault, planted};
use crate::ids::{Epoch, Mark, Revision};
use crate::protocol::Subscribe;

/// The state of a workspace's history on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub epoch: Epoch,
    pub revision: Revision,
    pub mark: Mark,
    /// Tombstones and receipts up to this revision may be deleted already, because they are not kept for ever.
    pub horizon: Revision,
}

/// How a subscription begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// The replica has everything.
    Nothing,
    /// Deltas from its cursor on.
    Delta,
    /// The whole state.
    Snapshot,
}

/// How the subscription begins, as far as the cursor alone decides it. `Err` holds the revision whose mark the caller
/// has to read and hand to [`opening_at`].
///
/// # Errors
/// This is not an error: it is the revision whose mark decides.
pub fn opening(subscribe: &Subscribe, head: &Head) -> Result<Opening, Revision> {
    let cursor = subscribe.cursor;
    if subscribe.epoch != Some(head.epoch) || cursor > head.revision || cursor < head.horizon {
        return Ok(Opening::Snapshot);
    }
    if cursor == head.revision {
        return Ok(opening_at(subscribe, head, Some(head.mark)));
    }
    if subscribe.mark == Mark(0) {
        // A replica of version 1, or a cursor at the very beginning: there is no mark to compare.
        return Ok(Opening::Delta);
    }
    Err(cursor)
}

/// The same, given the mark that this history has at the cursor; none if it is not known any more.
#[must_use]
pub fn opening_at(subscribe: &Subscribe, head: &Head, mark: Option<Mark>) -> Opening {
    let same = subscribe.mark == Mark(0) || mark == Some(subscribe.mark) || planted(Fault::MarkNotCompared);
    match same {
        false => Opening::Snapshot,
        true if subscribe.cursor == head.revision => Opening::Nothing,
        true => Opening::Delta,
    }
}

/// The treatment of a batch of changes `(from, to]`, for a session that has been sent everything up to `sent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The session knows all of it.
    Skip,
    /// The batch follows on what the session knows: send it.
    Send,
    /// There is a gap before the batch: read from the store everything after `sent`.
    Read,
}

#[must_use]
pub fn step(sent: Revision, from: Revision, to: Revision) -> Step {
    if from <= sent && sent < to {
        Step::Send
    } else if to <= sent {
        Step::Skip
    } else {
        Step::Read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::WorkspaceId;
    use uuid::Uuid;

    const EPOCH: Epoch = Epoch(Uuid::from_u128(1));
    const HEAD: Head = Head {
        epoch: EPOCH,
        revision: Revision(10),
        mark: Mark(77),
        horizon: Revision(3),
    };

    fn at(epoch: Option<Epoch>, cursor: u64, mark: u64) -> Subscribe {
        Subscribe {
            workspace: WorkspaceId(Uuid::nil()),
            epoch,
            cursor: Revision(cursor),
            mark: Mark(mark),
        }
    }

    #[test]
    fn how_a_subscription_begins() {
        let other = Some(Epoch(Uuid::from_u128(2)));
        let rows = [
            ("nothing yet", at(None, 0, 0), Ok(Opening::Snapshot)),
            ("another epoch", at(other, 5, 55), Ok(Opening::Snapshot)),
            ("from the future", at(Some(EPOCH), 11, 5), Ok(Opening::Snapshot)),
            ("before the horizon", at(Some(EPOCH), 2, 5), Ok(Opening::Snapshot)),
            ("at the head", at(Some(EPOCH), 10, 77), Ok(Opening::Nothing)),
            ("at another head", at(Some(EPOCH), 10, 78), Ok(Opening::Snapshot)),
            ("version 1", at(Some(EPOCH), 5, 0), Ok(Opening::Delta)),
            (
                "version 1 at the head",
                at(Some(EPOCH), 10, 0),
                Ok(Opening::Nothing),
            ),
            ("behind", at(Some(EPOCH), 5, 55), Err(Revision(5))),
        ];
        for (name, subscribe, expected) in rows {
            assert_eq!(opening(&subscribe, &HEAD), expected, "{name}");
        }
        let behind = at(Some(EPOCH), 5, 55);
        assert_eq!(opening_at(&behind, &HEAD, Some(Mark(55))), Opening::Delta);
        assert_eq!(opening_at(&behind, &HEAD, Some(Mark(56))), Opening::Snapshot);
        assert_eq!(opening_at(&behind, &HEAD, None), Opening::Snapshot);
    }

    /// All combinations of a small space.
    #[test]
    fn a_batch_is_sent_only_where_it_continues() {
        for sent in 0..6 {
            for from in 0..5 {
                for to in from + 1..6 {
                    let expected = match (sent >= to, sent >= from) {
                        (true, _) => Step::Skip,
                        (false, true) => Step::Send,
                        (false, false) => Step::Read,
                    };
                    let found = step(Revision(sent), Revision(from), Revision(to));
                    assert_eq!(found, expected, "{sent} of ({from}, {to}]");
                }
            }
        }
    }
}
