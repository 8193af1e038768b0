//! Frames that are small on the wire and large when they are read: they slow down the account that sends them, and nobody
//! else.

use std::time::{Duration, Instant};

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tsugi_server::Config;
use tsugi_server::rate::Rate;
use tsugi_sync::frame::{Form, Frame};
use tsugi_sync::ids::ReplicaId;
use tsugi_sync::protocol::{Down, ErrorCode, Up};
use uuid::Uuid;

use crate::harness::{Replica, Server, Socket, hello, new_entity};

/// A frame below costs some 50 KiB: 4 seconds.
fn slow(config: &mut Config) {
    config.limits.work = Rate {
        burst: 10,
        every: Duration::from_millis(100),
    };
}

const BOTH: Form = Form {
    compact: true,
    deflated: true,
};

fn heavy(items: usize) -> Vec<u8> {
    let text = json!({ "type": "ping", "x": vec![json!({ "type": 1 }); items] }).to_string();
    match BOTH.pack(text) {
        Frame::Binary(bytes) => bytes,
        Frame::Text(text) => panic!("{} bytes of text", text.len()),
    }
}

#[tokio::test]
async fn an_account_that_makes_much_work_waits_and_others_do_not() {
    let server = Server::with(slow).await;
    let (attacker, other) = (server.account().await, server.account().await);
    let mut first = Replica::live(&server, &attacker).await;
    let mut second = Replica::live(&server, &attacker).await;
    let mut others = Replica::live(&server, &other).await;
    let frame = heavy(2_000);
    assert!(frame.len() < 1_000, "{} bytes", frame.len());
    let begun = Instant::now();
    first.socket.stream.send(Message::binary(frame)).await.unwrap();
    // It is taken: slower is no error.
    assert!(matches!(first.socket.next().await, Down::Pong { .. }));
    // Everything of this account waits; what belongs to another does not.
    second.socket.send(&Up::Ping).await;
    let mutation = others.set(new_entity(), &[("title", "x")], &[]);
    others.commit(mutation).await;
    let elapsed = begun.elapsed();
    assert!(elapsed < Duration::from_secs(3), "{elapsed:?}");
    first.socket.send(&Up::Ping).await;
    assert!(matches!(first.socket.next().await, Down::Pong { .. }));
    assert!(begun.elapsed() > Duration::from_secs(3), "{:?}", begun.elapsed());
    assert!(matches!(second.socket.next().await, Down::Pong { .. }));
    server.stop().await;
}

#[tokio::test]
async fn before_hello_there_is_little_work() {
    let server = Server::start().await;
    let mut socket = Socket::open(server.address).await;
    socket.stream.send(Message::binary(heavy(60_000))).await.unwrap();
    assert_eq!(socket.ended().await.code(), Some(ErrorCode::BadFrame));
    let mut socket = Socket::open(server.address).await;
    socket
        .raw(&format!("{{\"type\":\"ping\",\"x\":\"{}\"}}", "x".repeat(20_000)))
        .await;
    assert_eq!(socket.ended().await.code(), Some(ErrorCode::BadFrame));
    server.stop().await;
}

#[tokio::test]
async fn a_session_of_an_account_that_owes_begins_later() {
    let server = Server::with(slow).await;
    let account = server.account().await;
    let mut first = Replica::greet(&server, &account).await;
    first.socket.raw(&"x".repeat(20_000)).await;
    assert_eq!(first.socket.ended().await.code(), Some(ErrorCode::BadFrame));
    let begun = Instant::now();
    let mut socket = Socket::open(server.address).await;
    socket
        .send(&hello(&account.token, ReplicaId(Uuid::new_v4())))
        .await;
    assert!(matches!(socket.next().await, Down::Welcome(_)));
    assert!(begun.elapsed() > Duration::from_secs(1), "{:?}", begun.elapsed());
    server.stop().await;
}
