//! What a server is told: where it keeps its data, whom it lets in, and every limit it holds people to.

mod sources;

use std::path::PathBuf;
use std::time::Duration;

pub use sources::{HELP, Invocation, UsageError, invocation};

use crate::origin::Origin;
use crate::rate::Rate;
use crate::secret::Secret;

/// Bytes of one entity's fields, as JSON: what keeps every entity within one frame.
pub const ENTITY_BYTES: usize = 256 * 1024;

/// Days for which the protocol promises that a mutation sent again is known again, and that a deletion is told.
pub const RETENTION_DAYS: u32 = 180;

#[derive(Clone, Debug)]
pub struct Config {
    /// Where the database and, unless one is given, the secret are kept.
    pub data: PathBuf,
    /// What is served beside the API: the browser client.
    pub static_dir: Option<PathBuf>,
    /// Origins besides the server's own that may use the API from a browser.
    pub allow_origins: Vec<Origin>,
    /// What tokens are signed with; none: the one kept in the data directory, made when there is none.
    pub secret: Option<Secret>,
    pub limits: Limits,
}

impl Config {
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            static_dir: None,
            allow_origins: Vec::new(),
            secret: None,
            limits: Limits::default(),
        }
    }
}

fn days(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 24 * 60 * 60)
}

/// Limits and deadlines. The protocol's own are in `tsugi_sync::limits`.
#[derive(Clone, Debug)]
pub struct Limits {
    pub connections: usize,
    pub header_deadline: Duration,
    pub request_deadline: Duration,
    /// From the upgrade to a finished hello: a proxy may upgrade a connection that it has kept for long.
    pub hello_deadline: Duration,
    pub idle_timeout: Duration,
    pub ping_every: Duration,
    /// For one frame to leave.
    pub write_deadline: Duration,
    /// For an HTTP response to get on, if only by a byte: longer than a frame's, which says more of what is wrong.
    pub stall_deadline: Duration,
    /// For a socket to hear that it is closed, and why.
    pub farewell: Duration,
    /// For everything to end after the signal to.
    pub drain_deadline: Duration,
    /// Letters a session may have waiting before it has to read from the store.
    pub mailbox_letters: usize,
    /// And how many bytes of changes.
    pub mailbox_bytes: usize,
    pub connections_per_user: usize,
    pub messages: Rate,
    pub sign_ins: Rate,
    /// Sign-ins of one address, whatever the account.
    pub sign_ins_per_address: Rate,
    pub accounts: Rate,
    /// Keys that each limiter of rates remembers.
    pub rate_keys: usize,
    pub access_lifetime: Duration,
    pub refresh_lifetime: Duration,
    pub refresh_grace: Duration,
    /// Passwords hashed at once; and how many may wait for their turn.
    pub hashing: usize,
    pub hashing_queue: usize,
    pub readers: usize,
    pub writer_queue: usize,
    /// Bytes of pushes waiting for the writer, of all sessions together.
    pub writer_queue_bytes: usize,
    pub group_commands: usize,
    pub group_bytes: usize,
    pub entities_per_workspace: u64,
    /// How long receipts and tombstones are kept. Below [`RETENTION_DAYS`] only in tests.
    pub retention: Duration,
    pub sweep_every: Duration,
    /// Between two steps of a sweep, so that those who write come first.
    pub sweep_pause: Duration,
    /// Bytes of snapshots and deltas waiting to be sent, in all sessions together.
    pub catch_up_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            connections: 20_000,
            header_deadline: Duration::from_secs(10),
            request_deadline: Duration::from_secs(20),
            hello_deadline: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(45),
            ping_every: Duration::from_secs(20),
            write_deadline: Duration::from_secs(10),
            stall_deadline: Duration::from_secs(20),
            farewell: Duration::from_secs(1),
            drain_deadline: Duration::from_secs(8),
            mailbox_letters: 256,
            mailbox_bytes: 2 * 1024 * 1024,
            connections_per_user: 30,
            messages: Rate {
                burst: 200,
                every: Duration::from_millis(20),
            },
            sign_ins: Rate {
                burst: 10,
                every: Duration::from_secs(10),
            },
            sign_ins_per_address: Rate {
                burst: 60,
                every: Duration::from_secs(1),
            },
            accounts: Rate {
                burst: 10,
                every: Duration::from_secs(60),
            },
            rate_keys: 50_000,
            access_lifetime: Duration::from_secs(10 * 60),
            refresh_lifetime: Duration::from_secs(60 * 24 * 60 * 60),
            refresh_grace: Duration::from_secs(30),
            hashing: cores,
            hashing_queue: 64,
            readers: cores.clamp(2, 4),
            writer_queue: 1_024,
            writer_queue_bytes: 64 * 1024 * 1024,
            group_commands: 256,
            group_bytes: 2 * 1024 * 1024,
            entities_per_workspace: 500_000,
            retention: days(RETENTION_DAYS),
            sweep_every: Duration::from_secs(60 * 60),
            sweep_pause: Duration::from_millis(20),
            catch_up_bytes: 256 * 1024 * 1024,
        }
    }
}
