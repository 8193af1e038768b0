//! The address for which a request counts.
//!
//! Anybody can write `X-Forwarded-For`, so the header is believed only if the connection comes from a proxy that
//! the configuration names. It is read from the right: the nearest proxy wrote the last entry. The first entry that
//! is not itself a trusted proxy is the client. If an entry is missing or cannot be read, the request counts for
//! the peer, because a stranger must not be able to avoid a limit.
//!
//! Loopback is not an exception. Without a configuration, every request from this machine counts for the loopback
//! address, even one that an unknown proxy on it passes on.
//!
//! Left out: the `Forwarded` header of RFC 7239 and the PROXY protocol.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::HeaderMap;
use ipnet::IpNet;

const FOR: &str = "x-forwarded-for";
const PROTO: &str = "x-forwarded-proto";
/// Entries of `X-Forwarded-For` that are looked at.
const HOPS: usize = 32;

/// A network of proxies, as `10.0.0.0/8`, or one proxy, as `::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proxy(IpNet);

#[derive(Debug, thiserror::Error)]
#[error("“{0}” is not an address or a network, as 127.0.0.1, 10.0.0.0/8 or fd00::/8")]
pub struct ProxyError(String);

impl FromStr for Proxy {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, ProxyError> {
        let network = match text.parse::<IpAddr>() {
            Ok(address) => Ok(IpNet::from(address.to_canonical())),
            Err(_) => text.parse::<IpNet>(),
        };
        network
            .map(|network| Self(network.trunc()))
            .map_err(|_| ProxyError(text.chars().take(100).collect()))
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The proxies that are trusted to name their client.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<Proxy>);

impl From<Vec<Proxy>> for TrustedProxies {
    fn from(proxies: Vec<Proxy>) -> Self {
        Self(proxies)
    }
}

impl TrustedProxies {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|proxy| proxy.0.contains(&address))
    }

    /// The address for which a request counts.
    pub(crate) fn asked_from(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.contains(peer) {
            return peer;
        }
        let lines = headers.get_all(FOR).iter().rev();
        let entries = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        let mut farthest = peer;
        for entry in entries.take(HOPS) {
            match address_in(entry) {
                None => return peer,
                Some(address) if self.contains(address) => farthest = address,
                Some(address) => return address,
            }
        }
        farthest
    }

    /// What a trusted proxy says it was asked over. With several proxies, the last entry is that of the nearest one.
    pub(crate) fn proto(&self, peer: IpAddr, headers: &HeaderMap) -> Proto {
        let Some(line) = headers
            .get_all(PROTO)
            .iter()
            .next_back()
            .filter(|_| self.contains(peer))
        else {
            return Proto::Unsaid;
        };
        let last = line
            .to_str()
            .unwrap_or_default()
            .rsplit(',')
            .next()
            .unwrap_or_default();
        match last.trim().eq_ignore_ascii_case("https") {
            true => Proto::Https,
            false => Proto::Http,
        }
    }
}

/// What a proxy was asked over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proto {
    Https,
    /// Anything that is not `https`.
    Http,
    /// No trusted proxy says anything.
    Unsaid,
}

/// Whether a request claims to come for another client, truly or not.
pub(crate) fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(FOR) || headers.contains_key("forwarded")
}

/// The addresses that limits count as one: an IPv4 address alone, and the /64 of an IPv6 address, because a person
/// who has one address of it has all.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
    }
}

/// `192.0.2.9`, `192.0.2.9:1234`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:1234`.
fn address_in(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = || {
        entry
            .strip_prefix('[')?
            .strip_suffix(']')?
            .parse()
            .ok()
            .map(IpAddr::V6)
    };
    let address = entry.parse::<IpAddr>().ok();
    let address = address.or_else(|| entry.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    address.or_else(bare).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "127.0.0.1";
    const OUTSIDE: &str = "198.51.100.7";

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn asked(trusted: &[&str], peer: &str, lines: &[&str]) -> String {
        let proxies: Vec<Proxy> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FOR, axum::http::HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        TrustedProxies::from(proxies)
            .asked_from(ip(peer), &headers)
            .to_string()
    }

    #[test]
    fn a_header_is_believed_only_from_a_trusted_proxy() {
        assert_eq!(
            asked(&[], PROXY, &["192.0.2.9"]),
            PROXY,
            "loopback is no exception"
        );
        assert_eq!(asked(&[PROXY], OUTSIDE, &["192.0.2.9"]), OUTSIDE);
        assert_eq!(asked(&[PROXY], PROXY, &["192.0.2.9"]), "192.0.2.9");
        assert_eq!(asked(&["127.0.0.0/8"], "127.9.9.9", &["192.0.2.9"]), "192.0.2.9");
        assert_eq!(asked(&[PROXY], "::ffff:127.0.0.1", &["192.0.2.9"]), "192.0.2.9");
        assert_eq!(
            asked(&["::1", "fd00::/8"], "fd12::9", &["192.0.2.9"]),
            "192.0.2.9"
        );
        assert_eq!(asked(&["0.0.0.0/0"], "::1", &["192.0.2.9"]), "::1");
    }

    #[test]
    fn it_is_read_from_the_right() {
        let rows: &[(&[&str], &str)] = &[
            (&["203.0.113.9, 192.0.2.9"], "192.0.2.9"),
            (&["203.0.113.9", "192.0.2.9"], "192.0.2.9"),
            (&["203.0.113.9,192.0.2.9,10.1.2.3"], "192.0.2.9"),
            (&["203.0.113.9", "192.0.2.9, 10.1.2.3", "10.3.2.1"], "192.0.2.9"),
            (&["nonsense, 192.0.2.9, 10.1.2.3"], "192.0.2.9"),
            (&["10.4.4.4, 10.1.2.3"], "10.4.4.4"),
        ];
        for (lines, expected) in rows {
            assert_eq!(
                asked(&[PROXY, "10.0.0.0/8"], PROXY, lines),
                *expected,
                "{lines:?}"
            );
        }
    }

    #[test]
    fn ports_and_brackets_are_understood() {
        for (line, expected) in [
            ("192.0.2.9:1234", "192.0.2.9"),
            (" 192.0.2.9 ", "192.0.2.9"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:1234", "2001:db8::1"),
            ("::ffff:192.0.2.9", "192.0.2.9"),
            ("[::ffff:192.0.2.9]:80", "192.0.2.9"),
        ] {
            assert_eq!(asked(&[PROXY], PROXY, &[line]), expected, "{line}");
        }
    }

    #[test]
    fn what_cannot_be_read_counts_against_the_peer() {
        let far = "1.2.3.4";
        let many = vec!["10.0.0.1"; 1_000].join(",");
        for lines in [
            &[][..],
            &[""],
            &["unknown"],
            &["nonsense"],
            &["_hidden"],
            &["192.0.2.9:"],
            &["192.0.2.9:99999"],
            &["192.0.2.256"],
            &["[192.0.2.9]"],
            &["[2001:db8::1"],
            &["fe80::1%eth0"],
            &["for=192.0.2.9"],
            &["\"192.0.2.9\""],
            &["192.0.2.9 1.2.3.4"],
            &["192.0.2.9\u{e9}"],
            &[far, "unknown"],
            &["1.2.3.4,"],
            &["1.2.3.4, unknown, 10.0.0.1"],
        ] {
            assert_eq!(asked(&[PROXY, "10.0.0.0/8"], PROXY, lines), PROXY, "{lines:?}");
        }
        assert_eq!(asked(&[PROXY, "10.0.0.0/8"], PROXY, &[&many]), "10.0.0.1");
    }

    #[test]
    fn what_is_no_network_is_an_error() {
        for text in [
            "",
            "localhost",
            "10.0.0.0/33",
            "10.0.0/8",
            "::/129",
            "10.0.0.1-10.0.0.9",
        ] {
            assert!(text.parse::<Proxy>().is_err(), "{text}");
        }
        assert_eq!("10.1.2.3/8".parse::<Proxy>().unwrap().to_string(), "10.0.0.0/8");
    }

    #[test]
    fn a_network_is_one_asker() {
        let of = |text: &str| network(ip(text));
        assert_eq!(of("2001:db8::1"), of("2001:db8::2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }

    #[test]
    fn only_a_trusted_proxy_says_that_there_is_tls() {
        let proxies = TrustedProxies::from(vec![PROXY.parse().unwrap()]);
        let mut headers = HeaderMap::new();
        assert_ne!(proxies.proto(ip(PROXY), &headers), Proto::Https);
        headers.append(PROTO, "http, HTTPS".parse().unwrap());
        assert_eq!(proxies.proto(ip(PROXY), &headers), Proto::Https);
        assert_eq!(proxies.proto(ip(OUTSIDE), &headers), Proto::Unsaid);
        headers.append(PROTO, "http".parse().unwrap());
        assert_ne!(proxies.proto(ip(PROXY), &headers), Proto::Https);
    }
}
