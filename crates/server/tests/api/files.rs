//! The browser client's files, and the headers on everything.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::harness::{PATIENCE, Server, TempDir, request};

async fn with_files() -> Server {
    let dir = Arc::new(TempDir::new());
    let files = dir.path().join("dist");
    std::fs::create_dir(&files).unwrap();
    let page = "<!doctype html><script type=\"module\">hello</script><p>app</p>";
    std::fs::write(files.join("index.html"), page).unwrap();
    std::fs::write(files.join("app-0123456789abcdef.js"), "plain").unwrap();
    std::fs::write(files.join("app-0123456789abcdef.js.br"), "brotli").unwrap();
    std::fs::write(files.join("app-0123456789abcdef.js.gz"), "gzip").unwrap();
    std::fs::write(files.join("app-0123456789abcdef_bg.wasm"), "plain").unwrap();
    std::fs::write(files.join("app-0123456789abcdef_bg.wasm.br"), "brotli").unwrap();
    std::fs::write(files.join("sw.js"), "worker").unwrap();
    std::fs::write(files.join("manifest.json"), "{}").unwrap();
    Server::in_dir(dir, |config| config.static_dir = Some(files)).await
}

#[tokio::test]
async fn files_and_how_long_they_keep() {
    let server = with_files().await;
    let rows = [
        ("/", 200, "app</p>", "no-cache"),
        ("/index.html", 200, "app</p>", "no-cache"),
        ("/lists/123", 200, "app</p>", "no-cache"),
        ("/manifest.json", 200, "{}", "no-cache"),
        ("/sw.js", 200, "worker", "no-cache"),
        (
            "/app-0123456789abcdef.js",
            200,
            "plain",
            "public, max-age=31536000, immutable",
        ),
        ("/missing-0123456789abcdef.js", 404, "not_found", "no-store"),
        ("/../data/secret", 404, "not_found", "no-store"),
        ("/%2e%2e/data/secret", 200, "app</p>", "no-cache"),
        ("/api/v1/nothing", 404, "not_found", "no-store"),
        ("/api", 404, "not_found", "no-store"),
    ];
    for (path, status, body, cache) in rows {
        let answer = server.get(path).await;
        if path.contains("secret") {
            assert!(
                answer.body.contains("app</p>") || answer.status == 404,
                "{path}: {answer:?}"
            );
            continue;
        }
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert!(answer.body.contains(body), "{path}: {answer:?}");
        assert_eq!(answer.header("cache-control"), Some(cache), "{path}");
    }
    for (accepted, body) in [("br, gzip", "brotli"), ("gzip", "gzip"), ("identity", "plain")] {
        let headers = [("accept-encoding", accepted)];
        let answer = request(server.address, "GET", "/app-0123456789abcdef.js", &headers, None).await;
        assert!(answer.body.contains(body), "{accepted}: {answer:?}");
        assert!(answer.header("content-type").unwrap().contains("javascript"));
        // A cache between must not give one's encoding to the other.
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
    }
    let headers = [("accept-encoding", "br")];
    let answer = request(
        server.address,
        "GET",
        "/app-0123456789abcdef_bg.wasm",
        &headers,
        None,
    )
    .await;
    // Browsers compile while it comes only what is called by its name.
    assert_eq!(answer.header("content-type"), Some("application/wasm"));
    assert_eq!(answer.header("content-encoding"), Some("br"));
    server.stop().await;
}

#[tokio::test]
async fn odd_paths_are_places_in_the_app_or_nothing() {
    let server = with_files().await;
    let long = "a".repeat(256);
    let deep = "/a".repeat(2_500);
    for path in [
        format!("/{long}"),
        format!("/{}", "a".repeat(255)),
        format!("/{}", "a".repeat(8_000)),
        format!("/lists/{long}"),
        format!("/{long}/{long}"),
        deep.clone(),
        format!("/{}", "%61".repeat(256)),
        format!("/{}", "%E3%81%82".repeat(100)),
        "/%00".into(),
        "/a%00b".into(),
        "/%ff".into(),
        "/%ff%fe/x".into(),
        "/%".into(),
        "/%zz".into(),
        "/%e3%81".into(),
        "/%2e%2e".into(),
        "/%2e%2e%2fdata%2fsecret".into(),
        "/..%2f..%2f..%2fetc%2fpasswd".into(),
        "/a/../../data/secret".into(),
        "//".into(),
        "//example.org/x".into(),
        "/a//b".into(),
        "/index.html/x".into(),
        "/sw.js/".into(),
        "/a\\b".into(),
        "/C:%5cwindows".into(),
        "/con".into(),
        "/~".into(),
        "/?".into(),
        format!("/?{long}"),
        "/;,:@&=+$!*'()".into(),
    ] {
        let answer = server.get(&path).await;
        let shown: String = path.chars().take(60).collect();
        let is_app = answer.status == 200 && answer.body.contains("app</p>");
        let is_nothing = answer.status == 404 && answer.code() == "not_found";
        assert!(is_app || is_nothing, "{shown}: {answer:?}");
        assert!(answer.header("content-security-policy").is_some(), "{shown}");
        let with_end = server.get(&format!("{}.js", path.trim_end_matches('/'))).await;
        assert!(
            with_end.status == 404 || with_end.status == 200,
            "{shown}.js: {with_end:?}"
        );
    }
    // What is no HTTP is the parser's to refuse.
    for path in ["/\u{e9}", "/\0", "/\u{7f}", "x"] {
        let status = server.get(path).await.status;
        assert!(
            status == 400 || status == 200 || status == 404,
            "{path:?}: {status}"
        );
    }
    let head = request(server.address, "HEAD", &format!("/{long}"), &[], None).await;
    assert_eq!(head.status, 200);
    server.stop().await;
    let server = Server::start().await;
    for path in [format!("/{long}"), deep, "/%00".into()] {
        assert_eq!(server.get(&path).await.code(), "not_found", "without files");
    }
    server.stop().await;
}

#[tokio::test]
async fn who_does_not_read_a_file_is_let_go() {
    let dir = Arc::new(TempDir::new());
    let files = dir.path().join("dist");
    std::fs::create_dir(&files).unwrap();
    std::fs::write(files.join("index.html"), "app").unwrap();
    // More than the buffers on the way hold.
    let large = std::fs::File::create(files.join("large.bin")).unwrap();
    large.set_len(64 * 1024 * 1024).unwrap();
    let server = Server::in_dir(dir, |config| {
        config.static_dir = Some(files);
        config.limits.connections = 1;
        config.limits.stall_deadline = Duration::from_millis(100);
    })
    .await;
    let mut stuck = TcpStream::connect(server.address).await.unwrap();
    stuck
        .write_all(b"GET /large.bin HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    // There is one place, and it comes free.
    let answer = timeout(PATIENCE, server.get("/healthz")).await.unwrap();
    assert_eq!(answer.status, 200);
    drop(stuck);
    server.stop().await;
}

#[tokio::test]
async fn every_answer_is_locked_down() {
    let server = with_files().await;
    for path in [
        "/",
        "/healthz",
        "/api/v1/nothing",
        "/app-0123456789abcdef.js",
        "/metrics",
    ] {
        let answer = server.get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        for part in [
            "script-src 'self' 'wasm-unsafe-eval' 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='",
            "frame-ancestors 'none'",
            &format!("connect-src 'self' ws://{0} wss://{0};", server.address),
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && policy.contains("style-src 'self';"),
            "{path}: {policy}"
        );
        for feature in [
            "camera=()",
            "microphone=()",
            "geolocation=()",
            "usb=()",
            "payment=()",
        ] {
            let permissions = answer.header("permissions-policy").unwrap();
            assert!(permissions.contains(feature), "{path}: {permissions}");
        }
        assert_eq!(
            answer.header("strict-transport-security"),
            None,
            "{path}: there is no TLS"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        assert_eq!(answer.header("origin-agent-cluster"), Some("?1"));
        assert_eq!(answer.header("x-permitted-cross-domain-policies"), Some("none"));
        assert!(answer.header("cache-control").is_some(), "{path}");
        assert_eq!(answer.header("server"), None, "{path}");
    }
    // A host that is none does not get into the policy.
    let odd = [("host", "x;script-src *")];
    let answer = request(server.address, "GET", "/", &odd, None).await;
    assert!(
        answer
            .header("content-security-policy")
            .is_none_or(|policy| !policy.contains("script-src *"))
    );
    server.stop().await;
}

#[tokio::test]
async fn where_there_is_tls_browsers_are_told_to_stay_with_it() {
    const YEAR: Option<&str> = Some("max-age=31536000");
    let said = async |server: &Server, headers: &[(&str, &str)]| {
        let answer = request(server.address, "GET", "/", headers, None).await;
        answer.header("strict-transport-security").map(str::to_owned)
    };
    let over_tls = [("x-forwarded-proto", "https")];
    let plain = Server::start().await;
    assert_eq!(said(&plain, &over_tls).await, None, "anybody can write that");
    plain.stop().await;
    let proxied =
        Server::with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()].into()).await;
    assert_eq!(said(&proxied, &over_tls).await.as_deref(), YEAR);
    let page = request(proxied.address, "GET", "/", &over_tls, None).await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("; upgrade-insecure-requests") && !policy.contains(" ws://"),
        "{policy}"
    );
    assert_eq!(said(&proxied, &[("x-forwarded-proto", "http")]).await, None);
    assert_eq!(said(&proxied, &[]).await, None);
    proxied.stop().await;
    let told = Server::with(|config| config.https = true).await;
    assert_eq!(said(&told, &[]).await.as_deref(), YEAR);
    let made = serde_json::json!({ "email": "ada@example.org", "password": crate::harness::PASSWORD });
    let made = told.post("/api/v1/accounts", &made).await;
    let set = made.headers.iter().filter(|(name, _)| name == "set-cookie");
    assert!(
        set.clone().count() == 2 && set.clone().all(|(_, value)| value.ends_with("; Secure")),
        "{made:?}"
    );
    told.stop().await;
}

#[tokio::test]
async fn without_files_there_is_a_sentence() {
    let server = Server::start().await;
    assert!(server.get("/").await.body.contains("sync server"));
    assert_eq!(server.get("/lists").await.code(), "not_found");
    server.stop().await;
}
