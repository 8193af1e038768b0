//! One device: what is in the memory of its tabs, and what is durable.

use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::ids::{ReplicaId, Timestamp};
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::replica::Replica;
use tsugi_sync::session::{Received, Session, TokenError};
use uuid::Uuid;

use crate::server::ConnectionId;
use crate::store::WORKSPACE;

/// What the network does to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Net {
    Up,
    /// Connections end, and new ones are refused.
    Cut,
    /// Everything vanishes and nobody is told.
    Silent,
    /// What goes up vanishes.
    NoUp,
    /// What comes down vanishes.
    NoDown,
}

/// Where a crash hits while something is made durable.
#[derive(Clone, Copy, Debug)]
pub enum Crash {
    Before,
    After,
}

#[derive(Debug)]
pub struct Device {
    pub name: String,
    pub session: Session,
    /// The replicas in the memory of each tab.
    pub tabs: Vec<Replica>,
    /// The tab with the session.
    pub leader: usize,
    /// What is durable: a packed replica, and rows after it.
    packed: Replica,
    rows: Vec<(u64, Entry)>,
    next_key: u64,
    /// Rows and checkpoints pass through their text form.
    pub as_text: bool,
    pub net: Net,
    /// Of frames that may be lost, one in so many is. 0: none.
    pub loss: u64,
    pub duplicates: bool,
    pub token: Result<(), TokenError>,
    pub crash: Option<Crash>,
    /// Milliseconds by which its clock is off.
    pub clock: i64,
    /// What people did, and what they saw when they did it.
    pub typed: Vec<Mutation>,
    /// What they gave up.
    pub discarded: Vec<Mutation>,
    /// The last gesture, for undo.
    pub last: Vec<Mutation>,
    pub wake: Option<Timestamp>,
    pub connection: Option<ConnectionId>,
    pub delay: u64,
}

impl Device {
    #[must_use]
    pub fn new(number: usize, tabs: usize, as_text: bool) -> Self {
        let name = format!("device {number}");
        let replica = Replica::new(ReplicaId(Uuid::from_u128(100 + number as u128)), WORKSPACE);
        Self {
            session: Session::new(&*name, "sim", number as u64),
            name,
            tabs: vec![replica.clone(); tabs],
            leader: 0,
            packed: replica,
            rows: Vec::new(),
            next_key: 1,
            as_text,
            net: Net::Up,
            loss: 0,
            duplicates: false,
            token: Ok(()),
            crash: None,
            clock: 0,
            typed: Vec::new(),
            discarded: Vec::new(),
            last: Vec::new(),
            wake: None,
            connection: None,
            delay: 20,
        }
    }

    #[must_use]
    pub fn replica(&self) -> &Replica {
        &self.tabs[self.leader]
    }

    #[must_use]
    pub fn conflicts(&self, state: State) -> Vec<Conflict> {
        let views = self.replica().ids().filter_map(|id| self.replica().view(id));
        let conflicts = views.filter_map(|view| Conflict::read(&view));
        conflicts.filter(|conflict| conflict.state == state).collect()
    }

    /// Writes rows in one transaction. A torn one is none at all.
    pub fn append(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            let entry = match self.as_text {
                true => Entry::parse(&entry.to_row()).expect("a row that was written can be read"),
                false => entry,
            };
            self.rows.push((self.next_key, entry));
            self.next_key += 1;
        }
    }

    /// Reads what the log has more than the tab.
    pub fn fold(&mut self, tab: usize) {
        let replica = &mut self.tabs[tab];
        if replica.position() < self.packed.position() {
            replica.clone_from(&self.packed);
        }
        let position = replica.position();
        let known = self.rows.partition_point(|(key, _)| *key <= position);
        for (key, entry) in &self.rows[known..] {
            replica.fold(*key, entry.clone());
        }
    }

    pub fn fold_all(&mut self) {
        (0..self.tabs.len()).for_each(|tab| self.fold(tab));
    }

    /// Makes durable what was received. The leader folds first what other tabs wrote.
    pub fn take_in(&mut self, received: Received) {
        let leader = self.leader;
        self.fold(leader);
        let entries = received.entries(&self.tabs[leader], &self.name);
        self.append(entries);
        self.fold_all();
    }

    /// Loses its memory, and starts again from what is durable.
    pub fn crash(&mut self, seed: u64) {
        self.session = Session::new(self.name.clone(), "sim", seed);
        self.wake = None;
        for tab in 0..self.tabs.len() {
            self.tabs[tab] = self.packed.clone();
            self.fold(tab);
        }
    }

    /// Packs the log into a checkpoint.
    pub fn compact(&mut self) {
        let leader = self.leader;
        self.fold(leader);
        let replica = &self.tabs[leader];
        if replica.is_bootstrapping() {
            return;
        }
        self.packed = match self.as_text.then(|| replica.checkpoint()).flatten() {
            None => replica.clone(),
            Some(parts) => {
                let restored = Replica::restore(replica.id(), WORKSPACE, &parts);
                let (packed, damaged) = restored.expect("it was just written");
                assert!(damaged.is_empty(), "a checkpoint that was written can be read");
                packed
            }
        };
        self.rows.clear();
    }

    /// A row that the server sent cannot be read at the next start: what it has must be fetched anew.
    pub fn damage(&mut self) -> bool {
        let received = self
            .rows
            .iter()
            .rposition(|(_, entry)| matches!(entry, Entry::Received(_)));
        let Some(index) = received else { return false };
        self.rows.remove(index);
        self.append([Entry::Distrusted]);
        true
    }
}
