//! The servers that are measured, each started as a process for one row, and ended after it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::options::Options;
use crate::rows::Row;
use crate::services::Services;
use crate::temporary::Temporary;
use crate::{Outcome, process, serve};

/// How long memory may take to come to rest.
const REST: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ours,
    /// The record's shape: `ws`, Redis, PostgreSQL.
    Record,
    /// `ws` and SQLite in one process.
    Single,
    Bun,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Ours, Self::Record, Self::Single, Self::Bun];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Record => "P",
            Self::Single => "S",
            Self::Bun => "Bun",
        }
    }
}

/// Everything that it takes to start one.
#[derive(Debug)]
pub(crate) struct Stable {
    kinds: Vec<Kind>,
    peers: PathBuf,
    ours: Vec<String>,
    services: Option<Arc<Services>>,
}

impl Stable {
    /// Looks which peers can be had. One that cannot is left out, and it is said why.
    pub(crate) async fn open(options: &Options) -> Outcome<Self> {
        let mut stable = Self {
            kinds: vec![Kind::Ours],
            peers: options.peers.clone().unwrap_or_default(),
            ours: options.server.clone(),
            services: None,
        };
        let modules = stable.peers.join("node_modules");
        if !modules.is_dir() {
            println!("P, S and Bun are left out: their packages are not installed");
            return Ok(stable);
        }
        match Services::start().await {
            Ok(services) => {
                stable.services = Some(Arc::new(services));
                stable.kinds.push(Kind::Record);
            }
            Err(wrong) => println!("P is left out: {wrong}"),
        }
        match modules.join("better-sqlite3/build/Release").is_dir() {
            true => stable.kinds.push(Kind::Single),
            false => println!("S is left out: better-sqlite3 was not built here"),
        }
        let bun = Command::new(bun(&stable.peers)).arg("--version").output();
        match bun.is_ok_and(|output| output.status.success()) {
            true => stable.kinds.push(Kind::Bun),
            false => println!("Bun is left out: it does not run here"),
        }
        Ok(stable)
    }

    /// The servers that have this row. Bun is only there for the fan-out.
    pub(crate) fn kinds(&self, row: Row) -> Vec<Kind> {
        let all = self.kinds.iter().copied();
        all.filter(|kind| *kind != Kind::Bun || row == Row::FanOut)
            .collect()
    }

    pub(crate) async fn start(&self, kind: Kind) -> Outcome<Server> {
        let data = Temporary::new()?;
        let mut command = match kind {
            Kind::Ours => {
                let mut command = Command::new(std::env::current_exe()?);
                command
                    .args([serve::COMMAND, "--listen", "127.0.0.1:0", "--data"])
                    // Made by the server itself, closed to others.
                    .arg(data.path().join("data"))
                    .args(&self.ours);
                command
            }
            Kind::Record => self.node("record.mjs"),
            Kind::Single => self.node("single.mjs"),
            Kind::Bun => {
                let mut command = Command::new(bun(&self.peers));
                command.arg(self.peers.join("bun.mjs"));
                command
            }
        };
        command
            .env("PEER_DATA", data.path())
            .env("NODE_ENV", "production");
        let services = self.services.as_ref().filter(|_| kind == Kind::Record);
        if let Some(services) = services {
            command
                .env("PEER_POSTGRES", services.postgres())
                .env("PEER_REDIS", services.redis());
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let mut server = Server {
            kind,
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            services: services.map(Arc::clone),
            _data: data,
        };
        let address = line.trim().rsplit("http://").next().unwrap_or_default();
        server.address = address.parse().map_err(|_| "the server did not start")?;
        Ok(server)
    }

    fn node(&self, program: &str) -> Command {
        let mut command = Command::new("node");
        command.arg("--expose-gc").arg(self.peers.join(program));
        command
    }
}

fn bun(peers: &Path) -> PathBuf {
    peers.join("node_modules/.bin/bun")
}

#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) kind: Kind,
    child: Child,
    pub(crate) address: SocketAddr,
    services: Option<Arc<Services>>,
    _data: Temporary,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    /// User and system seconds of all that serves: for P, PostgreSQL and Redis are a part of it.
    pub(crate) fn seconds(&self) -> Outcome<f64> {
        let services = self
            .services
            .as_ref()
            .map_or(Ok(0.0), |services| services.seconds());
        Ok(process::seconds(self.child.id())? + services?)
    }

    /// Bytes of the server's own process once they have come to rest. Peers collect their garbage first.
    pub(crate) async fn memory(&self) -> Outcome<f64> {
        let pid = self.child.id();
        let until = Instant::now() + REST;
        let mut last = f64::INFINITY;
        let mut same = 0;
        while same < 3 && Instant::now() < until {
            if self.kind != Kind::Ours {
                Command::new("kill").args(["-USR2", &pid.to_string()]).status()?;
            }
            sleep(Duration::from_millis(250)).await;
            let now = process::resident(pid)?;
            same = if (now - last).abs() < 128.0 * 1024.0 {
                same + 1
            } else {
                0
            };
            last = now;
        }
        Ok(last)
    }
}
