//! Token buckets: so much at once, so much over time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How much at once, and how often one more.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub burst: u32,
    pub every: Duration,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
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

    fn refill(&mut self, rate: Rate, now: Instant) {
        let passed = now.saturating_duration_since(self.at);
        self.at = now;
        let gained = passed.as_secs_f64() / rate.every.as_secs_f64().max(1e-9);
        self.left = (self.left + gained).min(f64::from(rate.burst));
    }
}

/// A bucket per key, in a map that stays within `capacity`: full buckets are forgotten first, and when none is full a
/// new key has to wait, for whoever fills the map is the one to slow down.
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
            capacity,
            buckets: Mutex::new(HashMap::new()),
        }
    }

    pub(crate) fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= self.capacity && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| {
                bucket.refill(self.rate, now);
                bucket.left < f64::from(self.rate.burst)
            });
            if buckets.len() >= self.capacity {
                return Err(self.rate.every);
            }
        }
        let bucket = buckets.entry(key).or_insert_with(|| Bucket::full(self.rate, now));
        bucket.take(self.rate, now)
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
    fn the_map_stays_within_its_bound() {
        let now = Instant::now();
        let limiter = Limiter::new(RATE, 2);
        assert!(limiter.take(1, now).is_ok());
        assert!(limiter.take(2, now).is_ok());
        assert!(limiter.take(3, now).is_err(), "full of keys that were just used");
        assert!(limiter.take(1, now).is_ok(), "known keys go on");
        let later = now + 3 * RATE.every;
        assert!(
            limiter.take(3, later).is_ok(),
            "those that have rested are forgotten"
        );
    }
}
