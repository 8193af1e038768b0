//! The other instances, as this one knows them: it says each few seconds that it lives, and reads who else does.
//!
//! Invariants: an instance is known to others before it accepts connections. One that has said nothing for
//! [`SILENT`] counts as gone. However many unknown names strangers invent, the store is read a few times a second.
//!
//! Left out: choosing a leader, and moving sessions. A session that loses its instance begins anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use uuid::Uuid;

use crate::instance::{Instance, InstanceName};
use crate::seldom::Seldom;
use crate::store::{Store, StoreError};

const HEARTBEAT: Duration = Duration::from_secs(5);
/// After this time without a heartbeat an instance counts as gone.
pub(crate) const SILENT: Duration = Duration::from_secs(30);
/// The least time between two looks for names that are not known.
const LOOK: Duration = Duration::from_millis(250);
/// How long the store may take.
const PATIENCE: Duration = Duration::from_secs(5);

static NOT_SAID: Seldom = Seldom::new();
static TWICE: Seldom = Seldom::new();

#[derive(Debug)]
pub(crate) struct Neighbours {
    pub(crate) name: InstanceName,
    /// This run of the process.
    pub(crate) run: Uuid,
    known: Mutex<HashMap<InstanceName, Instance>>,
    /// When the store was last asked for names that are not known.
    looked: tokio::sync::Mutex<Option<Instant>>,
}

impl Neighbours {
    pub(crate) fn new(name: Option<InstanceName>, run: Uuid) -> Self {
        Self {
            name: name.unwrap_or_else(|| InstanceName::of_run(run)),
            run,
            known: Mutex::default(),
            looked: tokio::sync::Mutex::default(),
        }
    }

    /// Says that this instance lives, at this address. Another process of this name may have ended just before.
    pub(crate) async fn enter(&self, store: &Store, address: &str) {
        self.beat(store, address).await;
    }

    async fn beat(&self, store: &Store, address: &str) -> bool {
        let own = Instance {
            name: self.name.clone(),
            run: self.run,
            address: address.to_owned(),
        };
        match timeout(PATIENCE, store.heartbeat(&own, SILENT)).await {
            Ok(Ok(living)) => return self.learn(living),
            Ok(Err(error)) => not_said(&error.to_string()),
            Err(_) => not_said("the store does not answer"),
        }
        false
    }

    /// Says it again and again, until the future is dropped.
    pub(crate) async fn stay(&self, store: &Store, address: &str) {
        let mut beats = interval(HEARTBEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beats.tick().await;
        loop {
            beats.tick().await;
            let has_double = self.beat(store, address).await;
            if has_double && let Some(count) = TWICE.count(Instant::now()) {
                tracing::warn!(name = %self.name, count, "another instance has this name too: give each its own --instance");
            }
        }
    }

    /// Tells the others that this instance has ended.
    pub(crate) async fn leave(&self, store: &Store) {
        match timeout(PATIENCE, store.forget_instance(&self.name, self.run)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => not_said(&error.to_string()),
            Err(_) => not_said("the store does not answer"),
        }
    }

    /// The other instance of this name, if it lives.
    pub(crate) async fn find(
        &self,
        store: &Store,
        name: &InstanceName,
    ) -> Result<Option<Instance>, StoreError> {
        if *name == self.name {
            return Ok(None);
        }
        let asked = Instant::now();
        if let Some(known) = self.known_as(name) {
            return Ok(Some(known));
        }
        // Those who wait here share one look.
        let mut looked = self.looked.lock().await;
        if looked.is_none_or(|looked| looked < asked) {
            if let Some(looked) = *looked {
                sleep_until(looked + LOOK).await;
            }
            *looked = Some(Instant::now());
            self.learn(store.instances(SILENT).await?);
        }
        Ok(self.known_as(name))
    }

    fn known_as(&self, name: &InstanceName) -> Option<Instance> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(name).cloned()
    }

    /// Keeps who lives. Answers whether another process has this name.
    fn learn(&self, living: Vec<Instance>) -> bool {
        let has_double = living
            .iter()
            .any(|other| other.name == self.name && other.run != self.run);
        let living = living.into_iter().map(|other| (other.name.clone(), other));
        let living = living.collect();
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = living;
        has_double
    }
}

fn not_said(error: &str) {
    if let Some(count) = NOT_SAID.count(Instant::now()) {
        tracing::warn!(
            error,
            count,
            "the other instances could not be told of this one; it is tried again"
        );
    }
}
