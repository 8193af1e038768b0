//! A connection to the server: messages in and out, over either transport, in the agreed encoding.
//!
//! ```text
//! send ─► pack, one after the other ─► Socket | Poll ─► unpack, one after the other ─► on_input
//! ```
//! Packing and unpacking may wait for the browser, so each direction has a queue of its own, which keeps the messages in
//! order.

use std::rc::Rc;

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use tsugi_sync::frame::{DEFLATE_FROM, Form, Frame, join, read};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Down, FrameError, SYNC_PATH, Up};
use tsugi_sync::session::Transport;
use wasm_bindgen_futures::spawn_local;

use crate::browser::deflate::{self, DeflateError};
use crate::browser::poll::Poll;
use crate::browser::socket::{Socket, SocketInput};

/// Everything that a connection reports.
#[derive(Debug)]
pub enum LineInput {
    Opened,
    /// A message has arrived; the number is its size in bytes.
    Received(Result<Down, FrameError>, usize),
    /// A message was sent; the number is its size in bytes.
    Sent(usize),
    Closed,
}

/// One connection. Dropping it closes the connection.
#[derive(Debug)]
pub struct Line {
    out: UnboundedSender<(Form, String)>,
    _carrier: Rc<Carrier>,
}

#[derive(Debug)]
enum Carrier {
    Socket(Socket),
    Poll(Poll),
}

/// The encodings and compression that this browser can read and write.
#[must_use]
pub fn able() -> Form {
    Form {
        compact: true,
        deflated: deflate::is_there(),
    }
}

impl Line {
    /// Begins to connect. Events go to `on_input`, never before this function has returned.
    #[must_use]
    pub fn open(transport: Transport, on_input: impl Fn(LineInput) + Clone + 'static) -> Option<Self> {
        let (put, came) = unbounded();
        // If nobody listens any more, the event does not matter.
        let put = move |input| put.unbounded_send(input).unwrap_or_default();
        let carrier = match transport {
            Transport::WebSocket => {
                Carrier::Socket(Socket::open(&Socket::same_origin(SYNC_PATH)?, put).ok()?)
            }
            Transport::Polling => Carrier::Poll(Poll::open(SYNC_PATH, put)?),
        };
        let carrier = Rc::new(carrier);
        let (out, going) = unbounded();
        spawn_local(receive(came, on_input.clone()));
        spawn_local(send(going, Rc::downgrade(&carrier), on_input));
        Some(Self {
            out,
            _carrier: carrier,
        })
    }

    pub fn send(&self, form: Form, message: &Up) {
        // The receiver exists as long as the connection does.
        self.out
            .unbounded_send((form, message.to_frame()))
            .unwrap_or_default();
    }
}

async fn receive(mut came: UnboundedReceiver<SocketInput>, on_input: impl Fn(LineInput)) {
    while let Some(input) = came.next().await {
        on_input(match input {
            SocketInput::Opened => LineInput::Opened,
            SocketInput::Closed { .. } => LineInput::Closed,
            SocketInput::Frame(frame) => {
                let bytes = frame.len();
                let message = unpack(frame).await.and_then(|text| Down::parse(&text));
                LineInput::Received(message, bytes)
            }
        });
    }
}

async fn send(
    mut going: UnboundedReceiver<(Form, String)>,
    carrier: std::rc::Weak<Carrier>,
    on_input: impl Fn(LineInput),
) {
    while let Some((form, text)) = going.next().await {
        let frame = pack(form, text).await;
        let Some(carrier) = carrier.upgrade() else { return };
        let bytes = frame.len();
        let is_sent = match &*carrier {
            Carrier::Socket(socket) => socket.send(frame).is_ok(),
            Carrier::Poll(poll) => {
                poll.send(frame);
                true
            }
        };
        on_input(match is_sent {
            true => LineInput::Sent(bytes),
            // A transport that accepts nothing is closed, or is about to report that.
            false => LineInput::Closed,
        });
    }
}

async fn pack(form: Form, text: String) -> Frame {
    let plain = form.write(text);
    if !form.deflated || plain.len() < DEFLATE_FROM {
        return plain;
    }
    let Ok((written, body)) = plain.split() else {
        return plain;
    };
    let deflated = Form {
        deflated: true,
        ..written
    };
    match deflate::deflate(body).await {
        Ok(smaller) if smaller.len() + 1 < plain.len() => Frame::Binary(join(deflated, &smaller)),
        // If the browser cannot compress after all, the frame is sent uncompressed.
        Ok(_) | Err(_) => plain,
    }
}

async fn unpack(frame: Frame) -> Result<String, FrameError> {
    if let Frame::Text(text) = frame {
        return Ok(text);
    }
    let (form, body) = frame.split()?;
    let body = match form.deflated {
        false => body.to_vec(),
        true => deflate::inflate(body, limits::FRAME_BYTES)
            .await
            .map_err(|error| match error {
                DeflateError::TooLarge(limit) => FrameError::TooLarge(limit + 1),
                DeflateError::Malformed(why) => FrameError::Malformed(why),
            })?,
    };
    read(form.compact, body)
}
