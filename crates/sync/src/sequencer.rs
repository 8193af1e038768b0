//! The server's decision on one mutation, as a pure function: which revisions it was made on against which revisions
//! the fields have now. It never looks at a value, so it works on sealed workspaces too.
//!
//! The caller holds the workspace's lock, asks for the receipt first, and stores effect and receipt in one transaction.

use crate::entity::{Cell, Entity, Field};
use crate::ids::Revision;
use crate::mutation::PushedMutation;
use crate::protocol::RefusalCode;

/// The fate of a mutation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It takes effect at the next revision.
    Accepted,
    /// It has taken effect before, at this revision; only the answer was lost.
    AlreadyApplied(Revision),
    /// These fields have changed since the revision it was made on. Nothing of it takes effect.
    Conflict(Vec<Field>),
    /// It can never take effect.
    Refused(RefusalCode, String),
}

/// Decides on `mutation`, given its receipt, if it has one, and its entity, if there is one.
#[must_use]
pub fn judge(receipt: Option<Revision>, current: Option<&Entity>, mutation: &PushedMutation) -> Verdict {
    if let Some(revision) = receipt {
        return Verdict::AlreadyApplied(revision);
    }
    if let Err(invalid) = mutation.validate() {
        return Verdict::Refused(RefusalCode::Invalid, invalid.to_string());
    }
    let Some(entity) = current else {
        return match mutation.base.values().any(|revision| *revision > Revision(0)) {
            true => Verdict::Refused(
                RefusalCode::UnknownEntity,
                "the server does not know this entity".into(),
            ),
            false => Verdict::Accepted,
        };
    };
    if entity.kind != mutation.kind {
        let message = format!(
            "the entity is a {}, not a {}",
            entity.kind.as_str(),
            mutation.kind.as_str()
        );
        return Verdict::Refused(RefusalCode::WrongKind, message);
    }
    match stale_fields(entity, mutation) {
        stale if stale.is_empty() => Verdict::Accepted,
        stale => Verdict::Conflict(stale),
    }
}

/// The fields on which `mutation` disagrees with what has happened since it was made.
///
/// Being deleted or not touches the whole entity: a mutation that sets `deleted` carries in its base the revision of
/// every field the person could see, and is stale when any has moved; and any edit is stale when `deleted` has moved
/// since. Whether it was deleted or brought back is a value, and so the client's business.
fn stale_fields(entity: &Entity, mutation: &PushedMutation) -> Vec<Field> {
    let touches_all = mutation.set.contains_key(&Field::Deleted);
    let counts =
        |field: &&Field| touches_all || **field == Field::Deleted || mutation.set.contains_key(*field);
    let moved = |field: &&Field| entity.revision_of(field) > mutation.base_revision(field);
    entity
        .fields
        .keys()
        .filter(counts)
        .filter(moved)
        .cloned()
        .collect()
}

/// Lets an accepted mutation take effect at `revision`. Answers the cells it wrote.
pub fn apply(entity: &mut Entity, mutation: &PushedMutation, revision: Revision) {
    entity.absorb(
        mutation
            .set
            .iter()
            .map(|(field, value)| (field.clone(), Cell(value.clone(), revision))),
    );
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;

    use super::*;
    use crate::entity::Kind;
    use crate::ids::{EntityId, MutationSeq, Timestamp};
    use crate::value::Value;

    fn stored(cells: &[(&str, u64)]) -> Entity {
        let mut entity = Entity::new(EntityId(Uuid::nil()), Kind::Task);
        entity.absorb(
            cells
                .iter()
                .map(|(f, r)| (Field::from(*f), Cell(Value::text("stored"), Revision(*r)))),
        );
        entity
    }

    fn edit(set: &[&str], base: &[(&str, u64)]) -> PushedMutation {
        PushedMutation {
            seq: MutationSeq(1),
            entity: EntityId(Uuid::nil()),
            kind: Kind::Task,
            set: set
                .iter()
                .map(|f| (Field::from(*f), Value::text("new")))
                .collect(),
            base: base
                .iter()
                .map(|(f, r)| (Field::from(*f), Revision(*r)))
                .collect(),
            at: Timestamp(0),
            group: None,
        }
    }

    fn conflict(fields: &[&str]) -> Verdict {
        Verdict::Conflict(fields.iter().map(|f| Field::from(*f)).collect())
    }

    type Cells<'a> = &'a [(&'a str, u64)];

    /// The whole table: what is stored × what the mutation says it was made on.
    #[test]
    fn truth_table() {
        let task = [("title", 5), ("notes", 3)];
        let gone = [("title", 5), ("notes", 3), ("deleted", 9)];
        let rows: &[(&str, Cells<'_>, &[&str], Cells<'_>, Verdict)] = &[
            ("seen", &task, &["title"], &[("title", 5)], Verdict::Accepted),
            ("stale", &task, &["title"], &[("title", 4)], conflict(&["title"])),
            ("never seen", &task, &["title"], &[], conflict(&["title"])),
            (
                "another field moved",
                &task,
                &["notes"],
                &[("notes", 3)],
                Verdict::Accepted,
            ),
            ("new field", &task, &["due"], &[], Verdict::Accepted),
            (
                "one of two stale",
                &task,
                &["title", "notes"],
                &[("title", 5), ("notes", 2)],
                conflict(&["notes"]),
            ),
            (
                "delete, all seen",
                &task,
                &["deleted"],
                &[("title", 5), ("notes", 3)],
                Verdict::Accepted,
            ),
            (
                "delete over an edit",
                &task,
                &["deleted"],
                &[("title", 4), ("notes", 3)],
                conflict(&["title"]),
            ),
            (
                "delete, nothing seen",
                &task,
                &["deleted"],
                &[],
                conflict(&["notes", "title"]),
            ),
            (
                "edit over a delete",
                &gone,
                &["title"],
                &[("title", 5)],
                conflict(&["deleted"]),
            ),
            (
                "edit, delete seen",
                &gone,
                &["title"],
                &[("title", 5), ("deleted", 9)],
                Verdict::Accepted,
            ),
            (
                "both at once",
                &gone,
                &["title"],
                &[("title", 1)],
                conflict(&["deleted", "title"]),
            ),
            (
                "restore",
                &gone,
                &["deleted"],
                &[("title", 5), ("notes", 3), ("deleted", 9)],
                Verdict::Accepted,
            ),
        ];
        for (name, cells, set, base, expected) in rows {
            assert_eq!(
                judge(None, Some(&stored(cells)), &edit(set, base)),
                *expected,
                "{name}"
            );
        }
    }

    #[test]
    fn a_receipt_answers_before_anything_else() {
        let stale = edit(&["title"], &[]);
        let current = stored(&[("title", 5)]);
        assert_eq!(
            judge(Some(Revision(4)), Some(&current), &stale),
            Verdict::AlreadyApplied(Revision(4))
        );
    }

    #[test]
    fn entities_begin_with_a_mutation_on_nothing() {
        assert_eq!(judge(None, None, &edit(&["title"], &[])), Verdict::Accepted);
        let orphan = judge(None, None, &edit(&["title"], &[("title", 2)]));
        assert!(matches!(orphan, Verdict::Refused(RefusalCode::UnknownEntity, _)));
    }

    #[test]
    fn kinds_never_change() {
        let mut mutation = edit(&["name"], &[]);
        mutation.kind = Kind::List;
        let verdict = judge(None, Some(&stored(&[("title", 1)])), &mutation);
        assert!(matches!(verdict, Verdict::Refused(RefusalCode::WrongKind, _)));
    }

    #[test]
    fn an_accepted_mutation_moves_just_its_fields() {
        let mut entity = stored(&[("title", 5), ("notes", 3)]);
        apply(&mut entity, &edit(&["title"], &[("title", 5)]), Revision(6));
        let revisions: BTreeMap<_, _> = entity.fields.iter().map(|(f, c)| (f.as_str(), c.1.0)).collect();
        assert_eq!(revisions, BTreeMap::from([("notes", 3), ("title", 6)]));
    }
}
