//! Receipts: for each mutation that took effect, the server keeps a receipt under the mutation's name. If the
//! mutation comes again, the receipt answers it. If another mutation comes under the same name, the receipt shows
//! that it is another.

use crate::entity::Fields;
use crate::ids::{EntityId, Revision};
use crate::mutation::PushedMutation;

/// The effect of a mutation, under its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub revision: Revision,
    pub entity: EntityId,
    pub set: Fields,
}

impl Receipt {
    /// Whether exactly this mutation took effect. It may come again with fewer fields, because a replica that got a
    /// snapshot pushes only the values that are not in the snapshot.
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
