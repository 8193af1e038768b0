//! The words of the session: its inputs, its outputs, and its waits.

use super::Transport;
use crate::ids::Timestamp;
use crate::log::Entry;
use crate::protocol::{Delta, Down, FrameError, Snapshot, Token, Up};
use crate::replica::Replica;
use crate::vector::VersionVector;

/// Milliseconds that getting a token and opening a connection may take.
pub const CONNECT_MS: u64 = 10_000;
/// Milliseconds that the server may take for its `welcome`.
pub const HANDSHAKE_MS: u64 = 10_000;
/// Milliseconds of silence that end a catch-up.
pub const CATCH_UP_MS: u64 = 30_000;
/// Milliseconds of silence from the server after which it is asked whether it is there.
pub const PING_AFTER_MS: u64 = 12_000;
/// Milliseconds that the server then has to answer. Both waits together find a half-open connection in less than 20 s.
pub const PONG_MS: u64 = 6_000;
/// Milliseconds between two pushes: ten a second, the first at once.
pub const PUSH_INTERVAL_MS: u64 = 100;
/// Milliseconds that filling a gap may take before the session asks again.
pub const PULL_MS: u64 = 5_000;
/// Milliseconds the server may take to answer a mutation. A server that forgot one is asked again by reconnecting.
pub const ANSWER_MS: u64 = 30_000;
/// Milliseconds a session has to last before the next loss counts as the first.
pub const STEADY_MS: u64 = 5_000;
/// Milliseconds of the first back-off, doubled each time up to the longest. The wait is a random part of it.
pub const BACKOFF_FIRST_MS: u64 = 500;
pub const BACKOFF_LONGEST_MS: u64 = 30_000;
/// The shortest time between two attempts in milliseconds, also after a probe.
pub const BACKOFF_LEAST_MS: u64 = 100;
/// Milliseconds before its end at which a token is renewed.
pub const RENEW_BEFORE_MS: u64 = 60_000;

/// Why nothing is sent until somebody does something about it. The outbox waits: a pause never empties it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// The person chose to work offline.
    ByUser,
    /// The account's session has ended: sign in again.
    SignedOut,
    /// The server no longer speaks this build's protocol: update the app.
    UpdateNeeded,
    /// The account has no right to this workspace.
    Forbidden,
}

/// An event from outside.
#[derive(Clone, Debug)]
pub enum Input {
    /// This tab should hold the connection.
    Start,
    /// This tab should no longer hold it.
    Stop,
    Pause(Pause),
    /// The pause is over.
    Resume,
    /// The answer to `Authenticate`.
    Token(Result<Token, TokenError>),
    Opened,
    Frame(Result<Down, FrameError>),
    Closed,
    /// The time of the last `WakeAt` has come.
    Timer,
    /// The device woke, the window got the focus, or the system says that the network is back. The session finds out
    /// at once.
    Probe,
    /// A mutation was added to the outbox.
    Edited,
    /// A `Persist` is durable, and folded into the replica.
    Persisted,
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// The server said no: the account's session has ended.
    SignedOut,
    /// The server could not be reached, or was too busy.
    Unreachable,
}

/// An action for the caller.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Get a new access token, because the last one was rejected or is about to end.
    Authenticate,
    Open(Transport),
    Transmit(Up),
    Close,
    Persist(Received),
    /// Send `Timer` at this time. This replaces any earlier `WakeAt`.
    WakeAt(Timestamp),
    /// [`Session::phase`](super::Session::phase) has changed.
    Notify,
}

/// Messages of the server that change the replica.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    Delta(Delta),
    /// All parts of a snapshot.
    Snapshot(Vec<Snapshot>),
    /// The mutations of each replica that the server has, as far as they are news.
    Vector(VersionVector),
}

impl Received {
    /// The rows that the log must hold once this is taken in. They are right only while the replica stands at
    /// [`Replica::position`], see [`Replica::receive`].
    #[must_use]
    pub fn entries(self, replica: &Replica, device: &str) -> Vec<Entry> {
        match self {
            Self::Delta(delta) => replica.receive(delta, device),
            Self::Snapshot(parts) => replica.bootstrap(parts),
            Self::Vector(vector) => vec![Entry::Learned { vector }],
        }
    }
}

/// The state as one word, for the sync status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Offline,
    Connecting,
    CatchingUp,
    Live,
    /// Waiting to try again, at this time.
    Backoff(Timestamp),
    Paused(Pause),
}
