//! The one writer: a thread that owns the writing connection and commits in groups.
//!
//! ```text
//! take one command (wait) ─► take what else has queued up
//!   ─► jobs:   BEGIN ─► each in its own SAVEPOINT ─► COMMIT (durable) ─► answer
//!   ─► pushes: BEGIN ─► by workspace: load ─► decide in memory ─► flush ─► COMMIT (durable) ─► publish ─► again
//! ```
//! No command waits for others to join it: an idle writer commits at once, and a busy writer finds a group waiting.
//! A command that fails is rolled back alone: a job by its savepoint, and the pushes of a workspace because the group is
//! begun again, with each workspace in a transaction of its own. If a group cannot be committed, none of its commands
//! has any effect.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use tsugi_sync::ids::WorkspaceId;

use super::flush::flush;
use super::known::Known;
use super::load::{load, load_made};
use crate::clock::Clock;
use crate::config::Limits;
use crate::events::EventProcessor;
use crate::metrics;
use crate::store::StoreError;
use crate::store::decide::{Pushed, Terms, decide, panicked};
use crate::store::group::{PushGroup, Split, by_workspace, fail};
use crate::store::needs::Needs;
use crate::store::push::Push;

pub(crate) enum Command {
    Push(Box<Push>),
    Job(Job),
    /// Commit the commands that came before, checkpoint, and end.
    Stop(oneshot::Sender<()>),
}

/// A write that is not a push: account, sign-in, membership.
pub(crate) struct Job {
    run: Box<dyn FnOnce(&Connection) -> Done + Send>,
    /// It changes something of which the writer keeps a memory.
    forgets: bool,
}

/// A job that has run: whether to keep what it wrote, and what to do when the group's fate is known.
struct Done {
    keep: bool,
    answer: Box<dyn FnOnce(Committed) + Send>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Committed {
    Yes,
    No,
}

impl Job {
    /// `then` runs right after the commit, in the writer, before anything of the group is published.
    pub(crate) fn new<T: Send + 'static>(
        job: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
        answer: oneshot::Sender<Result<T, StoreError>>,
    ) -> Self {
        let run = move |connection: &Connection| {
            let result = job(connection);
            Done {
                keep: result.is_ok(),
                answer: Box::new(move |committed| {
                    let result = match committed {
                        Committed::Yes => result,
                        Committed::No => Err(StoreError::NotCommitted),
                    };
                    if let Ok(done) = &result {
                        then(done);
                    }
                    // The caller may not wait any more. The written rows stay.
                    drop(answer.send(result));
                }),
            }
        };
        Self {
            run: Box::new(run),
            forgets: false,
        }
    }

    /// The same for a job that changes rights, entities or the history, of which the writer keeps a memory.
    pub(crate) fn that_forgets(self) -> Self {
        Self {
            forgets: true,
            ..self
        }
    }
}

#[derive(Debug)]
pub(crate) struct Writer {
    commands: mpsc::Sender<Command>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// The last group could not be committed.
    failed: Arc<AtomicBool>,
}

impl Writer {
    pub(crate) fn start(
        connection: Connection,
        events: Arc<EventProcessor>,
        clock: Arc<dyn Clock>,
        limits: &Limits,
    ) -> std::io::Result<Self> {
        let (commands, queue) = mpsc::channel(limits.writer_queue);
        let failed = Arc::new(AtomicBool::new(false));
        let mut work = Work {
            failed: Arc::clone(&failed),
            connection,
            known: Known::default(),
            events,
            clock,
            group_commands: limits.group_commands,
            group_bytes: limits.group_bytes,
            entities_per_workspace: limits.entities_per_workspace,
        };
        let thread = std::thread::Builder::new()
            .name("tsugi-writer".into())
            .spawn(move || work.run(queue))?;
        Ok(Self {
            commands,
            thread: Mutex::new(Some(thread)),
            failed,
        })
    }

    /// Whether the last group could not be committed.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    pub(crate) async fn send(&self, command: Command) -> Result<(), StoreError> {
        self.commands.send(command).await.map_err(|_| StoreError::Closed)
    }

    pub(crate) async fn close(&self) {
        let (done, ended) = oneshot::channel();
        if self.commands.send(Command::Stop(done)).await.is_ok() && ended.await.is_err() {
            tracing::error!("the writer ended without a checkpoint");
        }
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && tokio::task::spawn_blocking(move || thread.join()).await.is_err()
        {
            tracing::error!("the writer did not end");
        }
    }
}

struct Work {
    connection: Connection,
    known: Known,
    failed: Arc<AtomicBool>,
    events: Arc<EventProcessor>,
    clock: Arc<dyn Clock>,
    group_commands: usize,
    group_bytes: usize,
    entities_per_workspace: u64,
}

impl Work {
    fn run(&mut self, mut queue: mpsc::Receiver<Command>) {
        while let Some(first) = queue.blocking_recv() {
            let (mut jobs, mut pushes) = (Vec::new(), Vec::new());
            let mut bytes = 0;
            let mut next = Some(first);
            let mut stop = None;
            while let Some(command) = next.take() {
                match command {
                    Command::Stop(done) => stop = Some(done),
                    Command::Push(push) => {
                        bytes += push.bytes;
                        pushes.push(*push);
                    }
                    Command::Job(job) => jobs.push(job),
                }
                let count = jobs.len() + pushes.len();
                if stop.is_none() && count < self.group_commands && bytes < self.group_bytes {
                    next = queue.try_recv().ok();
                }
            }
            // The jobs come first, so that sessions hear that a right was taken away before they hear of pushes.
            if !jobs.is_empty() {
                self.commit_jobs(jobs);
            }
            if !pushes.is_empty() {
                self.commit_pushes(pushes);
            }
            if let Some(done) = stop {
                if let Err(error) = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
                    tracing::error!(%error, "no checkpoint at the end; the log is read at the next start");
                }
                if done.send(()).is_err() {
                    tracing::debug!("nobody waits for the writer's end");
                }
                return;
            }
        }
    }

    fn commit_jobs(&mut self, jobs: Vec<Job>) {
        let started = Instant::now();
        let size = jobs.len();
        let mut answers = Vec::new();
        if jobs.iter().any(|job| job.forgets) {
            self.known.forget();
        }
        // Some errors, such as a full disk, end the whole transaction. Then the rest of the group has no
        // transaction to run in.
        let began = self.begin();
        for job in jobs {
            if began.is_ok() && !self.connection.is_autocommit() {
                answers.push(run_job(&self.connection, job));
            }
            // Else it is dropped here, which wakes the request that waits, with an error.
        }
        let committed = match began.and_then(|()| self.end()) {
            Ok(()) => Committed::Yes,
            Err(error) => {
                tracing::error!(%error, commands = size, "a group could not be committed");
                Committed::No
            }
        };
        self.failed.store(committed == Committed::No, Ordering::Relaxed);
        metrics::commit(started.elapsed(), size);
        for answer in answers {
            answer(committed);
        }
    }

    fn commit_pushes(&mut self, pushes: Vec<Push>) {
        let split = by_workspace(pushes);
        match self.try_pushes(split) {
            Ok(()) => {}
            Err((split, Trouble::Group)) => fail(split, &self.events),
            // One workspace is in trouble. The others need not share it.
            Err((split, Trouble::Workspace)) => {
                for (workspace, pushes) in split {
                    if let Err((split, _)) = self.try_pushes([(workspace, pushes)].into()) {
                        fail(split, &self.events);
                    }
                }
            }
        }
    }

    /// Commits and publishes the pushes of these workspaces. If that fails, nothing has happened, and they are given
    /// back.
    fn try_pushes(&mut self, split: Split) -> Result<(), (Split, Trouble)> {
        let started = Instant::now();
        let now = self.clock.now();
        let terms = Terms {
            now,
            entities_per_workspace: self.entities_per_workspace,
        };
        let mut decided = Vec::with_capacity(split.len());
        let mut trouble = self
            .begin()
            .map_err(|error| (Trouble::Group, StoreError::from(error)));
        if trouble.is_ok() {
            for (workspace, pushes) in &split {
                let (connection, known) = (&self.connection, &mut self.known);
                let round = AssertUnwindSafe(|| push_round(connection, known, *workspace, pushes, terms));
                match catch_unwind(round).unwrap_or_else(|panic| Err(panicked(panic.as_ref()))) {
                    Ok(pushed) => decided.push(pushed),
                    Err(error) => {
                        let of = if self.connection.is_autocommit() {
                            Trouble::Group
                        } else {
                            Trouble::Workspace
                        };
                        trouble = Err((of, error));
                        break;
                    }
                }
            }
        }
        let ended = trouble.and_then(|()| self.end().map_err(|error| (Trouble::Group, error.into())));
        let size = split.values().map(Vec::len).sum();
        metrics::commit(started.elapsed(), size);
        if let Err((trouble, error)) = ended {
            self.roll_back();
            self.known.forget();
            tracing::error!(%error, commands = size, "a group could not be committed");
            self.failed.store(trouble == Trouble::Group, Ordering::Relaxed);
            return Err((split, trouble));
        }
        self.failed.store(false, Ordering::Relaxed);
        let mut group = PushGroup::new(now);
        for (push, pushed) in split.into_values().flatten().zip(decided.into_iter().flatten()) {
            group.settle(push, pushed);
        }
        group.publish(&self.events);
        Ok(())
    }

    fn begin(&self) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("BEGIN IMMEDIATE")?
            .execute([])
            .map(drop)
    }

    /// Commits. If that fails, nothing of the transaction stays.
    fn end(&self) -> rusqlite::Result<()> {
        let committed = self
            .connection
            .prepare_cached("COMMIT")
            .and_then(|mut commit| commit.execute([]));
        if committed.is_err() {
            self.roll_back();
        }
        committed.map(drop)
    }

    fn roll_back(&self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }
}

/// How far a failure reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Workspace,
    Group,
}

/// Decides on the pushes to one workspace, and writes what takes effect.
fn push_round(
    connection: &Connection,
    known: &mut Known,
    workspace: WorkspaceId,
    pushes: &[Push],
    terms: Terms,
) -> Result<Vec<Result<Pushed, StoreError>>, StoreError> {
    let Some((mut loaded, mut ids)) = load(connection, known, workspace, &Needs::of(pushes))? else {
        return Ok(pushes.iter().map(|_| Ok(Pushed::NotMember)).collect());
    };
    loop {
        match decide(pushes, &loaded, terms) {
            Err(missing) => load_made(connection, ids.workspace, &missing, &mut loaded)?,
            Ok(decisions) => {
                if decisions.writes.revision > loaded.head.revision {
                    flush(connection, &mut ids, &decisions.writes, terms.now)?;
                    known.learn_writes(workspace, &ids, &decisions);
                }
                return Ok(decisions.pushed);
            }
        }
    }
}

fn run_job(connection: &Connection, job: Job) -> Box<dyn FnOnce(Committed) + Send> {
    let mut done = None;
    let saved = in_savepoint(connection, |connection| {
        let ran = (job.run)(connection);
        let keep = ran.keep;
        done = Some(ran);
        match keep {
            true => Ok(()),
            // The job's own error travels in its answer; this one only rolls the savepoint back.
            false => Err(StoreError::NotCommitted),
        }
    });
    match done {
        Some(done) if saved.is_ok() => done.answer,
        // The job answers with its own error, whether the group is committed or not.
        Some(done) if !done.keep => Box::new(move |_| (done.answer)(Committed::Yes)),
        Some(done) => Box::new(move |_| (done.answer)(Committed::No)),
        // It panicked. Dropping its answer wakes the request that waits, with an error.
        None => Box::new(|_| {}),
    }
}

/// Runs `work`. If it fails, even by a panic, only its own writes are undone.
fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.prepare_cached("SAVEPOINT command")?.execute([])?;
    let result = catch_unwind(AssertUnwindSafe(|| work(connection)))
        .unwrap_or_else(|panic| Err(panicked(panic.as_ref())));
    if result.is_err() {
        connection.prepare_cached("ROLLBACK TO command")?.execute([])?;
    }
    connection.prepare_cached("RELEASE command")?.execute([])?;
    result
}
