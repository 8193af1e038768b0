//! A realistic workload: people with habits, over weeks of virtual time, on the core that ships. It counts how many of
//! their concurrent edits of one task need a person's decision, and how the others were settled. `docs/simulation.md`
//! describes the people.
//!
//! Every value is written only once, except for dates. So the oracle can tell whether a value was lost, and two people
//! agree by chance only on a day.

use std::collections::{BTreeMap, BTreeSet};

use tsugi_sync::conflict::{Conflict, Sides, State};
use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::ids::{EntityId, Revision};
use tsugi_sync::merge::Rule;
use tsugi_sync::session::Input;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::fleet::Fleet;
use crate::habit::{Deed, Household, Place};
use crate::oracle::{self, Violation};
use crate::person::People;
use crate::plan::Plan;
use crate::random::Random;

const MINUTE_MS: u64 = 60_000;
const DAY_MINUTES: u64 = 24 * 60;
const DAYS: u64 = 7;

/// One mutation of a person, and what their device knew then.
#[derive(Debug)]
struct Made {
    device: usize,
    entity: EntityId,
    values: Fields,
    /// The lines of notes that it wrote.
    lines: BTreeSet<String>,
    /// The revision up to which the device knew the history.
    knew: Revision,
    /// The revision at which it was part of the history; none while it waits.
    told: Option<Revision>,
}

/// How the concurrent pairs were settled, by name.
#[derive(Debug, Default)]
pub struct Pairs {
    pub mutations: u64,
    pub settled: BTreeMap<String, u64>,
}

/// The share of concurrent pairs about which nobody is asked anything has to be above this, in percent.
pub const EXPECTED_WITHOUT_A_HAND: f64 = 95.0;

/// The name under which pairs count about which a person was asked.
pub const ASKED: &str = "a person was asked";

/// The name of pairs of different fields about which a person was asked, because the edits crossed.
pub const CROSSED: &str = "a person was asked: done, or put off";

/// The name of pairs of different fields that crossed, and about which a rule decided.
pub const DONE: &str = "rule: done";

impl Pairs {
    #[must_use]
    pub fn total(&self) -> u64 {
        self.settled.values().sum()
    }

    /// The share of pairs about which nobody was asked anything, in percent.
    #[must_use]
    pub fn without_a_hand(&self) -> f64 {
        let asked = self.settled.iter().filter(|(how, _)| how.starts_with(ASKED));
        let asked: u64 = asked.map(|(_, count)| count).sum();
        100.0 * (self.total() - asked) as f64 / self.total().max(1) as f64
    }

    pub fn add(&mut self, more: Self) {
        self.mutations += more.mutations;
        for (how, count) in more.settled {
            *self.settled.entry(how).or_default() += count;
        }
    }
}

/// Lets a household live for a week, with one seed.
///
/// # Errors
/// When a value was lost, or another invariant does not hold.
pub fn live(household: &Household, seed: u64) -> Result<Pairs, Violation> {
    Week::new(household, seed).live()
}

struct Week<'a> {
    household: &'a Household,
    fleet: Fleet,
    people: People,
    random: Random,
    made: Vec<Made>,
    /// How many of each device's mutations are in `made`.
    noted: Vec<usize>,
    /// The situation of each device now.
    places: Vec<Place>,
}

impl<'a> Week<'a> {
    fn new(household: &'a Household, seed: u64) -> Self {
        let devices = household.devices.len();
        let plan = Plan {
            seed: 1 + 32 * seed,
            devices: devices as u8,
            tabs: 1,
            instances: 1,
            token_life: 900_000,
            mutations: 0,
            steps: Vec::new(),
        };
        let mut fleet = Fleet::new(&plan);
        fleet.allowed = u64::MAX;
        Self {
            household,
            fleet,
            people: People::default(),
            random: Random::new(seed),
            made: Vec::new(),
            noted: vec![0; devices],
            places: vec![Place::Online; devices],
        }
    }

    fn live(mut self) -> Result<Pairs, Violation> {
        self.fleet.run(1_000);
        for task in 0..self.household.tasks {
            self.people.rename(&mut self.fleet, 0, 0, task_id(task));
            for line in 0..self.household.lines_of(task) {
                self.people.note(&mut self.fleet, 0, task_id(task), line);
            }
        }
        self.fleet.run(60_000);
        self.note();
        self.made.clear();
        for minute in 0..DAYS * DAY_MINUTES {
            self.minute(minute);
        }
        for device in 0..self.places.len() {
            self.go(device, Place::Online);
        }
        self.fleet.run(600_000);
        self.note();
        oracle::drained(&self.fleet)?;
        oracle::at_rest(&self.fleet)?;
        Ok(self.pairs())
    }

    fn minute(&mut self, minute: u64) {
        for device in 0..self.places.len() {
            let place = self.household.devices[device].place(minute, &mut self.random);
            if place != self.places[device] {
                self.go(device, place);
            }
        }
        for device in 0..self.places.len() {
            if self.places[device] == Place::Asleep {
                continue;
            }
            if let Some(deed) = self.household.devices[device].deed(minute, &mut self.random) {
                self.carry_out(device, deed, minute);
            }
        }
        self.fleet.run(MINUTE_MS);
        self.note();
    }

    /// Changes the situation of a device.
    fn go(&mut self, device: usize, place: Place) {
        self.places[device] = place;
        match place {
            Place::Online => {
                self.fleet.heal(device);
                self.fleet.input(device, Input::Start);
            }
            Place::Offline => self.fleet.cut(device),
            Place::Asleep => self.fleet.input(device, Input::Stop),
        }
    }

    fn carry_out(&mut self, device: usize, deed: Deed, minute: u64) {
        let task = task_id(self.household.task(deed, &mut self.random));
        let notes = self.fleet.devices[device].view(0, task);
        let lines = notes.map_or(0, |view| {
            view.value(&Field::Notes)
                .as_text()
                .unwrap_or_default()
                .lines()
                .count()
        });
        let line = self.random.index(lines.max(4));
        let (fleet, people) = (&mut self.fleet, &mut self.people);
        match deed {
            Deed::Tick => people.set_moment(fleet, device, task, Field::Completed, false),
            Deed::Reopen => people.set_moment(fleet, device, task, Field::Completed, true),
            Deed::AddLine => people.note(fleet, device, task, usize::MAX),
            Deed::ChangeLine => people.note(fleet, device, task, line),
            Deed::Reschedule => {
                let due = self.household.due(minute, &mut self.random);
                people.reschedule(fleet, device, task, &due);
            }
            Deed::Assign => people.set_text(fleet, device, task, Field::Assignee),
            Deed::Prioritise => people.set_moment(fleet, device, task, Field::Priority, false),
            Deed::Label => people.label(fleet, device, task, line == 0),
            Deed::Reorder => people.set_text(fleet, device, task, Field::Position),
            Deed::Move => people.set_text(fleet, device, task, Field::Section),
            Deed::Rename => people.rename(fleet, device, 0, task),
            Deed::Delete => people.set_moment(fleet, device, task, Field::Deleted, false),
        }
        let typed = &self.fleet.devices[device].typed[self.noted[device]..];
        let knew = self.fleet.devices[device].replica().cursor();
        self.made.extend(typed.iter().map(|typed| Made {
            device,
            entity: typed.mutation.entity,
            values: typed.mutation.set.clone(),
            lines: {
                let before = lines_of(typed.seen.get(&Field::Notes));
                let after = lines_of(typed.mutation.set.get(&Field::Notes));
                after.difference(&before).cloned().collect()
            },
            knew,
            told: None,
        }));
        self.noted[device] += typed.len();
    }

    /// Notes which mutations are part of the history now.
    fn note(&mut self) {
        let head = self.fleet.server.store.head().revision;
        for made in self.made.iter_mut().filter(|made| made.told.is_none()) {
            if !self.fleet.devices[made.device].replica().is_waiting(made.entity) {
                made.told = Some(head);
            }
        }
        for device in 0..self.noted.len() {
            self.noted[device] = self.fleet.devices[device].typed.len();
        }
    }

    fn pairs(&self) -> Pairs {
        let mut pairs = Pairs {
            mutations: self.made.len() as u64,
            ..Pairs::default()
        };
        let records = self.fleet.server.store.entities.values();
        let records: Vec<&Entity> = records.filter(|entity| entity.kind == Kind::Conflict).collect();
        let mut by_entity: BTreeMap<EntityId, Vec<&Made>> = BTreeMap::new();
        for made in &self.made {
            by_entity.entry(made.entity).or_default().push(made);
        }
        for made in by_entity.values() {
            for (nth, one) in made.iter().enumerate() {
                for other in made[nth + 1..].iter().filter(|other| are_concurrent(one, other)) {
                    *pairs.settled.entry(how(one, other, &records)).or_default() += 1;
                }
            }
        }
        pairs
    }
}

fn task_id(number: usize) -> EntityId {
    EntityId(Uuid::from_u128((number as u128 + 2) << 64))
}

/// Whether the two are of different devices, and neither device had received the other edit.
fn are_concurrent(one: &Made, other: &Made) -> bool {
    let saw = |made: &Made, earlier: &Made| earlier.told.is_some_and(|told| told <= made.knew);
    one.device != other.device && !saw(one, other) && !saw(other, one)
}

/// Whether a record is about a task that one side completed, while the other side put it off. Both edits stand.
fn is_crossing(conflict: &Conflict) -> bool {
    let is_about = |field: &Field| conflict.fields.contains_key(field);
    let is_put_off = [Field::Due, Field::Start, Field::Recurrence].iter().any(is_about);
    let rule = conflict.decisions.get(&Field::Completed);
    let is_decided = rule.is_some_and(|decision| decision.rule == Some(Rule::Done));
    let is_asked = conflict.state == State::Open && is_about(&Field::Completed) && is_put_off;
    (is_asked || is_decided) && !is_about(&Field::Deleted)
}

/// Whether these two are the edits that crossed: one of them completed the task, and the other put it off.
fn crosses(one: &Made, other: &Made, conflict: &Conflict) -> bool {
    let wrote = |made: &Made, field: &Field| {
        let sides = conflict.fields.get(field);
        let value = made.values.get(field).filter(|value| !value.is_null());
        sides.is_some_and(|sides| value == Some(&sides.local) || value == Some(&sides.remote))
    };
    let crosses = |done: &Made, put_off: &Made| wrote(done, &Field::Completed) && wrote(put_off, &Field::Due);
    crosses(one, other) || crosses(other, one)
}

fn lines_of(notes: Option<&Value>) -> BTreeSet<String> {
    let text = notes.and_then(Value::as_text).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Whether the question about the notes is about what these two wrote: a line of the one waits in it, and a line of the
/// other stands in its place.
fn is_about_their_lines(one: &Made, other: &Made, sides: &Sides) -> bool {
    let [local, remote] = [&sides.local, &sides.remote].map(|side| lines_of(Some(side)));
    let [waits, stands] = [local.difference(&remote), remote.difference(&local)]
        .map(|lines| lines.cloned().collect::<BTreeSet<_>>());
    let wrote = |made: &Made, lines: &BTreeSet<String>| !made.lines.is_disjoint(lines);
    (wrote(one, &waits) && wrote(other, &stands)) || (wrote(other, &waits) && wrote(one, &stands))
}

/// How a pair was settled. If its fields were settled in several ways, the most laborious one counts.
fn how(one: &Made, other: &Made, records: &[&Entity]) -> String {
    let deletes = [one, other]
        .iter()
        .any(|made| made.values.contains_key(&Field::Deleted));
    let shared = one
        .values
        .keys()
        .filter(|field| other.values.contains_key(*field));
    let shared: Vec<&Field> = shared.chain(deletes.then_some(&Field::Deleted)).collect();
    let devices = &[one.device, other.device].map(|device| format!("device {device}"));
    let of_the_two = |state: State| {
        let conflicts = records
            .iter()
            .filter_map(|record| Some((*record, Conflict::read(record)?)));
        conflicts.filter(move |(_, conflict)| {
            let authors = [&conflict.local.device, &conflict.remote.device];
            conflict.state == state
                && conflict.subject == one.entity
                && authors.iter().all(|it| devices.contains(it))
        })
    };
    let about = |state: State, field: &Field| {
        let mut records = of_the_two(state).filter(|(_, conflict)| !is_crossing(conflict));
        records.find_map(|(record, conflict)| {
            let sides = conflict.fields.get(field)?;
            if *field == Field::Notes && state == State::Open && !deletes {
                return is_about_their_lines(one, other, sides).then_some(record);
            }
            let values = [one.values.get(field), other.values.get(field)];
            let speaks = |side| values.contains(&Some(side)) || deletes;
            (speaks(&sides.local) || speaks(&sides.remote)).then_some(record)
        })
    };
    if shared.is_empty() {
        let crossed = |state: State| {
            let mut crossings = of_the_two(state).filter(|(_, conflict)| is_crossing(conflict));
            crossings.any(|(_, conflict)| crosses(one, other, &conflict))
        };
        return match (crossed(State::Open), crossed(State::Merged)) {
            (true, _) => CROSSED.into(),
            (false, true) => DONE.into(),
            (false, false) => "different fields".into(),
        };
    }
    if let Some(field) = shared.iter().find(|field| about(State::Open, field).is_some()) {
        return format!("{ASKED}: {}", field.as_str());
    }
    let rule = shared.iter().find_map(|field| {
        let record = about(State::Merged, field)?;
        let Value::Map(rules) = record.value(&Field::Rules) else {
            return None;
        };
        rules.get(field.as_str())?.as_text()
    });
    let beside_a_question = of_the_two(State::Open).any(|(_, conflict)| {
        let sides = conflict.fields.get(&Field::Notes);
        let has = |made: &Made, sides: &Sides| made.lines.is_subset(&lines_of(Some(&sides.local)));
        shared.contains(&&Field::Notes) && sides.is_some_and(|sides| has(one, sides) && has(other, sides))
    });
    match rule {
        Some(rule) => format!("rule: {rule}"),
        None if beside_a_question => "rule: lines, and other lines are asked about".into(),
        None if deletes => "deleted, and nothing that anybody would miss".into(),
        None if shared
            .iter()
            .all(|field| one.values.get(field) == other.values.get(field)) =>
        {
            "same value".into()
        }
        None => "one side: the other device changed its own again".into(),
    }
}
