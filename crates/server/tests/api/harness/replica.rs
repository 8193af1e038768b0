//! A replica at its simplest, and the mutations that it pushes.

use std::net::SocketAddr;

use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, Epoch, Mark, MutationSeq, ReplicaId, Revision, Timestamp, WorkspaceId};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Delta, Down, Hello, Outcome, Push, Subscribe, Token, Up, Welcome};
use uuid::Uuid;

use super::{Account, Server, Socket};

/// A replica at its simplest: a socket, a counter, and the entities as the server told them.
pub(crate) struct Replica {
    pub(crate) socket: Socket,
    pub(crate) id: ReplicaId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) epoch: Option<Epoch>,
    pub(crate) cursor: Revision,
    /// Of the cursor.
    pub(crate) mark: Mark,
    pub(crate) seq: u64,
}

pub(crate) fn hello(token: &str, replica: ReplicaId) -> Up {
    Up::Hello(Hello {
        versions: vec![1],
        token: Token(token.to_owned()),
        replica,
        device: "a test".into(),
        app: "test 1".into(),
        encodings: Vec::new(),
        compressions: Vec::new(),
    })
}

impl Replica {
    /// Connected and greeted, not yet subscribed.
    pub(crate) async fn greet(server: &Server, account: &Account) -> Self {
        Self::greet_as(server.address, account, ReplicaId(Uuid::new_v4())).await
    }

    pub(crate) async fn greet_as(address: SocketAddr, account: &Account, id: ReplicaId) -> Self {
        let mut socket = Socket::open(address).await;
        socket.send(&hello(&account.token, id)).await;
        match socket.next().await {
            Down::Welcome(Welcome { user, version: 1, .. }) if user == account.user => {}
            other => panic!("a welcome, not {other:?}"),
        }
        Self {
            socket,
            id,
            workspace: account.workspace,
            epoch: None,
            cursor: Revision(0),
            mark: Mark(0),
            seq: 0,
        }
    }

    /// Connected and subscribed.
    pub(crate) async fn live(server: &Server, account: &Account) -> Self {
        let mut replica = Self::greet(server, account).await;
        replica.subscribe().await;
        replica
    }

    /// Subscribes from its cursor; answers what came before `subscribed`.
    pub(crate) async fn subscribe(&mut self) -> Vec<Down> {
        let subscribe = Subscribe {
            workspace: self.workspace,
            epoch: self.epoch,
            cursor: self.cursor,
            mark: self.mark,
        };
        self.socket.send(&Up::Subscribe(subscribe)).await;
        let mut parts = Vec::new();
        loop {
            match self.socket.next().await {
                Down::Subscribed { epoch, revision, .. } => {
                    self.epoch = Some(epoch);
                    self.cursor = revision;
                    return parts;
                }
                part => {
                    match &part {
                        Down::Snapshot(snapshot) => self.mark = snapshot.mark,
                        Down::Delta(delta) => self.mark = delta.mark,
                        _ => {}
                    }
                    parts.push(part);
                }
            }
        }
    }

    pub(crate) async fn push(&mut self, mutations: Vec<PushedMutation>) {
        let push = Push {
            workspace: self.workspace,
            mutations,
        };
        self.socket.send(&Up::Push(push)).await;
    }

    /// Pushes one mutation and waits for its fate.
    pub(crate) async fn commit(&mut self, mutation: PushedMutation) -> (Delta, Outcome) {
        self.push(vec![mutation]).await;
        loop {
            let mut delta = self.next_delta().await;
            if let Some(outcome) = delta.outcomes.pop() {
                return (delta, outcome);
            }
        }
    }

    /// The next delta, checked against the cursor: a gap would be a bug here.
    pub(crate) async fn next_delta(&mut self) -> Delta {
        let delta = self.socket.delta().await;
        assert!(delta.from <= self.cursor, "a gap: {delta:?} at {:?}", self.cursor);
        if delta.to > self.cursor {
            (self.cursor, self.mark) = (delta.to, delta.mark);
        }
        delta
    }

    pub(crate) fn set(
        &mut self,
        entity: EntityId,
        fields: &[(&str, &str)],
        base: &[(&str, u64)],
    ) -> PushedMutation {
        self.seq += 1;
        set(self.seq, entity, fields, base)
    }
}

pub(crate) fn set(
    seq: u64,
    entity: EntityId,
    fields: &[(&str, &str)],
    base: &[(&str, u64)],
) -> PushedMutation {
    PushedMutation {
        seq: MutationSeq(seq),
        entity,
        kind: Kind::Task,
        set: fields
            .iter()
            .map(|(field, value)| (Field::from(*field), (*value).into()))
            .collect(),
        base: base
            .iter()
            .map(|(field, revision)| (Field::from(*field), Revision(*revision)))
            .collect(),
        at: Timestamp(1),
        tick: 0,
        group: None,
        since: None,
        origin: None,
    }
}

pub(crate) fn new_entity() -> EntityId {
    EntityId(Uuid::new_v4())
}

pub(crate) fn text<'a>(entity: &'a Entity, field: &str) -> &'a str {
    entity.value(&Field::from(field)).as_text().unwrap_or_default()
}
