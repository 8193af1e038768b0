//! A replica that checks: every change is acknowledged once, and every revision or version follows the one before.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::timeout;
use tsugi_sync::protocol::SYNC_PATH;
use uuid::Uuid;

use crate::Outcome;
use crate::account::Account;
use crate::content::{self, Patch};
use crate::servers::{Kind, Server};
use crate::speech::{News, Place, Speech, Task};
use crate::wire::{PATIENCE, Wire};

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) wire: Wire,
    speech: Speech,
    workspace: Uuid,
    pub(crate) place: Place,
    seq: u64,
    /// The numbers of changes without an answer, and the version each was made on.
    pending: HashMap<u64, u64>,
    /// Peers: the version of each entity that this one was told of.
    versions: HashMap<Uuid, u64>,
    /// Tasks that were fetched.
    pub(crate) fetched: usize,
    /// Changes of others that came since it is live.
    pub(crate) told: usize,
    is_live: bool,
}

impl Client {
    /// Connected, greeted and live, from nothing.
    pub(crate) async fn live(server: &Server, account: &Account) -> Outcome<Self> {
        Self::resume(server, account, Place::default()).await
    }

    /// The same, from a place.
    pub(crate) async fn resume(server: &Server, account: &Account, place: Place) -> Outcome<Self> {
        let wire = timeout(PATIENCE, Wire::open(server.address, SYNC_PATH)).await??;
        let speech = match server.kind {
            Kind::Ours => Speech::Ours,
            Kind::Record | Kind::Single | Kind::Bun => Speech::Peer,
        };
        let mut client = Self {
            wire,
            speech,
            workspace: account.workspace,
            place,
            seq: 0,
            pending: HashMap::new(),
            versions: HashMap::new(),
            fetched: 0,
            told: 0,
            is_live: false,
        };
        for (is_text, body) in speech.begin(account, place) {
            client.wire.send(is_text, &body).await?;
        }
        while !client.is_live {
            client.next().await?;
        }
        client.told = 0;
        Ok(client)
    }

    /// Sends changes in one push; answers the number of the first.
    pub(crate) async fn push(&mut self, changes: &[(Task, &Patch)]) -> Outcome<u64> {
        let first = self.seq + 1;
        let (is_text, body) = self.speech.push(self.workspace, first, changes);
        for (task, _) in changes {
            self.seq += 1;
            self.pending.insert(self.seq, task.version);
        }
        self.wire.send(is_text, &body).await?;
        Ok(first)
    }

    /// The next news, checked. The future can be dropped while it waits, and loses nothing.
    pub(crate) async fn next(&mut self) -> Outcome<Arc<News>> {
        let message = timeout(PATIENCE, self.wire.next())
            .await
            .map_err(|_| "something did not come")??;
        let news = self.speech.read(message)?;
        self.check(&news)?;
        Ok(news)
    }

    fn check(&mut self, news: &News) -> Outcome {
        let before = self.place;
        if let Some((from, to)) = news.range {
            if from > self.place.revision {
                return Err(format!("a gap: from {from} at {}", self.place.revision).into());
            }
            let own = news.acks.len();
            let moved = to.saturating_sub(self.place.revision) as usize;
            self.told += moved.saturating_sub(own);
        } else {
            self.told += news.told.len();
        }
        match news.place {
            Some(place) if place.revision >= before.revision => self.place = place,
            Some(_) | None => {}
        }
        for (seq, version) in &news.acks {
            let Some(made_on) = self.pending.remove(seq) else {
                return Err(format!("an acknowledgement of {seq}, which does not wait").into());
            };
            let is_right = match self.speech {
                Speech::Ours => *version > before.revision.min(made_on) && *version <= self.place.revision,
                Speech::Peer => *version == made_on + 1,
            };
            if !is_right {
                return Err(format!("{seq}, made on {made_on}, has the version {version}").into());
            }
        }
        if self.speech == Speech::Peer {
            for (entity, version) in &news.told {
                let known = self.versions.insert(*entity, *version);
                if known.is_some_and(|known| known + 1 != *version) {
                    return Err(format!("{entity} went from {known:?} to {version}").into());
                }
            }
        }
        self.fetched += news.tasks;
        self.is_live |= news.is_live;
        Ok(())
    }

    /// Waits until nothing waits for an answer; moves the tasks to their new versions.
    pub(crate) async fn settle(&mut self, first: u64, tasks: &mut [Task]) -> Outcome {
        while !self.pending.is_empty() {
            let news = self.next().await?;
            for (seq, version) in &news.acks {
                if let Some(task) = seq.checked_sub(first).and_then(|at| tasks.get_mut(at as usize)) {
                    task.version = *version;
                }
            }
        }
        Ok(())
    }

    /// New tasks, as people have them, in pushes of 200.
    pub(crate) async fn seed(&mut self, count: usize) -> Outcome<Vec<Task>> {
        let mut tasks = (0..count).map(|_| Task::new()).collect::<Outcome<Vec<Task>>>()?;
        let patches: Vec<Patch> = (0..count).map(Patch::whole).collect();
        for (part, patches) in tasks.chunks_mut(200).zip(patches.chunks(200)) {
            let changes: Vec<_> = part.iter().copied().zip(patches).collect();
            let first = self.push(&changes).await?;
            self.settle(first, part).await?;
        }
        Ok(tasks)
    }

    /// One change, and its answer.
    pub(crate) async fn commit(&mut self, task: &mut Task, patch: &Patch) -> Outcome {
        let first = self.push(&[(*task, patch)]).await?;
        self.settle(first, std::slice::from_mut(task)).await
    }
}

impl Task {
    fn new() -> Outcome<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64;
        Ok(Self {
            id: content::id(now),
            version: 0,
        })
    }
}
