//! The application: everything that endpoints and sessions share, built once from its edges.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tsugi_sync::ids::{Timestamp, UserId, WorkspaceId};
use uuid::Uuid;

use crate::about::about;
use crate::admission::Queue;
use crate::attempts::Attempts;
use crate::auth::{AccessTokens, Passwords};
use crate::bus::redis::Timing;
use crate::bus::{InProcess, RedisBus};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::doctor::Finding;
use crate::events::EventProcessor;
use crate::examined::Examined;
use crate::keyring::{Keyring, Keys};
use crate::leaving::Leaving;
use crate::line::Lines;
use crate::metrics::{self, About};
use crate::neighbours::Neighbours;
use crate::open_files;
use crate::places::Places;
use crate::secret::{Secret, SecretError};
use crate::shares::Shares;
use crate::static_files::StaticFiles;
use crate::store::{OpenError, Place, Role, Store, StoreError, Swept};
use crate::tls::{Tls, TlsError};

#[derive(Debug)]
pub struct App {
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) events: Arc<EventProcessor>,
    /// The lines of the sessions that poll.
    pub(crate) lines: Lines,
    pub(crate) store: Store,
    pub(crate) tokens: AccessTokens,
    pub(crate) passwords: Passwords,
    pub(crate) refresh_keys: Keys,
    pub(crate) device_keys: Keys,
    pub(crate) attempts: Attempts,
    pub(crate) work: Shares,
    pub(crate) places: Arc<Places>,
    pub(crate) neighbours: Arc<Neighbours>,
    pub(crate) forward_keys: Keys,
    /// Requests that may be with other instances at once.
    pub(crate) forwards: Semaphore,
    pub(crate) files: Option<StaticFiles>,
    /// None: it speaks plain HTTP.
    pub(crate) tls: Option<Tls>,
    pub(crate) prometheus: PrometheusHandle,
    pub(crate) leaving: Leaving,
    /// True once no connection is taken any more.
    pub(crate) drain: watch::Sender<bool>,
    /// For short reads of sessions that begin.
    pub(crate) arrivals: Queue,
    /// For reading catch-ups. A session keeps its turn until there is room for its frames, because the frames that it has
    /// read are in memory already. So the number of turns bounds how many sessions hold frames without room.
    pub(crate) catch_up_turns: Queue,
    pub(crate) about: About,
    /// The connections for which there was a place when it started.
    pub(crate) places_at_start: usize,
    /// Where it listens, once it does.
    pub(crate) listening: OnceLock<SocketAddr>,
    examined: Examined,
    swept: Mutex<Option<LastSweep>>,
    catch_ups: Semaphore,
}

/// The last time that old changes were looked for.
#[derive(Clone, Debug)]
pub(crate) struct LastSweep {
    pub(crate) at: Timestamp,
    /// None if it failed.
    pub(crate) swept: Option<Swept>,
}

/// Why a server cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error(transparent)]
    Database(#[from] StoreError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(
        "--redis is for several instances of one server, and the embedded database has only one: see --database"
    )]
    RedisAlone,
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("the files to serve: {0}")]
    Files(#[source] std::io::Error),
}

impl App {
    /// Opens everything that `config` names.
    ///
    /// # Errors
    /// When something of it cannot be used.
    pub async fn open(config: Config) -> Result<Arc<Self>, StartError> {
        Self::open_at(config, Arc::new(SystemClock)).await
    }

    /// The same, by another clock.
    ///
    /// # Errors
    /// When something of it cannot be used.
    pub async fn open_at(config: Config, clock: Arc<dyn Clock>) -> Result<Arc<Self>, StartError> {
        // Comes first, so that the measurements of the store's start are recorded.
        let prometheus = metrics::recorder();
        let limits = &config.limits;
        let instance = Uuid::new_v4();
        let events = Arc::new(match (&config.database, &config.redis) {
            (None, None) => EventProcessor::default(),
            (None, Some(_)) => return Err(StartError::RedisAlone),
            // Others may use the same database.
            (Some(_), None) => EventProcessor::among_others(Arc::new(InProcess::default()), instance),
            (Some(_), Some(nodes)) => {
                let bus = RedisBus::new(nodes.clone(), instance, Timing::default());
                EventProcessor::among_others(Arc::new(bus), instance)
            }
        });
        let files = config
            .static_dir
            .as_deref()
            .map(StaticFiles::open)
            .transpose()
            .map_err(StartError::Files)?;
        let tls = config.tls.clone();
        let tls = tls
            .map(|files| Tls::open(files, limits.handshakes, clock.now()))
            .transpose()?;
        let place = match &config.database {
            Some(address) => Place::Postgres(address.as_str()),
            None => Place::Directory(&config.data),
        };
        let store = Store::open(place, Arc::clone(&events), Arc::clone(&clock), limits).await?;
        let secret = match &config.secret {
            Some(secret) => secret.clone(),
            None => match store.shared_secret().await? {
                Some(shared) => shared,
                None => Secret::keep_in(&config.data.join("secret"))?,
            },
        };
        let about = about(&config, instance).await;
        metrics::began(&about);
        let keyring = Keyring::new(secret, config.previous_secret.clone());
        let places = open_files::connections(limits.connections);
        Ok(Arc::new(Self {
            about,
            places_at_start: places,
            listening: OnceLock::new(),
            examined: Examined::default(),
            swept: Mutex::default(),
            tokens: AccessTokens::new(
                keyring.keys_for("tsugi signing 1"),
                limits.key_period,
                limits.access_lifetime,
            ),
            passwords: Passwords::new(limits.hashing, limits.hashing_queue),
            refresh_keys: keyring.keys_for("tsugi refresh 1"),
            device_keys: keyring.keys_for("tsugi device 1"),
            attempts: Attempts::new(limits),
            work: Shares::new(limits.work, limits.rate_keys),
            places: Places::new(places, limits.connections_per_address),
            neighbours: Arc::new(Neighbours::new(config.instance.clone(), instance)),
            forward_keys: keyring.keys_for("tsugi forward 1"),
            forwards: Semaphore::new(limits.forwards),
            leaving: Leaving::default(),
            drain: watch::Sender::new(false),
            arrivals: Queue::new(limits.readers, limits.arrival_patience),
            catch_up_turns: Queue::new(limits.readers, limits.catch_up_patience),
            catch_ups: Semaphore::new(to_kib(limits.catch_up_bytes)),
            clock,
            events,
            lines: Lines::default(),
            store,
            files,
            tls,
            prometheus,
            config,
        }))
    }

    /// Reads again what may be replaced while the server runs: the certificate.
    pub fn reload(&self) {
        match &self.tls {
            Some(tls) => tls.look_again(),
            None => tracing::info!("there is nothing to read again"),
        }
    }

    /// Whether all who come from elsewhere come over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.config.https || self.tls.is_some()
    }

    /// Gives a user a role in a workspace, or takes it away if `role` is none. Open sockets notice at once. Answers
    /// whether both user and workspace exist.
    ///
    /// # Errors
    /// When it could not be stored.
    pub async fn set_role(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        role: Option<Role>,
    ) -> Result<bool, StoreError> {
        self.store.set_role(workspace, user, role).await
    }

    /// Deletes receipts and tombstones that are older than the time for which the protocol promises to keep them,
    /// in all workspaces. [`run`](crate::run) does this by itself now and then.
    ///
    /// # Errors
    /// If it could not be stored. A part may be deleted then.
    pub async fn sweep(&self) -> Result<Swept, StoreError> {
        let limits = &self.config.limits;
        let kept_ms = u64::try_from(limits.retention.as_millis()).unwrap_or(u64::MAX);
        let at = self.clock.now();
        let before = Timestamp(at.0.saturating_sub(kept_ms));
        let result = self.store.sweep(before, limits.sweep_pause).await;
        let swept = result.as_ref().ok().cloned();
        *self.swept.lock().unwrap_or_else(PoisonError::into_inner) = Some(LastSweep { at, swept });
        result
    }

    pub(crate) fn last_sweep(&self) -> Option<LastSweep> {
        self.swept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What `doctor` finds, a minute old at most.
    pub(crate) async fn examined(&self) -> Vec<Finding> {
        let listening = self.listening.get().copied();
        self.examined
            .look(&self.config, listening, self.clock.now())
            .await
    }

    /// Waits until there is memory for frames of `bytes` in all.
    pub(crate) async fn catch_up_room(&self, bytes: usize) -> Option<SemaphorePermit<'_>> {
        let all = to_kib(self.config.limits.catch_up_bytes);
        let part = u32::try_from(to_kib(bytes).min(all)).unwrap_or(u32::MAX);
        // The semaphore is never closed. Without a permit, sending would still be right.
        self.catch_ups.acquire_many(part).await.ok()
    }
}

fn to_kib(bytes: usize) -> usize {
    bytes.div_ceil(1024)
}
