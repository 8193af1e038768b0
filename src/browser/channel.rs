//! Messages between the tabs of one browser, over a `BroadcastChannel`.
//!
//! Messages are values of a type that sender and receiver share, and hints: a tab that misses one finds the edits in the
//! journal. Another tab may run another version, so unreadable messages are passed over. Left out: answers, and a proof of
//! the sender (it has the same origin, and that is all).

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use super::js;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    #[error("this browser has no channel between tabs: {0}")]
    Unavailable(String),
    #[error("the message could not be sent: {0}")]
    NotSent(String),
}

/// A tab's end of a channel. It is closed when it is dropped. A tab does not hear itself.
#[derive(Debug)]
pub struct Channel<M> {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _messages: PhantomData<M>,
}

impl<M: Serialize + DeserializeOwned> Channel<M> {
    pub fn open(name: &str, mut on_message: impl FnMut(M) + 'static) -> Result<Self, ChannelError> {
        let channel =
            BroadcastChannel::new(name).map_err(|thrown| ChannelError::Unavailable(js::describe(&thrown)))?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(message) = serde_wasm_bindgen::from_value(event.data()) {
                on_message(message);
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Ok(Self {
            channel,
            _on_message: heard,
            _messages: PhantomData,
        })
    }

    pub fn post(&self, message: &M) -> Result<(), ChannelError> {
        let value = serde_wasm_bindgen::to_value(message)
            .map_err(|error| ChannelError::NotSent(error.to_string()))?;
        self.channel
            .post_message(&value)
            .map_err(|thrown| ChannelError::NotSent(js::describe(&thrown)))
    }
}

impl<M> Drop for Channel<M> {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
