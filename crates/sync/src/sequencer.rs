//! The server's order: the decision on each mutation and what takes effect, over any storage.
//!
//! A decision compares which revisions a mutation was made on with those that the fields have now. It never looks at a
//! value, so it works on sealed workspaces too. The storage is a [`Ledger`]: SQLite in the server, memory in the
//! simulator. The caller holds the workspace's lock and runs a [`Sequencer`] within one transaction, so that effect,
//! receipt, revision and mark are stored together or not at all.

use std::collections::BTreeMap;

use crate::entity::{Cell, Entity, Field};
use crate::fault::{Fault, planted};
use crate::hlc::Hlc;
use crate::ids::{EntityId, Mark, MutationId, MutationSeq, ReplicaId, Revision, Timestamp};
use crate::limits;
use crate::mutation::PushedMutation;
use crate::protocol::{Author, Authored, Fate, RefusalCode};
use crate::subscription::Head;

/// What a sequencer asks of a workspace's storage, inside one transaction.
pub trait Ledger {
    type Error;

    /// Whether mutations may be pushed under this replica's name: it is the pushing user's, or nobody's yet.
    ///
    /// # Errors
    /// Of the storage, as for all methods here.
    fn may_speak_for(&mut self, replica: ReplicaId) -> Result<bool, Self::Error>;

    /// At which revision the mutation took effect; none where it did not.
    fn receipt(&mut self, id: MutationId) -> Result<Option<Revision>, Self::Error>;

    /// At which revisions mutations of `replica` on `entity` took effect, from `since` up to, but not with, `before`.
    fn receipts(
        &mut self,
        replica: ReplicaId,
        entity: EntityId,
        since: MutationSeq,
        before: MutationSeq,
    ) -> Result<Vec<Revision>, Self::Error>;

    fn entity(&mut self, id: EntityId) -> Result<Option<Entity>, Self::Error>;

    /// Who made the change of this revision, for people to read.
    fn author(&mut self, revision: Revision) -> Result<Option<Author>, Self::Error>;

    /// Stores a change with its receipt. A refusal where a limit of the storage is met: then nothing is stored.
    fn store(&mut self, change: Change<'_>) -> Result<Result<(), Refusal>, Self::Error>;
}

/// A mutation that takes effect.
#[derive(Debug)]
pub struct Change<'a> {
    pub id: MutationId,
    pub mutation: &'a PushedMutation,
    pub revision: Revision,
    pub mark: Mark,
    /// When it was made, as far as that is believed.
    pub hlc: Hlc,
    /// The entity as it is then, whole.
    pub entity: &'a Entity,
    /// Whether the entity begins with it.
    pub created: bool,
}

/// Why a mutation does not take effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub RefusalCode, pub String);

/// What the pushing user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    Read,
    Write,
}

/// One push of one replica, mutation by mutation.
#[derive(Debug)]
pub struct Sequencer<'a, L> {
    pub ledger: &'a mut L,
    replica: ReplicaId,
    right: Right,
    now: Timestamp,
    head: Revision,
    mark: Mark,
    horizon: Revision,
    changed: BTreeMap<EntityId, Entity>,
}

/// What a push came to: where the workspace stands, and the cells that were written, entity by entity.
#[derive(Debug)]
pub struct Sequenced {
    pub head: Revision,
    pub mark: Mark,
    pub changed: BTreeMap<EntityId, Entity>,
}

impl<'a, L: Ledger> Sequencer<'a, L> {
    /// Begins at the workspace's head. `now` is the server's clock.
    pub fn new(ledger: &'a mut L, (replica, right): (ReplicaId, Right), head: Head, now: Timestamp) -> Self {
        Self {
            ledger,
            replica,
            right,
            now,
            head: head.revision,
            mark: head.mark,
            horizon: head.horizon,
            changed: BTreeMap::new(),
        }
    }

    #[must_use]
    pub fn finish(self) -> Sequenced {
        Sequenced {
            head: self.head,
            mark: self.mark,
            changed: self.changed,
        }
    }

    /// Decides on a mutation, and lets it take effect where nothing stands against it.
    ///
    /// # Errors
    /// Of the storage: the transaction is to be given up.
    pub fn decide(&mut self, mutation: &PushedMutation) -> Result<Fate, L::Error> {
        if let Err(invalid) = mutation.validate() {
            return Ok(refused(RefusalCode::Invalid, invalid.to_string()));
        }
        let id = mutation.id(self.replica);
        if !self.ledger.may_speak_for(id.replica)? {
            return Ok(refused(RefusalCode::Forbidden, "the replica is another user's"));
        }
        // An answer that was lost is given again, whatever the right is now.
        let receipt = self
            .ledger
            .receipt(id)?
            .filter(|_| !planted(Fault::ReceiptNotAsked));
        if receipt.is_none() && self.right == Right::Read {
            return Ok(refused(
                RefusalCode::Forbidden,
                "you may read here, but not write",
            ));
        }
        let own = match mutation.since {
            Some(since) => self
                .ledger
                .receipts(self.replica, mutation.entity, since, mutation.seq)?,
            None => Vec::new(),
        };
        let current = self.ledger.entity(mutation.entity)?;
        let buried =
            |entity: &Entity| entity.is_deleted() && entity.revision_of(&Field::Deleted) < self.horizon;
        if receipt.is_none() && current.as_ref().is_some_and(buried) {
            return Ok(refused(RefusalCode::UnknownEntity, "it was deleted too long ago"));
        }
        match judge(receipt, &own, current.as_ref(), mutation) {
            Verdict::AlreadyApplied(revision) => Ok(Fate::Accepted { revision, current }),
            Verdict::Refused(code, message) => Ok(Fate::Refused { code, message }),
            Verdict::Accepted => self.accept(id, current, mutation),
            Verdict::Conflict(current, fields) => {
                let latest = fields.iter().map(|field| current.revision_of(field)).max();
                let by = match latest {
                    Some(revision) => self.ledger.author(revision)?,
                    None => None,
                };
                // More may wait behind this one, made before what the replica has not seen of other fields.
                let mut rest: BTreeMap<Revision, Vec<Field>> = BTreeMap::new();
                for (field, cell) in &current.fields {
                    let moved = cell.1 > mutation.base_revision(field) || fields.contains(field);
                    if moved && Some(cell.1) != latest {
                        rest.entry(cell.1).or_default().push(field.clone());
                    }
                }
                let mut others = Vec::new();
                for (revision, fields) in rest {
                    if let Some(by) = self.ledger.author(revision)? {
                        others.push(Authored { by, fields });
                    }
                }
                let current = current.clone();
                Ok(Fate::Conflict { current, by, others })
            }
        }
    }

    fn accept(
        &mut self,
        id: MutationId,
        current: Option<Entity>,
        mutation: &PushedMutation,
    ) -> Result<Fate, L::Error> {
        let revision = self.head.next();
        let mark = self.mark.next(id);
        let created = current.is_none();
        let fresh = || Entity::new(mutation.entity, mutation.kind.clone());
        let mut entity = current.unwrap_or_else(fresh);
        apply(&mut entity, mutation, revision);
        // Whoever deletes it names them all.
        let fields = entity.fields.keys().filter(|field| **field != Field::Deleted);
        if fields.count() >= limits::FIELDS_PER_MUTATION {
            let most = limits::FIELDS_PER_MUTATION - 1;
            return Ok(refused(
                RefusalCode::Invalid,
                format!("an entity has at most {most} fields"),
            ));
        }
        let change = Change {
            id,
            mutation,
            revision,
            mark,
            hlc: Hlc::new(mutation.at, mutation.tick).clamped(self.now),
            entity: &entity,
            created,
        };
        if let Err(Refusal(code, message)) = self.ledger.store(change)? {
            return Ok(Fate::Refused { code, message });
        }
        (self.head, self.mark) = (revision, mark);
        let news = entity.since(Revision(revision.0 - 1));
        // Of a tombstone, or of what was one, the origin may have nothing either.
        let whole = news.fields.len() > mutation.set.len();
        let changed = self.changed.entry(mutation.entity).or_insert_with(fresh);
        changed.absorb(news.fields);
        Ok(Fate::Accepted {
            revision,
            current: whole.then_some(entity),
        })
    }
}

fn refused(code: RefusalCode, message: impl Into<String>) -> Fate {
    Fate::Refused {
        code,
        message: message.into(),
    }
}

/// The fate of a mutation.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict<'a> {
    /// It takes effect at the next revision.
    Accepted,
    /// It has taken effect before, at this revision; only the answer was lost.
    AlreadyApplied(Revision),
    /// These fields have changed since the revision it was made on. Nothing of it takes effect.
    Conflict(&'a Entity, Vec<Field>),
    /// It can never take effect.
    Refused(RefusalCode, String),
}

/// Decides on `mutation`, given its receipt, if it has one, the revisions of what it stands for and took effect after
/// all, and its entity, if there is one.
fn judge<'a>(
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

/// The fields on which `mutation` disagrees with what has happened since it was made.
///
/// Being deleted or not touches the whole entity: a mutation that sets `deleted` carries in its base the revision of
/// every field the person could see, and is stale when any has moved; and any edit is stale when `deleted` has moved
/// since. Whether it was deleted or brought back is a value, and so the client's business.
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

/// Lets an accepted mutation take effect at `revision`.
fn apply(entity: &mut Entity, mutation: &PushedMutation, revision: Revision) {
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
            tick: 0,
            group: None,
            since: None,
            origin: None,
        }
    }

    /// What is decided, and on a conflict the fields that it is about.
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

    /// The whole table: what is stored × what the mutation says it was made on.
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
