//! Headers of every response, so that a page of ours runs only our code and no other page can frame it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::tls_only::is_over_tls;
use crate::app::App;
use crate::origin::{host, is_loopback};

/// The app uses none of these, so no script in it may either.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), \
    geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    serial=(), usb=(), xr-spatial-tracking=()";

/// A year. It does not cover subdomains, which may belong to others.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

const FIXED: [(HeaderName, &str); 8] = [
    (HeaderName::from_static("origin-agent-cluster"), "?1"),
    (
        HeaderName::from_static("x-permitted-cross-domain-policies"),
        "none",
    ),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

pub(crate) async fn secure(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    // On a developer's machine it would lock out every other server there. A proxy may call us by that name.
    let is_here = app.tls.is_some() && host(request.headers()).is_some_and(is_loopback);
    let is_https = !is_here && (app.config.https || is_over_tls(&app, &request));
    let policy = policy(
        app.files.as_ref().map(|files| files.inline_scripts()),
        host(request.headers()),
        is_https,
    );
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // What says nothing else is of one person or of this moment.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    // Over plain HTTP it means nothing.
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The policy for a wasm app. `'self'` covers sockets in newer browsers only, so the host is named for older ones.
/// Over TLS, nothing without it is loaded or asked.
fn policy(inline_scripts: Option<&str>, host: Option<&str>, is_https: bool) -> String {
    let mut policy = String::from("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
    if let Some(hashes) = inline_scripts {
        policy.push_str(hashes);
    }
    policy.push_str("; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'");
    if let Some(host) = host {
        if !is_https {
            policy.push_str(&format!(" ws://{host}"));
        }
        policy.push_str(&format!(" wss://{host}"));
    }
    policy.push_str("; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    if is_https {
        policy.push_str("; upgrade-insecure-requests");
    }
    policy
}
