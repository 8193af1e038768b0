//! One replica's side of the sync session, as a state machine without I/O.
//!
//! ```text
//!            start                 token, opened            welcome             subscribed
//!  Offline ────────▶ Connecting ─────────────▶ Handshaking ─────────▶ CatchingUp ────────▶ Live
//!     ▲                  ▲  │                       │                      │                │
//!     │ stop             │  └───────────────────────┴──────────┬───────────┴────────────────┘
//!     │ (any state)      │ timer, probe                        ▼ closed, silent, error
//!     │                  └───────────────────────────────── Backoff
//!     └── Paused ◀── signed out, version too old, forbidden, by the user (any state)
//! ```
//!
//! Call `handle(now, input, replica)`, and then carry out what [`Session::poll_output`] returns, in order, until it is
//! empty. A `Persist` has to be durable and folded into the replica before the next output is carried out.
//! `docs/session-spec.md` has the whole table of states and inputs.

mod in_flight;
mod route;
mod words;

use std::collections::VecDeque;

use crate::fault::{Fault, planted};
use crate::frame::{COMPACT, DEFLATE, Form};
use crate::ids::{Epoch, Mark, Revision, Timestamp};
use crate::protocol::{
    Delta, Down, ErrorCode, ErrorMessage, Hello, Push, Snapshot, Subscribe, Token, Up, VERSIONS, Welcome,
};
use crate::replica::Replica;

use in_flight::InFlight;
use route::Route;
pub use route::Transport;
pub use words::*;

#[derive(Debug)]
enum State {
    Offline,
    /// Getting a token, then a connection.
    Connecting {
        deadline: Timestamp,
        token: Option<Token>,
    },
    Handshaking {
        deadline: Timestamp,
    },
    CatchingUp {
        link: Link,
        parts: Vec<Snapshot>,
        /// The version of the protocol.
        version: u32,
    },
    Live {
        link: Link,
        in_flight: InFlight,
        since: Timestamp,
    },
    Backoff {
        until: Timestamp,
    },
    /// `start` says whether this tab connects again once the pause is over.
    Paused {
        why: Pause,
        start: bool,
    },
}

/// The facts about a working connection, which every state that has one carries.
#[derive(Clone, Debug)]
struct Link {
    heard: Timestamp,
    /// When something was last sent.
    sent: Timestamp,
    /// When the server was asked whether it is there, if it has sent nothing since.
    pinged: Option<Timestamp>,
    /// When a gap was seen, until it is filled.
    pulled: Option<Timestamp>,
    renew_at: Timestamp,
    renewing: bool,
    /// How frames may be written.
    form: Form,
}

/// One replica's session.
#[derive(Debug)]
pub struct Session {
    state: State,
    outputs: VecDeque<Output>,
    device: String,
    app: String,
    /// The form in which frames can be read and written here.
    able: Form,
    /// Failed attempts in a row.
    attempts: u32,
    /// The time of the earliest next attempt. A probe does not make it earlier.
    not_before: Timestamp,
    random: u64,
    wake_at: Option<Timestamp>,
    phase: Phase,
    route: Route,
    /// A time by the server's clock, and this machine's `now` when it came.
    server_clock: Option<(Timestamp, Timestamp)>,
}

impl Session {
    /// `seed` makes the jitter of the back-off. It may be any number, and has to differ between devices.
    #[must_use]
    pub fn new(device: impl Into<String>, app: impl Into<String>, seed: u64) -> Self {
        Self {
            state: State::Offline,
            outputs: VecDeque::new(),
            device: device.into(),
            app: app.into(),
            able: Form::TEXT,
            attempts: 0,
            not_before: Timestamp(0),
            random: seed,
            wake_at: None,
            phase: Phase::Offline,
            route: Route::default(),
            server_clock: None,
        }
    }

    /// Offers the server other forms of frames than text.
    #[must_use]
    pub fn offering(self, able: Form) -> Self {
        Self { able, ..self }
    }

    /// The form in which frames may be written now. It is text until the server has agreed to another.
    #[must_use]
    pub fn form(&self) -> Form {
        match &self.state {
            State::CatchingUp { link, .. } | State::Live { link, .. } => link.form,
            State::Offline
            | State::Connecting { .. }
            | State::Handshaking { .. }
            | State::Backoff { .. }
            | State::Paused { .. } => Form::TEXT,
        }
    }

    /// The transport of this connection, or of the next one.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.route.transport
    }

    /// Gives the device another name. The server learns it with the next connection.
    pub fn name_device(&mut self, device: impl Into<String>) {
        self.device = device.into();
    }

    /// The time by the server's clock, if that is known. The clock of a device may be years wrong.
    #[must_use]
    pub fn server_time(&self, now: Timestamp) -> Option<Timestamp> {
        self.server_clock.map(|(server, at)| server.plus(now.since(at)))
    }

    /// The state in a word.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match &self.state {
            State::Offline => Phase::Offline,
            State::Connecting { .. } | State::Handshaking { .. } => Phase::Connecting,
            State::CatchingUp { .. } => Phase::CatchingUp,
            State::Live { .. } => Phase::Live,
            State::Backoff { until } => Phase::Backoff(*until),
            State::Paused { why, .. } => Phase::Paused(*why),
        }
    }

    /// The next action of the caller; none if the session waits for an input.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Takes in an input. `replica` has to include everything that was persisted.
    pub fn handle(&mut self, now: Timestamp, input: Input, replica: &Replica) {
        match input {
            Input::Start => self.start(now),
            Input::Stop => self.stop(),
            Input::Pause(why) => self.pause(why),
            Input::Resume => self.resume(now),
            Input::Token(answer) => self.token(now, answer),
            Input::Opened => self.opened(now, replica),
            Input::Frame(Ok(message)) => self.message(now, message, replica),
            // The server and this build do not understand each other; another attempt may reach another server.
            Input::Frame(Err(_)) => self.lost(now, None),
            Input::Closed => self.closed(now),
            Input::Timer => self.timer(now),
            Input::Probe => self.probe(now),
            Input::Edited | Input::Persisted => {}
        }
        self.push(now, replica);
        self.schedule(replica);
        let phase = self.phase();
        if phase != self.phase {
            self.phase = phase;
            self.outputs.push_back(Output::Notify);
        }
    }

    fn start(&mut self, now: Timestamp) {
        match &mut self.state {
            State::Offline => self.connect(now),
            State::Paused { start, .. } => *start = true,
            State::Connecting { .. }
            | State::Handshaking { .. }
            | State::CatchingUp { .. }
            | State::Live { .. }
            | State::Backoff { .. } => {}
        }
    }

    fn stop(&mut self) {
        self.hang_up();
        if let State::Paused { start, .. } = &mut self.state {
            *start = false;
        } else {
            self.state = State::Offline;
        }
    }

    fn pause(&mut self, why: Pause) {
        self.hang_up();
        let start = match &self.state {
            State::Offline => false,
            State::Paused { start, .. } => *start,
            State::Connecting { .. }
            | State::Handshaking { .. }
            | State::CatchingUp { .. }
            | State::Live { .. }
            | State::Backoff { .. } => true,
        };
        self.state = State::Paused { why, start };
    }

    fn resume(&mut self, now: Timestamp) {
        match self.state {
            State::Paused { start: true, .. } => {
                self.attempts = 0;
                self.connect(now);
            }
            State::Paused { start: false, .. } => self.state = State::Offline,
            State::Offline
            | State::Connecting { .. }
            | State::Handshaking { .. }
            | State::CatchingUp { .. }
            | State::Live { .. }
            | State::Backoff { .. } => {}
        }
    }

    fn connect(&mut self, now: Timestamp) {
        self.not_before = now.plus(BACKOFF_LEAST_MS);
        self.state = State::Connecting {
            deadline: now.plus(CONNECT_MS),
            token: None,
        };
        self.outputs.push_back(Output::Authenticate);
    }

    fn token(&mut self, now: Timestamp, answer: Result<Token, TokenError>) {
        match (&mut self.state, answer) {
            (
                State::Connecting {
                    token: token @ None, ..
                },
                Ok(fresh),
            ) => {
                *token = Some(fresh);
                self.outputs.push_back(Output::Open(self.route.transport));
            }
            (State::Connecting { token: None, .. }, Err(TokenError::Unreachable)) => self.lost(now, None),
            (State::Live { link, .. } | State::CatchingUp { link, .. }, Ok(fresh)) if link.renewing => {
                self.outputs
                    .push_back(Output::Transmit(Up::Auth { token: fresh }));
                link.renewing = false;
                // Only the server knows how long the new token holds. A reconnect is all that a wrong guess costs.
                link.renew_at = now.plus(RENEW_AGAIN_MS);
            }
            (State::Live { link, .. } | State::CatchingUp { link, .. }, Err(TokenError::Unreachable)) => {
                link.renewing = false;
                link.renew_at = now.plus(RENEW_RETRY_MS);
            }
            (
                State::Connecting { .. } | State::Live { .. } | State::CatchingUp { .. },
                Err(TokenError::SignedOut),
            ) => {
                self.pause(Pause::SignedOut);
            }
            // Nobody waits for this answer any more.
            (
                State::Offline
                | State::Connecting { .. }
                | State::Handshaking { .. }
                | State::CatchingUp { .. }
                | State::Live { .. }
                | State::Backoff { .. }
                | State::Paused { .. },
                _,
            ) => {}
        }
    }

    fn opened(&mut self, now: Timestamp, replica: &Replica) {
        let State::Connecting {
            token: Some(token), ..
        } = &self.state
        else {
            return;
        };
        let hello = Hello {
            versions: VERSIONS.to_vec(),
            token: token.clone(),
            replica: replica.id(),
            device: self.device.clone(),
            app: self.app.clone(),
            encodings: self
                .able
                .compact
                .then(|| COMPACT.to_owned())
                .into_iter()
                .collect(),
            compressions: self
                .able
                .deflated
                .then(|| DEFLATE.to_owned())
                .into_iter()
                .collect(),
        };
        self.outputs.push_back(Output::Transmit(Up::Hello(hello)));
        self.outputs
            .push_back(Output::Transmit(Up::Subscribe(subscribe(replica))));
        self.state = State::Handshaking {
            deadline: now.plus(HANDSHAKE_MS),
        };
    }

    fn message(&mut self, now: Timestamp, message: Down, replica: &Replica) {
        match &mut self.state {
            State::CatchingUp { link, .. } | State::Live { link, .. } => {
                link.heard = now;
                link.pinged = None;
            }
            State::Handshaking { .. } => {}
            // The frame came over a connection that has been given up.
            State::Offline | State::Connecting { .. } | State::Backoff { .. } | State::Paused { .. } => {
                return;
            }
        }
        match message {
            Down::Welcome(welcome) => self.welcome(now, &welcome),
            Down::Snapshot(part) => self.snapshot(part, replica),
            Down::Delta(delta) => self.delta(now, delta, replica),
            Down::Subscribed {
                workspace,
                epoch,
                revision,
                vector,
            } if workspace == replica.workspace() => {
                if vector
                    .iter()
                    .any(|(replica_id, seq)| seq > replica.vector().of(replica_id))
                {
                    self.outputs.push_back(Output::Persist(Received::Vector(vector)));
                }
                self.subscribed(now, (epoch, revision), replica);
            }
            Down::Subscribed { .. } => {}
            Down::Pong { heads } => {
                let ahead = |(workspace, head)| workspace == replica.workspace() && head > replica.cursor();
                if heads.into_iter().any(ahead) && !planted(Fault::HeadIgnored) {
                    self.pull(now, replica);
                }
            }
            Down::Error(error) if error.workspace.is_none_or(|it| it == replica.workspace()) => {
                self.error(now, &error);
            }
            Down::Error(_) => {}
        }
    }

    fn welcome(&mut self, now: Timestamp, welcome: &Welcome) {
        if !matches!(self.state, State::Handshaking { .. }) {
            return;
        }
        // The lifetime of the token, by the server's clock only: this device's clock may be years wrong.
        let life = welcome.token_expires.since(welcome.time);
        self.server_clock = Some((welcome.time, now));
        let link = Link {
            heard: now,
            sent: now,
            pinged: None,
            pulled: None,
            renew_at: now.plus(life.saturating_sub(RENEW_BEFORE_MS).max(RENEW_RETRY_MS)),
            renewing: false,
            form: Form::agreed(
                welcome.encoding.as_slice(),
                welcome.compression.as_slice(),
                self.able,
            ),
        };
        self.state = State::CatchingUp {
            link,
            parts: Vec::new(),
            version: welcome.version,
        };
    }

    fn snapshot(&mut self, part: Snapshot, replica: &Replica) {
        if part.workspace != replica.workspace() {
            return;
        }
        let State::CatchingUp { parts, .. } = &mut self.state else {
            return;
        };
        // A snapshot that begins a second time replaces the parts of the one that was cut off.
        if parts
            .first()
            .is_some_and(|first| (first.epoch, first.revision) != (part.epoch, part.revision))
        {
            parts.clear();
        }
        let last = part.last;
        parts.push(part);
        if last {
            let whole = std::mem::take(parts);
            self.outputs.push_back(Output::Persist(Received::Snapshot(whole)));
        }
    }

    fn delta(&mut self, now: Timestamp, delta: Delta, replica: &Replica) {
        if delta.workspace != replica.workspace() {
            return;
        }
        let same_history = replica.epoch() == Some(delta.epoch);
        let gap = delta.from > replica.cursor();
        match &mut self.state {
            State::CatchingUp { .. } if same_history => {}
            State::Live { link, in_flight, .. } if same_history => {
                for outcome in &delta.outcomes {
                    in_flight.answered(outcome.seq, gap);
                }
                if !gap {
                    link.pulled = None;
                    in_flight.gap_filled();
                }
            }
            // The server's data were restored while the session was open, or this replica's base was lost: connect
            // again.
            State::Live { .. } => return self.lost(now, None),
            // `subscribed` will say what is missing.
            State::CatchingUp { .. } => return,
            State::Offline
            | State::Connecting { .. }
            | State::Handshaking { .. }
            | State::Backoff { .. }
            | State::Paused { .. } => return,
        }
        self.outputs.push_back(Output::Persist(Received::Delta(delta)));
        if gap {
            self.pull(now, replica);
        }
    }

    fn subscribed(&mut self, now: Timestamp, (epoch, revision): (Epoch, Revision), replica: &Replica) {
        let State::CatchingUp { link, version, .. } = &self.state else {
            return;
        };
        if replica.epoch() != Some(epoch) {
            return self.lost(now, None);
        }
        self.route.live(now);
        self.state = State::Live {
            link: link.clone(),
            in_flight: InFlight::new(*version),
            since: now,
        };
        if revision > replica.cursor() {
            self.pull(now, replica);
        }
    }

    fn pull(&mut self, now: Timestamp, replica: &Replica) {
        let State::Live { link, .. } = &mut self.state else {
            return;
        };
        if link.pulled.is_none_or(|at| now.since(at) >= PULL_MS) {
            link.pulled = Some(now);
            let (workspace, cursor) = (replica.workspace(), replica.cursor());
            self.outputs
                .push_back(Output::Transmit(Up::Pull { workspace, cursor }));
        }
    }

    fn error(&mut self, now: Timestamp, error: &ErrorMessage) {
        match error.code {
            ErrorCode::UnsupportedVersion => self.pause(Pause::UpdateNeeded),
            ErrorCode::Forbidden => self.pause(Pause::Forbidden),
            ErrorCode::Unauthenticated if planted(Fault::ExpiredForSignedOut) => self.pause(Pause::SignedOut),
            // The next attempt gets a new token first. That shows whether the account's session has ended.
            ErrorCode::Unauthenticated
            | ErrorCode::BadFrame
            | ErrorCode::OutOfOrder
            | ErrorCode::FrameTooLarge
            | ErrorCode::RateLimited
            | ErrorCode::TimedOut
            | ErrorCode::Draining
            | ErrorCode::Internal
            | ErrorCode::Other(_) => self.lost(now, error.retry_after_ms),
        }
    }

    fn closed(&mut self, now: Timestamp) {
        match self.state {
            State::Connecting { .. }
            | State::Handshaking { .. }
            | State::CatchingUp { .. }
            | State::Live { .. } => {
                self.lost(now, None);
            }
            State::Offline | State::Backoff { .. } | State::Paused { .. } => {}
        }
    }

    /// The connection is lost: close it, and try again after a random part of a wait that grows with each failure.
    fn lost(&mut self, now: Timestamp, hint: Option<u64>) {
        let at_once = match &self.state {
            State::Live { link, since, .. } => {
                let live = now.since(*since);
                if live >= STEADY_MS {
                    self.attempts = 0;
                }
                let quiet = now.since(link.heard.max(link.sent));
                self.route
                    .lost(Some(live), link.pinged.is_none().then_some(quiet))
            }
            // Without a token there was no connection, so this says nothing about the transport.
            State::Connecting { token: None, .. } => false,
            State::Connecting { .. } | State::Handshaking { .. } | State::CatchingUp { .. } => {
                self.route.lost(None, None)
            }
            State::Offline | State::Backoff { .. } | State::Paused { .. } => return,
        };
        self.hang_up();
        if at_once && hint.is_none() {
            return self.connect(now);
        }
        let longest = BACKOFF_FIRST_MS
            .saturating_mul(1 << self.attempts.min(16))
            .min(BACKOFF_LONGEST_MS);
        self.attempts = self.attempts.saturating_add(1);
        let hint = hint.unwrap_or(0).min(LONGEST_HINT_MS);
        let wait = hint + BACKOFF_LEAST_MS + self.next_random() % longest;
        self.not_before = now.plus(hint.max(BACKOFF_LEAST_MS));
        self.state = State::Backoff {
            until: now.plus(wait),
        };
    }

    fn hang_up(&mut self) {
        match self.state {
            State::Connecting { .. }
            | State::Handshaking { .. }
            | State::CatchingUp { .. }
            | State::Live { .. } => {
                // Outputs that were meant for this connection are dropped.
                self.outputs
                    .retain(|output| !matches!(output, Output::Open(_) | Output::Transmit(_)));
                self.outputs.push_back(Output::Close);
            }
            State::Offline | State::Backoff { .. } | State::Paused { .. } => {}
        }
    }

    fn timer(&mut self, now: Timestamp) {
        self.wake_at = None;
        match &mut self.state {
            State::Connecting { deadline, .. } | State::Handshaking { deadline } if now >= *deadline => {
                self.lost(now, None);
            }
            State::CatchingUp { link, .. } if now.since(link.heard) >= CATCH_UP_MS => self.lost(now, None),
            State::Live { link, in_flight, .. } => {
                let silent = link.pinged.is_some_and(|at| now.since(at) >= PONG_MS);
                if silent || in_flight.due().is_some_and(|due| now >= due) {
                    self.lost(now, None);
                    return;
                }
                let quiet = in_flight.is_empty() && link.pinged.is_none();
                if quiet && self.route.up_at().is_some_and(|at| now >= at) {
                    self.route.try_up();
                    self.hang_up();
                    return self.connect(now);
                }
                if link.pinged.is_none() && now.since(link.heard) >= self.route.ping_after {
                    link.pinged = Some(now);
                    link.sent = now;
                    self.outputs.push_back(Output::Transmit(Up::Ping));
                }
                if !link.renewing && now >= link.renew_at {
                    link.renewing = true;
                    self.outputs.push_back(Output::Authenticate);
                }
            }
            State::Backoff { until } if now >= *until => self.connect(now),
            State::Offline
            | State::Connecting { .. }
            | State::Handshaking { .. }
            | State::CatchingUp { .. }
            | State::Backoff { .. }
            | State::Paused { .. } => {}
        }
    }

    /// Only an answer shows whether there is a network, so this asks for one.
    fn probe(&mut self, now: Timestamp) {
        match &mut self.state {
            State::Backoff { .. } if now >= self.not_before => self.connect(now),
            State::Live { link, .. } if link.pinged.is_none() => {
                link.pinged = Some(now);
                link.sent = now;
                self.outputs.push_back(Output::Transmit(Up::Ping));
                self.route.probed(now);
            }
            State::Backoff { until } => *until = self.not_before,
            State::Offline
            | State::Connecting { .. }
            | State::Handshaking { .. }
            | State::CatchingUp { .. }
            | State::Live { .. }
            | State::Paused { .. } => {}
        }
    }

    /// Sends mutations: at once after a quiet time, then in batches at the push interval.
    fn push(&mut self, now: Timestamp, replica: &Replica) {
        let State::Live { link, in_flight, .. } = &mut self.state else {
            return;
        };
        // A message that still has to be persisted may change the outbox. Sending goes on after that.
        let persisting = self
            .outputs
            .iter()
            .any(|output| matches!(output, Output::Persist(_)));
        if persisting || in_flight.not_before.is_some_and(|not_before| now < not_before) {
            return;
        }
        let (mutations, hopeless) = in_flight.take_batch(now, replica);
        if let Some(epoch) = replica.epoch().filter(|_| !hopeless.is_empty()) {
            // The server would not read such mutations. It would end the session, again and again. So they are refused
            // here.
            let delta = Delta {
                workspace: replica.workspace(),
                epoch,
                from: replica.cursor(),
                to: replica.cursor(),
                entities: Vec::new(),
                outcomes: hopeless,
                at: Timestamp(0),
                mark: Mark(0),
                authors: Vec::new(),
            };
            self.outputs.push_back(Output::Persist(Received::Delta(delta)));
        }
        in_flight.not_before = (!mutations.is_empty()).then(|| now.plus(PUSH_INTERVAL_MS));
        if !mutations.is_empty() {
            link.sent = now;
            let push = Push {
                workspace: replica.workspace(),
                mutations,
            };
            self.outputs.push_back(Output::Transmit(Up::Push(push)));
        }
    }

    /// Asks for a `Timer` at the earliest time at which something is due.
    fn schedule(&mut self, replica: &Replica) {
        let due = match &self.state {
            State::Offline | State::Paused { .. } => None,
            State::Connecting { deadline, .. } | State::Handshaking { deadline } => Some(*deadline),
            State::CatchingUp { link, .. } => Some(link.heard.plus(CATCH_UP_MS)),
            State::Backoff { until } => Some(*until),
            State::Live { link, in_flight, .. } => {
                let silence = match link.pinged {
                    Some(at) => at.plus(PONG_MS),
                    None => link.heard.plus(self.route.ping_after),
                };
                let quiet = in_flight.is_empty() && link.pinged.is_none();
                let up = self.route.up_at().filter(|_| quiet);
                let renew = (!link.renewing).then_some(link.renew_at);
                let more = replica.outbox().len() > in_flight.covers();
                let push = in_flight.not_before.filter(|_| more);
                [Some(silence), renew, push, up, in_flight.due()]
                    .into_iter()
                    .flatten()
                    .min()
            }
        };
        if let Some(at) = due
            && self.wake_at != due
        {
            self.wake_at = due;
            self.outputs.push_back(Output::WakeAt(at));
        }
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014): spreads reconnects; nothing secret depends on it.
    fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Milliseconds after which a token that was renewed in mid-session is renewed again.
const RENEW_AGAIN_MS: u64 = 5 * 60_000;
/// Milliseconds between two tries to renew a token.
const RENEW_RETRY_MS: u64 = 20_000;
/// The longest pause that a server may ask for, in milliseconds.
const LONGEST_HINT_MS: u64 = 5 * 60_000;

fn subscribe(replica: &Replica) -> Subscribe {
    Subscribe {
        workspace: replica.workspace(),
        epoch: replica.epoch(),
        cursor: replica.cursor(),
        mark: replica.mark(),
    }
}
