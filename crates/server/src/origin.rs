//! Origins, as browsers name the pages that ask: a scheme and an authority.

use std::fmt;
use std::str::FromStr;

use axum::http::{HeaderMap, header};

/// A scheme and an authority, in lower case and without the scheme's own port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: Scheme,
    authority: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

#[derive(Debug, thiserror::Error)]
#[error("“{0}” is not an origin: a scheme and a host, as https://tasks.example.org")]
pub struct OriginError(String);

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let failed = || OriginError(text.chars().take(200).collect());
        let (scheme, authority) = match text.split_once("://") {
            Some(("http", rest)) => (Scheme::Http, rest),
            Some(("https", rest)) => (Scheme::Https, rest),
            Some(_) | None => return Err(failed()),
        };
        match is_authority(authority) {
            true => Ok(Self {
                scheme,
                authority: plain(scheme, authority),
            }),
            false => Err(failed()),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        write!(f, "{scheme}://{}", self.authority)
    }
}

/// Only letters, digits and the signs of addresses and ports, so that it cannot end a header's value.
pub(crate) fn is_authority(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    !text.is_empty() && text.len() <= 255 && text.bytes().all(plain)
}

fn plain(scheme: Scheme, authority: &str) -> String {
    let own_port = match scheme {
        Scheme::Http => ":80",
        Scheme::Https => ":443",
    };
    authority
        .strip_suffix(own_port)
        .unwrap_or(authority)
        .to_ascii_lowercase()
}

/// Whether the origin is the one this request was sent to. If the request is known to have come over TLS, a page that
/// came without it is of another origin. Otherwise a proxy may have ended TLS before us, and the scheme cannot be told.
pub(crate) fn is_own(origin: &Origin, host: &str, is_over_tls: bool) -> bool {
    let may_be_ours = origin.scheme == Scheme::Https || !is_over_tls;
    may_be_ours && is_authority(host) && origin.authority == plain(origin.scheme, host)
}

/// The authority the request was sent to.
pub(crate) fn host(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::HOST)?
        .to_str()
        .ok()
        .filter(|host| is_authority(host))
}

/// Whether a host is this machine, as its own programs name it.
pub(crate) fn is_loopback(host: &str) -> bool {
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
    fn what_is_no_origin() {
        for text in [
            "",
            "example.org",
            "ftp://example.org",
            "https://",
            "https://a/b",
            "https://a;b",
            "https://a b",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn names_of_this_machine() {
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
}
