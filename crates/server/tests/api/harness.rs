//! A server on a free port with a directory of its own, and clients for it.

pub(crate) mod postgres;
mod replica;
mod temp_dir;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tsugi_server::clock::SkewedClock;
use tsugi_server::config::Limits;
use tsugi_server::rate::Rate;
use tsugi_server::{App, Config, run};
use tsugi_sync::ids::{UserId, WorkspaceId};
use tsugi_sync::protocol::{Delta, Down, ErrorCode, ErrorMessage, Up};
use uuid::Uuid;

pub(crate) use replica::{Replica, hello, new_entity, set, text};
pub(crate) use temp_dir::TempDir;

/// Longer than anything here takes, so that a failure is an error and not a hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<SkewedClock>,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
    pub(crate) dir: Arc<TempDir>,
}

/// Limits that do not get in the way of tests which are not about them.
pub(crate) fn generous() -> Limits {
    let rate = Rate {
        burst: 1_000_000,
        every: Duration::from_nanos(1),
    };
    Limits {
        messages: rate,
        work: rate,
        sign_ins: rate,
        sign_ins_per_device: rate,
        sign_ins_per_address: rate,
        accounts: rate,
        unknown_tokens: rate,
        // Sockets that a test has stopped reading would hold up its end.
        farewell: Duration::from_millis(100),
        ..Limits::default()
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::in_dir(Arc::new(TempDir::new()), change).await
    }

    pub(crate) async fn in_dir(dir: Arc<TempDir>, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(dir.path().join("data"));
        config.limits = generous();
        config.database = dir.database().await;
        change(&mut config);
        let clock = Arc::new(SkewedClock::default());
        let app = App::open_at(config, Arc::clone(&clock) as _).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = Arc::clone(&app);
        let running = tokio::spawn(async move {
            let shutdown = async { drop(stopped.await) };
            run(listener, serving, shutdown).await.unwrap();
        });
        Self {
            address,
            app,
            clock,
            stop: Some(stop),
            running,
            dir,
        }
    }

    /// Begins the drain; `ended` waits for its end.
    pub(crate) fn drain(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    pub(crate) async fn ended(self) -> Arc<TempDir> {
        timeout(PATIENCE, self.running).await.unwrap().unwrap();
        self.dir
    }

    pub(crate) async fn stop(mut self) -> Arc<TempDir> {
        self.drain();
        self.ended().await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        request(self.address, "POST", path, &[], Some(body)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        request(self.address, "GET", path, &[], None).await
    }

    /// A new account, named after nobody.
    pub(crate) async fn account(&self) -> Account {
        Account::create(self.address).await
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) email: String,
    pub(crate) token: String,
    pub(crate) cookie: String,
    pub(crate) user: UserId,
    pub(crate) workspace: WorkspaceId,
}

pub(crate) const PASSWORD: &str = "correct horse battery";

impl Account {
    pub(crate) async fn create(address: SocketAddr) -> Self {
        let email = format!("{}@example.org", Uuid::new_v4().simple());
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = request(address, "POST", "/api/v1/accounts", &[], Some(&body)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        Self {
            email,
            token: answer.json["token"].as_str().unwrap().to_owned(),
            cookie: answer.cookie().unwrap(),
            user: answer.json["user"]["id"].as_str().unwrap().parse().unwrap(),
            workspace: answer.json["workspace"].as_str().unwrap().parse().unwrap(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// All cookies, as a browser sends them back.
    pub(crate) fn cookies(&self) -> String {
        let set = self
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let pairs: Vec<&str> = set.filter_map(|(_, value)| value.split(';').next()).collect();
        pairs.join("; ")
    }

    /// The refresh cookie as `name=value`.
    pub(crate) fn cookie(&self) -> Option<String> {
        self.header("set-cookie")?.split(';').next().map(str::to_owned)
    }
}

/// One request over a connection of its own: bytes out, bytes in.
pub(crate) async fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Answer {
    let mut text = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        text.push_str(&format!("host: {address}\r\n"));
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    if !body.is_empty() {
        text.push_str(&format!(
            "content-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        ));
    }
    text.push_str("\r\n");
    text.push_str(&body);
    let raw = exchange(address, text.as_bytes()).await;
    parse(&raw)
}

pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    String::from_utf8_lossy(&exchange_bytes(address, bytes).await).into_owned()
}

pub(crate) async fn exchange_bytes(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut raw = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut raw))
        .await
        .unwrap()
        .unwrap();
    raw
}

pub(crate) fn parse(raw: &str) -> Answer {
    let (head, body) = raw.split_once("\r\n\r\n").unwrap_or((raw, ""));
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok());
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(n, v)| (n.to_owned(), v.to_owned()));
    Answer {
        status: status.unwrap_or(0),
        headers: headers.collect(),
        body: body.to_owned(),
        json: serde_json::from_str(body).unwrap_or(Value::Null),
    }
}

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// One socket, as a replica's driver sees it.
pub(crate) struct Socket {
    pub(crate) stream: Stream,
}

/// How a socket ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) error: Option<ErrorMessage>,
    pub(crate) close: Option<u16>,
}

impl Ended {
    pub(crate) fn code(&self) -> Option<ErrorCode> {
        self.error.as_ref().map(|error| error.code.clone())
    }
}

impl Socket {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self::open_from(address, None).await.unwrap()
    }

    pub(crate) async fn open_from(address: SocketAddr, origin: Option<&str>) -> Result<Self, u16> {
        let mut request = format!("ws://{address}/api/v1/sync")
            .into_client_request()
            .unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn send(&mut self, message: &Up) {
        self.raw(&message.to_frame()).await;
    }

    pub(crate) async fn raw(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn next_text(&mut self) -> Option<String> {
        loop {
            match timeout(PATIENCE, self.stream.next())
                .await
                .expect("a message in time")
            {
                Some(Ok(Message::Text(text))) => return Some(text.as_str().to_owned()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(_) | Err(_)) | None => return None,
            }
        }
    }

    pub(crate) async fn next(&mut self) -> Down {
        let text = self.next_text().await.expect("a message");
        Down::parse(&text).unwrap()
    }

    pub(crate) async fn delta(&mut self) -> Delta {
        match self.next().await {
            Down::Delta(delta) => delta,
            other => panic!("a delta, not {other:?}"),
        }
    }

    pub(crate) async fn error(&mut self) -> ErrorMessage {
        match self.next().await {
            Down::Error(error) => error,
            other => panic!("an error, not {other:?}"),
        }
    }

    /// Reads to the end.
    pub(crate) async fn ended(&mut self) -> Ended {
        let mut ended = Ended {
            error: None,
            close: None,
        };
        loop {
            match timeout(PATIENCE, self.stream.next())
                .await
                .expect("an end in time")
            {
                Some(Ok(Message::Text(text))) => {
                    if let Ok(Down::Error(error)) = Down::parse(text.as_str()) {
                        ended.error = Some(error);
                    }
                }
                Some(Ok(Message::Close(frame))) => ended.close = frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return ended,
            }
        }
    }
}
