//! One run: the steps of a plan are carried out, then everything heals, and the oracle checks the invariants.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};

use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::session::{Input, Pause, Phase, TokenError};

use crate::crossings;
use crate::device::{Device, Net};
use crate::fleet::Fleet;
use crate::oracle::{self, Violation};
use crate::person::{self, People};
use crate::plan::{Act, Change, Outage, Plan, Step, TASKS, Trouble};
use crate::server::Access;
use crate::store::Store;

/// Milliseconds of virtual time within which everything has to come to rest once the network has healed.
const REST_MS: u64 = 300_000;
const HOUR_MS: u64 = 3_600_000;
/// How many copies of the server's data are kept.
const COPIES: usize = 4;
/// The delay of a slow frame: half of this, plus up to as much again, in milliseconds.
const SLOW_MS: u64 = 2_500;

/// The events of a run, by name, and how often each happened.
pub type Counts = BTreeMap<&'static str, u64>;

/// Runs a plan. A panic violates an invariant too: I8.
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
    /// Copies of the server's data, the latest first.
    copies: VecDeque<(Timestamp, Store)>,
    /// When the copy that was restored last was made.
    restored: Option<Timestamp>,
}

impl World {
    fn new(plan: &Plan) -> Self {
        let mut world = Self {
            fleet: Fleet::new(plan),
            people: People::default(),
            copies: VecDeque::new(),
            restored: None,
        };
        world.fleet.run(1_000);
        world
    }

    fn play(mut self, plan: &Plan) -> Result<Counts, Violation> {
        for step in &plan.steps {
            self.take(*step)?;
        }
        self.go_on(plan.mutations);
        self.heal();
        self.rest()?;
        oracle::at_rest(&self.fleet)?;
        if plan.tabs == 1 && !plan.steps.iter().any(|step| step.goes_back()) {
            oracle::nobody_against_themselves(&self.fleet)?;
            self.fleet.count("without any self-conflict");
        }
        if plan.leaves_no_twins() && self.fleet.server.refusals == 0 {
            oracle::no_twins(&self.fleet)?;
            self.fleet.count("without any twins");
        }
        let clock_jumped = self.fleet.counts.contains_key("clock jumped");
        crossings::are_recorded(&self.fleet, !clock_jumped)?;
        let decided = self.decide_everything()?;
        if plan.takes_back() && plan.seed.is_multiple_of(4) {
            self.take_everything_back(&decided)?;
            self.decide_everything()?;
        }
        self.say_a_last_word()?;
        let server = &self.fleet.server;
        let counts = [
            ("conflict answered", server.conflicts),
            ("snapshot sent", server.snapshots),
            ("refusal answered", server.refusals),
            ("receipt answered", server.store.repeats),
            ("stood for an applied one", server.store.stood_for),
            ("push overtaken by one of a later connection", server.overtaken),
            (
                "row folded again",
                self.fleet.devices.iter().map(|d| d.refolded).sum(),
            ),
            ("token renewed in mid-session", server.renewals),
            ("token expired in mid-session", server.expiries),
            (BY_PEOPLE, self.typed()),
        ];
        for (what, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            *self.fleet.counts.entry(what).or_default() += count;
        }
        Ok(self.fleet.counts)
    }

    fn typed(&self) -> u64 {
        self.fleet.devices.iter().map(|d| d.typed.len() as u64).sum()
    }

    /// People go on until this many of their mutations are saved.
    fn go_on(&mut self, mutations: u64) {
        let mut nth = 0;
        while self.typed() < mutations {
            let device = nth % self.fleet.devices.len();
            if self.fleet.devices[device].full {
                make_room(&mut self.fleet, device);
            }
            let task = self
                .people
                .task(&self.fleet, device, (nth % usize::from(TASKS)) as u8);
            self.edit(
                device,
                task,
                if nth % 3 == 0 {
                    Change::Date
                } else {
                    Change::Note { line: 2 }
                },
            );
            self.fleet.run(40);
            nth += 1;
        }
    }

    /// Lets time pass until there is nothing left to do, or longer than it may take.
    fn rest(&mut self) -> Result<(), Violation> {
        let mut waited = 0;
        while waited < REST_MS && !self.fleet.is_at_rest() {
            // A late answer may still pause a device, because its right was gone for a time.
            for device in 0..self.fleet.devices.len() {
                if self.fleet.devices[device].session.phase() == Phase::Paused(Pause::Forbidden) {
                    self.fleet.input(device, Input::Resume);
                }
            }
            self.fleet.run(1_000);
            waited += 1_000;
            oracle::nothing_runs_away(&self.fleet)?;
        }
        self.fleet.devices.iter_mut().for_each(Device::fold_all);
        oracle::drained(&self.fleet)
    }

    /// One person, undisturbed, decides on every open conflict about entities that their device has. A snapshot leaves
    /// tombstones out, so a person whose device got one would not know what they bring back. None of the conflicts may
    /// come back. Returns the conflicts.
    fn decide_everything(&mut self) -> Result<Vec<EntityId>, Violation> {
        let open = self.fleet.devices[0].conflicts(State::Open);
        let replica = self.fleet.devices[0].replica();
        let all = open.iter().map(|conflict| conflict.subject).enumerate();
        let in_sight: BTreeMap<_, _> = all
            .filter(|(_, subject)| replica.base(*subject).is_some())
            .collect();
        if in_sight.is_empty() {
            return Ok(Vec::new());
        }
        for nth in in_sight.keys().rev() {
            let choice = (nth % 3) as u8;
            self.people.resolve(&mut self.fleet, 0, *nth, choice, true);
        }
        self.rest()?;
        oracle::at_rest(&self.fleet)?;
        self.fleet.count("every conflict decided on");
        let decided = in_sight.keys().rev().map(|nth| open[*nth].id).collect();
        oracle::nothing_is_asked_again(&self.fleet, &in_sight.into_values().collect())?;
        Ok(decided)
    }

    /// Another person, undisturbed, takes back what the first one has just decided, last first. Every question is open
    /// again on all devices.
    fn take_everything_back(&mut self, decided: &[EntityId]) -> Result<(), Violation> {
        let device = 1;
        let mut open = BTreeSet::new();
        for record in decided.iter().rev() {
            if self.people.take_back(&mut self.fleet, device, *record, true)? {
                open.insert(*record);
            }
        }
        self.rest()?;
        oracle::at_rest(&self.fleet)?;
        oracle::is_asked_again(&self.fleet, &open)?;
        if !open.is_empty() {
            self.fleet.count("every decision taken back");
        }
        Ok(())
    }

    /// The bus loses the very last message, so that no later one shows the gap.
    fn say_a_last_word(&mut self) -> Result<(), Violation> {
        if self.fleet.server.instances < 2 {
            return Ok(());
        }
        self.fleet.lose_news = true;
        let id = self.people.task(&self.fleet, 0, 1);
        self.people.rename(&mut self.fleet, 0, 0, id);
        self.fleet.run(1_000);
        self.fleet.lose_news = false;
        self.rest()
    }

    fn take(&mut self, step: Step) -> Result<(), Violation> {
        let devices = self.fleet.devices.len();
        let index = |number: u8| usize::from(number) % devices;
        match step {
            Step::Wait { milliseconds } => self.fleet.run(u64::from(milliseconds)),
            Step::Edit { device, task, change } => {
                let device = index(device);
                let id = self.people.task(&self.fleet, device, task);
                self.edit(device, id, change);
                return oracle::view_is_base_and_outbox(self.fleet.devices[device].replica(), id);
            }
            Step::Act { device, act } => self.act(index(device), act)?,
            Step::Trouble { device, trouble } => self.trouble(index(device), trouble),
            Step::Outage(outage) => self.outage(outage),
        }
        oracle::nothing_runs_away(&self.fleet)
    }

    fn edit(&mut self, device: usize, id: EntityId, change: Change) {
        let (fleet, people) = (&mut self.fleet, &mut self.people);
        match change {
            Change::Rename { tab } => people.rename(fleet, device, usize::from(tab), id),
            Change::Note { line } => people.note(fleet, device, id, usize::from(line)),
            Change::Label { remove } => people.label(fleet, device, id, remove),
            Change::Date => people.set_text(fleet, device, id, Field::Due),
            Change::Prioritise => people.set_moment(fleet, device, id, Field::Priority, false),
            Change::Move => people.set_text(fleet, device, id, Field::List),
            Change::Complete { undo } => people.set_moment(fleet, device, id, Field::Completed, undo),
            Change::Delete { undo } => people.set_moment(fleet, device, id, Field::Deleted, undo),
        }
    }

    fn act(&mut self, device: usize, act: Act) -> Result<(), Violation> {
        let (fleet, people) = (&mut self.fleet, &mut self.people);
        match act {
            Act::Resolve { nth, choice } => people.resolve(fleet, device, usize::from(nth), choice, false),
            Act::Undo => people.undo(fleet, device),
            Act::Bulk { first, count } => {
                let numbers = (first..first + count).map(|number| number % TASKS);
                people.bulk(fleet, device, numbers);
            }
            Act::Refused { again } => people.refused(fleet, device, again),
            Act::Gather { task, label, name } => {
                let id = people.task(fleet, device, task);
                let kind = if label { Kind::Label } else { Kind::List };
                people.gather(fleet, device, id, kind, name);
            }
            Act::TakeBack { nth, over } => people.take_back_nth(fleet, device, usize::from(nth), over)?,
            Act::OtherSide { nth } => people.other_side(fleet, device, usize::from(nth)),
            Act::AlwaysAsk { field, on } => people.always_ask(fleet, device, usize::from(field), on),
        }
        Ok(())
    }

    /// Each trouble is counted, so that a kind that never happens is noticed.
    fn trouble(&mut self, device: usize, trouble: Trouble) {
        let fleet = &mut self.fleet;
        match trouble {
            Trouble::Cut => {
                fleet.count("network cut");
                fleet.cut(device);
            }
            Trouble::Silence => {
                fleet.count("half-open");
                fleet.devices[device].net = Net::Silent;
            }
            Trouble::OneWay { up } => {
                fleet.count("one-way partition");
                fleet.devices[device].net = if up { Net::NoUp } else { Net::NoDown };
            }
            Trouble::Lose => fleet.devices[device].loss = 3,
            Trouble::Duplicate => fleet.devices[device].duplicates = true,
            Trouble::Slow => fleet.devices[device].delay = SLOW_MS,
            Trouble::Heal => fleet.heal(device),
            Trouble::Crash => {
                fleet.count("crash");
                fleet.crash(device);
            }
            Trouble::CrashOnPersist(moment) => fleet.devices[device].crash = Some(moment),
            Trouble::Lead { tab } => {
                fleet.count("leader moved");
                fleet.input(device, Input::Stop);
                let tab = usize::from(tab) % fleet.devices[device].tabs.len();
                fleet.devices[device].leader = tab;
                fleet.devices[device].fold(tab);
                fleet.input(device, Input::Start);
            }
            Trouble::Compact => fleet.compact(device),
            Trouble::Damage => {
                if fleet.devices[device].damage() {
                    fleet.count("row damaged");
                    fleet.crash(device);
                }
            }
            Trouble::Quota { on: true } => fleet.devices[device].full = true,
            Trouble::Quota { on: false } => make_room(fleet, device),
            Trouble::SetClock { years } => {
                fleet.count("clock jumped");
                fleet.devices[device].clock = i64::from(years) * 365 * 86_400_000;
            }
            Trouble::SignOut => {
                fleet.count("signed out");
                fleet.devices[device].token = Err(TokenError::SignedOut);
                fleet.input(device, Input::Pause(Pause::SignedOut));
            }
            Trouble::SignIn => {
                fleet.devices[device].token = Ok(());
                fleet.input(device, Input::Resume);
            }
            Trouble::ExpireToken => fleet.expire_token(device),
            Trouble::Rights { level } => {
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
        }
    }

    fn outage(&mut self, outage: Outage) {
        let fleet = &mut self.fleet;
        match outage {
            Outage::Kill { instance } => {
                fleet.count("server killed");
                let instance = usize::from(instance) % fleet.server.instances;
                let dead = fleet.server.kill(instance);
                fleet.severed(dead);
            }
            Outage::BackUp => {
                self.copies.truncate(COPIES - 1);
                self.copies.push_front((fleet.now, fleet.server.store.clone()));
            }
            Outage::Restore => self.restore(0),
            Outage::RestoreFrom { copy } => self.restore(usize::from(copy)),
            Outage::Expire => {
                fleet.count("tombstones expired");
                fleet.server.store.expire();
            }
            Outage::Full { on } => fleet.server.store.full = on,
            Outage::LoseNews { on } => fleet.lose_news = on,
        }
    }

    /// The data come back from one of the copies, counted from the latest. The copy stays.
    fn restore(&mut self, nth: usize) {
        let Some(nth) = nth.checked_rem(self.copies.len()) else {
            return;
        };
        let (at, copy) = self.copies[nth].clone();
        let fleet = &mut self.fleet;
        fleet.count("server restored");
        if nth > 0 {
            fleet.count("server restored from an older copy than the latest");
        }
        if self.restored.is_some_and(|last| at > last) {
            fleet.count("server restored from a newer copy than the last time");
        }
        if fleet.now.since(at) >= HOUR_MS {
            fleet.count("server restored from an hour-old copy");
        }
        self.restored = Some(at);
        let dead = fleet.server.restore(copy);
        fleet.severed(dead);
    }

    fn heal(&mut self) {
        let fleet = &mut self.fleet;
        fleet.lose_news = false;
        fleet.server.store.full = false;
        fleet.server.access.clear();
        for device in 0..fleet.devices.len() {
            fleet.devices[device].crash = None;
            let was_signed_out = fleet.devices[device].token.is_err();
            fleet.devices[device].token = Ok(());
            make_room(fleet, device);
            fleet.heal(device);
            fleet.devices[device].fold_all();
            fleet.input(
                device,
                if was_signed_out {
                    Input::Resume
                } else {
                    Input::Edited
                },
            );
        }
    }
}

fn make_room(fleet: &mut Fleet, device: usize) {
    fleet.devices[device].full = false;
    person::save(fleet, device);
    fleet.input(device, Input::Probe);
}

/// The name under which a run counts the mutations that people typed and that were saved.
pub const BY_PEOPLE: &str = "mutation by a person";

/// The events that must happen at least once in many runs.
pub const EXPECTED: &[&str] = &[
    "clock jumped",
    "conflict answered",
    "conflict resolved by hand",
    "crash",
    "crash after a persist",
    "crash before a persist",
    "crash in the middle of a gesture",
    "crash in the middle of a transaction",
    "decision taken back",
    "decision of another device taken back",
    "decision taken back beside an edit",
    "decision taken back over an edit",
    "every decision taken back",
    "frame down lost",
    "frame down twice",
    "half-open",
    "late frame of an old connection",
    "list or label made",
    "leader moved",
    "log packed",
    "network cut",
    "news lost on the bus",
    "one-way partition",
    "other side of a merge taken",
    "other side of a merge taken, and taken back",
    "push twice",
    "receipt answered",
    "refusal answered",
    "refused and dealt with",
    "right withdrawn",
    "row damaged",
    "server killed",
    "server restored",
    "server restored from a newer copy than the last time",
    "server restored from an older copy than the latest",
    "signed out",
    "snapshot sent",
    "rules of the workspace changed",
    "stood for an applied one",
    "tombstones expired",
    "undone",
    "without any twins",
];
