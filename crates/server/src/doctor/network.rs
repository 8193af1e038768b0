//! The address, TLS, and how many connections the operating system allows.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};

use tsugi_sync::ids::Timestamp;

use super::Report;
use crate::config::Config;
use crate::open_files;
use crate::secret::is_public;
use crate::tls;

/// A certificate that ends sooner is warned of.
const DAYS: u64 = 14;

pub(super) fn examine(report: &mut Report, listen: &str, config: &Config, now: Timestamp) {
    let addresses = address(report, listen);
    examine_running(report, config, &addresses, now);
}

/// The same without a look whether the addresses can be taken, because the server has them.
pub(super) fn examine_running(
    report: &mut Report,
    config: &Config,
    addresses: &[SocketAddr],
    now: Timestamp,
) {
    transport(report, config, addresses, now);
    let (wanted, allowed) = (config.limits.connections, open_files::highest());
    match allowed {
        Some(allowed) if allowed < wanted => report.warn(
            "open files",
            format!("{allowed} are allowed, for {wanted} connections"),
            "raise the hard limit (LimitNOFILE= of systemd, --ulimit nofile= of a container), or lower --connections",
        ),
        Some(allowed) => report.ok("open files", format!("{allowed} are allowed")),
        None => report.ok("open files", "no limit is known"),
    }
}

fn address(report: &mut Report, listen: &str) -> Vec<SocketAddr> {
    let addresses: Vec<SocketAddr> = match listen.to_socket_addrs() {
        Ok(addresses) => addresses.collect(),
        Err(error) => {
            report.fail(
                "address",
                format!("{listen}: {error}"),
                "give an address and a port, as 127.0.0.1:8080",
            );
            return Vec::new();
        }
    };
    match TcpListener::bind(&addresses[..]) {
        Ok(_) => report.ok("address", format!("{listen} is free")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => report.warn(
            "address",
            format!("something listens on {listen}"),
            "nothing, if it is this server (tsugi-server healthcheck asks it); otherwise take another port",
        ),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => report.fail(
            "address",
            format!("this user may not listen on {listen}"),
            "take a port from 1024 on, or give the right to lower ones (AmbientCapabilities=CAP_NET_BIND_SERVICE of systemd)",
        ),
        Err(error) => report.fail("address", format!("{listen}: {error}"), "give an address of this machine"),
    }
    addresses
}

fn transport(report: &mut Report, config: &Config, addresses: &[SocketAddr], now: Timestamp) {
    let is_local = addresses.iter().all(|address| address.ip().is_loopback());
    let has_proxies = config.knows_proxies();
    match &config.tls {
        Some(files) => {
            match tls::days_left(files, now) {
                Ok(days) if days < DAYS => report.warn(
                    "TLS",
                    format!("the certificate ends in {days} days"),
                    "renew it; the server reads the new files by itself",
                ),
                Ok(days) => report.ok("TLS", format!("the certificate is good for {days} days")),
                Err(error) => report.fail(
                    "TLS",
                    error.to_string(),
                    "correct the files that --tls-cert and --tls-key name",
                ),
            }
            if is_public(&files.key) {
                let shown = files.key.display();
                report.warn(
                    "TLS",
                    format!("everybody on this machine can read {shown}"),
                    format!("chmod 600 {shown}"),
                );
            }
        }
        None if config.insecure_http => report.warn(
            "TLS",
            "other machines are let in over plain HTTP",
            "use --tls-cert or a proxy, unless the network is a closed one",
        ),
        None if has_proxies => report.ok("TLS", "a trusted proxy ends it"),
        None if config.https => report.warn(
            "TLS",
            "--https is set, and no proxy is trusted: other machines get 403",
            "name the proxy with --trusted-proxies",
        ),
        None if is_local => report.ok("TLS", "none: only this machine is served"),
        None => report.warn(
            "TLS",
            "none, and no proxy is trusted: other machines get 403",
            "give --tls-cert and --tls-key, or name the proxy with --trusted-proxies",
        ),
    }
}
