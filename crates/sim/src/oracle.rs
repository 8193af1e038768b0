//! The invariants: checked after every step on what it touched, and at the end on everything.

use std::collections::BTreeSet;

use tsugi_sync::conflict::{Conflict, Overwritten, State};
use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::ids::EntityId;
use tsugi_sync::replica::Replica;
use tsugi_sync::session::{Pause, Phase};
use tsugi_sync::value::Value;

use crate::decider::Decided;
use crate::device::Typed;
use crate::fleet::{Fleet, OUTBOX};
use crate::person::FIRST_MOMENT;

/// An invariant that did not hold, and the evidence.
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

/// I5: base and outbox make the view. This computes the view of one entity a second time.
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

/// I6 and I12, at any time: nothing grows without end, and nobody is signed out without having signed out.
pub fn nothing_runs_away(fleet: &Fleet) -> Result<(), Violation> {
    for device in &fleet.devices {
        let waiting = device.replica().outbox().len();
        if waiting > OUTBOX {
            return Err(broken("I6", format!("{}: {waiting} mutations wait", device.name)));
        }
        if device.token.is_ok() && device.session.phase() == Phase::Paused(Pause::SignedOut) {
            return Err(broken("I12", format!("{} is taken for signed out", device.name)));
        }
    }
    if fleet.allowed == 0 {
        return Err(broken("I6", "a storm of frames and timers"));
    }
    Ok(())
}

/// Once a person has decided on every conflict about these entities, none is open.
pub fn nothing_is_asked_again(fleet: &Fleet, decided: &BTreeSet<EntityId>) -> Result<(), Violation> {
    for device in &fleet.devices {
        let open = device.conflicts(State::Open);
        if let Some(conflict) = open.iter().find(|conflict| decided.contains(&conflict.subject)) {
            return Err(broken("asked again", format!("{}: {conflict:?}", device.name)));
        }
    }
    Ok(())
}

/// Once a person has taken these decisions back, every device shows the questions open again.
pub fn is_asked_again(fleet: &Fleet, open: &BTreeSet<EntityId>) -> Result<(), Violation> {
    for device in &fleet.devices {
        let shown: BTreeSet<EntityId> = device.conflicts(State::Open).iter().map(|it| it.id).collect();
        if let Some(closed) = open.iter().find(|record| !shown.contains(record)) {
            return Err(broken(
                "taken back",
                format!("{}: {closed} is closed", device.name),
            ));
        }
    }
    Ok(())
}

/// A person has just taken a decision back: the record is as it was before, and so is each field of the subject that
/// stood at the decision, or that they overwrote. `before` and `merged` are what the simulator noted at the decision.
pub fn is_taken_back(
    record: &Entity,
    subject: (&Entity, &Entity),
    (conflict, noted): (&Conflict, &Decided),
    over: &[Overwritten],
) -> Result<(), Violation> {
    let state = if noted.merged.is_some() {
        State::Merged
    } else {
        State::Open
    };
    let is_as_before = Conflict::read(record).is_some_and(|again| {
        let merged: Option<Fields> = again.was_merged.then(|| {
            let results = again.decisions.into_iter();
            results
                .map(|(field, decision)| (field, decision.result))
                .collect()
        });
        again.state == state && again.fields == conflict.fields && merged == noted.merged
    });
    if !is_as_before {
        return Err(broken("taken back", format!("{record:?} is not as before")));
    }
    let (then, now) = subject;
    let results = conflict
        .resolution
        .iter()
        .flat_map(|resolution| &resolution.results);
    for (field, result) in results.filter(|(field, _)| **field != Field::Created) {
        let Some(before) = noted.before.get(field) else {
            continue;
        };
        let goes_back = then.value(field) == result || over.iter().any(|over| over.field == *field);
        let expected = if goes_back { before } else { then.value(field) };
        if now.value(field) != expected {
            return Err(broken(
                "taken back",
                format!("{field:?} of {now:?} is not {expected:?}, decided in {conflict:?}"),
            ));
        }
    }
    Ok(())
}

/// Everything that must hold once the network has healed and time has passed.
pub fn at_rest(fleet: &Fleet) -> Result<(), Violation> {
    exactly_once(fleet)?;
    same_everywhere(fleet)?;
    merges_add_up(fleet)?;
    no_value_lost(fleet)
}

/// I6 and I12.
pub fn drained(fleet: &Fleet) -> Result<(), Violation> {
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

/// I4, except for tombstones, which a snapshot leaves out.
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
            // A replica may have less of a tombstone. It may have received only the deletion, because the server had
            // forgotten the rest, before the server was restored to a state that still has the rest.
            let known_of = |known: &Entity| {
                let is_known = |(field, cell)| known.fields.get(field) == Some(cell);
                fleet.server.store.is_buried(known) || base.fields.iter().all(is_known)
            };
            if known != Some(base) && !(base.is_deleted() && known.is_none_or(known_of)) {
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

/// I2. It can be checked exactly, because every written value is unique: each is current, or in a record, or parked,
/// or was replaced or given up by a person who was looking at it.
fn no_value_lost(fleet: &Fleet) -> Result<(), Violation> {
    let store = &fleet.server.store;
    let living = store.entities.values().filter(|entity| !entity.is_deleted());
    let mut accounted = tokens_of(living.flat_map(|entity| entity.fields.values().map(|cell| &cell.0)));
    let buried = store.expired.iter().map(|(id, field, value)| (*id, field, value));
    let dead = store.entities.values().filter(|entity| entity.is_deleted());
    let dead = dead.flat_map(|entity| {
        entity
            .fields
            .iter()
            .map(|(field, cell)| (entity.id, field, &cell.0))
    });
    let all: Vec<&Typed> = fleet.devices.iter().flat_map(|device| &device.typed).collect();
    for (id, field, value) in buried.chain(dead) {
        accounted.extend(gone_in_sight(id, field, value, &all));
    }
    let mut written = BTreeSet::new();
    for device in &fleet.devices {
        let parked = device.replica().parked().values().map(|parked| &parked.mutation);
        for mutation in parked.chain(&device.discarded) {
            accounted.extend(tokens_of(mutation.set.values()));
        }
    }
    for typed in all {
        accounted.extend(replaced(typed));
        // When and where somebody decided is no value that they wrote.
        let values = typed
            .mutation
            .set
            .iter()
            .filter(|(field, _)| **field != Field::Resolver);
        written.extend(tokens_of(values.map(|(_, value)| value)));
    }
    match written.difference(&accounted).next() {
        None => Ok(()),
        Some(lost) => Err(broken("I2", format!("{lost} is gone"))),
    }
}

/// The values that a person replaced in sight. Nobody replaces the sides of a record: whoever decides on it sees them,
/// but they stay for everybody else.
fn replaced(typed: &Typed) -> BTreeSet<String> {
    let mut replaced = BTreeSet::new();
    let is_side = |field: &Field| {
        typed.mutation.kind == Kind::Conflict && matches!(field, Field::Base | Field::Local | Field::Remote)
    };
    for (field, value) in typed.mutation.set.iter().filter(|(field, _)| !is_side(field)) {
        let seen = tokens_of(typed.seen.get(field));
        replaced.extend(seen.difference(&tokens_of([value])).cloned());
    }
    replaced
}

/// The values that may be gone with a tombstone: the person who deleted the entity saw them, or the person who wrote
/// them saw that it was deleted, or nobody would miss them.
fn gone_in_sight(id: EntityId, field: &Field, value: &Value, all: &[&Typed]) -> BTreeSet<String> {
    let mut tokens = tokens_of([value]);
    if !matches!(field, Field::Title | Field::Notes | Field::Due | Field::Labels) {
        return tokens;
    }
    let of_it = all.iter().filter(|typed| typed.mutation.entity == id);
    let mut in_order = BTreeSet::new();
    for typed in of_it {
        let deleted = typed.mutation.set.get(&Field::Deleted);
        if deleted.is_some_and(|value| !value.is_null()) {
            in_order.extend(tokens_of(typed.seen.get(field)));
        }
        // A mutation that sets `deleted` itself counts too: its person decided about the deletion when they wrote its
        // other values.
        if typed.knew_deleted || deleted.is_some() {
            in_order.extend(tokens_of(typed.mutation.set.get(field)));
        }
    }
    tokens.retain(|token| in_order.contains(token));
    tokens
}

/// The result that a merge record shows is the right one: for lines and sets, it has everything that either side
/// added, and nothing that either side removed.
fn merges_add_up(fleet: &Fleet) -> Result<(), Violation> {
    for record in fleet.server.store.entities.values() {
        let Value::Map(rules) = record.value(&Field::Rules) else {
            continue;
        };
        // Once a person has resolved the record, the results of the rules stand beside theirs.
        let result = match record.value(&Field::Merged).is_null() {
            true => Field::Result,
            false => Field::Merged,
        };
        let adds_up = |rule: &Value| matches!(rule.as_text(), Some("lines" | "set"));
        for (name, _) in rules.iter().filter(|(_, rule)| adds_up(rule)) {
            let side = |field| match record.value(&field) {
                Value::Map(map) => tokens_of(map.get(name)),
                Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::List(_) => {
                    BTreeSet::new()
                }
            };
            let [base, local, remote] = [Field::Base, Field::Local, Field::Remote].map(side);
            let kept = base
                .iter()
                .filter(|token| local.contains(*token) && remote.contains(*token));
            let added = local.union(&remote).filter(|token| !base.contains(*token));
            let expected: BTreeSet<String> = kept.chain(added).cloned().collect();
            if side(result.clone()) != expected {
                return Err(broken("merge", format!("{name} of {record:?}")));
            }
        }
    }
    Ok(())
}

/// Lists and labels that got one name on devices apart are one. People in a run make none of a name that they see.
pub fn no_twins(fleet: &Fleet) -> Result<(), Violation> {
    let living = fleet.server.store.entities.values();
    let living = living.filter(|entity| !entity.is_deleted());
    let mut met = BTreeSet::new();
    for entity in living.filter(|entity| matches!(entity.kind, Kind::List | Kind::Label)) {
        if !met.insert((&entity.kind, entity.value(&Field::Name))) {
            return Err(broken("twins", format!("{entity:?} is there a second time")));
        }
    }
    Ok(())
}

/// No conflict has one device on both sides. The exception is a browser with several tabs: a person who types in one
/// tab may not have seen the edit of the other tab.
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
