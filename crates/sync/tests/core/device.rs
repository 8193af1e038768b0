//! One device: what is in the memory of its tabs, and what is durable.

use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::replica::Replica;
use tsugi_sync::session::{Session, TokenError};
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Net {
    Up,
    /// Connections end, and new ones are refused.
    Cut,
    /// Half-open: everything vanishes and nobody is told.
    Silent,
}

/// Where a crash hits while something is made durable.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Crash {
    Before,
    After,
}

#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) name: String,
    pub(crate) session: Session,
    /// The replicas in the memory of each tab. The first is the leader's.
    pub(crate) tabs: Vec<Replica>,
    /// What is durable: a checkpoint, and rows after it.
    pub(crate) checkpoint: Vec<String>,
    packed: u64,
    pub(crate) rows: Vec<(u64, String)>,
    pub(crate) next_key: u64,
    pub(crate) net: Net,
    /// Of frames that may be lost, one in so many is. 0: none.
    pub(crate) loss: u64,
    pub(crate) token: Result<(), TokenError>,
    pub(crate) crash: Option<Crash>,
    /// What the person did, and what they saw when they did it.
    pub(crate) typed: Vec<Mutation>,
    pub(crate) timers: usize,
    /// How often another tab was faster than a commit.
    pub(crate) overtaken: usize,
    pub(crate) opened: Vec<Timestamp>,
    pub(crate) wake: Option<Timestamp>,
    pub(crate) connection: Option<u64>,
}

impl Device {
    pub(crate) fn new(number: usize, workspace: WorkspaceId) -> Self {
        let name = format!("device {number}");
        let id = ReplicaId(Uuid::from_u128(100 + number as u128));
        Self {
            session: Session::new(&*name, "test", number as u64),
            name,
            tabs: vec![Replica::new(id, workspace)],
            checkpoint: Vec::new(),
            packed: 0,
            rows: Vec::new(),
            next_key: 1,
            net: Net::Up,
            loss: 0,
            token: Ok(()),
            crash: None,
            typed: Vec::new(),
            timers: 0,
            overtaken: 0,
            opened: Vec::new(),
            wake: None,
            connection: None,
        }
    }

    pub(crate) fn replica(&self) -> &Replica {
        &self.tabs[0]
    }

    /// The base, as bytes.
    pub(crate) fn base(&self) -> String {
        let base: Vec<_> = self
            .replica()
            .ids()
            .filter_map(|id| self.replica().base(id))
            .collect();
        serde_json::to_string(&base).expect("plain data")
    }

    pub(crate) fn text(&self, id: EntityId, field: &Field) -> String {
        let view = self.replica().view(id);
        view.and_then(|view| view.value(field).as_text().map(str::to_owned))
            .unwrap_or_default()
    }

    pub(crate) fn conflicts(&self, state: State) -> Vec<Conflict> {
        let views = self.replica().ids().filter_map(|id| self.replica().view(id));
        views
            .filter_map(|view| Conflict::read(&view))
            .filter(|conflict| conflict.state == state)
            .collect()
    }

    pub(crate) fn append(&mut self, entry: &Entry) {
        self.rows.push((self.next_key, entry.to_row()));
        self.next_key += 1;
    }

    /// Reads what the log has more than the tab. One that is behind the checkpoint starts from there.
    pub(crate) fn fold(&mut self, tab: usize) {
        if self.tabs[tab].position() < self.packed {
            let (id, workspace) = (self.replica().id(), self.replica().workspace());
            let (replica, damaged) = Replica::restore(id, workspace, &self.checkpoint).expect("readable");
            assert!(damaged.is_empty());
            self.tabs[tab] = replica;
        }
        let position = self.tabs[tab].position();
        for (key, row) in self.rows.iter().filter(|(key, _)| *key > position) {
            self.tabs[tab].fold(*key, Entry::parse(row).expect("a row that was written"));
        }
    }

    pub(crate) fn rebuild(&mut self) {
        for tab in 0..self.tabs.len() {
            self.tabs[tab] = Replica::new(self.replica().id(), self.replica().workspace());
            self.fold(tab);
        }
    }

    /// Packs the log into a checkpoint.
    pub(crate) fn compact(&mut self) {
        self.fold(0);
        if let Some(parts) = self.replica().checkpoint() {
            self.checkpoint = parts.collect();
            self.packed = self.replica().position();
            self.rows.clear();
        }
    }
}
