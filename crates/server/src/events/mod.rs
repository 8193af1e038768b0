//! Live events: the way from something that happened to the sockets that should hear of it.
//!
//! ```text
//! source ─► event processor ─► subscription manager (by workspace) ─► mailboxes ─► sessions ─► sockets
//!                          └─► connection pool (by user) ───────────►
//! ```
//! Invariants: the thread that commits posts the batches of a workspace in the order of their revisions, right after
//! their commit. Posting never waits for a session. A session that cannot keep up loses batches, which it reads
//! from the store instead. It never loses the outcomes of its own mutations.

mod batch;
mod connection_pool;
mod event;
mod event_processor;
mod mailbox;
mod source;
mod subscription_manager;

pub use batch::Batch;
pub use connection_pool::{ConnectionPool, TooManyConnections};
pub use event::Event;
pub use event_processor::EventProcessor;
pub use mailbox::{Letter, Mailbox, Room, Taken};
pub use source::{Running, Sink, Source, SourceName};
pub use subscription_manager::SubscriptionManager;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// No code of ours panics while it holds one of these locks. If it did, the maps would still be whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
