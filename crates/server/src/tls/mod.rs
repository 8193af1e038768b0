//! TLS by the server itself: TLS 1.2 and 1.3 by rustls and ring, HTTP/1.1 over it, and a certificate that can be replaced
//! while the server runs.
//!
//! ```text
//! files ──read──► certificate in use ◄──asked for by each handshake
//!   ▲                    ▲
//!   └── looked at each minute and on SIGHUP; a new one is put in its place, a broken one is not
//! ```
//! Invariants: a certificate in use has its own key and had not ended when it was read; a connection that is open keeps
//! the keys that it has; no secret of a file shows in an error.
//!
//! Left out: certificates of clients, more than one certificate, OCSP, HTTP/2, and getting certificates (ACME): other
//! programs write the files.

mod certificate;
mod handshake;
mod renewal;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::sync::{Notify, Semaphore};
use tsugi_sync::ids::Timestamp;

pub use certificate::TlsError;
use certificate::{Certificate, Mark};
pub(crate) use handshake::{Patience, Refused};

/// Where the certificate and its key are, in PEM form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's own certificate first, then those between it and a known authority.
    pub cert: PathBuf,
    pub key: PathBuf,
}

pub(crate) struct Tls {
    files: TlsFiles,
    config: Arc<ServerConfig>,
    in_use: Arc<InUse>,
    /// The contents that were looked at last, good or not.
    seen: Mutex<Mark>,
    /// Somebody asks to look at the files now.
    asked: Notify,
    handshakes: Semaphore,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// The certificate that handshakes are answered with.
#[derive(Debug)]
struct InUse(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for InUse {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl InUse {
    fn replace(&self, key: Arc<CertifiedKey>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = key;
    }
}

/// Days until the certificate in these files ends.
///
/// # Errors
/// When the files hold no certificate that can be used now.
pub(crate) fn days_left(files: &TlsFiles, now: Timestamp) -> Result<u64, TlsError> {
    Ok(Certificate::read(files, now)?.days_left(now))
}

impl Tls {
    /// # Errors
    /// When the files hold no certificate that can be used now.
    pub(crate) fn open(files: TlsFiles, handshakes: usize, now: Timestamp) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let certificate = Certificate::read(&files, now)?;
        certificate.warn_if_ending(now);
        let in_use = Arc::new(InUse(RwLock::new(certificate.key)));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&in_use) as _);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // Tickets are sealed and kept by the clients, so many who come back at once are many short handshakes.
        config.ticketer = ring::Ticketer::new()?;
        Ok(Self {
            files,
            config: Arc::new(config),
            in_use,
            seen: Mutex::new(certificate.mark),
            asked: Notify::new(),
            handshakes: Semaphore::new(handshakes.max(1)),
        })
    }

    /// Looks at the files now.
    pub(crate) fn look_again(&self) {
        self.asked.notify_one();
    }
}
