//! Frames: the form in which a message is sent. A frame is JSON text, or bytes. The first of the bytes, the [`Form`],
//! says what the others are.
//!
//! ```text
//! message ⇄ JSON text ⇄ compact (CBOR) ⇄ deflated ⇄ frame
//! ```
//! All forms hold the same text. So there is one way to read and write messages, the same rules hold in every form,
//! and members that a later version adds pass through. Each step from the frame back to the message has a limit of its
//! own, and [`Work`] says how much it took. Deflating needs the feature `deflate`, because browsers bring their own.

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

/// The form of a binary frame's body. `welcome` grants one to the session, and each frame names its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form {
    pub compact: bool,
    pub deflated: bool,
}

/// One message as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    Text(String),
    /// A form and a body.
    Binary(Vec<u8>),
}

/// The work of reading a frame, as far as it was read: a few bytes on the wire may mean much work. The same frame
/// means the same work everywhere.
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
    /// All bytes that were read in any step.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.inflated + self.text
    }
}

impl Form {
    /// JSON text, which everybody can read.
    pub const TEXT: Self = Self {
        compact: false,
        deflated: false,
    };

    /// The form that both sides can use: `offered` names its parts, and `able` has them.
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
        // Every message has a compact form. If one had none, text would still be right.
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

    /// Writes a message's text, deflated if that is granted and makes it smaller.
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

    /// The form and the body. A text frame is its own body.
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
    /// When the bytes are not a frame, or the text would be larger than a frame may be.
    #[cfg(feature = "deflate")]
    pub fn unpack(self) -> Result<String, FrameError> {
        self.unpack_within(NO_MORE_THAN_BYTES, &mut Work::default())
    }

    /// The message's text, with at most `most_values` values. `work` gets what that took, also if it fails.
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

/// As many values as the bytes of a frame allow: each value has at least one byte.
pub(crate) const NO_MORE_THAN_BYTES: usize = limits::FRAME_BYTES;

/// A binary frame with a body in this form.
#[must_use]
pub fn join(form: Form, body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(body.len() + 1);
    frame.push(form.byte());
    frame.extend_from_slice(body);
    frame
}

/// The text of a body that is no longer deflated.
///
/// # Errors
/// When the body is damaged, or the text is larger than a frame may be.
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
