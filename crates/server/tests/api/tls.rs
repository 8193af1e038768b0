//! TLS by the server itself, and plain HTTP that is refused.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, version};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tsugi_server::{Config, TlsFiles};
use tsugi_sync::ids::ReplicaId;
use tsugi_sync::protocol::Down;
use uuid::Uuid;

use crate::harness::{Answer, PASSWORD, PATIENCE, Server, Socket, TempDir, hello, parse, request};

/// The name that the certificate is for.
const NAME: &str = "tasks.example.org";

/// Writes a new certificate and its key.
fn certificate(dir: &TempDir) -> (TlsFiles, CertificateDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let made = CertificateParams::new(vec![NAME.to_owned()]).unwrap();
    let made = made.self_signed(&key).unwrap();
    let files = TlsFiles {
        cert: dir.path().join("cert.pem"),
        key: dir.path().join("key.pem"),
    };
    std::fs::write(&files.cert, made.pem()).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    (files, made.der().clone())
}

async fn secure(change: impl FnOnce(&mut Config)) -> (Server, CertificateDer<'static>) {
    let dir = Arc::new(TempDir::new());
    let (files, made) = certificate(&dir);
    let server = Server::in_dir(dir, |config| {
        config.tls = Some(files);
        change(config);
    })
    .await;
    (server, made)
}

async fn connect(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from(NAME).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

async fn ask(server: &Server, trusted: &CertificateDer<'static>, head: &str, body: Option<&Value>) -> Answer {
    let mut stream = connect(server.address, trusted, &version::TLS13).await.unwrap();
    let body = body.map(Value::to_string).unwrap_or_default();
    let length = body.len();
    let text = format!(
        "{head}\r\nhost: {NAME}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut raw = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut raw))
        .await
        .unwrap()
        .unwrap();
    parse(&String::from_utf8_lossy(&raw))
}

#[tokio::test]
async fn requests_sockets_and_polling_go_over_tls() {
    let (server, made) = secure(|_| {}).await;
    let account = json!({ "email": "ada@example.org", "password": PASSWORD });
    let own = format!("POST /api/v1/accounts HTTP/1.1\r\norigin: https://{NAME}");
    let answer = ask(&server, &made, &own, Some(&account)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(
        answer.header("strict-transport-security"),
        Some("max-age=31536000")
    );
    assert!(answer.header("set-cookie").unwrap().ends_with("; Secure"));
    let token = answer.json["token"].as_str().unwrap().to_owned();
    let plain_page = format!("POST /api/v1/session HTTP/1.1\r\norigin: http://{NAME}");
    let foreign = ask(&server, &made, &plain_page, Some(&account)).await;
    assert_eq!((foreign.status, foreign.code()), (403, "foreign_origin"));

    for version in [&version::TLS12, &version::TLS13] {
        let stream = connect(server.address, &made, version).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        let request = |origin: &str| {
            let mut request = format!("wss://{NAME}/api/v1/sync").into_client_request().unwrap();
            request.headers_mut().insert("origin", origin.parse().unwrap());
            request
        };
        let (mut socket, _) = tokio_tungstenite::client_async(request(&format!("https://{NAME}")), stream)
            .await
            .unwrap();
        let greeting = hello(&token, ReplicaId(Uuid::new_v4())).to_frame();
        socket.send(Message::text(greeting)).await.unwrap();
        let text = timeout(PATIENCE, socket.next()).await.unwrap().unwrap().unwrap();
        let welcome = Down::parse(text.to_text().unwrap()).unwrap();
        assert!(matches!(welcome, Down::Welcome(_)), "{welcome:?}");
        let stream = connect(server.address, &made, version).await.unwrap();
        let foreign = tokio_tungstenite::client_async(request("https://evil.example"), stream).await;
        assert!(foreign.is_err());
    }

    let mut stream = connect(server.address, &made, &version::TLS13).await.unwrap();
    let body = hello(&token, ReplicaId(Uuid::new_v4())).to_frame();
    let length = body.len();
    let text = format!(
        "POST /api/v1/sync HTTP/1.1\r\nhost: {NAME}\r\ntsugi-seq: 1\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut raw = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut raw))
        .await
        .unwrap()
        .unwrap();
    assert!(raw.contains("\"type\":\"welcome\""), "{raw}");
    server.stop().await;
}

#[tokio::test]
async fn a_new_certificate_is_used_without_a_restart() {
    let (server, before) = secure(|_| {}).await;
    // A connection that is open stays as it is.
    let mut open = connect(server.address, &before, &version::TLS13).await.unwrap();
    let (_, after) = certificate(&server.dir);
    server.app.reload();
    let renewed = async {
        while connect(server.address, &after, &version::TLS13).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, renewed).await.unwrap();
    assert!(connect(server.address, &before, &version::TLS13).await.is_err());
    open.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut raw = String::new();
    timeout(PATIENCE, open.read_to_string(&mut raw))
        .await
        .unwrap()
        .unwrap();
    assert!(raw.starts_with("HTTP/1.1 200"), "{raw}");
    assert!(raw.contains("strict-transport-security"), "{raw}");
    server.stop().await;
}

#[tokio::test]
async fn whoever_does_not_finish_the_handshake_is_sent_away() {
    let (server, made) = secure(|config| config.limits.handshake_deadline = Duration::from_millis(100)).await;
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let mut raw = Vec::new();
    timeout(PATIENCE, silent.read_to_end(&mut raw))
        .await
        .unwrap()
        .unwrap();
    assert!(raw.is_empty());
    let plain = request(server.address, "GET", "/healthz", &[], None);
    // A plain request is no handshake. It gets an alert, and nothing of the server.
    assert_ne!(plain.await.status, 200);
    assert!(connect(server.address, &made, &version::TLS13).await.is_ok());
    server.stop().await;
}

#[tokio::test]
async fn those_who_stall_do_not_keep_others_out() {
    let (server, made) = secure(|config| {
        config.limits.handshakes = 2;
        config.limits.handshake_turn = Duration::from_millis(20);
        config.limits.handshake_deadline = PATIENCE;
    })
    .await;
    let mut stalled = Vec::new();
    for _ in 0..5 {
        stalled.push(TcpStream::connect(server.address).await.unwrap());
    }
    for _ in 0..5 {
        let shaken = timeout(PATIENCE / 2, connect(server.address, &made, &version::TLS13)).await;
        assert!(shaken.expect("in time").is_ok());
    }
    drop(stalled);
    server.stop().await;
}

#[tokio::test]
async fn no_plain_http_from_outside() {
    let trusted = |config: &mut Config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()].into();
    let outside = ("x-forwarded-for", "192.0.2.9");
    let (https, http) = (("x-forwarded-proto", "https"), ("x-forwarded-proto", "http"));
    let get = async |server: &Server, path: &str, headers: &[(&str, &str)]| {
        let answer = request(server.address, "GET", path, headers, None).await;
        (answer.status, answer.code().to_owned())
    };
    let refused = (403, "tls_required".to_owned());
    let server = Server::with(trusted).await;
    let path = "/api/openapi.json";
    assert_eq!(get(&server, path, &[outside]).await, refused);
    assert_eq!(get(&server, path, &[outside, http]).await, refused);
    assert_eq!(get(&server, path, &[outside, https]).await.0, 200);
    assert_eq!(get(&server, path, &[]).await.0, 200, "this machine itself");
    assert_eq!(get(&server, "/", &[outside]).await, refused);
    let upgrade = [outside, ("connection", "upgrade"), ("upgrade", "websocket")];
    assert_eq!(get(&server, "/api/v1/sync", &upgrade).await, refused);
    for monitor in ["/healthz", "/readyz"] {
        assert_eq!(get(&server, monitor, &[outside]).await.0, 200, "{monitor}");
    }
    let said = request(server.address, "GET", path, &[outside], None).await;
    assert!(
        said.json["message"].as_str().unwrap().contains("https"),
        "{said:?}"
    );
    server.stop().await;

    // The person who runs the server says that its proxy ends TLS. A proxy that says otherwise is believed.
    let server = Server::with(|config| {
        trusted(config);
        config.https = true;
    })
    .await;
    assert_eq!(get(&server, path, &[outside]).await.0, 200);
    assert_eq!(get(&server, path, &[outside, http]).await, refused);
    server.stop().await;

    let server = Server::with(|config| {
        trusted(config);
        config.insecure_http = true;
    })
    .await;
    assert_eq!(get(&server, path, &[outside, http]).await.0, 200);
    server.stop().await;

    // Headers of whoever is no trusted proxy count for nothing.
    let server = Server::start().await;
    assert_eq!(get(&server, path, &[outside, http]).await.0, 200);
    assert!(Socket::open_from(server.address, None).await.is_ok());
    server.stop().await;
}
