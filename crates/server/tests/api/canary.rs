//! Passwords, tokens, emails and tasks are planted wherever they can come in. The real program, which logs all that it can, shows
//! none of them: not in its logs, not in its numbers, not in an error.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use serde_json::{Value, json};
use tsugi_sync::ids::ReplicaId;
use tsugi_sync::protocol::Down;
use uuid::Uuid;

use crate::harness::{
    Account, Answer, Replica, Socket, TempDir, exchange, hello, new_entity, parse, request,
};

const PASSWORD: &str = "canary-password-b1f7";
const WRONG: &str = "canary-wrong-51c0";
const TASK: &str = "canary-task-90ee";
const EMAIL: &str = "canary-mail-4d21@example.org";
const SECRET: &str = "canary-secret-0123456789abcdef0123456789";
const METRICS: &str = "canary-metrics-0123456789abcdef0123456789";
const ADDRESS: &str = "203.0.113.77";
const FROM: (&str, &str) = ("x-forwarded-for", ADDRESS);

/// The program, with its logs in the making.
struct Program {
    child: Child,
    address: SocketAddr,
    logs: JoinHandle<String>,
    _dir: TempDir,
}

impl Program {
    fn start(more: &[&str]) -> Self {
        let dir = TempDir::new();
        let mut child = Command::new(env!("CARGO_BIN_EXE_tsugi-server"))
            .args([
                "--listen",
                "127.0.0.1:0",
                "--trusted-proxies",
                "127.0.0.1",
                "--https",
                "--data",
            ])
            .arg(dir.path().join("data"))
            .args(more)
            .envs([
                ("TSUGI_LOG", "trace,tsugi_server::trace=trace"),
                ("TSUGI_LOG_FORMAT", "json"),
            ])
            .envs([("TSUGI_SECRET", SECRET), ("TSUGI_METRICS_TOKEN", METRICS)])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut logs = child.stderr.take().unwrap();
        let logs = std::thread::spawn(move || {
            let mut all = String::new();
            logs.read_to_string(&mut all).unwrap();
            all
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().parse().unwrap();
        Self {
            child,
            address,
            logs,
            _dir: dir,
        }
    }

    /// Drains it; answers all that it logged.
    fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        assert!(self.child.wait().unwrap().success());
        self.logs.join().unwrap()
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let origin = format!("http://{}", self.address);
        let headers = [&[FROM, ("origin", origin.as_str())], headers].concat();
        request(self.address, method, path, &headers, body).await
    }
}

/// Everything secret that the program was told or told itself, and every error that it answered with.
#[derive(Default)]
struct Seen {
    secrets: Vec<String>,
    errors: Vec<String>,
}

impl Seen {
    fn answer(&mut self, answer: &Answer) {
        self.secrets
            .extend(answer.json["token"].as_str().map(str::to_owned));
        for cookie in answer
            .cookies()
            .split("; ")
            .filter_map(|cookie| cookie.split_once('='))
        {
            self.secrets.push(cookie.1.to_owned());
        }
        if answer.status >= 400 {
            self.errors.push(answer.body.clone());
        }
    }
}

async fn accounts(program: &Program, seen: &mut Seen) -> Account {
    let login = |password: &str| json!({ "email": EMAIL, "password": password, "device": TASK });
    let made = program
        .ask("POST", "/api/v1/accounts", &[], Some(&login(PASSWORD)))
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    let cookies = made.cookies();
    let refreshed = program
        .ask("POST", "/api/v1/session/refresh", &[("cookie", &cookies)], None)
        .await;
    assert_eq!(refreshed.status, 200, "{refreshed:?}");
    seen.answer(&refreshed);
    let bodies = [
        ("/api/v1/accounts", login(PASSWORD)),
        (
            "/api/v1/accounts",
            json!({ "email": EMAIL, "password": [PASSWORD] }),
        ),
        (
            "/api/v1/accounts",
            json!({ "email": PASSWORD, "password": WRONG, "workspace": TASK }),
        ),
        ("/api/v1/session", login(WRONG)),
        (
            "/api/v1/session",
            json!({ "email": { EMAIL: PASSWORD }, "password": PASSWORD }),
        ),
        ("/api/v1/session", json!(PASSWORD)),
    ];
    for (path, body) in &bodies {
        let answer = program.ask("POST", path, &[], Some(body)).await;
        assert!(answer.status >= 400, "{answer:?}");
        seen.answer(&answer);
    }
    let unknown = format!("tsugi_refresh={PASSWORD}; tsugi_device={TASK}");
    for (method, path, headers) in [
        (
            "POST",
            "/api/v1/session/refresh",
            vec![("cookie", unknown.as_str())],
        ),
        ("GET", "/api/v1/canary-task-90ee", vec![]),
        ("GET", "/canary-task-90ee.html?token=canary-password-b1f7", vec![]),
        (
            "GET",
            "/api/v1/sync?token=canary-password-b1f7",
            vec![("authorization", PASSWORD)],
        ),
        (
            "POST",
            "/api/v1/session",
            vec![
                ("origin", "https://canary-task-90ee.example"),
                ("cookie", &cookies),
            ],
        ),
        ("CANARY-TASK-90EE", "/api/v1/session", vec![]),
        (
            "GET",
            "/metrics",
            vec![("authorization", "Bearer canary-password-b1f7")],
        ),
        ("POST", "/api/v1/sync", vec![("tsugi-session", PASSWORD)]),
    ] {
        let answer = program.ask(method, path, &headers, None).await;
        assert!(answer.status >= 400, "{method} {path}: {answer:?}");
        seen.answer(&answer);
    }
    seen.answer(&made);
    Account {
        email: EMAIL.into(),
        token: made.json["token"].as_str().unwrap().to_owned(),
        cookie: made.cookie().unwrap(),
        user: made.json["user"]["id"].as_str().unwrap().parse().unwrap(),
        workspace: made.json["workspace"].as_str().unwrap().parse().unwrap(),
    }
}

async fn sessions(program: &Program, account: &Account, seen: &mut Seen) {
    let replica = ReplicaId(Uuid::new_v4());
    let mut a = Replica::greet_as(program.address, account, replica).await;
    a.subscribe().await;
    let mutation = a.set(new_entity(), &[("title", TASK), ("notes", PASSWORD)], &[]);
    a.commit(mutation).await;
    // A value that is refused, and one in the wrong place.
    let mut odd = a.set(new_entity(), &[("priority", TASK), ("due", TASK)], &[]);
    odd.set.insert(tsugi_sync::entity::Field::Completed, TASK.into());
    a.commit(odd).await;
    let frames = [
        TASK.to_owned(),
        format!("{{\"type\":\"{TASK}\"}}"),
        format!("{{\"type\":\"push\",\"workspace\":\"{TASK}\",\"mutations\":[]}}"),
        format!(
            "{{\"type\":\"push\",\"workspace\":\"{}\",\"mutations\":[{{\"seq\":\"{TASK}\"}}]}}",
            account.workspace
        ),
        format!("{{\"type\":\"auth\",\"token\":\"{PASSWORD}\"}}"),
        format!("{{\"type\":\"auth\",\"token\":[\"{PASSWORD}\"]}}"),
    ];
    for frame in &frames {
        let mut socket = Replica::greet_as(program.address, account, replica).await.socket;
        socket.raw(frame).await;
        let ended = socket.ended().await;
        seen.errors.push(format!("{:?}", ended.error.unwrap()));
        let mut stranger = Socket::open(program.address).await;
        stranger.raw(frame).await;
        seen.errors
            .push(format!("{:?}", stranger.ended().await.error.unwrap()));
    }
    let mut stranger = Socket::open(program.address).await;
    stranger.send(&hello(PASSWORD, replica)).await;
    seen.errors.push(format!("{:?}", stranger.error().await));

    // A session over requests, whose name is a secret.
    let body = hello(&account.token, replica).to_frame();
    let head = format!(
        "POST /api/v1/sync HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ntsugi-seq: 1\r\ncontent-length: {}\r\n\r\n{body}",
        program.address,
        body.len()
    );
    let answer = parse(&exchange(program.address, head.as_bytes()).await);
    assert!(
        matches!(Down::parse(answer.body.trim()), Ok(Down::Welcome(_))),
        "{answer:?}"
    );
    seen.secrets
        .push(answer.header("tsugi-session").unwrap().to_owned());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_logged_counted_or_answered() {
    let program = Program::start(&["--access-log"]);
    let mut seen = Seen::default();
    let account = accounts(&program, &mut seen).await;
    sessions(&program, &account, &mut seen).await;
    let bearer = format!("Bearer {METRICS}");
    let metrics = program
        .ask("GET", "/metrics", &[("authorization", &bearer)], None)
        .await;
    assert_eq!(metrics.status, 200);
    let logs = tokio::task::spawn_blocking(|| program.stop()).await.unwrap();

    let texts = [PASSWORD, WRONG, TASK, EMAIL, SECRET, METRICS].map(str::to_owned);
    let planted: Vec<String> = texts
        .into_iter()
        .chain(seen.secrets)
        .filter(|secret| !secret.is_empty())
        .collect();
    assert!(planted.len() > 10, "tokens and cookies are among them");
    for secret in planted.iter().map(|secret| secret.to_lowercase()) {
        let shown = |what: &str, text: &str| {
            let line = text.lines().find(|line| line.to_lowercase().contains(&secret));
            assert!(
                line.is_none(),
                "{secret} is in {what}: {}",
                line.unwrap_or_default()
            );
        };
        shown("the logs", &logs);
        shown("the metrics", &metrics.body);
        for error in &seen.errors {
            shown("an error", error);
        }
    }
    assert!(!logs.contains(ADDRESS), "only its network is shown");
    let has = |parts: &[&str]| {
        logs.lines()
            .any(|line| parts.iter().all(|part| line.contains(part)))
    };
    let (user, workspace) = (account.user.to_string(), account.workspace.to_string());
    for parts in [
        &["connection opened", "127.0.0.0/24"][..],
        &["connection closed", "\"why\":\"bad_frame\"", "\"messages_in\":2"],
        &[
            "\"request\"",
            "203.0.113.0/24",
            "/api/v1/session\"",
            "\"status\":401",
            "wrong_credentials",
        ],
        &["session begun", &user],
        &[
            "session ended",
            "\"transport\":\"websocket\"",
            "\"code\":\"unauthenticated\"",
        ],
        &[
            "\"message\"",
            "\"kind\":\"push\"",
            "\"code\":\"ok\"",
            &user,
            &workspace,
        ],
        &[
            "\"message\"",
            "\"kind\":\"delta\"",
            "\"direction\":\"down\"",
            &workspace,
        ],
        &["\"pushed\"", "\"trace\":\"", &workspace],
        &[
            "\"committed\"",
            "\"fate\":\"accepted\"",
            "\"trace\":\"",
            &workspace,
        ],
        &["\"delivered\"", "\"microseconds\"", "\"trace\":\"", &workspace],
    ] {
        assert!(has(parts), "{parts:?} is not in\n{logs}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_access_log_is_off_unless_it_is_asked_for() {
    let program = Program::start(&[]);
    assert_eq!(program.ask("GET", "/healthz", &[], None).await.status, 200);
    let logs = tokio::task::spawn_blocking(|| program.stop()).await.unwrap();
    assert!(
        logs.contains("draining") && !logs.contains("tsugi_server::access"),
        "{logs}"
    );
}
