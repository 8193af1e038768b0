//! Anything may happen to three devices; in the end they hold the same, and nothing anybody wrote is gone.

use proptest::prelude::*;
use tsugi_calendar::Date;
use tsugi_sim::device::Net;
use tsugi_sim::oracle::view_is_base_and_outbox;
use tsugi_sim::plan::Moment;
use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Field, Fields};
use tsugi_sync::gesture::{Stamp, nest};
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::fleet::{Fleet, entity};
use crate::oracle::tree::Tree;

const DEVICES: usize = 3;
const TASKS: u128 = 3;

#[derive(Clone, Debug)]
enum Step {
    Rename(u128),
    Note(u128, usize),
    Complete(u128),
    Reopen(u128),
    Delete(u128),
    Restore(u128),
    Resolve(usize, u8),
    SecondTabRenames(u128),
    /// Puts a task below another one, where that can be.
    Nest(u128, u128),
    PutOff(u128),
    Cut,
    Silence,
    Lose,
    Heal,
    Crash,
    CrashOnCommit(bool),
    Compact,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let task = 1..=TASKS;
    prop_oneof![
        4 => task.clone().prop_map(Step::Rename),
        3 => (task.clone(), 0..4_usize).prop_map(|(task, line)| Step::Note(task, line)),
        2 => task.clone().prop_map(Step::Complete),
        1 => task.clone().prop_map(Step::Reopen),
        2 => task.clone().prop_map(Step::Delete),
        1 => task.clone().prop_map(Step::Restore),
        2 => (0..4_usize, 0..3_u8).prop_map(|(nth, choice)| Step::Resolve(nth, choice)),
        2 => task.clone().prop_map(Step::SecondTabRenames),
        3 => (task.clone(), task.clone()).prop_map(|(task, parent)| Step::Nest(task, parent)),
        1 => task.prop_map(Step::PutOff),
        2 => Just(Step::Cut),
        1 => Just(Step::Silence),
        1 => Just(Step::Lose),
        3 => Just(Step::Heal),
        1 => Just(Step::Crash),
        1 => any::<bool>().prop_map(Step::CrashOnCommit),
        1 => Just(Step::Compact),
        5 => (0..400_u64).prop_map(Step::Wait),
    ]
}

struct World {
    fleet: Fleet,
    written: u64,
}

impl World {
    fn token(&mut self) -> String {
        self.written += 1;
        format!("<{}>", self.written)
    }

    fn moment(&mut self) -> Value {
        self.written += 1;
        Value::Int(1_000_000_000 + i64::try_from(self.written).expect("few"))
    }

    fn take(&mut self, device: usize, step: &Step) {
        match step {
            Step::Rename(task) => {
                let title = self.token();
                self.fleet.rename(device, entity(*task), &title);
            }
            Step::Note(task, line) => {
                let notes = self.fleet.devices[device].text(entity(*task), &Field::Notes);
                let mut lines: Vec<String> = notes.lines().map(str::to_owned).collect();
                match lines.get_mut(*line) {
                    Some(line) => *line = self.token(),
                    None => lines.push(self.token()),
                }
                let notes: String = lines.iter().map(|line| format!("{line}\n")).collect();
                self.fleet
                    .edit(device, entity(*task), [(Field::Notes, notes.as_str().into())]);
            }
            Step::Complete(task) => self.set_moment(device, *task, Field::Completed),
            Step::Delete(task) => self.set_moment(device, *task, Field::Deleted),
            Step::Reopen(task) => self
                .fleet
                .edit(device, entity(*task), [(Field::Completed, Value::Null)]),
            Step::Restore(task) => self
                .fleet
                .edit(device, entity(*task), [(Field::Deleted, Value::Null)]),
            Step::Resolve(nth, choice) => self.resolve(device, *nth, *choice),
            Step::SecondTabRenames(task) => {
                let title = self.token();
                let set = Fields::from([(Field::Title, title.as_str().into())]);
                let edit = self.fleet.edit_of(entity(*task), set);
                // Its word reaches the other tab with whatever comes next.
                let mutation = self.fleet.devices[device].tabs[1].edit(edit);
                self.fleet.write(device, 1, vec![mutation]);
            }
            Step::Nest(task, parent) => self.nest(device, *task, *parent),
            Step::PutOff(task) => {
                let due = self.token();
                self.fleet
                    .edit(device, entity(*task), [(Field::Due, due.as_str().into())]);
            }
            Step::Cut => self.fleet.cut(device),
            Step::Silence => self.fleet.devices[device].net = Net::Silent,
            Step::Lose => self.fleet.devices[device].loss = 3,
            Step::Heal => self.fleet.heal(device),
            Step::Crash => self.fleet.crash(device),
            Step::CrashOnCommit(before) => {
                self.fleet.devices[device].crash = Some(if *before { Moment::Before } else { Moment::After });
            }
            Step::Compact => self.fleet.devices[device].compact(),
            Step::Wait(time) => self.fleet.run(*time),
        }
    }

    fn set_moment(&mut self, device: usize, task: u128, field: Field) {
        let moment = self.moment();
        self.fleet.edit(device, entity(task), [(field, moment)]);
    }

    fn nest(&mut self, device: usize, task: u128, parent: u128) {
        self.written += 1;
        let stamp = Stamp {
            at: self.fleet.now,
            today: Date::new(2026, 11, 24).expect("a day"),
            group: Uuid::from_u128(u128::from(self.written)),
        };
        let replica = self.fleet.devices[device].replica();
        if let Ok(edits) = nest(replica, entity(task), entity(parent), stamp) {
            self.fleet.gesture(device, edits);
        }
    }

    fn resolve(&mut self, device: usize, nth: usize, choice: u8) {
        let open = self.fleet.devices[device].conflicts(State::Open);
        let Some(conflict) = open.get(nth) else { return };
        let mut results = Fields::new();
        for (field, sides) in &conflict.fields {
            let result = match (choice, field) {
                (0, _) => sides.local.clone(),
                (1, Field::Title | Field::Notes) => Value::Text(self.token()),
                _ => sides.remote.clone(),
            };
            results.insert(field.clone(), result);
        }
        self.fleet.resolve(device, conflict.id, results);
    }

    fn heal(&mut self) {
        for device in 0..DEVICES {
            self.fleet.devices[device].crash = None;
            self.fleet.heal(device);
            self.fleet.commit(device, Vec::new());
        }
        self.fleet.run(180_000);
    }
}

/// Every replica shows the same tree, with every task in it, and no cycle is left.
fn tree(fleet: &Fleet) {
    let tasks: Vec<Task> = fleet
        .server
        .store
        .entities
        .values()
        .filter_map(Task::read)
        .collect();
    let tree = Tree::of(&tasks);
    assert!(tree.cut().is_empty(), "a cycle is left: {:?}", tree.cut());
    assert_eq!(tree.walk(tree.children(None).iter().copied()).len(), tasks.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_everybody_ends_with_the_same_and_nothing_is_lost(
        steps in prop::collection::vec((0..DEVICES, step()), 1..60),
    ) {
        let (fleet, _) = Fleet::with_task(DEVICES as u8);
        let mut world = World { fleet, written: 0 };
        for device in &mut world.fleet.devices {
            let second = device.replica().clone();
            device.tabs.push(second);
        }
        for (device, step) in &steps {
            world.take(*device, step);
            let replica = world.fleet.devices[*device].replica();
            for id in replica.ids() {
                prop_assert_eq!(view_is_base_and_outbox(replica, id), Ok(()));
            }
        }
        world.heal();
        world.fleet.assert_same();
        tree(&world.fleet);
        for device in &world.fleet.devices {
            prop_assert!(device.replica().parked().is_empty());
        }
    }
}
