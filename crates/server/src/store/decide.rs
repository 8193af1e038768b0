//! The decisions on the pushes of a group to one workspace: the core's sequencer over memory.
//!
//! Invariants: the rights that count are those at the moment of the transaction, not those at the subscription. A push
//! that cannot be decided on fails alone. Nothing is written here.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{EntityId, Epoch, Mark, Revision, Timestamp};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Author, Fate, Outcome};
use tsugi_sync::sequencer::{Right, Sequenced, Sequencer};
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::subscription::Head;

use super::StoreError;
use super::ledger::{MemoryLedger, Written};
use super::needs::Loaded;
use super::push::Push;
use super::writes::Writes;

/// Approximate bytes of answers to one push. Above this, no further mutation of the push is decided on.
const ANSWER_BYTES: usize = 2 * limits::FRAME_BYTES;

/// The outcome of one push.
pub(super) enum Pushed {
    Decided(Decided),
    /// The user is not a member of the workspace, or is not one any more.
    NotMember,
}

pub(super) struct Decided {
    pub(super) epoch: Epoch,
    pub(super) from: Revision,
    pub(super) to: Revision,
    /// The mark of the revision `to`.
    pub(super) mark: Mark,
    /// The cells that were written, by entity.
    pub(super) changed: SortedMap<EntityId, Entity>,
    /// The authors of the changes.
    pub(super) authors: Vec<(Revision, Author)>,
    pub(super) outcomes: Vec<Outcome>,
    /// How many mutations had taken effect before this push.
    pub(super) already_applied: u64,
    /// How many of the mutations stood for several.
    pub(super) squashed: u64,
}

/// The outcomes of all pushes, in their order, and what they write together.
pub(super) struct Decisions {
    pub(super) pushed: Vec<Result<Pushed, StoreError>>,
    pub(super) writes: Writes,
    /// The entities that were written, as they are then.
    pub(super) entities: BTreeMap<EntityId, Arc<Entity>>,
}

/// What is decided on, and by which limits.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) now: Timestamp,
    pub(super) entities_per_workspace: u64,
}

/// Decides on all pushes of a group to one workspace, in order.
///
/// # Errors
/// The revisions of which the database has to be asked first. Then the same call is made again.
pub(super) fn decide(
    pushes: &[Push],
    loaded: &Loaded,
    terms: Terms,
) -> Result<Decisions, BTreeSet<Revision>> {
    let mut failed = BTreeMap::new();
    loop {
        match decide_but(pushes, loaded, terms, &failed) {
            Attempt::Done(done) => return with_failures(done, failed),
            // The others are decided on again, as if it had not been there.
            Attempt::Failed(push, error) => drop(failed.insert(push, error)),
        }
    }
}

/// The outcomes of the pushes that did not fail, and what they write.
type Done = Result<(Vec<Option<Pushed>>, Written), BTreeSet<Revision>>;

enum Attempt {
    Done(Done),
    Failed(usize, StoreError),
}

fn with_failures(
    done: Done,
    mut failed: BTreeMap<usize, StoreError>,
) -> Result<Decisions, BTreeSet<Revision>> {
    let (pushed, (writes, entities)) = done?;
    let outcome = |(number, pushed): (usize, Option<Pushed>)| {
        pushed.ok_or_else(|| failed.remove(&number).unwrap_or(StoreError::NotCommitted))
    };
    Ok(Decisions {
        pushed: pushed.into_iter().enumerate().map(outcome).collect(),
        writes,
        entities,
    })
}

fn decide_but(
    pushes: &[Push],
    loaded: &Loaded,
    terms: Terms,
    failed: &BTreeMap<usize, StoreError>,
) -> Attempt {
    let Some(first) = pushes.first() else {
        return Attempt::Done(Ok((Vec::new(), Written::default())));
    };
    let mut ledger = MemoryLedger::new(loaded, terms.entities_per_workspace, first);
    let mut head = loaded.head;
    let mut all = Vec::with_capacity(pushes.len());
    for (number, push) in pushes.iter().enumerate() {
        if failed.contains_key(&number) {
            all.push(None);
            continue;
        }
        ledger.turn_to(push);
        let decided = catch_unwind(AssertUnwindSafe(|| {
            decide_one(&mut ledger, push, (loaded, head), terms.now)
        }));
        match decided.unwrap_or_else(|panic| Err(panicked(panic.as_ref()))) {
            Ok(pushed) => {
                if let Pushed::Decided(decided) = &pushed {
                    (head.revision, head.mark) = (decided.to, decided.mark);
                }
                all.push(Some(pushed));
            }
            Err(error) => return Attempt::Failed(number, error),
        }
    }
    Attempt::Done(ledger.finish().map(|written| (all, written)))
}

fn decide_one(
    ledger: &mut MemoryLedger<'_>,
    push: &Push,
    (loaded, head): (&Loaded, Head),
    now: Timestamp,
) -> Result<Pushed, StoreError> {
    let right = match loaded.roles.get(&push.user) {
        None => return Ok(Pushed::NotMember),
        Some(role) if role.may_write() => Right::Write,
        Some(_) => Right::Read,
    };
    let mut sequencer = Sequencer::new(ledger, (push.replica, right), head, now);
    let mut outcomes = Vec::with_capacity(push.mutations.len());
    let mut bytes = 0;
    for mutation in &push.mutations {
        // A small push may need large answers. The replica sends the mutations that are left over again, as it does
        // when answers are lost.
        if bytes > ANSWER_BYTES {
            break;
        }
        let fate = sequencer.decide(mutation)?;
        bytes += size_of(&fate);
        outcomes.push(Outcome {
            seq: mutation.seq,
            fate,
        });
    }
    let Sequenced {
        head: to,
        mark,
        changed,
    } = sequencer.finish();
    let before = |outcome: &&Outcome| matches!(outcome.fate, Fate::Accepted { revision, .. } if revision <= head.revision);
    let squashed = push.mutations.iter().filter(|mutation| mutation.since.is_some());
    Ok(Pushed::Decided(Decided {
        already_applied: outcomes.iter().filter(before).count() as u64,
        squashed: squashed.count() as u64,
        epoch: head.epoch,
        from: head.revision,
        to,
        mark,
        changed,
        authors: ledger.authors_after(head.revision),
        outcomes,
    }))
}

fn size_of(fate: &Fate) -> usize {
    let entity = |entity: &Entity| {
        entity
            .fields
            .values()
            .map(|cell| 20 + cell.0.size())
            .sum::<usize>()
    };
    match fate {
        Fate::Accepted { current, .. } => current.as_ref().map_or(0, entity),
        Fate::Conflict { current, .. } => entity(current),
        Fate::Refused { message, .. } => message.len(),
    }
}

/// The error of work that panicked, which is a bug and must not end the writer.
pub(super) fn panicked(panic: &(dyn Any + Send)) -> StoreError {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(
        panic = text.unwrap_or("no message"),
        "a write panicked; it is a bug"
    );
    StoreError::NotCommitted
}
