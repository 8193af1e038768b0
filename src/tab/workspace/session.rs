//! The workspace and its session: inputs go in, and outputs are carried out in order.

use std::collections::VecDeque;

use tsugi_sync::session::{Input, Output, Received, TokenError};
use wasm_bindgen_futures::spawn_local;

use super::{Message, Workspace};
use crate::browser::time::{self, Timer};
use crate::browser::{device, page};
use crate::tab::account;
use crate::tab::socket_line::Line;

impl Workspace {
    /// Gives an input to the session, and carries out its outputs in order.
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
        self.keep_activity().await;
        self.checkpoint().await;
    }

    async fn output(&mut self, output: Output) -> Option<Input> {
        let client = self.client.clone();
        match output {
            Output::Authenticate => match self.token.take() {
                Some(token) => return Some(Input::Token(Ok(token))),
                None if !self.reach.is_worth_asking(time::steady(), page::claims_online()) => {
                    return Some(Input::Token(Err(TokenError::Unreachable)));
                }
                None => spawn_local(async move { client.send(Message::Token(account::refresh().await)) }),
            },
            Output::Open(transport) => {
                self.meter.tried();
                self.lines += 1;
                let number = self.lines;
                self.line = Line::open(transport, move |input| client.send(Message::Line(number, input)));
                if self.line.is_none() {
                    return Some(Input::Closed);
                }
            }
            Output::Transmit(message) => match &self.line {
                Some(line) => line.send(self.session.form(), &message),
                None => return Some(Input::Closed),
            },
            Output::Close => {
                self.line = None;
                self.lines += 1;
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
        let device = device::name();
        self.measure_conflicts(&received);
        let heard = self.hear_others(&received);
        let persisted = self
            .commit(|replica| received.clone().entries(replica, &device))
            .await;
        if persisted {
            self.measure_arrival(&received);
            self.heard(heard);
        }
        persisted
    }
}
