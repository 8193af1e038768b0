//! Why the server cannot begin. The person who typed the command reads the text.

use std::path::PathBuf;

use super::{DatabaseAddressError, RETENTION_DAYS};
use crate::bus::redis::NodesError;
use crate::instance::InstanceNameError;
use crate::origin::OriginError;
use crate::proxies::ProxyError;
use crate::secret::SecretError;

#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    #[error("unknown argument {given}{}", meant(.nearest))]
    Unknown { given: String, nearest: Option<String> },
    #[error("unknown command {given}{}", meant(.nearest))]
    UnknownCommand { given: String, nearest: Option<String> },
    #[error("{given} in the environment is no setting{}", meant(.nearest))]
    UnknownVariable { given: String, nearest: Option<String> },
    #[error("{path}: {given} is no setting{}", meant(.nearest), path = path.display())]
    UnknownKey {
        path: PathBuf,
        given: String,
        nearest: Option<String>,
    },
    #[error("{0} needs a value")]
    NoValue(String),
    #[error("{0} takes no value")]
    NoSuchValue(String),
    #[error("{0} is given twice")]
    Twice(String),
    #[error("{0} is missing")]
    NoFlag(&'static str),
    #[error("{0} is missing (or {1} in the environment)")]
    Missing(&'static str, &'static str),
    #[error("{path}: {detail}", path = path.display())]
    File { path: PathBuf, detail: String },
    #[error("{0}: “{1}” is not a number that can be set")]
    NotANumber(String, String),
    #[error("{0}: “{1}” is neither true nor false")]
    NotTrueOrFalse(String, String),
    #[error("{0}: {1}")]
    Value(String, String),
    #[error("{0} days of retention are too few: devices that were away for {RETENTION_DAYS} lose nothing")]
    TooFewDays(u32),
    #[error("{0} and {0}_FILE are both given")]
    TwoSecrets(&'static str),
    #[error("TSUGI_SECRET and TSUGI_SECRET_PREVIOUS are the same secret")]
    SameSecret,
    #[error(
        "a password on the command line can be seen by everybody on the machine: put the address into {0} or {0}_FILE"
    )]
    PasswordInFlag(String),
    #[error("{0} and {0}_FILE are both given")]
    TwoOf(&'static str),
    #[error("“{0}” is not where other instances can reach this one, as 10.0.0.7:8080")]
    NoHostAndPort(String),
    #[error(transparent)]
    Instance(#[from] InstanceNameError),
    #[error(transparent)]
    Redis(#[from] NodesError),
    #[error(transparent)]
    Database(#[from] DatabaseAddressError),
    #[error("beside --url nothing else is needed")]
    OnlyUrl,
    #[error("--insecure-http lets plain HTTP in, and cannot be set beside --https or --tls-cert")]
    InsecureAndTls,
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Origin(#[from] OriginError),
    #[error(transparent)]
    Proxy(#[from] ProxyError),
}

fn meant(nearest: &Option<String>) -> String {
    let nearest = nearest.as_ref();
    nearest.map_or_else(String::new, |name| format!("; did you mean {name}?"))
}
