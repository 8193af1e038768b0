//! The configuration of a server: where its data is, whom it lets in, and every limit that it enforces.
//!
//! ```text
//! flags, environment, file ──sources──► values, each with its origin ──settings──► Config
//!                  table: every setting once                    └──print──► a file that can be read again
//! ```

mod database;
mod error;
pub(crate) mod help;
mod limits;
mod nearest;
mod print;
mod settings;
mod sources;
mod table;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

pub use database::{DatabaseAddress, DatabaseAddressError};
pub use error::UsageError;
pub use limits::Limits;
pub(crate) use nearest::nearest;
pub use sources::{Environment, strange_variables};

use crate::bus::redis::Nodes;
use crate::healthcheck::Target;
use crate::instance::InstanceName;
use crate::origin::Origin;
use crate::proxies::TrustedProxies;
use crate::secret::Secret;
use crate::tls::TlsFiles;

pub use tsugi_sync::limits::ENTITY_BYTES;

/// Days for which the protocol promises to recognise a mutation that is sent again, and to send deletions.
pub const RETENTION_DAYS: u32 = 180;

#[derive(Clone, Debug)]
pub struct Config {
    /// Where the database and, unless one is given, the secret are kept.
    pub data: PathBuf,
    /// A PostgreSQL database, in place of the embedded one.
    pub database: Option<DatabaseAddress>,
    /// The files of the browser client, which are served beside the API.
    pub static_dir: Option<PathBuf>,
    /// Origins besides the server's own that may use the API from a browser.
    pub allow_origins: Vec<Origin>,
    /// Proxies that are trusted to name the address of their client.
    pub trusted_proxies: TrustedProxies,
    /// The server is reached over TLS only, which a proxy ends.
    pub https: bool,
    /// The certificate with which the server itself speaks TLS.
    pub tls: Option<TlsFiles>,
    /// Plain HTTP is spoken with everybody, because the network is a closed one.
    pub insecure_http: bool,
    /// The bearer token that opens `/metrics` from anywhere. Without one, only this machine may read them.
    pub metrics_token: Option<Secret>,
    /// The secret that signs tokens. If it is none, the secret in the data directory is used, and created if it is
    /// missing.
    pub secret: Option<Secret>,
    /// A secret that signs nothing, and whose tokens and cookies are accepted: the one before, or the next one.
    pub previous_secret: Option<Secret>,
    /// The Redis that carries hints between the instances of one server. None: there is one instance, or they look
    /// into the store often.
    pub redis: Option<Nodes>,
    /// The files from which secrets were read.
    pub secret_files: Vec<PathBuf>,
    /// Every connection, request and message is logged.
    pub access_log: bool,
    /// That log shows whole addresses.
    pub access_log_addresses: bool,
    /// The name of this instance, in the names of polling sessions. None: a new one at each start.
    pub instance: Option<InstanceName>,
    /// Where other instances reach this one. None: where it listens.
    pub internal_address: Option<String>,
    pub limits: Limits,
}

impl Config {
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            database: None,
            static_dir: None,
            allow_origins: Vec::new(),
            trusted_proxies: TrustedProxies::default(),
            https: false,
            tls: None,
            insecure_http: false,
            metrics_token: None,
            secret: None,
            previous_secret: None,
            redis: None,
            secret_files: Vec::new(),
            access_log: false,
            access_log_addresses: false,
            instance: None,
            internal_address: None,
            limits: Limits::default(),
        }
    }

    /// Whether any proxy is trusted.
    #[must_use]
    pub fn knows_proxies(&self) -> bool {
        !self.trusted_proxies.is_empty()
    }
}

/// Where to listen, and everything else, from the arguments (without the program's name) and the environment.
///
/// # Errors
/// When they do not say what to do.
pub fn read(
    args: impl IntoIterator<Item = String>,
    env: &Environment,
) -> Result<(String, Config), UsageError> {
    sources::settings(&sources::read(args, env)?)?.finish(env)
}

/// Where the server of these settings is asked whether it is ready; the server need not be able to start with them.
///
/// # Errors
/// When they do not name an address with a port.
pub fn health_target(
    args: impl IntoIterator<Item = String>,
    env: &Environment,
) -> Result<Target, UsageError> {
    let settings = sources::settings(&sources::read(args, env)?)?;
    let listen = settings.listen.filter(|listen| !listen.ends_with(":0"));
    let listen = listen.ok_or(UsageError::Missing("--url or --listen", "TSUGI_LISTEN"))?;
    Ok(Target::listening(&listen, settings.tls_cert.is_some()))
}

/// Where the data of the server with these settings are: in its directory, and in its database, if it has one. The server
/// need not be able to start with them.
///
/// # Errors
/// When they name nothing, or something that cannot be read.
pub fn data_places(
    args: impl IntoIterator<Item = String>,
    env: &Environment,
) -> Result<(Option<PathBuf>, Option<DatabaseAddress>), UsageError> {
    sources::settings(&sources::read(args, env)?)?.data_places()
}

/// The settings in effect, as a file that can be read again, each with the place it comes from.
///
/// # Errors
/// When the server could not start with them.
pub fn print(args: impl IntoIterator<Item = String>, env: &Environment) -> Result<String, UsageError> {
    let values = sources::read(args, env)?;
    let text = print::print(&values, env)?;
    sources::settings(&values)?.finish(env)?;
    Ok(text)
}

fn days(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 24 * 60 * 60)
}
