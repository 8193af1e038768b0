//! Mutations: what a person wants to change, as a patch of one entity with the revisions on which it was made.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entity::{Cell, Field, Fields, Kind};
use crate::fault::{Fault, planted};
use crate::hlc::{self, Hlc};
use crate::ids::{EntityId, MutationId, MutationSeq, ReplicaId, Revision, Timestamp};
use crate::limits;
use crate::protocol;
use crate::sorted_map::SortedMap;
use crate::value::Value;

/// A mutation as it is stored on this device and kept until the server has answered.
///
/// `base` holds, for each field in `set`, the value that the person saw when they changed it, and its revision. A
/// three-way merge needs both, so they stay as they are while the replica moves on. For a mutation that deletes or
/// restores the entity, `base` holds all fields that the person saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mutation {
    pub entity: EntityId,
    pub kind: Kind,
    pub set: Fields,
    pub base: SortedMap<Field, Cell>,
    /// When it was made, by this device's clock: shown to people, and never trusted for more than breaking ties.
    pub at: Timestamp,
    /// Its place among mutations that were made at the same moment; see `hlc`.
    #[serde(default, skip_serializing_if = "hlc::is_zero")]
    pub tick: u32,
    /// All mutations of one gesture have the same group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Uuid>,
    /// The name that it had in another replica, which made it. It takes effect once under that name. No mutation that
    /// this build makes has one; earlier rows may.
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

    /// Whether it deletes its entity.
    #[must_use]
    pub fn deletes(&self) -> bool {
        self.set.get(&Field::Deleted).is_some_and(|at| !at.is_null())
    }

    #[must_use]
    pub fn hlc(&self) -> Hlc {
        Hlc::new(self.at, self.tick)
    }

    /// Takes over what another part of the same mutation has and this part lacks. A snapshot may divide a mutation: its
    /// fields that the snapshot lacks are pushed again, and the others are not.
    pub(crate) fn complete(&mut self, other: Self) {
        for (field, value) in other.set {
            self.set.entry(field).or_insert(value);
        }
        for (field, cell) in other.base {
            self.base.entry(field).or_insert(cell);
        }
    }

    /// Adds the next mutation of the same person on the same entity, so that this one stands for both.
    pub fn squash(&mut self, next: &Self) {
        for (field, cell) in &next.base {
            // The value that the person saw before the first of both counts. But if the entity was deleted between the
            // two, the person did not know that at the first.
            let first = !self.base.contains_key(field) && !self.set.contains_key(field);
            if first && *field != Field::Deleted {
                self.base.insert(field.clone(), cell.clone());
            }
        }
        // If only the next mutation sets a field, its person may have seen an older value than the first mutation has
        // in its base. Then the older one counts.
        for field in next.set.keys().filter(|field| !self.set.contains_key(*field)) {
            if let Some(seen) = self.base.get_mut(field)
                && next.base_revision(field) < seen.1
            {
                *seen = next.base.get(field).cloned().unwrap_or_default();
            }
        }
        if next.deletes() {
            // The person who deletes the entity sees it as it is now. Values that only this mutation brings along for
            // the server are not on the screen any more.
            let in_sight = |field: &Field, cell: &Cell| {
                self.set.contains_key(field) || *field == Field::Deleted || next.base_value(field) == &cell.0
            };
            self.base.retain(|field, cell| in_sight(field, cell));
        }
        if planted(Fault::SquashForgetsFields) {
            self.set.clear();
        }
        self.set.extend(
            next.set
                .iter()
                .map(|(field, value)| (field.clone(), value.clone())),
        );
        // An edit that the replica made by itself has the moment of an earlier one.
        let latest = self.hlc().max(next.hlc());
        (self.at, self.tick) = (latest.at, latest.tick);
    }

    /// The form in which it is sent. `since` is the first of the mutations that it stands for.
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

    /// About how many bytes it takes on the wire.
    #[must_use]
    pub fn size(&self) -> usize {
        size(&self.set)
    }
}

fn size(set: &Fields) -> usize {
    let field = |(field, value): (&Field, &Value)| 2 * field.as_str().len() + 32 + value.size();
    100 + set.iter().map(field).sum::<usize>()
}

/// A mutation as it is sent to the server. It has values and revisions, but no base values, because the server has no
/// use for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushedMutation {
    pub seq: MutationSeq,
    pub entity: EntityId,
    pub kind: Kind,
    #[serde(deserialize_with = "protocol::of_fields")]
    pub set: Fields,
    /// For each field, the revision that the person had seen. A field that is missing was never seen. Revision 0 says
    /// that the person saw the field, but not at any revision of this history. If there is no field at all, the
    /// mutation creates the entity.
    #[serde(
        default,
        skip_serializing_if = "SortedMap::is_empty",
        deserialize_with = "protocol::of_fields"
    )]
    pub base: SortedMap<Field, Revision>,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "hlc::is_zero")]
    pub tick: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Uuid>,
    /// The mutation stands for all of this replica's mutations of this entity from here on. If one of them took effect
    /// after all, the person who made this one knew of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<MutationSeq>,
    /// The name under which it takes effect once, if another replica made it.
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

    /// Checks everything that can be checked without knowing the entity.
    ///
    /// # Errors
    /// The first limit that it breaks.
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
        // A conflict holds maps of values, one value for each side. So it may be larger than a single value.
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

/// Why a mutation can never be accepted, whatever the state of its entity.
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
            base: SortedMap::new(),
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
