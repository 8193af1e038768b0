//! One workspace with a thousand sockets: changes of one of them, told to all others.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{Figures, cpu};
use crate::account::Account;
use crate::client::Client;
use crate::content::Patch;
use crate::options::Scale;
use crate::servers::{Kind, Server, Stable};
use crate::speech::Task;
use crate::wire::PATIENCE;
use crate::{Outcome, Wrong};

/// Changes that wait for an answer at once, each of another task.
const IN_FLIGHT: usize = 64;

/// What all listeners together were told.
#[derive(Default)]
struct Told {
    changes: AtomicUsize,
    /// As many as are waited for.
    wanted: AtomicUsize,
    enough: Notify,
}

impl Told {
    fn add(&self, changes: usize) {
        let now = self.changes.fetch_add(changes, Ordering::Relaxed) + changes;
        if now >= self.wanted.load(Ordering::Relaxed) {
            self.enough.notify_one();
        }
    }

    async fn reach(&self, wanted: usize) -> Outcome {
        self.wanted.store(wanted, Ordering::Relaxed);
        while self.changes.load(Ordering::Relaxed) < wanted {
            let reached = timeout(PATIENCE, self.enough.notified()).await;
            reached.map_err(|_| "not everybody was told")?;
        }
        match self.changes.load(Ordering::Relaxed) == wanted {
            true => Ok(()),
            false => Err("somebody was told twice".into()),
        }
    }
}

pub(super) async fn measure(stable: &Stable, kind: Kind, scale: Scale) -> Outcome<Figures> {
    let server = stable.start(kind).await?;
    let account = Account::new(&server).await?;
    let mut writer = Client::live(&server, &account).await?;
    let mut tasks = writer.seed(IN_FLIGHT).await?;
    let told = Arc::new(Told::default());
    let mut hearing = JoinSet::new();
    for _ in 0..scale.listeners {
        let listener = Client::live(&server, &account).await?;
        hearing.spawn(hear(listener, Arc::clone(&told)));
    }
    let both = async {
        let mut figures = one_by_one(&server, &mut writer, &mut tasks[0], &told, scale).await?;
        figures.extend(in_flight(&server, &mut writer, &mut tasks, &told, scale).await?);
        Ok(figures)
    };
    tokio::select! {
        figures = both => figures,
        Some(lost) = hearing.join_next() => Err(lost?),
    }
}

/// Listens until something is wrong.
async fn hear(mut listener: Client, told: Arc<Told>) -> Wrong {
    loop {
        let before = listener.told;
        if let Err(wrong) = listener.next().await {
            return wrong;
        }
        told.add(listener.told - before);
    }
}

/// The next change goes when everybody has the one before.
async fn one_by_one(
    server: &Server,
    writer: &mut Client,
    task: &mut Task,
    told: &Told,
    scale: Scale,
) -> Outcome<Figures> {
    let (before, begun) = (server.seconds()?, Instant::now());
    let until = begun + Duration::from_secs_f64(scale.seconds);
    let start = told.changes.load(Ordering::Relaxed);
    let mut changes = 0;
    while Instant::now() < until {
        changes += 1;
        let patch = Patch::title(changes);
        writer.commit(task, &patch).await?;
        told.reach(start + changes * scale.listeners).await?;
    }
    let deliveries = changes * scale.listeners;
    let seconds = begun.elapsed().as_secs_f64();
    let spent = server.seconds()? - before;
    Ok(vec![
        ("fan-out one", deliveries as f64 / seconds),
        ("cpu delivery one", cpu(spent, deliveries)),
    ])
}

/// The writer does not wait for the listeners, only for answers.
async fn in_flight(
    server: &Server,
    writer: &mut Client,
    tasks: &mut [Task],
    told: &Told,
    scale: Scale,
) -> Outcome<Figures> {
    let (before, begun) = (server.seconds()?, Instant::now());
    let until = begun + Duration::from_secs_f64(scale.seconds);
    let start = told.changes.load(Ordering::Relaxed);
    let mut places = HashMap::new();
    let mut free: Vec<usize> = (0..tasks.len()).collect();
    let mut changes = 0;
    while Instant::now() < until || !places.is_empty() {
        while Instant::now() < until
            && let Some(at) = free.pop()
        {
            changes += 1;
            let patch = Patch::title(changes);
            let seq = writer.push(&[(tasks[at], &patch)]).await?;
            places.insert(seq, at);
        }
        for (seq, version) in &writer.next().await?.acks {
            let at = places.remove(seq).ok_or("an answer to nothing")?;
            tasks[at].version = *version;
            free.push(at);
        }
        // Listeners share this thread with the writer.
        tokio::task::yield_now().await;
    }
    let deliveries = changes * scale.listeners;
    told.reach(start + deliveries).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let spent = server.seconds()? - before;
    Ok(vec![
        ("fan-out", deliveries as f64 / seconds),
        ("cpu delivery", cpu(spent, deliveries)),
    ])
}
