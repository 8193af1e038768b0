//! The changes that a delta tells a replica of, as plain values: which field of which entity had which value before, has
//! which one now, and who changed it when. A client keeps a history of them for people to read.
//!
//! Only a delta says this. A snapshot brings the state and not the changes that led to it. The changes that this replica
//! made itself are not among them, because its person made them here.

use super::Replica;
use crate::entity::{Cell, Field, Kind};
use crate::ids::{EntityId, Revision};
use crate::mutation::Mutation;
use crate::protocol::{Author, Delta};
use crate::value::Value;

/// A change that somebody else made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub entity: EntityId,
    pub kind: Kind,
    pub field: Field,
    /// The value that this replica knew until now. If a delta brings several changes of one field, those in between are
    /// not among them.
    pub before: Value,
    pub after: Value,
    pub revision: Revision,
    /// None if the delta does not name them: the change is one of many, or the server is of an earlier version.
    pub by: Option<Author>,
}

impl Replica {
    /// The changes of others that `delta` brings, in the server's order. It has to be asked before the delta is folded,
    /// because afterwards the values of before are gone. There are none if the delta comes after a gap, belongs to
    /// another history, or brings nothing new.
    #[must_use]
    pub fn told(&self, delta: &Delta) -> Vec<Told> {
        if self.basis != Some(delta.epoch) || !self.continues(delta) {
            return Vec::new();
        }
        let mut told: Vec<Told> = Vec::new();
        for news in &delta.entities {
            for (field, cell) in news
                .fields
                .iter()
                .filter(|(field, cell)| self.is_new(news.id, field, cell))
            {
                let by = delta.author_of(cell.1);
                if by.is_none() && self.made(news.id, field, cell) {
                    continue;
                }
                told.push(Told {
                    entity: news.id,
                    kind: news.kind.clone(),
                    field: field.clone(),
                    before: self.base_value(news.id, field).clone(),
                    after: cell.0.clone(),
                    revision: cell.1,
                    by,
                });
            }
        }
        told.sort_by_key(|told| told.revision);
        told
    }

    fn is_new(&self, id: EntityId, field: &Field, cell: &Cell) -> bool {
        let known = self.base(id).map(|base| base.revision_of(field));
        cell.1 > known.unwrap_or_default() && cell.0 != *self.base_value(id, field)
    }

    /// Whether this replica made the change, as far as it remembers. The server names nobody for such a change. If its
    /// answer was lost, the edit still waits.
    fn made(&self, id: EntityId, field: &Field, cell: &Cell) -> bool {
        let waits = |mutation: &Mutation| mutation.set.get(field) == Some(&cell.0);
        self.waiting_for(id).any(waits) || self.is_own(cell.1)
    }
}
