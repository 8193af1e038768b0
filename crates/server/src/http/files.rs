//! The browser client's files, from a directory.
//!
//! A file with a hash in its name never changes, so browsers keep it for ever. `index.html` names the current
//! files, so browsers ask for it each time. A path that is not a file is a place inside the app, and gets
//! `index.html` too.

use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::error::{ApiCode, ApiError};
use crate::app::App;

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK: HeaderValue = HeaderValue::from_static("no-cache");
/// Bytes of a file's name and path in a request.
const NAME_BYTES: usize = 255;
const PATH_BYTES: usize = 1_024;
static INDEX: LazyLock<Uri> = LazyLock::new(|| Uri::from_static("/index.html"));

pub(crate) async fn serve(State(app): State<Arc<App>>, request: Request) -> Result<Response, ApiError> {
    let Some(files) = &app.files else {
        return match request.uri().path() {
            "/" => Ok("This is a Tsugi sync server. It serves no app here.\n".into_response()),
            _ => Err(nothing_here()),
        };
    };
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return Err(ApiError::new(ApiCode::MethodNotAllowed, "files can only be read"));
    }
    let path = request.uri().path().to_owned();
    let mut again = Request::new(Body::empty());
    *again.method_mut() = request.method().clone();
    *again.headers_mut() = request.headers().clone();
    *again.uri_mut() = INDEX.clone();
    let found = match can_be_file(&path) {
        true => {
            Some(files.answer(request).await).filter(|response| response.status() != StatusCode::NOT_FOUND)
        }
        false => None,
    };
    let (mut response, is_page) = match found {
        Some(response) => (response, path == "/" || path.ends_with(".html")),
        None if last_part(&path).contains('.') => return Err(nothing_here()),
        None => (files.answer(again).await, true),
    };
    if response.status() == StatusCode::NOT_FOUND {
        return Err(nothing_here());
    }
    if response.status().is_server_error() {
        tracing::error!(
            path,
            status = response.status().as_u16(),
            "a file could not be read"
        );
        return Err(ApiError::new(ApiCode::Internal, "the server could not do it"));
    }
    let cache = if !is_page && has_hash(last_part(&path)) {
        FOREVER
    } else {
        ASK
    };
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    Ok(response)
}

fn nothing_here() -> ApiError {
    ApiError::new(ApiCode::NotFound, "there is nothing here")
}

/// Whether the operating system would look for this file. For a longer name, or one with a NUL, it gives an error
/// of another kind than for a missing file.
fn can_be_file(path: &str) -> bool {
    let is_name = |part: &str| part.len() <= NAME_BYTES;
    path.starts_with('/') && path.len() <= PATH_BYTES && path.split('/').all(is_name) && !path.contains("%00")
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// `name-0123456789abcdef.js`, and `name-0123456789abcdef_bg.wasm`, as Trunk names them.
fn has_hash(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    stem.rsplit_once('-')
        .is_some_and(|(_, hash)| hash.len() >= 8 && hash.bytes().all(hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash() {
        for name in [
            "app-0123456789abcdef.js",
            "app-0123456789abcdef_bg.wasm",
            "a-b-01234567.css",
        ] {
            assert!(has_hash(name), "{name}");
        }
        for name in [
            "index.html",
            "app.js",
            "app-0123.js",
            "app-sidebars.js",
            "01234567.js",
        ] {
            assert!(!has_hash(name), "{name}");
        }
    }
}
