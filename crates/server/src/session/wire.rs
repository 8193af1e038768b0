//! The socket's writing side with its deadline, and the way out.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use futures_util::SinkExt;
use tokio::time::{Instant, timeout, timeout_at};
use tsugi_sync::protocol::{Down, ErrorMessage};

use super::end::End;
use crate::metrics;

pub(super) struct Wire {
    socket: WebSocket,
    deadline: Duration,
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
    pub(super) fn new(socket: WebSocket, deadline: Duration) -> Self {
        Self { socket, deadline }
    }

    pub(super) async fn receive(&mut self) -> Option<Result<Message, axum::Error>> {
        self.socket.recv().await
    }

    /// Sends a message now.
    pub(super) async fn send(&mut self, message: &Down) -> Result<(), End> {
        self.feed(kind_of(message), message.to_frame().into()).await?;
        self.flush().await
    }

    /// Queues a frame behind what is being written; `flush` sends it.
    pub(super) async fn feed(&mut self, kind: &'static str, frame: Utf8Bytes) -> Result<(), End> {
        metrics::down(kind, frame.len());
        let writing = self.socket.feed(Message::Text(frame));
        in_time(self.deadline, writing).await
    }

    pub(super) async fn flush(&mut self) -> Result<(), End> {
        in_time(self.deadline, self.socket.flush()).await
    }

    pub(super) async fn ping(&mut self) -> Result<(), End> {
        in_time(self.deadline, self.socket.send(Message::Ping(Bytes::new()))).await
    }

    /// Says why, closes, and waits a moment for the other side to hear it.
    pub(super) async fn finish(mut self, end: End, farewell: Duration) {
        let (code, message) = match end {
            End::Stuck => return,
            // The answer to its close goes out as the rest is read; where the connection broke, this ends at once.
            End::Gone => return self.read_out(Instant::now() + farewell).await,
            End::Error {
                code,
                message,
                retry_after_ms,
            } => {
                let close = code.close_code().unwrap_or(1011);
                let message = ErrorMessage {
                    code,
                    message,
                    retry_after_ms,
                    workspace: None,
                };
                (close, message)
            }
        };
        let close = CloseFrame {
            code,
            reason: message.code.as_str().to_owned().into(),
        };
        let until = Instant::now() + farewell;
        let goodbye = async {
            self.feed("error", Down::Error(message).to_frame().into()).await?;
            in_time(self.deadline, self.socket.send(Message::Close(Some(close)))).await
        };
        if let Ok(Ok(())) = timeout_at(until, goodbye).await {
            // Closing with unread bytes would reset the connection and could take our error with it.
            self.read_out(until).await;
        }
    }

    async fn read_out(&mut self, until: Instant) {
        while let Ok(Some(Ok(_))) = timeout_at(until, self.socket.recv()).await {}
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
