//! Raw DEFLATE (RFC 1951). Each frame is deflated by itself, so that a connection needs no memory for it.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use super::{DEFLATE_FROM, Form, Frame, Work, join};
use crate::limits;
use crate::protocol::FrameError;

/// Fast, because every larger frame waits for it.
const LEVEL: u8 = 4;

/// The deflated frame; none if that is not smaller.
pub(super) fn deflated(plain: &Frame) -> Option<Frame> {
    let (form, body) = plain.split().ok()?;
    if body.len() < DEFLATE_FROM {
        return None;
    }
    let smaller = compress_to_vec(body, LEVEL);
    let form = Form {
        deflated: true,
        ..form
    };
    (smaller.len() + 1 < plain.len()).then(|| Frame::Binary(join(form, &smaller)))
}

/// The inflated body. It stops if that becomes larger than a frame. It adds the bytes that came out to `work`.
pub(super) fn inflate(body: &[u8], work: &mut Work) -> Result<Vec<u8>, FrameError> {
    let inflated = decompress_to_vec_with_limit(body, limits::FRAME_BYTES);
    work.inflated = match &inflated {
        Ok(bytes) => bytes.len(),
        Err(error) => error.output.len(),
    };
    inflated.map_err(|error| {
        if error.status == TINFLStatus::HasMoreOutput {
            FrameError::TooLarge(limits::FRAME_BYTES + 1)
        } else {
            FrameError::Malformed(format!("not deflated: {:?}", error.status))
        }
    })
}
