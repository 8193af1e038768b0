//! Who may see the numbers of a server.
//!
//! They tell much about its users and their times. So they are given only to a request with the token, if the server has
//! one. Otherwise they are given only to a connection from this machine that does not pass on another client's request.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::app::App;
use crate::connection::Connection;
use crate::proxies::is_forwarded;

/// Whether a program may see them. It gives the token as `Authorization: Bearer`.
pub(super) fn may_see(app: &App, connection: &Connection, headers: &HeaderMap) -> bool {
    match &app.config.metrics_token {
        Some(token) => given(headers, "bearer ").is_some_and(|given| token.is(given)),
        None => connection.peer.ip().to_canonical().is_loopback() && !is_forwarded(headers),
    }
}

/// Whether a person with a browser may see them. A browser can ask for a name and a password: the token is the password,
/// and the name can be any.
pub(super) fn may_browse(app: &App, connection: &Connection, headers: &HeaderMap) -> bool {
    may_see(app, connection, headers)
        || app.config.metrics_token.as_ref().is_some_and(|token| {
            let pair = given(headers, "basic ").and_then(|given| STANDARD.decode(given).ok());
            let password = pair
                .as_deref()
                .and_then(|pair| pair.splitn(2, |byte| *byte == b':').nth(1));
            password.is_some_and(|password| token.is(password))
        })
}

fn given<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a [u8]> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (named, given) = value.split_at_checked(scheme.len())?;
    named
        .eq_ignore_ascii_case(scheme.as_bytes())
        .then(|| given.trim_ascii())
}
