//! An outgoing frame, which is written once for all sessions that get it.

use axum::extract::ws::{Message, Utf8Bytes};
use bytes::Bytes;
use tsugi_sync::frame::Frame;

/// A frame that many may share.
#[derive(Clone, Debug)]
pub(crate) enum Packed {
    Text(Utf8Bytes),
    Binary(Bytes),
}

impl Packed {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }
}

impl From<Frame> for Packed {
    fn from(frame: Frame) -> Self {
        match frame {
            Frame::Text(text) => Self::Text(text.into()),
            Frame::Binary(bytes) => Self::Binary(bytes.into()),
        }
    }
}

impl From<Packed> for Message {
    fn from(frame: Packed) -> Self {
        match frame {
            Packed::Text(text) => Self::Text(text),
            Packed::Binary(bytes) => Self::Binary(bytes),
        }
    }
}
