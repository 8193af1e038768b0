//! The refresh token's cookie.
//!
//! A connection without TLS may break in the middle of a header, and browsers take what they have read of it for the
//! whole: the beginning of a token, or a token without its attributes. Such a cookie has the path above the request's.
//! Ours has another, so that it does not take the place of the token before, which is good for as long as its successor
//! is not used. And it is shorter, so that ours comes last among those that a browser sends.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::origin::host;
use crate::secret::RefreshToken;

const NAME: &str = "tsugi_refresh";
/// Above the paths of all requests that it goes with.
const PATH: &str = "/api/v1";
/// Longer than any token of ours.
const TOKEN_BYTES: usize = 100;

/// The token that came with a request.
pub(super) fn read(headers: &HeaderMap) -> Option<RefreshToken> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    let token = pairs
        .filter_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='))
        .next_back()?;
    (token.len() <= TOKEN_BYTES).then(|| RefreshToken(token.to_owned()))
}

pub(super) fn set(token: &RefreshToken, lifetime_seconds: u64, headers: &HeaderMap) -> Option<HeaderValue> {
    line(&token.0, lifetime_seconds, headers)
}

pub(super) fn clear(headers: &HeaderMap) -> Option<HeaderValue> {
    line("", 0, headers)
}

fn line(value: &str, seconds: u64, headers: &HeaderMap) -> Option<HeaderValue> {
    // A browser would not send a Secure cookie to a developer's own machine. A proxy on it may name it as the host, too:
    // then the page's own origin tells.
    let over_tls = headers
        .get(header::ORIGIN)
        .is_some_and(|origin| origin.as_bytes().starts_with(b"https://"));
    let secure = if !over_tls && host(headers).is_some_and(is_loopback) {
        ""
    } else {
        "; Secure"
    };
    let line = format!("{NAME}={value}; HttpOnly; SameSite=Strict; Path={PATH}; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&line).ok()
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    let address = name.parse::<std::net::IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secure_unless_on_this_machine() {
        for host in [
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1:8080",
            "[::1]:8080",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "example.org",
            "127.0.0.1.example.org",
            "localhost.example.org",
            "10.0.0.1",
            "[::2]:1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_page_over_tls_gets_a_secure_cookie_whatever_the_proxy_calls_us() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:8080"));
        let secure = |headers: &HeaderMap| {
            let line = clear(headers).unwrap();
            line.to_str().unwrap().ends_with("; Secure")
        };
        assert!(!secure(&headers));
        headers.insert(header::ORIGIN, HeaderValue::from_static("http://127.0.0.1:8080"));
        assert!(!secure(&headers));
        headers.insert(
            header::ORIGIN,
            HeaderValue::from_static("https://tasks.example.org"),
        );
        assert!(secure(&headers));
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        assert!(read(&headers).is_none());
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("a=b; tsugi_refresh2=no; tsugi_refresh=yes; c"),
        );
        assert_eq!(read(&headers).unwrap().0, "yes");
    }

    #[test]
    fn what_a_browser_took_from_half_a_header_does_not_count() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("tsugi_ref; tsugi_refresh=ye; tsugi_refresh=yes"),
        );
        assert_eq!(read(&headers).unwrap().0, "yes");
    }
}
