//! One connection's session, over a socket or over requests that poll: the task that reads its messages, takes its
//! letters and keeps its deadlines.
//!
//! ```text
//! AwaitingHello ──hello──► Ready (subscriptions: Live ⇄ Ended) ──► ended, by either side
//! ```
//! Invariants: a session sends a workspace's cells only to a member; `sent` of a subscription is the cursor that
//! the replica has after the frames sent so far; outcomes are sent exactly once for each answer of the writer; and
//! nothing that a replica sends leads to more than an `error` and a close.
//!
//! One task does both directions. While it waits for a slow reader it reads nothing, and new letters gather in the
//! mailbox, which is bounded.

mod deliver;
mod end;
mod hello;
mod push;
mod subscribe;
mod told;
mod wire;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{WebSocket, close_code};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tsugi_sync::frame::{Form, Frame, Work};
use tsugi_sync::ids::{MutationSeq, ReplicaId, SessionId, UserId, WorkspaceId};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Down, ErrorCode, FrameError, Up};
use uuid::Uuid;

use crate::access::{self, Traffic};
use crate::app::App;
use crate::connection::Connection;
use crate::events::{Mailbox, Point, Room};
use crate::line::{Line, Said, SessionName};
use crate::metrics::{self, Decision, InState, State};
use crate::rate::Bucket;
use crate::shares::Cost;
use end::End;
use wire::{Carrier, Incoming, Wire};

/// The forms, besides text, in which this server reads and writes frames.
const ABLE: Form = Form {
    compact: true,
    deflated: true,
};

/// The name under which a frame from the replica is counted and logged.
fn kind_of(message: &Up) -> &'static str {
    match message {
        Up::Hello(_) => "hello",
        Up::Subscribe(_) => "subscribe",
        Up::Push(_) => "push",
        Up::Pull { .. } => "pull",
        Up::Auth { .. } => "auth",
        Up::Ping => "ping",
    }
}

/// The workspace that a message is about.
fn workspace_of(message: &Up) -> Option<WorkspaceId> {
    match message {
        Up::Subscribe(subscribe) => Some(subscribe.workspace),
        Up::Push(push) => Some(push.workspace),
        Up::Pull { workspace, .. } => Some(*workspace),
        Up::Hello(_) | Up::Auth { .. } | Up::Ping => None,
    }
}

struct Session {
    app: Arc<App>,
    id: SessionId,
    /// The number of the connection that began it, for the access log.
    connection: u64,
    wire: Wire,
    /// The forms that this wire can carry.
    able: Form,
    mailbox: Arc<Mailbox>,
    drain: watch::Receiver<bool>,
    messages: Bucket,
    /// Its account has used more than its share of the work: until this moment nothing is read.
    paused: Option<Instant>,
    /// The cost of its last frame.
    last_cost: usize,
    /// The part of the next frame's cost that is paid already.
    paid: usize,
    /// For the metrics.
    state: InState,
    last_heard: Instant,
    next_ping: Instant,
    phase: Phase,
}

enum Phase {
    AwaitingHello { until: Instant },
    Ready(Box<Ready>),
}

/// A session whose user and replica are known.
struct Ready {
    user: UserId,
    replica: ReplicaId,
    device: Arc<str>,
    token_ends: Instant,
    subscriptions: BTreeMap<WorkspaceId, Subscription>,
    /// Mutations that were given to the writer, and that are not answered yet.
    in_flight: usize,
    /// Those of them that say how a conflict was decided.
    decisions: BTreeMap<MutationSeq, Decision>,
}

impl Ready {
    /// The writer has answered this number of mutations, or will not.
    fn answered(&mut self, count: usize) {
        let count = count.min(self.in_flight);
        self.in_flight -= count;
        metrics::answered(count);
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        metrics::answered(self.in_flight);
    }
}

enum Subscription {
    /// The replica's cursor after the frames sent so far.
    Live(Point),
    /// The subscription was refused, or ended when the user lost the right to the workspace.
    Ended,
}

enum Event {
    Frame(Result<Incoming, End>),
    Letters,
    Deadline,
    Drain,
}

/// Serves one socket to its end.
pub(crate) async fn run(socket: WebSocket, app: Arc<App>, connection: Arc<Connection>) {
    let carrier = Carrier::Socket(Box::new(socket));
    let past = serve(carrier, ABLE, app, connection.number).await;
    connection.ends(&past.code);
    connection.traffic.take_messages(&past.traffic);
}

/// Serves a session over requests to its end. `able` is how its requests can carry frames.
pub(crate) async fn run_polled(
    name: SessionName,
    (line, said): (Arc<Line>, mpsc::Receiver<Said>),
    has_lengths: bool,
    app: Arc<App>,
    connection: u64,
) {
    let able = if has_lengths { ABLE } else { Form::TEXT };
    let frames = VecDeque::new();
    let carrier = Carrier::Poll { line, said, frames };
    serve(carrier, able, Arc::clone(&app), connection).await;
    app.lines.remove(name);
}

/// What is known of a session that has ended.
struct Past {
    code: String,
    traffic: Traffic,
}

/// `connection` is the number of the one that began it.
async fn serve(carrier: Carrier, able: Form, app: Arc<App>, connection: u64) -> Past {
    let limits = &app.config.limits;
    let id = SessionId(Uuid::new_v4());
    let now = Instant::now();
    let room = Room {
        letters: limits.mailbox_letters,
        bytes: limits.mailbox_bytes,
    };
    let transport = carrier.name();
    let guard = metrics::session(transport);
    let mut session = Session {
        id,
        connection,
        wire: Wire::new(carrier, limits.write_deadline, id),
        able,
        mailbox: Arc::new(Mailbox::new(id, room)),
        drain: app.drain.subscribe(),
        messages: Bucket::full(limits.messages, now),
        paused: None,
        last_cost: 0,
        paid: 0,
        state: InState::new(State::Greeting),
        last_heard: now,
        next_ping: now + limits.ping_every,
        phase: Phase::AwaitingHello {
            until: now + limits.hello_deadline,
        },
        app: Arc::clone(&app),
    };
    let end = session.serve().await;
    session.leave();
    let code = end.label().to_owned();
    let user = session.user();
    metrics::session_ended(&code, user.is_some());
    let traffic = session.wire.finish(end, limits.farewell).await;
    drop(guard);
    access::ended(
        (id, connection),
        user,
        (transport, &code),
        now.elapsed(),
        &traffic,
    );
    Past { code, traffic }
}

impl Session {
    async fn serve(&mut self) -> End {
        loop {
            let event = self.next_event().await;
            let result = match event {
                Event::Frame(frame) => self.take_frame(frame).await,
                Event::Letters => self.take_letters().await,
                Event::Deadline => self.keep_deadlines().await,
                Event::Drain => Err(self.drain().await),
            };
            if let Err(end) = result {
                return end;
            }
        }
    }

    async fn next_event(&mut self) -> Event {
        let reading = self.may_read();
        let deadline = self.next_deadline();
        if *self.drain.borrow() {
            return Event::Drain;
        }
        tokio::select! {
            frame = self.wire.receive(), if reading => Event::Frame(frame),
            () = self.mailbox.arrived() => Event::Letters,
            () = sleep_until(deadline) => Event::Deadline,
            // An error means that the server is gone, which is the same.
            _ = self.drain.changed() => Event::Drain,
        }
    }

    /// A replica with too much in flight waits: its next push stays in the network's buffers until answers are out.
    fn may_read(&self) -> bool {
        match &self.phase {
            _ if self.paused.is_some() => false,
            Phase::AwaitingHello { .. } => true,
            Phase::Ready(ready) => ready.in_flight < limits::IN_FLIGHT,
        }
    }

    fn next_deadline(&self) -> Instant {
        let silence = self.last_heard + self.app.config.limits.idle_timeout;
        let phase = match &self.phase {
            Phase::AwaitingHello { until } => *until,
            Phase::Ready(ready) => ready.token_ends,
        };
        match self.paused {
            // While the session itself does not read, silence says nothing about the other side.
            Some(until) => until.min(self.next_ping).min(phase),
            None => silence.min(self.next_ping).min(phase),
        }
    }

    async fn keep_deadlines(&mut self) -> Result<(), End> {
        let now = Instant::now();
        match &self.phase {
            Phase::AwaitingHello { until } if *until <= now => {
                return Err(End::error(ErrorCode::TimedOut, "no hello in time"));
            }
            Phase::Ready(ready) if ready.token_ends <= now => {
                return Err(End::error(ErrorCode::Unauthenticated, "the token has ended"));
            }
            Phase::AwaitingHello { .. } | Phase::Ready(_) => {}
        }
        if self.paused.is_some_and(|until| until <= now) {
            self.paused = self
                .user()
                .and_then(|user| self.app.work.resume(user, self.last_cost, now));
            if self.paused.is_none() {
                self.paid = self.last_cost;
            }
            self.show_state();
            self.last_heard = now;
        }
        let limits = &self.app.config.limits;
        if self.paused.is_none() && self.last_heard + limits.idle_timeout <= now {
            return Err(End::error(ErrorCode::TimedOut, "nothing heard for too long"));
        }
        if self.next_ping <= now {
            self.next_ping = now + limits.ping_every;
            self.wire.ping().await?;
        }
        Ok(())
    }

    async fn take_frame(&mut self, frame: Result<Incoming, End>) -> Result<(), End> {
        self.last_heard = Instant::now();
        let frame = frame?;
        if let Err(wait) = self
            .messages
            .take(self.app.config.limits.messages, self.last_heard)
        {
            return Err(End::retry(ErrorCode::RateLimited, "too many messages", wait));
        }
        match frame {
            Incoming::Heard => Ok(()),
            Incoming::Frame(frame) => self.take_message(frame).await,
        }
    }

    async fn take_message(&mut self, frame: Frame) -> Result<(), End> {
        let bytes = frame.len();
        self.check_first(&frame)?;
        let mut work = Work::default();
        let message = Up::unpack(frame, &mut work);
        if let Some(user) = self.user() {
            let cost = Cost::of(bytes, work, std::mem::take(&mut self.paid));
            self.last_cost = cost.whole;
            self.paused = self.app.work.done(user, cost, Instant::now());
            self.show_state();
        }
        let message = match message {
            Ok(message) => message,
            Err(error) => return Err(self.malformed(&error, bytes)),
        };
        let (kind, workspace, began) = (kind_of(&message), workspace_of(&message), Instant::now());
        metrics::up(kind, bytes);
        let done = self.carry_out(message, kind, work).await;
        let (code, took) = (done.as_ref().err().map(End::label), began.elapsed());
        metrics::carried_out(kind, took, code.filter(|code| !["gone", "stuck"].contains(code)));
        self.wire
            .log_up((kind, workspace, bytes), code.unwrap_or("ok"), took);
        done
    }

    fn malformed(&self, error: &FrameError, bytes: usize) -> End {
        metrics::up("malformed", bytes);
        let code = error.code();
        metrics::carried_out("malformed", Duration::ZERO, Some(code.as_str()));
        self.wire
            .log_up(("malformed", None, bytes), code.as_str(), Duration::ZERO);
        // The parser's text may quote the whole frame.
        End::error(code, &told::without_contents(&error.to_string()))
    }

    async fn carry_out(&mut self, message: Up, kind: &'static str, work: Work) -> Result<(), End> {
        match (&self.phase, message) {
            (Phase::AwaitingHello { .. }, Up::Hello(hello)) => self.hello(hello).await,
            (Phase::AwaitingHello { .. }, _) | (Phase::Ready(_), Up::Hello(_)) => Err(End::error(
                ErrorCode::OutOfOrder,
                &format!("{kind} may not come now"),
            )),
            (Phase::Ready(_), Up::Subscribe(subscribe)) => self.subscribe(subscribe).await,
            (Phase::Ready(_), Up::Push(push)) => self.push(push, work.text).await,
            (Phase::Ready(_), Up::Pull { workspace, cursor }) => self.pull(workspace, cursor).await,
            (Phase::Ready(_), Up::Auth { token }) => self.renew(&token).await,
            (Phase::Ready(_), Up::Ping) => self.pong().await,
        }
    }

    /// Before the account is known for which the work counts, a frame has to be cheap: a `hello` is short, and it
    /// is text.
    fn check_first(&self, frame: &Frame) -> Result<(), End> {
        let is_text = match frame {
            Frame::Text(_) => true,
            Frame::Binary(bytes) => bytes.first() == Some(&Form::TEXT.byte()),
        };
        match &self.phase {
            Phase::Ready(_) => Ok(()),
            Phase::AwaitingHello { .. } if !is_text => Err(End::bad_frame(
                "before welcome, every frame is text",
                close_code::UNSUPPORTED,
            )),
            Phase::AwaitingHello { .. } if frame.len() > limits::FRAME_BYTES => {
                Err(End::error(ErrorCode::FrameTooLarge, "the frame is too large"))
            }
            Phase::AwaitingHello { .. } if frame.len() > limits::HELLO_BYTES => {
                Err(End::error(ErrorCode::BadFrame, "no hello is so large"))
            }
            Phase::AwaitingHello { .. } => Ok(()),
        }
    }

    async fn pong(&mut self) -> Result<(), End> {
        // Changes that have already happened are sent first, so that a head is never ahead of the changes that this
        // session has sent.
        self.take_letters().await?;
        let subscriptions = match &self.phase {
            Phase::AwaitingHello { .. } => return Ok(()),
            Phase::Ready(ready) => &ready.subscriptions,
        };
        let heads = subscriptions
            .iter()
            .filter_map(|(workspace, subscription)| match subscription {
                Subscription::Live(sent) => Some((*workspace, sent.revision)),
                Subscription::Ended => None,
            });
        let pong = Down::Pong {
            heads: heads.collect(),
        };
        self.wire.send(&pong).await
    }

    /// Tells the metrics what it does now.
    fn show_state(&mut self) {
        self.state.to(match (&self.phase, self.paused) {
            (Phase::AwaitingHello { .. }, _) => State::Greeting,
            (Phase::Ready(_), Some(_)) => State::Slowed,
            (Phase::Ready(_), None) => State::Live,
        });
    }

    fn user(&self) -> Option<UserId> {
        match &self.phase {
            Phase::AwaitingHello { .. } => None,
            Phase::Ready(ready) => Some(ready.user),
        }
    }

    fn leave(&mut self) {
        if let Phase::Ready(ready) = &self.phase {
            for workspace in ready.subscriptions.keys() {
                self.app.events.subscriptions.leave(*workspace, self.id);
            }
            self.app.events.pool.dismiss(ready.user, self.id);
        }
    }
}
