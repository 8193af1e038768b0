//! One instance: the real binary, on a port that stays the same however often it is started.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use tokio::time::{Duration, Instant, sleep};
use tsugi_programs::{Folder, Signal, free_port, signal};

use crate::PATIENCE;
use crate::account::ask;

#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    database: String,
    redis: Option<String>,
    child: Child,
    folder: Folder,
}

impl Process {
    pub(crate) fn start(name: &'static str, database: &str, redis: Option<&str>) -> Self {
        let folder = Folder::new("instance");
        let port = free_port();
        let redis = redis.map(str::to_owned);
        Self {
            child: spawn(name, port, database, redis.as_deref(), &folder),
            name,
            port,
            database: database.to_owned(),
            redis,
            folder,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// Ends it in the middle of whatever it does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn start_again(&mut self) {
        self.child = spawn(
            self.name,
            self.port,
            &self.database,
            self.redis.as_deref(),
            &self.folder,
        );
    }

    /// It keeps its connections and its locks, and does nothing.
    pub(crate) fn pause(&self) {
        signal(&self.child, Signal::STOP);
    }

    pub(crate) fn go_on(&self) {
        signal(&self.child, Signal::CONT);
    }

    pub(crate) fn terminate(&self) {
        signal(&self.child, Signal::TERM);
    }

    /// Waits until it has ended by itself; answers whether all went well.
    pub(crate) async fn ended(&mut self) -> bool {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            assert!(began.elapsed() < PATIENCE, "{} does not end", self.name);
            sleep(Duration::from_millis(10)).await;
        }
    }

    pub(crate) async fn is_ready(&self) -> bool {
        ask(self.address(), "GET /readyz", "", "")
            .await
            .is_ok_and(|(status, _, _)| status == 200)
    }

    /// Waits until it is ready, or is not any more.
    pub(crate) async fn becomes(&self, ready: bool) {
        let began = Instant::now();
        while self.is_ready().await != ready {
            assert!(
                began.elapsed() < PATIENCE,
                "{}: ready is not {ready}\n{}",
                self.name,
                self.log()
            );
            sleep(Duration::from_millis(10)).await;
        }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        if std::thread::panicking() {
            eprintln!("the log of {}:\n{}", self.name, self.log());
        }
    }
}

fn spawn(name: &str, port: u16, database: &str, redis: Option<&str>, folder: &Folder) -> Child {
    let path = folder.path();
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path.join("log"))
        .unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tsugi-server"));
    command
        .args(["--listen", &format!("127.0.0.1:{port}"), "--instance", name])
        .args(["--trusted-proxies", "127.0.0.1", "--connections-per-address", "0"])
        .args(["--sessions-per-user", "1000", "--drain-notice", "3", "--data"])
        .arg(path.join("data"))
        .env("TSUGI_DATABASE", database)
        .env("TSUGI_LOG", "warn")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    if let Some(redis) = redis {
        command.env("TSUGI_REDIS", redis);
    }
    command.spawn().unwrap()
}
