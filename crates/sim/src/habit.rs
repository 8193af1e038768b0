//! The people of the workload: which edits they make, how often, and how long they are without a network.

use crate::random::Random;

const DAY_MINUTES: u64 = 24 * 60;

/// The situation of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Online,
    /// In use, without a network.
    Offline,
    /// Closed, or in a pocket.
    Asleep,
}

/// An edit that a person makes of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The task is done, or the thing is in the basket.
    Tick,
    Reopen,
    /// One more line in the notes.
    AddLine,
    ChangeLine,
    Reschedule,
    Assign,
    Prioritise,
    Label,
    Reorder,
    Move,
    Rename,
    Delete,
}

/// The minutes of the day from which and up to which, on these days of the week (0 is Monday).
#[derive(Clone, Debug)]
pub struct Span {
    pub days: std::ops::Range<u64>,
    pub from: u64,
    pub to: u64,
}

impl Span {
    fn holds(&self, minute: u64) -> bool {
        let (day, of_day) = (minute / DAY_MINUTES % 7, minute % DAY_MINUTES);
        self.days.contains(&day) && (self.from..self.to).contains(&of_day)
    }
}

/// One device, and the habits of its user.
#[derive(Clone, Debug)]
pub struct Habit {
    /// When it is in use; asleep otherwise.
    pub awake: Vec<Span>,
    /// When it has no network.
    pub offline: Vec<Span>,
    /// One of this many minutes in use has no network for other reasons.
    pub patchy: u64,
    /// Minutes in use from one edit to the next, on average.
    pub every: u64,
    /// At these times there is an edit every two minutes.
    pub busy: Vec<Span>,
    pub deeds: &'static [(Deed, u64)],
}

impl Habit {
    #[must_use]
    pub fn place(&self, minute: u64, random: &mut Random) -> Place {
        let within = |spans: &[Span]| spans.iter().any(|span| span.holds(minute));
        if !within(&self.awake) {
            Place::Asleep
        } else if within(&self.offline) || random.once_in(self.patchy) {
            Place::Offline
        } else {
            Place::Online
        }
    }

    /// The edit of this minute, if there is one.
    #[must_use]
    pub fn deed(&self, minute: u64, random: &mut Random) -> Option<Deed> {
        let busy = self.busy.iter().any(|span| span.holds(minute));
        if !random.once_in(if busy { 2 } else { self.every }) {
            return None;
        }
        let all = self.deeds.iter().map(|(_, weight)| weight).sum();
        let mut left = random.below(all);
        for (deed, weight) in self.deeds {
            match left.checked_sub(*weight) {
                None => return Some(*deed),
                Some(rest) => left = rest,
            }
        }
        None
    }
}

/// The devices that share one workspace, and its tasks.
#[derive(Clone, Debug)]
pub struct Household {
    pub name: &'static str,
    pub devices: Vec<Habit>,
    pub tasks: usize,
    /// Half of all edits are of the first tasks, as many as this: everybody works on those these days.
    pub hot: usize,
    /// The last tasks, as many as this, have lists of lines in their notes.
    pub noted: usize,
}

impl Household {
    /// The lines in the notes of a task at the beginning.
    #[must_use]
    pub fn lines_of(&self, task: usize) -> usize {
        if self.has_lines(task) { 8 } else { 0 }
    }

    fn has_lines(&self, task: usize) -> bool {
        task >= self.tasks - self.noted
    }

    /// The day to which a person puts a task off: half of the time tomorrow, otherwise a day of the coming week.
    #[must_use]
    pub fn due(&self, minute: u64, random: &mut Random) -> String {
        let today = minute / DAY_MINUTES;
        let later = if random.once_in(2) { 1 } else { 2 + random.below(6) };
        format!("2026-12-{:02}", 1 + today + later)
    }

    /// The task that an edit is about.
    #[must_use]
    pub fn task(&self, deed: Deed, random: &mut Random) -> usize {
        match deed {
            Deed::AddLine | Deed::ChangeLine => self.tasks - 1 - random.index(self.noted),
            Deed::Tick
            | Deed::Reopen
            | Deed::Reschedule
            | Deed::Assign
            | Deed::Prioritise
            | Deed::Label
            | Deed::Reorder
            | Deed::Move
            | Deed::Rename
            | Deed::Delete => match random.once_in(2) {
                true => random.index(self.hot),
                false => random.index(self.tasks - self.noted),
            },
        }
    }
}

fn span(days: std::ops::Range<u64>, from: (u64, u64), to: (u64, u64)) -> Span {
    Span {
        days,
        from: from.0 * 60 + from.1,
        to: to.0 * 60 + to.1,
    }
}

/// Five people, a phone each, and one list with the shopping, the chores and two plans in lines. The children are at
/// school without a phone. On Saturday two of them shop, apart, in a basement without a network.
#[must_use]
pub fn family() -> Household {
    let adult = |commutes: bool, shops: bool| Habit {
        awake: vec![span(0..7, (7, 0), (22, 30))],
        offline: [
            commutes.then(|| [span(0..5, (8, 0), (8, 30)), span(0..5, (17, 30), (18, 0))]),
            shops.then(|| [span(5..6, (10, 0), (10, 40)), span(2..3, (18, 30), (18, 50))]),
        ]
        .into_iter()
        .flatten()
        .flatten()
        .collect(),
        patchy: 60,
        every: 60,
        busy: if shops {
            vec![span(5..6, (10, 0), (10, 40)), span(2..3, (18, 30), (18, 50))]
        } else {
            Vec::new()
        },
        deeds: AT_HOME,
    };
    let child = Habit {
        awake: vec![span(0..5, (15, 0), (20, 30)), span(5..7, (9, 0), (20, 30))],
        offline: Vec::new(),
        patchy: 30,
        every: 120,
        busy: Vec::new(),
        deeds: AT_HOME,
    };
    Household {
        name: "a family of five, one shared list",
        devices: vec![
            adult(true, true),
            adult(false, true),
            adult(true, false),
            child.clone(),
            child,
        ],
        tasks: 42,
        hot: 6,
        noted: 2,
    }
}

/// One person with a phone and a laptop, an hour a day on a train without a network, editing on both; and two
/// colleagues on the same project.
#[must_use]
pub fn commuter() -> Household {
    let train = || vec![span(0..5, (8, 0), (8, 30)), span(0..5, (17, 30), (18, 0))];
    let phone = Habit {
        awake: vec![span(0..7, (7, 0), (23, 0))],
        offline: train(),
        patchy: 60,
        every: 45,
        busy: train(),
        deeds: AT_WORK,
    };
    let laptop = Habit {
        awake: [train(), vec![span(0..5, (9, 0), (17, 30))]].concat(),
        offline: train(),
        patchy: 200,
        every: 15,
        busy: Vec::new(),
        deeds: AT_WORK,
    };
    let colleague = Habit {
        awake: vec![span(0..5, (8, 30), (17, 0))],
        offline: Vec::new(),
        patchy: 200,
        every: 30,
        busy: Vec::new(),
        deeds: AT_WORK,
    };
    Household {
        name: "a commuter with phone and laptop, two colleagues",
        devices: vec![phone, laptop, colleague.clone(), colleague],
        tasks: 60,
        hot: 6,
        noted: 4,
    }
}

const AT_HOME: &[(Deed, u64)] = &[
    (Deed::Tick, 40),
    (Deed::AddLine, 14),
    (Deed::ChangeLine, 10),
    (Deed::Reschedule, 8),
    (Deed::Assign, 6),
    (Deed::Reopen, 4),
    (Deed::Prioritise, 4),
    (Deed::Label, 4),
    (Deed::Reorder, 5),
    (Deed::Move, 2),
    (Deed::Rename, 2),
    (Deed::Delete, 1),
];

const AT_WORK: &[(Deed, u64)] = &[
    (Deed::Tick, 25),
    (Deed::Reschedule, 16),
    (Deed::Reorder, 14),
    (Deed::AddLine, 10),
    (Deed::Prioritise, 8),
    (Deed::ChangeLine, 7),
    (Deed::Label, 7),
    (Deed::Move, 6),
    (Deed::Rename, 3),
    (Deed::Reopen, 3),
    (Deed::Delete, 1),
];
