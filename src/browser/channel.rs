//! What the tabs of one browser tell each other, over a `BroadcastChannel`.
//!
//! Messages are hints: a tab that misses one finds the truth in the journal. Another build may run in another tab,
//! so what cannot be read is passed over. Left out: answers, and proof of who spoke (same origin, that is all).

use js_sys::JSON;
use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use super::js;

/// From one tab to all others of a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TabMessage {
    /// The log has rows up to `head`: read from your own position.
    LogGrew { head: u64 },
    /// A tab that somebody looks at asks the one with the connection for a sign of life.
    IsLeaderAlive,
    /// The tab that holds the connection is not frozen.
    LeaderAlive,
    /// What the tab with the socket knows of the connection, as JSON text of the driver's own type.
    SyncStatus { json: String },
    /// Someone wants their changes sent without waiting.
    PushNow,
    /// The person switched working offline on or off.
    WorkOffline { on: bool },
    /// This workspace has got an account. The profile as JSON text comes along, because another tab may hear of this
    /// before it can read what was put into local storage.
    ProfileChanged { json: String },
    /// The account is signed out here: stop, and let go of the database.
    SignedOut,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    #[error("this browser has no channel between tabs: {0}")]
    Unavailable(String),
    #[error("the message could not be sent: {0}")]
    NotSent(String),
}

/// A tab's end of a channel; closed when dropped. A tab does not hear itself.
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

/// Messages are objects, as every build has sent them; by way of JSON, which the app reads anyway.
fn read(data: &JsValue) -> Option<TabMessage> {
    let text = JSON::stringify(data).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}
