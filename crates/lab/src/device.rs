//! One of the two pretend devices: a replica and a session of the core, and its part of the network.

use std::collections::BTreeMap;

use tsugi_sync::ids::{MutationSeq, ReplicaId, Revision, Timestamp};
use tsugi_sync::log::Entry;
use tsugi_sync::replica::Replica;
use tsugi_sync::session::Session;
use uuid::Uuid;

use crate::ledger::WORKSPACE;
use crate::server::ConnectionId;

/// One of the two devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Laptop,
    Phone,
}

impl Who {
    pub const BOTH: [Self; 2] = [Self::Laptop, Self::Phone];

    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Laptop => Self::Phone,
            Self::Phone => Self::Laptop,
        }
    }

    pub(crate) fn replica(self) -> ReplicaId {
        ReplicaId(Uuid::from_u128(match self {
            Self::Laptop => 11,
            Self::Phone => 12,
        }))
    }

    /// The device of a replica.
    pub(crate) fn of(replica: ReplicaId) -> Option<Self> {
        Self::BOTH.into_iter().find(|who| who.replica() == replica)
    }

    /// Its name in the data of the core. People read another one, in their language.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Laptop => "laptop",
            Self::Phone => "phone",
        }
    }
}

/// What a person can set of a device's network and clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Controls {
    pub is_offline: bool,
    /// How long a message is on its way, in milliseconds.
    pub delay: u64,
    /// How many of a hundred messages get lost.
    pub loss: u64,
    /// Minutes by which its clock is wrong.
    pub clock: i64,
}

impl Controls {
    #[must_use]
    pub fn usual(who: Who) -> Self {
        Self {
            is_offline: false,
            delay: match who {
                Who::Laptop => 200,
                Who::Phone => 300,
            },
            loss: 0,
            clock: 0,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) controls: Controls,
    pub(crate) session: Session,
    pub(crate) replica: Replica,
    pub(crate) connection: Option<ConnectionId>,
    /// The connection has lost a message. A connection delivers everything in order or ends, so no later message comes
    /// through.
    pub(crate) is_broken: bool,
    pub(crate) wake: Option<Timestamp>,
    /// When the last frame arrives, up and down: frames do not overtake each other.
    pub(crate) arrivals: [Timestamp; 2],
    /// The version that the device knew when each mutation was made.
    made_on: BTreeMap<MutationSeq, Revision>,
}

impl Device {
    pub(crate) fn new(who: Who) -> Self {
        Self {
            controls: Controls::usual(who),
            session: Session::new(who.name(), "lab", who as u64),
            replica: Replica::new(who.replica(), WORKSPACE),
            connection: None,
            is_broken: false,
            wake: None,
            arrivals: [Timestamp(0); 2],
            made_on: BTreeMap::new(),
        }
    }

    /// Takes rows into the log, which is nothing but the replica here: the lab keeps nothing.
    pub(crate) fn append(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            let key = self.replica.position() + 1;
            if matches!(entry, Entry::Mutated(_)) {
                self.made_on.insert(MutationSeq(key), self.replica.cursor());
            }
            self.replica.fold(key, entry);
        }
        let waiting = self.replica.outbox();
        self.made_on.retain(|seq, _| waiting.contains_key(seq));
    }

    /// The version on which a mutation was made.
    pub(crate) fn made_on(&self, seq: MutationSeq) -> Revision {
        self.made_on.get(&seq).copied().unwrap_or_default()
    }

    /// The time by its own clock, which may be wrong.
    pub(crate) fn clock(&self, now: Timestamp) -> Timestamp {
        Timestamp(now.0.saturating_add_signed(self.controls.clock * 60_000))
    }
}
