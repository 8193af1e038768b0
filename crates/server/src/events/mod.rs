//! Live events: the way from something that happened to the sockets that should hear of it.
//!
//! ```text
//! source ─► event processor ─► subscription manager (by workspace) ─► mailboxes ─► sessions ─► sockets
//!                          └─► connection pool (by user) ───────────►
//! ```
//! Invariants: the thread that commits posts the batches of a workspace in the order of their revisions, right after
//! their commit. Posting never waits for a session. A session that cannot keep up loses batches, which it reads
//! from the store instead. It never loses the outcomes of its own mutations.
//!
//! | source | from |
//! |---|---|
//! | commits | the store of this process, by its own thread |
//! | `others` | the commits of other instances: hints of the bus, and a sweep ([`Feed`]) |
//! | `notices` | rights that changed and sign-ins that ended, on any instance ([`Feed`]) |
//! | external | anything else that implements [`Source`]; none ships yet |

mod batch;
mod connection_pool;
mod event;
mod event_processor;
mod feed;
mod joined;
mod mailbox;
mod notices;
mod others;
mod source;
mod subscription_manager;

pub use batch::Batch;
pub use connection_pool::{ConnectionPool, TooManyConnections};
pub use event::Event;
pub use event_processor::EventProcessor;
pub use feed::{Feed, FeedError, HEADS, NOTICES_KEPT, Notice, Noticed, Point, Reading, RoomHead};
pub use mailbox::{Letter, Mailbox, Room, Taken};
pub use notices::{EVERY as NOTICES_EVERY, OVERLAP as NOTICES_OVERLAP};
pub use others::{CALM, QUICK};
pub use source::{Running, Sink, Source, SourceName};
pub use subscription_manager::{LINGER, SubscriptionManager};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// No code of ours panics while it holds one of these locks. If it did, the maps would still be whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
