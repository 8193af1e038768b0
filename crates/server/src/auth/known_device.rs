//! Which accounts a device has signed in to before, as its cookie says.
//!
//! ```text
//! <id> . <mark of an account> . <mark of another> …     each 16 bytes in base64url
//! ```
//! A mark is made with the server's key from the device's id and the account's email, so nobody can make one up. It
//! gives no access. A device that has it may try passwords without waiting behind strangers, and has a limit of its
//! own.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::keyring::Keys;
use crate::random;

/// How many accounts know one device. The accounts to which it has not signed in for longest are forgotten.
const ACCOUNTS: usize = 8;
/// A part in base64.
const PART_CHARS: usize = 22;
/// Longer than any value of ours.
pub(crate) const VALUE_BYTES: usize = (ACCOUNTS + 1) * (PART_CHARS + 1);

type Part = [u8; 16];

#[derive(PartialEq, Eq)]
pub(crate) struct KnownDevice {
    id: Part,
    marks: Vec<Part>,
}

/// Its value is a secret of the device, and does not show itself.
impl fmt::Debug for KnownDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KnownDevice(…)")
    }
}

impl KnownDevice {
    pub(crate) fn new() -> Self {
        Self {
            id: random::bytes(),
            marks: Vec::new(),
        }
    }

    /// None if the text cannot be a value of ours.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let mut parts = value.split('.').map(|part| {
            let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
            Part::try_from(bytes).ok()
        });
        let id = parts.next()??;
        let marks: Option<Vec<Part>> = parts.take(ACCOUNTS).collect();
        Some(Self { id, marks: marks? })
    }

    /// Its id, if it has signed in to this account before.
    pub(crate) fn known_to(&self, email: &str, keys: &Keys) -> Option<Part> {
        let message = self.message(email);
        let is_known = self.marks.iter().any(|mark| is_mark_of(&message, mark, keys));
        is_known.then_some(self.id)
    }

    /// The device has signed in to this account.
    pub(crate) fn signed_in(mut self, email: &str, keys: &Keys) -> Self {
        let message = self.message(email);
        self.marks.retain(|known| !is_mark_of(&message, known, keys));
        self.marks.insert(0, keys.current.mark(&message));
        self.marks.truncate(ACCOUNTS);
        self
    }

    pub(crate) fn value(&self) -> String {
        let parts = std::iter::once(&self.id).chain(&self.marks);
        let parts: Vec<String> = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
        parts.join(".")
    }

    fn message(&self, email: &str) -> Vec<u8> {
        [&self.id, email.as_bytes()].concat()
    }
}

fn is_mark_of(message: &[u8], mark: &Part, keys: &Keys) -> bool {
    keys.all().any(|key| key.is_mark_of(message, mark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Key;

    fn keys(current: u8, previous: Option<u8>) -> Keys {
        let key = |byte| Key([byte; 32]);
        Keys {
            current: key(current),
            previous: previous.map(key),
        }
    }

    #[test]
    fn a_device_is_known_to_the_accounts_it_signed_in_to() {
        let key = keys(1, None);
        let device = KnownDevice::new();
        assert_eq!(device.known_to("ada@example.org", &key), None);
        let device = device.signed_in("ada@example.org", &key);
        let device = device
            .signed_in("bob@example.org", &key)
            .signed_in("ada@example.org", &key);
        let again = KnownDevice::parse(&device.value()).unwrap();
        assert!(again == device);
        assert_eq!(again.known_to("ada@example.org", &key), Some(device.id));
        assert_eq!(again.known_to("bob@example.org", &key), Some(device.id));
        assert_eq!(again.known_to("eve@example.org", &key), None);
        assert_eq!(
            again.known_to("ada@example.org", &keys(2, None)),
            None,
            "of another server"
        );
        let other = KnownDevice {
            id: [0; 16],
            marks: device.marks.clone(),
        };
        assert_eq!(
            other.known_to("ada@example.org", &key),
            None,
            "a mark is of one device"
        );
    }

    #[test]
    fn a_device_stays_known_while_the_secret_is_changed() {
        let (before, meanwhile, after) = (keys(1, None), keys(2, Some(1)), keys(2, None));
        let device = KnownDevice::new().signed_in("ada@example.org", &before);
        assert!(device.known_to("ada@example.org", &meanwhile).is_some());
        assert!(device.known_to("ada@example.org", &after).is_none());
        let device = device.signed_in("ada@example.org", &meanwhile);
        assert_eq!(device.marks.len(), 1);
        assert!(device.known_to("ada@example.org", &after).is_some());
    }

    #[test]
    fn the_newest_accounts_are_remembered() {
        let key = keys(1, None);
        let mut device = KnownDevice::new();
        for n in 0..20 {
            device = device.signed_in(&format!("{n}@example.org"), &key);
        }
        assert!(device.value().len() <= VALUE_BYTES);
        assert!(device.known_to("12@example.org", &key).is_some());
        assert!(device.known_to("11@example.org", &key).is_none());
    }

    #[test]
    fn what_is_no_value_of_ours() {
        for value in [
            "",
            ".",
            "a",
            "AAAA",
            "!!!",
            &"A".repeat(23),
            "AAAAAAAAAAAAAAAAAAAAAA.x",
        ] {
            assert!(KnownDevice::parse(value).is_none(), "{value}");
        }
        assert!(KnownDevice::parse("AAAAAAAAAAAAAAAAAAAAAA").is_some());
    }
}
