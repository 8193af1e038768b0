//! A device: it comes in through the load balancer, again and again, and writes or watches.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, Epoch, Mark, MutationSeq, ReplicaId, Revision, Timestamp, WorkspaceId};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Down, ErrorCode, Fate, Hello, Push, Subscribe, Token, Up};
use uuid::Uuid;

use crate::account::Account;
use crate::board::{Acknowledged, Board};

pub(crate) type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Edits that wait for an answer at once.
const AHEAD: usize = 4;
/// After this silence a device asks whether the server is there; after twice of it, it comes in again.
const SILENCE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Write,
    Watch,
}

/// The socket is of no use any more.
#[derive(Debug)]
pub(crate) struct Lost;

#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) task: Task,
    pub(crate) address: SocketAddr,
    pub(crate) account: Account,
    pub(crate) board: Arc<Board>,
    pub(crate) id: ReplicaId,
    epoch: Option<Epoch>,
    pub(crate) cursor: Revision,
    mark: Mark,
    seq: u64,
    waiting: BTreeMap<u64, PushedMutation>,
    /// Titles, as the server told them.
    pub(crate) titles: BTreeMap<EntityId, String>,
}

impl Device {
    pub(crate) fn new(task: Task, address: SocketAddr, account: &Account, board: &Arc<Board>) -> Self {
        Self {
            task,
            address,
            account: account.clone(),
            board: Arc::clone(board),
            id: ReplicaId(Uuid::new_v4()),
            epoch: None,
            cursor: Revision(0),
            mark: Mark(0),
            seq: 0,
            waiting: BTreeMap::new(),
            titles: BTreeMap::new(),
        }
    }

    /// Works until it is told to stop writing and everything is answered, or until it is told to end.
    pub(crate) async fn work(mut self, stop: watch::Receiver<bool>) -> Self {
        let mut told = stop.clone();
        let mut is_first = true;
        loop {
            if !std::mem::take(&mut is_first) {
                self.board.note(|seen| seen.reconnects += 1);
            }
            let is_watching = self.task == Task::Watch;
            tokio::select! {
                Lost = self.live(&stop) => {}
                () = stopped(&mut told), if is_watching => return self,
            }
            if *stop.borrow() && self.is_done() {
                return self;
            }
            // As a client does, it waits a moment before it tries again.
            sleep(Duration::from_millis(
                100 + u64::from(Uuid::new_v4().as_fields().1) % 200,
            ))
            .await;
        }
    }

    fn is_done(&self) -> bool {
        self.task == Task::Watch || self.waiting.is_empty()
    }

    /// One socket, from its beginning to its end.
    async fn live(&mut self, stop: &watch::Receiver<bool>) -> Lost {
        let Ok(mut stream) = self.come_in().await else {
            return Lost;
        };
        let waiting: Vec<_> = self.waiting.values().cloned().collect();
        if !waiting.is_empty() && self.push(&mut stream, waiting).await.is_err() {
            return Lost;
        }
        loop {
            if self.task == Task::Write && !*stop.borrow() && self.write(&mut stream).await.is_err() {
                return Lost;
            }
            if *stop.borrow() && self.task == Task::Write && self.waiting.is_empty() {
                return Lost;
            }
            match self.next(&mut stream).await {
                Ok(message) => {
                    if self.take(message).is_err() {
                        return Lost;
                    }
                }
                Err(Lost) => return Lost,
            }
        }
    }

    /// A socket, greeted and subscribed from the cursor.
    pub(crate) async fn come_in(&mut self) -> Result<Stream, Lost> {
        let url = format!("ws://{}/api/v1/sync", self.address);
        let connected = timeout(SILENCE * 2, tokio_tungstenite::connect_async(url)).await;
        let (mut stream, _) = connected.map_err(|_| Lost)?.map_err(|_| Lost)?;
        let hello = Hello {
            versions: vec![1],
            token: Token(self.account.token.clone()),
            replica: self.id,
            device: "a test".into(),
            app: "test 1".into(),
            encodings: Vec::new(),
            compressions: Vec::new(),
        };
        send(&mut stream, &Up::Hello(hello)).await?;
        let subscribe = Subscribe {
            workspace: self.account.workspace,
            epoch: self.epoch,
            cursor: self.cursor,
            mark: self.mark,
        };
        send(&mut stream, &Up::Subscribe(subscribe)).await?;
        loop {
            match self.next(&mut stream).await? {
                Down::Subscribed { epoch, revision, .. } => {
                    assert!(self.epoch.is_none_or(|known| known == epoch), "another history");
                    self.epoch = Some(epoch);
                    self.reached(revision);
                    return Ok(stream);
                }
                message => self.take(message)?,
            }
        }
    }

    /// The next message. If nothing comes, it asks; if there is no answer, the socket is lost.
    pub(crate) async fn next(&mut self, stream: &mut Stream) -> Result<Down, Lost> {
        let mut has_asked = false;
        loop {
            match timeout(SILENCE, stream.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => return Ok(Down::parse(text.as_str()).unwrap()),
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => {}
                Ok(Some(Ok(_) | Err(_)) | None) => return Err(Lost),
                Err(_) if has_asked => return Err(Lost),
                Err(_) => {
                    has_asked = true;
                    send(stream, &Up::Ping).await?;
                }
            }
        }
    }

    fn take(&mut self, message: Down) -> Result<(), Lost> {
        match message {
            Down::Delta(delta) => {
                assert!(delta.from <= self.cursor, "a gap: {delta:?} at {:?}", self.cursor);
                self.keep(&delta.entities);
                for outcome in delta.outcomes {
                    let Fate::Accepted { revision, .. } = outcome.fate else {
                        panic!("{outcome:?}");
                    };
                    self.accepted(outcome.seq.0, revision);
                }
                if delta.to > self.cursor {
                    self.mark = delta.mark;
                    self.reached(delta.to);
                }
                Ok(())
            }
            Down::Snapshot(snapshot) => {
                assert_eq!(self.cursor, Revision(0), "nothing was forgotten");
                self.keep(&snapshot.entities);
                self.mark = snapshot.mark;
                Ok(())
            }
            Down::Error(error) => {
                if error.code == ErrorCode::Draining {
                    let wait = error.retry_after_ms.expect("when to come back");
                    self.board.note(|seen| seen.told_to_wait.push(wait));
                }
                Err(Lost)
            }
            Down::Welcome(_) | Down::Pong { .. } | Down::Subscribed { .. } => Ok(()),
        }
    }

    fn keep(&mut self, entities: &[Entity]) {
        for entity in entities {
            let title = entity
                .value(&Field::Title)
                .as_text()
                .unwrap_or_default()
                .to_owned();
            self.titles.insert(entity.id, title);
        }
    }

    fn reached(&mut self, revision: Revision) {
        self.cursor = self.cursor.max(revision);
        if self.task == Task::Watch {
            self.board.moved(self.id, self.cursor);
        }
    }

    fn accepted(&mut self, seq: u64, revision: Revision) {
        let Some(mutation) = self.waiting.remove(&seq) else {
            return;
        };
        let edit = Acknowledged {
            entity: mutation.entity,
            title: title_of(self.id, seq),
            revision,
        };
        self.board.acknowledge((self.id, seq), edit);
    }

    async fn write(&mut self, stream: &mut Stream) -> Result<(), Lost> {
        while self.waiting.len() < AHEAD {
            self.seq += 1;
            let title = title_of(self.id, self.seq);
            let mutation = PushedMutation {
                seq: MutationSeq(self.seq),
                entity: EntityId(Uuid::new_v4()),
                kind: Kind::Task,
                set: [(Field::Title, title.as_str().into())].into_iter().collect(),
                base: [].into_iter().collect(),
                at: Timestamp(1),
                tick: 0,
                group: None,
                since: None,
                origin: None,
            };
            self.waiting.insert(self.seq, mutation.clone());
            self.push(stream, vec![mutation]).await?;
        }
        Ok(())
    }

    async fn push(&self, stream: &mut Stream, mutations: Vec<PushedMutation>) -> Result<(), Lost> {
        let workspace: WorkspaceId = self.account.workspace;
        send(stream, &Up::Push(Push { workspace, mutations })).await
    }
}

fn title_of(id: ReplicaId, seq: u64) -> String {
    format!("{id} {seq}")
}

async fn send(stream: &mut Stream, message: &Up) -> Result<(), Lost> {
    let sent = timeout(SILENCE, stream.send(Message::text(message.to_frame()))).await;
    sent.map_err(|_| Lost)?.map_err(|_| Lost)
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}
