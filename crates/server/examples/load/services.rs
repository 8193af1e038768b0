//! PostgreSQL and Redis for the peers: a folder of their own, free ports of this machine, no service of the system touched.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::temporary::Temporary;
use crate::{Outcome, process};

const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Services {
    postgres: Running,
    redis: Running,
    /// Goes last, when the programs have ended.
    _folder: Temporary,
}

#[derive(Debug)]
struct Running {
    child: Child,
    /// The process that does the work; `runuser` may stand before it.
    pid: u32,
    port: u16,
}

impl Drop for Running {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast end. It is a bench: whoever does not end is ended.
        let told = Command::new("kill")
            .args(["-INT", &self.pid.to_string()])
            .status();
        if !told.is_ok_and(|status| status.success()) {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

impl Services {
    pub(crate) async fn start() -> Outcome<Self> {
        let folder = Temporary::new()?;
        let redis = redis(folder.path()).await?;
        let postgres = postgres(folder.path()).await?;
        Ok(Self {
            postgres,
            redis,
            _folder: folder,
        })
    }

    pub(crate) fn postgres(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.postgres.port)
    }

    pub(crate) fn redis(&self) -> String {
        format!("redis://127.0.0.1:{}", self.redis.port)
    }

    /// Seconds of the processor of both.
    pub(crate) fn seconds(&self) -> Outcome<f64> {
        Ok(process::seconds_of_family(self.postgres.pid)? + process::seconds(self.redis.pid)?)
    }
}

async fn redis(folder: &Path) -> Outcome<Running> {
    let port = free_port()?;
    let child = Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
        .args(["--appendonly", "no", "--dir"])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("redis-server: {error}"))?;
    let pid = child.id();
    let running = Running { child, pid, port };
    listens("redis-server", port).await?;
    Ok(running)
}

async fn postgres(folder: &Path) -> Outcome<Running> {
    let (programs, port, data) = (programs()?, free_port()?, folder.join("data"));
    std::fs::create_dir(&data)?;
    // PostgreSQL refuses to run as root, and `initdb` as well.
    let as_other = is_root()?;
    if as_other {
        done(Command::new("chown").arg("postgres:").arg(&data))?;
        done(Command::new("chmod").arg("o+x").arg(folder))?;
    }
    let command = |program: &str| {
        let program = programs.join(program);
        let mut command = if as_other {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // The other user may not enter our working folder.
        command
            .current_dir("/")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    };
    done(
        command("initdb")
            .arg("--pgdata")
            .arg(&data)
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C.UTF-8", "--no-sync", "--no-instructions"]),
    )?;
    let child = command("postgres")
        .arg("-D")
        .arg(&data)
        .args(["-c", "listen_addresses=127.0.0.1", "-c", &format!("port={port}")])
        .args(["-c", "unix_socket_directories=", "-c", "fsync=on"])
        .args(["-c", "shared_buffers=128MB", "-c", "max_wal_size=1GB"])
        .stderr(Stdio::null())
        .spawn()?;
    listens("PostgreSQL", port).await?;
    let postmaster = std::fs::read_to_string(data.join("postmaster.pid"))?;
    let pid = postmaster.lines().next().unwrap_or_default().parse()?;
    Ok(Running { child, pid, port })
}

/// Debian puts them beside each other, by version.
fn programs() -> Outcome<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map_err(|_| "PostgreSQL is not installed (apt-get install postgresql)")?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().ok_or_else(|| "PostgreSQL has no initdb".into())
}

fn is_root() -> Outcome<bool> {
    let output = Command::new("id").arg("-u").output()?;
    Ok(output.stdout.trim_ascii() == b"0")
}

fn done(command: &mut Command) -> Outcome {
    let status = command.status()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{}: {status}", command.get_program().display()).into()),
    }
}

/// Free at this moment; another program that takes it first makes the start fail.
fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

async fn listens(name: &str, port: u16) -> Outcome {
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if Instant::now() > until {
            return Err(format!("{name} does not listen").into());
        }
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
