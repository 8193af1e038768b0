//! A model of the server: everything in memory, one message at a time, and nothing but what `protocol` promises.

use std::collections::BTreeMap;
use std::convert::Infallible;

use tsugi_sync::entity::{Cell, Entity, Field, Fields};
use tsugi_sync::ids::{
    EntityId, Epoch, Mark, MutationId, MutationSeq, ReplicaId, Revision, SessionId, Timestamp, UserId,
    WorkspaceId,
};
use tsugi_sync::protocol::{
    Author, Delta, Down, ErrorCode, ErrorMessage, Fate, Hello, Outcome, Push, RefusalCode, Snapshot,
    Subscribe, Up, Welcome,
};
use tsugi_sync::sequencer::{Change, Ledger, Receipt, Refusal, Right, Sequencer};
use tsugi_sync::subscription::{Head, Opening, opening, opening_at};
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

/// What is on the server's disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    pub(crate) head: Revision,
    /// The mark of each revision.
    pub(crate) marks: BTreeMap<Revision, Mark>,
    pub(crate) entities: BTreeMap<EntityId, Entity>,
    pub(crate) receipts: BTreeMap<MutationId, Revision>,
    /// How often each mutation took effect. Anything but once is a bug.
    pub(crate) effects: BTreeMap<MutationId, usize>,
    pub(crate) vector: VersionVector,
    /// How often a mutation stood for one that had taken effect after all.
    pub(crate) stood_for: usize,
    authors: BTreeMap<Revision, (EntityId, Author)>,
    patches: BTreeMap<Revision, (EntityId, Fields)>,
    /// Of the replica that pushes now.
    device: String,
}

impl Store {
    fn mark(&self) -> Mark {
        self.marks.get(&self.head).copied().unwrap_or_default()
    }
}

impl Ledger for Store {
    type Error = Infallible;

    fn may_speak_for(&mut self, _: ReplicaId) -> Result<bool, Infallible> {
        Ok(true)
    }

    fn receipt(&mut self, id: MutationId) -> Result<Option<Receipt>, Infallible> {
        let receipt = |revision: &Revision| {
            let (entity, set) = self.patches[revision].clone();
            Receipt {
                revision: *revision,
                entity,
                set,
            }
        };
        Ok(self.receipts.get(&id).map(receipt))
    }

    fn receipts(
        &mut self,
        replica: ReplicaId,
        entity: EntityId,
        since: MutationSeq,
        before: MutationSeq,
    ) -> Result<Vec<Revision>, Infallible> {
        let id = |seq| MutationId { replica, seq };
        let range = self.receipts.range(id(since)..id(before));
        let revisions = range.map(|(_, revision)| *revision);
        let own: Vec<_> = revisions
            .filter(|revision| self.authors[revision].0 == entity)
            .collect();
        self.stood_for += usize::from(!own.is_empty());
        Ok(own)
    }

    fn entity(&mut self, id: EntityId) -> Result<Option<Entity>, Infallible> {
        Ok(self.entities.get(&id).cloned())
    }

    fn author(&mut self, revision: Revision) -> Result<Option<Author>, Infallible> {
        Ok(self.authors.get(&revision).map(|(_, author)| author.clone()))
    }

    fn store(&mut self, change: Change<'_>) -> Result<Result<(), Refusal>, Infallible> {
        let title = change.mutation.set.get(&Field::Title);
        if title.is_some_and(|title| title.as_text() == Some("refuse me")) {
            return Ok(Err(Refusal(RefusalCode::QuotaExceeded, "full".into())));
        }
        let author = Author {
            user: UserId(Uuid::nil()),
            device: self.device.clone(),
            at: change.hlc.at,
            tick: change.hlc.tick,
        };
        self.head = change.revision;
        self.marks.insert(change.revision, change.mark);
        self.entities.insert(change.entity.id, change.entity.clone());
        self.receipts.insert(change.id, change.revision);
        let patch = (change.entity.id, change.mutation.set.clone());
        self.patches.insert(change.revision, patch);
        *self.effects.entry(change.id).or_default() += 1;
        if change.mutation.origin.is_none() {
            self.vector.include(change.id);
        }
        self.authors.insert(change.revision, (change.entity.id, author));
        Ok(Ok(()))
    }
}

#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) workspace: WorkspaceId,
    pub(crate) epoch: Epoch,
    pub(crate) store: Store,
    pub(crate) conflicts: usize,
    pub(crate) repeats: usize,
    pub(crate) hellos: usize,
    pub(crate) snapshots: usize,
    pub(crate) pulls: usize,
    pub(crate) pushes: Vec<(Timestamp, ReplicaId, Vec<EntityId>)>,
    pub(crate) renewed: usize,
    pub(crate) token_life: u64,
    /// Of the protocol.
    pub(crate) version: u32,
    /// What it answers to `hello` instead of a welcome.
    pub(crate) turn_away: Option<ErrorMessage>,
    connections: BTreeMap<u64, Connection>,
}

#[derive(Debug)]
struct Connection {
    replica: ReplicaId,
    device: String,
    /// Up to where it has been told; none before it has subscribed.
    sent: Option<Revision>,
}

/// Entities or revisions in one part: small, so that parts are usual.
const PART: usize = 3;

impl Server {
    pub(crate) fn new(workspace: WorkspaceId) -> Self {
        Self {
            workspace,
            epoch: Epoch(Uuid::from_u128(1)),
            store: Store::default(),
            conflicts: 0,
            repeats: 0,
            hellos: 0,
            snapshots: 0,
            pulls: 0,
            pushes: Vec::new(),
            renewed: 0,
            token_life: 3_600_000,
            version: 2,
            turn_away: None,
            connections: BTreeMap::new(),
        }
    }

    /// Takes in one message. Answers what goes to which connection, in order.
    pub(crate) fn take(&mut self, now: Timestamp, id: u64, message: Up) -> Vec<(u64, Down)> {
        match message {
            Up::Hello(hello) => vec![(id, self.welcome(now, id, hello))],
            Up::Subscribe(subscribe) => {
                let mut parts = match self.opening(&subscribe) {
                    Opening::Snapshot => self.snapshot(now),
                    Opening::Nothing | Opening::Delta => self.deltas(subscribe.cursor),
                };
                let head = self.store.head;
                let Some(connection) = self.connections.get_mut(&id) else {
                    return Vec::new();
                };
                connection.sent = Some(head);
                parts.push(Down::Subscribed {
                    workspace: self.workspace,
                    epoch: self.epoch,
                    revision: head,
                    vector: self.store.vector.clone(),
                });
                parts.into_iter().map(|part| (id, part)).collect()
            }
            Up::Push(push) => self.push(now, id, push),
            Up::Pull { cursor, .. } => {
                self.pulls += 1;
                let parts = self.deltas(cursor);
                parts.into_iter().map(|part| (id, part)).collect()
            }
            Up::Auth { .. } => {
                self.renewed += 1;
                Vec::new()
            }
            Up::Ping => {
                let heads = vec![(self.workspace, self.store.head)];
                vec![(id, Down::Pong { heads })]
            }
        }
    }

    pub(crate) fn close(&mut self, id: u64) {
        self.connections.remove(&id);
    }

    /// The data come back from a copy. Nobody tells the replicas.
    pub(crate) fn restore(&mut self, copy: Store) {
        self.store = copy;
        self.connections.clear();
    }

    /// The data are those of another server, which knows nothing of these replicas.
    pub(crate) fn renew(&mut self) {
        self.epoch = Epoch(Uuid::from_u128(self.epoch.0.as_u128() + 1));
        self.store.receipts.clear();
        self.store.effects.clear();
        self.store.vector = VersionVector::default();
        self.connections.clear();
    }

    fn head(&self) -> Head {
        Head {
            epoch: self.epoch,
            revision: self.store.head,
            mark: self.store.mark(),
            horizon: Revision(0),
        }
    }

    fn opening(&self, subscribe: &Subscribe) -> Opening {
        let head = self.head();
        opening(subscribe, &head)
            .unwrap_or_else(|cursor| opening_at(subscribe, &head, self.store.marks.get(&cursor).copied()))
    }

    fn welcome(&mut self, now: Timestamp, id: u64, hello: Hello) -> Down {
        self.hellos += 1;
        if let Some(error) = &self.turn_away {
            return Down::Error(error.clone());
        }
        let connection = Connection {
            replica: hello.replica,
            device: hello.device,
            sent: None,
        };
        self.connections.insert(id, connection);
        Down::Welcome(Welcome {
            version: self.version,
            session: SessionId(Uuid::from_u128(u128::from(id))),
            user: UserId(Uuid::nil()),
            time: Timestamp(now.0 + 1_000_000),
            token_expires: Timestamp(now.0 + 1_000_000 + self.token_life),
            idle_timeout_ms: 60_000,
            encoding: None,
            compression: None,
        })
    }

    fn snapshot(&mut self, now: Timestamp) -> Vec<Down> {
        self.snapshots += 1;
        let all: Vec<Entity> = self.store.entities.values().cloned().collect();
        let mut parts: Vec<Vec<Entity>> = all.chunks(PART).map(<[Entity]>::to_vec).collect();
        if parts.is_empty() {
            parts.push(Vec::new());
        }
        let count = parts.len();
        let part = |(index, entities)| {
            Down::Snapshot(Snapshot {
                workspace: self.workspace,
                epoch: self.epoch,
                revision: self.store.head,
                entities,
                last: index + 1 == count,
                mark: self.store.mark(),
                vector: match index + 1 == count {
                    true => self.store.vector.clone(),
                    false => VersionVector::default(),
                },
                at: now,
            })
        };
        parts.into_iter().enumerate().map(part).collect()
    }

    /// What happened after `cursor`, in parts of a few revisions each.
    fn deltas(&self, cursor: Revision) -> Vec<Down> {
        let mut parts = Vec::new();
        let mut from = cursor;
        while from < self.store.head {
            let to = Revision((from.0 + PART as u64).min(self.store.head.0));
            parts.push(Down::Delta(self.delta(from, to)));
            from = to;
        }
        parts
    }

    fn delta(&self, from: Revision, to: Revision) -> Delta {
        let within = |entity: &Entity| {
            let mut part = entity.since(from);
            part.fields.retain(|_, cell| cell.1 <= to);
            (!part.fields.is_empty()).then_some(part)
        };
        Delta {
            workspace: self.workspace,
            epoch: self.epoch,
            from,
            to,
            entities: self.store.entities.values().filter_map(within).collect(),
            outcomes: Vec::new(),
            at: Timestamp(0),
            mark: self.store.marks.get(&to).copied().unwrap_or_default(),
        }
    }

    fn push(&mut self, now: Timestamp, id: u64, push: Push) -> Vec<(u64, Down)> {
        let Some(&Connection {
            replica,
            sent: Some(sent),
            ..
        }) = self.connections.get(&id)
        else {
            let error = ErrorMessage {
                code: ErrorCode::OutOfOrder,
                message: "subscribe first".into(),
                retry_after_ms: None,
                workspace: None,
            };
            return vec![(id, Down::Error(error))];
        };
        self.pushes
            .push((now, replica, push.mutations.iter().map(|m| m.entity).collect()));
        let before = self.store.head;
        self.store.device = self.connections[&id].device.clone();
        let at = self.head();
        let mut sequencer = Sequencer::new(&mut self.store, (replica, Right::Write), at, now);
        let mut outcomes = Vec::new();
        for mutation in &push.mutations {
            let known = sequencer.ledger.receipts.contains_key(&mutation.id(replica));
            let Ok(fate) = sequencer.decide(mutation);
            self.repeats += usize::from(known);
            self.conflicts += usize::from(matches!(fate, Fate::Conflict { .. }));
            outcomes.push(Outcome {
                seq: mutation.seq,
                fate,
            });
        }
        // The origin knows its own cells; the others get them all.
        let mut own = self.delta(sent, before);
        own.to = self.store.head;
        own.mark = self.store.mark();
        own.outcomes = outcomes;
        let mut out = vec![(id, Down::Delta(own))];
        for (other, connection) in &self.connections {
            if let Some(sent) = connection.sent
                && *other != id
                && sent < self.store.head
            {
                out.push((*other, Down::Delta(self.delta(sent, self.store.head))));
            }
        }
        for connection in self.connections.values_mut().filter(|c| c.sent.is_some()) {
            connection.sent = Some(self.store.head);
        }
        out
    }

    /// A change from outside, a calendar or a job, that nobody is told of: a channel lagged.
    pub(crate) fn change_silently(&mut self, id: EntityId, field: Field, cell: &str) {
        let revision = self.store.head.next();
        let mark = self.store.mark().next(MutationId {
            replica: ReplicaId(Uuid::nil()),
            seq: MutationSeq(revision.0),
        });
        self.store.head = revision;
        self.store.marks.insert(revision, mark);
        let entity = self.store.entities.get_mut(&id).expect("exists");
        entity.fields.insert(field, Cell(cell.into(), revision));
        for connection in self.connections.values_mut() {
            connection.sent = connection.sent.map(|_| revision);
        }
    }
}
