//! A WebSocket whose events are values: opened, a frame, closed.
//!
//! `gloo-net` holds the browser's socket and queues its events, so that none is lost however late it is read. After
//! `Closed` nothing follows. Left out: the content of frames, reconnecting (the session decides), and the reason of a
//! failed connection (browsers hide it).

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures::{Sink as _, Stream as _};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State, WebSocketError};
use tsugi_sync::frame::Frame;
use wasm_bindgen_futures::spawn_local;

use super::js;

/// An event of a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketInput {
    Opened,
    Frame(Frame),
    /// The end, also of a connection that was never opened (then usually with code 1006).
    Closed {
        code: u16,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SocketError {
    #[error("the browser does not connect to {url}: {cause}")]
    NotAllowed { url: String, cause: String },
    #[error("the socket is not open")]
    NotOpen,
    #[error("the browser did not take the frame: {0}")]
    NotSent(String),
}

/// One connection. Dropping it closes the connection, and no input comes any more.
pub struct Socket {
    socket: Shared,
    sink: Sink,
}

/// Dropping the connection takes the socket out. Then the task that reads finds none, and ends.
type Shared = Rc<RefCell<Option<WebSocket>>>;

/// The code for closing when this side needs the connection no more (RFC 6455: normal closure).
const DONE: u16 = 1000;

impl Socket {
    /// Begins to connect. Inputs arrive at `on_input`, never before this function has returned.
    pub fn open(url: &str, on_input: impl FnMut(SocketInput) + 'static) -> Result<Self, SocketError> {
        let socket = WebSocket::open(url).map_err(|error| SocketError::NotAllowed {
            url: url.to_owned(),
            cause: error.to_string(),
        })?;
        let socket = Rc::new(RefCell::new(Some(socket)));
        let sink = Sink::new(on_input);
        spawn_local(listen(Rc::clone(&socket), sink.clone()));
        Ok(Self { socket, sink })
    }

    /// The address of a path of this origin.
    #[must_use]
    pub fn same_origin(path: &str) -> Option<String> {
        let location = web_sys::window()?.location();
        let scheme = match location.protocol().ok()?.as_str() {
            "https:" => "wss",
            _ => "ws",
        };
        Some(format!("{scheme}://{}{path}", location.host().ok()?))
    }

    pub fn send(&self, frame: Frame) -> Result<(), SocketError> {
        let mut socket = self.socket.borrow_mut();
        // On a closed socket the browser drops the frame silently.
        let socket = socket
            .as_mut()
            .filter(|socket| matches!(socket.state(), State::Open))
            .ok_or(SocketError::NotOpen)?;
        let message = match frame {
            Frame::Text(text) => Message::Text(text),
            Frame::Binary(bytes) => Message::Bytes(bytes),
        };
        Pin::new(socket)
            .start_send(message)
            .map_err(|error| SocketError::NotSent(error.to_string()))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.sink.silence();
        let socket = self.socket.take();
        if let Some(Err(error)) = socket.map(|socket| socket.close(Some(DONE), None)) {
            js::warn(&format!("a socket did not close: {error}"));
        }
    }
}

impl std::fmt::Debug for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Socket")
            .field("sink", &self.sink)
            .finish_non_exhaustive()
    }
}

/// Hands on the events of the socket, until it is closed or dropped.
async fn listen(socket: Shared, sink: Sink) {
    // This waits until the socket is open or has failed to open.
    poll_fn(|cx| match socket.borrow_mut().as_mut() {
        Some(socket) => Pin::new(socket).poll_ready(cx).map(drop),
        None => Poll::Ready(()),
    })
    .await;
    let is_open = |socket: &WebSocket| matches!(socket.state(), State::Open);
    if socket.borrow().as_ref().is_some_and(is_open) {
        sink.put(SocketInput::Opened);
    }
    let next = |cx: &mut Context<'_>| match socket.borrow_mut().as_mut() {
        Some(socket) => Pin::new(socket).poll_next(cx),
        None => Poll::Ready(None),
    };
    while let Some(said) = poll_fn(next).await {
        match said {
            Ok(Message::Text(text)) => sink.put(SocketInput::Frame(Frame::Text(text))),
            Ok(Message::Bytes(bytes)) => sink.put(SocketInput::Frame(Frame::Binary(bytes))),
            Err(WebSocketError::ConnectionClose(event)) => return sink.end(event.code, event.reason),
            // A close always follows an error, and the error says nothing that the close does not say.
            Err(_) => {}
        }
    }
}

/// The receiver of inputs, until the end.
#[derive(Clone)]
pub(super) struct Sink(Rc<RefCell<Option<OnInput>>>);

type OnInput = Box<dyn FnMut(SocketInput)>;

impl Sink {
    pub(super) fn new(on_input: impl FnMut(SocketInput) + 'static) -> Self {
        Self(Rc::new(RefCell::new(Some(Box::new(on_input)))))
    }

    /// Passes nothing on any more.
    pub(super) fn silence(&self) {
        if let Ok(mut sink) = self.0.try_borrow_mut() {
            *sink = None;
        }
    }

    pub(super) fn is_silent(&self) -> bool {
        self.0.try_borrow().is_ok_and(|sink| sink.is_none())
    }

    pub(super) fn put(&self, input: SocketInput) {
        // It is borrowed only if the receiver runs the browser's event loop inside itself, which is impossible.
        if let Ok(mut sink) = self.0.try_borrow_mut()
            && let Some(put) = sink.as_mut()
        {
            put(input);
        }
    }

    pub(super) fn end(&self, code: u16, reason: String) {
        self.put(SocketInput::Closed { code, reason });
        self.silence();
    }
}

impl std::fmt::Debug for Sink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sink").field("silent", &self.is_silent()).finish()
    }
}
