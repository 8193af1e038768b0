//! Connections of one address: their number is limited, and the silent ones are closed first.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::harness::{PATIENCE, Server, Socket, exchange, parse};

async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut byte = [0];
    matches!(
        timeout(PATIENCE, stream.read(&mut byte)).await.unwrap(),
        Ok(0) | Err(_)
    )
}

#[tokio::test]
async fn silent_connections_make_room_and_others_are_served() {
    let server = Server::with(|config| config.limits.connections_per_address = 100).await;
    let mut silent = Vec::new();
    for _ in 0..300 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    for _ in 0..13 {
        assert_eq!(server.get("/healthz").await.status, 200);
    }
    for stream in &mut silent[..200] {
        assert!(is_closed(stream).await);
    }
    server.stop().await;
}

#[tokio::test]
async fn silence_ends() {
    let server = Server::with(|config| config.limits.header_deadline = Duration::from_millis(50)).await;
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    assert!(is_closed(&mut silent).await);
    server.stop().await;
}

#[tokio::test]
async fn those_in_use_are_not_disturbed_and_the_next_hears_why() {
    let server = Server::with(|config| config.limits.connections_per_address = 3).await;
    let mut sockets = Vec::new();
    for _ in 0..3 {
        sockets.push(Socket::open(server.address).await);
    }
    let answer = parse(&exchange(server.address, b"").await);
    assert_eq!(
        (answer.status, answer.code()),
        (429, "rate_limited"),
        "{answer:?}"
    );
    assert!(answer.header("retry-after").is_some());
    drop(sockets.pop());
    // Its place comes free as the server notices.
    while parse(
        &exchange(
            server.address,
            b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        )
        .await,
    )
    .status
        != 200
    {}
    server.stop().await;
}

#[tokio::test]
async fn where_all_places_are_taken_silent_ones_make_room() {
    let server = Server::with(|config| {
        config.limits.connections = 2;
        config.limits.connections_per_address = 0;
    })
    .await;
    let mut first = TcpStream::connect(server.address).await.unwrap();
    let _second = TcpStream::connect(server.address).await.unwrap();
    assert_eq!(server.get("/healthz").await.status, 200);
    assert!(is_closed(&mut first).await);
    server.stop().await;
}

#[tokio::test]
async fn behind_a_proxy_the_address_that_asked_counts() {
    let server = Server::with(|config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()].into();
        config.https = true;
        config.limits.connections_per_address = 2;
    })
    .await;
    let open = |forwarded: &'static str| async move {
        let mut request = format!("ws://{}/api/v1/sync", server.address)
            .into_client_request()
            .unwrap();
        request
            .headers_mut()
            .insert("x-forwarded-for", forwarded.parse().unwrap());
        match connect_async(request).await {
            Ok((stream, _)) => Ok(stream),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    };
    let mut sockets = Vec::new();
    for address in [
        "192.0.2.1",
        "192.0.2.1",
        "192.0.2.2",
        "2001:db8::1",
        "2001:db8::2",
    ] {
        sockets.push(open(address).await.unwrap());
    }
    for address in ["192.0.2.1", "2001:db8::3"] {
        assert_eq!(open(address).await.unwrap_err(), 429, "{address}");
    }
    let headers = [
        ("x-forwarded-for", "192.0.2.1"),
        ("tsugi-seq", "1"),
        ("content-type", "text/plain"),
    ];
    let polled = crate::harness::request(
        server.address,
        "POST",
        "/api/v1/sync",
        &headers,
        Some(&"x".into()),
    )
    .await;
    assert_eq!(polled.status, 429, "sessions that poll count, too: {polled:?}");
    // The connections of the proxy itself have no limit of their own.
    for _ in 0..10 {
        assert_eq!(server.get("/healthz").await.status, 200);
    }
    drop(sockets);
    while open("192.0.2.1").await.is_err() {}
}

#[cfg(target_os = "linux")]
#[test]
fn the_limit_of_open_files_is_raised() {
    use std::io::BufRead;
    use std::process::{Command, Stdio};
    let dir = crate::harness::TempDir::new();
    let mut child = Command::new("sh")
        .args([
            "-c",
            "ulimit -S -n 70; exec \"$0\" --listen 127.0.0.1:0 --data \"$1\"",
        ])
        .arg(env!("CARGO_BIN_EXE_tsugi-server"))
        .arg(dir.path().join("data"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.contains("ready"), "{line}");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let open = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap();
    let numbers: Vec<&str> = open.split_whitespace().skip(3).take(2).collect();
    assert_eq!(numbers[0], numbers[1], "{open}");
    assert_ne!(numbers[0], "70", "{open}");
}
