//! Undo of mutations that are in the log, by the rule of [`gesture::undo`].

use uuid::Uuid;

use super::Replica;
use crate::gesture::{self, Done};
use crate::ids::Timestamp;
use crate::mutation::Mutation;

impl Replica {
    /// The mutations that take back `done`, last first.
    #[must_use]
    pub fn undo(&self, done: &[Mutation], at: Timestamp, group: Option<Uuid>) -> Vec<Mutation> {
        let done: Vec<Done> = done.iter().map(Done::from).collect();
        let undone = gesture::undo(self, &done, at, group);
        undone.into_iter().map(|edit| self.edit(edit)).collect()
    }
}
