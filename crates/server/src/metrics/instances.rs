//! The measurements of what instances of one server tell each other.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

pub(super) fn describe() {
    describe_counter!(
        "tsugi_bus_hints_total",
        "Hints between instances, by what became of them."
    );
    describe_counter!(
        "tsugi_bus_resubscriptions_total",
        "Channels that were asked for again, by reason."
    );
    describe_counter!(
        "tsugi_bus_connections_total",
        "Connections made to Redis, by their role."
    );
    describe_counter!(
        "tsugi_polls_forwarded_total",
        "Requests of polling sessions that came to another instance than their own, by what became of them."
    );
    describe_gauge!(
        "tsugi_bus_healthy",
        "1 if hints of other instances arrive, and 0 if they may be lost."
    );
    describe_counter!(
        "tsugi_workspace_sweeps_total",
        "How often all workspaces in use were compared with the store, by result."
    );
    describe_histogram!(
        "tsugi_workspace_sweep_seconds",
        Unit::Seconds,
        "How long such a comparison took."
    );
    describe_counter!(
        "tsugi_others_found_total",
        "What was found in the store that another instance did, by what made this one look, and by what it was."
    );
}

/// Hints of the bus. `what` is one of few.
pub(crate) fn bus_hints(what: &'static str, count: u64) {
    counter!("tsugi_bus_hints_total", "what" => what).increment(count);
}

/// Channels that Redis was asked for, because they may have been lost. `why` is one of few.
pub(crate) fn bus_asked(why: &'static str, count: usize) {
    counter!("tsugi_bus_resubscriptions_total", "why" => why).increment(count as u64);
}

/// A connection to Redis was made. `role` is one of two.
pub(crate) fn bus_connected(role: &'static str) {
    counter!("tsugi_bus_connections_total", "role" => role).increment(1);
}

/// All workspaces that sessions listen to were compared with the store, or could not be.
pub(crate) fn rooms_swept(took: Duration, is_whole: bool) {
    let result = if is_whole { "done" } else { "failed" };
    counter!("tsugi_workspace_sweeps_total", "result" => result).increment(1);
    histogram!("tsugi_workspace_sweep_seconds").record(took);
}

/// A look into the store found something that another instance did. `by` and `what` are each one of few.
pub(crate) fn others_found(by: &'static str, what: &'static str) {
    counter!("tsugi_others_found_total", "by" => by, "what" => what).increment(1);
}

/// Whether hints of other instances arrive.
pub(crate) fn bus_healthy(is_healthy: bool) {
    gauge!("tsugi_bus_healthy").set(f64::from(u8::from(is_healthy)));
}

/// A request of a polling session that belongs to another instance. `what` is one of few.
pub(crate) fn forwarded(what: &'static str) {
    counter!("tsugi_polls_forwarded_total", "what" => what).increment(1);
}
