//! The keys that sign access tokens: a new one for each period, and none of them stored.
//!
//! ```text
//! period      n − 1 │     n     │ n + 1
//! signs             │  key n    │
//! published   n − 1,   n,   n + 1
//! ```
//! The seed of key number *n* is derived from the server's secret and *n*, and *n* is counted from the clock. So all
//! instances with one secret have the same keys, and nothing has to be handed around. The next key is published for a
//! whole period before it signs, and for as long after.
//!
//! A key signs only tokens that begin in its own period. So a key that became known later, or a clock that is far off,
//! is of no use for any other time.
//!
//! The keys of a second secret, if the server accepts one, are published and accepted in the same way.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tsugi_sync::ids::Timestamp;

use super::crypto;
use crate::keyring::Keys;
use crate::secret::Key;

/// Bytes of a public key's hash in the name of the key.
const NAME_BYTES: usize = 9;

pub(super) struct SigningKeys {
    roots: Keys,
    period_ms: u64,
    window: RwLock<Arc<Window>>,
}

/// The keys around one period.
struct Window {
    number: u64,
    /// The first one signs.
    keys: Vec<SigningKey>,
}

#[derive(Clone)]
pub(super) struct SigningKey {
    /// `kid` in the header of a token.
    pub(super) name: String,
    /// That of the period in which it signs.
    pub(super) number: u64,
    public: [u8; 32],
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
}

/// A public key as RFC 8037 writes it.
#[derive(Debug, Serialize)]
pub(crate) struct PublicKey {
    kty: &'static str,
    crv: &'static str,
    x: String,
    kid: String,
    #[serde(rename = "use")]
    purpose: &'static str,
    alg: &'static str,
}

impl SigningKeys {
    /// `period` counts in whole seconds, as the times in tokens do.
    pub(super) fn new(roots: Keys, period: Duration) -> Self {
        let period_ms = period.as_secs().max(1).saturating_mul(1_000);
        let window = RwLock::new(Arc::new(Window::around(0, &roots)));
        Self {
            roots,
            period_ms,
            window,
        }
    }

    /// The key that signs now.
    pub(super) fn current(&self, now: Timestamp) -> Option<SigningKey> {
        self.window(now).keys.first().cloned()
    }

    /// The key of this name, if it is one of those around now.
    pub(super) fn find(&self, name: &str, now: Timestamp) -> Option<SigningKey> {
        let window = self.window(now);
        window.keys.iter().find(|key| key.name == name).cloned()
    }

    /// Whether a token that begins then may be signed with the key of this number.
    pub(super) fn is_of(&self, number: u64, begins: Timestamp) -> bool {
        number == begins.0 / self.period_ms
    }

    pub(super) fn published(&self, now: Timestamp) -> Vec<PublicKey> {
        self.window(now).keys.iter().map(SigningKey::publish).collect()
    }

    fn window(&self, now: Timestamp) -> Arc<Window> {
        let number = now.0 / self.period_ms;
        {
            let window = self.window.read().unwrap_or_else(PoisonError::into_inner);
            if window.number == number {
                return Arc::clone(&window);
            }
        }
        let window = Arc::new(Window::around(number, &self.roots));
        *self.window.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&window);
        window
    }
}

impl Window {
    fn around(number: u64, roots: &Keys) -> Self {
        let numbers = [Some(number), number.checked_add(1), number.checked_sub(1)];
        let of_root = |root| {
            numbers
                .into_iter()
                .flatten()
                .filter_map(move |number| SigningKey::derive(root, number))
        };
        Self {
            number,
            keys: roots.all().flat_map(of_root).collect(),
        }
    }
}

impl SigningKey {
    fn derive(root: &Key, number: u64) -> Option<Self> {
        let seed = root.derive(&number.to_be_bytes());
        let public = crypto::public_key(&seed.0)?;
        let hash = Sha256::digest(public);
        let hash = URL_SAFE_NO_PAD.encode(&hash[..NAME_BYTES]);
        Some(Self {
            name: format!("{number}.{hash}"),
            number,
            public,
            signing: EncodingKey::from_ed_der(&seed.0),
            verifying: DecodingKey::from_ed_der(&public),
        })
    }

    fn publish(&self) -> PublicKey {
        PublicKey {
            kty: "OKP",
            crv: "Ed25519",
            x: URL_SAFE_NO_PAD.encode(self.public),
            kid: self.name.clone(),
            purpose: "sig",
            alg: "EdDSA",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_secs(1_000);

    fn keys(current: u8, previous: Option<u8>) -> SigningKeys {
        let key = |byte| Key([byte; 32]);
        let roots = Keys {
            current: key(current),
            previous: previous.map(key),
        };
        SigningKeys::new(roots, PERIOD)
    }

    fn at(period: u64) -> Timestamp {
        Timestamp(period * 1_000_000 + 7)
    }

    fn names(keys: &SigningKeys, now: Timestamp) -> Vec<String> {
        keys.published(now).into_iter().map(|key| key.kid).collect()
    }

    #[test]
    fn all_instances_with_one_secret_have_the_same_keys() {
        assert_eq!(names(&keys(1, None), at(5)), names(&keys(1, None), at(5)));
        let [one, other] = [1, 2].map(|secret| keys(secret, None).current(at(5)).unwrap().name);
        assert_ne!(one, other);
    }

    #[test]
    fn a_key_is_published_before_it_signs_and_after() {
        let keys = keys(1, None);
        let name = keys.current(at(5)).unwrap().name;
        for (period, is_known) in [(3, false), (4, true), (5, true), (6, true), (7, false), (5, true)] {
            assert_eq!(names(&keys, at(period)).contains(&name), is_known, "{period}");
            assert_eq!(keys.find(&name, at(period)).is_some(), is_known, "{period}");
            assert_eq!(keys.current(at(period)).unwrap().name == name, period == 5);
        }
        let key = keys.current(at(5)).unwrap();
        assert!(keys.is_of(key.number, Timestamp(5_000_000)) && keys.is_of(key.number, Timestamp(5_999_999)));
        assert!(
            !keys.is_of(key.number, Timestamp(4_999_999)) && !keys.is_of(key.number, Timestamp(6_000_000))
        );
    }

    #[test]
    fn the_first_and_the_last_period_have_keys() {
        let keys = keys(1, None);
        assert_eq!(keys.published(Timestamp(0)).len(), 2);
        assert_eq!(keys.published(Timestamp(u64::MAX)).len(), 3);
    }

    #[test]
    fn a_second_secret_is_accepted_and_does_not_sign() {
        let before = keys(1, None).current(at(5)).unwrap().name;
        let now = keys(2, Some(1));
        assert!(now.find(&before, at(5)).is_some());
        assert_eq!(now.published(at(5)).len(), 6);
        assert_eq!(
            now.current(at(5)).unwrap().name,
            keys(2, None).current(at(5)).unwrap().name
        );
    }

    #[test]
    fn what_is_published_says_nothing_of_the_seed() {
        let keys = keys(1, None);
        let seed = keys.roots.current.derive(&5_u64.to_be_bytes());
        let text = serde_json::to_string(&keys.published(at(5))).unwrap();
        assert!(
            !text.contains(&URL_SAFE_NO_PAD.encode(seed.0)) && !text.contains("\"d\""),
            "{text}"
        );
    }
}
