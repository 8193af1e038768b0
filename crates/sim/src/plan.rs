//! A plan is everything that happens in a run, step by step: people's edits and the world's troubles. A plan is
//! made from a seed, and is plain data. So a run that fails can be cut down to the steps that it needs, kept, and
//! run again.

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// One step. Devices, tasks and the like are numbers that wrap around, so that a step still has a meaning when others
/// are cut away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    Wait {
        milliseconds: u32,
    },
    /// A person changes one task.
    Edit {
        device: u8,
        task: u8,
        change: Change,
    },
    Act {
        device: u8,
        act: Act,
    },
    /// The world does something to a device.
    Trouble {
        device: u8,
        trouble: Trouble,
    },
    /// The world does something to the server.
    Outage(Outage),
}

/// A change by a person. Each is one mutation, whatever the state of the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// In one of the device's tabs.
    Rename {
        tab: u8,
    },
    Note {
        line: u8,
    },
    Label {
        remove: bool,
    },
    Date,
    Prioritise,
    Move,
    Complete {
        undo: bool,
    },
    Delete {
        undo: bool,
    },
}

/// Other acts of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    Resolve {
        nth: u8,
        choice: u8,
    },
    Undo,
    Bulk {
        first: u8,
        count: u8,
    },
    /// Sends a refused mutation again, or gives it up.
    Refused {
        again: bool,
    },
    /// Puts a task into a list, or gives it a label, by name. If the device knows none of that name, makes it.
    Gather {
        task: u8,
        label: bool,
        name: u8,
    },
    /// Takes back the decision on a record, whoever made it. `over` says whether also where somebody has edited since.
    TakeBack {
        nth: u8,
        over: bool,
    },
    /// Takes the value that an automatic merge dropped.
    OtherSide {
        nth: u8,
    },
    /// Chooses for the workspace whether people are always asked about a field.
    AlwaysAsk {
        field: u8,
        on: bool,
    },
}

/// A trouble of one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// Connections end, and new ones are refused.
    Cut,
    /// Everything gets lost, and nobody is told.
    Silence,
    /// Nothing passes in one direction.
    OneWay {
        up: bool,
    },
    Lose,
    Duplicate,
    /// Frames take seconds, so that those of an old connection arrive after those of a new one.
    Slow,
    Heal,
    Crash,
    CrashOnPersist(Moment),
    /// The tab with the connection changes.
    Lead {
        tab: u8,
    },
    Compact,
    /// A row of the log cannot be read any more.
    Damage,
    /// The device's storage is full, or has room again.
    Quota {
        on: bool,
    },
    SetClock {
        years: i8,
    },
    SignOut,
    SignIn,
    /// From now on the server rejects the device's token. The device can get a new one.
    ExpireToken,
    Rights {
        level: u8,
    },
}

/// The moment of a transaction at which a crash happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moment {
    Before,
    /// Some of its rows are written. None of them counts.
    Torn,
    /// It is durable, and nobody has been told.
    After,
}

/// A trouble of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outage {
    Kill {
        instance: u8,
    },
    /// A copy of the data is made. The latest few are kept.
    BackUp,
    /// The data come back from the latest copy.
    Restore,
    /// The data come back from any of the copies, so that histories branch. Copies may be restored in any order and
    /// more than once.
    RestoreFrom {
        copy: u8,
    },
    Expire,
    Full {
        on: bool,
    },
    LoseNews {
        on: bool,
    },
}

impl Step {
    /// Whether a person goes back to earlier values. They may answer an old question, send a refused mutation again,
    /// or have written on a value that the server or the device then lost. After that they may be asked about values
    /// that they wrote themselves in the meantime.
    #[must_use]
    pub fn goes_back(self) -> bool {
        match self {
            Self::Wait { .. } | Self::Edit { .. } => false,
            Self::Act { act, .. } => match act {
                Act::Resolve { .. } | Act::Refused { .. } | Act::Undo => true,
                Act::TakeBack { .. } | Act::OtherSide { .. } => true,
                Act::Bulk { .. } | Act::Gather { .. } | Act::AlwaysAsk { .. } => false,
            },
            Self::Trouble { trouble, .. } => matches!(trouble, Trouble::Damage),
            Self::Outage(outage) => matches!(
                outage,
                Outage::Restore | Outage::RestoreFrom { .. } | Outage::Full { on: true }
            ),
        }
    }
}

impl Plan {
    /// Whether people in it take decisions back.
    #[must_use]
    pub fn takes_back(&self) -> bool {
        let takes_back = |step: &Step| {
            let Step::Act { act, .. } = step else { return false };
            matches!(act, Act::TakeBack { .. })
        };
        self.steps.iter().any(takes_back)
    }

    /// Whether each list and label that one device knows of and another one made is certain to come to both, so that no
    /// name is left to two of them. It is not if the server goes back to old data or refuses a mutation, or if a device
    /// forgets what it made.
    #[must_use]
    pub fn leaves_no_twins(&self) -> bool {
        let may_leave_some = |step: &Step| {
            matches!(
                step,
                Step::Trouble {
                    trouble: Trouble::Damage | Trouble::Rights { .. },
                    ..
                } | Step::Outage(Outage::Restore | Outage::RestoreFrom { .. } | Outage::Full { on: true })
            )
        };
        !self.steps.iter().any(may_leave_some)
    }
}

/// The shape of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub seed: u64,
    pub devices: u8,
    pub tabs: u8,
    pub instances: u8,
    /// The life of a token in milliseconds.
    pub token_life: u64,
    /// The least number of mutations by people. If the steps saved fewer, people go on after them.
    pub mutations: u64,
    pub steps: Vec<Step>,
}

/// The least number of mutations by people in a run.
pub const MUTATIONS: u64 = 200;
/// How many steps of a plan make a mutation each. Some are typed on a device that crashes before they are saved, and a
/// gesture makes several.
const EDITS: usize = 190;
/// Tasks that people work on: few, so that they meet.
pub const TASKS: u8 = 6;
/// Names that people give to lists and labels: few, so that two give the same one.
const NAMES: u64 = 4;
const HOUR_MS: u32 = 3_600_000;

impl Plan {
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let devices = 3 + random.below(4) as u8;
        let mut steps = Vec::with_capacity(EDITS * 2);
        let mut edits = 0;
        // Some worlds are calm, some are not.
        let trouble = 3 + random.below(12);
        let straight = random.once_in(3);
        // A device whose log was damaged has forgotten what the server acknowledged. If the server forgets it as well,
        // nobody knows it any more.
        let damages = random.once_in(3);
        let fits = |step: Step| match step {
            Step::Trouble { trouble, .. } => damages || trouble != Trouble::Damage,
            Step::Outage(outage) => {
                !(damages && matches!(outage, Outage::Restore | Outage::RestoreFrom { .. }))
            }
            Step::Wait { .. } | Step::Edit { .. } | Step::Act { .. } => true,
        };
        let token_life = if random.once_in(4) { 25_000 } else { 900_000 };
        // In some runs, the copy that comes back is an hour old. In others, two copies come back, the older one first.
        let hour = random.once_in(16).then(|| random.index(EDITS));
        let branch = random.once_in(4).then(|| random.index(EDITS));
        while edits < EDITS {
            let step = if random.once_in(trouble) {
                fault(&mut random)
            } else if random.once_in(3) {
                let longest = if random.once_in(8) { 30_000 } else { 300 };
                let milliseconds = random.below(longest) as u32;
                Step::Wait { milliseconds }
            } else if random.once_in(6) {
                act(&mut random)
            } else {
                edit(&mut random)
            };
            if (straight && step.goes_back()) || !fits(step) {
                continue;
            }
            steps.push(step);
            if matches!(step, Step::Edit { .. }) {
                edits += 1;
                if !straight && !damages && hour == Some(edits) {
                    let milliseconds = HOUR_MS;
                    steps.push(Step::Outage(Outage::BackUp));
                    steps.extend((0..6).map(|_| edit(&mut random)));
                    steps.push(Step::Wait { milliseconds });
                    steps.extend((0..6).map(|_| edit(&mut random)));
                    steps.push(Step::Wait { milliseconds: 500 });
                    steps.push(Step::Outage(Outage::Restore));
                }
                if !straight && !damages && branch == Some(edits) {
                    branching(&mut random, &mut steps);
                }
            }
        }
        Self {
            seed,
            devices,
            tabs: 1 + random.below(3) as u8,
            instances: 1 + random.below(2) as u8,
            token_life,
            mutations: MUTATIONS,
            steps,
        }
    }
}

/// Two copies are made. Then the older one comes back, and the newer one after it. The mutations that devices push
/// again in between take effect in another order than before.
fn branching(random: &mut Random, steps: &mut Vec<Step>) {
    let some = |random: &mut Random, steps: &mut Vec<Step>| {
        let count = random.below(6);
        steps.extend((0..count).map(|_| edit(random)));
        steps.push(Step::Wait {
            milliseconds: random.below(1_500) as u32,
        });
    };
    some(random, steps);
    steps.push(Step::Outage(Outage::BackUp));
    some(random, steps);
    steps.push(Step::Outage(Outage::BackUp));
    some(random, steps);
    steps.push(Step::Outage(Outage::RestoreFrom { copy: 1 }));
    some(random, steps);
    steps.push(Step::Outage(Outage::RestoreFrom { copy: 0 }));
}

fn edit(random: &mut Random) -> Step {
    let undo = random.once_in(3);
    let change = match random.below(24) {
        0..6 => Change::Rename {
            tab: random.below(3) as u8,
        },
        6..11 => Change::Note {
            line: random.below(6) as u8,
        },
        11..14 => Change::Label { remove: undo },
        14..16 => Change::Date,
        16..18 => Change::Prioritise,
        18..20 => Change::Move,
        20..22 => Change::Complete { undo },
        _ => Change::Delete { undo },
    };
    // The shared task is not deleted, because a person who creates it a second time would not know of the deletion.
    let least = u64::from(matches!(change, Change::Delete { .. }));
    Step::Edit {
        device: random.below(6) as u8,
        task: (least + random.below(u64::from(TASKS) - least)) as u8,
        change,
    }
}

fn act(random: &mut Random) -> Step {
    let act = match random.below(13) {
        9..11 => Act::TakeBack {
            nth: random.below(8) as u8,
            over: random.once_in(3),
        },
        11..12 => Act::OtherSide {
            nth: random.below(8) as u8,
        },
        12.. => Act::AlwaysAsk {
            field: random.below(16) as u8,
            on: random.once_in(2),
        },
        7..9 => Act::Gather {
            task: random.below(u64::from(TASKS)) as u8,
            label: random.once_in(2),
            name: random.below(NAMES) as u8,
        },
        0..2 => Act::Resolve {
            nth: random.below(4) as u8,
            choice: random.below(3) as u8,
        },
        2 => Act::Undo,
        3 => Act::Bulk {
            first: random.below(u64::from(TASKS)) as u8,
            count: 2 + random.below(4) as u8,
        },
        _ => Act::Refused {
            again: random.once_in(3),
        },
    };
    Step::Act {
        device: random.below(6) as u8,
        act,
    }
}

fn fault(random: &mut Random) -> Step {
    let flag = random.once_in(2);
    let trouble = match random.below(46) {
        0..4 => Trouble::Cut,
        4..6 => Trouble::Silence,
        6..8 => Trouble::OneWay { up: flag },
        8..10 => Trouble::Lose,
        10 => Trouble::Duplicate,
        11 => Trouble::Slow,
        12..19 => Trouble::Heal,
        19..21 => Trouble::Crash,
        21..25 => Trouble::CrashOnPersist(
            [Moment::Before, Moment::Torn, Moment::After, Moment::Torn][random.index(4)],
        ),
        25 => Trouble::Lead {
            tab: random.below(3) as u8,
        },
        26..28 => Trouble::Compact,
        28 => Trouble::Damage,
        29..31 => Trouble::SetClock {
            years: [-10, -1, 0, 1, 10][random.index(5)],
        },
        31 => Trouble::SignOut,
        32..34 => Trouble::SignIn,
        34 => Trouble::Rights {
            level: random.below(4) as u8,
        },
        35 => Trouble::ExpireToken,
        36..39 => Trouble::Quota {
            on: random.once_in(3),
        },
        _ => return Step::Outage(outage(random, flag)),
    };
    let device = random.below(6) as u8;
    Step::Trouble { device, trouble }
}

fn outage(random: &mut Random, flag: bool) -> Outage {
    match random.below(7) {
        0 => Outage::Kill {
            instance: random.below(2) as u8,
        },
        1 => Outage::BackUp,
        2 if flag => Outage::Restore,
        2 => Outage::RestoreFrom {
            copy: random.below(4) as u8,
        },
        3 => Outage::Expire,
        4 => Outage::Full {
            on: random.once_in(4),
        },
        _ => Outage::LoseNews { on: flag },
    }
}
