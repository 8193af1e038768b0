//! The address of a PostgreSQL database. It may hold a password, so it shows in no log.

use std::fmt;
use std::str::FromStr;

/// An address, as `postgres://user@host:5432/name`.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseAddress(String);

/// The text is not the address of a database that this server knows.
#[derive(Debug, thiserror::Error)]
#[error("the database's address begins with postgres:// or postgresql://, as postgres://user@host/name")]
pub struct DatabaseAddressError;

impl DatabaseAddress {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether the text is an address that holds a password, or a list with such an address.
pub(super) fn has_password(text: &str) -> bool {
    text.split(',').any(|address| {
        let Some((_, rest)) = address.split_once("://") else {
            return false;
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let login = rest[..end].rsplit_once('@').map(|(login, _)| login);
        login.is_some_and(|login| login.contains(':')) || rest[end..].contains("password=")
    })
}

impl FromStr for DatabaseAddress {
    type Err = DatabaseAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let known = ["postgres://", "postgresql://"];
        match known.iter().any(|scheme| text.starts_with(scheme)) {
            true => Ok(Self(text.to_owned())),
            false => Err(DatabaseAddressError),
        }
    }
}

impl fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_is_seen() {
        for (text, has) in [
            ("postgres://tsugi@db/tsugi", false),
            ("postgres://db:5432/tsugi", false),
            ("postgresql://tsugi:secret@db/tsugi", true),
            ("postgres://db/tsugi?user=a&password=secret", true),
        ] {
            let address: DatabaseAddress = text.parse().unwrap();
            assert_eq!(has_password(text), has, "{text}");
            assert!(!format!("{address:?}").contains("secret"));
        }
        assert!(has_password("redis://a:6379,redis://:secret@b:6379"));
        assert!("mysql://db".parse::<DatabaseAddress>().is_err());
    }
}
