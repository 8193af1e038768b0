//! Receipts: what the server keeps of each mutation that took effect, under its name. They answer a mutation that comes
//! again, and tell it from another one that comes under the same name.

use crate::entity::Fields;
use crate::ids::{EntityId, Revision};
use crate::mutation::PushedMutation;

/// What took effect under the name of a mutation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub revision: Revision,
    pub entity: EntityId,
    pub set: Fields,
}

impl Receipt {
    /// Whether it is this very mutation that took effect. It may come again with fewer fields: a replica that got a
    /// snapshot sends only those of its values that do not stand in it.
    #[must_use]
    pub fn is_of(&self, mutation: &PushedMutation) -> bool {
        let is_set = |(field, value)| self.set.get(field) == Some(value);
        self.entity == mutation.entity && mutation.set.iter().all(is_set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(entity: u8, set: &str) -> PushedMutation {
        let id = format!("00000000-0000-0000-0000-00000000000{entity}");
        let text = format!(r#"{{"seq":1,"entity":"{id}","kind":"task","set":{set},"at":1}}"#);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_mutation_that_comes_again_is_told_from_another_one_of_the_same_name() {
        let first = renamed(1, r#"{"title":"milk","notes":null}"#);
        let receipt = Receipt {
            revision: Revision(4),
            entity: first.entity,
            set: first.set.clone(),
        };
        assert!(receipt.is_of(&first));
        assert!(
            receipt.is_of(&renamed(1, r#"{"title":"milk"}"#)),
            "what is left of it"
        );
        assert!(!receipt.is_of(&renamed(2, r#"{"title":"milk"}"#)), "another task");
        assert!(!receipt.is_of(&renamed(1, r#"{"title":"tea"}"#)), "another value");
        assert!(!receipt.is_of(&renamed(1, r#"{"due":null}"#)), "another field");
    }
}
