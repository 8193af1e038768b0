//! The authors of a delta's changes, as far as a replica may have to name them to people.
//!
//! Two edits of different fields, or of different tasks, may cross: see `replica/crossing`. The server accepts both,
//! so no outcome names the author of the other edit. The delta that brings the other edit does. It names the authors
//! only of fields that can cross, so that most deltas stay as small as they were.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Author, Delta};
use crate::entity::{Entity, Field};
use crate::ids::{ReplicaId, Revision, Timestamp, UserId};

/// A replica that made changes of a delta: its person, its device, and when it made each of them. A replica that made
/// many of them is named once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedBy {
    pub user: UserId,
    pub device: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replica: Option<ReplicaId>,
    /// For each change its revision, and its time by the clock of the replica, with the tick.
    pub changes: Vec<(Revision, Timestamp, u32)>,
}

impl ChangedBy {
    fn author_at(&self, revision: Revision) -> Option<Author> {
        let made = self.changes.iter().find(|(known, _, _)| *known == revision);
        made.map(|(_, at, tick)| Author {
            user: self.user,
            device: self.device.clone(),
            at: *at,
            tick: *tick,
            replica: self.replica,
        })
    }
}

/// The authors of single revisions, as a delta writes them.
#[must_use]
pub fn changed_by(authors: impl IntoIterator<Item = (Revision, Author)>) -> Vec<ChangedBy> {
    let mut all: Vec<ChangedBy> = Vec::new();
    for (revision, by) in authors {
        let change = (revision, by.at, by.tick);
        let is_same = |known: &&mut ChangedBy| {
            known.replica == by.replica && known.user == by.user && known.device == by.device
        };
        match all.iter_mut().find(is_same) {
            Some(known) => known.changes.push(change),
            None => all.push(ChangedBy {
                user: by.user,
                device: by.device,
                replica: by.replica,
                changes: vec![change],
            }),
        }
    }
    all
}

/// The revisions whose authors a delta from `from` on names: those of its cells that can cross with an edit of another
/// replica. The fields with which an entity began cannot, because nobody else knew the entity.
#[must_use]
pub fn contested(entities: &[Entity], from: Revision) -> BTreeSet<Revision> {
    let mut revisions = BTreeSet::new();
    for entity in entities {
        let began = entity.revision_of(&Field::Created);
        let cells = entity.fields.iter().filter(|(field, _)| crosses(field));
        let cells = cells.map(|(_, cell)| cell.1);
        revisions.extend(cells.filter(|revision| *revision > from && *revision != began));
    }
    revisions
}

/// Whether a change of this field may contradict a change of another field or of another entity.
fn crosses(field: &Field) -> bool {
    match field {
        Field::Completed | Field::Due | Field::Start | Field::Recurrence => true,
        Field::Parent | Field::Deleted => true,
        Field::Title | Field::Notes | Field::Name | Field::Text | Field::Query | Field::Other(_) => false,
        Field::Priority | Field::List | Field::Section | Field::Position | Field::Created => false,
        Field::Labels | Field::Assignee | Field::Series | Field::Folder | Field::Colour => false,
        Field::Archived | Field::Favourite | Field::Task | Field::Author => false,
        Field::Subject | Field::State | Field::Base | Field::Local | Field::Remote | Field::Result => false,
        Field::Rules | Field::LocalAuthor | Field::RemoteAuthor => false,
        Field::Before | Field::Resolver | Field::Merged => false,
    }
}

impl Delta {
    /// The author of the change of this revision, if the delta names them.
    #[must_use]
    pub fn author_of(&self, revision: Revision) -> Option<Author> {
        self.authors.iter().find_map(|by| by.author_at(revision))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::entity::{Cell, Kind};
    use crate::ids::EntityId;
    use crate::value::Value;

    fn entity(cells: &[(&str, u64)]) -> Entity {
        let mut entity = Entity::new(EntityId(Uuid::nil()), Kind::Task);
        let cell = |(field, revision): &(&str, u64)| {
            (
                Field::from(*field),
                Cell(Value::text("value"), Revision(*revision)),
            )
        };
        entity.absorb(cells.iter().map(cell));
        entity
    }

    #[test]
    fn only_what_can_cross_has_an_author() {
        let news = [
            entity(&[("title", 5), ("due", 6), ("start", 6), ("completed", 7)]),
            entity(&[("created", 8), ("due", 8), ("parent", 9)]),
            entity(&[("due", 4), ("notes", 10)]),
        ];
        let named: Vec<_> = contested(&news, Revision(4)).into_iter().map(|r| r.0).collect();
        assert_eq!(
            named,
            [6, 7, 9],
            "once each, nothing that is known or begins an entity"
        );
    }

    #[test]
    fn a_replica_is_named_once_and_its_changes_are_told_apart() {
        let by = |replica: u128, at: u64, tick: u32| Author {
            user: UserId(Uuid::nil()),
            device: "phone".into(),
            at: Timestamp(at),
            tick,
            replica: Some(ReplicaId(Uuid::from_u128(replica))),
        };
        let all = [(5, by(1, 100, 0)), (6, by(2, 100, 1)), (9, by(1, 200, 0))];
        let all = all.map(|(revision, by)| (Revision(revision), by));
        let written = changed_by(all.clone());
        assert_eq!(written.len(), 2);
        for (revision, by) in all {
            let read = written.iter().find_map(|changed| changed.author_at(revision));
            assert_eq!(read, Some(by));
        }
        assert_eq!(
            written.iter().find_map(|changed| changed.author_at(Revision(7))),
            None
        );
    }
}
