//! Undo: a new mutation that sets back what an earlier one set, also after that has been acknowledged. What somebody has
//! changed since stays theirs: nobody takes back what they did not do.

use uuid::Uuid;

use super::{Edit, Replica};
use crate::entity::{Field, Fields};
use crate::ids::Timestamp;
use crate::mutation::Mutation;
use crate::value::Value;

impl Replica {
    /// The mutations that take back `done`, last first: each field that still has the value it was given gets back the
    /// one it had. None where nothing of it stands any more.
    #[must_use]
    pub fn undo(&self, done: &[Mutation], at: Timestamp, group: Option<Uuid>) -> Vec<Mutation> {
        let undone = done.iter().rev().filter_map(|mutation| {
            let view = self.view(mutation.entity)?;
            let standing = mutation
                .set
                .iter()
                .filter(|(field, value)| view.value(field) == *value);
            let back = |(field, _): (&Field, &Value)| (field.clone(), mutation.base_value(field).clone());
            let set: Fields = standing.map(back).collect();
            (!set.is_empty()).then(|| {
                self.edit(Edit {
                    entity: mutation.entity,
                    kind: mutation.kind.clone(),
                    set,
                    seen: Fields::new(),
                    at,
                    group,
                })
            })
        });
        undone.collect()
    }
}
