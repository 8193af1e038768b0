//! Messages between the tabs of one browser, over a `BroadcastChannel`.
//!
//! Messages are hints: a tab that misses one finds the edits in the journal. Another tab may run another version, so
//! unreadable messages are passed over. Left out: answers, and a proof of the sender (it has the same origin, and that
//! is all).

use js_sys::JSON;
use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use super::js;

/// A message from one tab to all others of a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TabMessage {
    /// The log has rows up to `head`; each tab reads on from its own position.
    LogGrew { head: u64 },
    /// A visible tab asks the leading tab for a sign of life.
    IsLeaderAlive,
    /// The tab that holds the connection is not frozen.
    LeaderAlive,
    /// The leading tab's announcement about the connection, as JSON text of the driver's type.
    SyncStatus { json: String },
    /// Somebody wants their edits sent without waiting.
    PushNow,
    /// The person switched working offline on or off.
    WorkOffline { on: bool },
    /// This workspace has got an account. The message holds the profile as JSON text, because another tab may hear of
    /// this before it can read the new value in the local storage.
    ProfileChanged { json: String },
    /// The account was signed out here: stop, and close the database.
    SignedOut,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    #[error("this browser has no channel between tabs: {0}")]
    Unavailable(String),
    #[error("the message could not be sent: {0}")]
    NotSent(String),
}

/// A tab's end of a channel. It is closed when it is dropped. A tab does not hear itself.
#[derive(Debug)]
pub struct Channel {
    channel: BroadcastChannel,
    _message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    pub fn open(name: &str, mut on_message: impl FnMut(TabMessage) + 'static) -> Result<Self, ChannelError> {
        let channel =
            BroadcastChannel::new(name).map_err(|thrown| ChannelError::Unavailable(js::describe(&thrown)))?;
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(message) = read(&event.data()) {
                on_message(message);
            }
        });
        channel.set_onmessage(Some(message.as_ref().unchecked_ref()));
        Ok(Self {
            channel,
            _message: message,
        })
    }

    pub fn post(&self, message: &TabMessage) -> Result<(), ChannelError> {
        let text =
            serde_json::to_string(message).map_err(|error| ChannelError::NotSent(error.to_string()))?;
        let value = JSON::parse(&text).map_err(|thrown| ChannelError::NotSent(js::describe(&thrown)))?;
        self.channel
            .post_message(&value)
            .map_err(|thrown| ChannelError::NotSent(js::describe(&thrown)))
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// Messages are objects, as every version has sent them. They are read by way of JSON, which the app reads anyway.
fn read(data: &JsValue) -> Option<TabMessage> {
    let text = JSON::stringify(data).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}
