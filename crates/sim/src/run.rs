//! One run: the steps of a plan, then everything heals, and what must hold is looked at.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tsugi_sync::entity::Field;
use tsugi_sync::session::{Input, Pause, Phase, TokenError};

use crate::device::{Crash, Net};
use crate::fleet::Fleet;
use crate::oracle::{self, Violation};
use crate::person::People;
use crate::plan::{Plan, Step, TASKS};
use crate::server::Access;
use crate::store::Store;

/// Milliseconds of virtual time within which everything has to come to rest once the network has healed.
const REST_MS: u64 = 300_000;

/// What happened, by name, and how often.
pub type Counts = BTreeMap<&'static str, u64>;

/// Runs a plan. A panic is a violation too: of I8.
///
/// # Errors
/// The first invariant that did not hold.
pub fn run(plan: &Plan) -> Result<Counts, Violation> {
    catch_unwind(AssertUnwindSafe(|| World::new(plan).play(plan))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Violation {
            invariant: "I8",
            what: text.unwrap_or_else(|| "a panic".into()),
        })
    })
}

struct World {
    fleet: Fleet,
    people: People,
    backup: Option<Store>,
}

impl World {
    fn new(plan: &Plan) -> Self {
        let mut world = Self {
            fleet: Fleet::new(plan),
            people: People::default(),
            backup: None,
        };
        world.fleet.run(1_000);
        world
    }

    fn play(mut self, plan: &Plan) -> Result<Counts, Violation> {
        for step in &plan.steps {
            self.take(*step)?;
        }
        self.heal();
        let mut waited = 0;
        while waited < REST_MS && !self.fleet.is_at_rest() {
            // A last word of the old days may still pause one.
            for device in 0..self.fleet.devices.len() {
                if matches!(self.fleet.devices[device].session.phase(), Phase::Paused(_)) {
                    self.fleet.input(device, Input::Resume);
                }
            }
            self.fleet.run(1_000);
            waited += 1_000;
        }
        self.fleet.devices.iter_mut().for_each(|device| device.fold_all());
        oracle::at_rest(&self.fleet)?;
        if plan.tabs == 1 && !plan.steps.iter().any(|step| step.goes_back()) {
            oracle::nobody_against_themselves(&self.fleet)?;
            self.fleet.count("without any self-conflict");
        }
        let counts = [
            ("conflict answered", self.fleet.server.conflicts),
            ("snapshot sent", self.fleet.server.snapshots),
            ("refusal answered", self.fleet.server.refusals),
            ("receipt answered", self.fleet.server.store.repeats),
            ("stood for an applied one", self.fleet.server.store.stood_for),
            (
                "mutation by a person",
                self.fleet.devices.iter().map(|d| d.typed.len() as u64).sum(),
            ),
        ];
        for (what, count) in counts {
            *self.fleet.counts.entry(what).or_default() += count;
        }
        Ok(self.fleet.counts)
    }

    fn take(&mut self, step: Step) -> Result<(), Violation> {
        let (fleet, people) = (&mut self.fleet, &mut self.people);
        let devices = fleet.devices.len();
        let index = |number: u8| usize::from(number) % devices;
        let target = step.target().map(|(device, number)| {
            let device = index(device);
            (device, people.task(fleet, device, number))
        });
        if let Some((device, id)) = target {
            match step {
                Step::Rename { tab, .. } => people.rename(fleet, device, usize::from(tab), id),
                Step::Note { line, .. } => people.note(fleet, device, id, usize::from(line)),
                Step::Label { remove, .. } => people.label(fleet, device, id, remove),
                Step::Date { .. } => people.set_text(fleet, device, id, Field::Due),
                Step::Prioritise { .. } => people.set_moment(fleet, device, id, Field::Priority, false),
                Step::Move { .. } => people.set_text(fleet, device, id, Field::List),
                Step::Complete { undo, .. } => people.set_moment(fleet, device, id, Field::Completed, undo),
                Step::Delete { undo, .. } => people.set_moment(fleet, device, id, Field::Deleted, undo),
                _ => {}
            }
            return oracle::view_is_base_and_outbox(fleet.devices[device].replica(), id);
        }
        match step {
            Step::Resolve { device, nth, choice } => {
                people.resolve(fleet, index(device), usize::from(nth), choice)
            }
            Step::Undo { device } => people.undo(fleet, index(device)),
            Step::Bulk { device, first, count } => {
                let numbers = (first..first + count).map(|number| number % TASKS);
                people.bulk(fleet, index(device), numbers);
            }
            Step::Refused { device, again } => people.refused(fleet, index(device), again),
            Step::Import { device, from } => people.import(fleet, index(device), index(from)),
            Step::Wait { milliseconds } => fleet.run(u64::from(milliseconds)),
            _ => self.fault(step),
        }
        Ok(())
    }

    /// The faults. Each is counted, so that a run in which it never came to pass is noticed.
    fn fault(&mut self, step: Step) {
        let fleet = &mut self.fleet;
        let devices = fleet.devices.len();
        let index = |number: u8| usize::from(number) % devices;
        match step {
            Step::Cut { device } => {
                fleet.count("network cut");
                fleet.cut(index(device));
            }
            Step::Silence { device } => {
                fleet.count("half-open");
                let device = index(device);
                fleet.devices[device].net = Net::Silent;
            }
            Step::OneWay { device, up } => {
                fleet.count("one-way partition");
                let device = index(device);
                fleet.devices[device].net = if up { Net::NoUp } else { Net::NoDown };
            }
            Step::Lose { device } => {
                let device = index(device);
                fleet.devices[device].loss = 3;
            }
            Step::Duplicate { device } => {
                let device = index(device);
                fleet.devices[device].duplicates = true;
            }
            Step::Heal { device } => fleet.heal(index(device)),
            Step::Crash { device } => {
                fleet.count("crash");
                fleet.crash(index(device));
            }
            Step::CrashOnPersist { device, before } => {
                let device = index(device);
                fleet.devices[device].crash = Some(if before { Crash::Before } else { Crash::After });
            }
            Step::Lead { device, tab } => {
                fleet.count("leader moved");
                let device = index(device);
                fleet.input(device, Input::Stop);
                let tab = usize::from(tab) % fleet.devices[device].tabs.len();
                fleet.devices[device].leader = tab;
                fleet.devices[device].fold(tab);
                fleet.input(device, Input::Start);
            }
            Step::Compact { device } => {
                fleet.count("log packed");
                let device = index(device);
                fleet.devices[device].compact();
            }
            Step::Damage { device } => {
                let device = index(device);
                if fleet.devices[device].damage() {
                    fleet.count("row damaged");
                    fleet.crash(device);
                }
            }
            Step::SetClock { device, years } => {
                fleet.count("clock jumped");
                let device = index(device);
                fleet.devices[device].clock = i64::from(years) * 365 * 86_400_000;
            }
            Step::SignOut { device } => {
                fleet.count("signed out");
                let device = index(device);
                fleet.devices[device].token = Err(TokenError::SignedOut);
                fleet.input(device, Input::Pause(Pause::SignedOut));
            }
            Step::SignIn { device } => {
                let device = index(device);
                fleet.devices[device].token = Ok(());
                fleet.input(device, Input::Resume);
            }
            Step::Rights { device, level } => {
                let device = index(device);
                let access =
                    [Access::Write, Access::Read, Access::None, Access::Write][usize::from(level % 4)];
                let replica = fleet.devices[device].replica().id();
                if access != Access::Write {
                    fleet.count("right withdrawn");
                }
                fleet.server.access.insert(replica, access);
                for (id, down) in fleet.server.look_at_rights(replica) {
                    fleet.send_down(id, down);
                }
            }
            Step::Kill { instance } => {
                fleet.count("server killed");
                let instance = usize::from(instance) % fleet.server.instances;
                let dead = fleet.server.kill(instance);
                fleet.severed(dead);
            }
            Step::BackUp => self.backup = Some(fleet.server.store.clone()),
            Step::Restore => {
                if let Some(copy) = self.backup.take() {
                    fleet.count("server restored");
                    let dead = fleet.server.restore(copy);
                    fleet.severed(dead);
                }
            }
            Step::Expire => {
                fleet.count("tombstones expired");
                fleet.server.store.expire();
            }
            Step::Full { on } => fleet.server.store.full = on,
            Step::LoseNews { on } => fleet.lose_news = on,
            _ => {}
        }
    }

    fn heal(&mut self) {
        let fleet = &mut self.fleet;
        fleet.lose_news = false;
        fleet.server.store.full = false;
        fleet.server.access.clear();
        for device in 0..fleet.devices.len() {
            fleet.devices[device].crash = None;
            fleet.devices[device].token = Ok(());
            fleet.heal(device);
            fleet.devices[device].fold_all();
            fleet.input(device, Input::Edited);
        }
    }
}

/// What has to have happened in many runs.
pub const EXPECTED: &[&str] = &[
    "clock jumped",
    "conflict answered",
    "conflict resolved by hand",
    "copy imported",
    "crash",
    "crash after a persist",
    "crash before a persist",
    "frame down lost",
    "frame down twice",
    "half-open",
    "late frame of an old connection",
    "leader moved",
    "log packed",
    "network cut",
    "news lost on the bus",
    "one-way partition",
    "push twice",
    "receipt answered",
    "refusal answered",
    "refused and dealt with",
    "right withdrawn",
    "row damaged",
    "server killed",
    "server restored",
    "signed out",
    "snapshot sent",
    "stood for an applied one",
    "tombstones expired",
    "undone",
];
