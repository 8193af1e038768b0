//! One device: the memory of its tabs, and its durable storage.

use std::collections::VecDeque;

use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::entity::{Entity, Field, Fields};
use tsugi_sync::ids::{EntityId, ReplicaId, Revision, Timestamp};
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::session::{Received, Session, TokenError};
use uuid::Uuid;

use crate::fleet::USUAL_DELAY_MS;
use crate::plan::Moment;
use crate::server::ConnectionId;
use crate::store::WORKSPACE;

/// The state of a device's network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Net {
    Up,
    /// Connections end, and new ones are refused.
    Cut,
    /// Everything gets lost, and nobody is told.
    Silent,
    /// Everything that goes up gets lost.
    NoUp,
    /// Everything that comes down gets lost.
    NoDown,
}

/// A mutation by a person, and what they saw then. The oracle relies on nothing else for what a person saw.
#[derive(Clone, Debug)]
pub struct Typed {
    pub mutation: Mutation,
    /// The values that they saw and replaced. If they deleted an entity, all of its values.
    pub seen: Fields,
    /// Whether they saw that the entity is deleted.
    pub knew_deleted: bool,
    /// The revision up to which their tab had heard of edits.
    pub knew: Revision,
    /// The completion and the date that their tab showed.
    pub showed: Fields,
}

/// An edit that is shown but not saved, because the device's storage is full.
#[derive(Clone, Debug)]
pub struct Unsaved {
    pub edit: Edit,
    pub tab: usize,
    pub knew_deleted: bool,
}

/// The result of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Written {
    Durable,
    /// There was no room, and nothing has changed.
    Full,
    /// The device crashed in the middle of it, and nothing has changed.
    Torn,
}

#[derive(Debug)]
pub struct Device {
    pub name: String,
    pub session: Session,
    /// The replicas in the memory of each tab.
    pub tabs: Vec<Replica>,
    /// The tab with the session.
    pub leader: usize,
    /// The durable part: a packed replica, and the rows after it.
    packed: Replica,
    pub rows: Vec<(u64, Entry)>,
    next_key: u64,
    /// Whether rows and checkpoints are written as text and read back.
    pub as_text: bool,
    pub net: Net,
    /// One of this many frames that may be lost is lost. 0: none.
    pub loss: u64,
    pub duplicates: bool,
    pub token: Result<(), TokenError>,
    pub crash: Option<Moment>,
    /// Whether its storage is full.
    pub full: bool,
    pub unsaved: VecDeque<Unsaved>,
    /// Rows that a tab was given a second time.
    pub refolded: u64,
    /// How often another tab wrote a row before an answer was saved.
    pub overtaken: u64,
    /// How often a timer fired.
    pub woken: u64,
    /// When it tried to connect.
    pub opened: Vec<Timestamp>,
    /// Milliseconds by which its clock is wrong.
    pub clock: i64,
    /// The mutations of people that were saved.
    pub typed: Vec<Typed>,
    /// The refused mutations that they gave up.
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
            full: false,
            unsaved: VecDeque::new(),
            refolded: 0,
            overtaken: 0,
            woken: 0,
            opened: Vec::new(),
            clock: 0,
            typed: Vec::new(),
            discarded: Vec::new(),
            last: Vec::new(),
            wake: None,
            connection: None,
            delay: USUAL_DELAY_MS,
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

    /// An entity as one of the tabs shows it.
    #[must_use]
    pub fn view(&self, tab: usize, id: EntityId) -> Option<Entity> {
        let mut view = self.tabs[tab].view(id);
        for Unsaved { edit, .. } in self.unsaved.iter().filter(|unsaved| unsaved.edit.entity == id) {
            let entity = view.get_or_insert_with(|| Entity::new(id, edit.kind.clone()));
            for (field, value) in &edit.set {
                entity.fields.entry(field.clone()).or_default().0 = value.clone();
            }
        }
        view
    }

    /// A text as the leading tab shows it; empty if there is none.
    #[must_use]
    pub fn text(&self, id: EntityId, field: &Field) -> String {
        let view = self.replica().view(id);
        view.and_then(|view| view.value(field).as_text().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Writes rows in one transaction: all of them or none. Keys that a failed transaction took are not used again.
    pub fn append(&mut self, entries: Vec<Entry>) -> Written {
        if self.full {
            return Written::Full;
        }
        let before = self.rows.len();
        let tears = self.crash == Some(Moment::Torn) && entries.len() > 1;
        let last = entries.len() - 1;
        for (nth, entry) in entries.into_iter().enumerate() {
            if tears && nth == last {
                self.rows.truncate(before);
                self.crash = None;
                return Written::Torn;
            }
            let entry = match self.as_text {
                true => Entry::parse(&entry.to_row()).expect("a row that was written can be read"),
                false => entry,
            };
            self.rows.push((self.next_key, entry));
            self.next_key += 1;
        }
        Written::Durable
    }

    /// Lets a tab fold the rows that it has not folded yet.
    pub fn fold(&mut self, tab: usize) {
        let replica = &mut self.tabs[tab];
        if replica.position() < self.packed.position() {
            replica.clone_from(&self.packed);
        }
        let position = replica.position();
        let mut known = self.rows.partition_point(|(key, _)| *key <= position);
        if self.duplicates && known > 0 {
            known -= 1;
            self.refolded += 1;
        }
        for (key, entry) in &self.rows[known..] {
            replica.fold(*key, entry.clone());
        }
    }

    pub fn fold_all(&mut self) {
        (0..self.tabs.len()).for_each(|tab| self.fold(tab));
    }

    /// Makes received data durable. The leader first folds the rows that other tabs wrote.
    pub fn take_in(&mut self, received: Received) -> Written {
        let leader = self.leader;
        self.overtaken += u64::from(self.next_key - 1 > self.tabs[leader].position());
        self.fold(leader);
        let entries = received.entries(&self.tabs[leader], &self.name);
        let written = self.append(entries);
        if written == Written::Durable {
            self.fold_all();
        }
        written
    }

    /// Loses its memory, and starts again from its durable storage.
    pub fn crash(&mut self, seed: u64) {
        self.session = Session::new(self.name.clone(), "sim", seed);
        self.wake = None;
        self.unsaved.clear();
        for tab in 0..self.tabs.len() {
            self.tabs[tab] = self.packed.clone();
            self.fold(tab);
        }
    }

    /// Packs the log into a checkpoint, in one transaction.
    pub fn compact(&mut self) {
        let leader = self.leader;
        self.fold(leader);
        if self.full {
            return;
        }
        let replica = &self.tabs[leader];
        if replica.is_bootstrapping() {
            return;
        }
        self.packed = match self.as_text.then(|| replica.checkpoint()).flatten() {
            None => replica.clone(),
            Some(parts) => {
                let parts: Vec<String> = parts.collect();
                let restored = Replica::restore(replica.id(), WORKSPACE, &parts);
                let (packed, damaged) = restored.expect("it was just written");
                assert!(damaged.is_empty(), "a checkpoint that was written can be read");
                packed
            }
        };
        self.rows.clear();
    }

    /// Damages a row with data of the server. At the next start it cannot be read, so the whole state must be fetched
    /// again.
    pub fn damage(&mut self) -> bool {
        let received = self
            .rows
            .iter()
            .rposition(|(_, entry)| matches!(entry, Entry::Received(_)));
        let Some(index) = received.filter(|_| !self.full) else {
            return false;
        };
        self.rows.remove(index);
        self.append(vec![Entry::Distrusted]) == Written::Durable
    }
}
