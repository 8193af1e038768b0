//! Token buckets: an amount at once, and an amount over time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How many at once, and after how long one more.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub burst: u32,
    pub every: Duration,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    /// Below zero it is a debt.
    left: f64,
    at: Instant,
}

impl Bucket {
    pub(crate) fn full(rate: Rate, now: Instant) -> Self {
        Self {
            left: f64::from(rate.burst),
            at: now,
        }
    }

    /// Takes one; or says how long until there is one.
    pub(crate) fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        self.refill(rate, now);
        if self.left >= 1.0 {
            self.left -= 1.0;
            return Ok(());
        }
        Err(rate.every.mul_f64(1.0 - self.left))
    }

    /// Takes what something has cost, also more than there is; answers how long until nothing is owed.
    fn spend(&mut self, cost: u32, rate: Rate, now: Instant) -> Duration {
        self.refill(rate, now);
        self.left -= f64::from(cost);
        rate.every.mul_f64((-self.left).max(0.0))
    }

    fn give_back(&mut self, rate: Rate) {
        self.left = (self.left + 1.0).min(f64::from(rate.burst));
    }

    fn refill(&mut self, rate: Rate, now: Instant) {
        let passed = now.saturating_duration_since(self.at);
        self.at = now;
        let gained = passed.as_secs_f64() / rate.every.as_secs_f64().max(1e-9);
        self.left = (self.left + gained).min(f64::from(rate.burst));
    }
}

/// A bucket per key, in a map that stays within `capacity`. When it is full, the fullest buckets are forgotten: a
/// forgotten bucket counts as full, so those who took little lose little, and those who took much are not forgiven.
#[derive(Debug)]
pub(crate) struct Limiter<K> {
    rate: Rate,
    capacity: usize,
    buckets: Mutex<HashMap<K, Bucket>>,
}

impl<K: Eq + Hash> Limiter<K> {
    pub(crate) fn new(rate: Rate, capacity: usize) -> Self {
        Self {
            rate,
            capacity: capacity.max(1),
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one; or says how long until there is one.
    pub(crate) fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        self.with(key, now, |bucket| bucket.take(self.rate, now))
    }

    /// Takes what something has cost, also more than there is; answers how long until nothing is owed.
    pub(crate) fn spend(&self, key: K, cost: u32, now: Instant) -> Duration {
        self.with(key, now, |bucket| bucket.spend(cost, self.rate, now))
    }

    /// Gives back one that was taken.
    pub(crate) fn give_back(&self, key: &K) {
        if let Some(bucket) = self.lock().get_mut(key) {
            bucket.give_back(self.rate);
        }
    }

    fn with<T>(&self, key: K, now: Instant, work: impl FnOnce(&mut Bucket) -> T) -> T {
        let mut buckets = self.lock();
        if buckets.len() >= self.capacity && !buckets.contains_key(&key) {
            self.make_room(&mut buckets, now);
        }
        work(buckets.entry(key).or_insert_with(|| Bucket::full(self.rate, now)))
    }

    /// Forgets an eighth of the buckets, the fullest, so that the work is shared by as many new keys.
    fn make_room(&self, buckets: &mut HashMap<K, Bucket>, now: Instant) {
        let mut levels: Vec<f64> = Vec::with_capacity(buckets.len());
        for bucket in buckets.values_mut() {
            bucket.refill(self.rate, now);
            levels.push(bucket.left);
        }
        let mut goes = levels.len().div_ceil(8);
        let (_, least, _) = levels.select_nth_unstable_by(goes - 1, |a, b| b.total_cmp(a));
        let least = *least;
        let full = f64::from(self.rate.burst);
        buckets.retain(|_, bucket| {
            let stays = bucket.left < least || (goes == 0 && bucket.left < full);
            goes = goes.saturating_sub(usize::from(!stays));
            stays
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        burst: 2,
        every: Duration::from_secs(10),
    };

    #[test]
    fn a_burst_and_then_one_by_one() {
        let now = Instant::now();
        let mut bucket = Bucket::full(RATE, now);
        assert!(bucket.take(RATE, now).is_ok());
        assert!(bucket.take(RATE, now).is_ok());
        let wait = bucket.take(RATE, now).unwrap_err();
        assert_eq!(wait, RATE.every);
        assert!(bucket.take(RATE, now + RATE.every).is_ok());
        assert!(bucket.take(RATE, now + RATE.every).is_err());
    }

    #[test]
    fn what_was_given_back_can_be_taken_again() {
        let now = Instant::now();
        let limiter = Limiter::new(RATE, 2);
        assert!(limiter.take(1, now).is_ok());
        assert!(limiter.take(1, now).is_ok());
        limiter.give_back(&1);
        assert!(limiter.take(1, now).is_ok());
        assert!(limiter.take(1, now).is_err());
        limiter.give_back(&2);
        assert!(limiter.take(2, now).is_ok());
        assert!(limiter.take(2, now).is_ok());
        assert!(limiter.take(2, now).is_err(), "there is never more than a burst");
    }

    #[test]
    fn what_is_owed_takes_its_time() {
        let now = Instant::now();
        let limiter = Limiter::new(RATE, 2);
        assert_eq!(limiter.spend(1, 2, now), Duration::ZERO);
        assert_eq!(limiter.spend(1, 3, now), 3 * RATE.every);
        assert_eq!(limiter.spend(1, 0, now + RATE.every), 2 * RATE.every);
        assert_eq!(limiter.spend(1, 0, now + 3 * RATE.every), Duration::ZERO);
    }

    #[test]
    fn a_full_map_forgets_those_who_took_least_and_refuses_nobody_for_it() {
        let now = Instant::now();
        let limiter = Limiter::new(RATE, 8);
        for _ in 0..2 {
            assert!(limiter.take(0, now).is_ok());
        }
        for key in 1..1_000 {
            assert!(limiter.take(key, now).is_ok(), "{key}");
        }
        assert!(limiter.take(0, now).is_err(), "whoever took much is remembered");
        assert!(limiter.lock().len() <= 8);
        let later = now + 3 * RATE.every;
        assert!(limiter.take(1_000, later).is_ok());
        assert!(limiter.lock().len() <= 8);
    }
}
