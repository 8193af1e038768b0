//! The admin page and its JSON: who gets them, and what is not in them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tsugi_server::secret::Secret;

use crate::harness::{Replica, Server, TempDir, new_entity, request};

const PATHS: [&str; 4] = [
    "/admin",
    "/admin/page.js",
    "/admin/page.css",
    "/api/v1/admin/status",
];

#[tokio::test]
async fn only_this_machine_sees_it_unless_there_is_a_token() {
    let server = Server::start().await;
    for path in PATHS {
        assert_eq!(server.get(path).await.status, 200, "{path}");
        for header in [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")] {
            let answer = request(server.address, "GET", path, &[header], None).await;
            assert_eq!(answer.code(), "not_found", "{path}");
        }
        let answer = request(server.address, "POST", path, &[], None).await;
        assert_eq!(answer.status, 405, "{path}: it only shows");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_token_opens_it_also_as_a_password() {
    let token = "0123456789abcdef0123456789abcdef";
    let server = Server::with(|config| config.metrics_token = Some(Secret::new(token).unwrap())).await;
    let basic = |pair: String| format!("Basic {}", STANDARD.encode(pair));
    for path in PATHS {
        for (value, status) in [
            (format!("Bearer {token}"), 200),
            (basic(format!("anybody:{token}")), 200),
            (basic(format!(":{token}")), 200),
            (basic(token.to_owned()), 401),
            (basic(format!("{token}:")), 401),
            (basic(format!("anybody:{token}x")), 401),
            (format!("Basic {token}"), 401),
            (String::new(), 401),
        ] {
            let headers = [("authorization", value.as_str())];
            let answer = request(server.address, "GET", path, &headers, None).await;
            assert_eq!(answer.status, status, "{path} {value}");
            let asks = answer.header("www-authenticate");
            assert_eq!(
                asks.is_some(),
                status == 401,
                "a browser asks for it: {path} {value}"
            );
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn the_page_runs_under_the_policy_of_the_app() {
    let server = Server::start().await;
    let page = server.get("/admin").await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("script-src 'self'") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    for part in ["style=", "<style", "onclick", "<script>", "http:", "https:"] {
        assert!(!page.body.contains(part), "{part}");
    }
    assert_eq!(page.header("cache-control"), Some("no-store"));
    server.stop().await;
}

#[tokio::test]
async fn nothing_secret_is_in_it() {
    let dir = std::sync::Arc::new(TempDir::new());
    let secret = "canary-secret-0123456789abcdef0123456789";
    let server = Server::in_dir(dir, |config| config.secret = Some(Secret::new(secret).unwrap())).await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let task = a.set(new_entity(), &[("title", "canary-task-77")], &[]);
    a.commit(task).await;
    let answer = server.get("/api/v1/admin/status").await;
    let status = &answer.json;
    assert_eq!(status["ready"], "ready");
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    assert_ne!(status["layout"], "unknown");
    assert!(status["series"]["tsugi_ready"].is_array());
    let findings = status["doctor"].as_array().unwrap();
    assert!(
        findings.iter().any(|finding| finding["what"] == "disk"),
        "{findings:?}"
    );
    let diagnostics = status["diagnostics"].as_str().unwrap();
    assert!(diagnostics.contains("state ready") && diagnostics.contains("tsugi_sessions"));
    for text in [
        secret,
        "canary-task-77",
        &account.email,
        &account.token,
        &account.cookie,
        &account.user.to_string(),
        &account.workspace.to_string(),
        &a.id.to_string(),
        "postgres://",
    ] {
        assert!(!answer.body.contains(text), "{text}");
    }
    server.stop().await;
}
