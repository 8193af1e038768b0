//! How sockets are closed: with the codes of RFC 6455 where it has one, with ours where it has none, and always heard.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::harness::{PATIENCE, Server, request};

/// A WebSocket that can say anything: bytes as they go over the wire.
struct Raw {
    stream: TcpStream,
}

impl Raw {
    async fn open(server: &Server) -> Self {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let request = "GET /api/v1/sync HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                       sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        assert!(
            head.starts_with(b"HTTP/1.1 101"),
            "{}",
            String::from_utf8_lossy(&head)
        );
        Self { stream }
    }

    /// The last error, the close code, and whether the connection then ended as it should.
    async fn ended(&mut self) -> (Option<String>, Option<u16>, bool) {
        let mut bytes = Vec::new();
        let read = timeout(PATIENCE, self.stream.read_to_end(&mut bytes))
            .await
            .unwrap();
        let (mut error, mut close) = (None, None);
        let mut rest = bytes.as_slice();
        while let [first, second, after @ ..] = rest {
            let (length, after) = match second & 0x7f {
                126 => (usize::from(u16::from_be_bytes([after[0], after[1]])), &after[2..]),
                127 => panic!("a frame that large"),
                length => (usize::from(length), after),
            };
            let (payload, after) = after.split_at(length);
            match first & 0xf {
                1 => {
                    let message: Value = serde_json::from_slice(payload).unwrap();
                    error = message["code"].as_str().map(str::to_owned);
                }
                8 if payload.len() >= 2 => close = Some(u16::from_be_bytes([payload[0], payload[1]])),
                _ => {}
            }
            rest = after;
        }
        (error, close, read.is_ok())
    }
}

/// A masked frame, with a mask of zeros: its payload stands as it is.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
        length => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}

fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(0x88, &[&code.to_be_bytes(), reason].concat())
}

fn hello(version: u32) -> Vec<u8> {
    let hello = serde_json::json!({
        "type": "hello", "versions": [version], "token": "", "replica": uuid::Uuid::nil(), "device": "", "app": ""
    });
    frame(0x81, hello.to_string().as_bytes())
}

const PING: &[u8] = br#"{"type":"ping"}"#;

type Row = (&'static str, Vec<u8>, Option<&'static str>, u16);

fn rows() -> Vec<Row> {
    let bad = Some("bad_frame");
    vec![
        ("text that is not UTF-8", frame(0x81, &[0xc3, 0x28]), bad, 1007),
        ("half a character", frame(0x81, &[0xe3, 0x81]), bad, 1007),
        ("a surrogate", frame(0x81, &[0xed, 0xa0, 0x80]), bad, 1007),
        (
            "text that is not UTF-8, in two parts",
            [frame(0x01, &[0xc3]), frame(0x80, &[0x28])].concat(),
            bad,
            1007,
        ),
        ("a reserved kind of frame", frame(0x83, PING), bad, 1002),
        ("a reserved kind of control frame", frame(0x8b, b""), bad, 1002),
        ("reserved bits", frame(0xc1, PING), bad, 1002),
        ("no mask", [&[0x81, 15], PING].concat(), bad, 1002),
        ("a ping in parts", frame(0x09, b""), bad, 1002),
        ("a ping too long", frame(0x89, &[b'x'; 126]), bad, 1002),
        ("the rest of nothing", frame(0x80, PING), bad, 1002),
        (
            "another message in the middle of one",
            [frame(0x01, b"{"), frame(0x81, PING)].concat(),
            bad,
            1002,
        ),
        ("binary before welcome", frame(0x82, &[3, 1, 2]), bad, 1003),
        ("text that is no message", frame(0x81, b"hello"), bad, 4400),
        (
            "a message too early",
            frame(0x81, PING),
            Some("out_of_order"),
            4409,
        ),
        (
            "a version that nobody speaks",
            hello(99),
            Some("unsupported_version"),
            4426,
        ),
        ("a token that is none", hello(2), Some("unauthenticated"), 4401),
        (
            "a length beyond everything",
            [&[0x81, 0xff][..], &(1_u64 << 62).to_be_bytes(), &[0; 4]].concat(),
            Some("frame_too_large"),
            1009,
        ),
        ("its own close", close(1000, b"bye"), None, 1000),
        ("its own close, going away", close(1001, b""), None, 1001),
        ("a close with a code of its own", close(4000, b""), None, 4000),
        (
            "a close with a code that may not be sent",
            close(1005, b""),
            None,
            1002,
        ),
        ("a close with a code that nobody has", close(999, b""), None, 1002),
    ]
}

#[tokio::test]
async fn every_fault_has_its_code() {
    let server = Server::start().await;
    for (what, bytes, error, code) in rows() {
        let mut raw = Raw::open(&server).await;
        raw.stream.write_all(&bytes).await.unwrap();
        let (said, close, whole) = raw.ended().await;
        assert_eq!((said.as_deref(), close), (error, Some(code)), "{what}");
        assert!(whole, "{what}: reset");
    }
    server.stop().await;
}

#[tokio::test]
async fn bytes_after_a_bad_frame_do_not_swallow_its_error() {
    let server = Server::with(|config| config.limits.farewell = PATIENCE).await;
    for (what, bytes, error, code) in rows() {
        for more in [
            b"x".to_vec(),
            vec![0xff; 10],
            vec![0x81; 200_000],
            frame(0x81, PING).repeat(2_000),
        ] {
            let mut raw = Raw::open(&server).await;
            raw.stream.write_all(&[&bytes[..], &more].concat()).await.unwrap();
            raw.stream.shutdown().await.unwrap();
            let (said, close, whole) = raw.ended().await;
            let what = format!("{what}, and {} bytes more", more.len());
            assert_eq!((said.as_deref(), close), (error, Some(code)), "{what}");
            assert!(whole, "{what}: reset");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn an_answer_is_heard_though_the_body_was_not_read() {
    let server = Server::with(|config| config.limits.farewell = PATIENCE).await;
    for head in [
        "POST /api/v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n",
        "POST /api/v1/nothing HTTP/1.1\r\nhost: x\r\n",
        "POST /api/v1/sync HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ntsugi-seq: 1\r\n",
    ] {
        let body = vec![b'x'; 2 * 1024 * 1024];
        let head = format!("{head}content-length: {}\r\n\r\n", body.len());
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let (mut reading, mut writing) = stream.split();
        let mut answer = Vec::new();
        let sending = async {
            writing
                .write_all(&[head.as_bytes(), &body].concat())
                .await
                .unwrap();
            writing.shutdown().await.unwrap();
        };
        let (_, read) = tokio::join!(sending, reading.read_to_end(&mut answer));
        read.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.starts_with("HTTP/1.1 4") && answer.contains("\"code\":"),
            "{answer}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn whoever_never_closes_is_let_go() {
    let server = Server::with(|config| {
        config.limits.connections = 1;
        config.limits.farewell = Duration::from_millis(100);
    })
    .await;
    let mut raw = Raw::open(&server).await;
    raw.stream.write_all(&frame(0x81, b"hello")).await.unwrap();
    // The one place comes free, though this side stays open.
    let answer = request(server.address, "GET", "/healthz", &[], None).await;
    assert_eq!(answer.status, 200);
    drop(raw);
    server.stop().await;
}
