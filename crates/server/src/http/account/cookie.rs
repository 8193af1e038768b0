//! The cookies: the refresh token, and the device's.
//!
//! A connection without TLS may break in the middle of a header, and browsers treat the part that they have read as
//! the whole: the beginning of a token, or a token without its attributes. A cookie without attributes gets the
//! path above the request's path. Our cookie has another path, so such a part does not replace the token before it,
//! which is valid as long as its successor is not used. Our path is also shorter, so our cookie comes last among
//! those that a browser sends.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::auth::known_device::{self, KnownDevice};
use crate::origin::{host, is_loopback};
use crate::secret::RefreshToken;

const REFRESH: &str = "tsugi_refresh";
const DEVICE: &str = "tsugi_device";
/// A path above those of all requests that need the cookies.
const PATH: &str = "/api/v1";
/// Longer than any token of ours.
const TOKEN_BYTES: usize = 100;
/// Browsers keep a cookie for 400 days at most.
const DEVICE_SECONDS: u64 = 400 * 24 * 60 * 60;

/// The token that came with a request.
pub(super) fn refresh_token(headers: &HeaderMap) -> Option<RefreshToken> {
    let token = value(REFRESH, headers)?;
    (token.len() <= TOKEN_BYTES).then(|| RefreshToken(token.to_owned()))
}

/// The device that a request says it comes from.
pub(super) fn device(headers: &HeaderMap) -> Option<KnownDevice> {
    let value = value(DEVICE, headers)?;
    (value.len() <= known_device::VALUE_BYTES)
        .then(|| KnownDevice::parse(value))
        .flatten()
}

/// How an answer's cookies are written.
pub(super) struct Writer<'a> {
    pub(super) headers: &'a HeaderMap,
    /// The server is told that it is reached over TLS only.
    pub(super) is_https: bool,
}

impl Writer<'_> {
    pub(super) fn refresh_token(&self, token: &RefreshToken, seconds: u64) -> Option<HeaderValue> {
        self.line(REFRESH, &token.0, seconds)
    }

    pub(super) fn no_refresh_token(&self) -> Option<HeaderValue> {
        self.line(REFRESH, "", 0)
    }

    pub(super) fn device(&self, device: &KnownDevice) -> Option<HeaderValue> {
        self.line(DEVICE, &device.value(), DEVICE_SECONDS)
    }

    fn line(&self, name: &str, value: &str, seconds: u64) -> Option<HeaderValue> {
        let secure = if self.is_secure() { "; Secure" } else { "" };
        let line =
            format!("{name}={value}; HttpOnly; SameSite=Strict; Path={PATH}; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&line).ok()
    }

    fn is_secure(&self) -> bool {
        // A browser would not send a Secure cookie to a developer's own machine. A proxy on this machine may also
        // name this machine as the host. In that case the page's own origin shows it.
        let origin = self.headers.get(header::ORIGIN);
        let over_tls = origin.is_some_and(|origin| origin.as_bytes().starts_with(b"https://"));
        self.is_https || over_tls || !host(self.headers).is_some_and(is_loopback)
    }
}

fn value<'a>(name: &str, headers: &'a HeaderMap) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
        .next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_over_tls_gets_a_secure_cookie_whatever_the_proxy_calls_us() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:8080"));
        let is_secure = |headers: &HeaderMap, is_https| {
            let line = Writer { headers, is_https }.no_refresh_token().unwrap();
            line.to_str().unwrap().ends_with("; Secure")
        };
        assert!(!is_secure(&headers, false));
        assert!(is_secure(&headers, true));
        headers.insert(header::ORIGIN, HeaderValue::from_static("http://127.0.0.1:8080"));
        assert!(!is_secure(&headers, false));
        headers.insert(
            header::ORIGIN,
            HeaderValue::from_static("https://tasks.example.org"),
        );
        assert!(is_secure(&headers, false));
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        assert!(refresh_token(&headers).is_none());
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("a=b; tsugi_refresh2=no; tsugi_refresh=yes; c"),
        );
        assert_eq!(refresh_token(&headers).unwrap().0, "yes");
    }

    #[test]
    fn what_a_browser_took_from_half_a_header_does_not_count() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("tsugi_ref; tsugi_refresh=ye; tsugi_refresh=yes"),
        );
        assert_eq!(refresh_token(&headers).unwrap().0, "yes");
    }
}
