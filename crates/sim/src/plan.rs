//! What happens in a run, step by step: people's edits and the world's faults. Made from a seed, and plain data, so that
//! a run that fails can be cut down to what it takes, kept, and run again.

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// One step. Devices, tasks and the like are numbers that wrap around, so that a step still means something when
/// others are cut away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    // What people do, on a device and one of its tabs.
    Rename {
        device: u8,
        tab: u8,
        task: u8,
    },
    Note {
        device: u8,
        task: u8,
        line: u8,
    },
    Label {
        device: u8,
        task: u8,
        remove: bool,
    },
    Date {
        device: u8,
        task: u8,
    },
    Prioritise {
        device: u8,
        task: u8,
    },
    Move {
        device: u8,
        task: u8,
    },
    Complete {
        device: u8,
        task: u8,
        undo: bool,
    },
    Delete {
        device: u8,
        task: u8,
        undo: bool,
    },
    Resolve {
        device: u8,
        nth: u8,
        choice: u8,
    },
    Undo {
        device: u8,
    },
    Bulk {
        device: u8,
        first: u8,
        count: u8,
    },
    /// Sends a refused mutation again, or gives it up.
    Refused {
        device: u8,
        again: bool,
    },
    /// Takes in what another device exported.
    Import {
        device: u8,
        from: u8,
    },
    // What the world does.
    Wait {
        milliseconds: u16,
    },
    Cut {
        device: u8,
    },
    /// Everything vanishes, and nobody is told.
    Silence {
        device: u8,
    },
    /// One direction is gone.
    OneWay {
        device: u8,
        up: bool,
    },
    Lose {
        device: u8,
    },
    Duplicate {
        device: u8,
    },
    Heal {
        device: u8,
    },
    Crash {
        device: u8,
    },
    CrashOnPersist {
        device: u8,
        before: bool,
    },
    /// The tab with the connection changes.
    Lead {
        device: u8,
        tab: u8,
    },
    Compact {
        device: u8,
    },
    /// A row of the log cannot be read any more.
    Damage {
        device: u8,
    },
    SetClock {
        device: u8,
        years: i8,
    },
    SignOut {
        device: u8,
    },
    SignIn {
        device: u8,
    },
    Rights {
        device: u8,
        level: u8,
    },
    Kill {
        instance: u8,
    },
    BackUp,
    Restore,
    Expire,
    Full {
        on: bool,
    },
    LoseNews {
        on: bool,
    },
}

impl Step {
    /// Whether somebody comes back to values of earlier: who answers an old question, sends again what was refused, or
    /// has written on a value that the server then lost, may well be asked about what they wrote themselves since.
    #[must_use]
    pub fn goes_back(self) -> bool {
        matches!(
            self,
            Self::Resolve { .. }
                | Self::Refused { .. }
                | Self::Undo { .. }
                | Self::Import { .. }
                | Self::Restore
                | Self::Full { on: true }
        )
    }

    /// The device and the task of a step that changes one task.
    #[must_use]
    pub fn target(self) -> Option<(u8, u8)> {
        match self {
            Self::Rename { device, task, .. }
            | Self::Note { device, task, .. }
            | Self::Label { device, task, .. }
            | Self::Date { device, task }
            | Self::Prioritise { device, task }
            | Self::Move { device, task }
            | Self::Complete { device, task, .. } => Some((device, task)),
            // The shared one stays: who comes to its id again would not know that it was deleted.
            Self::Delete { device, task, .. } => Some((device, task.max(1))),
            _ => None,
        }
    }
}

/// The shape of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub seed: u64,
    pub devices: u8,
    pub tabs: u8,
    pub instances: u8,
    pub steps: Vec<Step>,
}

/// Edits in a run, at least.
pub const EDITS: usize = 200;
/// Tasks that people work on: few, so that they meet.
pub const TASKS: u8 = 6;

impl Plan {
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let devices = 3 + random.below(4) as u8;
        let mut steps = Vec::with_capacity(EDITS * 2);
        let mut edits = 0;
        // Some worlds are calm, some are not.
        let trouble = 3 + random.below(12);
        let (imports, straight) = (random.once_in(2), random.once_in(3));
        while edits < EDITS {
            if random.once_in(trouble) {
                steps.extend(Some(fault(&mut random)).filter(|step| !(straight && step.goes_back())));
            } else if random.once_in(3) {
                let longest = if random.once_in(8) { 30_000 } else { 300 };
                let milliseconds = random.below(longest) as u16;
                steps.push(Step::Wait { milliseconds });
            } else {
                let step = edit(&mut random, imports);
                if straight && step.goes_back() {
                    continue;
                }
                steps.push(step);
                edits += 1;
            }
        }
        Self {
            seed,
            devices,
            tabs: 1 + random.below(3) as u8,
            instances: 1 + random.below(2) as u8,
            steps,
        }
    }
}

fn edit(random: &mut Random, imports: bool) -> Step {
    let device = random.below(6) as u8;
    let task = random.below(u64::from(TASKS)) as u8;
    let undo = random.once_in(3);
    match random.below(30) {
        0..6 => Step::Rename {
            device,
            tab: random.below(3) as u8,
            task,
        },
        6..11 => Step::Note {
            device,
            task,
            line: random.below(6) as u8,
        },
        11..14 => Step::Label {
            device,
            task,
            remove: undo,
        },
        14..16 => Step::Date { device, task },
        16..18 => Step::Prioritise { device, task },
        18..20 => Step::Move { device, task },
        20..22 => Step::Complete { device, task, undo },
        22..24 => Step::Delete { device, task, undo },
        24..26 => Step::Resolve {
            device,
            nth: random.below(4) as u8,
            choice: random.below(3) as u8,
        },
        26 => Step::Undo { device },
        27 => Step::Bulk {
            device,
            first: task,
            count: 2 + random.below(4) as u8,
        },
        29 if imports => Step::Import {
            device,
            from: random.below(6) as u8,
        },
        _ => Step::Refused { device, again: undo },
    }
}

fn fault(random: &mut Random) -> Step {
    let device = random.below(6) as u8;
    let flag = random.once_in(2);
    match random.below(40) {
        0..4 => Step::Cut { device },
        4..6 => Step::Silence { device },
        6..8 => Step::OneWay { device, up: flag },
        8..10 => Step::Lose { device },
        10 => Step::Duplicate { device },
        11..18 => Step::Heal { device },
        18..20 => Step::Crash { device },
        20..23 => Step::CrashOnPersist { device, before: flag },
        23 => Step::Lead {
            device,
            tab: random.below(3) as u8,
        },
        24..26 => Step::Compact { device },
        26 => Step::Damage { device },
        27..29 => Step::SetClock {
            device,
            years: [-10, -1, 0, 1, 10][random.index(5)],
        },
        29 => Step::SignOut { device },
        30..32 => Step::SignIn { device },
        32 => Step::Rights {
            device,
            level: random.below(4) as u8,
        },
        33 => Step::Kill {
            instance: random.below(2) as u8,
        },
        34 => Step::BackUp,
        35 => Step::Restore,
        36 => Step::Expire,
        37 => Step::Full {
            on: random.once_in(4),
        },
        _ => Step::LoseNews { on: flag },
    }
}
