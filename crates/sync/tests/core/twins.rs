//! Lists and labels that got one name on devices apart. The table is in `docs/merge-tables.md`.

use std::collections::BTreeSet;

use tsugi_sim::device::Net;
use tsugi_sync::colour::Colour;
use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::ids::EntityId;
use tsugi_sync::label::Label;
use tsugi_sync::list::List;
use tsugi_sync::replica::Edit;
use tsugi_sync::section::Section;
use tsugi_sync::value::Value;

use crate::conflict::apart;
use crate::fleet::{Fleet, entity};

fn text(id: EntityId) -> Value {
    Value::text(id.to_string())
}

impl Fleet {
    fn make(&mut self, device: usize, id: EntityId, kind: Kind, name: &str) {
        let set = match kind {
            Kind::Label => Label::create(name, self.now),
            _ => List::create(name, self.now),
        };
        let edit = Edit {
            kind,
            ..self.edit_of(id, set.unwrap())
        };
        self.gesture(device, vec![edit]);
    }

    /// A person types “title #list @label” on a device that knows neither: see `entity` for the numbers.
    fn add(&mut self, device: usize, number: u128, [list, label]: [&str; 2]) {
        self.make(device, entity(number + 1), Kind::List, list);
        self.make(device, entity(number + 2), Kind::Label, label);
        let labels = Value::List(vec![text(entity(number + 2))]);
        let set = [
            (Field::Title, format!("task {number}").as_str().into()),
            (Field::List, text(entity(number + 1))),
            (Field::Labels, labels),
        ];
        self.edit(device, entity(number), set);
    }

    fn field(&self, device: usize, id: EntityId, field: &Field) -> Value {
        let view = self.devices[device].replica().view(id);
        view.map(|view| view.value(field).clone()).unwrap_or_default()
    }

    /// The lists and labels that a device shows.
    fn shown(&self, device: usize) -> BTreeSet<EntityId> {
        let replica = self.devices[device].replica();
        let views = replica.ids().filter_map(|id| replica.view(id));
        let shown = views.filter(|view| List::read(view).is_some() || Label::read(view).is_some());
        shown.map(|view| view.id).collect()
    }

    fn assert_shown(&self, ids: &[u128]) {
        let expected: BTreeSet<EntityId> = ids.iter().map(|number| entity(*number)).collect();
        for device in 0..self.devices.len() {
            assert_eq!(self.shown(device), expected, "device {device}");
            assert!(
                self.devices[device].conflicts(State::Open).is_empty(),
                "nobody is asked"
            );
        }
    }

    fn assert_in(&self, task: u128, list: u128, labels: &[u128]) {
        for device in 0..self.devices.len() {
            assert_eq!(self.field(device, entity(task), &Field::List), text(entity(list)));
            let mut labels: Vec<Value> = labels.iter().map(|number| text(entity(*number))).collect();
            labels.sort();
            assert_eq!(
                self.field(device, entity(task), &Field::Labels),
                Value::List(labels)
            );
        }
    }
}

fn fleet(devices: u8) -> Fleet {
    let (fleet, _) = Fleet::with_task(devices);
    fleet
}

#[test]
fn made_apart_with_one_name_lists_and_labels_become_one() {
    let mut fleet = fleet(3);
    let (first, second) = (["Groceries", "shop"], [" groceries", "Shop"]);
    apart(&mut fleet, |f| f.add(0, 10, first), |f| f.add(1, 20, second));
    fleet.assert_shown(&[11, 12]);
    fleet.assert_in(10, 11, &[12]);
    fleet.assert_in(20, 11, &[12]);
    let gone = fleet.stored(entity(21));
    assert_eq!(
        gone.value(&Field::Deleted),
        gone.value(&Field::Created),
        "nobody saw it"
    );
}

#[test]
fn made_apart_with_other_names_they_stay() {
    let mut fleet = fleet(2);
    let (first, second) = (["Groceries", "shop"], ["Grocéries", "shopping"]);
    apart(&mut fleet, |f| f.add(0, 10, first), |f| f.add(1, 20, second));
    fleet.assert_shown(&[11, 12, 21, 22]);
}

#[test]
fn a_list_and_a_label_of_one_name_stay() {
    let mut fleet = fleet(2);
    apart(
        &mut fleet,
        |f| f.make(0, entity(11), Kind::List, "Home"),
        |f| f.make(1, entity(21), Kind::Label, "Home"),
    );
    fleet.assert_shown(&[11, 21]);
}

#[test]
fn a_second_list_of_a_name_in_sight_stays() {
    let mut fleet = fleet(2);
    fleet.make(0, entity(11), Kind::List, "Home");
    fleet.run(1_000);
    fleet.make(1, entity(21), Kind::List, "Home");
    fleet.run(60_000);
    fleet.assert_same();
    fleet.assert_shown(&[11, 21]);
}

#[test]
fn renamed_or_archived_before_they_meet_they_stay() {
    let mut fleet = fleet(2);
    apart(
        &mut fleet,
        |f| {
            f.make(0, entity(11), Kind::List, "Home");
            f.make(0, entity(12), Kind::List, "Work");
            let archived = Fields::from([(Field::Archived, Value::Int(7))]);
            let edit = Edit {
                kind: Kind::List,
                ..f.edit_of(entity(12), archived)
            };
            f.gesture(0, vec![edit]);
        },
        |f| {
            f.make(1, entity(21), Kind::List, "Home");
            f.make(1, entity(22), Kind::List, "Work");
            let renamed = Fields::from([(Field::Name, "House".into())]);
            let edit = Edit {
                kind: Kind::List,
                ..f.edit_of(entity(21), renamed)
            };
            f.gesture(1, vec![edit]);
        },
    );
    fleet.assert_shown(&[11, 12, 21, 22]);
}

#[test]
fn of_three_the_first_stays_with_all_tasks() {
    let mut fleet = fleet(3);
    (0..3).for_each(|device| fleet.cut(device));
    fleet.run(1_000);
    for (device, task) in [(0, 10), (1, 20), (2, 30)] {
        fleet.add(device, task, ["Groceries", "shop"]);
    }
    for device in 0..3 {
        fleet.heal(device);
        fleet.run(60_000);
    }
    fleet.assert_same();
    fleet.assert_shown(&[11, 12]);
    for task in [10, 20, 30] {
        fleet.assert_in(task, 11, &[12]);
    }
}

#[test]
fn what_was_made_before_the_first_snapshot_joins_what_is_there() {
    let mut fleet = Fleet::new(2);
    fleet.cut(1);
    fleet.add(0, 10, ["Groceries", "shop"]);
    fleet.run(60_000);
    fleet.add(1, 20, ["Groceries", "shop"]);
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
    fleet.assert_shown(&[11, 12]);
    fleet.assert_in(20, 11, &[12]);
}

#[test]
fn sections_and_completed_tasks_come_along_and_colour_and_folder_where_there_is_none() {
    let mut fleet = fleet(2);
    let folder = text(entity(40));
    let dress = |f: &mut Fleet, device: usize, id: u128, colour: Colour| {
        let set = Fields::from([(Field::Colour, colour.into()), (Field::Folder, text(entity(40)))]);
        let edit = Edit {
            kind: Kind::List,
            ..f.edit_of(entity(id), set)
        };
        f.gesture(device, vec![edit]);
    };
    apart(
        &mut fleet,
        |f| f.make(0, entity(11), Kind::List, "Home"),
        |f| {
            f.make(1, entity(21), Kind::List, "Home");
            dress(f, 1, 21, Colour::Teal);
            let section = Section::create("Garden", entity(21), f.now).unwrap();
            let section = Edit {
                kind: Kind::Section,
                ..f.edit_of(entity(22), section)
            };
            f.gesture(1, vec![section]);
            let set = [
                (Field::Title, "rake".into()),
                (Field::List, text(entity(21))),
                (Field::Section, text(entity(22))),
                (Field::Completed, Value::Int(5)),
            ];
            f.edit(1, entity(20), set);
        },
    );
    fleet.assert_shown(&[11]);
    let stays = List::read(fleet.stored(entity(11))).unwrap();
    assert_eq!(
        (stays.colour, stays.folder.map(text)),
        (Some(Colour::Teal), Some(folder))
    );
    let of = |id, field| fleet.stored(entity(id)).value(&field).clone();
    assert_eq!(of(20, Field::List), text(entity(11)));
    assert_eq!(of(20, Field::Section), text(entity(22)));
    assert_eq!(of(22, Field::List), text(entity(11)));
}

#[test]
fn what_a_third_person_put_in_before_they_met_comes_along() {
    let mut fleet = fleet(3);
    // Nothing comes down to the second device: it does not hear of the first list, and not of the answer to its own.
    fleet.devices[1].net = Net::NoDown;
    fleet.make(0, entity(11), Kind::List, "Home");
    fleet.run(500);
    fleet.make(1, entity(21), Kind::List, "Home");
    fleet.run(500);
    assert!(
        fleet.shown(2).contains(&entity(21)),
        "the third person has it in sight"
    );
    fleet.edit(2, entity(1), [(Field::List, text(entity(21)))]);
    fleet.run(500);
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
    fleet.assert_shown(&[11]);
    assert_eq!(fleet.field(0, entity(1), &Field::List), text(entity(11)));
}

#[test]
fn undone_before_they_meet_nothing_is_left_of_it() {
    let mut fleet = fleet(2);
    apart(
        &mut fleet,
        |f| f.make(0, entity(11), Kind::List, "Home"),
        |f| {
            f.make(1, entity(21), Kind::List, "Home");
            let made = f.devices[1].replica().outbox().values().next().unwrap();
            let undone = f.devices[1].replica().undo(&[made.as_ref().clone()], f.now, None);
            f.commit(1, undone);
        },
    );
    fleet.assert_shown(&[11]);
    assert!(Entity::is_deleted(fleet.stored(entity(21))));
}
