//! The bus between the instances of one server: hints that a workspace has changed.
//!
//! Invariants: a hint has no content, so nothing is wrong if it is lost, late, doubled or forged: the store alone says
//! what has changed. Nothing here is ever waited for by a commit, a session or the answer to a monitor.
//!
//! | bus | for |
//! |---|---|
//! | [`InProcess`] | one process; and several without Redis, which then look into the store often |
//! | [`RedisBus`] | several, by one Redis or by a Redis Cluster |

pub mod channel;
mod hint;
mod in_process;
pub mod redis;

use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::watch;
use tsugi_sync::ids::WorkspaceId;

pub use hint::{Hint, HintError};
pub use in_process::InProcess;
pub use redis::RedisBus;

/// Whether hints arrive, as far as this instance can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Nothing carries hints.
    Absent,
    /// Hints may be lost.
    Unhealthy,
    /// What this instance sent to itself came back.
    Healthy,
}

/// What the bus tells. The calls come from the bus's own tasks, and must not wait.
pub trait Listener: Send + Sync {
    /// Another instance has changed a workspace, or this one did: a hint names its instance.
    fn hinted(&self, hint: Hint);
    /// Hints of this workspace may have been lost until now.
    fn look(&self, workspace: WorkspaceId);
    /// Hints of any workspace may have been lost until now.
    fn look_at_all(&self);
}

/// The work of a bus, until it is dropped.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

pub trait Bus: Send + Sync + std::fmt::Debug {
    /// From now on this instance wants the hints of a workspace. When they arrive, the listener is told to look.
    fn join(&self, workspace: WorkspaceId);
    /// It does not want them any more.
    fn leave(&self, workspace: WorkspaceId);
    /// Sends a hint. It never waits: a hint for which there is no room is dropped and counted.
    fn send(&self, hint: Hint);
    fn health(&self) -> watch::Receiver<Health>;
    /// Connects, and tells the listener what arrives. It is called once.
    fn run(self: Arc<Self>, listener: Arc<dyn Listener>) -> Running;
}
