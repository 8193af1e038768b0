//! The server between the devices. The core makes its decisions: the sequencer's order, and what a subscription is told.

use std::collections::BTreeMap;

use tsugi_sync::ids::{Mark, ReplicaId, Revision, SessionId, Timestamp, UserId};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Delta, Down, Fate, Hello, Outcome, Push, Subscribe, Up, VERSIONS, Welcome};
use tsugi_sync::sequencer::{Right, Sequencer};
use tsugi_sync::subscription::{Opening, Step, opening, opening_at, step};
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

use crate::ledger::{Memory, WORKSPACE};

/// A connection's number; none is used twice.
pub(crate) type ConnectionId = u64;

/// The life of a token in milliseconds: longer than anybody plays.
const TOKEN_MS: u64 = 30 * 24 * 3_600_000;

#[derive(Clone, Debug)]
struct Connection {
    replica: ReplicaId,
    device: String,
    /// Up to which revision it has been told; none before it has subscribed.
    sent: Option<Revision>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Server {
    pub(crate) memory: Memory,
    connections: BTreeMap<ConnectionId, Connection>,
}

/// The result of a message: frames to connections, in order, and the decision on each mutation that a replica pushed.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) frames: Vec<(ConnectionId, Down)>,
    pub(crate) decisions: Vec<(ReplicaId, PushedMutation, Fate)>,
}

impl Server {
    pub(crate) fn take(&mut self, now: Timestamp, id: ConnectionId, message: Up) -> Answer {
        let mut answer = Answer::default();
        match message {
            Up::Hello(hello) => self.hello(now, id, hello, &mut answer),
            Up::Subscribe(subscribe) => self.subscribe(now, id, &subscribe, &mut answer),
            Up::Push(push) => self.push(now, id, &push, &mut answer),
            Up::Pull { cursor, .. } => {
                if self.subscribed(id).is_some() {
                    self.read_on(now, id, cursor, &mut answer);
                }
            }
            Up::Auth { .. } => {}
            Up::Ping => {
                let head = self.memory.head().revision;
                let heads = self.subscribed(id).map(|_| (WORKSPACE, head));
                let heads = heads.into_iter().collect();
                answer.frames.push((id, Down::Pong { heads }));
            }
        }
        answer
    }

    fn hello(&mut self, now: Timestamp, id: ConnectionId, hello: Hello, answer: &mut Answer) {
        // Until now nobody has told the server that the device's last connection is dead.
        self.connections
            .retain(|_, connection| connection.replica != hello.replica);
        let connection = Connection {
            replica: hello.replica,
            device: hello.device,
            sent: None,
        };
        self.connections.insert(id, connection);
        let welcome = Welcome {
            version: VERSIONS[0],
            session: SessionId(Uuid::from_u128(u128::from(id))),
            user: UserId(Uuid::nil()),
            time: now,
            token_expires: now.plus(TOKEN_MS),
            idle_timeout_ms: 60_000,
            encoding: None,
            compression: None,
        };
        answer.frames.push((id, Down::Welcome(welcome)));
    }

    fn subscribe(&mut self, now: Timestamp, id: ConnectionId, subscribe: &Subscribe, answer: &mut Answer) {
        let Some(replica) = self.replica(id) else { return };
        let head = self.memory.head();
        let opening = opening(subscribe, &head)
            .unwrap_or_else(|cursor| opening_at(subscribe, &head, self.memory.mark_at(cursor)));
        let mut vector = VersionVector::default();
        match opening {
            Opening::Nothing => {}
            Opening::Delta => {
                let delta = self.memory.delta(subscribe.cursor, head.revision, now, replica);
                answer.frames.push((id, Down::Delta(delta)));
                vector = self.memory.vector_since(subscribe.cursor);
            }
            Opening::Snapshot => {
                let snapshot = self.memory.snapshot(now);
                answer.frames.push((id, Down::Snapshot(snapshot)));
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

    fn subscribed(&self, id: ConnectionId) -> Option<Revision> {
        self.connections.get(&id)?.sent
    }

    fn sent(&mut self, id: ConnectionId, revision: Revision) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.sent = Some(revision);
        }
    }

    pub(crate) fn replica(&self, id: ConnectionId) -> Option<ReplicaId> {
        self.connections.get(&id).map(|connection| connection.replica)
    }

    fn read_on(&mut self, now: Timestamp, id: ConnectionId, from: Revision, answer: &mut Answer) {
        let head = self.memory.head().revision;
        if let Some(replica) = self.replica(id).filter(|_| from < head) {
            let delta = self.memory.delta(from, head, now, replica);
            answer.frames.push((id, Down::Delta(delta)));
        }
        self.sent(id, head);
    }

    fn push(&mut self, now: Timestamp, id: ConnectionId, push: &Push, answer: &mut Answer) {
        let (Some(connection), Some(sent)) = (self.connections.get(&id), self.subscribed(id)) else {
            return;
        };
        let replica = connection.replica;
        self.memory.device.clone_from(&connection.device);
        let before = self.memory.head();
        let mut sequencer = Sequencer::new(&mut self.memory, (replica, Right::Write), before, now);
        let mut outcomes = Vec::new();
        for mutation in &push.mutations {
            let Ok(fate) = sequencer.decide(mutation);
            answer.decisions.push((replica, mutation.clone(), fate.clone()));
            outcomes.push(Outcome {
                seq: mutation.seq,
                fate,
            });
        }
        let (from, head) = (before.revision, self.memory.head());
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
        let others: Vec<ConnectionId> = self
            .connections
            .keys()
            .copied()
            .filter(|other| *other != id)
            .collect();
        for other in others {
            match self.subscribed(other).map(|sent| (sent, step(sent, from, to))) {
                Some((sent, Step::Send | Step::Read)) => self.read_on(now, other, sent, answer),
                Some((_, Step::Skip)) | None => {}
            }
        }
    }
}
