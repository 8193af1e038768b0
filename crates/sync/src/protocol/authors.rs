//! The authors of a delta's changes, for people to read.
//!
//! A replica keeps a history of what others changed, and it may have to say who made the other one of two edits that
//! crossed (see `replica/crossing`). So a delta names the authors of its latest changes, and of every change that can
//! cross with an edit of the receiving replica. A replica that made many of them is named once, so a delta of many
//! changes grows by some bytes for each. A snapshot names nobody.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Author, Delta};
use crate::entity::{Cell, Entity, Field};
use crate::ids::{ReplicaId, Revision, Timestamp, UserId};
use crate::limits;

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

/// The revisions whose authors a delta over `(from, to]` names: the latest ones, up to the limit, and of the earlier ones
/// those of cells that can cross with an edit of another replica. The fields with which an entity began cannot cross,
/// because nobody else knew the entity.
#[must_use]
pub fn named(entities: &[Entity], from: Revision, to: Revision) -> BTreeSet<Revision> {
    let latest = Revision(to.0.saturating_sub(limits::NAMED_CHANGES));
    let mut revisions = BTreeSet::new();
    for entity in entities {
        let began = entity.revision_of(&Field::Created);
        let is_named = |(field, cell): &(&Field, &Cell)| {
            cell.1 > from && (cell.1 > latest || (crosses(field) && cell.1 != began))
        };
        let cells = entity.fields.iter().filter(is_named);
        revisions.extend(cells.map(|(_, cell)| cell.1));
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
    use crate::entity::Kind;
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
    fn the_latest_changes_have_authors_and_of_the_others_what_can_cross() {
        let news = [
            entity(&[("title", 5), ("due", 6), ("start", 6), ("completed", 7)]),
            entity(&[("created", 8), ("due", 8), ("parent", 9)]),
            entity(&[("due", 4), ("notes", 10)]),
        ];
        let named = |to: u64| -> Vec<u64> {
            let named = named(&news, Revision(4), Revision(to));
            named.into_iter().map(|revision| revision.0).collect()
        };
        assert_eq!(
            named(10),
            [5, 6, 7, 8, 9, 10],
            "each once, and nothing that is known"
        );
        assert_eq!(
            named(8 + limits::NAMED_CHANGES),
            [6, 7, 9, 10],
            "not with what it began"
        );
        assert_eq!(named(99 + limits::NAMED_CHANGES), [6, 7, 9]);
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
