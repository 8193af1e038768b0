//! The verdict on one mutation: what the server decides, given what it knows. A pure function.

use crate::entity::{Entity, Field};
use crate::fault::{Fault, planted};
use crate::ids::Revision;
use crate::mutation::PushedMutation;
use crate::protocol::RefusalCode;

/// The fate of a mutation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict<'a> {
    /// It takes effect at the next revision.
    Accepted,
    /// It took effect earlier, at this revision; only the answer was lost.
    AlreadyApplied(Revision),
    /// These fields have changed since the revision on which it was made. No part of it takes effect.
    Conflict(&'a Entity, Vec<Field>),
    /// It can never take effect.
    Refused(RefusalCode, String),
}

/// Decides on `mutation`. `receipt` is the revision at which it took effect, if it has. `own` are the revisions at
/// which mutations that it stands for took effect after all. `current` is its entity, if that exists.
pub(crate) fn judge<'a>(
    receipt: Option<Revision>,
    own: &[Revision],
    current: Option<&'a Entity>,
    mutation: &PushedMutation,
) -> Verdict<'a> {
    if let Some(revision) = receipt {
        return Verdict::AlreadyApplied(revision);
    }
    let Some(entity) = current else {
        return match mutation.base.is_empty() {
            true => Verdict::Accepted,
            false => Verdict::Refused(
                RefusalCode::UnknownEntity,
                "the server does not know this entity".into(),
            ),
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
    match stale_fields(entity, own, mutation) {
        stale if stale.is_empty() => Verdict::Accepted,
        stale => Verdict::Conflict(entity, stale),
    }
}

/// The fields that changed after the revisions on which `mutation` was made.
///
/// Deletion concerns the whole entity. So a mutation that sets `deleted` has in its base the revision of every field
/// that the person could see, and is stale if any of them has changed since. And every edit is stale if `deleted` has
/// changed since. Whether the entity was deleted or brought back is a value, so the client looks at that.
fn stale_fields(entity: &Entity, own: &[Revision], mutation: &PushedMutation) -> Vec<Field> {
    if planted(Fault::StaleFieldAccepted) {
        return Vec::new();
    }
    let touches_all = mutation.set.contains_key(&Field::Deleted) && !planted(Fault::DeletionBlind);
    let deletion_counts = !planted(Fault::DeletionNotSeen);
    let counts = |field: &&Field| {
        touches_all || (**field == Field::Deleted && deletion_counts) || mutation.set.contains_key(*field)
    };
    let moved = |field: &&Field| {
        let revision = entity.revision_of(field);
        revision > mutation.base_revision(field) && !own.contains(&revision)
    };
    entity
        .fields
        .keys()
        .filter(counts)
        .filter(moved)
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;

    use super::*;
    use crate::entity::{Cell, Kind};
    use crate::ids::{EntityId, MutationSeq, Timestamp};
    use crate::sequencer::apply;
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
            tick: 0,
            group: None,
            since: None,
            origin: None,
        }
    }

    /// The verdict, and for a conflict the fields that it is about.
    fn decided(own: &[u64], current: &Entity, mutation: &PushedMutation) -> Decided {
        let own: Vec<_> = own.iter().copied().map(Revision).collect();
        match judge(None, &own, Some(current), mutation) {
            Verdict::Accepted => Ok(()),
            Verdict::Conflict(_, fields) => Err(fields),
            other => panic!("{other:?}"),
        }
    }

    fn conflict(fields: &[&str]) -> Decided {
        Err(fields.iter().map(|f| Field::from(*f)).collect())
    }

    type Decided = Result<(), Vec<Field>>;
    type Cells<'a> = &'a [(&'a str, u64)];

    /// The whole table: every state of the stored entity × every base of the mutation.
    #[test]
    fn truth_table() {
        let task = [("title", 5), ("notes", 3)];
        let gone = [("title", 5), ("notes", 3), ("deleted", 9)];
        let rows: &[(&str, Cells<'_>, &[&str], Cells<'_>, Decided)] = &[
            ("seen", &task, &["title"], &[("title", 5)], Ok(())),
            ("stale", &task, &["title"], &[("title", 4)], conflict(&["title"])),
            ("never seen", &task, &["title"], &[], conflict(&["title"])),
            ("another field moved", &task, &["notes"], &[("notes", 3)], Ok(())),
            ("new field", &task, &["due"], &[], Ok(())),
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
                Ok(()),
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
                Ok(()),
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
                Ok(()),
            ),
        ];
        for (name, cells, set, base, expected) in rows {
            assert_eq!(
                decided(&[], &stored(cells), &edit(set, base)),
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
            judge(Some(Revision(4)), &[], Some(&current), &stale),
            Verdict::AlreadyApplied(Revision(4))
        );
    }

    #[test]
    fn a_mutation_has_seen_what_it_stands_for_and_nothing_else() {
        let current = stored(&[("title", 5), ("notes", 6)]);
        let later = edit(&["title", "notes"], &[("title", 3), ("notes", 3)]);
        assert_eq!(decided(&[5, 6], &current, &later), Ok(()));
        assert_eq!(decided(&[5], &current, &later), conflict(&["notes"]));
        assert_eq!(decided(&[4, 7], &current, &later), conflict(&["notes", "title"]));
    }

    #[test]
    fn entities_begin_with_a_mutation_on_nothing() {
        assert_eq!(judge(None, &[], None, &edit(&["title"], &[])), Verdict::Accepted);
        let orphan = judge(None, &[], None, &edit(&["title"], &[("title", 2)]));
        assert!(matches!(orphan, Verdict::Refused(RefusalCode::UnknownEntity, _)));
    }

    #[test]
    fn kinds_never_change() {
        let mut mutation = edit(&["name"], &[]);
        mutation.kind = Kind::List;
        let current = stored(&[("title", 1)]);
        let verdict = judge(None, &[], Some(&current), &mutation);
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
