//! The instances of one server: their names, and where each is reached by the others.
//!
//! A name stands before the dot in the names of polling sessions, so that a load balancer, or another instance, knows
//! whose session it is. It is no secret.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use uuid::Uuid;

/// Letters of a name. A name of a pod fits.
const LONGEST: usize = 63;

/// The name of an instance: small letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InstanceName(Arc<str>);

#[derive(Debug, thiserror::Error)]
#[error("an instance is named with up to {LONGEST} small letters, digits and hyphens, as a or tsugi-7d9f")]
pub struct InstanceNameError;

/// An instance that others can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instance {
    pub(crate) name: InstanceName,
    /// One run of its process. A name may come again with another one.
    pub(crate) run: Uuid,
    /// Host and port, as the others reach it.
    pub(crate) address: String,
}

impl InstanceName {
    /// For an instance to which nobody gave a name.
    pub(crate) fn of_run(run: Uuid) -> Self {
        let digits: String = run.simple().to_string().chars().take(12).collect();
        Self(digits.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for InstanceName {
    type Err = InstanceNameError;

    fn from_str(text: &str) -> Result<Self, InstanceNameError> {
        let is_known = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
        match (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_known) {
            true => Ok(Self(text.into())),
            false => Err(InstanceNameError),
        }
    }
}

impl fmt::Display for InstanceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_dot_and_nothing_that_a_header_could_not_carry() {
        for text in ["a", "tsugi-7d9f8-x2", "0123456789ab"] {
            assert_eq!(text.parse::<InstanceName>().unwrap().as_str(), text);
        }
        for text in ["", "a.b", "A", "a b", "\u{e9}", &"a".repeat(64)] {
            assert!(text.parse::<InstanceName>().is_err(), "{text}");
        }
        let unnamed = InstanceName::of_run(Uuid::new_v4());
        assert!(unnamed.as_str().parse::<InstanceName>().is_ok());
    }
}
