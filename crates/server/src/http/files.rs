//! The browser client's files, from a directory.
//!
//! What has a hash in its name never changes and is kept for ever; `index.html` names what is current and is asked
//! for each time. A path that is no file is a place inside the app, and gets `index.html` too.

use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::error::{ApiCode, ApiError};
use crate::app::App;

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK: HeaderValue = HeaderValue::from_static("no-cache");
static INDEX: LazyLock<Uri> = LazyLock::new(|| Uri::from_static("/index.html"));

pub(crate) async fn serve(State(app): State<Arc<App>>, request: Request) -> Result<Response, ApiError> {
    let Some(files) = &app.files else {
        return match request.uri().path() {
            "/" => Ok("This is a Tsugi sync server. It serves no app here.\n".into_response()),
            _ => Err(ApiError::new(ApiCode::NotFound, "there is nothing here")),
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
    let mut response = files.answer(request).await;
    let mut is_page = path == "/" || path.ends_with(".html");
    if response.status() == StatusCode::NOT_FOUND && !last_part(&path).contains('.') {
        response = files.answer(again).await;
        is_page = true;
    }
    if response.status() == StatusCode::NOT_FOUND {
        return Err(ApiError::new(ApiCode::NotFound, "there is nothing here"));
    }
    let cache = if !is_page && has_hash(last_part(&path)) {
        FOREVER
    } else {
        ASK
    };
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    Ok(response)
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
