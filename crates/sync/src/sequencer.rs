//! The server's order: the decision on each mutation and what takes effect, over any storage.
//!
//! A decision compares the revisions on which a mutation was made with those that the fields have now. It never looks
//! at a value, so it works on sealed workspaces too. The storage is a [`Ledger`]: SQLite in the server, memory in the
//! simulator. The caller holds the workspace's lock and runs a [`Sequencer`] within one transaction, so that effect,
//! receipt, revision and mark are stored together or not at all.

use crate::entity::{Cell, Entity, Field};
use crate::fault::{Fault, planted};
use crate::hlc::Hlc;
use crate::ids::{EntityId, Mark, MutationId, MutationSeq, ReplicaId, Revision, Timestamp};
use crate::limits;
use crate::mutation::PushedMutation;
use crate::protocol::{Author, Authored, Fate, RefusalCode};
pub use crate::receipt::Receipt;
use crate::sorted_map::SortedMap;
use crate::subscription::Head;
use crate::verdict::{Verdict, judge};

/// The storage of a workspace as a sequencer needs it, inside one transaction.
pub trait Ledger {
    type Error;

    /// Whether mutations may be pushed under this replica's name. They may if the replica belongs to the pushing user,
    /// or to nobody yet.
    ///
    /// # Errors
    /// When the storage fails. The same holds for all methods here.
    fn may_speak_for(&mut self, replica: ReplicaId) -> Result<bool, Self::Error>;

    /// The receipt of the mutation with this name; none if it has not taken effect.
    fn receipt(&mut self, id: MutationId) -> Result<Option<Receipt>, Self::Error>;

    /// At which revisions mutations of `replica` on `entity` took effect, from `since` up to, but not with, `before`.
    fn receipts(
        &mut self,
        replica: ReplicaId,
        entity: EntityId,
        since: MutationSeq,
        before: MutationSeq,
    ) -> Result<Vec<Revision>, Self::Error>;

    fn entity(&mut self, id: EntityId) -> Result<Option<Entity>, Self::Error>;

    /// The author of the change of this revision, for people to read.
    fn author(&mut self, revision: Revision) -> Result<Option<Author>, Self::Error>;

    /// Stores a change with its receipt. If a limit of the storage is reached, it stores nothing and returns a
    /// refusal.
    fn store(&mut self, change: Change<'_>) -> Result<Result<(), Refusal>, Self::Error>;
}

/// A mutation that takes effect.
#[derive(Debug)]
pub struct Change<'a> {
    pub id: MutationId,
    pub mutation: &'a PushedMutation,
    pub revision: Revision,
    pub mark: Mark,
    /// When it was made. A clock that is too far ahead is not believed, see [`Hlc::clamped`].
    pub hlc: Hlc,
    /// The whole entity, as it is after the change.
    pub entity: &'a Entity,
    /// Whether the change creates the entity.
    pub created: bool,
}

/// Why a mutation does not take effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub RefusalCode, pub String);

/// The right of the pushing user.
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
    changed: SortedMap<EntityId, Entity>,
}

/// The result of a push: the workspace's new head, and the cells that were written, by entity.
#[derive(Debug)]
pub struct Sequenced {
    pub head: Revision,
    pub mark: Mark,
    pub changed: SortedMap<EntityId, Entity>,
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
            changed: SortedMap::new(),
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

    /// Decides on a mutation. If nothing speaks against it, it takes effect.
    ///
    /// # Errors
    /// When the storage fails. The caller has to roll back the transaction.
    pub fn decide(&mut self, mutation: &PushedMutation) -> Result<Fate, L::Error> {
        if let Err(invalid) = mutation.validate() {
            return Ok(refused(RefusalCode::Invalid, invalid.to_string()));
        }
        let id = mutation.id(self.replica);
        if !self.ledger.may_speak_for(id.replica)? {
            return Ok(refused(RefusalCode::Forbidden, "the replica is another user's"));
        }
        // If an answer was lost, it is given again, even if the user has lost the right to write since.
        let receipt = self
            .ledger
            .receipt(id)?
            .filter(|_| !planted(Fault::ReceiptNotAsked));
        if receipt.as_ref().is_some_and(|receipt| !receipt.is_of(mutation)) {
            return Ok(refused(
                RefusalCode::SeqReused,
                "this sequence number is that of another mutation",
            ));
        }
        let receipt = receipt.map(|receipt| receipt.revision);
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
            Verdict::Accepted => self.accept(id, current, mutation, !own.is_empty()),
            Verdict::Conflict(current, fields) => {
                let latest = fields.iter().map(|field| current.revision_of(field)).max();
                let by = match latest {
                    Some(revision) => self.ledger.author(revision)?,
                    None => None,
                };
                // Mutations that wait behind this one may be in conflict too, in other fields that changed without the
                // replica's knowledge. So the authors of those are named as well.
                let mut rest: SortedMap<Revision, Vec<Field>> = SortedMap::new();
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

    /// `repeats` says whether the mutation stands for earlier ones of which some took effect before.
    fn accept(
        &mut self,
        id: MutationId,
        current: Option<Entity>,
        mutation: &PushedMutation,
        repeats: bool,
    ) -> Result<Fate, L::Error> {
        let revision = self.head.next();
        let mark = self.mark.next(id, mutation.entity, &mutation.set);
        let created = current.is_none();
        let fresh = || Entity::new(mutation.entity, mutation.kind.clone());
        let mut entity = current.unwrap_or_else(fresh);
        apply(&mut entity, mutation, revision);
        // A mutation that deletes the entity has to name all its fields.
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
        // If the entity is or was a tombstone, the replica that pushed may lack its other fields as well. If an earlier
        // mutation took effect before, the answer to that one may reach the replica before this answer. Then the replica
        // does not know any more that this mutation set its values once more.
        let whole = news.fields.len() > mutation.set.len() || repeats;
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

/// Lets an accepted mutation take effect at `revision`.
pub(crate) fn apply(entity: &mut Entity, mutation: &PushedMutation, revision: Revision) {
    entity.absorb(
        mutation
            .set
            .iter()
            .map(|(field, value)| (field.clone(), Cell(value.clone(), revision))),
    );
}
