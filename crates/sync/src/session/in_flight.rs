//! The mutations that are on their way to the server and not answered yet.

use std::collections::BTreeSet;

use super::ANSWER_MS;
use crate::fault::{Fault, planted};
use crate::ids::{EntityId, MutationSeq, Timestamp};
use crate::limits;
use crate::mutation::PushedMutation;
use crate::protocol::{Fate, Outcome, RefusalCode};
use crate::replica::Replica;
use crate::sorted_map::SortedMap;

/// The mutations that the server has not answered yet. Only one per entity is on its way at a time, because the next
/// one has to be made on the answer.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    sent: SortedMap<MutationSeq, Sent>,
    /// Whether the server understands mutations that stand for several: it does from version 2 on.
    squashes: bool,
    /// The earliest time of the next push; none after a quiet time.
    pub(super) not_before: Option<Timestamp>,
}

#[derive(Debug)]
struct Sent {
    entity: EntityId,
    at: Timestamp,
    /// How many mutations of the outbox it stands for.
    covers: usize,
    /// It was answered, but in a delta after a gap.
    unheard: bool,
}

impl InFlight {
    pub(super) fn new(version: u32) -> Self {
        Self {
            squashes: version >= 2,
            ..Self::default()
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    /// How many mutations of the outbox are on their way.
    pub(super) fn covers(&self) -> usize {
        self.sent.values().map(|sent| sent.covers).sum()
    }

    /// An answer after a gap does not count yet.
    pub(super) fn answered(&mut self, seq: MutationSeq, gap: bool) {
        match self.sent.get_mut(&seq) {
            Some(sent) if gap => sent.unheard = true,
            Some(_) | None => {
                self.sent.remove(&seq);
            }
        }
    }

    /// Forgets the mutations that were answered after the gap, so that they are sent again. The server answers them
    /// with their receipts.
    pub(super) fn gap_filled(&mut self) {
        self.sent.retain(|_, sent| !sent.unheard);
    }

    /// When the answer to the oldest of them is due.
    pub(super) fn due(&self) -> Option<Timestamp> {
        let sent = self.sent.values().filter(|_| !planted(Fault::AnswerNeverDue));
        sent.map(|sent| sent.at.plus(ANSWER_MS)).min()
    }

    /// The next mutations to send: in order, within the limits, and none of an entity that has one on its way. And the
    /// answers to mutations that break a limit, which are refused here.
    pub(super) fn take_batch(
        &mut self,
        now: Timestamp,
        replica: &Replica,
    ) -> (Vec<PushedMutation>, Vec<Outcome>) {
        let mut busy: BTreeSet<EntityId> = self.sent.values().map(|sent| sent.entity).collect();
        let mut batch = Vec::new();
        let mut hopeless = Vec::new();
        let mut bytes = 0;
        for mutation in replica.outbox().values() {
            let room = batch.len() < limits::MUTATIONS_PER_PUSH && self.sent.len() < limits::IN_FLIGHT;
            if !room || bytes > limits::PUSH_BYTES {
                break;
            }
            if !busy.insert(mutation.entity) {
                continue;
            }
            let Some(next) = replica.next_intent(mutation.entity, self.squashes) else {
                continue;
            };
            let size = next.mutation.size();
            if !batch.is_empty() && bytes + size > limits::PUSH_BYTES {
                break;
            }
            let pushed = next.mutation.to_wire(next.since, next.seq);
            match pushed.validate() {
                Ok(()) => {
                    let sent = Sent {
                        entity: next.mutation.entity,
                        at: now,
                        covers: next.covers,
                        unheard: false,
                    };
                    self.sent.insert(next.seq, sent);
                    bytes += size;
                    batch.push(pushed);
                }
                Err(invalid) => hopeless.push(Outcome {
                    seq: next.seq,
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
