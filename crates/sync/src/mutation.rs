//! Mutations: what a person meant, as a patch of one entity with the revisions it was made on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entity::{Cell, Field, Fields, Kind};
use crate::fault::{Fault, planted};
use crate::hlc::{self, Hlc};
use crate::ids::{EntityId, MutationId, MutationSeq, ReplicaId, Revision, Timestamp};
use crate::limits;
use crate::protocol;
use crate::value::Value;

/// A mutation as it is stored on this device and kept until the server has answered.
///
/// `base` holds, for each field in `set`, the value that the person saw when they changed it, and its revision. It is
/// what a three-way merge needs, and stays as it is while the replica moves on. It may hold other fields too: all that
/// were in sight, for a mutation that deletes or restores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mutation {
    pub entity: EntityId,
    pub kind: Kind,
    pub set: Fields,
    pub base: BTreeMap<Field, Cell>,
    /// When it was made, by this device's clock: shown to people, and never trusted for more than breaking ties.
    pub at: Timestamp,
    /// Its place among what was made at the same moment; see `hlc`.
    #[serde(default, skip_serializing_if = "hlc::is_zero")]
    pub tick: u32,
    /// What one gesture did together carries one group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Uuid>,
    /// The name it had in another replica, where it was made. It takes effect once under that name. No mutation that this
    /// build makes has one; earlier rows may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<MutationId>,
}

impl Mutation {
    /// The value the person saw in `field` before this mutation.
    #[must_use]
    pub fn base_value(&self, field: &Field) -> &Value {
        static NULL: Value = Value::Null;
        self.base.get(field).map_or(&NULL, |cell| &cell.0)
    }

    #[must_use]
    pub fn base_revision(&self, field: &Field) -> Revision {
        self.base.get(field).map_or(Revision(0), |cell| cell.1)
    }

    #[must_use]
    pub fn hlc(&self) -> Hlc {
        Hlc::new(self.at, self.tick)
    }

    /// Takes in the next mutation of the same person on the same entity: what both did, as one.
    pub fn squash(&mut self, next: &Self) {
        for (field, cell) in &next.base {
            // What was seen before the first of them counts; and that it is deleted was not, if it came in between.
            let first = !self.base.contains_key(field) && !self.set.contains_key(field);
            if first && *field != Field::Deleted {
                self.base.insert(field.clone(), cell.clone());
            }
        }
        // What was in sight of the first, and only the next of them sets, the next may not have heard of.
        for field in next.set.keys().filter(|field| !self.set.contains_key(*field)) {
            if let Some(seen) = self.base.get_mut(field)
                && next.base_revision(field) < seen.1
            {
                *seen = next.base.get(field).cloned().unwrap_or_default();
            }
        }
        if planted(Fault::SquashForgetsFields) {
            self.set.clear();
        }
        self.set.extend(
            next.set
                .iter()
                .map(|(field, value)| (field.clone(), value.clone())),
        );
        (self.at, self.tick) = (next.at, next.tick);
    }

    /// The form in which it travels. `since` is the first of the mutations that it stands for.
    #[must_use]
    pub fn to_wire(&self, since: MutationSeq, seq: MutationSeq) -> PushedMutation {
        let base = self.base.iter().map(|(field, cell)| (field.clone(), cell.1));
        PushedMutation {
            seq,
            entity: self.entity,
            kind: self.kind.clone(),
            set: self.set.clone(),
            base: base.collect(),
            at: self.at,
            tick: self.tick,
            group: self.group,
            since: (since < seq).then_some(since),
            origin: self.origin,
        }
    }

    /// Room it takes on the wire, near enough.
    #[must_use]
    pub fn size(&self) -> usize {
        size(&self.set)
    }
}

fn size(set: &Fields) -> usize {
    let field = |(field, value): (&Field, &Value)| 2 * field.as_str().len() + 32 + value.size();
    100 + set.iter().map(field).sum::<usize>()
}

/// A mutation on its way to the server: values and revisions, but not the base values, which the server has no use for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushedMutation {
    pub seq: MutationSeq,
    pub entity: EntityId,
    pub kind: Kind,
    #[serde(deserialize_with = "protocol::of_fields")]
    pub set: Fields,
    /// Per field, the revision that the person had seen of it. A field that is missing was never seen; revision 0 says
    /// that it was, but not at any revision of this history. With no field at all, the entity begins here.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "protocol::of_fields"
    )]
    pub base: BTreeMap<Field, Revision>,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "hlc::is_zero")]
    pub tick: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Uuid>,
    /// It stands for all of this replica's mutations of this entity from here on. Where one of them took effect after
    /// all, this one was made by somebody who knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<MutationSeq>,
    /// The name under which it takes effect once, where that is not the pushing replica's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<MutationId>,
}

impl PushedMutation {
    /// Its name: the receipt is kept under it.
    #[must_use]
    pub fn id(&self, replica: ReplicaId) -> MutationId {
        let own = MutationId {
            replica,
            seq: self.seq,
        };
        self.origin.unwrap_or(own)
    }

    #[must_use]
    pub fn base_revision(&self, field: &Field) -> Revision {
        self.base.get(field).copied().unwrap_or_default()
    }

    /// Checks what can be checked without knowing the entity.
    ///
    /// # Errors
    /// The first limit it breaks.
    pub fn validate(&self) -> Result<(), InvalidMutation> {
        if self.set.is_empty() || self.set.len() > limits::FIELDS_PER_MUTATION {
            return Err(InvalidMutation::FieldCount(self.set.len()));
        }
        let mut names = self.set.keys().map(Field::as_str).chain([self.kind.as_str()]);
        if self.base.len() > limits::FIELDS_PER_MUTATION {
            return Err(InvalidMutation::FieldCount(self.base.len()));
        }
        let seqs = [Some(self.seq), self.since, self.origin.map(|origin| origin.seq)];
        if let Some(seq) = seqs
            .into_iter()
            .flatten()
            .find(|seq| i64::try_from(seq.0).is_err())
        {
            return Err(InvalidMutation::Seq(seq));
        }
        if let Some(since) = self.since.filter(|since| *since > self.seq) {
            return Err(InvalidMutation::Since(since));
        }
        let numbers = self.base.values().map(|revision| revision.0).chain([self.at.0]);
        if let Some(number) = numbers.into_iter().find(|number| i64::try_from(*number).is_err()) {
            return Err(InvalidMutation::Number(number));
        }
        if let Some(name) = names.find(|name| !is_name(name)) {
            return Err(InvalidMutation::Name(
                name.chars().take(limits::NAME_BYTES).collect(),
            ));
        }
        // A conflict holds what was too much for one field to merge: maps of values.
        let fits = |value: &Value| self.kind == Kind::Conflict || value.is_within_limits();
        if let Some((field, _)) = self.set.iter().find(|(_, value)| !fits(value)) {
            return Err(InvalidMutation::ValueTooLarge(field.clone()));
        }
        let deep = |value: &Value| value.depth() > limits::VALUE_DEPTH + 1;
        match size(&self.set) {
            bytes if bytes > limits::MUTATION_BYTES || self.set.values().any(deep) => {
                Err(InvalidMutation::TooLarge(bytes))
            }
            _ => Ok(()),
        }
    }
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.len() <= limits::NAME_BYTES && name.bytes().all(plain)
}

/// Why a mutation can never be taken, whatever the state of its entity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMutation {
    #[error("the sequence number {0} is beyond 63 bits")]
    Seq(MutationSeq),
    #[error("the number {0} is beyond 63 bits")]
    Number(u64),
    #[error("a mutation cannot stand for the later one {0}")]
    Since(MutationSeq),
    #[error("a mutation names 1 to {max} fields, not {0}", max = limits::FIELDS_PER_MUTATION)]
    FieldCount(usize),
    #[error("“{0}” is not a name: lower-case letters, digits and _, at most {max} bytes", max = limits::NAME_BYTES)]
    Name(String),
    #[error("the value of {} is larger than {max} bytes or nested too deeply", .0.as_str(), max = limits::VALUE_BYTES)]
    ValueTooLarge(Field),
    #[error("a mutation of {0} bytes, or nested too deeply; the limit is {max} bytes", max = limits::MUTATION_BYTES)]
    TooLarge(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(set: &[(&str, Value)]) -> PushedMutation {
        PushedMutation {
            seq: MutationSeq(1),
            entity: EntityId(Uuid::nil()),
            kind: Kind::Task,
            set: set
                .iter()
                .map(|(field, value)| (Field::from(*field), value.clone()))
                .collect(),
            base: BTreeMap::new(),
            at: Timestamp(0),
            tick: 0,
            group: None,
            since: None,
            origin: None,
        }
    }

    #[test]
    fn limits_of_a_mutation() {
        assert_eq!(pushed(&[("title", "x".into())]).validate(), Ok(()));
        assert_eq!(pushed(&[]).validate(), Err(InvalidMutation::FieldCount(0)));
        assert_eq!(
            pushed(&[("Title!", "x".into())]).validate(),
            Err(InvalidMutation::Name("Title!".into()))
        );
        let late = PushedMutation {
            since: Some(MutationSeq(2)),
            ..pushed(&[("title", "x".into())])
        };
        assert_eq!(late.validate(), Err(InvalidMutation::Since(MutationSeq(2))));
        let far = PushedMutation {
            at: Timestamp(u64::MAX),
            ..pushed(&[("title", "x".into())])
        };
        assert_eq!(far.validate(), Err(InvalidMutation::Number(u64::MAX)));
        let notes = Value::text("x".repeat(limits::VALUE_BYTES));
        assert_eq!(
            pushed(&[("notes", notes)]).validate(),
            Err(InvalidMutation::ValueTooLarge(Field::Notes))
        );
    }
}
