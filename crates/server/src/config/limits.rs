//! Limits and deadlines. The protocol's own are in `tsugi_sync::limits`.

use std::time::Duration;

use super::{RETENTION_DAYS, days};
use crate::rate::Rate;

#[derive(Clone, Debug)]
pub struct Limits {
    /// Open at once, if the operating system lets the process have as many files.
    pub connections: usize,
    /// Connections of one address; 0 means no limit. Many people may share one address.
    pub connections_per_address: usize,
    pub header_deadline: Duration,
    /// The time for a TLS handshake.
    pub handshake_deadline: Duration,
    /// For how long a handshake counts among those that go on at once.
    pub handshake_turn: Duration,
    /// TLS handshakes at once.
    pub handshakes: usize,
    /// How often the files of the certificate are looked at.
    pub certificate_every: Duration,
    pub request_deadline: Duration,
    /// The time from the upgrade to a finished hello. It begins with the upgrade, because a proxy may upgrade a
    /// connection that it has kept for long.
    pub hello_deadline: Duration,
    pub idle_timeout: Duration,
    pub ping_every: Duration,
    /// The time for one frame to leave.
    pub write_deadline: Duration,
    /// The time within which an HTTP response has to move on by at least a byte. It is longer than that of a frame,
    /// because the frame's deadline gives the better error.
    pub stall_deadline: Duration,
    /// The time for the other side to read that the socket is closed, and why.
    pub farewell: Duration,
    /// The time after the signal to shut down in which the server says that it is not ready, and still takes connections.
    pub drain_notice: Duration,
    /// How many sessions a second are told to come back elsewhere, so that the others are not stormed. 0: all at once.
    pub drain_rate: u32,
    /// The longest time in which they are told, however many there are.
    pub drain_spread: Duration,
    /// The time for everything to end after that notice.
    pub drain_deadline: Duration,
    /// How many letters may wait for a session before it has to read from the store.
    pub mailbox_letters: usize,
    /// How many bytes of changes may wait for it.
    pub mailbox_bytes: usize,
    pub connections_per_user: usize,
    /// Messages of one session.
    pub messages: Rate,
    /// Work for one account, in all its sessions: see `shares`.
    pub work: Rate,
    /// Wrong passwords for one account, from all devices together that the account does not know.
    pub sign_ins: Rate,
    /// Wrong passwords for one account, from one device that the account knows.
    pub sign_ins_per_device: Rate,
    /// Wrong passwords from one address, whatever the account.
    pub sign_ins_per_address: Rate,
    /// Refresh tokens from one address that do not exist.
    pub unknown_tokens: Rate,
    /// New accounts from one address. From this machine's own, twenty times as many.
    pub accounts: Rate,
    /// Keys that each limiter of rates remembers.
    pub rate_keys: usize,
    pub access_lifetime: Duration,
    /// How long one key signs access tokens. Longer than a token lasts.
    pub key_period: Duration,
    pub refresh_lifetime: Duration,
    pub refresh_grace: Duration,
    /// How many passwords are hashed at once.
    pub hashing: usize,
    /// How many passwords may wait to be hashed.
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
    /// The pause between two steps of a sweep, so that pushes are not held up.
    pub sweep_pause: Duration,
    /// How long a session that begins may wait for the database before it is told to come back later.
    pub arrival_patience: Duration,
    /// The same for its first catch-up, which may be large.
    pub catch_up_patience: Duration,
    /// Requests of polling sessions that may be with other instances at once. Below the connections of one address there.
    pub forwards: usize,
    /// Bytes of snapshots and deltas waiting to be sent, in all sessions together.
    pub catch_up_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            connections: 20_000,
            connections_per_address: 1_000,
            header_deadline: Duration::from_secs(10),
            handshake_deadline: Duration::from_secs(10),
            handshake_turn: Duration::from_secs(2),
            handshakes: 256,
            certificate_every: Duration::from_secs(60),
            request_deadline: Duration::from_secs(20),
            hello_deadline: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(45),
            ping_every: Duration::from_secs(20),
            write_deadline: Duration::from_secs(10),
            stall_deadline: Duration::from_secs(20),
            farewell: Duration::from_secs(1),
            drain_notice: Duration::ZERO,
            drain_rate: 500,
            drain_spread: Duration::from_secs(4),
            drain_deadline: Duration::from_secs(8),
            mailbox_letters: 256,
            mailbox_bytes: 2 * 1024 * 1024,
            connections_per_user: 30,
            messages: Rate {
                burst: 200,
                every: Duration::from_millis(20),
            },
            work: Rate {
                burst: 8 * 1024,
                every: Duration::from_micros(125),
            },
            sign_ins: Rate {
                burst: 10,
                every: Duration::from_secs(30),
            },
            sign_ins_per_device: Rate {
                burst: 10,
                every: Duration::from_secs(30),
            },
            sign_ins_per_address: Rate {
                burst: 60,
                every: Duration::from_secs(1),
            },
            unknown_tokens: Rate {
                burst: 60,
                every: Duration::from_secs(1),
            },
            accounts: Rate {
                burst: 10,
                every: Duration::from_secs(60),
            },
            rate_keys: 50_000,
            access_lifetime: Duration::from_secs(10 * 60),
            key_period: days(30),
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
            arrival_patience: Duration::from_secs(3),
            catch_up_patience: Duration::from_secs(10),
            forwards: 400,
            catch_up_bytes: 256 * 1024 * 1024,
        }
    }
}
