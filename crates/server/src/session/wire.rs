//! A session's connection, over a socket or over requests: frames in, frames out by a deadline, and the way out.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use bytes::Bytes;
use futures_util::SinkExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use tsugi_sync::frame::{Form, Frame};
use tsugi_sync::ids::{SessionId, UserId, WorkspaceId};
use tsugi_sync::protocol::{Down, ErrorCode, ErrorMessage};

use super::end::End;
use crate::access::{self, Message as Logged, Traffic};
use crate::line::{Line, Said};
use crate::metrics;
use crate::packed::Packed;

pub(super) struct Wire {
    carrier: Carrier,
    deadline: Duration,
    /// How frames may be written.
    form: Form,
    /// For the access log.
    session: SessionId,
    user: Option<UserId>,
    traffic: Traffic,
}

/// The transport of the frames.
pub(super) enum Carrier {
    Socket(Box<WebSocket>),
    Poll {
        line: Arc<Line>,
        said: mpsc::Receiver<Said>,
        /// The other frames of a request that brought several.
        frames: VecDeque<Frame>,
    },
}

impl Carrier {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Socket(_) => "websocket",
            Self::Poll { .. } => "polling",
        }
    }
}

/// News from the other side.
#[derive(Debug)]
pub(super) enum Incoming {
    Frame(Frame),
    /// The other side is there.
    Heard,
}

/// The kind of a message, and the workspace that it is about.
pub(super) type About = (&'static str, Option<WorkspaceId>);

fn workspace_of(message: &Down) -> Option<WorkspaceId> {
    match message {
        Down::Snapshot(snapshot) => Some(snapshot.workspace),
        Down::Delta(delta) => Some(delta.workspace),
        Down::Subscribed { workspace, .. } => Some(*workspace),
        Down::Error(error) => error.workspace,
        Down::Welcome(_) | Down::Pong { .. } => None,
    }
}

pub(super) fn kind_of(message: &Down) -> &'static str {
    match message {
        Down::Welcome(_) => "welcome",
        Down::Snapshot(_) => "snapshot",
        Down::Delta(_) => "delta",
        Down::Subscribed { .. } => "subscribed",
        Down::Pong { .. } => "pong",
        Down::Error(_) => "error",
    }
}

impl Wire {
    pub(super) fn new(carrier: Carrier, deadline: Duration, session: SessionId) -> Self {
        Self {
            carrier,
            deadline,
            form: Form::TEXT,
            session,
            user: None,
            traffic: Traffic::default(),
        }
    }

    pub(super) fn belongs_to(&mut self, user: UserId) {
        self.user = Some(user);
    }

    /// A message from the other side was carried out, or was not.
    pub(super) fn log_up(
        &self,
        (kind, workspace, bytes): (&str, Option<WorkspaceId>, usize),
        code: &str,
        took: Duration,
    ) {
        access::add(&self.traffic.bytes_in, bytes);
        access::add(&self.traffic.messages_in, 1);
        access::up(self.message(kind, workspace, bytes), code, took);
    }

    fn message<'a>(&self, kind: &'a str, workspace: Option<WorkspaceId>, bytes: usize) -> Logged<'a> {
        let (session, user) = (self.session, self.user);
        Logged {
            session,
            user,
            kind,
            workspace,
            bytes,
        }
    }

    pub(super) fn form(&self) -> Form {
        self.form
    }

    /// From here on, frames are written in this form.
    pub(super) fn agree(&mut self, form: Form) {
        self.form = form;
    }

    /// The future can be dropped while it waits, and loses nothing.
    pub(super) async fn receive(&mut self) -> Result<Incoming, End> {
        match &mut self.carrier {
            Carrier::Socket(socket) => match socket.recv().await {
                None | Some(Ok(Message::Close(_))) => Err(End::Gone),
                Some(Err(error)) => Err(End::from_transport(error)),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Incoming::Heard),
                Some(Ok(Message::Text(text))) => Ok(Incoming::Frame(Frame::Text(text.as_str().to_owned()))),
                Some(Ok(Message::Binary(bytes))) => Ok(Incoming::Frame(Frame::Binary(bytes.into()))),
            },
            Carrier::Poll { said, frames, .. } => loop {
                if let Some(frame) = frames.pop_front() {
                    return Ok(Incoming::Frame(frame));
                }
                match said.recv().await {
                    None => return Err(End::Gone),
                    Some(Said::Listening) => return Ok(Incoming::Heard),
                    Some(Said::Frames(more)) => frames.extend(more),
                    Some(Said::Gone) => return Err(End::Gone),
                }
            },
        }
    }

    /// Sends a message now.
    pub(super) async fn send(&mut self, message: &Down) -> Result<(), End> {
        let about = (kind_of(message), workspace_of(message));
        self.feed_text(about, message.to_frame()).await?;
        self.flush().await
    }

    /// Queues a message's text, written in the agreed form; `flush` sends it.
    pub(super) async fn feed_text(&mut self, about: About, text: String) -> Result<(), End> {
        let frame = self.form.pack(text);
        self.feed(about, frame.into()).await
    }

    /// Queues a frame behind those that are being written; `flush` sends it.
    pub(super) async fn feed(&mut self, (kind, workspace): About, frame: Packed) -> Result<(), End> {
        let bytes = frame.len();
        metrics::down(kind, bytes);
        access::add(&self.traffic.bytes_out, bytes);
        access::add(&self.traffic.messages_out, 1);
        access::down(self.message(kind, workspace, bytes));
        match &mut self.carrier {
            Carrier::Socket(socket) => in_time(self.deadline, socket.feed(frame.into())).await,
            Carrier::Poll { line, .. } => match timeout(self.deadline, line.put(frame)).await {
                Ok(()) => Ok(()),
                Err(_) => Err(End::Stuck),
            },
        }
    }

    pub(super) async fn flush(&mut self) -> Result<(), End> {
        match &mut self.carrier {
            Carrier::Socket(socket) => in_time(self.deadline, socket.flush()).await,
            Carrier::Poll { line, .. } => {
                line.flush();
                Ok(())
            }
        }
    }

    /// Asks whether the other side is there. A session that polls needs no question, because its requests answer it.
    pub(super) async fn ping(&mut self) -> Result<(), End> {
        match &mut self.carrier {
            Carrier::Socket(socket) => in_time(self.deadline, socket.send(Message::Ping(Bytes::new()))).await,
            Carrier::Poll { .. } => Ok(()),
        }
    }

    /// Tells the other side the reason, closes, and waits a moment for the other side to read it.
    /// Answers what went to and fro.
    pub(super) async fn finish(mut self, end: End, farewell: Duration) -> Traffic {
        self.part(end, farewell).await;
        self.traffic
    }

    async fn part(&mut self, end: End, farewell: Duration) {
        let until = Instant::now() + farewell;
        let message = match end {
            End::Stuck => None,
            End::Gone => {
                // The answer to the other side's close goes out while the rest is read. If the connection broke,
                // this ends at once.
                return self.read_out(until).await;
            }
            End::Error {
                code,
                message,
                retry_after_ms,
                close,
            } => {
                let close = close_frame(&code, close);
                let message = ErrorMessage {
                    code,
                    message,
                    retry_after_ms,
                    workspace: None,
                };
                Some((message, close))
            }
        };
        if let Some((message, close)) = message {
            // A side that is gone or does not read cannot be told, and the session ends all the same.
            let _told = timeout_at(until, self.say_goodbye(message, close)).await;
        }
        self.read_out(until).await;
    }

    async fn say_goodbye(&mut self, message: ErrorMessage, close: CloseFrame) -> Result<(), End> {
        self.send(&Down::Error(message)).await?;
        match &mut self.carrier {
            Carrier::Socket(socket) => in_time(self.deadline, socket.send(Message::Close(Some(close)))).await,
            Carrier::Poll { .. } => Ok(()),
        }
    }

    /// Closing with unread bytes would reset the connection and could take our error with it.
    async fn read_out(&mut self, until: Instant) {
        match &mut self.carrier {
            Carrier::Socket(socket) => while let Ok(Some(Ok(_))) = timeout_at(until, socket.recv()).await {},
            Carrier::Poll { line, .. } => {
                line.end();
                // Then it is over, whether the other side took the last frames or not.
                let _heard = timeout_at(until, line.emptied()).await;
            }
        }
    }
}

fn close_frame(code: &ErrorCode, close: Option<u16>) -> CloseFrame {
    CloseFrame {
        code: close.or(code.close_code()).unwrap_or(close_code::ERROR),
        reason: code.as_str().to_owned().into(),
    }
}

async fn in_time<T>(
    deadline: Duration,
    writing: impl Future<Output = Result<T, axum::Error>>,
) -> Result<T, End> {
    match timeout(deadline, writing).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err(End::Gone),
        Err(_) => Err(End::Stuck),
    }
}
