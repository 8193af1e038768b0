//! Pages of other origins can open no socket and change nothing.

use serde_json::json;

use crate::harness::{PASSWORD, Server, Socket, request};

#[tokio::test]
async fn only_the_own_and_the_allowed_origins() {
    let server = Server::with(|config| {
        config
            .allow_origins
            .push("https://app.example.org".parse().unwrap());
    })
    .await;
    let own = format!("http://{}", server.address);
    let elsewhere = format!("http://localhost:{}", server.address.port());
    for (origin, allowed) in [
        (None, true),
        (Some(own.as_str()), true),
        (Some("https://app.example.org"), true),
        (Some("https://evil.example"), false),
        (Some("http://app.example.org"), false),
        (Some(elsewhere.as_str()), false),
        (Some("null"), false),
    ] {
        let socket = Socket::open_from(server.address, origin).await;
        assert_eq!(socket.err(), (!allowed).then_some(403), "socket from {origin:?}");
        let body = json!({ "email": "nobody@example.org", "password": PASSWORD });
        let headers: Vec<_> = origin.map(|origin| ("origin", origin)).into_iter().collect();
        let answer = request(server.address, "POST", "/api/v1/session", &headers, Some(&body)).await;
        let expected = if allowed {
            "wrong_credentials"
        } else {
            "foreign_origin"
        };
        assert_eq!(answer.code(), expected, "request from {origin:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_cookie_without_an_origin_speaks_for_nobody() {
    let server = Server::start().await;
    let account = server.account().await;
    for (method, path) in [("POST", "/api/v1/session/refresh"), ("DELETE", "/api/v1/session")] {
        for headers in [
            vec![("cookie", account.cookie.as_str())],
            vec![
                ("cookie", account.cookie.as_str()),
                ("origin", "https://evil.example"),
            ],
        ] {
            let answer = request(server.address, method, path, &headers, None).await;
            assert_eq!(
                (answer.status, answer.code()),
                (403, "foreign_origin"),
                "{method} {headers:?}"
            );
        }
    }
    server.stop().await;
}
