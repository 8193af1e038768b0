//! How a message is read. The work is bounded by the size of the message, even if an attacker sent it.
//!
//! A message is text, of at most a frame's bytes. [`scan`](crate::frame) goes over it once and checks the limits of
//! every message. Then the members that belong to its type are read, and all others are skipped. No member is kept
//! before it is known to be wanted, and no list is kept beyond its limit.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Author, Authored, Down, ErrorCode, Fate, Outcome, RefusalCode, Token, Up};
use crate::entity::{Entity, Field};
#[cfg(feature = "deflate")]
use crate::frame::Frame;
use crate::frame::{NO_MORE_THAN_BYTES, Work, scan};
use crate::ids::{Epoch, MutationSeq, Revision, WorkspaceId};
use crate::limits;
use crate::mutation::PushedMutation;
use crate::sorted_map::SortedMap;
use crate::vector::VersionVector;

/// Why a frame is not a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("a frame of {0} bytes; the limit is {max}", max = limits::FRAME_BYTES)]
    TooLarge(usize),
    #[error("more than {max} values in one frame", max = limits::UP_VALUES)]
    TooManyValues,
    #[error("not a message: {0}")]
    Malformed(String),
    #[error("more than {max} mutations in one push", max = limits::MUTATIONS_PER_PUSH)]
    TooManyMutations,
    #[error("more than {max} versions, or encodings and compressions, offered", max = limits::HELLO_OFFERS)]
    TooManyOffers,
    #[error("{0} is longer than {max} bytes", max = limits::HELLO_TEXT_BYTES)]
    TextTooLong(&'static str),
}

impl FrameError {
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::TooLarge(_) | Self::TooManyValues => ErrorCode::FrameTooLarge,
            Self::Malformed(_) | Self::TooManyMutations | Self::TooManyOffers | Self::TextTooLong(_) => {
                ErrorCode::BadFrame
            }
        }
    }
}

impl Up {
    /// Reads a message's text.
    ///
    /// # Errors
    /// When it is too large, is not a message of this protocol, or breaks a limit.
    pub fn parse(text: &str) -> Result<Self, FrameError> {
        Self::read(text, &mut Work::default())
    }

    /// Reads a frame. `work` gets what that took, also if it fails.
    ///
    /// # Errors
    /// As [`Self::parse`], and when the bytes are not a frame.
    #[cfg(feature = "deflate")]
    pub fn unpack(frame: Frame, work: &mut Work) -> Result<Self, FrameError> {
        let text = frame.unpack_within(limits::UP_VALUES, work)?;
        Self::read(&text, work)
    }

    fn read(text: &str, work: &mut Work) -> Result<Self, FrameError> {
        let message = match &*scan(text, limits::UP_VALUES, work)? {
            "hello" => Self::Hello(members(text)?),
            "subscribe" => Self::Subscribe(members(text)?),
            "push" => Self::Push(members(text)?),
            "pull" => {
                let Pull { workspace, cursor } = members(text)?;
                Self::Pull { workspace, cursor }
            }
            "auth" => {
                let Auth { token } = members(text)?;
                Self::Auth { token }
            }
            "ping" => Self::Ping,
            other => return Err(unknown(other)),
        };
        message.within_limits()
    }

    fn within_limits(self) -> Result<Self, FrameError> {
        match &self {
            Self::Push(push) if push.mutations.len() > limits::MUTATIONS_PER_PUSH => {
                Err(FrameError::TooManyMutations)
            }
            Self::Hello(hello) if hello.device.len() > limits::HELLO_TEXT_BYTES => {
                Err(FrameError::TextTooLong("device"))
            }
            Self::Hello(hello) if hello.app.len() > limits::HELLO_TEXT_BYTES => {
                Err(FrameError::TextTooLong("app"))
            }
            Self::Hello(hello)
                if hello.encodings.len() + hello.compressions.len() > limits::HELLO_OFFERS
                    || hello.versions.len() > limits::HELLO_OFFERS =>
            {
                Err(FrameError::TooManyOffers)
            }
            Self::Hello(_)
            | Self::Subscribe(_)
            | Self::Push(_)
            | Self::Pull { .. }
            | Self::Auth { .. }
            | Self::Ping => Ok(self),
        }
    }

    #[must_use]
    pub fn to_frame(&self) -> String {
        to_frame(self)
    }
}

impl Down {
    /// Reads a message's text.
    ///
    /// # Errors
    /// When it is too large or is not a message of this protocol.
    pub fn parse(text: &str) -> Result<Self, FrameError> {
        Ok(match &*scan(text, NO_MORE_THAN_BYTES, &mut Work::default())? {
            "welcome" => Self::Welcome(members(text)?),
            "snapshot" => Self::Snapshot(members(text)?),
            "delta" => Self::Delta(members(text)?),
            "subscribed" => {
                let Subscribed {
                    workspace,
                    epoch,
                    revision,
                    vector,
                } = members(text)?;
                Self::Subscribed {
                    workspace,
                    epoch,
                    revision,
                    vector,
                }
            }
            "pong" => {
                let Pong { heads } = members(text)?;
                Self::Pong { heads }
            }
            "error" => Self::Error(members(text)?),
            other => return Err(unknown(other)),
        })
    }

    #[must_use]
    pub fn to_frame(&self) -> String {
        to_frame(self)
    }
}

fn unknown(kind: &str) -> FrameError {
    FrameError::Malformed(format!("no message has the type `{kind}`"))
}

/// The members of a message of a known type. All others are skipped.
fn members<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, FrameError> {
    serde_json::from_str(text).map_err(|error| FrameError::Malformed(error.to_string()))
}

fn to_frame(message: &impl Serialize) -> String {
    serde_json::to_string(message)
        .expect("messages hold only strings, integers, lists and maps with string keys")
}

// The members of the messages that have no type of their own.

#[derive(Deserialize)]
struct Pull {
    workspace: WorkspaceId,
    cursor: Revision,
}

#[derive(Deserialize)]
struct Auth {
    token: Token,
}

#[derive(Deserialize)]
struct Subscribed {
    workspace: WorkspaceId,
    epoch: Epoch,
    revision: Revision,
    #[serde(default)]
    vector: VersionVector,
}

#[derive(Deserialize)]
struct Pong {
    heads: Vec<(WorkspaceId, Revision)>,
}

/// An outcome with the members of every fate. Its own `fate` says which of them count.
#[derive(Deserialize)]
struct AnyOutcome<'a> {
    seq: MutationSeq,
    #[serde(borrow)]
    fate: Cow<'a, str>,
    revision: Option<Revision>,
    current: Option<Entity>,
    by: Option<Author>,
    #[serde(default)]
    others: Vec<Authored>,
    code: Option<RefusalCode>,
    message: Option<String>,
}

impl<'de> Deserialize<'de> for Outcome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let outcome = AnyOutcome::deserialize(deserializer)?;
        let fate = match &*outcome.fate {
            "accepted" => Fate::Accepted {
                revision: present("revision", outcome.revision)?,
                current: outcome.current,
            },
            "conflict" => Fate::Conflict {
                current: present("current", outcome.current)?,
                by: outcome.by,
                others: outcome.others,
            },
            "refused" => Fate::Refused {
                code: present("code", outcome.code)?,
                message: present("message", outcome.message)?,
            },
            other => {
                return Err(serde::de::Error::custom(format_args!(
                    "no outcome has the fate `{other}`"
                )));
            }
        };
        Ok(Self {
            seq: outcome.seq,
            fate,
        })
    }
}

fn present<T, E: serde::de::Error>(name: &'static str, member: Option<T>) -> Result<T, E> {
    member.ok_or_else(|| E::missing_field(name))
}

/// The versions that a `hello` offers. A number that is no version of this protocol, however large, counts as a
/// version that is not spoken here. It is no error.
pub(super) fn versions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
    let numbers: Vec<i64> = at_most(deserializer, limits::HELLO_OFFERS)?;
    let version = |number: &i64| u32::try_from(*number).unwrap_or(NO_VERSION);
    Ok(numbers.iter().map(version).collect())
}

/// A number that no version of this protocol has.
const NO_VERSION: u32 = 0;

pub(super) fn offers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    at_most(deserializer, limits::HELLO_OFFERS)
}

pub(super) fn mutations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PushedMutation>, D::Error> {
    at_most(deserializer, limits::MUTATIONS_PER_PUSH)
}

/// The members of a mutation that are named after fields.
pub(crate) fn of_fields<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<SortedMap<Field, T>, D::Error> {
    deserializer.deserialize_map(MembersAtMost(limits::FIELDS_PER_MUTATION, PhantomData))
}

/// The items of a list that has a limit. Of a longer list, one item more than the limit is kept, which shows that
/// there were more. The rest is skipped.
fn at_most<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    limit: usize,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_seq(AtMost(limit, PhantomData))
}

struct AtMost<T>(usize, PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        while items.len() <= self.0 {
            match list.next_element()? {
                Some(item) => items.push(item),
                None => return Ok(items),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(items)
    }
}

/// The same for the members of an object.
struct MembersAtMost<T>(usize, PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MembersAtMost<T> {
    type Value = SortedMap<Field, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = SortedMap::new();
        while members.len() <= self.0 {
            match object.next_entry()? {
                Some((name, value)) => drop(members.insert(name, value)),
                None => return Ok(members),
            }
        }
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_message_is_an_error_with_a_code() {
        for frame in [
            "",
            "{}",
            "[]",
            "null",
            "\"ping\"",
            r#"{"type":"dance"}"#,
            r#"{"type":"push"}"#,
            "\u{0}",
        ] {
            assert_eq!(
                Up::parse(frame).unwrap_err().code(),
                ErrorCode::BadFrame,
                "{frame}"
            );
        }
        let huge = " ".repeat(limits::FRAME_BYTES + 1);
        assert_eq!(Up::parse(&huge).unwrap_err().code(), ErrorCode::FrameTooLarge);
        let deep = format!(r#"{{"type":"push","mutations":{}"#, "[".repeat(100_000));
        assert_eq!(Up::parse(&deep).unwrap_err().code(), ErrorCode::BadFrame);
    }

    #[test]
    fn members_of_later_versions_are_ignored() {
        assert_eq!(Up::parse(r#"{"type":"ping","mood":"fine"}"#).unwrap(), Up::Ping);
    }

    #[test]
    fn tokens_do_not_show_themselves() {
        assert_eq!(
            format!(
                "{:?}",
                Up::Auth {
                    token: Token("secret".into())
                }
            ),
            "Auth { token: Token(…) }"
        );
    }
}
