//! One or two server instances over one store, with a bus between them that may lose messages. The core makes the
//! decisions: the sequencer's order, and what a subscription is told.

use std::collections::BTreeMap;

use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, Mark, MutationSeq, ReplicaId, Revision, SessionId, Timestamp, UserId};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{
    Delta, Down, ErrorCode, ErrorMessage, Fate, Outcome, Push, Subscribe, Up, Welcome,
};
use tsugi_sync::sequencer::{Right, Sequencer};
use tsugi_sync::subscription::{Opening, Step, opening, opening_at, step};
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

use crate::store::{Store, WORKSPACE};

/// A connection's number; none is used twice.
pub type ConnectionId = u64;

/// The right of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Write,
    Read,
    None,
}

#[derive(Debug)]
struct Connection {
    instance: usize,
    replica: ReplicaId,
    device: String,
    /// When its token ends.
    expires: Timestamp,
    /// Up to which revision it has been told; none before it has subscribed.
    sent: Option<Revision>,
}

/// A commit, which the other instance should learn of.
#[derive(Clone, Copy, Debug)]
pub struct News {
    pub instance: usize,
    pub from: Revision,
    pub to: Revision,
}

#[derive(Debug, Default)]
pub struct Server {
    pub store: Store,
    pub access: BTreeMap<ReplicaId, Access>,
    pub instances: usize,
    connections: BTreeMap<ConnectionId, Connection>,
    /// The latest connection over which each replica has pushed.
    pushed: BTreeMap<ReplicaId, ConnectionId>,
    /// How many pushes arrived after a push of a later connection.
    pub overtaken: u64,
    pub renewals: u64,
    pub expiries: u64,
    pub conflicts: u64,
    pub snapshots: u64,
    pub refusals: u64,
    /// The error with which it answers `hello`, if it is not to welcome anybody.
    pub turns_away: Option<ErrorMessage>,
    /// The life of a token in milliseconds.
    pub token_life: u64,
}

/// The result of a message: frames to connections, in order, and news for the bus.
#[derive(Debug, Default)]
pub struct Answer {
    pub frames: Vec<(ConnectionId, Down)>,
    pub news: Option<News>,
}

impl Server {
    #[must_use]
    pub fn new(instances: usize, token_life: u64) -> Self {
        Self {
            instances,
            token_life,
            ..Self::default()
        }
    }

    pub fn close(&mut self, id: ConnectionId) {
        self.connections.remove(&id);
    }

    #[must_use]
    pub fn is_expired(&self, now: Timestamp, id: ConnectionId) -> bool {
        self.connections.get(&id).is_some_and(|c| c.expires <= now)
    }

    /// Ends a connection that has no valid token.
    pub fn turn_down(&mut self, id: ConnectionId) -> Option<Down> {
        self.connections.remove(&id)?;
        self.expiries += 1;
        Some(error(ErrorCode::Unauthenticated))
    }

    /// The instance dies. Its connections are gone, and so is everything that it had not read. Returns the
    /// connections.
    pub fn kill(&mut self, instance: usize) -> Vec<ConnectionId> {
        let dead: Vec<_> = self
            .connections
            .iter()
            .filter(|(_, c)| c.instance == instance)
            .map(|(id, _)| *id)
            .collect();
        for id in &dead {
            self.connections.remove(id);
        }
        dead
    }

    /// All instances stop, the data come back from a copy, and they start again.
    pub fn restore(&mut self, copy: Store) -> Vec<ConnectionId> {
        let before = std::mem::replace(&mut self.store, copy);
        self.store.repeats = before.repeats;
        self.store.stood_for = before.stood_for;
        // Values that went away with tombstones before the restore still count as gone.
        self.store.expired = before.expired;
        (0..self.instances)
            .flat_map(|instance| self.kill(instance))
            .collect()
    }

    /// All instances stop, and start again with the data of another server.
    pub fn replace(&mut self) -> Vec<ConnectionId> {
        self.store.replace();
        (0..self.instances)
            .flat_map(|instance| self.kill(instance))
            .collect()
    }

    /// A person changes a text, and no connection is told of it.
    pub fn change_silently(&mut self, id: EntityId, field: Field, text: &str) {
        let (head, entity) = (self.store.head(), &self.store.entities[&id]);
        let change = PushedMutation {
            seq: MutationSeq(head.revision.0 + 1),
            entity: id,
            kind: entity.kind.clone(),
            base: [(field.clone(), entity.revision_of(&field))].into(),
            set: [(field, text.into())].into(),
            at: Timestamp(0),
            tick: 0,
            group: None,
            since: None,
            origin: None,
        };
        let somebody = (ReplicaId(Uuid::nil()), Right::Write);
        let Ok(_) = Sequencer::new(&mut self.store, somebody, head, Timestamp(0)).decide(&change);
        let head = self.store.head().revision;
        for connection in self.connections.values_mut() {
            connection.sent = connection.sent.map(|_| head);
        }
    }

    fn access(&self, replica: ReplicaId) -> Access {
        self.access.get(&replica).copied().unwrap_or(Access::Write)
    }

    /// Tells the sessions of a replica that its right has changed.
    pub fn look_at_rights(&mut self, replica: ReplicaId) -> Vec<(ConnectionId, Down)> {
        if self.access(replica) != Access::None {
            return Vec::new();
        }
        let open = self
            .connections
            .iter_mut()
            .filter(|(_, c)| c.replica == replica && c.sent.is_some());
        open.map(|(id, connection)| {
            connection.sent = None;
            (*id, forbidden())
        })
        .collect()
    }

    pub fn take(&mut self, now: Timestamp, instance: usize, id: ConnectionId, message: Up) -> Answer {
        let mut answer = Answer::default();
        match message {
            Up::Hello(hello) => {
                if let Some(error) = &self.turns_away {
                    answer.frames.push((id, Down::Error(error.clone())));
                    return answer;
                }
                let connection = Connection {
                    instance,
                    replica: hello.replica,
                    device: hello.device,
                    expires: now.plus(self.token_life),
                    sent: None,
                };
                self.connections.insert(id, connection);
                let welcome = Welcome {
                    version: 2,
                    session: SessionId(Uuid::from_u128(u128::from(id))),
                    user: UserId(Uuid::nil()),
                    time: now,
                    token_expires: now.plus(self.token_life),
                    idle_timeout_ms: 60_000,
                    encoding: None,
                    compression: None,
                };
                answer.frames.push((id, Down::Welcome(welcome)));
            }
            Up::Subscribe(subscribe) => self.subscribe(now, id, &subscribe, &mut answer),
            Up::Push(push) => self.push(now, id, &push, &mut answer),
            Up::Pull { cursor, .. } => {
                if self.subscribed(id).is_some() {
                    self.read_on(now, id, cursor, &mut answer);
                }
            }
            Up::Auth { .. } => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.expires = now.plus(self.token_life);
                    self.renewals += 1;
                }
            }
            Up::Ping => {
                let heads = match self.subscribed(id) {
                    Some(_) => vec![(WORKSPACE, self.store.head().revision)],
                    None => Vec::new(),
                };
                answer.frames.push((id, Down::Pong { heads }));
            }
        }
        answer
    }

    /// The bus tells an instance of a commit of another one.
    pub fn hear(&mut self, now: Timestamp, news: News) -> Vec<(ConnectionId, Down)> {
        // After a restore, old news may be about changes that no longer exist.
        if news.to > self.store.head().revision {
            return Vec::new();
        }
        let mut answer = Answer::default();
        let listeners: Vec<_> = self
            .connections
            .iter()
            .filter(|(_, c)| c.instance == news.instance)
            .map(|(id, _)| *id)
            .collect();
        for id in listeners {
            self.tell(now, id, (news.from, news.to), &mut answer);
        }
        answer.frames
    }

    fn subscribed(&self, id: ConnectionId) -> Option<Revision> {
        let connection = self.connections.get(&id)?;
        connection
            .sent
            .filter(|_| self.access(connection.replica) != Access::None)
    }

    fn subscribe(&mut self, now: Timestamp, id: ConnectionId, subscribe: &Subscribe, answer: &mut Answer) {
        let Some(replica) = self.replica(id) else { return };
        if self.access(replica) == Access::None {
            answer.frames.push((id, forbidden()));
            return;
        }
        let head = self.store.head();
        let opening = opening(subscribe, &head)
            .unwrap_or_else(|cursor| opening_at(subscribe, &head, self.store.mark_at(cursor)));
        let mut vector = VersionVector::default();
        match opening {
            Opening::Nothing => {}
            Opening::Delta => {
                let delta = self.store.delta(subscribe.cursor, head.revision, now, replica);
                answer.frames.push((id, Down::Delta(delta)));
                vector = self.store.vector_since(subscribe.cursor);
            }
            Opening::Snapshot => {
                self.snapshots += 1;
                let parts = self.store.snapshot(now).into_iter();
                answer.frames.extend(parts.map(|part| (id, Down::Snapshot(part))));
            }
        }
        let subscribed = Down::Subscribed {
            workspace: WORKSPACE,
            epoch: head.epoch,
            revision: head.revision,
            vector,
        };
        answer.frames.push((id, subscribed));
        self.sent(id, head.revision);
    }

    fn sent(&mut self, id: ConnectionId, revision: Revision) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.sent = Some(revision);
        }
    }

    fn replica(&self, id: ConnectionId) -> Option<ReplicaId> {
        self.connections.get(&id).map(|connection| connection.replica)
    }

    fn read_on(&mut self, now: Timestamp, id: ConnectionId, from: Revision, answer: &mut Answer) {
        let head = self.store.head().revision;
        if let Some(replica) = self.replica(id).filter(|_| from < head) {
            let delta = self.store.delta(from, head, now, replica);
            answer.frames.push((id, Down::Delta(delta)));
        }
        self.sent(id, head);
    }

    fn tell(
        &mut self,
        now: Timestamp,
        id: ConnectionId,
        (from, to): (Revision, Revision),
        answer: &mut Answer,
    ) {
        let (Some(sent), Some(replica)) = (self.subscribed(id), self.replica(id)) else {
            return;
        };
        match step(sent, from, to) {
            Step::Skip => {}
            Step::Send => {
                let delta = self.store.delta(from, to, now, replica);
                answer.frames.push((id, Down::Delta(delta)));
                self.sent(id, to);
            }
            Step::Read => self.read_on(now, id, sent, answer),
        }
    }

    fn push(&mut self, now: Timestamp, id: ConnectionId, push: &Push, answer: &mut Answer) {
        let Some(connection) = self.connections.get(&id) else {
            return;
        };
        let (instance, replica) = (connection.instance, connection.replica);
        let Some(sent) = self.subscribed(id) else {
            let error = match self.access(replica) {
                Access::None => forbidden(),
                Access::Write | Access::Read => error(ErrorCode::OutOfOrder),
            };
            answer.frames.push((id, error));
            return;
        };
        self.store.device.clone_from(&connection.device);
        let latest = self.pushed.entry(replica).or_insert(id);
        self.overtaken += u64::from(id < *latest);
        *latest = id.max(*latest);
        let before = self.store.head();
        let right = match self.access(replica) {
            Access::Write => Right::Write,
            Access::Read | Access::None => Right::Read,
        };
        let mut sequencer = Sequencer::new(&mut self.store, (replica, right), before, now);
        let mut outcomes = Vec::new();
        for mutation in &push.mutations {
            let Ok(fate) = sequencer.decide(mutation);
            match fate {
                Fate::Accepted { .. } => {}
                Fate::Conflict { .. } => self.conflicts += 1,
                Fate::Refused { .. } => self.refusals += 1,
            }
            outcomes.push(Outcome {
                seq: mutation.seq,
                fate,
            });
        }
        let (from, head) = (before.revision, self.store.head());
        let to = head.revision;
        let (from_cursor, to_cursor, mark) = match step(sent, from, to) {
            // The replica that pushed knows its own cells.
            Step::Send => {
                self.sent(id, to);
                (from, to, head.mark)
            }
            Step::Skip => (sent, sent, Mark(0)),
            Step::Read => {
                self.read_on(now, id, sent, answer);
                (to, to, Mark(0))
            }
        };
        let own = Delta {
            workspace: WORKSPACE,
            epoch: head.epoch,
            from: from_cursor,
            to: to_cursor,
            entities: Vec::new(),
            outcomes,
            at: now,
            mark,
            authors: Vec::new(),
        };
        answer.frames.push((id, Down::Delta(own)));
        if from < to {
            let others: Vec<_> = self
                .connections
                .iter()
                .filter(|(other, c)| **other != id && c.instance == instance)
                .map(|(other, _)| *other)
                .collect();
            for other in others {
                self.tell(now, other, (from, to), answer);
            }
            answer.news = Some(News { instance, from, to });
        }
    }
}

fn error(code: ErrorCode) -> Down {
    Down::Error(ErrorMessage {
        code,
        message: String::new(),
        retry_after_ms: None,
        workspace: None,
    })
}

fn forbidden() -> Down {
    Down::Error(ErrorMessage {
        code: ErrorCode::Forbidden,
        message: String::new(),
        retry_after_ms: None,
        workspace: Some(WORKSPACE),
    })
}
