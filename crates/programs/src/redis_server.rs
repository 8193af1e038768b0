//! Redis servers for a test: real ones, on free ports of this machine, with a folder that goes when the test is done.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use tokio::time::{Instant, sleep};

use crate::{Folder, PATIENCE, Signal, free_port, signal};

const MISSING: &str = "redis-server is not installed: `cargo xtask setup --tests` installs it, and so does \
                       `apt-get install redis-server` on Debian";

#[derive(Debug)]
pub struct RedisServer {
    pub port: u16,
    dir: Folder,
    options: Vec<&'static str>,
    child: Child,
}

impl RedisServer {
    /// One server that is alone.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A server that may be a node of a cluster.
    pub async fn node() -> Self {
        Self::with(&[
            "--cluster-enabled",
            "yes",
            "--cluster-config-file",
            "nodes.conf",
            "--cluster-node-timeout",
            "2000",
            "--cluster-require-full-coverage",
            "no",
        ])
        .await
    }

    async fn with(options: &[&'static str]) -> Self {
        // Another process may take the port first, so it tries some.
        for _ in 0..20 {
            let port = free_port();
            let dir = Folder::new("redis");
            let mut server = Self {
                child: spawn(dir.path(), port, options),
                port,
                dir,
                options: options.to_vec(),
            };
            if server.answers().await {
                return server;
            }
        }
        panic!("redis-server does not start: see its log, or whether the ports are taken");
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        // Until then its port is taken.
        self.child.wait().unwrap();
    }

    /// Starts it again after `kill`, on the same port and with what it wrote to its folder.
    pub async fn again(&mut self) {
        self.child = spawn(self.dir.path(), self.port, &self.options);
        assert!(self.answers().await, "redis-server does not start again");
    }

    /// It stays connected, and does nothing.
    pub fn pause(&self) {
        signal(&self.child, Signal::STOP);
    }

    pub fn go_on(&self) {
        signal(&self.child, Signal::CONT);
    }

    /// A command, and its answer as text.
    pub async fn ask(&self, words: &[&str]) -> String {
        let mut connection = self.connect().await.unwrap();
        let mut command = redis::cmd(words[0]);
        command.arg(&words[1..]);
        let answer: redis::Value = command.query_async(&mut connection).await.unwrap();
        if let redis::Value::Int(number) = answer {
            return number.to_string();
        }
        redis::from_redis_value(answer).unwrap()
    }

    async fn connect(&self) -> redis::RedisResult<MultiplexedConnection> {
        let client = redis::Client::open(self.url())?;
        client.get_multiplexed_async_connection().await
    }

    /// Whether it answers soon. If not, it has ended.
    async fn answers(&mut self) -> bool {
        let began = Instant::now();
        while self.connect().await.is_err() {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(began.elapsed() < PATIENCE, "redis-server does not answer");
            sleep(Duration::from_millis(5)).await;
        }
        true
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn(dir: &Path, port: u16, options: &[&str]) -> Child {
    let mut command = Command::new("redis-server");
    command
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args(["--daemonize", "no", "--logfile", "log", "--port"])
        .arg(port.to_string())
        .arg("--dir")
        .arg(dir)
        .args(options)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => panic!("{MISSING}"),
        Err(error) => panic!("redis-server: {error}"),
    }
}

/// A cluster of three primaries.
#[derive(Debug)]
pub struct Cluster {
    pub nodes: Vec<RedisServer>,
}

impl Cluster {
    pub async fn start() -> Self {
        let mut nodes = Vec::new();
        for _ in 0..3 {
            nodes.push(RedisServer::node().await);
        }
        for (node, range) in nodes
            .iter()
            .zip([["0", "5460"], ["5461", "10921"], ["10922", "16383"]])
        {
            let epoch = node.port.to_string();
            node.ask(&["CLUSTER", "SET-CONFIG-EPOCH", &epoch]).await;
            node.ask(&["CLUSTER", "ADDSLOTSRANGE", range[0], range[1]]).await;
        }
        // Everyone meets everyone: gossip alone would take a second more.
        for node in &nodes {
            for other in &nodes {
                node.ask(&["CLUSTER", "MEET", "127.0.0.1", &other.port.to_string()])
                    .await;
            }
        }
        let cluster = Self { nodes };
        for node in &cluster.nodes {
            cluster.is_whole_for(node).await;
        }
        cluster
    }

    /// Waits until the node sees all others, and every slot served.
    pub async fn is_whole_for(&self, node: &RedisServer) {
        let began = Instant::now();
        loop {
            let info = node.ask(&["CLUSTER", "INFO"]).await;
            let others = node.ask(&["CLUSTER", "NODES"]).await;
            if info.contains("cluster_state:ok")
                && info.contains("cluster_slots_ok:16384")
                && others.matches(" connected").count() == self.nodes.len()
            {
                return;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "the cluster does not come together:\n{info}\n{others}"
            );
            sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(RedisServer::url).collect()
    }

    /// The node that serves the channel, by its place in `nodes`.
    pub async fn owner_of(&self, channel: &str) -> usize {
        for (place, node) in self.nodes.iter().enumerate() {
            let mut connection = node.connect().await.unwrap();
            let mut command = redis::cmd("SPUBLISH");
            command.arg(channel).arg("whose?");
            // The others answer with MOVED.
            if command.query_async::<redis::Value>(&mut connection).await.is_ok() {
                return place;
            }
        }
        panic!("nobody serves {channel}");
    }

    /// Moves the slot of a channel to the next node, as a resharding does.
    pub async fn move_slot_of(&self, channel: &str) {
        let from = self.owner_of(channel).await;
        let (from, to) = (&self.nodes[from], &self.nodes[(from + 1) % self.nodes.len()]);
        let slot = from.ask(&["CLUSTER", "KEYSLOT", channel]).await;
        let (from_id, to_id) = (
            from.ask(&["CLUSTER", "MYID"]).await,
            to.ask(&["CLUSTER", "MYID"]).await,
        );
        to.ask(&["CLUSTER", "SETSLOT", &slot, "IMPORTING", &from_id])
            .await;
        from.ask(&["CLUSTER", "SETSLOT", &slot, "MIGRATING", &to_id])
            .await;
        // The new owner first: the other way leaves the slot without one for a moment.
        to.ask(&["CLUSTER", "SETSLOT", &slot, "NODE", &to_id]).await;
        from.ask(&["CLUSTER", "SETSLOT", &slot, "NODE", &to_id]).await;
    }
}
