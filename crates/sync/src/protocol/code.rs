//! The codes that the server answers with: why a mutation was refused, and why a session ends.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// One from a later version.
            Other(String),
        }

        impl $name {
            /// All codes of this version, for documents and tests.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(code) => code,
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = Cow::<'de, str>::deserialize(deserializer)?;
                Ok(match code.as_ref() {
                    $($text => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                })
            }
        }
    };
}

codes! {
    /// Why a mutation was refused.
    RefusalCode {
        /// It breaks a limit or has no meaning.
        Invalid = "invalid",
        /// It changes an entity that the server does not have.
        UnknownEntity = "unknown_entity",
        /// Its sequence number is that of another mutation, which took effect.
        SeqReused = "seq_reused",
        /// The entity is of another kind.
        WrongKind = "wrong_kind",
        /// The user may read but not write.
        Forbidden = "forbidden",
        /// The workspace is full.
        QuotaExceeded = "quota_exceeded",
    }
}

codes! {
    /// Why the server ends a session, or answers no to a frame.
    ErrorCode {
        /// The frame is not a message.
        BadFrame = "bad_frame",
        /// The message may not come now.
        OutOfOrder = "out_of_order",
        /// The frame is larger than the limit.
        FrameTooLarge = "frame_too_large",
        /// No version in common: update the app.
        UnsupportedVersion = "unsupported_version",
        /// The token is not valid: refresh it or sign in again.
        Unauthenticated = "unauthenticated",
        /// The user has no right to this workspace. The session goes on.
        Forbidden = "forbidden",
        /// Too many messages, subscriptions or connections: come back after `retry_after_ms`.
        RateLimited = "rate_limited",
        /// The replica did not read fast enough, or was silent for too long.
        TimedOut = "timed_out",
        /// The server is going away: come back after `retry_after_ms`.
        Draining = "draining",
        /// The server could not do it; nothing of the message took effect.
        Internal = "internal",
    }
}

impl ErrorCode {
    /// The WebSocket close code that follows; none if the session goes on.
    #[must_use]
    pub fn close_code(&self) -> Option<u16> {
        match self {
            Self::BadFrame => Some(4400),
            Self::Unauthenticated => Some(4401),
            Self::Forbidden => None,
            Self::TimedOut => Some(4408),
            Self::OutOfOrder => Some(4409),
            Self::FrameTooLarge => Some(1009),
            Self::UnsupportedVersion => Some(4426),
            Self::RateLimited => Some(4429),
            Self::Internal | Self::Other(_) => Some(1011),
            Self::Draining => Some(1012),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_on_the_wire_are_those_in_the_documents() {
        for code in RefusalCode::ALL {
            assert_eq!(
                serde_json::to_string(code).unwrap(),
                format!("\"{}\"", code.as_str())
            );
        }
        for code in ErrorCode::ALL {
            assert_eq!(
                serde_json::to_string(code).unwrap(),
                format!("\"{}\"", code.as_str())
            );
        }
        let later: ErrorCode = serde_json::from_str("\"teapot\"").unwrap();
        assert_eq!(later, ErrorCode::Other("teapot".into()));
    }
}
