//! What the tabs of one workspace tell each other.
//!
//! A tab of the former version may be open beside one of this version, until the person reloads it. Both understand each
//! other: every message goes as the former version sent it, `{"type": …}` with members. Where that version put a value
//! into a JSON text within its message, this one sends the value itself, and beside it that text. It reads the value, and
//! the text where there is no value.

use serde::{Deserialize, Serialize};
use tsugi_screen::status::Announcement;

use super::account::Profile;

/// From one tab to all others of a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Sent", into = "Sent")]
pub enum TabMessage {
    /// The log has rows up to `head`: read from your own position.
    LogGrew { head: u64 },
    /// A tab that somebody looks at asks the one with the connection for a sign of life.
    IsLeaderAlive,
    /// The tab that holds the connection is not frozen.
    LeaderAlive,
    /// What the tab with the connection knows of it.
    SyncStatus(Announcement),
    /// Another tab wants its changes sent without waiting.
    PushNow,
    /// The person switched working offline on or off.
    WorkOffline { on: bool },
    /// This workspace has got an account. The profile comes along, because another tab may hear of this before it can read
    /// what was put into local storage; none where this version cannot read it.
    ProfileChanged(Option<Profile>),
    /// The account is signed out here: stop, and let go of the database.
    SignedOut,
}

/// A message on its way. It has no depth of its own, and members that it does not know are not looked at: whatever another
/// tab sends, reading it takes no more work than this.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Sent {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    head: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<Announcement>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile: Option<Profile>,
    /// The status or the profile for tabs of the former version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    json: Option<String>,
}

const LOG_GREW: &str = "log_grew";
const IS_LEADER_ALIVE: &str = "is_leader_alive";
const LEADER_ALIVE: &str = "leader_alive";
const SYNC_STATUS: &str = "sync_status";
const PUSH_NOW: &str = "push_now";
const WORK_OFFLINE: &str = "work_offline";
const PROFILE_CHANGED: &str = "profile_changed";
const SIGNED_OUT: &str = "signed_out";

impl From<TabMessage> for Sent {
    fn from(message: TabMessage) -> Self {
        let sent = |kind: &str| Self {
            kind: kind.to_owned(),
            ..Self::default()
        };
        match message {
            TabMessage::LogGrew { head } => Self {
                head: Some(head),
                ..sent(LOG_GREW)
            },
            TabMessage::IsLeaderAlive => sent(IS_LEADER_ALIVE),
            TabMessage::LeaderAlive => sent(LEADER_ALIVE),
            TabMessage::SyncStatus(status) => Self {
                json: serde_json::to_string(&status).ok(),
                status: Some(status),
                ..sent(SYNC_STATUS)
            },
            TabMessage::PushNow => sent(PUSH_NOW),
            TabMessage::WorkOffline { on } => Self {
                on: Some(on),
                ..sent(WORK_OFFLINE)
            },
            TabMessage::ProfileChanged(profile) => Self {
                // The former version takes a message without this member for none.
                json: Some(serde_json::to_string(&profile).unwrap_or_default()),
                profile,
                ..sent(PROFILE_CHANGED)
            },
            TabMessage::SignedOut => sent(SIGNED_OUT),
        }
    }
}

/// A message of another version, which this one passes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no message that this version knows")]
struct Unknown;

impl TryFrom<Sent> for TabMessage {
    type Error = Unknown;

    fn try_from(sent: Sent) -> Result<Self, Unknown> {
        let json = sent.json.unwrap_or_default();
        Ok(match sent.kind.as_str() {
            LOG_GREW => Self::LogGrew {
                head: sent.head.ok_or(Unknown)?,
            },
            IS_LEADER_ALIVE => Self::IsLeaderAlive,
            LEADER_ALIVE => Self::LeaderAlive,
            SYNC_STATUS => {
                let status = sent.status.or_else(|| serde_json::from_str(&json).ok());
                Self::SyncStatus(status.ok_or(Unknown)?)
            }
            PUSH_NOW => Self::PushNow,
            WORK_OFFLINE => Self::WorkOffline {
                on: sent.on.ok_or(Unknown)?,
            },
            PROFILE_CHANGED => {
                Self::ProfileChanged(sent.profile.or_else(|| serde_json::from_str(&json).ok()))
            }
            SIGNED_OUT => Self::SignedOut,
            _ => return Err(Unknown),
        })
    }
}
