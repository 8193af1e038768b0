//! For monitors.

use tsugi_server::secret::Secret;

use crate::harness::{Replica, Server, new_entity, request};

#[tokio::test]
async fn alive_ready_and_measured() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let mutation = a.set(new_entity(), &[("title", "x")], &[]);
    let task = mutation.entity;
    a.commit(mutation).await;
    let stale = a.set(task, &[("title", "y")], &[("title", 0)]);
    a.commit(stale).await;
    assert_eq!(server.get("/healthz").await.status, 200);
    assert_eq!(server.get("/readyz").await.status, 200);
    let text = server.get("/metrics").await.body;
    for name in [
        "tsugi_connections ",
        "tsugi_sessions{transport=\"websocket\"}",
        "tsugi_sessions_accepted_total",
        "tsugi_messages_up_total{type=\"push\"}",
        "tsugi_messages_down_total{type=\"delta\"}",
        "tsugi_bytes_up_total",
        "tsugi_bytes_down_total",
        "tsugi_mutations_total{fate=\"accepted\"}",
        "tsugi_sessions_begun_total{transport=\"websocket\"}",
        "tsugi_conflicts_total{kind=\"task\"}",
        "tsugi_conflict_records_total{what=\"settled\"}",
        "tsugi_mutation_waited_seconds_bucket",
        "tsugi_commit_seconds_bucket",
        "tsugi_commit_commands_bucket",
        "tsugi_push_to_published_seconds_bucket",
        "tsugi_sign_ins_total{result=\"created\"}",
        "tsugi_http_requests_total{route=\"/api/v1/accounts\",method=\"POST\",status=\"201\"}",
    ] {
        assert!(text.contains(name), "{name} is not in\n{text}");
    }
    assert!(!text.contains(&account.email));
    server.stop().await;
}

#[tokio::test]
async fn numbers_are_for_this_machine_or_for_the_token() {
    let server = Server::start().await;
    for header in [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")] {
        let answer = request(server.address, "GET", "/metrics", &[header], None).await;
        assert_eq!(
            answer.code(),
            "not_found",
            "a proxy passes on somebody else's request"
        );
    }
    server.stop().await;
    let token = "0123456789abcdef0123456789abcdef";
    let server = Server::with(|config| config.metrics_token = Some(Secret::new(token).unwrap())).await;
    for (value, status) in [
        (format!("Bearer {token}"), 200),
        (format!("bearer  {token} "), 200),
        (format!("Bearer {token}x"), 404),
        (format!("Basic {token}"), 404),
        (token.to_owned(), 404),
        ("Bearer".into(), 404),
        (String::new(), 404),
    ] {
        let headers = [
            ("authorization", value.as_str()),
            ("x-forwarded-for", "192.0.2.1"),
        ];
        let answer = request(server.address, "GET", "/metrics", &headers, None).await;
        assert_eq!(answer.status, status, "{value}");
    }
    assert_eq!(
        server.get("/metrics").await.status,
        404,
        "this machine needs it, too, where there is one"
    );
    server.stop().await;
}
