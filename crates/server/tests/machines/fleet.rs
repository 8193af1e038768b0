//! Everything together: two instances, what they need, a load balancer, and devices.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tsugi_programs::{Balancer, Durability, Postgres, RedisServer};
use tsugi_sync::ids::Revision;

use crate::account::Account;
use crate::board::{Board, FOUND_WITHIN};
use crate::device::{Device, Task};
use crate::process::Process;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    Haproxy,
    Nginx,
}

#[derive(Debug)]
pub(crate) struct Fleet {
    pub(crate) account: Account,
    pub(crate) board: Arc<Board>,
    devices: JoinSet<Device>,
    stop: watch::Sender<bool>,
    pub(crate) balancer: Balancer,
    pub(crate) a: Process,
    pub(crate) b: Process,
    pub(crate) redis: RedisServer,
    pub(crate) postgres: Postgres,
    pub(crate) database: String,
}

impl Fleet {
    pub(crate) async fn start(before: Before) -> Self {
        let postgres = Postgres::start(Durability::Safe);
        let database = postgres.database("tsugi").await;
        let redis = RedisServer::start().await;
        let url = redis.url();
        let a = Process::start("a", &database, Some(&url));
        let b = Process::start("b", &database, Some(&url));
        tokio::join!(a.becomes(true), b.becomes(true));
        // After them, because it would take them for dead until its next check.
        let ports = [a.port, b.port];
        let balancer = match before {
            Before::Haproxy => Balancer::haproxy(&deploy("haproxy.cfg"), ports),
            Before::Nginx => Balancer::nginx(&deploy("nginx.conf"), ports),
        };
        let account = Account::create(a.address()).await;
        Self {
            account,
            board: Arc::default(),
            devices: JoinSet::new(),
            stop: watch::Sender::new(false),
            balancer,
            a,
            b,
            redis,
            postgres,
            database,
        }
    }

    pub(crate) fn process(&mut self, name: &str) -> &mut Process {
        match name {
            "a" => &mut self.a,
            _ => &mut self.b,
        }
    }

    /// Devices begin to write and to watch, through the load balancer.
    pub(crate) async fn load(&mut self, writers: usize, watchers: usize) {
        let tasks = [(Task::Write, writers), (Task::Watch, watchers)];
        for (task, count) in tasks {
            for _ in 0..count {
                let device = Device::new(task, self.balancer.address, &self.account, &self.board);
                self.devices.spawn(device.work(self.stop.subscribe()));
            }
        }
        // All who watch have come in.
        self.board
            .until("all watch", |seen| seen.cursors.len() == watchers)
            .await;
        self.board.goes_on("the beginning", 20).await;
    }

    /// Writing ends, and what was written is compared with what everybody was told.
    pub(crate) async fn check(mut self) -> Self {
        let board = Arc::clone(&self.board);
        // A watcher ends where it is, so writers have to end first.
        let writing_ended = async {
            self.stop.send_replace(true);
            let mut devices = Vec::new();
            while let Some(device) = self.devices.join_next().await {
                devices.push(device.unwrap());
            }
            devices
        };
        let devices = writing_ended.await;
        // Those who watched come in once more, and read on to the head.
        let mut watchers = Vec::new();
        for mut device in devices.into_iter().filter(|device| device.task == Task::Watch) {
            while device.come_in().await.is_err() {}
            watchers.push(device);
        }
        board.in_step("all was told").await;
        let nobody = Arc::default();
        let mut fresh = Device::new(Task::Watch, self.balancer.address, &self.account, &nobody);
        while fresh.come_in().await.is_err() {}
        let seen = board.seen();
        for edit in seen.acknowledged.values() {
            assert_eq!(
                fresh.titles.get(&edit.entity),
                Some(&edit.title),
                "{edit:?} is lost"
            );
        }
        let revisions: Vec<_> = seen.acknowledged.values().map(|edit| edit.revision).collect();
        let by_revision: BTreeMap<Revision, ()> = revisions.iter().map(|revision| (*revision, ())).collect();
        assert_eq!(by_revision.len(), revisions.len(), "two edits at one revision");
        let all: Vec<_> = (1..=fresh.cursor.0).map(Revision).collect();
        let taken: Vec<_> = by_revision.into_keys().collect();
        assert_eq!(taken, all, "each edit once, and no gap");
        assert_eq!(fresh.titles.len(), all.len());
        for watcher in watchers {
            assert_eq!(watcher.titles, fresh.titles, "a watcher has missed something");
        }
        let (longest, of) = seen.longest_way();
        let (edits, reconnects) = (all.len(), seen.reconnects);
        eprintln!("{edits} edits, {reconnects} reconnects; longest way {longest:?}, of {of:?}");
        assert!(longest < FOUND_WITHIN, "{longest:?}");
        drop(seen);
        self
    }
}

/// A file that ships.
pub(crate) fn deploy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../deploy")
        .join(name)
}
