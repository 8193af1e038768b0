//! The wall clock as an argument, so that tests can turn it. Deadlines of connections run on tokio's clock; this one
//! dates rows and tokens.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use tsugi_sync::ids::Timestamp;

pub trait Clock: Send + Sync + std::fmt::Debug {
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

/// The machine's clock and an offset that only grows. A test turns it forward.
#[derive(Debug, Default)]
pub struct SkewedClock {
    ahead_ms: AtomicU64,
}

impl SkewedClock {
    pub fn advance(&self, milliseconds: u64) {
        self.ahead_ms.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for SkewedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus(self.ahead_ms.load(Ordering::SeqCst))
    }
}
