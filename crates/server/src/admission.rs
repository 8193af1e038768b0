//! Admission before the database: those who come in wait in a queue of limited length, so that five thousand replicas that
//! come back at once do not hold up the pushes of those who are there.
//!
//! ```text
//! enter ─► the queue is short: wait for a turn ─► turn
//!      └─► it is long: come back after … ─► (a moment of its own, when the queue has come so far)
//! ```
//! Invariant: the queue's length is measured in time, by how long turns have lately taken. Whoever finds it too long gets the
//! next moment behind all others who were sent away, so they come back one after the other, as fast as the server takes them.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::random;

/// Nobody is told to come back sooner, or later, than this.
const SOONEST: Duration = Duration::from_millis(250);
const LATEST: Duration = Duration::from_secs(60);
/// What a turn is taken to last before any has been measured.
const GUESS: Duration = Duration::from_millis(1);

#[derive(Debug)]
pub(crate) struct Queue {
    turns: Semaphore,
    width: u32,
    /// How long somebody may have to wait.
    patience: Duration,
    waiting: AtomicUsize,
    /// How long a turn lasts, on average, of late.
    mean_us: AtomicU64,
    /// The moment that the last one who was sent away was told to come back.
    booked: Mutex<Option<Instant>>,
}

/// A turn; it lasts until this is dropped.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    queue: &'a Queue,
    began: Instant,
    _permit: Option<SemaphorePermit<'a>>,
}

/// Somebody in the queue, until it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let took = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        // Two at once may lose one measurement, which does no harm.
        let mean = self.queue.mean_us.load(Ordering::Relaxed);
        let mean = mean.saturating_mul(15).saturating_add(took) / 16;
        self.queue.mean_us.store(mean, Ordering::Relaxed);
    }
}

impl Queue {
    /// `width` have a turn at once.
    pub(crate) fn new(width: usize, patience: Duration) -> Self {
        let width = width.clamp(1, 1_024);
        Self {
            turns: Semaphore::new(width),
            width: u32::try_from(width).unwrap_or(1),
            patience,
            waiting: AtomicUsize::new(0),
            mean_us: AtomicU64::new(u64::try_from(GUESS.as_micros()).unwrap_or(1)),
            booked: Mutex::new(None),
        }
    }

    /// Waits for a turn; or says when to come back, because too many wait.
    pub(crate) async fn enter(&self) -> Result<Turn<'_>, Duration> {
        let ahead = self.time_for(self.waiting.load(Ordering::Relaxed));
        if ahead > self.patience {
            return Err(self.book(ahead));
        }
        Ok(self.wait().await)
    }

    /// Waits for a turn, however long it takes: for those whom the server already knows.
    pub(crate) async fn wait(&self) -> Turn<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let waiting = Waiting(&self.waiting);
        // The semaphore is never closed.
        let permit = self.turns.acquire().await.ok();
        drop(waiting);
        Turn {
            queue: self,
            began: Instant::now(),
            _permit: permit,
        }
    }

    /// How long it takes until so many have had a turn.
    fn time_for(&self, count: usize) -> Duration {
        let mean = Duration::from_micros(self.mean_us.load(Ordering::Relaxed));
        mean.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX)) / self.width
    }

    /// A moment to come back: behind the queue, and behind all who were sent away before.
    fn book(&self, ahead: Duration) -> Duration {
        let now = Instant::now();
        let step = self.time_for(1);
        let mut booked = self.booked.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = booked.map_or(now, |booked| booked.max(now)).max(now + ahead) + step;
        let after = behind - now;
        // Behind the latest moment there is no order any more, only chance.
        let after = match after > LATEST {
            true => LATEST / 2 + LATEST.mul_f64(f64::from(random::number() % 1_000) / 2_000.0),
            false => {
                *booked = Some(behind);
                after
            }
        };
        after.max(SOONEST)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::time::{advance, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_short_queue_lets_everybody_in() {
        let queue = Arc::new(Queue::new(2, Duration::from_secs(1)));
        let mut tasks = Vec::new();
        for _ in 0..100 {
            let queue = Arc::clone(&queue);
            tasks.push(tokio::spawn(async move {
                let turn = queue.enter().await.unwrap();
                sleep(Duration::from_millis(1)).await;
                drop(turn);
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(queue.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_are_sent_away_come_back_one_after_the_other() {
        let queue = Arc::new(Queue::new(1, Duration::from_secs(1)));
        // A turn has lately taken 10 ms.
        for _ in 0..200 {
            let turn = queue.enter().await.unwrap();
            advance(Duration::from_millis(10)).await;
            drop(turn);
        }
        let held = queue.wait().await;
        for _ in 0..500 {
            let queue = Arc::clone(&queue);
            tokio::spawn(async move { drop(queue.enter().await) });
        }
        while queue.waiting.load(Ordering::Relaxed) <= 100 {
            tokio::task::yield_now().await;
        }
        let mut waits = Vec::new();
        for _ in 0..1_000 {
            waits.push(queue.enter().await.unwrap_err());
        }
        assert!(
            waits.windows(2).all(|pair| pair[0] < pair[1]),
            "each later than the one before"
        );
        let (first, last) = (waits[0], waits[999]);
        assert!(first >= Duration::from_secs(1), "{first:?}");
        let spread = last - first;
        assert!(
            spread > Duration::from_secs(8) && spread < Duration::from_secs(12),
            "{spread:?}"
        );
        drop(held);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_sent_away_for_hours_and_those_who_are_known_only_wait() {
        let queue = Queue::new(1, Duration::ZERO);
        let held = queue.wait().await;
        let known = queue.wait();
        tokio::pin!(known);
        tokio::select! {
            biased;
            _ = &mut known => panic!("there is one turn"),
            () = std::future::ready(()) => {}
        }
        for _ in 0..100_000 {
            let wait = queue.enter().await.unwrap_err();
            assert!(wait >= SOONEST && wait <= LATEST, "{wait:?}");
        }
        drop(held);
        drop(known.await);
    }
}
