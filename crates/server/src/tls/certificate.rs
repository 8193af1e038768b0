//! A certificate and its key, as they are read from their files and checked.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use sha2::{Digest, Sha256};
use tsugi_sync::ids::Timestamp;
use x509_cert::der::Decode;

use super::TlsFiles;
use crate::metrics;

/// A file of certificates or keys is never larger.
const FILE_BYTES: u64 = 1024 * 1024;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// How long before its end a certificate is warned of.
const SOON_MS: u64 = 14 * DAY_MS;

/// Why there is no certificate to work with. The person who runs the server reads the text.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{path}: {source}", path = path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{path}: the file is larger than any certificate or key", path = .0.display())]
    TooLarge(PathBuf),
    #[error("{path}: this is not PEM: {detail}", path = path.display())]
    NotPem { path: PathBuf, detail: String },
    #[error("{path}: there is no certificate in it (-----BEGIN CERTIFICATE-----)", path = .0.display())]
    NoCertificate(PathBuf),
    #[error("{path}: the certificate cannot be read: {detail}", path = path.display())]
    Unreadable { path: PathBuf, detail: String },
    #[error("{path}: there is no private key in it (-----BEGIN PRIVATE KEY-----)", path = .0.display())]
    NoKey(PathBuf),
    #[error(
        "{path}: the key is encrypted, and nobody is there to type its password; decrypt it with: openssl pkey -in {path} \
         -out NEW", path = .0.display()
    )]
    Encrypted(PathBuf),
    #[error("{path}: the key cannot be used: {detail}", path = path.display())]
    UnusableKey { path: PathBuf, detail: String },
    #[error("{key} is not the key of the certificate in {cert}", key = .0.key.display(), cert = .0.cert.display())]
    Mismatch(TlsFiles),
    #[error("{path}: the certificate ended {days} days ago", path = path.display())]
    Ended { path: PathBuf, days: u64 },
    #[error("TLS: {0}")]
    Rustls(#[from] Error),
}

/// What the files held: two equal marks are two equal contents.
pub(super) type Mark = [u8; 32];

pub(super) struct Certificate {
    pub(super) key: Arc<CertifiedKey>,
    pub(super) mark: Mark,
    ends: Timestamp,
    path: PathBuf,
}

/// The contents of both files, which are not understood yet.
pub(super) struct Contents {
    cert: Vec<u8>,
    key: Vec<u8>,
}

impl Contents {
    pub(super) fn read(files: &TlsFiles) -> Result<Self, TlsError> {
        Ok(Self {
            cert: read(&files.cert)?,
            key: read(&files.key)?,
        })
    }

    pub(super) fn mark(&self) -> Mark {
        let mut hash = Sha256::new();
        for part in [&self.cert, &self.key] {
            hash.update(Sha256::digest(part));
        }
        hash.finalize().into()
    }
}

impl Certificate {
    pub(super) fn read(files: &TlsFiles, now: Timestamp) -> Result<Self, TlsError> {
        Self::of(files, &Contents::read(files)?, now)
    }

    pub(super) fn of(files: &TlsFiles, contents: &Contents, now: Timestamp) -> Result<Self, TlsError> {
        let chain = chain(&files.cert, &contents.cert)?;
        let ends = ends(&files.cert, &chain)?;
        let key = private_key(&files.key, &contents.key)?;
        let key = CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|error| {
            let is_mismatch = error == Error::InconsistentKeys(InconsistentKeys::KeyMismatch);
            match is_mismatch {
                true => TlsError::Mismatch(files.clone()),
                false => TlsError::UnusableKey {
                    path: files.key.clone(),
                    detail: error.to_string(),
                },
            }
        })?;
        if ends <= now {
            return Err(TlsError::Ended {
                path: files.cert.clone(),
                days: now.since(ends) / DAY_MS,
            });
        }
        metrics::certificate_ends(ends);
        Ok(Self {
            key: Arc::new(key),
            mark: contents.mark(),
            ends,
            path: files.cert.clone(),
        })
    }

    /// Says so if the certificate ends soon.
    pub(super) fn warn_if_ending(&self, now: Timestamp) {
        let left = self.ends.since(now);
        if left < SOON_MS {
            let (path, days) = (self.path.display(), left / DAY_MS);
            tracing::warn!(%path, days, "the certificate ends soon: renew it, and the server reads the new one by itself");
        }
    }

    /// Days until the certificate ends.
    pub(super) fn days_left(&self, now: Timestamp) -> u64 {
        self.ends.since(now) / DAY_MS
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let failed = |source| TlsError::Io {
        path: path.to_owned(),
        source,
    };
    if std::fs::metadata(path).map_err(failed)?.len() > FILE_BYTES {
        return Err(TlsError::TooLarge(path.to_owned()));
    }
    std::fs::read(path).map_err(failed)
}

fn chain(path: &Path, text: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    let chain = chain.map_err(|error| not_pem(path, &error))?;
    match chain.is_empty() {
        true => Err(TlsError::NoCertificate(path.to_owned())),
        false => Ok(chain),
    }
}

fn private_key(path: &Path, text: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
    let holds = |words: &[u8]| text.windows(words.len()).any(|window| window == words);
    if holds(b"BEGIN ENCRYPTED PRIVATE KEY") || holds(b"Proc-Type: 4,ENCRYPTED") {
        return Err(TlsError::Encrypted(path.to_owned()));
    }
    PrivateKeyDer::from_pem_slice(text).map_err(|error| match matches!(error, pem::Error::NoItemsFound) {
        true => TlsError::NoKey(path.to_owned()),
        false => not_pem(path, &error),
    })
}

/// The library's text may quote a line of the file, which may be a line of the key. So only the kind of the fault is told.
fn not_pem(path: &Path, error: &pem::Error) -> TlsError {
    let detail = if matches!(error, pem::Error::MissingSectionEnd { .. }) {
        "a section has no end"
    } else if matches!(error, pem::Error::IllegalSectionStart { .. }) {
        "a section begins in a wrong way"
    } else if matches!(error, pem::Error::Base64Decode(_)) {
        "a section is not base64"
    } else {
        "it cannot be read"
    };
    TlsError::NotPem {
        path: path.to_owned(),
        detail: detail.to_owned(),
    }
}

fn ends(path: &Path, chain: &[CertificateDer<'_>]) -> Result<Timestamp, TlsError> {
    let unreadable = |detail: String| TlsError::Unreadable {
        path: path.to_owned(),
        detail,
    };
    let own = chain
        .first()
        .ok_or_else(|| TlsError::NoCertificate(path.to_owned()))?;
    let certificate = x509_cert::Certificate::from_der(own).map_err(|error| unreadable(error.to_string()))?;
    let ends = certificate.tbs_certificate.validity.not_after.to_system_time();
    let since = ends.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX)))
}
