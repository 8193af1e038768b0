//! The names of channels: `tsugi:{PP}:c:<workspace>` for changes, `tsugi:{PP}:i:<instance>` for an instance's own probe.
//!
//! `PP` is the first byte of the id's hash in hex. A cluster puts names with the same text in braces into one slot, so
//! the channels lie in 256 slots, spread over all nodes. Kept for later: `p` for presence, `n` for notices of a user.

use sha2::{Digest, Sha256};
use tsugi_sync::ids::WorkspaceId;
use uuid::Uuid;

/// The channel with the hints of a workspace.
#[must_use]
pub fn of_changes(workspace: WorkspaceId) -> String {
    name('c', workspace.0)
}

/// The channel on which an instance sends to itself.
#[must_use]
pub fn of_instance(instance: Uuid) -> String {
    name('i', instance)
}

/// The workspace whose hints the channel carries, if it is such a channel.
#[must_use]
pub fn workspace_of(channel: &str) -> Option<WorkspaceId> {
    let (_, id) = channel.strip_prefix("tsugi:{")?.split_once("}:c:")?;
    Some(WorkspaceId(Uuid::try_parse(id).ok()?))
}

/// The part of the name in braces, which decides the slot.
#[must_use]
pub fn tag_of(channel: &str) -> &str {
    let inside = channel.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    inside.map_or("", |(tag, _)| tag)
}

fn name(kind: char, id: Uuid) -> String {
    let hash = Sha256::digest(id.as_bytes());
    format!("tsugi:{{{:02x}}}:{kind}:{}", hash[0], id.hyphenated())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Instances of other versions have to use the same names.
    #[test]
    fn names_stay_as_they_are() {
        let id = Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0001);
        let changes = of_changes(WorkspaceId(id));
        assert_eq!(changes, format!("tsugi:{{{}}}:c:{id}", tag_of(&changes)));
        assert_eq!(tag_of(&changes).len(), 2);
        assert_eq!(workspace_of(&changes), Some(WorkspaceId(id)));
        assert_eq!(tag_of(&of_instance(id)), tag_of(&changes));
        assert_eq!(workspace_of(&of_instance(id)), None);
    }

    #[test]
    fn names_of_others_are_no_workspaces() {
        for name in ["", "tsugi", "tsugi:{00}:c:", "tsugi:{00}:c:1", "{}"] {
            assert_eq!(workspace_of(name), None, "{name}");
        }
    }

    #[test]
    fn ids_of_one_moment_are_spread() {
        let tags: std::collections::BTreeSet<_> = (0..2_000_u128)
            .map(|n| of_changes(WorkspaceId(Uuid::from_u128((0x0195 << 112) + n))))
            .map(|name| tag_of(&name).to_owned())
            .collect();
        assert!(tags.len() > 240, "{}", tags.len());
    }
}
