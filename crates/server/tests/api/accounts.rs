//! Accounts, sign-ins and the life of refresh tokens.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tsugi_sync::protocol::{Down, ErrorCode, Token, Up};
use uuid::Uuid;

use crate::harness::{Account, Answer, PASSWORD, Replica, Server, Socket, TempDir, hello, request};

async fn refresh(server: &Server, cookie: &str) -> Answer {
    let origin = format!("http://{}", server.address);
    let headers = [("cookie", cookie), ("origin", origin.as_str())];
    request(server.address, "POST", "/api/v1/session/refresh", &headers, None).await
}

async fn sign_in(server: &Server, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password, "device": "phone" });
    server.post("/api/v1/session", &body).await
}

#[tokio::test]
async fn an_account_and_signing_in() {
    let server = Server::start().await;
    let workspace = Uuid::new_v4();
    let body = json!({ "email": " Ada@Example.org ", "password": PASSWORD, "workspace": workspace });
    let created = server.post("/api/v1/accounts", &body).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.json["user"]["email"], "ada@example.org");
    assert_eq!(created.json["workspace"], json!(workspace));
    assert_eq!(created.json["expires_in_ms"], 600_000);
    assert_eq!(created.header("cache-control"), Some("no-store"));
    let cookie = created.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1", "Max-Age=5184000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "loopback has no TLS");
    assert_eq!(server.post("/api/v1/accounts", &body).await.code(), "email_taken");
    let body = json!({ "email": "eve@example.org", "password": PASSWORD, "workspace": workspace });
    let taken = server.post("/api/v1/accounts", &body).await;
    assert_eq!((taken.status, taken.code()), (409, "workspace_taken"));

    let right = sign_in(&server, "ADA@example.org", PASSWORD).await;
    assert_eq!((right.status, &right.json["workspace"]), (200, &json!(workspace)));
    for (email, password) in [
        ("ada@example.org", "wrong horse battery"),
        ("nobody@example.org", PASSWORD),
    ] {
        let wrong = sign_in(&server, email, password).await;
        assert_eq!(
            (wrong.status, wrong.code()),
            (401, "wrong_credentials"),
            "{email}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_account() {
    let server = Server::start().await;
    for body in [
        json!({ "email": "ada", "password": PASSWORD }),
        json!({ "email": "ada@example.org", "password": "short" }),
        json!({ "email": "ada@example.org", "password": "password" }),
        json!({ "email": "ada@example.org", "password": "        " }),
        json!({ "email": "ada@example.org", "password": "xy".repeat(129) }),
        json!({ "email": "ada@example.org" }),
        json!({ "email": "ada@example.org", "password": PASSWORD, "workspace": Uuid::nil() }),
        json!([]),
    ] {
        let answer = server.post("/api/v1/accounts", &body).await;
        assert_eq!((answer.status, answer.code()), (400, "invalid"), "{body}");
    }
    let huge = json!({ "email": "ada@example.org", "password": "x".repeat(20_000) });
    assert_eq!(server.post("/api/v1/accounts", &huge).await.code(), "too_large");
    let form = [("content-type", "text/plain"), ("content-length", "2")];
    let answer = request(server.address, "POST", "/api/v1/session", &form, None).await;
    assert_eq!(answer.code(), "invalid", "a form of another page cannot be JSON");
    assert_eq!(server.get("/api/v1/accounts").await.code(), "method_not_allowed");
    server.stop().await;
}

#[tokio::test]
async fn a_password_is_the_same_on_every_keyboard() {
    let server = Server::start().await;
    let body = json!({ "email": "ada@example.org", "password": "caf\u{e9} か\u{3099}んばる" });
    assert_eq!(server.post("/api/v1/accounts", &body).await.status, 201);
    for (password, status) in [
        ("cafe\u{301} がんばる", 200),
        ("caf\u{e9}\u{3000}がんばる", 200),
        ("cafe がんばる", 401),
    ] {
        assert_eq!(
            sign_in(&server, "ada@example.org", password).await.status,
            status,
            "{password}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn what_a_clock_that_was_ahead_has_signed_ends_with_it() {
    let dir = Arc::new(TempDir::new());
    let server = Server::in_dir(Arc::clone(&dir), |_| {}).await;
    server.clock.advance(365 * 24 * 3_600_000);
    let account = server.account().await;
    Replica::live(&server, &account).await;
    server.stop().await;
    // The clock is right again.
    let server = Server::in_dir(dir, |_| {}).await;
    let mut socket = Socket::open(server.address).await;
    socket
        .send(&hello(&account.token, tsugi_sync::ids::ReplicaId(Uuid::new_v4())))
        .await;
    assert_eq!(socket.ended().await.code(), Some(ErrorCode::Unauthenticated));
    // A refresh gives a token that is good; and the one before has no year of grace.
    let second = refresh(&server, &account.cookie).await;
    assert_eq!(second.status, 200);
    let account = Account {
        token: second.json["token"].as_str().unwrap().to_owned(),
        ..account
    };
    Replica::live(&server, &account).await;
    assert_eq!(refresh(&server, &second.cookie().unwrap()).await.status, 200);
    server.clock.advance(31_000);
    assert_eq!(refresh(&server, &account.cookie).await.code(), "session_revoked");
    server.stop().await;
}

#[tokio::test]
async fn a_refresh_token_is_used_once_with_a_grace() {
    let server = Server::start().await;
    let account = server.account().await;
    let first = refresh(&server, &account.cookie).await;
    assert_eq!(first.status, 200, "{first:?}");
    // Ten tabs at once: the same successor for all.
    for _ in 0..3 {
        assert_eq!(refresh(&server, &account.cookie).await.cookie(), first.cookie());
    }
    let second = refresh(&server, &first.cookie().unwrap()).await;
    assert_eq!(second.status, 200);
    assert_ne!(second.cookie(), first.cookie());
    let mut socket = Socket::open(server.address).await;
    socket
        .send(&hello(
            second.json["token"].as_str().unwrap(),
            tsugi_sync::ids::ReplicaId(Uuid::new_v4()),
        ))
        .await;
    assert!(matches!(socket.next().await, Down::Welcome(_)));

    // After the grace it was stolen, by one side or the other: everything of this sign-in ends.
    server.clock.advance(31_000);
    let reused = refresh(&server, &account.cookie).await;
    assert_eq!((reused.status, reused.code()), (401, "session_revoked"));
    assert_eq!(
        refresh(&server, &second.cookie().unwrap()).await.code(),
        "session_revoked"
    );
    assert_eq!(socket.ended().await.code(), Some(ErrorCode::Unauthenticated));
    // Another sign-in of the same user is not touched.
    assert_eq!(sign_in(&server, &account.email, PASSWORD).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_that_is_lost_signs_nobody_out() {
    let server = Server::start().await;
    let account = server.account().await;
    let lost = refresh(&server, &account.cookie).await.cookie();
    // A tunnel, an hour long.
    server.clock.advance(60 * 60 * 1000);
    let again = refresh(&server, &account.cookie).await;
    assert_eq!((again.status, again.cookie()), (200, lost.clone()));
    assert_eq!(refresh(&server, &lost.unwrap()).await.status, 200);
    // Now it has arrived: who still comes with the one before has it from elsewhere.
    server.clock.advance(31_000);
    let reused = refresh(&server, &account.cookie).await;
    assert_eq!((reused.status, reused.code()), (401, "session_revoked"));
    server.stop().await;
}

#[tokio::test]
async fn refresh_tokens_end() {
    let server = Server::start().await;
    let account = server.account().await;
    assert_eq!(
        refresh(&server, "tsugi_refresh=made-up").await.code(),
        "unauthenticated"
    );
    assert_eq!(refresh(&server, "other=1").await.code(), "unauthenticated");
    server.clock.advance(61 * 24 * 60 * 60 * 1000);
    assert_eq!(refresh(&server, &account.cookie).await.code(), "session_expired");
    server.stop().await;
}

#[tokio::test]
async fn a_sign_in_that_goes_on_keeps_no_expired_tokens() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut cookie = account.cookie;
    for _ in 0..6 {
        cookie = refresh(&server, &cookie).await.cookie().unwrap();
        server.clock.advance(31 * 24 * 60 * 60 * 1000);
    }
    let dir = server.stop().await;
    let left = dir.count("SELECT count(*) FROM refresh_token").await;
    assert_eq!(
        left, 2,
        "the one in use, and the one before, which has not expired"
    );
}

#[tokio::test]
async fn signing_out_ends_sockets_and_tokens() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut replica = Replica::live(&server, &account).await;
    let origin = format!("http://{}", server.address);
    let headers = [("cookie", account.cookie.as_str()), ("origin", origin.as_str())];
    let answer = request(server.address, "DELETE", "/api/v1/session", &headers, None).await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    let ended = replica.socket.ended().await;
    assert_eq!(
        (ended.code(), ended.close),
        (Some(ErrorCode::Unauthenticated), Some(4401))
    );
    assert_eq!(refresh(&server, &account.cookie).await.code(), "session_revoked");
    let mut socket = Socket::open(server.address).await;
    socket.send(&hello(&account.token, replica.id)).await;
    assert_eq!(
        socket.ended().await.code(),
        Some(ErrorCode::Unauthenticated),
        "the token is of that sign-in"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_session_ends_with_its_token_unless_it_gets_a_new_one() {
    let server = Server::with(|config| config.limits.access_lifetime = Duration::from_secs(1)).await;
    let account = server.account().await;
    let mut replica = Replica::live(&server, &account).await;
    let ended = replica.socket.ended().await;
    assert_eq!(
        (ended.code(), ended.close),
        (Some(ErrorCode::Unauthenticated), Some(4401))
    );
    let mut socket = Socket::open(server.address).await;
    socket.send(&hello(&account.token, replica.id)).await;
    assert_eq!(
        socket.ended().await.code(),
        Some(ErrorCode::Unauthenticated),
        "it has ended"
    );
    server.stop().await;

    let server = Server::start().await;
    let (account, other) = (server.account().await, server.account().await);
    let mut replica = Replica::live(&server, &account).await;
    let fresh = refresh(&server, &account.cookie).await.json["token"]
        .as_str()
        .unwrap()
        .to_owned();
    replica.socket.send(&Up::Auth { token: Token(fresh) }).await;
    replica.socket.send(&Up::Ping).await;
    assert!(matches!(replica.socket.next().await, Down::Pong { .. }));
    replica
        .socket
        .send(&Up::Auth {
            token: Token(other.token),
        })
        .await;
    assert_eq!(
        replica.socket.ended().await.code(),
        Some(ErrorCode::Unauthenticated)
    );
    server.stop().await;
}

#[tokio::test]
async fn too_many_passwords_at_once_are_turned_away() {
    let server = Server::with(|config| {
        config.limits.hashing = 1;
        config.limits.hashing_queue = 0;
    })
    .await;
    let bodies = (0..6).map(|n| json!({ "email": format!("{n}@example.org"), "password": PASSWORD }));
    let asking = bodies.map(|body| {
        let address = server.address;
        tokio::spawn(async move { request(address, "POST", "/api/v1/accounts", &[], Some(&body)).await })
    });
    let mut busy = 0;
    for asked in asking.collect::<Vec<_>>() {
        let answer = asked.await.unwrap();
        match answer.status {
            201 => {}
            503 if answer.code() == "busy" && answer.header("retry-after").is_some() => busy += 1,
            _ => panic!("{answer:?}"),
        }
    }
    assert!(busy > 0);
    server.stop().await;
}
