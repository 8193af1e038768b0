//! What is said to a server, and what its answers mean: our protocol by the core's own types, or a peer's JSON.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use tsugi_sync::entity::{Field, Fields, Kind as EntityKind};
use tsugi_sync::frame::{COMPACT, DEFLATE, Form, Frame};
use tsugi_sync::ids::{EntityId, Epoch, Mark, MutationSeq, ReplicaId, Revision, Timestamp, WorkspaceId};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Down, Fate, Hello, Push, Subscribe, Token, Up};
use tsugi_sync::sorted_map::SortedMap;
use uuid::Uuid;

use crate::Outcome;
use crate::account::Account;
use crate::content::Patch;
use crate::wire::Message;

/// Distinct messages that are remembered, because a thousand sockets get the same one.
const REMEMBERED: usize = 512;

/// How our sessions write; the peers always write text.
const FORM: Form = Form {
    compact: true,
    deflated: true,
};

/// A task as the one who changes it knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task {
    pub(crate) id: Uuid,
    /// The revision of its title, or its version at a peer. 0: it does not exist yet.
    pub(crate) version: u64,
}

/// What one message brings.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// The number of a change, and the version that it made.
    pub(crate) acks: Vec<(u64, u64)>,
    /// Changes of others: which entity, and its version now.
    pub(crate) told: Vec<(Uuid, u64)>,
    /// Ours: the revisions that the message covers.
    pub(crate) range: Option<(u64, u64)>,
    pub(crate) place: Option<Place>,
    pub(crate) is_live: bool,
    pub(crate) tasks: usize,
}

/// Where a replica stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) epoch: Option<Uuid>,
    pub(crate) revision: u64,
    pub(crate) mark: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speech {
    Ours,
    Peer,
}

/// A message to send.
pub(crate) type Said = (bool, Vec<u8>);

impl Speech {
    /// The messages with which a session begins.
    pub(crate) fn begin(self, account: &Account, place: Place) -> Vec<Said> {
        if self == Self::Peer {
            let hello = json!({ "type": "hello", "token": account.token, "workspace": account.workspace,
                                "cursor": place.revision });
            return vec![(true, hello.to_string().into_bytes())];
        }
        let hello = Up::Hello(Hello {
            versions: vec![2],
            token: Token(account.token.clone()),
            replica: ReplicaId(Uuid::new_v4()),
            device: "a bench".into(),
            app: "bench 1".into(),
            encodings: vec![COMPACT.into()],
            compressions: vec![DEFLATE.into()],
        });
        let subscribe = Up::Subscribe(Subscribe {
            workspace: WorkspaceId(account.workspace),
            epoch: place.epoch.map(Epoch),
            cursor: Revision(place.revision),
            mark: Mark(place.mark),
        });
        vec![
            (true, hello.to_frame().into_bytes()),
            (true, subscribe.to_frame().into_bytes()),
        ]
    }

    /// Changes of one field each, or new tasks; the first has the number `seq`.
    pub(crate) fn push(self, workspace: Uuid, seq: u64, changes: &[(Task, &Patch)]) -> Said {
        let numbered = (seq..).zip(changes);
        if self == Self::Peer {
            let update = |(seq, (task, patch)): (u64, &(Task, &Patch))| {
                json!({ "type": "update", "seq": seq, "entity": task.id, "version": task.version,
                        "patch": patch.json() })
            };
            let text = match changes {
                [_] => numbered.map(update).next().unwrap_or_default(),
                _ => json!({ "type": "batch", "updates": numbered.map(update).collect::<Vec<_>>() }),
            };
            return (true, text.to_string().into_bytes());
        }
        let push = Up::Push(Push {
            workspace: WorkspaceId(workspace),
            mutations: numbered
                .map(|(seq, (task, patch))| patch.mutation(seq, *task))
                .collect(),
        });
        match FORM.pack(push.to_frame()) {
            Frame::Text(text) => (true, text.into_bytes()),
            Frame::Binary(bytes) => (false, bytes),
        }
    }

    /// What a message means. The same bytes mean the same on all sockets, so they are read once.
    pub(crate) fn read(self, message: Message<'_>) -> Outcome<Arc<News>> {
        thread_local!(static SEEN: RefCell<HashMap<Vec<u8>, Arc<News>>> = RefCell::default());
        SEEN.with_borrow_mut(|seen| {
            if let Some(news) = seen.get(message.body) {
                return Ok(Arc::clone(news));
            }
            let news = Arc::new(match self {
                Self::Ours => ours(message)?,
                Self::Peer => peers(message.body)?,
            });
            if seen.len() >= REMEMBERED {
                seen.clear();
            }
            if message.body.len() < 64 * 1024 {
                seen.insert(message.body.to_vec(), Arc::clone(&news));
            }
            Ok(news)
        })
    }
}

fn ours(message: Message<'_>) -> Outcome<News> {
    let frame = match message.is_text {
        true => Frame::Text(String::from_utf8(message.body.to_vec())?),
        false => Frame::Binary(message.body.to_vec()),
    };
    let mut news = News::default();
    match Down::parse(&frame.unpack()?)? {
        Down::Welcome(_) | Down::Pong { .. } => {}
        Down::Snapshot(snapshot) => {
            news.tasks = snapshot.entities.len();
            news.place = Some(Place {
                epoch: Some(snapshot.epoch.0),
                revision: snapshot.revision.0,
                mark: snapshot.mark.0,
            });
        }
        Down::Subscribed { .. } => news.is_live = true,
        Down::Error(error) => return Err(format!("{}: {}", error.code.as_str(), error.message).into()),
        Down::Delta(delta) => {
            news.range = Some((delta.from.0, delta.to.0));
            news.place = Some(Place {
                epoch: Some(delta.epoch.0),
                revision: delta.to.0,
                mark: delta.mark.0,
            });
            for outcome in delta.outcomes {
                let Fate::Accepted { revision, .. } = outcome.fate else {
                    return Err(format!("not accepted: {outcome:?}").into());
                };
                news.acks.push((outcome.seq.0, revision.0));
            }
            let told = delta
                .entities
                .iter()
                .map(|entity| (entity.id.0, entity.revision().0));
            news.told = told.collect();
        }
    }
    Ok(news)
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum FromPeer {
    Tasks { tasks: Vec<Value>, revision: u64 },
    Live { revision: u64 },
    Acks { acks: Vec<Ack> },
    Conflict { seq: u64 },
    Updates { updates: Vec<Update> },
}

#[derive(Deserialize)]
struct Ack {
    seq: u64,
    version: u64,
}

#[derive(Deserialize)]
struct Update {
    entity: Uuid,
    version: u64,
}

fn peers(body: &[u8]) -> Outcome<News> {
    let at = |revision| {
        Some(Place {
            revision,
            ..Place::default()
        })
    };
    let mut news = News::default();
    match serde_json::from_slice(body)? {
        FromPeer::Tasks { tasks, revision } => (news.tasks, news.place) = (tasks.len(), at(revision)),
        FromPeer::Live { revision } => (news.is_live, news.place) = (true, at(revision)),
        FromPeer::Acks { acks } => news.acks = acks.iter().map(|ack| (ack.seq, ack.version)).collect(),
        FromPeer::Conflict { seq } => return Err(format!("a conflict for {seq}").into()),
        FromPeer::Updates { updates } => {
            news.told = updates
                .iter()
                .map(|update| (update.entity, update.version))
                .collect();
        }
    }
    Ok(news)
}

impl Patch {
    fn mutation(&self, seq: u64, task: Task) -> PushedMutation {
        let fields = self.0.iter();
        let set: Fields = fields
            .clone()
            .map(|(name, value)| (Field::from(*name), value.clone()))
            .collect();
        let base: SortedMap<Field, Revision> = match task.version {
            0 => SortedMap::default(),
            seen => fields
                .map(|(name, _)| (Field::from(*name), Revision(seen)))
                .collect(),
        };
        PushedMutation {
            seq: MutationSeq(seq),
            entity: EntityId(task.id),
            kind: EntityKind::Task,
            set,
            base,
            at: Timestamp(1_767_225_600_000 + seq),
            tick: 0,
            group: None,
            since: None,
            origin: None,
        }
    }
}
