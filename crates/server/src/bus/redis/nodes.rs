//! The addresses of Redis, as somebody wrote them.

use std::fmt;

use redis::{ConnectionInfo, IntoConnectionInfo, ProtocolVersion};

/// More addresses than this are a mistake: a cluster tells the rest itself.
const MANY: usize = 64;

/// One Redis, or some of the nodes of a cluster. They may hold a password, which is never shown.
#[derive(Clone)]
pub struct Nodes(Vec<ConnectionInfo>);

/// Why the addresses cannot be used. The texts leave out the addresses, because they may hold a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodesError {
    #[error("address {0} of Redis is not understood: write redis://HOST:PORT, or rediss:// for TLS")]
    NotUnderstood(usize),
    #[error("there is no address of Redis")]
    None,
    #[error("{0} addresses of Redis are too many: name {MANY} nodes of the cluster at most")]
    TooMany(usize),
}

impl Nodes {
    /// Reads addresses as `redis://HOST:PORT`.
    ///
    /// # Errors
    /// When one is not understood, or there is none.
    pub fn parse<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Result<Self, NodesError> {
        let addresses = addresses
            .into_iter()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let mut nodes = Vec::new();
        for (index, address) in addresses.enumerate() {
            let is_known = address.starts_with("redis://") || address.starts_with("rediss://");
            let parsed = address.into_connection_info().ok().filter(|_| is_known);
            let info = parsed.ok_or(NodesError::NotUnderstood(index + 1))?;
            let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
            nodes.push(info.set_redis_settings(settings));
        }
        match nodes.len() {
            0 => Err(NodesError::None),
            1..=MANY => Ok(Self(nodes)),
            many => Err(NodesError::TooMany(many)),
        }
    }

    #[must_use]
    pub fn has_password(&self) -> bool {
        self.0
            .iter()
            .any(|node| node.redis_settings().password().is_some())
    }

    pub(super) fn all(&self) -> &[ConnectionInfo] {
        &self.0
    }
}

impl fmt::Debug for Nodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|node| node.addr().to_string()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_passwords_do_not_show() {
        let nodes = Nodes::parse(["redis://a:1", " rediss://user:hush@b:2 ", ""]).unwrap();
        assert_eq!(format!("{nodes:?}"), r#"["a:1", "b:2"]"#);
        assert!(nodes.has_password());
        assert!(!Nodes::parse(["redis://a"]).unwrap().has_password());
    }

    #[test]
    fn what_is_not_understood_is_named_by_its_place() {
        assert_eq!(Nodes::parse([""]).unwrap_err(), NodesError::None);
        for bad in [
            "a:1",
            "http://a:1",
            "redis://",
            "redis+unix:///x",
            "redis://a:port",
        ] {
            let error = Nodes::parse(["redis://a:1", bad]).unwrap_err();
            assert_eq!(error, NodesError::NotUnderstood(2), "{bad}");
        }
        assert_eq!(
            Nodes::parse(vec!["redis://a"; 65]).unwrap_err(),
            NodesError::TooMany(65)
        );
    }
}
