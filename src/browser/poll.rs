//! HTTP long polling with the face of a socket, for networks that let no WebSocket through.
//!
//! ```text
//!  talking:   POST frames ──▶ answered at once      POST frames ──▶ answered at once
//!  listening:      POST nothing ─────── held until there is something ──▶ POST nothing ─────── …
//! ```
//!
//! The first request carries `hello`, and its answer has the name of a session. From then on one request listens, and
//! at most one talks beside it. Only the answers of the listening request carry frames. The server does not repeat
//! frames that the client has acknowledged. A request that fails ends the connection, as with a socket. Nothing is
//! cached. If an answer is empty before its time, the next request waits a little. Left out: trying again (the session
//! decides), and the content of frames.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_net::http::{Request, Response};
use js_sys::Uint8Array;
use tsugi_sync::frame::{Form, Frame, join};
use tsugi_sync::limits;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, RequestCache, RequestCredentials};

use super::socket::{Sink, SocketInput};
use super::time::{self, Timer, pause};

/// How many milliseconds the server may hold a request that listens.
const HOLD_MS: u64 = limits::LISTEN_MS;
/// How many milliseconds later than that an answer may come.
const LATE_MS: u64 = 10_000;
/// The least number of milliseconds between two requests that listen, if the first was answered with nothing.
const LEAST_MS: u64 = 1_000;

const SESSION: &str = "tsugi-session";
const SEQ: &str = "tsugi-seq";
const ACK: &str = "tsugi-ack";
const WAIT: &str = "tsugi-wait-ms";

/// One connection. Dropping it ends its requests, and no input comes any more.
#[derive(Debug)]
pub struct Poll {
    line: Rc<Line>,
}

#[derive(Debug)]
struct Line {
    path: String,
    sink: Sink,
    abort: AbortController,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The server's name for this session, once it has answered.
    session: Option<String>,
    /// Frames that wait to be sent.
    up: VecDeque<Frame>,
    talking: bool,
    /// The number of the last request that carried frames.
    seq: u64,
    /// The number of the last frame that was passed on.
    ack: u64,
}

impl Poll {
    /// Begins. Inputs arrive at `on_input`, never before this function has returned.
    #[must_use]
    pub fn open(path: &str, on_input: impl FnMut(SocketInput) + 'static) -> Option<Self> {
        let line = Rc::new(Line {
            path: path.to_owned(),
            sink: Sink::new(on_input),
            abort: AbortController::new().ok()?,
            state: RefCell::default(),
        });
        // There is nothing to connect to. The first frame finds out whether the server answers.
        let opened = line.sink.clone();
        spawn_local(async move { opened.put(SocketInput::Opened) });
        Some(Self { line })
    }

    /// Sends a frame, together with all others of this turn of the event loop.
    pub fn send(&self, frame: Frame) {
        let mut state = self.line.state.borrow_mut();
        state.up.push_back(frame);
        if !std::mem::replace(&mut state.talking, true) {
            spawn_local(Rc::clone(&self.line).talk());
        }
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        self.line.sink.silence();
        self.line.abort.abort();
    }
}

impl Line {
    async fn talk(self: Rc<Self>) {
        loop {
            let body = {
                let mut state = self.state.borrow_mut();
                state.talking = !state.up.is_empty();
                if !state.talking {
                    return;
                }
                state.seq += 1;
                body_of(&mut state.up)
            };
            let begins = self.state.borrow().session.is_none();
            match self.ask(Some(body), 0).await {
                Ok(_) if begins => spawn_local(Rc::clone(&self).listen()),
                Ok(_) => {}
                Err(reason) => return self.end(&reason),
            }
        }
    }

    async fn listen(self: Rc<Self>) {
        while !self.sink.is_silent() {
            let asked = time::steady();
            match self.ask(None, HOLD_MS).await {
                Ok(0) => pause(LEAST_MS.saturating_sub(time::steady().since(asked))).await,
                Ok(_) => {}
                Err(reason) => return self.end(&reason),
            }
        }
    }

    /// Makes one request. Returns how many frames its answer had.
    async fn ask(&self, body: Option<Vec<u8>>, wait: u64) -> Result<usize, String> {
        let controller = self.abort.clone();
        let _late = Timer::after(wait + LATE_MS, move || controller.abort());
        let failed = |error: gloo_net::Error| error.to_string();
        let request = {
            let state = self.state.borrow();
            let request = Request::post(&self.path)
                .cache(RequestCache::NoStore)
                .credentials(RequestCredentials::Omit)
                .abort_signal(Some(&self.abort.signal()))
                .header("content-type", "application/octet-stream")
                .header(ACK, &state.ack.to_string())
                .header(WAIT, &wait.to_string());
            let request = match &state.session {
                Some(session) => request.header(SESSION, session),
                None => request,
            };
            match body {
                Some(body) => request
                    .header(SEQ, &state.seq.to_string())
                    .body(Uint8Array::from(body.as_slice())),
                None => request.build(),
            }
        };
        let answer = request.map_err(failed)?.send().await.map_err(failed)?;
        if !answer.ok() {
            return Err(format!("the server answered {}", answer.status()));
        }
        let first = number(&answer, SEQ);
        let session = answer.headers().get(SESSION);
        let body = answer.binary().await.map_err(failed)?;
        let frames = frames_of(&body).ok_or("the answer is not what it should be")?;
        let mut state = self.state.borrow_mut();
        if state.session.is_none() {
            state.session = Some(session.ok_or("the server named no session")?);
        }
        let count = frames.len();
        for (number, frame) in (first.unwrap_or(state.ack + 1)..).zip(frames) {
            match number {
                _ if number <= state.ack => {}
                _ if number == state.ack + 1 => {
                    state.ack = number;
                    self.sink.put(SocketInput::Frame(frame));
                }
                _ => return Err("the server left out a frame".to_owned()),
            }
        }
        Ok(count)
    }

    fn end(&self, reason: &str) {
        // The requests that are still open have nowhere to deliver their answers.
        self.abort.abort();
        self.sink.end(1006, reason.to_owned());
    }
}

/// The frames for one request, as many as are allowed.
fn body_of(up: &mut VecDeque<Frame>) -> Vec<u8> {
    let mut body = Vec::new();
    let mut count = 0;
    while count < limits::FRAMES_PER_REQUEST
        && let Some(frame) = up.front()
        && (body.is_empty() || body.len() + frame.len() < limits::FRAME_BYTES)
    {
        let bytes = match up.pop_front() {
            Some(Frame::Text(text)) => join(Form::TEXT, text.as_bytes()),
            Some(Frame::Binary(bytes)) => bytes,
            None => break,
        };
        body.extend((bytes.len() as u32).to_be_bytes());
        body.extend(bytes);
        count += 1;
    }
    body
}

/// The frames of an answer; none if it is cut off.
fn frames_of(mut body: &[u8]) -> Option<Vec<Frame>> {
    let mut frames = Vec::new();
    while !body.is_empty() {
        let (length, rest) = body.split_first_chunk()?;
        let (frame, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        frames.push(Frame::Binary(frame.to_vec()));
        body = rest;
    }
    Some(frames)
}

fn number(answer: &Response, header: &str) -> Option<u64> {
    answer.headers().get(header)?.parse().ok()
}
