//! Raw DEFLATE by the browser's own streams, which adds nothing to the download.
//!
//! The size of the output is limited while it is read, however small the input was. Left out: any format around it.

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::js;

const DEFLATE: &str = "CompressionStream";
const INFLATE: &str = "DecompressionStream";

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeflateError {
    #[error("more than {0} bytes")]
    TooLarge(usize),
    #[error("not deflated: {0}")]
    Malformed(String),
}

/// Whether this browser has the streams; browsers before 2023 have not.
#[must_use]
pub fn is_there() -> bool {
    [DEFLATE, INFLATE].iter().all(|class| stream(class).is_ok())
}

/// Deflates the bytes; they are not always smaller afterwards.
pub async fn deflate(bytes: &[u8]) -> Result<Vec<u8>, DeflateError> {
    pass(DEFLATE, bytes, usize::MAX).await
}

/// Inflates deflated bytes.
pub async fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, DeflateError> {
    pass(INFLATE, bytes, limit).await
}

fn stream(class: &str) -> Result<JsValue, JsValue> {
    let class: Function = js::global(class)
        .and_then(|class| class.dyn_into().ok())
        .ok_or_else(|| JsValue::from_str(class))?;
    Reflect::construct(&class, &Array::of1(&"deflate-raw".into()))
}

async fn pass(class: &str, bytes: &[u8], limit: usize) -> Result<Vec<u8>, DeflateError> {
    let failed = |thrown: JsValue| DeflateError::Malformed(js::describe(&thrown));
    let stream = stream(class).map_err(failed)?;
    let side = |name| js::member(&stream, name).unwrap_or_default();
    let writer = js::call(&side("writable"), "getWriter", &[]).map_err(failed)?;
    let reader = js::call(&side("readable"), "getReader", &[]).map_err(failed)?;
    // A failure to write also shows when reading. If nobody waited for the promise of the write, the browser would
    // report an unhandled rejection.
    for (method, given) in [
        ("write", vec![Uint8Array::from(bytes).into()]),
        ("close", Vec::new()),
    ] {
        let written = js::call_async(&writer, method, &given).map_err(failed)?;
        spawn_local(async move { drop(JsFuture::from(written).await) });
    }
    let mut out = Vec::new();
    loop {
        let read = js::call_async(&reader, "read", &[]).map_err(failed)?;
        let step = JsFuture::from(read).await.map_err(failed)?;
        let Some(chunk) = js::member(&step, "value") else {
            return Ok(out);
        };
        let chunk = chunk.dyn_into::<Uint8Array>().map_err(failed)?;
        if out.len() + chunk.length() as usize > limit {
            let cancelled = js::call_async(&reader, "cancel", &[]).map_err(failed)?;
            spawn_local(async move { drop(JsFuture::from(cancelled).await) });
            return Err(DeflateError::TooLarge(limit));
        }
        out.extend(chunk.to_vec());
    }
}
