//! The messages of the sync protocol, up (from a replica) and down (from the server). `docs/protocol.md` describes
//! them for other languages. The golden frames in `tests/` make sure that both agree.
//!
//! One message is one object, whose `type` names it. It is written as JSON text, or as `frame` says. Unknown members
//! are skipped, so that a later version may add some. An unknown type ends the session with `bad_frame`. `reading`
//! says how a message is read with bounded work, `code` lists the codes of the answers, and `authors` says whose changes a
//! delta brings.

mod authors;
mod code;
mod reading;

use serde::{Deserialize, Serialize};

use crate::entity::{Entity, Field};
use crate::hlc;
use crate::ids::{Epoch, Mark, MutationSeq, ReplicaId, Revision, SessionId, Timestamp, UserId, WorkspaceId};
use crate::mutation::PushedMutation;
use crate::vector::VersionVector;

pub use authors::{ChangedBy, changed_by, named};
pub use code::{ErrorCode, RefusalCode};
pub use reading::FrameError;
pub(crate) use reading::of_fields;

/// The versions that this build speaks, newest first. History:
/// 1 was the first.
/// 2 added marks, version vectors, squashed mutations, ticks, origins, encodings and long polling.
pub const VERSIONS: &[u32] = &[2, 1];

/// The path at which a server answers, for WebSockets and for long polling.
pub const SYNC_PATH: &str = "/api/v1/sync";

/// From a replica to the server.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Up {
    /// The first message of a session: which replica and device, and which versions it speaks. Answered by `welcome`,
    /// or by `error` and a close.
    Hello(Hello),
    /// Asks for a workspace, from a cursor on. Answered by `snapshot` or `delta` parts, then `subscribed`.
    Subscribe(Subscribe),
    /// Mutations, in the replica's order. Each is answered in the `outcomes` of a `delta`.
    Push(Push),
    /// Asks for everything after the cursor, because the replica saw a gap.
    Pull {
        workspace: WorkspaceId,
        cursor: Revision,
    },
    /// A fresh access token, before the one of the session ends.
    Auth { token: Token },
    /// Asks whether the server is still there. Answered by `pong`.
    Ping,
}

/// An access token. It does not show itself in logs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(pub String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// The protocol versions that the replica speaks. A number that no version of this protocol can have reads as 0,
    /// which is no version either.
    #[serde(deserialize_with = "reading::versions")]
    pub versions: Vec<u32>,
    pub token: Token,
    pub replica: ReplicaId,
    /// The name that people gave this device. Each side of a conflict shows it.
    pub device: String,
    /// The build, for logs.
    pub app: String,
    /// The encodings that it can read and write besides text; see `frame`.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "reading::offers"
    )]
    pub encodings: Vec<String>,
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "reading::offers"
    )]
    pub compressions: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subscribe {
    pub workspace: WorkspaceId,
    /// The epoch of the cursor; none when the replica has nothing yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    pub cursor: Revision,
    /// The mark of the cursor; 0 if it is not known. If the server has another mark there, its history is another one.
    #[serde(default, skip_serializing_if = "is_unmarked")]
    pub mark: Mark,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Push {
    pub workspace: WorkspaceId,
    #[serde(deserialize_with = "reading::mutations")]
    pub mutations: Vec<PushedMutation>,
}

/// From the server to a replica.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Down {
    Welcome(Welcome),
    /// A part of the whole state. The parts of a snapshot come one after another and show the same moment.
    Snapshot(Snapshot),
    Delta(Delta),
    /// The subscription has begun: from here on, the server sends changes by itself.
    Subscribed {
        workspace: WorkspaceId,
        epoch: Epoch,
        revision: Revision,
        /// The entries of the workspace's version vector that have changed since the cursor.
        #[serde(default, skip_serializing_if = "VersionVector::is_empty")]
        vector: VersionVector,
    },
    /// Answers `ping`, with the head of each subscription. A head after the replica's cursor shows a gap.
    Pong {
        heads: Vec<(WorkspaceId, Revision)>,
    },
    /// Something went wrong; a close follows unless the code says otherwise.
    Error(ErrorMessage),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// The version that the server chose.
    pub version: u32,
    pub session: SessionId,
    pub user: UserId,
    /// The server's clock. It serves for the times that people see, and for nothing else.
    pub time: Timestamp,
    /// When the token of this session ends; `auth` with a new one before then keeps the session.
    pub token_expires: Timestamp,
    /// Milliseconds of silence after which each side may believe that the other is gone. Ping well before that.
    pub idle_timeout_ms: u64,
    /// The encoding that holds from here on, one of those that were offered; none is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compression: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub workspace: WorkspaceId,
    pub epoch: Epoch,
    /// The revision of which this is the state.
    pub revision: Revision,
    pub entities: Vec<Entity>,
    /// Whether this is the last part: then the snapshot replaces what the replica had.
    pub last: bool,
    /// The mark of the revision.
    #[serde(default, skip_serializing_if = "is_unmarked")]
    pub mark: Mark,
    /// For each replica, up to which of its mutations the snapshot has them. Comes with the last part.
    #[serde(default, skip_serializing_if = "VersionVector::is_empty")]
    pub vector: VersionVector,
    /// When it was read, by the server's clock; 0 if that is not known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub at: Timestamp,
}

/// What happened in `(from, to]`: the cells that others changed, and the answers to this replica's own mutations. One
/// message holds both, so that a replica takes them in as one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    pub workspace: WorkspaceId,
    pub epoch: Epoch,
    pub from: Revision,
    pub to: Revision,
    /// Each entity with just the cells that changed in the range.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
    /// When the latest of these changes was committed, by the server's clock; 0 if that is not known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub at: Timestamp,
    /// The mark of `to`; 0 if it is not known.
    #[serde(default, skip_serializing_if = "is_unmarked")]
    pub mark: Mark,
    /// The authors of the latest of these changes, and of those that can cross with an edit of the receiving replica; see
    /// `authors`. Its own changes are not among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<ChangedBy>,
}

pub(crate) fn is_zero(at: &Timestamp) -> bool {
    at.0 == 0
}

pub(crate) fn is_unmarked(mark: &Mark) -> bool {
    mark.0 == 0
}

/// The server's answer to one mutation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    pub seq: MutationSeq,
    #[serde(flatten)]
    pub fate: Fate,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// It took effect at this revision: now, or earlier, if only the answer was lost. If it was earlier, or if the
    /// entity is or was deleted, the whole entity comes with it as it is now, because the replica may have nothing of
    /// it.
    Accepted {
        revision: Revision,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        current: Option<Entity>,
    },
    /// It was made on values that have changed since. The whole entity comes with it as it is now, and the author of
    /// the last change that concerns the mutation.
    Conflict {
        current: Entity,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Author>,
        /// The authors of earlier changes that concern the mutation.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        others: Vec<Authored>,
    },
    /// It can never take effect as it is.
    Refused { code: RefusalCode, message: String },
}

/// An author, with the fields that they changed last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authored {
    pub by: Author,
    pub fields: Vec<Field>,
}

/// The person who made a change, their device, and the time by its clock; for people to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    pub user: UserId,
    pub device: String,
    pub at: Timestamp,
    /// The logical part of `at`.
    #[serde(default, skip_serializing_if = "hlc::is_zero")]
    pub tick: u32,
    /// The replica that made the change, so that a device knows its own edits again. None from a server that does not
    /// say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replica: Option<ReplicaId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorMessage {
    pub code: ErrorCode,
    /// For people who read logs, in English.
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The workspace that the error is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceId>,
}
