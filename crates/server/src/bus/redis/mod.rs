//! Hints by Redis, one server or a cluster, over its sharded channels (Redis 7).
//!
//! ```text
//! commit ─► outbox ─► publisher ══► Redis ══► subscriber ─► listener
//!                                        join, leave ─► asks ─┘   probe: to oneself, each 5 s ─► health
//! ```
//! Invariants: Redis that is lost, slow, stopped or failed over makes hints late or loses them, and does nothing else. What
//! this instance wants is its own list. Every command has a deadline, and at most 16 are in flight on a connection.

mod asks;
mod health;
mod link;
mod nodes;
mod outbox;
mod publisher;
mod subscriber;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};
use tsugi_sync::ids::WorkspaceId;
use uuid::Uuid;

pub use nodes::{Nodes, NodesError};

use super::{Bus, Health, Hint, Listener, Running, channel};
use crate::metrics;
use crate::random;
use crate::seldom::Seldom;
use asks::Asks;
use health::Probes;
use link::LinkError;
use outbox::Outbox;

static NOT_CONNECTED: Seldom = Seldom::new();

/// The deadlines of the bus. They are others only in tests.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// The time for one answer of Redis.
    pub answer: Duration,
    pub probe_every: Duration,
    /// A connection that has heard nothing for this long, not even probes, is built anew.
    pub give_up: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(1),
            probe_every: Duration::from_secs(5),
            give_up: Duration::from_secs(12),
        }
    }
}

#[derive(Debug)]
pub struct RedisBus {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    nodes: Nodes,
    instance: Uuid,
    own_channel: String,
    timing: Timing,
    outbox: Outbox,
    asks: Mutex<Asks>,
    /// There is something new to ask.
    asked: Notify,
    probes: Probes,
    health: watch::Sender<Health>,
}

impl RedisBus {
    /// Connects to nothing yet; `run` does.
    #[must_use]
    pub fn new(nodes: Nodes, instance: Uuid, timing: Timing) -> Self {
        let now = Instant::now();
        let own_channel = channel::of_instance(instance);
        let mut asks = Asks::default();
        asks.join(own_channel.clone(), now);
        Self {
            shared: Arc::new(Shared {
                nodes,
                instance,
                own_channel,
                timing,
                outbox: Outbox::default(),
                asks: Mutex::new(asks),
                asked: Notify::new(),
                probes: Probes::new(now),
                health: watch::Sender::new(Health::Unhealthy),
            }),
        }
    }
}

impl Bus for RedisBus {
    fn join(&self, workspace: WorkspaceId) {
        let name = channel::of_changes(workspace);
        self.shared.asks().join(name, Instant::now());
        self.shared.asked.notify_one();
    }

    fn leave(&self, workspace: WorkspaceId) {
        self.shared.asks().leave(&channel::of_changes(workspace));
        self.shared.asked.notify_one();
    }

    fn send(&self, hint: Hint) {
        self.shared.outbox.put(hint);
    }

    fn health(&self) -> watch::Receiver<Health> {
        self.shared.health.subscribe()
    }

    fn run(self: Arc<Self>, listener: Arc<dyn Listener>) -> Running {
        let publisher = publisher::run(Arc::clone(&self.shared), Arc::clone(&listener));
        let subscriber = subscriber::run(Arc::clone(&self.shared), listener);
        Box::pin(async move {
            tokio::join!(publisher, subscriber);
        })
    }
}

impl Shared {
    fn asks(&self) -> MutexGuard<'_, Asks> {
        self.asks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_held(&self, name: &str) -> bool {
        self.asks().is_held(name)
    }

    /// Redis does not hold this channel, as far as is known. Asks for it again if it is wanted.
    fn lost(&self, name: &str, why: &'static str) {
        if self.asks().lost(name, Instant::now()) {
            metrics::bus_asked(why, 1);
            self.asked.notify_one();
        }
    }

    /// Sends a probe if it is time, and says how the bus is if that is new.
    fn look_at_health(&self, now: Instant) {
        let missing = self.asks().missing_for(now);
        let (health, is_due) = self.probes.look(now, missing, self.timing);
        if is_due {
            self.outbox.probe();
        }
        let is_new = self.health.send_if_modified(|known| {
            let is_new = *known != health;
            *known = health;
            is_new
        });
        if is_new && health == Health::Healthy {
            tracing::info!("Redis carries hints");
        } else if is_new {
            tracing::warn!("hints may be lost: Redis does not bring back what this instance sent to itself");
        }
    }
}

/// The pauses between two connections: short at first, longer while there is none, and never the same for all
/// instances.
#[derive(Debug, Default)]
struct Wait {
    failures: u32,
}

impl Wait {
    /// A connection ended after this time.
    fn lived(&mut self, time: Duration) {
        self.failures = if time > Duration::from_secs(10) {
            0
        } else {
            self.failures + 1
        };
    }

    fn failed(&mut self, error: &LinkError) {
        self.failures += 1;
        if let Some(count) = NOT_CONNECTED.count(Instant::now()) {
            tracing::warn!(%error, count, "no connection to Redis; it is tried again");
        }
    }

    async fn pause(&self) {
        let longest = 50 << self.failures.min(5);
        sleep(Duration::from_millis(
            longest / 2 + u64::from(random::number()) % longest,
        ))
        .await;
    }
}
