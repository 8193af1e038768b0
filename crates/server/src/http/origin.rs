//! Which pages may use the API from a browser: those of this server's own origin, and of the origins in its configuration.
//! Both are compared exactly.
//!
//! A request without `Origin` does not come from a page. It may pass if it has no cookie. If it has one, a missing
//! `Origin` is refused, too.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::{ApiCode, ApiError};
use super::tls_only::is_over_tls;
use crate::app::App;
use crate::origin::{Origin, host, is_own};

/// Lets a browser's request pass only from an allowed origin.
pub(crate) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match is_allowed(&request, &app.config.allow_origins, is_over_tls(&app, &request)) {
        true => next.run(request).await,
        false => {
            let route = request.extensions().get::<MatchedPath>();
            let route = route.map_or("files", MatchedPath::as_str);
            tracing::warn!(route, "a request of a foreign origin");
            ApiError::new(ApiCode::ForeignOrigin, "this origin may not use the API").into_response()
        }
    }
}

fn is_allowed(request: &Request, allowed: &[Origin], is_over_tls: bool) -> bool {
    let headers = request.headers();
    let changes = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    // Only the sync endpoint upgrades, and a page of any origin may try to open a socket.
    let upgrades = headers.contains_key(header::UPGRADE);
    if !changes && !upgrades {
        return true;
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => !changes || !headers.contains_key(header::COOKIE),
        (Some(value), None) => {
            let Some(origin) = value.to_str().ok().and_then(|text| text.parse::<Origin>().ok()) else {
                return false;
            };
            allowed.contains(&origin) || host(headers).is_some_and(|host| is_own(&origin, host, is_over_tls))
        }
        (Some(_), Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(method: &str, headers: &[(&str, &str)]) -> bool {
        allowed_over(false, method, headers)
    }

    fn allowed_over(is_over_tls: bool, method: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = axum::http::Request::builder()
            .method(method)
            .header("host", "tasks.example.org:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let others = ["https://app.example.org".parse().unwrap()];
        is_allowed(
            &request.body(axum::body::Body::empty()).unwrap(),
            &others,
            is_over_tls,
        )
    }

    #[test]
    fn over_tls_a_page_without_it_is_foreign() {
        let of = |origin| allowed_over(true, "POST", &[("origin", origin)]);
        assert!(of("https://tasks.example.org:8080"));
        assert!(!of("http://tasks.example.org:8080"));
        assert!(of("https://app.example.org"));
    }

    #[test]
    fn truth_table() {
        type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], bool);
        let rows: &[Row<'_>] = &[
            ("GET", &[("origin", "https://evil.example")], true),
            ("POST", &[("origin", "http://tasks.example.org:8080")], true),
            ("POST", &[("origin", "https://tasks.example.org:8080")], true),
            ("POST", &[("origin", "https://TASKS.example.org:8080")], true),
            ("POST", &[("origin", "https://tasks.example.org")], false),
            ("POST", &[("origin", "https://app.example.org")], true),
            ("POST", &[("origin", "https://app.example.org:443")], true),
            ("POST", &[("origin", "http://app.example.org")], false),
            (
                "POST",
                &[("origin", "https://app.example.org.evil.example")],
                false,
            ),
            ("POST", &[("origin", "null")], false),
            ("POST", &[], true),
            ("POST", &[("cookie", "tsugi_refresh=x")], false),
            ("DELETE", &[("origin", "https://evil.example")], false),
            ("GET", &[("upgrade", "websocket")], true),
            (
                "GET",
                &[("upgrade", "websocket"), ("origin", "https://evil.example")],
                false,
            ),
            (
                "GET",
                &[
                    ("upgrade", "websocket"),
                    ("origin", "http://tasks.example.org:8080"),
                ],
                true,
            ),
            (
                "POST",
                &[
                    ("origin", "https://app.example.org"),
                    ("origin", "https://evil.example"),
                ],
                false,
            ),
        ];
        for (method, headers, expected) in rows {
            assert_eq!(allowed(method, headers), *expected, "{method} {headers:?}");
        }
    }
}
