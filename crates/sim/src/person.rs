//! The edits that people make. Every value is one that nobody wrote before, so that the oracle can look for it later.

use std::collections::BTreeSet;

use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::session::Input;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::decider::Decided;
use crate::device::{Typed, Unsaved, Written};
use crate::fleet::Fleet;

/// A number from here on is a value that a person wrote.
pub const FIRST_MOMENT: i64 = 1_000_000_000;

#[derive(Debug, Default)]
pub struct People {
    written: u64,
    groups: u128,
    tasks: u128,
    /// How many lists and labels were made.
    named: u128,
    /// What people decided on records.
    pub(crate) decided: Vec<Decided>,
}

/// A task to which two devices give the same id, like the next instance of a recurring task.
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

    pub(crate) fn group(&mut self) -> Uuid {
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
        let mut labels = Vec::new();
        if let Value::List(own) = value(fleet, device, id, &Field::Labels) {
            labels = own;
        }
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

    pub fn reschedule(&mut self, fleet: &mut Fleet, device: usize, id: EntityId, day: &str) {
        edit(fleet, device, 0, id, Field::Due, day.to_owned().into_value());
    }

    pub fn set_moment(&mut self, fleet: &mut Fleet, device: usize, id: EntityId, field: Field, clear: bool) {
        let moment = if clear { Value::Null } else { self.moment() };
        edit(fleet, device, 0, id, field, moment);
    }

    pub fn bulk(&mut self, fleet: &mut Fleet, device: usize, numbers: impl Iterator<Item = u8>) {
        let ids: Vec<_> = numbers.map(|number| self.task(fleet, device, number)).collect();
        let group = self.group();
        let list = self.token().into_value();
        let typed = ids.into_iter().map(|id| {
            let set = Fields::from([(Field::List, list.clone())]);
            let edit = edit_of(fleet, device, id, set, Fields::new());
            typed(fleet, device, |replica| {
                replica.edit(Edit {
                    group: Some(group),
                    ..edit.clone()
                })
            })
        });
        let typed = typed.collect();
        write(fleet, device, typed, None);
    }

    /// Puts a task into the list of this name, or gives it the label of this name. If this device knows none, makes it.
    pub fn gather(&mut self, fleet: &mut Fleet, device: usize, task: EntityId, kind: Kind, name: u8) {
        let name = format!("name {name}");
        let replica = fleet.devices[device].replica();
        let is_it = |view: &Entity| {
            view.kind == kind && !view.is_deleted() && view.value(&Field::Name).as_text() == Some(&name)
        };
        let known = replica
            .ids()
            .find(|id| replica.view(*id).as_ref().is_some_and(is_it));
        let at = clock(fleet, device);
        let id = known.unwrap_or_else(|| {
            self.named += 1;
            EntityId(Uuid::from_u128(1_000 + self.named))
        });
        let made = known.is_none().then(|| {
            let set = Fields::from([
                (Field::Name, Value::Text(name)),
                (Field::Created, Value::Int(at.0 as i64)),
            ]);
            Edit {
                kind: kind.clone(),
                ..edit_of(fleet, device, id, set, Fields::new())
            }
        });
        let own = Value::Text(id.to_string());
        let put = match (kind, value(fleet, device, task, &Field::Labels)) {
            (Kind::Label, Value::List(labels)) => {
                let labels: BTreeSet<Value> = labels.into_iter().chain([own]).collect();
                (Field::Labels, Value::List(labels.into_iter().collect()))
            }
            (Kind::Label, _) => (Field::Labels, Value::List(vec![own])),
            _ => (Field::List, own),
        };
        let put = edit_of(fleet, device, task, Fields::from([put]), Fields::new());
        let group = Some(self.group());
        if made.is_some() {
            fleet.count("list or label made");
        }
        let gesture = made.into_iter().chain([put]);
        let gesture = gesture.map(|edit| {
            typed(fleet, device, |replica| {
                replica.edit(Edit {
                    group,
                    ..edit.clone()
                })
            })
        });
        let gesture = gesture.collect();
        write(fleet, device, gesture, None);
    }

    pub fn refused(&mut self, fleet: &mut Fleet, device: usize, again: bool) {
        let first = fleet.devices[device].replica().parked().first_key_value();
        let Some((seq, parked)) = first.map(|(seq, parked)| (*seq, parked.clone())) else {
            return;
        };
        let discarded = Entry::Discarded { seq };
        fleet.count("refused and dealt with");
        if again {
            let mutation = parked.mutation;
            let seen = mutation
                .set
                .keys()
                .map(|f| (f.clone(), mutation.base_value(f).clone()));
            let seen: Fields = seen.collect();
            let mut edit = edit_of(fleet, device, mutation.entity, mutation.set.clone(), seen.clone());
            edit.kind = mutation.kind;
            let mut typed = typed(fleet, device, |replica| replica.edit(edit.clone()));
            typed.seen.extend(seen);
            write(fleet, device, vec![typed], Some(discarded));
        } else if fleet.devices[device].append(vec![discarded]) == Written::Durable {
            fleet.devices[device].discarded.push(parked.mutation);
            fleet.devices[device].fold_all();
        }
    }

    /// Takes back the last gesture on this device, as far as its values are still there.
    pub fn undo(&mut self, fleet: &mut Fleet, device: usize) {
        let last = std::mem::take(&mut fleet.devices[device].last);
        let at = clock(fleet, device);
        let undone = fleet.devices[device].replica().undo(&last, at, None).into_iter();
        let undone: Vec<_> = undone
            .map(|mutation| typed(fleet, device, |_| mutation.clone()))
            .collect();
        if !undone.is_empty() {
            fleet.count("undone");
            write(fleet, device, undone, None);
        }
    }
}

/// Saves edits that were shown but not saved, in order, now that there is room.
pub fn save(fleet: &mut Fleet, device: usize) {
    while let Some(unsaved) = fleet.devices[device].unsaved.pop_front() {
        let Unsaved {
            edit,
            tab,
            knew_deleted,
        } = unsaved;
        fleet.devices[device].fold(tab);
        let seen = edit.seen.clone();
        let replica = &fleet.devices[device].tabs[tab];
        let mutation = replica.edit(edit);
        let typed = Typed {
            seen,
            knew_deleted,
            ..in_sight(mutation, replica)
        };
        fleet.count("saved once there was room");
        write(fleet, device, vec![typed], None);
    }
}

pub(crate) trait IntoValue {
    fn into_value(self) -> Value;
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Text(self)
    }
}

/// The time as a device knows it: by the server's clock if it knows that, otherwise by its own.
pub(crate) fn clock(fleet: &Fleet, device: usize) -> Timestamp {
    let device = &fleet.devices[device];
    let own = Timestamp(fleet.now.0.saturating_add_signed(device.clock));
    device.session.server_time(fleet.now).unwrap_or(own)
}

fn value(fleet: &Fleet, device: usize, id: EntityId, field: &Field) -> Value {
    let view = fleet.devices[device].view(0, id);
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

/// A mutation by a person who is looking at the leading tab.
pub(crate) fn typed(fleet: &Fleet, device: usize, make: impl Fn(&Replica) -> Mutation) -> Typed {
    let replica = fleet.devices[device].replica();
    let mutation = make(replica);
    in_sight(mutation, replica)
}

/// A mutation with the values that the person saw. A person who deletes an entity sees all of it.
#[must_use]
pub fn in_sight(mutation: Mutation, replica: &Replica) -> Typed {
    let view = replica.view(mutation.entity);
    let deletes = mutation.set.contains_key(&Field::Deleted);
    let cells = view.iter().flat_map(|view| &view.fields);
    let replaced = cells.filter(|(field, _)| deletes || mutation.set.contains_key(field));
    Typed {
        seen: replaced
            .map(|(field, cell)| (field.clone(), cell.0.clone()))
            .collect(),
        knew_deleted: view.as_ref().is_some_and(Entity::is_deleted),
        knew: replica.cursor(),
        showed: view
            .iter()
            .flat_map(|view| &view.fields)
            .filter(|(field, _)| matches!(field, Field::Completed | Field::Due))
            .map(|(field, cell)| (field.clone(), cell.0.clone()))
            .collect(),
        mutation,
    }
}

/// Changes one field, as it was seen in one of the tabs.
fn edit(fleet: &mut Fleet, device: usize, tab: usize, id: EntityId, field: Field, value: Value) {
    let tab = tab % fleet.devices[device].tabs.len();
    let view = fleet.devices[device].view(tab, id);
    let seen = view
        .as_ref()
        .map(|view| view.value(&field).clone())
        .unwrap_or_default();
    let deleted = view
        .map(|view| view.value(&Field::Deleted).clone())
        .unwrap_or_default();
    let knew_deleted = !deleted.is_null();
    let deletes = field == Field::Deleted;
    // A deletion is about everything that the person sees, which is what the tab that carries it out shows.
    let seen = match deletes {
        true => Fields::new(),
        false => Fields::from([(field.clone(), seen), (Field::Deleted, deleted)]),
    };
    let edit = edit_of(fleet, device, id, Fields::from([(field, value)]), seen.clone());
    if fleet.devices[device].full {
        fleet.count("not saved: no room on the device");
        // Nobody deletes an entity of which they see only half.
        if !deletes {
            fleet.devices[device].unsaved.push_back(Unsaved {
                edit,
                tab,
                knew_deleted,
            });
        }
        return;
    }
    fleet.devices[device].fold(tab);
    let replica = &fleet.devices[device].tabs[tab];
    let mut typed = in_sight(replica.edit(edit), replica);
    if !deletes {
        typed.seen = seen;
        typed.knew_deleted = knew_deleted;
    }
    fleet.devices[device].last = vec![typed.mutation.clone()];
    if fleet.devices[device].append(vec![Entry::Mutated(typed.mutation.clone())]) == Written::Durable {
        fleet.devices[device].typed.push(typed);
    }
    // The tab that holds the connection is told at once. The other tabs learn of the edit with the next rows.
    let leader = fleet.devices[device].leader;
    fleet.devices[device].fold(leader);
    fleet.input(device, Input::Edited);
}

/// Saves a gesture, in one transaction. Returns whether it is durable.
pub(crate) fn write(fleet: &mut Fleet, device: usize, typed: Vec<Typed>, before: Option<Entry>) -> bool {
    let mutated = typed.iter().map(|typed| Entry::Mutated(typed.mutation.clone()));
    let entries = before.into_iter().chain(mutated).collect();
    let is_durable = append(fleet, device, entries);
    if is_durable {
        fleet.devices[device].last = typed.iter().map(|typed| typed.mutation.clone()).collect();
        fleet.devices[device].typed.extend(typed);
        fleet.input(device, Input::Edited);
    }
    is_durable
}

/// Writes rows and folds them. Returns whether they are durable.
fn append(fleet: &mut Fleet, device: usize, entries: Vec<Entry>) -> bool {
    match fleet.devices[device].append(entries) {
        Written::Durable => {
            fleet.devices[device].fold_all();
            true
        }
        Written::Full => false,
        Written::Torn => {
            fleet.count("crash in the middle of a gesture");
            fleet.crash(device);
            false
        }
    }
}
