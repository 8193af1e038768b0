//! `cargo xtask bench attack`: how long others wait while one account sends frames that are small on the wire and large
//! when they are read.
//!
//! A server of its own, as it ships. Four accounts push one mutation after another, each at a pause, and measure how long
//! each answer takes: left alone; while twenty sockets of a fifth account send such frames as fast as they are taken; and
//! while twenty sessions of it do so over polling. Whoever is sent away comes back at once.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::{BufRead, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tsugi_sync::frame::{Form, Frame};
use tsugi_sync::protocol::SYNC_PATH;
use uuid::Uuid;

const ROUNDS: usize = 5;
const PART: Duration = Duration::from_secs(4);
const OTHERS: usize = 4;
const PAUSE: Duration = Duration::from_millis(25);
const SESSIONS: usize = 20;
/// One frame above the limit of values, which ends its session, and one just below it, which does not.
const ITEMS: [usize; 2] = [60_000, 19_000];

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

#[derive(Clone)]
struct Account {
    token: String,
    workspace: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Attack {
    None,
    Sockets,
    Polling,
}

struct Server {
    child: Child,
    address: SocketAddr,
    data: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_dir_all(&self.data));
    }
}

#[tokio::main]
async fn main() {
    let server = start();
    let mut others = Vec::new();
    for _ in 0..OTHERS {
        others.push(account(server.address).await);
    }
    let attacker = account(server.address).await;
    let frames = ITEMS.map(heavy);
    println!("round  attack     answers   p50 ms   p99 ms   frames read");
    let mut worst = [Vec::new(), Vec::new()];
    for round in 1..=ROUNDS {
        let mut alone = 0.0;
        for attack in [Attack::None, Attack::Sockets, Attack::Polling] {
            let (mut times, frames) = part(server.address, &others, (&attacker, &frames), attack).await;
            times.sort_unstable();
            let (p50, p99) = (share(&times, 0.50), share(&times, 0.99));
            let name = match attack {
                Attack::None => "none",
                Attack::Sockets => "sockets",
                Attack::Polling => "polling",
            };
            println!(
                "{round:>5}  {name:<9} {:>8} {p50:>8.2} {p99:>8.2} {frames:>13}",
                times.len()
            );
            std::io::stdout().flush().unwrap();
            match attack {
                Attack::None => alone = p99,
                Attack::Sockets => worst[0].push(p99 / alone),
                Attack::Polling => worst[1].push(p99 / alone),
            }
        }
    }
    for (name, mut ratios) in ["sockets", "polling"].into_iter().zip(worst) {
        ratios.sort_by(f64::total_cmp);
        println!(
            "others' p99 under the attack over {name}: {:.2} times that without (median of {ROUNDS})",
            ratios[ROUNDS / 2]
        );
    }
}

/// The answers' times, and how many of the attacker's frames were taken.
async fn part(
    address: SocketAddr,
    others: &[Account],
    (attacker, heavy): (&Account, &[Vec<u8>]),
    attack: Attack,
) -> (Vec<Duration>, u64) {
    let frames = Arc::new(AtomicU64::new(0));
    let mut attackers = JoinSet::new();
    if attack != Attack::None {
        for number in 0..SESSIONS {
            let (attacker, frames) = (attacker.clone(), Arc::clone(&frames));
            let frame = heavy[number % heavy.len()].clone();
            attackers.spawn(async move {
                loop {
                    match attack {
                        Attack::Polling => attack_polling(address, &attacker, &frame, &frames).await,
                        Attack::Sockets | Attack::None => {
                            attack_socket(address, &attacker, &frame, &frames).await
                        }
                    }
                }
            });
        }
        sleep(PART / 4).await;
    }
    let mut working = JoinSet::new();
    for other in others {
        working.spawn(push_for(address, other.clone()));
    }
    let times = working.join_all().await.concat();
    attackers.abort_all();
    (times, frames.load(Ordering::Relaxed))
}

async fn push_for(address: SocketAddr, account: Account) -> Vec<Duration> {
    let mut socket = greet(address, &account).await.unwrap();
    let subscribe = json!({ "type": "subscribe", "workspace": account.workspace, "cursor": 0 });
    socket.send(Message::text(subscribe.to_string())).await.unwrap();
    await_text(&mut socket, "subscribed").await;
    let mut times = Vec::new();
    let end = Instant::now() + PART;
    let mut seq = 0;
    while Instant::now() < end {
        seq += 1;
        let mutation = json!({ "seq": seq, "entity": Uuid::new_v4(), "kind": "task", "set": { "title": "Buy milk" }, "at": 1 });
        let push = json!({ "type": "push", "workspace": account.workspace, "mutations": [mutation] });
        let begun = Instant::now();
        socket.send(Message::text(push.to_string())).await.unwrap();
        await_text(&mut socket, "outcomes").await;
        times.push(begun.elapsed());
        sleep(PAUSE).await;
    }
    times
}

async fn attack_socket(address: SocketAddr, account: &Account, frame: &[u8], frames: &AtomicU64) {
    let Some(socket) = greet(address, account).await else {
        return;
    };
    let (mut up, mut down) = socket.split();
    let sending = async {
        while up.send(Message::binary(frame.to_vec())).await.is_ok() {
            frames.fetch_add(1, Ordering::Relaxed);
        }
    };
    let reading = async { while let Some(Ok(_)) = down.next().await {} };
    tokio::select! { () = sending => {}, () = reading => {} }
}

async fn attack_polling(address: SocketAddr, account: &Account, frame: &[u8], frames: &AtomicU64) {
    let hello = hello(account);
    let begun = poll(address, None, 1, &framed(&[0], hello.as_bytes())).await;
    let Some(session) = begun.and_then(|answer| header(&answer, "tsugi-session")) else {
        return;
    };
    for seq in 2.. {
        let Some(answer) = poll(address, Some(&session), seq, &framed(&[], frame)).await else {
            return;
        };
        if !answer.starts_with("HTTP/1.1 204") {
            return;
        }
        frames.fetch_add(1, Ordering::Relaxed);
    }
}

/// `03` and the deflated CBOR of `{"type":"ping","x":[{"type":1} × items]}`.
fn heavy(items: usize) -> Vec<u8> {
    let text = json!({ "type": "ping", "x": vec![json!({ "type": 1 }); items] }).to_string();
    let form = Form {
        compact: true,
        deflated: true,
    };
    match form.pack(text) {
        Frame::Binary(bytes) => bytes,
        Frame::Text(_) => unreachable!("it is smaller deflated"),
    }
}

fn hello(account: &Account) -> String {
    json!({ "type": "hello", "versions": [2], "token": account.token, "replica": Uuid::new_v4(), "device": "bench",
            "app": "bench", "encodings": ["compact"], "compressions": ["deflate"] })
    .to_string()
}

async fn greet(address: SocketAddr, account: &Account) -> Option<Socket> {
    let (mut socket, _) = connect_async(format!("ws://{address}{SYNC_PATH}")).await.ok()?;
    let mut plain: Value = serde_json::from_str(&hello(account)).unwrap();
    plain["encodings"] = json!([]);
    plain["compressions"] = json!([]);
    socket.send(Message::text(plain.to_string())).await.ok()?;
    match timeout(Duration::from_secs(20), socket.next()).await {
        Ok(Some(Ok(Message::Text(text)))) if text.contains("welcome") => Some(socket),
        _ => None,
    }
}

async fn await_text(socket: &mut Socket, part: &str) {
    loop {
        match timeout(Duration::from_secs(90), socket.next())
            .await
            .expect("an answer")
        {
            Some(Ok(Message::Text(text))) if text.contains(part) => return,
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn framed(form: &[u8], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(form.len() + body.len()).unwrap();
    [&length.to_be_bytes(), form, body].concat()
}

async fn poll(address: SocketAddr, session: Option<&str>, seq: u64, body: &[u8]) -> Option<String> {
    let session = session
        .map(|name| format!("tsugi-session: {name}\r\n"))
        .unwrap_or_default();
    let head = format!("content-type: application/octet-stream\r\ntsugi-seq: {seq}\r\n{session}");
    request(address, SYNC_PATH, &head, body).await
}

async fn request(address: SocketAddr, path: &str, head: &str, body: &[u8]) -> Option<String> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let text = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{head}content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[text.as_bytes(), body].concat()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    Some(String::from_utf8_lossy(&answer).into_owned())
}

fn header(answer: &str, name: &str) -> Option<String> {
    let found = answer
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    found.map(|value| value.trim().to_owned())
}

async fn account(address: SocketAddr) -> Account {
    let body =
        json!({ "email": format!("{}@example.org", Uuid::new_v4()), "password": "correct horse battery" });
    let head = "content-type: application/json\r\n";
    let answer = request(address, "/api/v1/accounts", head, body.to_string().as_bytes())
        .await
        .unwrap();
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    Account {
        token: body["token"].as_str().unwrap().to_owned(),
        workspace: body["workspace"].as_str().unwrap().to_owned(),
    }
}

fn share(sorted: &[Duration], share: f64) -> f64 {
    let place = ((sorted.len() as f64 * share) as usize).min(sorted.len() - 1);
    sorted[place].as_secs_f64() * 1_000.0
}

/// The server beside this program, as cargo has built both.
fn start() -> Server {
    let here = std::env::current_exe().unwrap();
    let binary = here.parent().and_then(Path::parent).unwrap().join("tsugi-server");
    let data = std::env::temp_dir().join(format!("tsugi-attack-{}", Uuid::new_v4()));
    let mut child = Command::new(&binary)
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .env("TSUGI_LOG", "warn")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", binary.display()));
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().rsplit("http://").next().unwrap().parse().unwrap();
    Server { child, address, data }
}
