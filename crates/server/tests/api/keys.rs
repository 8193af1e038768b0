//! What signs access tokens: the keys that are published, a change of the secret, and the upgrade from one shared key.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{hmac, signature};
use serde_json::{Value, json};
use tsugi_server::secret::Secret;
use tsugi_sync::ids::{ReplicaId, Timestamp};
use tsugi_sync::protocol::{Down, ErrorCode, Token, Up};
use uuid::Uuid;

use crate::harness::{Account, Answer, Server, Socket, TempDir, hello, request};

const OLD: &str = "the secret before: 0123456789abcdef";
const NEW: &str = "the secret after: 0123456789abcdef";

fn secret(text: &str) -> Option<Secret> {
    Some(Secret::new(text).unwrap())
}

async fn start(dir: Arc<TempDir>, current: &str, previous: Option<&str>) -> Server {
    Server::in_dir(dir, |config| {
        config.secret = secret(current);
        config.previous_secret = previous.and_then(secret);
    })
    .await
}

async fn refresh(server: &Server, cookie: &str) -> Answer {
    let origin = format!("http://{}", server.address);
    let headers = [("cookie", cookie), ("origin", origin.as_str())];
    request(server.address, "POST", "/api/v1/session/refresh", &headers, None).await
}

fn greeting(token: &str) -> Up {
    hello(token, ReplicaId(Uuid::new_v4()))
}

/// None if the server takes the token.
async fn refused(server: &Server, token: &str) -> Option<ErrorCode> {
    let mut socket = Socket::open(server.address).await;
    socket.send(&greeting(token)).await;
    match socket.next().await {
        Down::Welcome(_) => None,
        Down::Error(error) => Some(error.code),
        other => panic!("{other:?}"),
    }
}

fn part(token: &str, n: usize) -> Value {
    let part = token.split('.').nth(n).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn anybody_can_check_a_token_with_the_published_keys() {
    let server = Server::start().await;
    let account = server.account().await;
    let published = server.get("/.well-known/jwks.json").await;
    assert_eq!(published.status, 200);
    assert_eq!(published.header("content-type"), Some("application/jwk-set+json"));
    assert_eq!(published.header("cache-control"), Some("public, max-age=600"));
    let keys = published.json["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 3, "before, now and next");
    let header = part(&account.token, 0);
    assert_eq!(header["alg"], "EdDSA");
    let key = keys.iter().find(|key| key["kid"] == header["kid"]).unwrap();
    let members: Vec<&String> = key.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        ["alg", "crv", "kid", "kty", "use", "x"],
        "nothing of the private key"
    );
    let public = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
    let (message, signed) = account.token.rsplit_once('.').unwrap();
    let signed = URL_SAFE_NO_PAD.decode(signed).unwrap();
    signature::UnparsedPublicKey::new(&signature::ED25519, public)
        .verify(message.as_bytes(), &signed)
        .unwrap();
    server.stop().await;
}

#[tokio::test]
async fn the_next_key_is_published_before_it_signs() {
    let server = Server::start().await;
    let cookie = server.account().await.cookie;
    let names = |answer: &Answer| -> Vec<Value> {
        let keys = answer.json["keys"].as_array().unwrap();
        keys.iter().map(|key| key["kid"].clone()).collect()
    };
    let before = names(&server.get("/.well-known/jwks.json").await);
    server.clock.advance(30 * 24 * 3_600_000);
    let fresh = refresh(&server, &cookie).await;
    let token = fresh.json["token"].as_str().unwrap();
    let kid = part(token, 0)["kid"].clone();
    assert_ne!(kid, before[0], "another key signs");
    assert!(before.contains(&kid), "and it was published for a month");
    assert_eq!(refused(&server, token).await, None);
    server.stop().await;
}

#[tokio::test]
async fn the_secret_is_changed_and_nobody_is_signed_out() {
    let server = start(Arc::new(TempDir::new()), OLD, None).await;
    let account = server.account().await;
    let lost = refresh(&server, &account.cookie).await;
    let dir = server.stop().await;

    let server = start(dir, NEW, Some(OLD)).await;
    assert_eq!(refused(&server, &account.token).await, None);
    assert_eq!(
        server.get("/.well-known/jwks.json").await.json["keys"]
            .as_array()
            .unwrap()
            .len(),
        6
    );
    // The answer to the first refresh was lost. The old token leads to the same successor, also after the grace.
    server.clock.advance(60_000);
    let again = refresh(&server, &account.cookie).await;
    assert_eq!((again.status, again.cookie()), (200, lost.cookie()));
    let token = again.json["token"].as_str().unwrap().to_owned();
    // That successor was never used, and its own successor is of the new secret.
    let next = refresh(&server, &lost.cookie().unwrap()).await;
    assert_eq!(next.status, 200);
    let twice = refresh(&server, &lost.cookie().unwrap()).await;
    assert_eq!(twice.cookie(), next.cookie(), "several tabs get the same one");
    let dir = server.stop().await;

    let server = start(dir, NEW, None).await;
    assert_eq!(refused(&server, &token).await, None);
    assert_eq!(
        refused(&server, &account.token).await,
        Some(ErrorCode::Unauthenticated)
    );
    assert_eq!(refresh(&server, &next.cookie().unwrap()).await.status, 200);
    server.stop().await;
}

/// A server of before the upgrade signed its tokens with HMAC, by a key of the same secret.
fn token_of_before(account: &Account, now: Timestamp) -> String {
    let claims = part(&account.token, 1);
    let key = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, OLD.as_bytes()),
        b"tsugi access 1",
    );
    let header = json!({ "typ": "JWT", "alg": "HS256" });
    let claims = json!({ "sub": claims["sub"], "sid": claims["sid"], "iss": "tsugi", "aud": "tsugi-sync",
                         "iat": now.0 / 1_000, "exp": now.0 / 1_000 + 600 });
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let message = format!("{header}.{claims}");
    let signed = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()),
        message.as_bytes(),
    );
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signed.as_ref()))
}

#[tokio::test]
async fn a_client_with_a_token_of_before_the_upgrade_gets_a_new_one() {
    let server = start(Arc::new(TempDir::new()), OLD, None).await;
    let account = server.account().await;
    let now = tsugi_server::clock::Clock::now(&*server.clock);
    let old = token_of_before(&account, now);
    let mut socket = Socket::open(server.address).await;
    socket.send(&greeting(&old)).await;
    let ended = socket.ended().await;
    assert_eq!(ended.code(), Some(ErrorCode::Unauthenticated));
    assert_eq!(ended.close, ErrorCode::Unauthenticated.close_code());
    // An open session that gets such a token ends in the same way.
    let mut socket = Socket::open(server.address).await;
    socket.send(&greeting(&account.token)).await;
    assert!(matches!(socket.next().await, Down::Welcome(_)));
    let token = Token(old);
    socket.send(&Up::Auth { token }).await;
    assert_eq!(socket.ended().await.code(), Some(ErrorCode::Unauthenticated));
    // The refresh token is of no secret, and is as good as before.
    let fresh = refresh(&server, &account.cookie).await;
    assert_eq!(fresh.status, 200);
    assert_eq!(
        refused(&server, fresh.json["token"].as_str().unwrap()).await,
        None
    );
    server.stop().await;
}
