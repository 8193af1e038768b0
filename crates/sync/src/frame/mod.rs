//! Frames: how a message is written for its way. As JSON text; or as bytes, the first of which, the [`Form`], says what
//! the rest is.
//!
//! ```text
//! message ⇄ JSON text ⇄ compact (CBOR) ⇄ deflated ⇄ frame
//! ```
//! Every form holds the same text, so messages are read and written in one way only, are held to the same rules in every
//! form, and what a later version adds passes through. Each step back from the frame to the message stops at a limit of
//! its own, and [`Work`] says what it took. Deflating needs the feature `deflate`: browsers bring their own.

mod compact;
#[cfg(feature = "deflate")]
mod deflate;
mod scan;

use crate::limits;
use crate::protocol::FrameError;

pub use compact::WORDS;
pub(crate) use scan::scan;

/// The names under which `hello` offers and `welcome` grants them.
pub const COMPACT: &str = "compact";
pub const DEFLATE: &str = "deflate";

/// Bytes below which a body is not worth deflating.
pub const DEFLATE_FROM: usize = 512;

/// What a binary frame's body is. A session is granted one at `welcome`, and each frame says its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form {
    pub compact: bool,
    pub deflated: bool,
}

/// One message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    Text(String),
    /// A form and a body.
    Binary(Vec<u8>),
}

/// What it took to read a frame, as far as it was read: a few bytes on the wire may be much work. The same frame takes
/// the same work everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Bytes that came out of inflating; 0 for a body that is not deflated.
    pub inflated: usize,
    /// Bytes of the message as JSON text.
    pub text: usize,
    /// Values in the message, each list and object counted as one more.
    pub values: usize,
}

impl Work {
    /// All bytes that were gone through.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.inflated + self.text
    }
}

impl Form {
    /// JSON text, as everybody reads it.
    pub const TEXT: Self = Self {
        compact: false,
        deflated: false,
    };

    /// What both sides can: what `offered` names and `able` has.
    #[must_use]
    pub fn agreed(encodings: &[String], compressions: &[String], able: Self) -> Self {
        let names = |offered: &[String], name| offered.iter().any(|offer| offer == name);
        Self {
            compact: able.compact && names(encodings, COMPACT),
            deflated: able.deflated && names(compressions, DEFLATE),
        }
    }

    #[must_use]
    pub fn byte(self) -> u8 {
        u8::from(self.compact) | u8::from(self.deflated) << 1
    }

    fn from_byte(byte: u8) -> Option<Self> {
        (byte < 4).then_some(Self {
            compact: byte & 1 != 0,
            deflated: byte & 2 != 0,
        })
    }

    /// Writes a message's text, not deflated yet.
    #[must_use]
    pub fn write(self, text: String) -> Frame {
        // Every message is a value; were it not, text is always right.
        let body = self.compact.then(|| compact::encode(&text)).flatten();
        match body {
            None => Frame::Text(text),
            Some(body) => Frame::Binary(join(
                Self {
                    deflated: false,
                    ..self
                },
                &body,
            )),
        }
    }

    /// Writes a message's text, deflated where that is granted and makes it smaller.
    #[cfg(feature = "deflate")]
    #[must_use]
    pub fn pack(self, text: String) -> Frame {
        let plain = self.write(text);
        match self.deflated {
            true => deflate::deflated(&plain).unwrap_or(plain),
            false => plain,
        }
    }
}

impl Frame {
    /// Bytes on the wire.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The form and the body; a text is its own body.
    ///
    /// # Errors
    /// When the bytes do not begin with a form.
    pub fn split(&self) -> Result<(Form, &[u8]), FrameError> {
        match self {
            Self::Text(text) => Ok((Form::TEXT, text.as_bytes())),
            Self::Binary(bytes) => bytes
                .split_first()
                .and_then(|(form, body)| Some((Form::from_byte(*form)?, body)))
                .ok_or_else(|| FrameError::Malformed("a binary frame begins with its form".into())),
        }
    }

    /// The message's text.
    ///
    /// # Errors
    /// When the frame is none, or would be larger than one may be.
    #[cfg(feature = "deflate")]
    pub fn unpack(self) -> Result<String, FrameError> {
        self.unpack_within(NO_MORE_THAN_BYTES, &mut Work::default())
    }

    /// The message's text, of at most so many values. Says in `work` what that took, also where it failed.
    #[cfg(feature = "deflate")]
    pub(crate) fn unpack_within(self, most_values: usize, work: &mut Work) -> Result<String, FrameError> {
        let (form, body) = self.split()?;
        if form.deflated {
            let body = deflate::inflate(body, work)?;
            return text_of(form.compact, body, most_values, work);
        }
        match self {
            Self::Text(text) => Ok(text),
            Self::Binary(mut bytes) => {
                bytes.remove(0);
                text_of(form.compact, bytes, most_values, work)
            }
        }
    }
}

/// As many values as the bytes of a frame allow: each has a byte at least.
pub(crate) const NO_MORE_THAN_BYTES: usize = limits::FRAME_BYTES;

/// A binary frame of a body that is of this form.
#[must_use]
pub fn join(form: Form, body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(body.len() + 1);
    frame.push(form.byte());
    frame.extend_from_slice(body);
    frame
}

/// The text of a body that is not deflated any more.
///
/// # Errors
/// When it is not what it should be, or the text is larger than a frame may be.
pub fn read(is_compact: bool, body: Vec<u8>) -> Result<String, FrameError> {
    text_of(is_compact, body, NO_MORE_THAN_BYTES, &mut Work::default())
}

fn text_of(
    is_compact: bool,
    body: Vec<u8>,
    most_values: usize,
    work: &mut Work,
) -> Result<String, FrameError> {
    if body.len() > limits::FRAME_BYTES {
        return Err(FrameError::TooLarge(body.len()));
    }
    match is_compact {
        true => compact::decode(&body, most_values, work),
        false => String::from_utf8(body).map_err(|_| FrameError::Malformed("the text is not UTF-8".into())),
    }
}
