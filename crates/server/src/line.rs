//! Long polling's side of a session: the frames that wait between the session's task and the requests that come and go.
//!
//! ```text
//! request that talks ──Said::Frames──►┐                     ┌──put──► waiting ──► request that listens
//! request that listens ─Said::Listening─► session's task ───┘            └── dropped once acknowledged
//! ```
//! Invariants: frames go out in order and with their numbers. A frame is kept until it is acknowledged, so that an
//! answer lost on the way can be given again. Only the newest request that listens is answered with frames.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc};
use tsugi_sync::frame::Frame;
use tsugi_sync::limits;
use uuid::Uuid;

use crate::packed::Packed;

/// News that requests bring to the session.
#[derive(Debug)]
pub(crate) enum Said {
    Frames(Vec<Frame>),
    Listening,
    Gone,
}

/// Requests whose frames may wait for the session to read them; the others wait themselves.
const SAID: usize = 4;

/// Approximate bytes of frames in one answer: at 20 kB/s, this is still well within a frame's deadline.
const ANSWER_BYTES: usize = 128 * 1024;

#[derive(Debug)]
pub(crate) struct Line {
    state: Mutex<State>,
    said: mpsc::Sender<Said>,
    /// There is news for the request that listens: frames, the end, or a newer request that listens.
    news: Notify,
    /// Frames were acknowledged, or were given for the last time, so there is room.
    room: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The frames that are not acknowledged.
    waiting: VecDeque<Packed>,
    bytes: usize,
    /// The number of the first frame in `waiting`.
    first: u64,
    /// How many frames of `waiting` may be given out.
    flushed: usize,
    /// How many were given out at least once.
    given: usize,
    /// The number of the last request that talked.
    seq: u64,
    /// Which request listens.
    listener: u64,
    ended: bool,
}

/// Frames for a request, and the number of the first.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) first: u64,
    pub(crate) frames: Vec<Packed>,
}

/// Why a request that listens gets no frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Silence {
    /// Another request listens now.
    Replaced,
    /// The session has ended, and all was said.
    Ended,
}

/// The fate of a request that talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Next,
    /// A request with this number has come before.
    Again,
    /// A request with a lower number is missing.
    Skipped,
    /// The session is over.
    Ended,
}

impl Line {
    pub(crate) fn new() -> (Arc<Self>, mpsc::Receiver<Said>) {
        let (said, heard) = mpsc::channel(SAID);
        let state = State {
            first: 1,
            ..State::default()
        };
        let line = Self {
            state: Mutex::new(state),
            said,
            news: Notify::new(),
            room: Notify::new(),
        };
        (Arc::new(line), heard)
    }

    /// Hands the frames of a request that talks to the session, once it has room for them. The number counts only then:
    /// a request that was given up while it waited can be sent again.
    pub(crate) async fn say(&self, seq: u64, frames: Vec<Frame>) -> Turn {
        let place = self.said.reserve().await;
        let mut state = self.lock();
        match (place, seq.checked_sub(state.seq)) {
            (Err(_), _) => Turn::Ended,
            (Ok(_), None | Some(0)) => Turn::Again,
            (Ok(place), Some(1)) => {
                state.seq = seq;
                place.send(Said::Frames(frames));
                Turn::Next
            }
            (Ok(_), Some(_)) => Turn::Skipped,
        }
    }

    /// The other side is gone, or breaks the rules. The session ends once it has read the frames that came before.
    pub(crate) async fn break_off(&self) {
        // Without a session, there is nothing to end.
        drop(self.said.send(Said::Gone).await);
    }

    /// Waits for frames after `ack`.
    pub(crate) async fn listen(&self, ack: u64) -> Result<Heard, Silence> {
        let listener = {
            let mut state = self.lock();
            state.acknowledge(ack);
            state.listener += 1;
            state.listener
        };
        self.room.notify_one();
        self.news.notify_waiters();
        // If the session has much to read already, it knows that the other side is there.
        drop(self.said.try_send(Said::Listening));
        loop {
            let news = self.news.notified();
            {
                let mut state = self.lock();
                if state.listener != listener {
                    return Err(Silence::Replaced);
                }
                if let Some(heard) = state.give() {
                    drop(state);
                    self.room.notify_one();
                    return Ok(heard);
                }
                if state.ended {
                    return Err(Silence::Ended);
                }
            }
            news.await;
        }
    }

    /// Adds a frame, once there is room for it.
    pub(crate) async fn put(&self, frame: Packed) {
        loop {
            {
                let mut state = self.lock();
                if state.bytes < limits::LISTEN_BYTES {
                    state.bytes += frame.len();
                    state.waiting.push_back(frame);
                    return;
                }
            }
            // There is room again only once the other side has been given the frames that are there.
            self.flush();
            self.room.notified().await;
        }
    }

    pub(crate) fn flush(&self) {
        let mut state = self.lock();
        state.flushed = state.waiting.len();
        drop(state);
        self.news.notify_waiters();
    }

    /// The session sends no more frames.
    pub(crate) fn end(&self) {
        self.lock().ended = true;
        self.flush();
    }

    /// Waits until everything was given out.
    pub(crate) async fn emptied(&self) {
        while {
            let state = self.lock();
            state.given < state.waiting.len()
        } {
            self.room.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code of ours panics while it holds it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn acknowledge(&mut self, ack: u64) {
        while self.first <= ack && self.flushed > 0 {
            let Some(frame) = self.waiting.pop_front() else {
                break;
            };
            self.bytes -= frame.len();
            self.first += 1;
            self.flushed -= 1;
            self.given = self.given.saturating_sub(1);
        }
    }

    /// A part of the waiting frames, at least one. It is small, because acknowledgements have to come often even
    /// over a slow network.
    fn give(&mut self) -> Option<Heard> {
        let mut bytes = 0;
        let fits = |frame: &&Packed| {
            let is_first = bytes == 0;
            bytes += frame.len();
            is_first || bytes <= ANSWER_BYTES
        };
        let flushed = self.waiting.iter().take(self.flushed);
        let frames: Vec<Packed> = flushed.take_while(fits).cloned().collect();
        self.given = self.given.max(frames.len());
        (!frames.is_empty()).then_some(Heard {
            first: self.first,
            frames,
        })
    }
}

/// The secret by which requests name their session. It does not show itself in logs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SessionName(pub(crate) Uuid);

impl fmt::Debug for SessionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionName(…)")
    }
}

/// All sessions that poll, by their names.
#[derive(Debug, Default)]
pub(crate) struct Lines(Mutex<HashMap<SessionName, Arc<Line>>>);

impl Lines {
    /// A name for the line; none if there are as many lines as allowed.
    pub(crate) fn add(&self, line: &Arc<Line>, limit: usize) -> Option<SessionName> {
        let mut lines = self.lock();
        (lines.len() < limit).then(|| {
            let name = SessionName(Uuid::new_v4());
            lines.insert(name, Arc::clone(line));
            name
        })
    }

    pub(crate) fn find(&self, name: SessionName) -> Option<Arc<Line>> {
        self.lock().get(&name).cloned()
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    pub(crate) fn remove(&self, name: SessionName) {
        self.lock().remove(&name);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SessionName, Arc<Line>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &'static str) -> Packed {
        Packed::Text(text.into())
    }

    fn texts(heard: &Heard) -> Vec<&str> {
        let text = |frame: &'_ Packed| match frame {
            Packed::Text(text) => text.as_str().to_owned().leak() as &str,
            Packed::Binary(_) => "binary",
        };
        heard.frames.iter().map(text).collect()
    }

    #[tokio::test]
    async fn what_was_not_acknowledged_is_given_again() {
        let (line, _said) = Line::new();
        line.put(frame("one")).await;
        line.put(frame("two")).await;
        line.flush();
        let heard = line.listen(0).await.unwrap();
        assert_eq!((heard.first, texts(&heard)), (1, vec!["one", "two"]));
        let again = line.listen(1).await.unwrap();
        assert_eq!((again.first, texts(&again)), (2, vec!["two"]));
        line.put(frame("three")).await;
        line.end();
        let last = line.listen(2).await.unwrap();
        assert_eq!((last.first, texts(&last)), (3, vec!["three"]));
        assert_eq!(line.listen(3).await.unwrap_err(), Silence::Ended);
        // The client acknowledges more frames than were ever sent.
        assert_eq!(line.listen(u64::MAX).await.unwrap_err(), Silence::Ended);
    }

    #[tokio::test]
    async fn the_newest_request_listens() {
        let (line, _said) = Line::new();
        let older = tokio::spawn({
            let line = Arc::clone(&line);
            async move { line.listen(0).await.map(drop) }
        });
        while line.lock().listener == 0 {
            tokio::task::yield_now().await;
        }
        let newer = tokio::spawn({
            let line = Arc::clone(&line);
            async move { line.listen(0).await.map(|heard| heard.first) }
        });
        assert_eq!(older.await.unwrap(), Err(Silence::Replaced));
        line.put(frame("one")).await;
        line.flush();
        assert_eq!(newer.await.unwrap(), Ok(1));
    }

    #[tokio::test]
    async fn requests_that_talk_take_their_turns() {
        let (line, said) = Line::new();
        assert_eq!(line.say(1, Vec::new()).await, Turn::Next);
        assert_eq!(line.say(1, Vec::new()).await, Turn::Again);
        assert_eq!(line.say(3, Vec::new()).await, Turn::Skipped);
        assert_eq!(line.say(2, Vec::new()).await, Turn::Next);
        drop(said);
        assert_eq!(line.say(3, Vec::new()).await, Turn::Ended);
    }

    #[tokio::test]
    async fn a_request_given_up_while_it_waited_can_be_sent_again() {
        let (line, mut said) = Line::new();
        for seq in 1..=SAID as u64 {
            assert_eq!(line.say(seq, Vec::new()).await, Turn::Next);
        }
        let next = SAID as u64 + 1;
        let waiting = line.say(next, Vec::new());
        tokio::select! {
            biased;
            _ = waiting => panic!("there was no room"),
            () = std::future::ready(()) => {}
        }
        said.recv().await.unwrap();
        assert_eq!(line.say(next, Vec::new()).await, Turn::Next);
    }

    #[tokio::test]
    async fn much_is_given_in_parts() {
        let (line, _said) = Line::new();
        for _ in 0..5 {
            line.put(Packed::Binary(vec![0; ANSWER_BYTES / 2].into())).await;
        }
        line.put(Packed::Binary(vec![0; 3 * ANSWER_BYTES].into())).await;
        line.flush();
        let mut heard = Vec::new();
        let mut ack = 0;
        while ack < 6 {
            let part = line.listen(ack).await.unwrap();
            ack += part.frames.len() as u64;
            heard.push(part.frames.len());
        }
        assert_eq!(heard, [2, 2, 1, 1]);
    }
}
