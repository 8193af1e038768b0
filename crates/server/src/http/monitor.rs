//! Who may see the numbers of a server.
//!
//! They tell much about its users and their times. So they are given only to a request with the token, if the server has
//! one. Otherwise they are given only to a connection from this machine that does not pass on another client's request.

use axum::http::{HeaderMap, header};

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

fn given<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a [u8]> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (named, given) = value.split_at_checked(scheme.len())?;
    named
        .eq_ignore_ascii_case(scheme.as_bytes())
        .then(|| given.trim_ascii())
}
