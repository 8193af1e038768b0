//! The names of all measurements. Labels come from closed sets: no text that a user sends becomes one.

mod conflicts;
mod instances;
mod messages;
mod process;
mod sessions;

use std::sync::OnceLock;
use std::time::{Duration, Instant};

pub(crate) use conflicts::{Decision, conflict_records, conflicts};
pub(crate) use instances::{
    bus_asked, bus_connected, bus_healthy, bus_hints, forwarded, others_found, rooms_swept,
};
pub(crate) use messages::{carried_out, down, up};
use metrics::{Gauge, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
pub(crate) use process::{About, began, connection_refused, listening, look_at_machine, ready};
pub(crate) use sessions::{
    InState, State, answered, caught_up, given_to_writer, left_for_socket, push_failed, session,
    session_accepted, session_ended, session_refused, slowed, turned_away,
};
use tsugi_sync::ids::Timestamp;

const LATENCY: &[f64] = &[
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
const DURATION: &[f64] = &[0.1, 1.0, 10.0, 60.0, 600.0, 3_600.0, 36_000.0];
const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// The recorder of this process: one, however many servers run in it.
pub(crate) fn recorder() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(install).clone()
}

fn install() -> PrometheusHandle {
    let mut builder = PrometheusBuilder::new();
    for (name, buckets) in [
        ("tsugi_connection_seconds", DURATION),
        ("tsugi_sweep_seconds", DURATION),
        ("tsugi_commit_seconds", LATENCY),
        ("tsugi_push_to_published_seconds", LATENCY),
        ("tsugi_mutation_waited_seconds", DURATION),
        ("tsugi_http_seconds", LATENCY),
        ("tsugi_workspace_sweep_seconds", LATENCY),
        ("tsugi_session_seconds", DURATION),
        ("tsugi_message_seconds", LATENCY),
        ("tsugi_catch_up_seconds", LATENCY),
        ("tsugi_commit_to_socket_seconds", LATENCY),
        ("tsugi_conflict_settled_seconds", DURATION),
        ("tsugi_commit_commands", SIZES),
    ] {
        // Only an empty list of buckets is refused.
        builder = builder
            .set_buckets_for_metric(Matcher::Full(name.into()), buckets)
            .expect("the lists of buckets above are not empty");
    }
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::warn!("another recorder of metrics is in place: /metrics will be empty");
    }
    describe();
    process::begin();
    sessions::begin();
    handle
}

fn describe() {
    conflicts::describe();
    instances::describe();
    messages::describe();
    process::describe();
    sessions::describe();
    describe_gauge!("tsugi_connections", "Open TCP connections.");
    describe_gauge!(
        "tsugi_tls_certificate_ends_seconds",
        Unit::Seconds,
        "When the certificate ends, in seconds since 1970."
    );
    describe_counter!("tsugi_tls_handshakes_total", "TLS handshakes, by result.");
    describe_histogram!(
        "tsugi_connection_seconds",
        Unit::Seconds,
        "How long connections lasted."
    );
    describe_counter!("tsugi_mutations_total", "Mutations, by fate.");
    describe_counter!(
        "tsugi_mutations_already_applied_total",
        "Mutations that had taken effect before: their answers were lost, or the replica made sure."
    );
    describe_counter!(
        "tsugi_mutations_squashed_total",
        "Mutations that stood for several of their replica."
    );
    describe_histogram!(
        "tsugi_mutation_waited_seconds",
        Unit::Seconds,
        "How long accepted mutations had waited on their devices, by the devices' clocks."
    );
    describe_counter!(
        "tsugi_catch_ups_total",
        "How replicas were brought up to date, and for snapshots why."
    );
    describe_counter!(
        "tsugi_forgotten_total",
        "What was older than the promise and is gone, by what it was."
    );
    describe_histogram!(
        "tsugi_sweep_seconds",
        Unit::Seconds,
        "How long it took to look for what is old and forget it."
    );
    describe_histogram!(
        "tsugi_commit_seconds",
        Unit::Seconds,
        "From the first command of a group to its commit."
    );
    describe_histogram!("tsugi_commit_commands", "Commands in a group.");
    describe_histogram!(
        "tsugi_push_to_published_seconds",
        Unit::Seconds,
        "From a push received to its changes left for all sessions."
    );
    describe_counter!("tsugi_events_total", "Events given to sessions, by source.");
    describe_counter!(
        "tsugi_sign_ins_total",
        "Sign-ins, refreshes and new accounts, by result."
    );
    describe_counter!(
        "tsugi_http_requests_total",
        "HTTP requests, by route, method and status."
    );
    describe_histogram!(
        "tsugi_http_seconds",
        Unit::Seconds,
        "How long HTTP requests took."
    );
}

/// Counts something open until it is dropped.
#[derive(Debug)]
pub(crate) struct Open {
    gauge: Gauge,
    since: Instant,
    seconds: &'static str,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.gauge.decrement(1.0);
        histogram!(self.seconds).record(self.since.elapsed());
    }
}

pub(crate) fn connection() -> Open {
    let gauge = gauge!("tsugi_connections");
    gauge.increment(1.0);
    Open {
        gauge,
        since: Instant::now(),
        seconds: "tsugi_connection_seconds",
    }
}

pub(crate) fn certificate_ends(ends: Timestamp) {
    gauge!("tsugi_tls_certificate_ends_seconds").set(ends.0 as f64 / 1_000.0);
}

pub(crate) fn handshake(result: &'static str) {
    counter!("tsugi_tls_handshakes_total", "result" => result).increment(1);
}

/// How long an accepted mutation had waited on its device, by the device's clock.
pub(crate) fn waited(took: Duration) {
    histogram!("tsugi_mutation_waited_seconds").record(took);
}

/// A mutation was answered with this fate.
pub(crate) fn fate(fate: &'static str) {
    counter!("tsugi_mutations_total", "fate" => fate).increment(1);
}

/// How many of the mutations counted by `fate` had taken effect before, and how many stood for several.
pub(crate) fn repeated(already_applied: u64, squashed: u64) {
    counter!("tsugi_mutations_already_applied_total").increment(already_applied);
    counter!("tsugi_mutations_squashed_total").increment(squashed);
}

pub(crate) fn catch_up(how: &'static str) {
    counter!("tsugi_catch_ups_total", "how" => how).increment(1);
}

/// This number of changes, tombstones or replicas was forgotten, because they were older than the protocol promises
/// to keep them.
pub(crate) fn forgotten(what: &'static str, count: u64) {
    counter!("tsugi_forgotten_total", "what" => what).increment(count);
}

pub(crate) fn swept(took: Duration) {
    histogram!("tsugi_sweep_seconds").record(took);
}

pub(crate) fn commit(took: Duration, commands: usize) {
    histogram!("tsugi_commit_seconds").record(took);
    histogram!("tsugi_commit_commands").record(commands as f64);
}

/// `source` is one of few.
pub(crate) fn event(source: &'static str) {
    counter!("tsugi_events_total", "source" => source).increment(1);
}

pub(crate) fn published(took: Duration) {
    histogram!("tsugi_push_to_published_seconds").record(took);
}

pub(crate) fn sign_in(result: &'static str) {
    counter!("tsugi_sign_ins_total", "result" => result).increment(1);
}

pub(crate) fn http(route: String, method: &'static str, status: u16, took: Duration) {
    counter!(
        "tsugi_http_requests_total",
        "route" => route.clone(), "method" => method, "status" => status.to_string()
    )
    .increment(1);
    histogram!("tsugi_http_seconds", "route" => route).record(took);
}
