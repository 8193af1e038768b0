//! The writers: a few tasks, each of which commits the pushes to its share of the workspaces in groups.
//!
//! ```text
//! take one push (wait) ─► take what else has queued up
//!   ─► BEGIN, lock, load (sent together) ─► decide in memory ─► flush, COMMIT (sent together) ─► publish ─► again
//! ```
//! Invariants: all pushes to a workspace go through one task of this instance, so their outcomes are posted in the order
//! of the revisions. A group that fails is begun again, with each workspace in a transaction of its own, unless the
//! connection is gone. If it went away during the commit, nobody knows whether the group is stored: its sessions are told
//! that it failed, their replicas push again, and the receipts answer.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use deadpool_postgres::Object;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tsugi_sync::ids::{Timestamp, WorkspaceId};

use super::flush::flush;
use super::load::{load, load_made};
use super::pool::Pool;
use crate::clock::Clock;
use crate::config::Limits;
use crate::events::EventProcessor;
use crate::metrics;
use crate::store::StoreError;
use crate::store::decide::{Pushed, Terms, decide};
use crate::store::group::{PushGroup, Split, by_workspace, fail};
use crate::store::needs::Needs;
use crate::store::push::Push;

/// More of them than one gain little, because the database is what they wait for.
pub(super) const WRITERS: usize = 4;
/// Workspaces that one group locks at most.
const WORKSPACES: usize = 32;

#[derive(Debug)]
pub(super) struct Writers {
    queues: Vec<mpsc::Sender<Push>>,
    tasks: std::sync::Mutex<Vec<JoinHandle<()>>>,
    hasher: RandomState,
    failed: Arc<AtomicBool>,
}

impl Writers {
    pub(super) fn start(
        pool: &Pool,
        events: &Arc<EventProcessor>,
        clock: &Arc<dyn Clock>,
        limits: &Limits,
    ) -> Self {
        let failed = Arc::new(AtomicBool::new(false));
        let (mut queues, mut tasks) = (Vec::new(), Vec::new());
        for _ in 0..WRITERS {
            let (queue, pushes) = mpsc::channel(limits.writer_queue.div_ceil(WRITERS));
            let work = Work {
                pool: pool.clone(),
                events: Arc::clone(events),
                clock: Arc::clone(clock),
                failed: Arc::clone(&failed),
                group_commands: limits.group_commands,
                group_bytes: limits.group_bytes,
                entities_per_workspace: limits.entities_per_workspace,
            };
            queues.push(queue);
            tasks.push(tokio::spawn(work.run(pushes)));
        }
        Self {
            queues,
            tasks: std::sync::Mutex::new(tasks),
            hasher: RandomState::new(),
            failed,
        }
    }

    pub(super) async fn push(&self, push: Push) -> Result<(), StoreError> {
        let number = self.hasher.hash_one(push.workspace) % WRITERS as u64;
        let queue = usize::try_from(number)
            .ok()
            .and_then(|number| self.queues.get(number));
        let queue = queue.ok_or(StoreError::Closed)?;
        queue.send(push).await.map_err(|_| StoreError::Closed)
    }

    /// Whether the last group could not be committed.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Ends the tasks. Sessions have ended before, so nothing waits in the queues.
    pub(super) fn stop(&self) {
        let tasks = std::mem::take(
            &mut *self
                .tasks
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        );
        tasks.iter().for_each(JoinHandle::abort);
    }
}

struct Work {
    pool: Pool,
    events: Arc<EventProcessor>,
    clock: Arc<dyn Clock>,
    failed: Arc<AtomicBool>,
    group_commands: usize,
    group_bytes: usize,
    entities_per_workspace: u64,
}

type Outcomes = BTreeMap<WorkspaceId, Vec<Result<Pushed, StoreError>>>;

impl Work {
    async fn run(self, mut queue: mpsc::Receiver<Push>) {
        let mut held = None;
        loop {
            let first = match held.take() {
                Some(push) => push,
                None => match queue.recv().await {
                    Some(push) => push,
                    None => return,
                },
            };
            let mut bytes = first.bytes;
            let mut workspaces = std::collections::BTreeSet::from([first.workspace]);
            let mut pushes = vec![first];
            while pushes.len() < self.group_commands && bytes < self.group_bytes {
                let Ok(push) = queue.try_recv() else { break };
                if workspaces.len() == WORKSPACES && !workspaces.contains(&push.workspace) {
                    held = Some(push);
                    break;
                }
                workspaces.insert(push.workspace);
                bytes += push.bytes;
                pushes.push(push);
            }
            self.commit(by_workspace(pushes)).await;
        }
    }

    async fn commit(&self, split: Split) {
        let Err((split, error)) = self.try_commit(split).await else {
            return;
        };
        if error.is_of_the_connection() || split.len() == 1 {
            fail(split, &self.events);
            return;
        }
        // One workspace is in trouble. The others need not share it.
        for (workspace, pushes) in split {
            if let Err((split, _)) = self.try_commit([(workspace, pushes)].into()).await {
                fail(split, &self.events);
            }
        }
    }

    /// Commits and publishes the pushes of these workspaces. If that fails, they are given back.
    async fn try_commit(&self, split: Split) -> Result<(), (Split, StoreError)> {
        let started = Instant::now();
        let now = self.clock.now();
        let stored = match self.pool.get().await {
            Ok(client) => self.store(client, &split, now).await,
            Err(error) => Err(error),
        };
        metrics::commit(started.elapsed(), split.values().map(Vec::len).sum());
        self.failed.store(stored.is_err(), Ordering::Relaxed);
        let mut outcomes = match stored {
            Ok(outcomes) => outcomes,
            Err(error) => {
                tracing::error!(%error, workspaces = split.len(), "a group could not be committed");
                return Err((split, error));
            }
        };
        let mut group = PushGroup::new(now);
        for (workspace, pushes) in split {
            let outcomes = outcomes.remove(&workspace).unwrap_or_default();
            for (push, outcome) in pushes.into_iter().zip(outcomes) {
                group.settle(push, outcome);
            }
        }
        group.publish(&self.events);
        Ok(())
    }

    async fn store(&self, client: Object, split: &Split, now: Timestamp) -> Result<Outcomes, StoreError> {
        let stored = self.store_with(&client, split, now).await;
        if stored.is_err() {
            // Its transaction may be open, and its statements may still run. Nothing else may use it.
            drop(Object::take(client));
        }
        stored
    }

    async fn store_with(
        &self,
        client: &Object,
        split: &Split,
        now: Timestamp,
    ) -> Result<Outcomes, StoreError> {
        let terms = Terms {
            now,
            entities_per_workspace: self.entities_per_workspace,
        };
        let needs = split
            .iter()
            .map(|(workspace, pushes)| (*workspace, Needs::of(pushes)))
            .collect();
        let mut loaded = load(client, &needs).await?;
        let (mut outcomes, mut writes) = (BTreeMap::new(), BTreeMap::new());
        for (workspace, pushes) in split {
            let Some(loaded) = loaded.get_mut(workspace) else {
                let nobody = pushes.iter().map(|_| Ok(Pushed::NotMember)).collect();
                outcomes.insert(*workspace, nobody);
                continue;
            };
            let decisions = loop {
                match decide(pushes, loaded, terms) {
                    Ok(decisions) => break decisions,
                    Err(missing) => load_made(client, *workspace, &missing, loaded).await?,
                }
            };
            if decisions.writes.revision > loaded.head.revision {
                writes.insert(*workspace, decisions.writes);
            }
            outcomes.insert(*workspace, decisions.pushed);
        }
        match writes.is_empty() {
            true => client.batch_execute("COMMIT").await?,
            false => flush(client, &writes, now).await?,
        }
        Ok(outcomes)
    }
}
