//! A WebSocket whose events are values: opened, a frame, closed.
//!
//! After `Closed` nothing follows. Left out: the content of frames, reconnecting (the session decides), and the reason
//! of a failed connection (browsers hide it).

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Uint8Array};
use tsugi_sync::frame::Frame;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

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

/// The code for closing when the peer has sent something that this client cannot read (RFC 6455: unsupported data).
pub const UNSUPPORTED: u16 = 1003;

/// One connection. Dropping it closes the connection, and no input comes any more.
#[derive(Debug)]
pub struct Socket {
    socket: WebSocket,
    _open: Closure<dyn FnMut(Event)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Begins to connect. Inputs arrive at `on_input`, never before this function has returned.
    pub fn open(url: &str, on_input: impl FnMut(SocketInput) + 'static) -> Result<Self, SocketError> {
        let socket = WebSocket::new(url).map_err(|thrown| SocketError::NotAllowed {
            url: url.to_owned(),
            cause: js::describe(&thrown),
        })?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let sink = Sink::new(on_input);

        let opened = sink.clone();
        let open = Closure::<dyn FnMut(Event)>::new(move |_| opened.put(SocketInput::Opened));
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));

        let frames = sink.clone();
        let own = socket.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            match frame_of(&event.data()) {
                Some(frame) => frames.put(SocketInput::Frame(frame)),
                None => {
                    close(&own, None);
                    frames.end(UNSUPPORTED, "a frame of no known kind".to_owned());
                }
            }
        });
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));

        // A close always follows an error, and the error says nothing that the close does not say.
        let closed = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            sink.end(event.code(), event.reason());
        });
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));

        Ok(Self {
            socket,
            _open: open,
            _message: message,
            _close: closed,
        })
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

    pub fn send(&self, frame: &Frame) -> Result<(), SocketError> {
        // The browser throws only while it is connecting. On a closed socket it drops the frame silently.
        if self.socket.ready_state() != WebSocket::OPEN {
            return Err(SocketError::NotOpen);
        }
        let sent = match frame {
            Frame::Text(text) => self.socket.send_with_str(text),
            Frame::Binary(bytes) => self.socket.send_with_u8_array(bytes),
        };
        sent.map_err(|thrown| SocketError::NotSent(js::describe(&thrown)))
    }

    /// Begins to close; `Closed` follows. A code that a page may not send is left out.
    pub fn close(&self, code: u16) {
        close(&self.socket, Some(code));
    }

    /// Bytes handed over and not yet sent.
    #[must_use]
    pub fn buffered_amount(&self) -> u32 {
        self.socket.buffered_amount()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        close(&self.socket, Some(1000));
    }
}

fn frame_of(data: &JsValue) -> Option<Frame> {
    if let Some(text) = data.as_string() {
        return Some(Frame::Text(text));
    }
    let buffer = data.dyn_ref::<ArrayBuffer>()?;
    Some(Frame::Binary(Uint8Array::new(buffer).to_vec()))
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

fn close(socket: &WebSocket, code: Option<u16>) {
    let allowed = code.filter(|code| *code == 1000 || (3000..5000).contains(code));
    let closed: Result<(), JsValue> = match allowed {
        Some(code) => socket.close_with_code(code),
        None => socket.close(),
    };
    if let Err(thrown) = closed {
        js::warn(&format!("a socket did not close: {}", js::describe(&thrown)));
    }
}
