//! Conflicts and merge records. They are entities of the workspace like any other, so they are pushed and listed on
//! every device, and a person who settles one settles it for all devices.

mod undo;

use crate::entity::{Entity, Field, Fields, Kind};
use crate::fault::{Fault, planted};
use crate::ids::{EntityId, ReplicaId, Timestamp};
use crate::limits;
use crate::merge::Rule;
use crate::protocol::Author;
use crate::sorted_map::SortedMap;
use crate::value::Value;

pub use undo::{Overwritten, UNDO_MS, UndoError, overwritten_by_undo, undo_of};

/// The state of a disagreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A person has to decide.
    Open,
    /// A person has decided.
    Resolved,
    /// A rule decided, and merged both sides. The record keeps the values that the rule dropped.
    Merged,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::Merged => "merged",
        }
    }
}

/// The three values of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    pub base: Value,
    pub local: Value,
    pub remote: Value,
}

/// The result of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// None if a later version knows the rule, and this one does not.
    pub rule: Option<Rule>,
    pub result: Value,
}

/// The decision of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// The device on which it was made. Not known if an earlier version made it.
    pub by: Side,
    pub results: SortedMap<Field, Value>,
    /// The values that the subject had just before, for each field that the person decided on. Empty if an earlier
    /// version made the resolution, or if there was no room: then it cannot be taken back.
    pub before: SortedMap<Field, Value>,
}

/// The author of one side, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    pub device: String,
    pub at: Timestamp,
    /// The replica, if it is known, so that a device can call itself "this device".
    pub replica: Option<ReplicaId>,
}

/// A conflict or merge record, read from its entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub id: EntityId,
    pub subject: EntityId,
    pub subject_kind: Kind,
    pub state: State,
    pub fields: SortedMap<Field, Sides>,
    pub local: Side,
    pub remote: Side,
    pub created: Timestamp,
    /// The results of the rules, if this is a merge record, also once a person has resolved it.
    pub decisions: SortedMap<Field, Decision>,
    /// Whether it was a merge record before a person resolved it, or still is one. An undo goes back to that.
    pub was_merged: bool,
    /// The decision of a person; none unless it is resolved.
    pub resolution: Option<Resolution>,
}

impl Conflict {
    /// Reads a conflict. None if the entity is not a conflict that this version can read.
    #[must_use]
    pub fn read(entity: &Entity) -> Option<Self> {
        let state = match entity.value(&Field::State).as_text()? {
            "open" => State::Open,
            "resolved" => State::Resolved,
            "merged" => State::Merged,
            _ => return None,
        };
        let Value::List(subject) = entity.value(&Field::Subject) else {
            return None;
        };
        let [Value::Text(kind), Value::Text(id)] = subject.as_slice() else {
            return None;
        };
        let side = |field: &Field, name: &String| {
            let value = map_in(entity, field).and_then(|map| map.get(name));
            value.cloned().unwrap_or_default()
        };
        let Value::Map(names) = entity.value(&Field::Local) else {
            return None;
        };
        let fields = names.keys().map(|name| {
            let sides = Sides {
                base: side(&Field::Base, name),
                local: side(&Field::Local, name),
                remote: side(&Field::Remote, name),
            };
            (Field::from(name.as_str()), sides)
        });
        Some(Self {
            id: entity.id,
            subject: id.parse().ok()?,
            subject_kind: Kind::from(kind.as_str()),
            state,
            fields: fields.collect(),
            local: read_side(entity.value(&Field::LocalAuthor)),
            remote: read_side(entity.value(&Field::RemoteAuthor)),
            created: read_time(entity.value(&Field::Created)),
            decisions: decisions(entity, state),
            was_merged: state == State::Merged || map_in(entity, &Field::Merged).is_some(),
            resolution: (state == State::Resolved).then(|| Resolution {
                by: read_side(entity.value(&Field::Resolver)),
                results: values_in(entity, &Field::Result),
                before: values_in(entity, &Field::Before),
            }),
        })
    }
}

fn map_in<'a>(entity: &'a Entity, field: &Field) -> Option<&'a SortedMap<String, Value>> {
    match entity.value(field) {
        Value::Map(map) => Some(map),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::List(_) => None,
    }
}

/// The values of a member that is named after fields; none if it is missing.
fn values_in(entity: &Entity, field: &Field) -> SortedMap<Field, Value> {
    let members = map_in(entity, field).into_iter().flatten();
    members
        .map(|(name, value)| (Field::from(name.as_str()), value.clone()))
        .collect()
}

/// The results of the rules in a merge record. Once a person has resolved it, they stand beside the person's.
fn decisions(entity: &Entity, state: State) -> SortedMap<Field, Decision> {
    let results = match state {
        State::Merged => values_in(entity, &Field::Result),
        State::Open | State::Resolved => values_in(entity, &Field::Merged),
    };
    let rules = map_in(entity, &Field::Rules);
    let rule = |field: &Field| rules?.get(field.as_str())?.as_text().and_then(Rule::parse);
    let decision = |(field, result): (Field, Value)| {
        let rule = rule(&field);
        (field, Decision { rule, result })
    };
    results.into_iter().map(decision).collect()
}

/// The fields of a new conflict or merge record about `subject`. In a merge record, each field about which a rule decided
/// has a decision.
#[must_use]
pub fn record(
    state: State,
    subject: (EntityId, &Kind),
    fields: SortedMap<Field, (Sides, Option<Decision>)>,
    authors: (&Side, Option<&Author>),
    created: Timestamp,
) -> Fields {
    let names = || fields.keys().map(|field| field.as_str().to_owned());
    let map = |values: Vec<Value>| Value::Map(names().zip(values).collect());
    let decisions = fields
        .iter()
        .filter_map(|(field, (_, decision))| Some((field, decision.as_ref()?)));
    let decided = |value: fn(&Decision) -> Option<Value>| {
        let values = decisions
            .clone()
            .filter_map(|(field, decision)| Some((field.as_str().to_owned(), value(decision)?)));
        Value::Map(values.collect())
    };
    let (rules, results) = (
        decided(|decision| Some(decision.rule?.as_str().into())),
        decided(|decision| Some(decision.result.clone())),
    );
    let (local, remote) = authors;
    let remote = remote.map_or_else(Side::default, |by| Side {
        device: by.device.clone(),
        at: by.at,
        replica: by.replica,
    });
    let mut set = Fields::from([
        (Field::State, state.as_str().into()),
        (
            Field::Subject,
            Value::List(vec![
                subject.1.as_str().into(),
                Value::Text(subject.0.to_string()),
            ]),
        ),
        (
            Field::Base,
            map(fields.values().map(|(sides, _)| sides.base.clone()).collect()),
        ),
        (
            Field::Local,
            map(fields.values().map(|(sides, _)| sides.local.clone()).collect()),
        ),
        (
            Field::Remote,
            map(fields.values().map(|(sides, _)| sides.remote.clone()).collect()),
        ),
        (Field::LocalAuthor, write_side(local)),
        (Field::RemoteAuthor, write_side(&remote)),
        (Field::Created, write_time(created)),
    ]);
    if state == State::Merged {
        set.extend([(Field::Rules, rules), (Field::Result, results)]);
    }
    set
}

/// The fields that close a record once the person at `by` has decided on `results`. `before` holds the values that the
/// subject had, for an undo. If the record would become too large, it does without those.
#[must_use]
pub fn resolved(record: &Entity, results: &Fields, before: &Fields, by: &Side) -> Fields {
    let (before, kept) = (write_values(before), read_merged(record));
    let mut all: SortedMap<String, Value> = kept.cloned().unwrap_or_default();
    all.extend(
        results
            .iter()
            .map(|(f, value)| (f.as_str().to_owned(), value.clone())),
    );
    let mut set = Fields::from([
        (Field::State, State::Resolved.as_str().into()),
        (Field::Result, Value::Map(all)),
        (Field::Before, before),
        (Field::Resolver, write_side(by)),
    ]);
    if let Some(merged) = kept {
        set.insert(Field::Merged, Value::Map(merged.clone()));
    }
    if planted(Fault::ResolutionForgetsLoser) {
        set.extend([Field::Local, Field::Remote].map(|side| (side, Value::Map(SortedMap::new()))));
    }
    // Notes may be so long that three sides of them fill the record. What the person decided is in the subject in any
    // case.
    for (left_out, instead) in [(Field::Before, Value::Null), (Field::Result, Value::Null)] {
        if size_with(record, &set) > limits::ENTITY_BYTES {
            set.insert(left_out, instead);
        }
    }
    set
}

/// The results of the rules, if a record has any.
fn read_merged(record: &Entity) -> Option<&SortedMap<String, Value>> {
    match record.value(&Field::State).as_text() {
        Some("merged") => map_in(record, &Field::Result),
        _ => map_in(record, &Field::Merged),
    }
}

fn write_values(values: &Fields) -> Value {
    let values = values
        .iter()
        .map(|(f, value)| (f.as_str().to_owned(), value.clone()));
    Value::Map(values.collect())
}

/// At least as many bytes as the server counts for a record once these fields are set.
fn size_with(record: &Entity, set: &Fields) -> usize {
    let mut fields: Fields = record
        .fields
        .iter()
        .map(|(f, cell)| (f.clone(), cell.0.clone()))
        .collect();
    fields.extend(set.clone());
    let text = serde_json::to_string(&fields).map_or(usize::MAX, |text| text.len());
    // Each value has a revision beside it.
    text.saturating_add(fields.len() * 24)
}

fn write_side(side: &Side) -> Value {
    let replica = side.replica.map(|replica| Value::Text(replica.to_string()));
    let parts = [Value::text(side.device.clone()), write_time(side.at)];
    Value::List(parts.into_iter().chain(replica).collect())
}

fn read_side(value: &Value) -> Side {
    let Value::List(parts) = value else {
        return Side::default();
    };
    let [Value::Text(device), at, rest @ ..] = parts.as_slice() else {
        return Side::default();
    };
    Side {
        device: device.clone(),
        at: read_time(at),
        replica: rest
            .first()
            .and_then(Value::as_text)
            .and_then(|text| text.parse().ok()),
    }
}

/// A moment as a field's value.
#[must_use]
pub fn write_time(at: Timestamp) -> Value {
    Value::Int(i64::try_from(at.0).unwrap_or(i64::MAX))
}

/// A moment from a field's value; 0 if the value is not a moment.
#[must_use]
pub fn read_time(value: &Value) -> Timestamp {
    Timestamp(
        value
            .as_int()
            .and_then(|at| u64::try_from(at).ok())
            .unwrap_or_default(),
    )
}
