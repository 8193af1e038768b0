//! From a push to the frame on another socket, at 100 changes a second.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::{Figures, cpu};
use crate::account::Account;
use crate::client::Client;
use crate::content::Patch;
use crate::options::Scale;
use crate::servers::{Kind, Stable};
use crate::{Outcome, Wrong};

const EVERY: Duration = Duration::from_millis(10);
/// Each task is changed again only long after its last answer.
const TASKS: usize = 50;

/// When the changes were sent that the other has not been told of.
type Sent = Arc<Mutex<HashMap<Uuid, VecDeque<Instant>>>>;

pub(super) async fn measure(stable: &Stable, kind: Kind, scale: Scale) -> Outcome<Figures> {
    let server = stable.start(kind).await?;
    let account = Account::new(&server).await?;
    let mut writer = Client::live(&server, &account).await?;
    let mut tasks = writer.seed(TASKS).await?;
    let listener = Client::live(&server, &account).await?;
    let count = (scale.seconds * 200.0) as usize;
    let sent = Sent::default();
    let hearing = tokio::spawn(hear(listener, count, Arc::clone(&sent)));
    let before = server.seconds()?;
    let mut turns = interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut numbers = HashMap::new();
    let mut done = 0;
    let mut next = 0;
    while done < count {
        tokio::select! {
            _ = turns.tick(), if next < count => {
                let task = tasks[next % TASKS];
                lock(&sent).entry(task.id).or_default().push_back(Instant::now());
                let seq = writer.push(&[(task, &Patch::title(next))]).await?;
                numbers.insert(seq, next % TASKS);
                next += 1;
            }
            news = writer.next() => {
                for (seq, version) in &news?.acks {
                    let at = numbers.remove(seq).ok_or("an answer to nothing")?;
                    tasks[at].version = *version;
                    done += 1;
                }
            }
        }
    }
    let mut times = hearing.await??;
    let spent = server.seconds()? - before;
    times.sort_unstable();
    let share = |share: f64| times[((count as f64 * share) as usize).min(count - 1)].as_secs_f64() * 1_000.0;
    Ok(vec![
        ("latency p50", share(0.50)),
        ("latency p99", share(0.99)),
        ("cpu latency", cpu(spent, count)),
    ])
}

async fn hear(mut listener: Client, count: usize, sent: Sent) -> Result<Vec<Duration>, Wrong> {
    let mut times = Vec::with_capacity(count);
    while times.len() < count {
        let news = listener.next().await?;
        for (entity, _) in &news.told {
            let begun = lock(&sent).get_mut(entity).and_then(VecDeque::pop_front);
            times.push(begun.ok_or("told of a change that nobody made")?.elapsed());
        }
    }
    Ok(times)
}

fn lock(sent: &Sent) -> std::sync::MutexGuard<'_, HashMap<Uuid, VecDeque<Instant>>> {
    sent.lock().unwrap_or_else(PoisonError::into_inner)
}
