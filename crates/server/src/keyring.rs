//! The secrets in use, and the keys for one purpose that are derived from them.
//!
//! A server has one secret that signs. It may have a second one, whose marks and tokens it accepts. So the secret can
//! be changed without signing anybody out: the old one stays as the second until all that it signed has ended.

use std::fmt;

use crate::secret::{Key, Secret};

/// The secret that signs, and one that is only accepted.
#[derive(Clone, Debug)]
pub(crate) struct Keyring {
    current: Secret,
    previous: Option<Secret>,
}

/// The keys for one purpose: the one that signs, and one that is only accepted.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) current: Key,
    pub(crate) previous: Option<Key>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keyring {
    pub(crate) fn new(current: Secret, previous: Option<Secret>) -> Self {
        Self { current, previous }
    }

    pub(crate) fn keys_for(&self, purpose: &str) -> Keys {
        Keys {
            current: self.current.key_for(purpose),
            previous: self.previous.as_ref().map(|secret| secret.key_for(purpose)),
        }
    }
}

impl Keys {
    /// All keys that are accepted.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}
