//! What must hold: after every step on what it touched, and at the end on everything.

use std::collections::BTreeSet;

use tsugi_sync::conflict::Conflict;
use tsugi_sync::entity::{Fields, Kind};
use tsugi_sync::ids::EntityId;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::replica::Replica;
use tsugi_sync::session::Phase;
use tsugi_sync::value::Value;

use crate::fleet::Fleet;
use crate::person::FIRST_MOMENT;

/// An invariant that did not hold, and how that showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub invariant: &'static str,
    pub what: String,
}

fn broken(invariant: &'static str, what: impl Into<String>) -> Violation {
    Violation {
        invariant,
        what: what.into(),
    }
}

/// I5: base and outbox make the view. Worked out anew for one entity.
pub fn view_is_base_and_outbox(replica: &Replica, id: EntityId) -> Result<(), Violation> {
    let base = replica.base(id).into_iter().flat_map(|entity| &entity.fields);
    let mut expected: Fields = base
        .map(|(field, cell)| (field.clone(), cell.0.clone()))
        .collect();
    for mutation in replica.outbox().values().filter(|mutation| mutation.entity == id) {
        expected.extend(mutation.set.clone());
    }
    let view = replica.view(id).into_iter().flat_map(|entity| entity.fields);
    let view: Fields = view.map(|(field, cell)| (field, cell.0)).collect();
    match view == expected {
        true => Ok(()),
        false => Err(broken("I5", format!("{id}: {view:?} is not {expected:?}"))),
    }
}

/// Everything that must hold once the network has healed and time has passed.
pub fn at_rest(fleet: &Fleet) -> Result<(), Violation> {
    drained(fleet)?;
    exactly_once(fleet)?;
    same_everywhere(fleet)?;
    no_value_lost(fleet)
}

/// I6 and I12.
fn drained(fleet: &Fleet) -> Result<(), Violation> {
    let head = fleet.server.store.head().revision;
    for device in &fleet.devices {
        let (phase, replica) = (device.session.phase(), device.replica());
        if phase != Phase::Live {
            return Err(broken("I6", format!("{} is {phase:?}", device.name)));
        }
        if let Some((seq, mutation)) = replica.outbox().first_key_value() {
            return Err(broken(
                "I6",
                format!("{}: {seq} still waits: {mutation:?}", device.name),
            ));
        }
        if replica.cursor() != head {
            let cursor = replica.cursor();
            return Err(broken(
                "I6",
                format!("{}: cursor {cursor}, head {head}", device.name),
            ));
        }
    }
    Ok(())
}

/// I3.
fn exactly_once(fleet: &Fleet) -> Result<(), Violation> {
    let twice = fleet.server.store.effects.iter().find(|(_, times)| **times != 1);
    match twice {
        None => Ok(()),
        Some((id, times)) => Err(broken("I3", format!("{id:?} took effect {times} times"))),
    }
}

/// I4. Tombstones aside, which a snapshot leaves out.
fn same_everywhere(fleet: &Fleet) -> Result<(), Violation> {
    let stored = &fleet.server.store.entities;
    for device in &fleet.devices {
        let replica = device.replica();
        for entity in stored.values().filter(|entity| !entity.is_deleted()) {
            if replica.base(entity.id) != Some(entity) {
                let base = replica.base(entity.id);
                return Err(broken(
                    "I4",
                    format!("{}: {base:?} is not {entity:?}", device.name),
                ));
            }
        }
        for base in replica.ids().filter_map(|id| replica.base(id)) {
            let known = stored.get(&base.id);
            let buried = known.is_some_and(|known| fleet.server.store.is_buried(known));
            if known != Some(base) && !(base.is_deleted() && (known.is_none() || buried)) {
                return Err(broken(
                    "I4",
                    format!("{}: {base:?} is not {known:?}", device.name),
                ));
            }
        }
        if let Some(tab) = device.tabs.iter().find(|tab| *tab != replica) {
            let keys = (tab.position(), replica.position());
            return Err(broken("I4", format!("{}: tabs at {keys:?} differ", device.name)));
        }
    }
    Ok(())
}

/// I2, exactly, for every written value is unique: each is current, or in a record, or parked, or was replaced or given
/// up by a person who was looking at it.
fn no_value_lost(fleet: &Fleet) -> Result<(), Violation> {
    let cells = fleet
        .server
        .store
        .entities
        .values()
        .flat_map(|entity| entity.fields.values());
    let mut accounted = tokens_of(cells.map(|cell| &cell.0));
    accounted.extend(tokens_of(&fleet.server.store.expired));
    let mut written = BTreeSet::new();
    for device in &fleet.devices {
        let parked = device.replica().parked().values().map(|parked| &parked.mutation);
        for mutation in parked.chain(&device.discarded) {
            accounted.extend(tokens_of(mutation.set.values()));
        }
        for mutation in &device.typed {
            accounted.extend(replaced(mutation));
            written.extend(tokens_of(mutation.set.values()));
        }
    }
    match written.difference(&accounted).next() {
        None => Ok(()),
        Some(lost) => Err(broken("I2", format!("{lost} is gone"))),
    }
}

fn replaced(mutation: &Mutation) -> BTreeSet<String> {
    let mut replaced = BTreeSet::new();
    for (field, value) in &mutation.set {
        let seen = tokens_of([mutation.base_value(field)]);
        replaced.extend(seen.difference(&tokens_of([value])).cloned());
    }
    replaced
}

/// Self-conflicts are 0: no conflict has one device on both sides. In a browser with several tabs there may be one: who
/// types in one tab may not have seen what the other did; and so with what was imported.
pub fn nobody_against_themselves(fleet: &Fleet) -> Result<(), Violation> {
    let conflicts = fleet
        .server
        .store
        .entities
        .values()
        .filter(|entity| entity.kind == Kind::Conflict);
    for conflict in conflicts.filter_map(Conflict::read) {
        if !conflict.local.device.is_empty() && conflict.local.device == conflict.remote.device {
            return Err(broken("self-conflict", format!("{conflict:?}")));
        }
    }
    Ok(())
}

fn tokens_of<'a>(values: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    values.into_iter().for_each(|value| tokens(value, &mut found));
    found
}

fn tokens(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Int(moment) if *moment >= FIRST_MOMENT => {
            found.insert(moment.to_string());
        }
        Value::Int(_) => {}
        Value::Text(text) => found.extend(
            text.lines()
                .filter(|line| line.starts_with('<'))
                .map(str::to_owned),
        ),
        Value::List(items) => items.iter().for_each(|item| tokens(item, found)),
        Value::Map(map) => map.values().for_each(|item| tokens(item, found)),
    }
}
