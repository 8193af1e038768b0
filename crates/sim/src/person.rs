//! What people do: every value they write is one that nobody wrote before, so that it can be looked for later.

use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::session::Input;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::fleet::Fleet;

/// From here on, a number is a value that somebody wrote.
pub const FIRST_MOMENT: i64 = 1_000_000_000;

#[derive(Debug, Default)]
pub struct People {
    written: u64,
    groups: u128,
    tasks: u128,
}

/// A task whose id two devices come to by themselves, as with the next instance of one that recurs.
const SHARED: EntityId = EntityId(Uuid::from_u128(1 << 64));

impl People {
    /// The task that a person at this device means by a number: one that they see, or a new one.
    pub fn task(&mut self, fleet: &Fleet, device: usize, number: u8) -> EntityId {
        let replica = &fleet.devices[device].tabs[0];
        let is_task =
            |id: &EntityId| *id != SHARED && id.0.as_u128() >> 64 != 0 && id.0.get_version_num() == 0;
        let mut seen: Vec<_> = replica.ids().filter(is_task).collect();
        seen.sort_unstable();
        match number.checked_sub(1) {
            None => SHARED,
            Some(nth) => seen.get(usize::from(nth)).copied().unwrap_or_else(|| {
                self.tasks += 1;
                EntityId(Uuid::from_u128((self.tasks + 1) << 64))
            }),
        }
    }

    pub fn token(&mut self) -> String {
        self.written += 1;
        format!("<{}>", self.written)
    }

    fn moment(&mut self) -> Value {
        self.written += 1;
        Value::Int(FIRST_MOMENT + self.written as i64)
    }

    fn group(&mut self) -> Uuid {
        self.groups += 1;
        Uuid::from_u128(self.groups)
    }

    pub fn rename(&mut self, fleet: &mut Fleet, device: usize, tab: usize, id: EntityId) {
        let title = self.token().into_value();
        edit(fleet, device, tab, id, Field::Title, title);
    }

    pub fn note(&mut self, fleet: &mut Fleet, device: usize, id: EntityId, line: usize) {
        let notes = value(fleet, device, id, &Field::Notes);
        let mut lines: Vec<String> = notes
            .as_text()
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect();
        match lines.get_mut(line) {
            Some(line) => *line = self.token(),
            None => lines.push(self.token()),
        }
        let notes: String = lines.iter().map(|line| format!("{line}\n")).collect();
        edit(fleet, device, 0, id, Field::Notes, notes.into_value());
    }

    pub fn label(&mut self, fleet: &mut Fleet, device: usize, id: EntityId, remove: bool) {
        let mut labels = match value(fleet, device, id, &Field::Labels) {
            Value::List(labels) => labels,
            _ => Vec::new(),
        };
        if remove && !labels.is_empty() {
            labels.remove(0);
        } else {
            labels.push(self.token().into_value());
            labels.sort();
        }
        edit(fleet, device, 0, id, Field::Labels, Value::List(labels));
    }

    pub fn set_text(&mut self, fleet: &mut Fleet, device: usize, id: EntityId, field: Field) {
        let text = self.token().into_value();
        edit(fleet, device, 0, id, field, text);
    }

    pub fn set_moment(&mut self, fleet: &mut Fleet, device: usize, id: EntityId, field: Field, clear: bool) {
        let moment = if clear { Value::Null } else { self.moment() };
        edit(fleet, device, 0, id, field, moment);
    }

    pub fn bulk(&mut self, fleet: &mut Fleet, device: usize, numbers: impl Iterator<Item = u8>) {
        let ids: Vec<_> = numbers.map(|number| self.task(fleet, device, number)).collect();
        let group = self.group();
        let list = self.token().into_value();
        let mutations = ids.into_iter().map(|id| {
            let edit = edit_of(
                fleet,
                device,
                id,
                Fields::from([(Field::List, list.clone())]),
                Fields::new(),
            );
            fleet.devices[device].replica().edit(Edit {
                group: Some(group),
                ..edit
            })
        });
        let mutations = mutations.collect();
        write(fleet, device, mutations);
    }

    pub fn resolve(&mut self, fleet: &mut Fleet, device: usize, nth: usize, choice: u8) {
        let open = fleet.devices[device].conflicts(State::Open);
        let Some(conflict) = open.get(nth) else { return };
        let (mut results, mut shown) = (Fields::new(), Fields::new());
        for (field, sides) in &conflict.fields {
            let result = match (choice, field) {
                (0, _) => sides.local.clone(),
                (1, Field::Title | Field::Due) => self.token().into_value(),
                (1, Field::Notes) => format!("{}\n", self.token()).into_value(),
                _ => sides.remote.clone(),
            };
            results.insert(field.clone(), result);
            shown.insert(field.clone(), sides.remote.clone());
        }
        let (group, at) = (self.group(), clock(fleet, device));
        let replica = fleet.devices[device].replica();
        let mutations = replica.resolve(conflict.id, results, shown, at, group);
        fleet.count("conflict resolved by hand");
        write(fleet, device, mutations);
    }

    pub fn refused(&mut self, fleet: &mut Fleet, device: usize, again: bool) {
        let first = fleet.devices[device].replica().parked().first_key_value();
        let Some((seq, parked)) = first.map(|(seq, parked)| (*seq, parked.clone())) else {
            return;
        };
        if again {
            let mutation = parked.mutation;
            let seen = mutation
                .set
                .keys()
                .map(|f| (f.clone(), mutation.base_value(f).clone()))
                .collect();
            let mut edit = edit_of(fleet, device, mutation.entity, mutation.set.clone(), seen);
            edit.kind = mutation.kind;
            let mutation = fleet.devices[device].replica().edit(edit);
            fleet.devices[device].append([Entry::Discarded { seq }]);
            write(fleet, device, vec![mutation]);
        } else {
            fleet.devices[device].discarded.push(parked.mutation);
            fleet.devices[device].append([Entry::Discarded { seq }]);
            fleet.devices[device].fold_all();
        }
        fleet.count("refused and dealt with");
    }

    /// Takes back the last gesture on this device, where it still stands.
    pub fn undo(&mut self, fleet: &mut Fleet, device: usize) {
        let last = std::mem::take(&mut fleet.devices[device].last);
        let at = clock(fleet, device);
        let undone: Vec<_> = fleet.devices[device].replica().undo(&last, at, None);
        if !undone.is_empty() {
            fleet.count("undone");
            write(fleet, device, undone);
        }
    }

    pub fn import(&mut self, fleet: &mut Fleet, device: usize, from: usize) {
        fleet.devices[from].append([Entry::Exported]);
        fleet.devices[from].fold_all();
        let copy = fleet.devices[from].replica().export();
        let leader = fleet.devices[device].leader;
        fleet.devices[device].fold(leader);
        let entries = fleet.devices[device].replica().import(&copy);
        if entries.is_empty() {
            return;
        }
        fleet.count("copy imported");
        fleet.devices[device].append(entries);
        fleet.devices[device].fold_all();
        fleet.input(device, Input::Edited);
    }
}

trait IntoValue {
    fn into_value(self) -> Value;
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Text(self)
    }
}

/// A device's idea of the time: the server's, as far as it knows it, else its own.
fn clock(fleet: &Fleet, device: usize) -> Timestamp {
    let device = &fleet.devices[device];
    let own = Timestamp(fleet.now.0.saturating_add_signed(device.clock));
    device.session.server_time(fleet.now).unwrap_or(own)
}

fn value(fleet: &Fleet, device: usize, id: EntityId, field: &Field) -> Value {
    let view = fleet.devices[device].tabs[0].view(id);
    view.map(|view| view.value(field).clone()).unwrap_or_default()
}

fn edit_of(fleet: &Fleet, device: usize, id: EntityId, set: Fields, seen: Fields) -> Edit {
    Edit {
        entity: id,
        kind: Kind::Task,
        set,
        seen,
        at: clock(fleet, device),
        group: None,
    }
}

/// Changes one field, as it was seen in one of the tabs.
fn edit(fleet: &mut Fleet, device: usize, tab: usize, id: EntityId, field: Field, value: Value) {
    let tab = tab % fleet.devices[device].tabs.len();
    let view = fleet.devices[device].tabs[tab].view(id);
    let seen = view.map(|view| view.value(&field).clone()).unwrap_or_default();
    // Deleting is done to all that is in sight, and that is what the tab that carries it out sees.
    let seen = match field {
        Field::Deleted => Fields::new(),
        _ => Fields::from([(field.clone(), seen)]),
    };
    let edit = edit_of(fleet, device, id, Fields::from([(field, value)]), seen);
    fleet.devices[device].fold(tab);
    let mutation = Replica::edit(&fleet.devices[device].tabs[tab], edit);
    fleet.devices[device].typed.push(mutation.clone());
    fleet.devices[device].last = vec![mutation.clone()];
    fleet.devices[device].append([Entry::Mutated(mutation)]);
    // Other tabs hear of it with whatever comes next, but for the one that holds the connection.
    let leader = fleet.devices[device].leader;
    fleet.devices[device].fold(leader);
    fleet.input(device, Input::Edited);
}

fn write(fleet: &mut Fleet, device: usize, mutations: Vec<Mutation>) {
    fleet.devices[device].typed.extend(mutations.iter().cloned());
    fleet.devices[device].last.clone_from(&mutations);
    fleet.devices[device].append(mutations.into_iter().map(Entry::Mutated));
    fleet.devices[device].fold_all();
    fleet.input(device, Input::Edited);
}
