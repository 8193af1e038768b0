//! Whatever a socket sends, the worst is an error and a close.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tsugi_server::rate::Rate;
use tsugi_sync::ids::ReplicaId;
use tsugi_sync::limits;
use tsugi_sync::protocol::{Down, ErrorCode, Up};
use uuid::Uuid;

use crate::harness::{PATIENCE, Replica, Server, Socket, hello, new_entity, set};

async fn ends_with(server: &Server, first: Message, code: ErrorCode) {
    let mut socket = Socket::open(server.address).await;
    let what: String = format!("{first:?}").chars().take(80).collect();
    socket.stream.send(first).await.unwrap();
    let ended = socket.ended().await;
    assert_eq!(ended.code().as_ref(), Some(&code), "{what}");
    assert_eq!(ended.close, code.close_code(), "{what}");
}

#[tokio::test]
async fn frames_that_are_no_hello() {
    let server = Server::start().await;
    let account = server.account().await;
    let deep = format!(r#"{{"type":"push","mutations":{}"#, "[".repeat(100_000));
    for text in [
        "",
        "{",
        "null",
        "[]",
        r#"{"type":"dance"}"#,
        r#"{"type":"hello"}"#,
        "\u{0}",
        deep.as_str(),
    ] {
        ends_with(&server, Message::text(text), ErrorCode::BadFrame).await;
    }
    ends_with(&server, Message::binary(vec![0; 10]), ErrorCode::BadFrame).await;
    // What the error would quote is far longer than a frame, once it is escaped.
    let loud = format!(
        r#"{{"type":"{}"}}"#,
        "\\u0001".repeat(limits::FRAME_BYTES / 6 - 10)
    );
    ends_with(&server, Message::text(loud), ErrorCode::BadFrame).await;
    let no_text = Frame::message(vec![0xC3, 0x28], OpCode::Data(Data::Text), true);
    let mut socket = Socket::open(server.address).await;
    socket.stream.send(Message::Frame(no_text)).await.unwrap();
    let ended = socket.ended().await;
    assert_eq!(
        (ended.code(), ended.close),
        (Some(ErrorCode::BadFrame), Some(1007))
    );
    let large = " ".repeat(limits::FRAME_BYTES + 10);
    ends_with(&server, Message::text(large), ErrorCode::FrameTooLarge).await;
    for text in [
        r#"{"type":"ping"}"#.to_owned(),
        format!(r#"{{"type":"auth","token":"{}"}}"#, account.token),
        format!(
            r#"{{"type":"pull","workspace":"{}","cursor":0}}"#,
            account.workspace
        ),
        format!(
            r#"{{"type":"push","workspace":"{}","mutations":[]}}"#,
            account.workspace
        ),
        format!(
            r#"{{"type":"subscribe","workspace":"{}","cursor":0}}"#,
            account.workspace
        ),
    ] {
        ends_with(&server, Message::text(text), ErrorCode::OutOfOrder).await;
    }
    let replica = ReplicaId(Uuid::new_v4());
    let good = hello(&account.token, replica).to_frame();
    let wrong = hello(&format!("{}x", account.token), replica).to_frame();
    ends_with(&server, Message::text(wrong), ErrorCode::Unauthenticated).await;
    ends_with(
        &server,
        Message::text(hello("", replica).to_frame()),
        ErrorCode::Unauthenticated,
    )
    .await;
    let later = good.replace("\"versions\":[1]", "\"versions\":[99]");
    ends_with(&server, Message::text(later), ErrorCode::UnsupportedVersion).await;
    let long = good.replace("a test", &"x".repeat(limits::HELLO_TEXT_BYTES + 1));
    ends_with(&server, Message::text(long), ErrorCode::BadFrame).await;
    // After all that, others are served.
    Replica::live(&server, &account).await;
    server.stop().await;
}

#[tokio::test]
async fn frames_that_may_not_come_now() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut replica = Replica::greet(&server, &account).await;
    replica.socket.send(&hello(&account.token, replica.id)).await;
    assert_eq!(
        replica.socket.ended().await.code(),
        Some(ErrorCode::OutOfOrder),
        "hello twice"
    );
    let mut replica = Replica::greet(&server, &account).await;
    replica
        .push(vec![set(1, new_entity(), &[("title", "x")], &[])])
        .await;
    assert_eq!(
        replica.socket.ended().await.code(),
        Some(ErrorCode::OutOfOrder),
        "push without subscribe"
    );
    let mut replica = Replica::live(&server, &account).await;
    let task = new_entity();
    let many = (1..=limits::MUTATIONS_PER_PUSH as u64 + 1).map(|seq| set(seq, task, &[("title", "x")], &[]));
    replica.push(many.collect()).await;
    assert_eq!(
        replica.socket.ended().await.code(),
        Some(ErrorCode::BadFrame),
        "too many mutations"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_frame_far_above_the_limit_ends_the_connection() {
    let server = Server::start().await;
    let mut socket = Socket::open(server.address).await;
    // The server stops reading in the middle, so sending may fail, too.
    let huge = Message::text(" ".repeat(8 * limits::FRAME_BYTES));
    let sent = socket.stream.send(huge).await;
    let ended = socket.ended().await;
    assert!(
        sent.is_err() || ended.code().is_none_or(|code| code == ErrorCode::FrameTooLarge),
        "{ended:?}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_close_is_answered() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut replica = Replica::live(&server, &account).await;
    replica.socket.stream.send(Message::Close(None)).await.unwrap();
    let answer = timeout(PATIENCE, replica.socket.stream.next()).await.unwrap();
    assert!(matches!(answer, Some(Ok(Message::Close(_)))), "{answer:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_connection_without_a_word_is_given_up() {
    let server = Server::with(|config| config.limits.header_deadline = Duration::from_millis(100)).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let mut rest = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut rest))
        .await
        .unwrap()
        .unwrap();
    server.stop().await;
}

#[tokio::test]
async fn half_a_header_is_given_up() {
    let server = Server::with(|config| config.limits.header_deadline = Duration::from_millis(100)).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: ")
        .await
        .unwrap();
    let mut rest = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut rest))
        .await
        .unwrap()
        .unwrap();
    server.stop().await;
}

#[tokio::test]
async fn half_a_body_is_given_up() {
    let server = Server::with(|config| config.limits.request_deadline = Duration::from_millis(100)).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut rest = vec![0; 12];
    timeout(PATIENCE, stream.read_exact(&mut rest))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(rest, b"HTTP/1.1 408");
    server.stop().await;
}

#[tokio::test]
async fn silence_ends_a_session() {
    let server = Server::with(|config| config.limits.hello_deadline = Duration::from_millis(100)).await;
    let account = server.account().await;
    let ended = Socket::open(server.address).await.ended().await;
    assert_eq!(
        (ended.code(), ended.close),
        (Some(ErrorCode::TimedOut), Some(4408)),
        "no hello"
    );
    // A session that has begun has its own deadline.
    let mut replica = Replica::live(&server, &account).await;
    replica.socket.send(&Up::Ping).await;
    replica.socket.next().await;
    server.stop().await;

    let server = Server::with(|config| {
        config.limits.idle_timeout = Duration::from_millis(200);
        config.limits.ping_every = Duration::from_secs(60);
    })
    .await;
    let account = server.account().await;
    let ended = Replica::live(&server, &account).await.socket.ended().await;
    assert_eq!(ended.code(), Some(ErrorCode::TimedOut), "nothing said");
    server.stop().await;
}

#[tokio::test]
async fn too_much_is_limited() {
    let server = Server::with(|config| {
        config.limits.messages = Rate {
            burst: 5,
            every: Duration::from_secs(60),
        };
        config.limits.connections_per_user = 2;
    })
    .await;
    let account = server.account().await;
    let mut replica = Replica::live(&server, &account).await;
    let other = Replica::live(&server, &account).await;
    let mut third = Socket::open(server.address).await;
    third.send(&hello(&account.token, replica.id)).await;
    let ended = third.ended().await;
    assert_eq!(
        (ended.code(), ended.close),
        (Some(ErrorCode::RateLimited), Some(4429))
    );
    for _ in 0..5 {
        replica.socket.send(&Up::Ping).await;
    }
    let ended = replica.socket.ended().await;
    assert_eq!(ended.code(), Some(ErrorCode::RateLimited));
    assert!(ended.error.unwrap().retry_after_ms.unwrap() > 0);
    drop(other);
    server.stop().await;
}

#[tokio::test]
async fn a_small_push_that_asks_for_large_answers_gets_some_and_has_to_come_back() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let task = new_entity();
    let large = "x".repeat(60_000);
    let fields: Vec<(&str, &str)> = ["a", "b", "c", "d"].map(|name| (name, large.as_str())).into();
    let mutation = a.set(task, &fields, &[]);
    a.commit(mutation).await;
    // Each conflicts, and is answered with all of it.
    let small = (0..200).map(|_| a.set(task, &[("a", "y")], &[]));
    let small = small.collect();
    a.push(small).await;
    let mut answered = 0;
    let end = loop {
        match a.socket.next().await {
            Down::Delta(delta) => answered += delta.outcomes.len(),
            Down::Error(error) => break error,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(end.code, ErrorCode::RateLimited);
    assert!(end.retry_after_ms.is_some());
    assert!((8..20).contains(&answered), "{answered}");
    server.stop().await;
}
