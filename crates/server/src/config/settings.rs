//! The settings, whichever source they come from.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::UsageError;
use super::sources::{Environment, set as set_in};
use super::{Config, DatabaseAddress, RETENTION_DAYS, days};
use crate::bus::redis::Nodes;
use crate::origin::Origin;
use crate::proxies::Proxy;
use crate::secret::Secret;
use crate::tls::TlsFiles;

/// Two checks of a load balancer, and a little more: until then it sends new connections here.
const SHARED_DRAIN_NOTICE: Duration = Duration::from_secs(5);

/// The settings that were given. `table` has a row for each of them.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Settings {
    pub(super) listen: Option<String>,
    pub(super) data: Option<PathBuf>,
    pub(super) database: Option<String>,
    pub(super) database_file: Option<PathBuf>,
    #[serde(rename = "static")]
    pub(super) static_dir: Option<PathBuf>,
    pub(super) allow_origin: Option<Vec<String>>,
    pub(super) trusted_proxies: Option<Vec<String>>,
    pub(super) https: Option<bool>,
    pub(super) tls_cert: Option<PathBuf>,
    pub(super) tls_key: Option<PathBuf>,
    pub(super) insecure_http: Option<bool>,
    pub(super) connections: Option<usize>,
    pub(super) connections_per_address: Option<usize>,
    pub(super) sessions_per_user: Option<usize>,
    pub(super) entities_per_workspace: Option<u64>,
    pub(super) retention_days: Option<u32>,
    pub(super) redis: Option<Vec<String>>,
    pub(super) redis_file: Option<PathBuf>,
    pub(super) access_log: Option<bool>,
    pub(super) access_log_addresses: Option<bool>,
    pub(super) instance: Option<String>,
    pub(super) internal_address: Option<String>,
    pub(super) drain_notice: Option<u64>,
    pub(super) secret_file: Option<PathBuf>,
    pub(super) previous_secret_file: Option<PathBuf>,
    pub(super) metrics_token_file: Option<PathBuf>,
}

impl Settings {
    pub(super) fn data_places(self) -> Result<(Option<PathBuf>, Option<DatabaseAddress>), UsageError> {
        Ok((self.data, database(self.database, self.database_file)?))
    }

    /// Where to listen, and everything else. The secrets may have come from the environment itself.
    pub(super) fn finish(self, env: &Environment) -> Result<(String, Config), UsageError> {
        let data = self.data.ok_or(UsageError::Missing("--data", "TSUGI_DATA"))?;
        let mut config = Config::new(data);
        let files = [
            &self.secret_file,
            &self.previous_secret_file,
            &self.metrics_token_file,
        ];
        config.secret_files = files.into_iter().flatten().cloned().collect();
        config.secret = one_secret("TSUGI_SECRET", env, self.secret_file)?;
        config.previous_secret = one_secret("TSUGI_SECRET_PREVIOUS", env, self.previous_secret_file)?;
        if let (Some(current), Some(previous)) = (&config.secret, &config.previous_secret)
            && current.is_same(previous)
        {
            return Err(UsageError::SameSecret);
        }
        config.metrics_token = one_secret("TSUGI_METRICS_TOKEN", env, self.metrics_token_file)?;
        config.database = database(self.database, self.database_file)?;
        config.static_dir = self.static_dir;
        let origins: Result<Vec<Origin>, _> = parse_all(self.allow_origin);
        config.allow_origins = origins?;
        let proxies: Result<Vec<Proxy>, _> = parse_all(self.trusted_proxies);
        config.trusted_proxies = proxies?.into();
        config.redis = redis(self.redis, self.redis_file)?;
        config.instance = self.instance.map(|name| name.parse()).transpose()?;
        config.internal_address = self.internal_address.map(host_and_port).transpose()?;
        config.https = self.https.unwrap_or(config.https);
        config.tls = match (self.tls_cert, self.tls_key) {
            (Some(cert), Some(key)) => Some(TlsFiles { cert, key }),
            (None, None) => None,
            (Some(_), None) => return Err(UsageError::Missing("--tls-key", "TSUGI_TLS_KEY")),
            (None, Some(_)) => return Err(UsageError::Missing("--tls-cert", "TSUGI_TLS_CERT")),
        };
        config.insecure_http = self.insecure_http.unwrap_or(config.insecure_http);
        if config.insecure_http && (config.tls.is_some() || config.https) {
            return Err(UsageError::InsecureAndTls);
        }
        config.access_log = self.access_log.unwrap_or(config.access_log);
        config.access_log_addresses = self.access_log_addresses.unwrap_or(config.access_log_addresses);
        let limits = &mut config.limits;
        let notice = self.drain_notice.map(Duration::from_secs);
        if config.database.is_none() {
            // Nobody else would take over: the sooner all have ended, the sooner the next process begins.
            limits.drain_rate = 0;
        }
        limits.drain_notice = match (notice, &config.database) {
            (Some(notice), _) => notice,
            (None, Some(_)) => SHARED_DRAIN_NOTICE,
            (None, None) => Duration::ZERO,
        };
        set(&mut limits.connections, self.connections);
        set(&mut limits.connections_per_address, self.connections_per_address);
        set(&mut limits.connections_per_user, self.sessions_per_user);
        set(&mut limits.entities_per_workspace, self.entities_per_workspace);
        match self.retention_days {
            None => {}
            Some(count) if count < RETENTION_DAYS => return Err(UsageError::TooFewDays(count)),
            Some(count) => limits.retention = days(count),
        }
        let listen = self
            .listen
            .ok_or(UsageError::Missing("--listen", "TSUGI_LISTEN"))?;
        Ok((listen, config))
    }
}

/// The address of the database, from the settings or from a file of its own.
fn database(address: Option<String>, file: Option<PathBuf>) -> Result<Option<DatabaseAddress>, UsageError> {
    match (address, file) {
        (Some(_), Some(_)) => Err(UsageError::TwoOf("TSUGI_DATABASE")),
        (Some(address), None) => Ok(Some(address.parse()?)),
        (None, Some(path)) => Ok(Some(read_text(&path)?.parse()?)),
        (None, None) => Ok(None),
    }
}

/// Host and port, as other instances connect to them. The host may be a name that is known only later.
fn host_and_port(text: String) -> Result<String, UsageError> {
    let parts = text.rsplit_once(':');
    match parts.is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0))
    {
        true => Ok(text),
        false => Err(UsageError::NoHostAndPort(text)),
    }
}

fn read_text(path: &Path) -> Result<String, UsageError> {
    std::fs::read_to_string(path).map_err(|error| UsageError::File {
        path: path.to_owned(),
        detail: error.to_string(),
    })
}

/// The addresses of Redis, from the settings or from a file of their own.
fn redis(list: Option<Vec<String>>, file: Option<PathBuf>) -> Result<Option<Nodes>, UsageError> {
    let nodes = match (list, file) {
        (Some(_), Some(_)) => return Err(UsageError::TwoOf("TSUGI_REDIS")),
        (None, None) => return Ok(None),
        (Some(list), None) => Nodes::parse(list.iter().map(String::as_str))?,
        (None, Some(path)) => {
            let text = read_text(&path)?;
            Nodes::parse(text.split(|char: char| char == ',' || char.is_whitespace()))?
        }
    };
    Ok(Some(nodes))
}

fn set<T>(limit: &mut T, setting: Option<T>) {
    if let Some(setting) = setting {
        *limit = setting;
    }
}

fn parse_all<T: std::str::FromStr>(texts: Option<Vec<String>>) -> Result<Vec<T>, T::Err> {
    let texts = texts.unwrap_or_default();
    texts.iter().map(|text| text.parse()).collect()
}

fn one_secret(
    name: &'static str,
    env: &Environment,
    file: Option<PathBuf>,
) -> Result<Option<Secret>, UsageError> {
    match (set_in(env, name).cloned(), file) {
        (Some(_), Some(_)) => Err(UsageError::TwoSecrets(name)),
        (Some(text), None) => Ok(Some(Secret::new(text)?)),
        (None, Some(path)) => Ok(Some(Secret::from_file(&path)?)),
        (None, None) => Ok(None),
    }
}
