//! Conflicts and merge records. They are entities of the workspace like any other, so they are pushed and listed on
//! every device, and a person who settles one settles it for all devices.

use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, ReplicaId, Timestamp};
use crate::merge::Rule;
use crate::protocol::Author;
use crate::sorted_map::SortedMap;
use crate::value::Value;

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
    pub rule: Rule,
    pub result: Value,
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
        let side = |field: &Field, name: &String| match entity.value(field) {
            Value::Map(map) => map.get(name).cloned().unwrap_or_default(),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::List(_) => Value::Null,
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
        })
    }
}

/// The fields of a new conflict or merge record about `subject`. In a merge record, each field has a decision.
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
    let decided = |value: fn(&Decision) -> Value| {
        let values = decisions
            .clone()
            .map(|(field, decision)| (field.as_str().to_owned(), value(decision)));
        Value::Map(values.collect())
    };
    let (rules, results) = (
        decided(|decision| decision.rule.as_str().into()),
        decided(|decision| decision.result.clone()),
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

/// The fields that close a conflict once a person has decided on `results`.
#[must_use]
pub fn resolved(results: &Fields) -> Fields {
    let results = results
        .iter()
        .map(|(f, value)| (f.as_str().to_owned(), value.clone()))
        .collect();
    Fields::from([
        (Field::State, State::Resolved.as_str().into()),
        (Field::Result, Value::Map(results)),
    ])
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
