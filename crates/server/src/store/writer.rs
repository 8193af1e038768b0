//! The one writer: a thread that owns the writing connection and commits in groups.
//!
//! ```text
//! take one command (wait) ─► take what else has queued up ─► BEGIN IMMEDIATE
//!   ─► each command in its own SAVEPOINT ─► COMMIT (durable) ─► publish, answer ─► again
//! ```
//! No command waits for others to join it: an idle writer commits at once, and a busy writer finds a group waiting.
//! A command that fails is rolled back alone. If a group cannot be committed, none of its commands has any effect.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::StoreError;
use super::group::PushGroup;
use super::push::Push;
use crate::clock::Clock;
use crate::config::Limits;
use crate::hub::Hub;
use crate::metrics;

pub(crate) enum Command {
    Push(Box<Push>),
    Job(Job),
    /// Commit the commands that came before, checkpoint, and end.
    Stop(oneshot::Sender<()>),
}

/// A write that is not a push: account, sign-in, membership.
pub(crate) struct Job {
    run: Box<dyn FnOnce(&Connection) -> Done + Send>,
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
        Self { run: Box::new(run) }
    }
}

#[derive(Debug)]
pub(crate) struct Writer {
    commands: mpsc::Sender<Command>,
    /// The room for pushes, in KiB, because a thousand commands are few, but a thousand of the largest frames are a
    /// gigabyte.
    room: Arc<Semaphore>,
    room_kib: u32,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// The last group could not be committed.
    failed: Arc<AtomicBool>,
}

impl Writer {
    pub(crate) fn start(
        connection: Connection,
        hub: Arc<Hub>,
        clock: Arc<dyn Clock>,
        limits: &Limits,
    ) -> std::io::Result<Self> {
        let (commands, queue) = mpsc::channel(limits.writer_queue);
        let failed = Arc::new(AtomicBool::new(false));
        let mut work = Work {
            failed: Arc::clone(&failed),
            connection,
            hub,
            clock,
            group_commands: limits.group_commands,
            group_bytes: limits.group_bytes,
            entities_per_workspace: limits.entities_per_workspace,
        };
        let thread = std::thread::Builder::new()
            .name("tsugi-writer".into())
            .spawn(move || work.run(queue))?;
        let room_kib = kib(limits.writer_queue_bytes);
        Ok(Self {
            commands,
            room: Arc::new(Semaphore::new(room_kib as usize)),
            room_kib,
            thread: Mutex::new(Some(thread)),
            failed,
        })
    }

    /// Waits until there is room for this number of bytes in the writer's queue. A push that is larger than the
    /// whole room waits until all of it is free.
    pub(crate) async fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, StoreError> {
        let part = kib(bytes).min(self.room_kib);
        let room = Arc::clone(&self.room).acquire_many_owned(part).await;
        room.map_err(|_| StoreError::Closed)
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

fn kib(bytes: usize) -> u32 {
    // The semaphore's own bound fits into 32 bits, also on a small machine.
    u32::try_from(bytes.div_ceil(1024).min(Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX)
}

struct Work {
    connection: Connection,
    failed: Arc<AtomicBool>,
    hub: Arc<Hub>,
    clock: Arc<dyn Clock>,
    group_commands: usize,
    group_bytes: usize,
    entities_per_workspace: u64,
}

impl Work {
    fn run(&mut self, mut queue: mpsc::Receiver<Command>) {
        while let Some(first) = queue.blocking_recv() {
            let mut group = Vec::new();
            let mut bytes = 0;
            let mut next = Some(first);
            let mut stop = None;
            while let Some(command) = next.take() {
                match command {
                    Command::Stop(done) => stop = Some(done),
                    Command::Push(push) => {
                        bytes += push.bytes;
                        group.push(Command::Push(push));
                    }
                    Command::Job(job) => group.push(Command::Job(job)),
                }
                if stop.is_none() && group.len() < self.group_commands && bytes < self.group_bytes {
                    next = queue.try_recv().ok();
                }
            }
            if !group.is_empty() {
                self.commit(group);
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

    fn commit(&mut self, group: Vec<Command>) {
        let started = Instant::now();
        let size = group.len();
        let now = self.clock.now();
        let mut pushes = PushGroup::new(now, self.entities_per_workspace);
        let mut answers = Vec::new();
        // Some errors, such as a full disk, end the whole transaction. Then the rest of the group has no
        // transaction to run in.
        let began = self.connection.execute_batch("BEGIN IMMEDIATE");
        for command in group {
            match command {
                Command::Push(push) if began.is_ok() && !self.connection.is_autocommit() => {
                    let result = in_savepoint(&self.connection, |connection| pushes.apply(connection, &push));
                    pushes.settle(*push, result);
                }
                Command::Push(push) => pushes.settle(*push, Err(StoreError::NotCommitted)),
                Command::Job(job) if began.is_ok() && !self.connection.is_autocommit() => {
                    answers.push(run_job(&self.connection, job))
                }
                // Dropping it wakes the request that waits, with an error.
                Command::Job(_) => {}
                Command::Stop(_) => {}
            }
        }
        let committed = match began.and_then(|()| self.connection.execute_batch("COMMIT")) {
            Ok(()) => Committed::Yes,
            Err(error) => {
                tracing::error!(%error, commands = size, "a group could not be committed");
                if !self.connection.is_autocommit()
                    && let Err(error) = self.connection.execute_batch("ROLLBACK")
                {
                    tracing::error!(%error, "nor rolled back");
                }
                Committed::No
            }
        };
        self.failed.store(committed == Committed::No, Ordering::Relaxed);
        metrics::commit(started.elapsed(), size);
        // These come first, so that sessions hear that a right was taken away before they hear of pushes in the
        // same group.
        for answer in answers {
            answer(committed);
        }
        match committed {
            Committed::Yes => pushes.publish(&self.hub),
            Committed::No => pushes.fail(),
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
    let result = catch_unwind(AssertUnwindSafe(|| work(connection))).unwrap_or_else(|panic| {
        tracing::error!(
            panic = panic_text(panic.as_ref()),
            "a write panicked; it is a bug"
        );
        Err(StoreError::NotCommitted)
    });
    if result.is_err() {
        connection.prepare_cached("ROLLBACK TO command")?.execute([])?;
    }
    connection.prepare_cached("RELEASE command")?.execute([])?;
    result
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
