//! What is on its way to the server and not answered yet.

use std::collections::{BTreeMap, BTreeSet};

use super::ANSWER_MS;
use crate::ids::{EntityId, MutationSeq, Timestamp};
use crate::limits;
use crate::mutation::PushedMutation;
use crate::protocol::{Fate, Outcome, RefusalCode};
use crate::replica::Replica;

/// What the server has not answered yet. One mutation per entity at a time: the next of the same entity is made on
/// the answer.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    pub(super) sent: BTreeMap<MutationSeq, (EntityId, Timestamp)>,
    /// The next push is not before this; none after a quiet time.
    pub(super) not_before: Option<Timestamp>,
}

impl InFlight {
    /// When the oldest of them should have been answered.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.sent.values().map(|(_, at)| at.plus(ANSWER_MS)).min()
    }

    /// The next mutations to send: in order, bounded, and none of an entity that has one under way.
    /// Apart from them, those that break a limit, refused here.
    pub(super) fn take_batch(
        &mut self,
        now: Timestamp,
        replica: &Replica,
    ) -> (Vec<PushedMutation>, Vec<Outcome>) {
        let mut busy: BTreeSet<EntityId> = self.sent.values().map(|(entity, _)| *entity).collect();
        let mut batch = Vec::new();
        let mut hopeless = Vec::new();
        let mut bytes = 0;
        for (seq, mutation) in replica.outbox() {
            let room = batch.len() < limits::MUTATIONS_PER_PUSH && self.sent.len() < limits::IN_FLIGHT;
            if !room || (!batch.is_empty() && bytes + mutation.size() > limits::PUSH_BYTES) {
                break;
            }
            if !busy.insert(mutation.entity) {
                continue;
            }
            let pushed = mutation.to_wire(*seq, *seq);
            match pushed.validate() {
                Ok(()) => {
                    self.sent.insert(*seq, (mutation.entity, now));
                    bytes += mutation.size();
                    batch.push(pushed);
                }
                Err(invalid) => hopeless.push(Outcome {
                    seq: *seq,
                    fate: Fate::Refused {
                        code: RefusalCode::Invalid,
                        message: invalid.to_string(),
                    },
                }),
            }
        }
        (batch, hopeless)
    }
}
