//! The few requests that are not messages of a session: signing in and out, tokens, and the like.
//!
//! Requests and answers are JSON, are never cached, carry credentials only to this origin, and take at most
//! [`TIMEOUT`]. Left out: retries (the caller decides), and streaming.

use gloo_net::http::{Request, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use web_sys::{AbortSignal, RequestCache, RequestCredentials};

/// How many milliseconds a request may take.
pub const TIMEOUT: u32 = 15_000;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// There was no answer: the device is offline, the connection was refused, or the answer came too late.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// The server refused. `code` is for programs and may be empty; `message` is for people.
    #[error("{status} {code}: {message}")]
    Status {
        status: u16,
        code: String,
        /// The part of an invalid request that the person can mend; empty if the server does not say.
        reason: String,
        message: String,
    },
    #[error("an answer that cannot be read: {0}")]
    Malformed(String),
}

/// The method of a request without a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Delete,
}

/// Sends `body` and reads the answer. `token` goes into the `Authorization` header, and never into the address.
pub async fn post<T: DeserializeOwned>(
    path: &str,
    token: Option<&str>,
    body: &impl Serialize,
) -> Result<T, HttpError> {
    let request = prepared(Method::Post, path, token)
        .json(body)
        .map_err(|error| HttpError::Malformed(error.to_string()))?;
    read(checked(request.send().await).await?).await
}

/// Makes a request without a body.
pub async fn ask<T: DeserializeOwned>(
    method: Method,
    path: &str,
    token: Option<&str>,
) -> Result<T, HttpError> {
    read(checked(prepared(method, path, token).send().await).await?).await
}

fn prepared(method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
    let request = match method {
        Method::Get => Request::get(path),
        Method::Post => Request::post(path),
        Method::Delete => Request::delete(path),
    };
    let request = request
        .credentials(RequestCredentials::SameOrigin)
        .cache(RequestCache::NoStore)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT)));
    match token {
        Some(token) => request.header("Authorization", &format!("Bearer {token}")),
        None => request,
    }
}

async fn checked(answer: Result<Response, gloo_net::Error>) -> Result<Response, HttpError> {
    let answer = answer.map_err(|error| HttpError::Unreachable(error.to_string()))?;
    if answer.ok() {
        return Ok(answer);
    }
    let text = answer.text().await.unwrap_or_default();
    let refusal = serde_json::from_str::<Refusal>(&text).unwrap_or_default();
    Err(HttpError::Status {
        status: answer.status(),
        code: refusal.code,
        reason: refusal.reason,
        message: if refusal.message.is_empty() {
            answer.status_text()
        } else {
            refusal.message
        },
    })
}

/// Reads an answer. An empty one, such as that of status 204, reads as `null`.
async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, HttpError> {
    let text = answer
        .text()
        .await
        .map_err(|error| HttpError::Unreachable(error.to_string()))?;
    let text = if text.is_empty() { "null" } else { text.as_str() };
    serde_json::from_str(text).map_err(|error| HttpError::Malformed(error.to_string()))
}

/// The body of a refusal. A proxy on the way may answer with something else.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    code: String,
    reason: String,
    message: String,
}
