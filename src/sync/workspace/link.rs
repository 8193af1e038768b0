//! The workspace's side of the session: what happened goes in, what is to be done comes out, in order.

use std::collections::VecDeque;

use tsugi_sync::session::{Input, Output, Received};
use wasm_bindgen_futures::spawn_local;

use super::{Message, Workspace};
use crate::browser::device;
use crate::browser::socket::Socket;
use crate::browser::time::{self, Timer};
use crate::sync::account;

const SYNC_PATH: &str = "/api/v1/sync";

impl Workspace {
    /// Tells the session, and carries out what it wants, in order.
    pub(super) async fn session(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let now = time::steady();
            let before = self.session.phase();
            if let Some(tab) = self.client.tab().borrow().as_ref() {
                self.session.handle(now, input, tab.local.replica());
            }
            self.measure_phase(before);
            while let Some(output) = self.session.poll_output() {
                if let Some(input) = self.output(output).await {
                    inputs.push_back(input);
                }
            }
        }
        self.show_status();
        self.checkpoint().await;
    }

    async fn output(&mut self, output: Output) -> Option<Input> {
        let client = self.client.clone();
        match output {
            Output::Authenticate => match self.token.take() {
                Some(token) => return Some(Input::Token(Ok(token))),
                None => spawn_local(async move { client.send(Message::Token(account::refresh().await)) }),
            },
            Output::Open(_) => {
                self.meter.tried();
                self.sockets += 1;
                let number = self.sockets;
                let url = Socket::same_origin(SYNC_PATH).unwrap_or_default();
                match Socket::open(&url, move |input| client.send(Message::Socket(number, input))) {
                    Ok(socket) => self.socket = Some(socket),
                    Err(_) => return Some(Input::Closed),
                }
            }
            Output::Transmit(message) => {
                let frame = message.to_frame();
                self.meter.sent(frame.len());
                let sent = self.socket.as_ref().map(|socket| socket.send(&frame));
                // A socket that takes nothing is closed, or about to say so.
                if !matches!(sent, Some(Ok(()))) {
                    return Some(Input::Closed);
                }
            }
            Output::Close => {
                self.socket = None;
                self.sockets += 1;
            }
            Output::Persist(received) => {
                return Some(if self.persist(received).await {
                    Input::Persisted
                } else {
                    Input::Closed
                });
            }
            Output::WakeAt(at) => self.timer = Some(Timer::at(at, move || client.send(Message::Timer))),
            Output::Notify => self.show_status(),
        }
        None
    }

    async fn persist(&mut self, received: Received) -> bool {
        let device = device::label();
        self.measure_conflicts(&received);
        let persisted = self
            .commit(|replica| received.clone().entries(replica, &device))
            .await;
        if persisted {
            self.measure_arrival(&received);
        }
        persisted
    }
}
