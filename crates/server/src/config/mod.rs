//! What a server is told: where it keeps its data, whom it lets in, and every limit it holds people to.

mod limits;
mod settings;
mod sources;

use std::path::PathBuf;
use std::time::Duration;

pub use limits::Limits;
pub use sources::{HELP, Invocation, UsageError, invocation};

use crate::origin::Origin;
use crate::proxies::TrustedProxies;
use crate::secret::Secret;

/// Bytes of one entity's fields, as JSON: what keeps every entity within one frame.
pub const ENTITY_BYTES: usize = 256 * 1024;

/// Days for which the protocol promises that a mutation sent again is known again, and that a deletion is told.
pub const RETENTION_DAYS: u32 = 180;

#[derive(Clone, Debug)]
pub struct Config {
    /// Where the database and, unless one is given, the secret are kept.
    pub data: PathBuf,
    /// What is served beside the API: the browser client.
    pub static_dir: Option<PathBuf>,
    /// Origins besides the server's own that may use the API from a browser.
    pub allow_origins: Vec<Origin>,
    /// Proxies whose word for an address is taken.
    pub trusted_proxies: TrustedProxies,
    /// The server is reached over TLS only, which a proxy ends.
    pub https: bool,
    /// Who has it may read `/metrics` from anywhere; without one, only this machine may.
    pub metrics_token: Option<Secret>,
    /// What tokens are signed with; none: the one kept in the data directory, made when there is none.
    pub secret: Option<Secret>,
    pub limits: Limits,
}

impl Config {
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            static_dir: None,
            allow_origins: Vec::new(),
            trusted_proxies: TrustedProxies::default(),
            https: false,
            metrics_token: None,
            secret: None,
            limits: Limits::default(),
        }
    }
}

fn days(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 24 * 60 * 60)
}
