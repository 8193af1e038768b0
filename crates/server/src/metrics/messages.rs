//! The measurements of messages. Their counters are looked up once, because every delivery comes by here.

use std::sync::LazyLock;
use std::time::Duration;

use metrics::{Counter, Histogram, Unit, counter, describe_counter, describe_histogram, histogram};

const UP: [&str; 7] = ["hello", "subscribe", "push", "pull", "auth", "ping", "malformed"];
const DOWN: [&str; 7] = [
    "welcome",
    "snapshot",
    "delta",
    "subscribed",
    "pong",
    "error",
    "catch_up",
];

static OF_UP: LazyLock<[(Counter, Histogram); 7]> = LazyLock::new(|| {
    UP.map(|kind| {
        (
            counter!("tsugi_messages_up_total", "type" => kind),
            histogram!("tsugi_message_seconds", "type" => kind),
        )
    })
});
static OF_DOWN: LazyLock<[Counter; 7]> =
    LazyLock::new(|| DOWN.map(|kind| counter!("tsugi_messages_down_total", "type" => kind)));
static BYTES_UP: LazyLock<Counter> = LazyLock::new(|| counter!("tsugi_bytes_up_total"));
static BYTES_DOWN: LazyLock<Counter> = LazyLock::new(|| counter!("tsugi_bytes_down_total"));

pub(super) fn describe() {
    describe_counter!("tsugi_messages_up_total", "Messages from replicas, by type.");
    describe_counter!("tsugi_messages_down_total", "Messages to replicas, by type.");
    describe_counter!(
        "tsugi_bytes_up_total",
        Unit::Bytes,
        "Bytes of messages from replicas."
    );
    describe_counter!(
        "tsugi_bytes_down_total",
        Unit::Bytes,
        "Bytes of messages to replicas."
    );
    describe_counter!(
        "tsugi_message_errors_total",
        "Messages from replicas that ended their session, by the code of the error."
    );
    describe_histogram!(
        "tsugi_message_seconds",
        Unit::Seconds,
        "How long it took to take a message on, by type. For a push this ends when the writer has it."
    );
}

/// A message came.
pub(crate) fn up(kind: &'static str, bytes: usize) {
    if let Some(at) = place(&UP, kind) {
        OF_UP[at].0.increment(1);
    }
    BYTES_UP.increment(bytes as u64);
}

/// A message that came was carried out, or was not: `code` is the code of the error of the protocol.
pub(crate) fn carried_out(kind: &'static str, took: Duration, code: Option<&str>) {
    if let Some(at) = place(&UP, kind) {
        OF_UP[at].1.record(took);
    }
    if let Some(code) = code {
        counter!("tsugi_message_errors_total", "code" => code.to_owned()).increment(1);
    }
}

/// A message left.
pub(crate) fn down(kind: &'static str, bytes: usize) {
    if let Some(at) = place(&DOWN, kind) {
        OF_DOWN[at].increment(1);
    }
    BYTES_DOWN.increment(bytes as u64);
}

fn place(kinds: &[&str; 7], kind: &str) -> Option<usize> {
    kinds.iter().position(|known| *known == kind)
}
