//! Values that must not show in logs, and the server's own secret.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::random;

macro_rules! redacted {
    ($($name:ident)+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

/// A password as somebody typed it.
#[derive(Clone, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Password(pub(crate) String);

/// Argon2id's result, in PHC form.
#[derive(Clone)]
pub(crate) struct PasswordHash(pub(crate) String);

/// A refresh token as it stands in the cookie.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RefreshToken(pub(crate) String);

/// The hash of a refresh token, which is all that is stored of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TokenHash(pub(crate) [u8; 32]);

/// The secret from which all keys of the server are derived.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

/// A key for one purpose, derived from the secret.
#[derive(Clone)]
pub(crate) struct Key(pub(crate) [u8; 32]);

redacted!(Password PasswordHash RefreshToken TokenHash Secret Key);

/// Why there is no secret to work with.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("the secret has {0} bytes; it needs at least {min}", min = Secret::MIN_BYTES)]
    TooShort(usize),
    #[error("the secret in {path}: {source}")]
    Io {
        path: String,
        #[source]
        source: io::Error,
    },
}

impl Secret {
    const MIN_BYTES: usize = 32;

    /// # Errors
    /// When it is too short to be one.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, SecretError> {
        let bytes = bytes.into();
        match bytes.len() >= Self::MIN_BYTES {
            true => Ok(Self(bytes)),
            false => Err(SecretError::TooShort(bytes.len())),
        }
    }

    /// # Errors
    /// When the file cannot be read or holds too little.
    pub fn from_file(path: &Path) -> Result<Self, SecretError> {
        let text = fs::read(path).map_err(|source| failed(path, source))?;
        warn_if_public(path);
        Self::new(text.trim_ascii().to_vec())
    }

    /// The secret in `path`. If there is none, it is created, readable only for its owner.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn keep_in(path: &Path) -> Result<Self, SecretError> {
        match fs::exists(path) {
            Ok(true) => return Self::from_file(path),
            Ok(false) => {}
            Err(source) => return Err(failed(path, source)),
        }
        let text = URL_SAFE_NO_PAD.encode(random::bytes::<32>());
        let write = || -> io::Result<()> {
            // It is written to another file and then moved, so that a crash leaves no half of a secret.
            let beside = path.with_extension("new");
            let mut options = fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&beside)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&beside, path)
        };
        write().map_err(|source| failed(path, source))?;
        Self::new(text)
    }

    /// Compares in a time that does not tell how much is right.
    pub(crate) fn is(&self, given: &[u8]) -> bool {
        let key = self.key_for("tsugi comparison 1");
        key.is_mark_of(given, &key.mark(&self.0))
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.is(&other.0)
    }

    /// A key for one purpose.
    pub(crate) fn key_for(&self, purpose: &str) -> Key {
        Key(hmac(&self.0, purpose.as_bytes()))
    }
}

impl Key {
    /// A key of its own for one use of this key.
    pub(crate) fn derive(&self, use_of_it: &[u8]) -> Self {
        Self(hmac(&self.0, use_of_it))
    }

    /// A short proof that this key's owner has seen the message.
    pub(crate) fn mark(&self, message: &[u8]) -> [u8; 16] {
        let mut mark = [0; 16];
        mark.copy_from_slice(&hmac(&self.0, message)[..16]);
        mark
    }

    /// Compares in a time that does not tell how much of the mark is right.
    pub(crate) fn is_mark_of(&self, message: &[u8], mark: &[u8; 16]) -> bool {
        keyed(&self.0, message).verify_truncated_left(mark).is_ok()
    }
}

impl RefreshToken {
    pub(crate) fn random() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::bytes::<32>()))
    }

    /// The one token that may follow this one. It is the same for every request that presents this one.
    pub(crate) fn successor(&self, key: &Key) -> Self {
        Self(URL_SAFE_NO_PAD.encode(hmac(&key.0, self.0.as_bytes())))
    }

    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

/// It only warns, because a secret file belongs to the person who made it, and one that a container mounts may not
/// be ours to change.
fn warn_if_public(path: &Path) {
    if is_public(path) {
        tracing::warn!(path = %path.display(), "everybody on this machine can read this secret");
    }
}

/// Whether everybody on this machine may read the file or change it.
#[cfg(unix)]
pub(crate) fn is_public(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map(|meta| meta.permissions().mode());
    mode.is_ok_and(|mode| mode & 0o007 != 0)
}

#[cfg(not(unix))]
pub(crate) fn is_public(_: &Path) -> bool {
    false
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    keyed(key, message).finalize().into_bytes().into()
}

fn keyed(key: &[u8], message: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac
}

fn failed(path: &Path, source: io::Error) -> SecretError {
    SecretError::Io {
        path: path.display().to_string(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_shows_itself() {
        let secret = Secret::new([7; 32]).unwrap();
        let shown = format!(
            "{secret:?} {:?} {:?}",
            secret.key_for("a test"),
            RefreshToken("7".into())
        );
        assert_eq!(shown, "Secret(…) Key(…) RefreshToken(…)");
    }
}
