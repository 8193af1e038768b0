//! The access log: every connection, every HTTP request, every session and every message, as events of the target
//! `tsugi_server::access`.
//!
//! | event | fields |
//! |---|---|
//! | `connection opened`, `connection closed` | `connection` (a number), `address`; at the end `why`, `milliseconds`, `bytes_in`, `bytes_out`, `requests`, `messages_in`, `messages_out` |
//! | `request` | `connection`, `address`, `method`, `route`, `status`, `code`, `bytes_in`, `bytes_out`, `microseconds` |
//! | `session begun`, `session ended` | `session`, `connection`, `user`, `replica`; at the end `code`, `milliseconds`, and messages and bytes of both directions |
//! | `message` | `session`, `user`, `direction` (`up` or `down`), `kind`, `workspace`, `bytes`; for `up` also `code` and `microseconds` |
//!
//! Invariants: no field holds text that somebody typed, a token, a cookie or a path; a person is an id; an address is its
//! network, unless the person who runs the server asks for more. A path shows only as the route that it matched.
//!
//! `main` switches the target off unless `--access-log` is set. An event that is off costs a comparison.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tsugi_sync::ids::{ReplicaId, SessionId, UserId, WorkspaceId};

/// The target of all these events.
pub const TARGET: &str = "tsugi_server::access";

/// An address as the log shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) address: IpAddr,
    pub(crate) is_whole: bool,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_whole, self.address.to_canonical()) {
            (true, address) => address.fmt(f),
            (false, IpAddr::V4(address)) => {
                let network = Ipv4Addr::from_bits(address.to_bits() >> 8 << 8);
                write!(f, "{network}/24")
            }
            (false, IpAddr::V6(address)) => {
                let network = Ipv6Addr::from_bits(address.to_bits() >> 80 << 80);
                write!(f, "{network}/48")
            }
        }
    }
}

/// Counts both ways.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) bytes_in: AtomicU64,
    pub(crate) bytes_out: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) messages_in: AtomicU64,
    pub(crate) messages_out: AtomicU64,
}

impl Traffic {
    /// Adds the messages of a session.
    pub(crate) fn take_messages(&self, session: &Self) {
        self.messages_in
            .fetch_add(read(&session.messages_in), Ordering::Relaxed);
        self.messages_out
            .fetch_add(read(&session.messages_out), Ordering::Relaxed);
    }
}

pub(crate) fn add(counter: &AtomicU64, count: usize) {
    counter.fetch_add(count as u64, Ordering::Relaxed);
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

pub(crate) fn opened(connection: u64, address: Shown, tls: bool) {
    tracing::info!(target: TARGET, connection, %address, tls, "connection opened");
}

pub(crate) fn closed(connection: u64, address: Shown, why: &str, began: Instant, traffic: &Traffic) {
    tracing::info!(
        target: TARGET,
        connection,
        %address,
        why,
        milliseconds = milliseconds(began.elapsed()),
        bytes_in = read(&traffic.bytes_in),
        bytes_out = read(&traffic.bytes_out),
        requests = read(&traffic.requests),
        messages_in = read(&traffic.messages_in),
        messages_out = read(&traffic.messages_out),
        "connection closed"
    );
}

/// A request and its answer.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) connection: Option<u64>,
    pub(crate) address: Option<Shown>,
    pub(crate) method: &'static str,
    pub(crate) route: &'a str,
    pub(crate) status: u16,
    /// The code of an error of ours.
    pub(crate) code: Option<&'a str>,
    /// None if the other side did not say.
    pub(crate) bytes_in: Option<u64>,
    pub(crate) bytes_out: Option<u64>,
    pub(crate) took: Duration,
}

pub(crate) fn request(request: &Request<'_>) {
    tracing::info!(
        target: TARGET,
        connection = request.connection,
        address = request.address.map(tracing::field::display),
        method = request.method,
        route = request.route,
        status = request.status,
        code = request.code,
        bytes_in = request.bytes_in,
        bytes_out = request.bytes_out,
        microseconds = microseconds(request.took),
        "request"
    );
}

pub(crate) fn begun(session: SessionId, connection: u64, user: UserId, replica: ReplicaId, version: u32) {
    tracing::info!(target: TARGET, %session, connection, %user, %replica, version, "session begun");
}

pub(crate) fn ended(
    (session, connection): (SessionId, u64),
    user: Option<UserId>,
    (transport, code): (&'static str, &str),
    took: Duration,
    traffic: &Traffic,
) {
    tracing::info!(
        target: TARGET,
        %session,
        connection,
        user = user.map(tracing::field::display),
        transport,
        code,
        milliseconds = milliseconds(took),
        bytes_in = read(&traffic.bytes_in),
        bytes_out = read(&traffic.bytes_out),
        messages_in = read(&traffic.messages_in),
        messages_out = read(&traffic.messages_out),
        "session ended"
    );
}

/// Which message of which session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    pub(crate) session: SessionId,
    pub(crate) user: Option<UserId>,
    pub(crate) kind: &'a str,
    pub(crate) workspace: Option<WorkspaceId>,
    pub(crate) bytes: usize,
}

pub(crate) fn up(message: Message<'_>, code: &str, took: Duration) {
    let Message {
        session,
        user,
        kind,
        workspace,
        bytes,
    } = message;
    tracing::info!(
        target: TARGET,
        %session,
        user = user.map(tracing::field::display),
        direction = "up",
        kind,
        workspace = workspace.map(tracing::field::display),
        bytes,
        code,
        microseconds = microseconds(took),
        "message"
    );
}

pub(crate) fn down(message: Message<'_>) {
    let Message {
        session,
        user,
        kind,
        workspace,
        bytes,
    } = message;
    tracing::info!(
        target: TARGET,
        %session,
        user = user.map(tracing::field::display),
        direction = "down",
        kind,
        workspace = workspace.map(tracing::field::display),
        bytes,
        "message"
    );
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

fn microseconds(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_as_its_network() {
        for (address, network) in [
            ("192.0.2.9", "192.0.2.0/24"),
            ("::ffff:192.0.2.9", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ] {
            let address = address.parse().unwrap();
            let shown = |is_whole| Shown { address, is_whole }.to_string();
            assert_eq!(shown(false), network);
            assert_eq!(shown(true), address.to_canonical().to_string());
        }
    }
}
