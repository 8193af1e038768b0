//! The measurements of sessions: how they begin, the state they are in, how they end, and what they are waited for.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use metrics::{
    Counter, Gauge, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge,
    histogram,
};

use super::Open;

pub(super) fn describe() {
    describe_gauge!("tsugi_sessions", "Open sync sessions, by transport.");
    describe_gauge!("tsugi_sessions_in_state", "Open sync sessions, by what they do.");
    describe_histogram!(
        "tsugi_session_seconds",
        Unit::Seconds,
        "How long sessions lasted."
    );
    describe_counter!(
        "tsugi_sessions_begun_total",
        "Connections that wanted a session, by transport."
    );
    describe_counter!(
        "tsugi_session_attempts_total",
        "Attempts to begin a session, by result."
    );
    describe_counter!(
        "tsugi_sessions_accepted_total",
        "Sessions that said a valid hello."
    );
    describe_counter!("tsugi_sessions_refused_total", "Sessions refused, by reason.");
    describe_counter!("tsugi_sessions_ended_total", "Sessions that ended, by reason.");
    describe_counter!(
        "tsugi_sessions_slowed_total",
        "How often a session had to wait because its account had used its share of work."
    );
    describe_histogram!(
        "tsugi_catch_up_seconds",
        Unit::Seconds,
        "From the wish of a replica to be brought up to date to the last frame of it, by kind."
    );
    describe_histogram!(
        "tsugi_commit_to_socket_seconds",
        Unit::Seconds,
        "From a commit, or from reading another instance's commit, to the socket of a session; of several together, the oldest."
    );
    describe_gauge!(
        "tsugi_mutations_in_flight",
        "Mutations that the writer has and that are not answered yet."
    );
    describe_counter!(
        "tsugi_pushes_failed_total",
        "Groups of pushes that could not be stored, counted for each session that was told so."
    );
}

/// Counters that have to be there before anything goes wrong, so that the first time shows as a rise.
pub(super) fn begin() {
    counter!("tsugi_pushes_failed_total").increment(0);
    counter!("tsugi_sessions_accepted_total").increment(0);
}

/// `transport` is one of two.
pub(crate) fn session(transport: &'static str) -> Open {
    counter!("tsugi_sessions_begun_total", "transport" => transport).increment(1);
    let gauge = gauge!("tsugi_sessions", "transport" => transport);
    gauge.increment(1.0);
    Open {
        gauge,
        since: Instant::now(),
        seconds: "tsugi_session_seconds",
    }
}

pub(crate) fn session_accepted() {
    counter!("tsugi_sessions_accepted_total").increment(1);
    attempt("accepted");
}

/// A session was refused because of its `hello`.
pub(crate) fn session_refused(reason: &'static str) {
    counter!("tsugi_sessions_refused_total", "reason" => reason).increment(1);
}

/// The same, before it had begun.
pub(crate) fn turned_away(reason: &'static str) {
    session_refused(reason);
    attempt("refused");
}

/// `reason` is the code of an error of the protocol, or one of two words besides. `greeted` says whether it had been
/// accepted before.
pub(crate) fn session_ended(reason: &str, greeted: bool) {
    counter!("tsugi_sessions_ended_total", "reason" => reason.to_owned()).increment(1);
    match reason {
        _ if greeted => {}
        "gone" | "stuck" => attempt("left"),
        // A token that has ended is no fault of a connection: the replica fetches another, and comes again.
        "unauthenticated" => attempt("unauthenticated"),
        _ => attempt("refused"),
    }
}

fn attempt(result: &'static str) {
    counter!("tsugi_session_attempts_total", "result" => result).increment(1);
}

/// An account has used its share of work, and waits.
pub(crate) fn slowed() {
    counter!("tsugi_sessions_slowed_total").increment(1);
}

/// What a session does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It has not said a valid `hello`.
    Greeting,
    Live,
    /// Its account has used its share of work.
    Slowed,
    /// It waits for its turn to read from the store, reads, or sends what was read.
    CatchingUp,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Live => "live",
            Self::Slowed => "slowed",
            Self::CatchingUp => "catching_up",
        }
    }

    fn gauge(self) -> Gauge {
        gauge!("tsugi_sessions_in_state", "state" => self.as_str())
    }
}

/// Counts one session in its state until it is dropped.
#[derive(Debug)]
pub(crate) struct InState(State);

impl InState {
    pub(crate) fn new(state: State) -> Self {
        state.gauge().increment(1.0);
        Self(state)
    }

    pub(crate) fn to(&mut self, state: State) {
        if state != self.0 {
            self.0.gauge().decrement(1.0);
            state.gauge().increment(1.0);
            self.0 = state;
        }
    }
}

impl Drop for InState {
    fn drop(&mut self) {
        self.0.gauge().decrement(1.0);
    }
}

/// A replica was brought up to date, or could not be. `kind` is one of four.
pub(crate) fn caught_up(kind: &'static str, took: Duration) {
    histogram!("tsugi_catch_up_seconds", "kind" => kind).record(took);
}

/// Changes that were committed at this moment have left for a socket.
pub(crate) fn left_for_socket(committed: Instant) {
    static SECONDS: LazyLock<Histogram> = LazyLock::new(|| histogram!("tsugi_commit_to_socket_seconds"));
    SECONDS.record(committed.elapsed());
}

/// The writer was given this number of mutations.
pub(crate) fn given_to_writer(count: usize) {
    IN_FLIGHT.increment(count as f64);
}

/// The writer answered this number of mutations, or nobody waits for them any more.
pub(crate) fn answered(count: usize) {
    IN_FLIGHT.decrement(count as f64);
}

static IN_FLIGHT: LazyLock<Gauge> = LazyLock::new(|| gauge!("tsugi_mutations_in_flight"));

/// A push could not be stored.
pub(crate) fn push_failed() {
    static FAILED: LazyLock<Counter> = LazyLock::new(|| counter!("tsugi_pushes_failed_total"));
    FAILED.increment(1);
}
