//! The medians of all rounds as a table, with what has to be reached.

use std::collections::BTreeMap;

use crate::servers::Kind;

#[derive(Debug, Default)]
pub(crate) struct Results(BTreeMap<&'static str, BTreeMap<usize, Vec<f64>>>);

/// What our figure is held against.
#[derive(Clone, Copy)]
enum Goal {
    AtMost(f64),
    /// At most so many times the peer's.
    Below(Kind, f64),
    /// At least so many times the peer's.
    Above(Kind, f64),
}

use Goal::{Above, AtMost, Below};
use Kind::{Bun, Record, Single};

struct Line {
    key: &'static str,
    what: &'static str,
    goals: &'static [Goal],
}

const fn line(key: &'static str, what: &'static str, goals: &'static [Goal]) -> Line {
    Line { key, what, goals }
}

const LINES: [Line; 25] = [
    line(
        "latency p50",
        "push → other socket at 100/s, p50 ms",
        &[Below(Record, 0.4), Below(Single, 0.7)],
    ),
    line("latency p99", "p99 ms", &[]),
    line(
        "writes 1",
        "single durable writes/s, 1 connection",
        &[Above(Single, 1.3)],
    ),
    line("writes 16", "16 connections", &[Above(Single, 1.3)]),
    line("writes 64", "64 connections", &[Above(Single, 1.3)]),
    line("batch", "pushes of 200, mutations/s", &[Above(Single, 1.5)]),
    line(
        "fan-out",
        "fan-out to 1,000 sockets, deliveries/s",
        &[Above(Record, 4.0), Above(Bun, 1.0)],
    ),
    line(
        "fan-out one",
        "one change at a time, deliveries/s",
        &[Above(Bun, 1.0)],
    ),
    line("idle", "idle live session, bytes", &[AtMost(2_000.0)]),
    line("idle fetched", "after fetching 1,000 tasks", &[AtMost(2_500.0)]),
    line("cut", "5,000 sockets cut, all live again, s", &[AtMost(1.0)]),
    line(
        "bootstrap bytes",
        "bootstrap of 10,000 tasks, bytes",
        &[AtMost(610_000.0)],
    ),
    line("bootstrap ms", "bootstrap of 10,000 tasks, ms", &[AtMost(25.0)]),
    line("change up", "one field change, bytes up", &[AtMost(40.0)]),
    line("change answer", "its answer, bytes", &[AtMost(40.0)]),
    line(
        "change down",
        "the same at another socket, bytes",
        &[AtMost(40.0)],
    ),
    line(
        "resume up",
        "resume with nothing new, bytes up beside the token",
        &[AtMost(64.0)],
    ),
    line("resume down", "bytes down", &[AtMost(64.0)]),
    line(
        "cpu latency",
        "CPU seconds per 10,000 ops: latency",
        &[Below(Single, 0.7)],
    ),
    line("cpu writes 1", "1 connection", &[]),
    line("cpu writes 64", "64 connections", &[Below(Single, 0.7)]),
    line("cpu batch", "pushes of 200", &[Below(Single, 0.7)]),
    line("cpu delivery", "a delivery", &[Below(Single, 0.7)]),
    line(
        "cpu delivery one",
        "a delivery, one change at a time",
        &[Below(Single, 0.7)],
    ),
    line("cpu cut", "CPU seconds until all that were cut are live", &[]),
];

impl Results {
    pub(crate) fn add(&mut self, key: &'static str, kind: Kind, value: f64) {
        let kinds = self.0.entry(key).or_default();
        kinds.entry(kind as usize).or_default().push(value);
    }

    fn median(&self, key: &str, kind: Kind) -> Option<f64> {
        let mut values = self.0.get(key)?.get(&(kind as usize))?.clone();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        match values.len() % 2 {
            0 => Some(f64::midpoint(values[middle - 1], values[middle])),
            _ => Some(values[middle]),
        }
    }

    /// The table as it stands in `docs/performance.md`.
    pub(crate) fn markdown(&self, rounds: usize) -> String {
        let mut text = format!(
            "Medians of {rounds} rounds. P: Node, ws, Redis, PostgreSQL, whose processor time counts too. S: Node, ws, SQLite.\n\n\
             | what | ours | P | S | Bun | ours ÷ P | ours ÷ S | must reach | reached |\n\
             |---|---|---|---|---|---|---|---|---|\n"
        );
        for line in LINES.iter().filter(|line| self.0.contains_key(line.key)) {
            let cells = Kind::ALL.map(|kind| self.median(line.key, kind));
            let cell = |at: usize| cells[at].map_or_else(|| "–".to_owned(), number);
            let ratio = |at: usize| match (cells[0], cells[at]) {
                (Some(ours), Some(peer)) if peer > 0.0 => format!("{:.2}", ours / peer),
                _ => "–".to_owned(),
            };
            let goals: Vec<String> = line.goals.iter().map(|goal| goal.text()).collect();
            let reached: Vec<&str> = line
                .goals
                .iter()
                .map(|goal| goal.reached(cells[0], |kind| self.median(line.key, kind)))
                .collect();
            text.push_str(&format!(
                "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                line.what,
                cell(0),
                cell(1),
                cell(2),
                cell(3),
                ratio(1),
                ratio(2),
                goals.join(", "),
                reached.join(", ")
            ));
        }
        text
    }
}

impl Goal {
    fn text(self) -> String {
        match self {
            AtMost(most) => format!("≤ {}", number(most)),
            Below(kind, times) => format!("≤ {times} × {}", kind.name()),
            Above(kind, times) => format!("≥ {times} × {}", kind.name()),
        }
    }

    fn reached(self, ours: Option<f64>, peer: impl Fn(Kind) -> Option<f64>) -> &'static str {
        let is_reached = match self {
            AtMost(most) => ours.map(|ours| ours <= most),
            Below(kind, times) => ours.zip(peer(kind)).map(|(ours, peer)| ours <= times * peer),
            Above(kind, times) => ours.zip(peer(kind)).map(|(ours, peer)| ours >= times * peer),
        };
        match is_reached {
            Some(true) => "yes",
            Some(false) => "no",
            None => "–",
        }
    }
}

/// Three digits that count, with commas.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        small if small < 10.0 => format!("{value:.3}"),
        middle if middle < 1_000.0 => format!("{value:.1}"),
        _ => {
            let digits = format!("{value:.0}");
            let (sign, digits) = digits
                .strip_prefix('-')
                .map_or(("", digits.as_str()), |rest| ("-", rest));
            let first = digits.len() % 3;
            let mut parts: Vec<&str> = Vec::new();
            if first > 0 {
                parts.push(&digits[..first]);
            }
            let rest = digits.as_bytes()[first..].chunks(3);
            parts.extend(rest.filter_map(|part| std::str::from_utf8(part).ok()));
            format!("{sign}{}", parts.join(","))
        }
    }
}
