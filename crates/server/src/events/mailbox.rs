//! A session's mailbox, in which the writer leaves the news.
//!
//! ```text
//!            full              taken
//! InStep ───────────► Lagged ─────────► InStep
//! ```
//! A mailbox that is `Lagged` has lost batches, and its session reads them from the store. A letter that the store
//! cannot give again is never lost. The number of these letters is bounded by the mutations that a session may have
//! in flight.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::Notify;
use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{ReplicaId, SessionId, WorkspaceId};
use tsugi_sync::protocol::Outcome;

use super::Batch;

#[derive(Debug)]
pub enum Letter {
    /// Others have changed a workspace.
    Batch(Arc<Batch>),
    /// This session's own push was decided.
    Own {
        batch: Arc<Batch>,
        /// The cells of the batch that others wrote.
        others: Vec<Entity>,
        outcomes: Vec<Outcome>,
        /// How many mutations were not decided on, because the answers to the others were too large.
        left: usize,
    },
    /// A push to a workspace that the user has no right to.
    NotMember {
        workspace: WorkspaceId,
        mutations: usize,
    },
    /// A push could not be stored.
    Failed,
    /// A workspace has changed, and the session reads it from the store.
    ReadOn(WorkspaceId),
    /// The user's rights in a workspace have changed.
    Rights(WorkspaceId),
    /// The sign-in has ended.
    SignedOut,
}

#[derive(Debug)]
pub enum Taken {
    InStep(VecDeque<Letter>),
    /// Batches were lost; these letters were not.
    Lagged(VecDeque<Letter>),
}

/// How many changes of others a mailbox may hold.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub letters: usize,
    /// Batches are shared between mailboxes, but one slow reader keeps them all in memory.
    pub bytes: usize,
}

#[derive(Debug)]
pub struct Mailbox {
    session: SessionId,
    /// The replica of the session, once it is known.
    replica: OnceLock<ReplicaId>,
    room: Room,
    held: Mutex<Taken>,
    arrival: Notify,
}

impl Mailbox {
    pub fn new(session: SessionId, room: Room) -> Self {
        Self {
            session,
            replica: OnceLock::new(),
            room,
            held: Mutex::new(Taken::InStep(VecDeque::new())),
            arrival: Notify::new(),
        }
    }

    /// From now on it belongs to this replica.
    pub fn belongs_to(&self, replica: ReplicaId) {
        self.replica.get_or_init(|| replica);
    }

    pub fn replica(&self) -> Option<ReplicaId> {
        self.replica.get().copied()
    }

    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Puts a letter into the mailbox. It never waits.
    pub fn post(&self, letter: Letter) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *held {
            Taken::InStep(letters) if self.has_room(letters) => letters.push_back(letter),
            Taken::InStep(letters) => {
                let mut left = mem::take(letters);
                left.push_back(letter);
                left.retain(is_kept);
                *held = Taken::Lagged(left);
            }
            Taken::Lagged(letters) if is_kept(&letter) => letters.push_back(letter),
            Taken::Lagged(_) => {}
        }
        drop(held);
        self.arrival.notify_one();
    }

    fn has_room(&self, letters: &VecDeque<Letter>) -> bool {
        // The bytes are counted again each time, because there are few letters, and mostly none.
        let bytes: usize = letters.iter().map(bytes_of).sum();
        letters.len() < self.room.letters && bytes < self.room.bytes
    }

    /// Waits for a letter.
    pub async fn arrived(&self) {
        self.arrival.notified().await;
    }

    /// Takes everything out.
    pub fn take(&self) -> Taken {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        mem::replace(&mut *held, Taken::InStep(VecDeque::new()))
    }
}

/// Whether the letter holds something that the store cannot give again.
fn is_kept(letter: &Letter) -> bool {
    match letter {
        Letter::Batch(_) | Letter::ReadOn(_) => false,
        Letter::Own { .. }
        | Letter::NotMember { .. }
        | Letter::Failed
        | Letter::Rights(_)
        | Letter::SignedOut => true,
    }
}

fn bytes_of(letter: &Letter) -> usize {
    match letter {
        Letter::Batch(batch) | Letter::Own { batch, .. } => batch.bytes(),
        Letter::ReadOn(_)
        | Letter::NotMember { .. }
        | Letter::Failed
        | Letter::Rights(_)
        | Letter::SignedOut => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_sync::ids::{Epoch, Mark, Revision, Timestamp};
    use uuid::Uuid;

    const TWO: Room = Room {
        letters: 2,
        bytes: 1_000,
    };

    fn batch() -> Arc<Batch> {
        Arc::new(Batch::new(
            WorkspaceId(Uuid::nil()),
            Epoch(Uuid::nil()),
            (Revision(0), Revision(1), Mark(1)),
            Default::default(),
            Timestamp(0),
            100,
        ))
    }

    #[test]
    fn a_full_mailbox_loses_batches_and_keeps_outcomes() {
        let mailbox = Mailbox::new(SessionId(Uuid::nil()), TWO);
        mailbox.post(Letter::Own {
            batch: batch(),
            others: Vec::new(),
            outcomes: Vec::new(),
            left: 0,
        });
        mailbox.post(Letter::Batch(batch()));
        mailbox.post(Letter::Batch(batch()));
        mailbox.post(Letter::Batch(batch()));
        mailbox.post(Letter::SignedOut);
        let Taken::Lagged(left) = mailbox.take() else {
            panic!("it was full");
        };
        assert!(matches!(
            left.iter().collect::<Vec<_>>()[..],
            [Letter::Own { .. }, Letter::SignedOut]
        ));
        assert!(matches!(mailbox.take(), Taken::InStep(letters) if letters.is_empty()));
    }

    #[test]
    fn room_is_counted_in_bytes_too() {
        let few = Room {
            letters: 100,
            bytes: 150,
        };
        let mailbox = Mailbox::new(SessionId(Uuid::nil()), few);
        mailbox.post(Letter::Batch(batch()));
        mailbox.post(Letter::Batch(batch()));
        mailbox.post(Letter::Batch(batch()));
        assert!(matches!(mailbox.take(), Taken::Lagged(left) if left.is_empty()));
    }
}
