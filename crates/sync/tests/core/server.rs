//! A model of the server: everything in memory, one message at a time, and nothing but what `protocol` promises.

use std::collections::BTreeMap;

use tsugi_sync::entity::{Cell, Entity, Field};
use tsugi_sync::ids::{
    EntityId, Epoch, MutationId, ReplicaId, Revision, SessionId, Timestamp, UserId, WorkspaceId,
};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{
    Author, Delta, Down, ErrorCode, ErrorMessage, Fate, Hello, Outcome, Push, RefusalCode, Snapshot, Up,
    Welcome,
};
use tsugi_sync::sequencer::{Verdict, apply, judge};
use uuid::Uuid;

#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) workspace: WorkspaceId,
    pub(crate) epoch: Epoch,
    pub(crate) head: Revision,
    pub(crate) entities: BTreeMap<EntityId, Entity>,
    pub(crate) receipts: BTreeMap<MutationId, Revision>,
    /// How often each mutation took effect. Anything but once is a bug.
    pub(crate) effects: BTreeMap<MutationId, usize>,
    pub(crate) conflicts: usize,
    pub(crate) repeats: usize,
    pub(crate) hellos: usize,
    pub(crate) snapshots: usize,
    pub(crate) pulls: usize,
    pub(crate) pushes: Vec<(Timestamp, ReplicaId, Vec<EntityId>)>,
    pub(crate) renewed: usize,
    pub(crate) token_life: u64,
    /// What it answers to `hello` instead of a welcome.
    pub(crate) turn_away: Option<ErrorMessage>,
    authors: BTreeMap<EntityId, Author>,
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
            head: Revision(0),
            entities: BTreeMap::new(),
            receipts: BTreeMap::new(),
            effects: BTreeMap::new(),
            conflicts: 0,
            repeats: 0,
            hellos: 0,
            snapshots: 0,
            pulls: 0,
            pushes: Vec::new(),
            renewed: 0,
            token_life: 3_600_000,
            turn_away: None,
            authors: BTreeMap::new(),
            connections: BTreeMap::new(),
        }
    }

    /// Takes in one message. Answers what goes to which connection, in order.
    pub(crate) fn take(&mut self, now: Timestamp, id: u64, message: Up) -> Vec<(u64, Down)> {
        match message {
            Up::Hello(hello) => vec![(id, self.welcome(now, id, hello))],
            Up::Subscribe(subscribe) => {
                let known = subscribe.epoch == Some(self.epoch) && subscribe.cursor <= self.head;
                let mut parts = if known {
                    self.deltas(subscribe.cursor)
                } else {
                    self.snapshot()
                };
                let Some(connection) = self.connections.get_mut(&id) else {
                    return Vec::new();
                };
                connection.sent = Some(self.head);
                parts.push(Down::Subscribed {
                    workspace: self.workspace,
                    epoch: self.epoch,
                    revision: self.head,
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
                let heads = vec![(self.workspace, self.head)];
                vec![(id, Down::Pong { heads })]
            }
        }
    }

    pub(crate) fn close(&mut self, id: u64) {
        self.connections.remove(&id);
    }

    /// The data come back from a backup taken at `revision`: another history begins.
    pub(crate) fn restore(&mut self, entities: BTreeMap<EntityId, Entity>, revision: Revision) {
        self.entities = entities;
        self.head = revision;
        self.receipts.retain(|_, at| *at <= revision);
        self.effects.retain(|id, _| self.receipts.contains_key(id));
        self.epoch = Epoch(Uuid::from_u128(self.epoch.0.as_u128() + 1));
        self.connections.clear();
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
            version: 1,
            session: SessionId(Uuid::from_u128(u128::from(id))),
            user: UserId(Uuid::nil()),
            time: Timestamp(now.0 + 1_000_000),
            token_expires: Timestamp(now.0 + 1_000_000 + self.token_life),
            idle_timeout_ms: 60_000,
        })
    }

    fn snapshot(&mut self) -> Vec<Down> {
        self.snapshots += 1;
        let all: Vec<Entity> = self.entities.values().cloned().collect();
        let mut parts: Vec<Vec<Entity>> = all.chunks(PART).map(<[Entity]>::to_vec).collect();
        if parts.is_empty() {
            parts.push(Vec::new());
        }
        let count = parts.len();
        let part = |(index, entities)| {
            Down::Snapshot(Snapshot {
                workspace: self.workspace,
                epoch: self.epoch,
                revision: self.head,
                entities,
                last: index + 1 == count,
            })
        };
        parts.into_iter().enumerate().map(part).collect()
    }

    /// What happened after `cursor`, in parts of a few revisions each.
    fn deltas(&self, cursor: Revision) -> Vec<Down> {
        let mut parts = Vec::new();
        let mut from = cursor;
        while from < self.head {
            let to = Revision((from.0 + PART as u64).min(self.head.0));
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
            entities: self.entities.values().filter_map(within).collect(),
            outcomes: Vec::new(),
            at: Timestamp(0),
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
        let before = self.head;
        let decide = |mutation: PushedMutation| self.decide(id, replica, mutation);
        let outcomes = push.mutations.into_iter().map(decide).collect();
        // The origin knows its own cells; the others get them all.
        let mut own = self.delta(sent, before);
        own.to = self.head;
        own.outcomes = outcomes;
        let mut out = vec![(id, Down::Delta(own))];
        for (other, connection) in &self.connections {
            if let Some(sent) = connection.sent
                && *other != id
                && sent < self.head
            {
                out.push((*other, Down::Delta(self.delta(sent, self.head))));
            }
        }
        for connection in self.connections.values_mut().filter(|c| c.sent.is_some()) {
            connection.sent = Some(self.head);
        }
        out
    }

    fn decide(&mut self, connection: u64, replica: ReplicaId, mutation: PushedMutation) -> Outcome {
        let id = MutationId {
            replica,
            seq: mutation.seq,
        };
        let receipt = self.receipts.get(&id).copied();
        let refused = mutation
            .set
            .get(&Field::Title)
            .is_some_and(|title| title.as_text() == Some("refuse me"));
        let current = self.entities.get(&mutation.entity);
        let fate = match judge(receipt, current, &mutation) {
            _ if refused && receipt.is_none() => Fate::Refused {
                code: RefusalCode::QuotaExceeded,
                message: "full".into(),
            },
            Verdict::Accepted => Fate::Accepted {
                revision: self.accept(connection, id, &mutation),
            },
            Verdict::AlreadyApplied(revision) => {
                self.repeats += 1;
                Fate::Accepted { revision }
            }
            Verdict::Conflict(_) => {
                self.conflicts += 1;
                Fate::Conflict {
                    current: current.cloned().expect("only what exists is in conflict"),
                    by: self.authors.get(&mutation.entity).cloned(),
                }
            }
            Verdict::Refused(code, message) => Fate::Refused { code, message },
        };
        Outcome {
            seq: mutation.seq,
            fate,
        }
    }

    fn accept(&mut self, connection: u64, id: MutationId, mutation: &PushedMutation) -> Revision {
        self.head = self.head.next();
        let fresh = || Entity::new(mutation.entity, mutation.kind.clone());
        let entity = self.entities.entry(mutation.entity).or_insert_with(fresh);
        apply(entity, mutation, self.head);
        self.receipts.insert(id, self.head);
        *self.effects.entry(id).or_default() += 1;
        let author = Author {
            user: UserId(Uuid::nil()),
            device: self.connections[&connection].device.clone(),
            at: mutation.at,
        };
        self.authors.insert(mutation.entity, author);
        self.head
    }

    /// A change from outside, a calendar or a job, that nobody is told of: a channel lagged.
    pub(crate) fn change_silently(&mut self, id: EntityId, field: Field, cell: &str) {
        self.head = self.head.next();
        let revision = self.head;
        let entity = self.entities.get_mut(&id).expect("exists");
        entity.fields.insert(field, Cell(cell.into(), revision));
        for connection in self.connections.values_mut() {
            connection.sent = connection.sent.map(|_| revision);
        }
    }
}
