//! Tens of thousands of lines, made of titles, phrases and joints. The test knows the meaning of a line from the
//! way in which it made the line, and not from the grammar under test. The grammar has to read a line with exactly
//! that meaning, or leave it whole.

mod language;

use language::{ENGLISH, JAPANESE, Language};
use tsugi_calendar::{Date, Time, Weekday};
use tsugi_quick_add::{Chip, ChipKind, Context, DateOrder, Parsed, parse};

/// It is Friday, 27 November 2026, 10:00.
fn context() -> Context {
    Context {
        today: Date::new(2026, 11, 27).expect("a day"),
        now: Time::new(10, 0).expect("a time"),
        week_starts: Weekday::Monday,
        date_order: DateOrder::MonthFirst,
    }
}

/// What a line says of when, in one text.
fn meaning(parsed: &Parsed) -> String {
    let due = parsed.due.map(|due| due.to_string()).unwrap_or_default();
    let rule = parsed
        .recurrence
        .as_ref()
        .map(|rule| rule.to_string())
        .unwrap_or_default();
    let start = parsed.start.map(|start| start.to_string()).unwrap_or_default();
    format!("{due}|{rule}|{start}")
}

fn says_when(chip: &Chip) -> bool {
    match chip.kind() {
        ChipKind::Due
        | ChipKind::Time
        | ChipKind::Start
        | ChipKind::Repeat
        | ChipKind::Until
        | ChipKind::Count => true,
        ChipKind::Priority | ChipKind::Label | ChipKind::List | ChipKind::Section | ChipKind::Escape => false,
    }
}

/// The joint that stands next to a chip, if one does. Next to it, but for spaces, commas and brackets; another chip is none.
fn joint_beside(line: &str, parsed: &Parsed, joints: &[&str]) -> Option<String> {
    let skipped = |c: char| c.is_whitespace() || matches!(c, ',' | '、' | '(' | ')' | '[' | ']');
    let chips: Vec<&Chip> = parsed.chips.iter().filter(|chip| says_when(chip)).collect();
    for (at, chip) in chips.iter().enumerate() {
        let from = at.checked_sub(1).map_or(0, |before| chips[before].range.end);
        let to = chips.get(at + 1).map_or(line.len(), |after| after.range.start);
        let before = line[from..chip.range.start]
            .trim_end_matches(skipped)
            .to_lowercase();
        let after = line[chip.range.end..to]
            .trim_start_matches(skipped)
            .to_lowercase();
        let adjoins = line[from..chip.range.start].len() == before.len();
        for joint in joints {
            let wide = !joint.is_ascii();
            let ends = before.strip_suffix(joint).is_some_and(|rest| {
                if wide {
                    adjoins
                } else {
                    !joint.chars().all(char::is_alphabetic) || !rest.ends_with(char::is_alphanumeric)
                }
            });
            let begins = after.strip_prefix(joint).is_some_and(|rest| {
                if wide {
                    line[chip.range.end..].starts_with(joint)
                } else {
                    !joint.chars().all(char::is_alphabetic) || !rest.starts_with(char::is_alphanumeric)
                }
            });
            if ends || begins {
                return Some((*joint).to_owned());
            }
        }
    }
    None
}

/// Counts lines, and remembers the first that are wrong.
struct Check {
    joints: &'static [&'static str],
    lines: usize,
    exact: usize,
    known: usize,
    wrong: Vec<String>,
}

impl Check {
    fn new(language: &Language) -> Self {
        Self {
            joints: language.joints,
            lines: 0,
            exact: 0,
            known: 0,
            wrong: Vec::new(),
        }
    }

    /// A line whose meaning is known: it is read so, with this title, or it is all title. None is a line that no task can
    /// say: it is all title.
    fn line(&mut self, line: &str, known: Option<(&str, &str)>) {
        self.lines += 1;
        let parsed = parse(line, &context());
        let whole = parsed.chips.is_empty() && parsed.title == line;
        let exact = known.is_some_and(|(meant, title)| meaning(&parsed) == meant && parsed.title == title);
        self.exact += usize::from(exact);
        self.known += usize::from(known.is_some());
        let joint = joint_beside(line, &parsed, self.joints);
        if (!whole && !exact) || joint.is_some() {
            let taken = meaning(&parsed);
            self.wrong.push(format!(
                "{line}: “{}” {taken} {joint:?}, known {known:?}",
                parsed.title
            ));
        }
    }

    /// A few of the wrong lines, from everywhere.
    fn some(&self) -> Vec<String> {
        let step = self.wrong.len() / 50 + 1;
        self.wrong.iter().step_by(step).cloned().collect()
    }

    fn finish(self, lines: usize, read: usize) {
        assert!(
            self.wrong.is_empty(),
            "{} wrong, as\n{}",
            self.wrong.len(),
            self.some().join("\n")
        );
        assert!(self.lines >= lines, "{} lines", self.lines);
        // A grammar that takes nothing is never wrong.
        let percent = self.exact * 100 / self.known;
        assert!(percent >= read, "{percent} % of {} lines are read", self.known);
    }
}

/// A time alone is today's, or tomorrow's if it is over.
fn next(time: &str) -> String {
    let day = if time > "10:00" {
        "2026-11-27"
    } else {
        "2026-11-28"
    };
    format!("{day}T{time}")
}

fn whole_phrases(check: &mut Check, language: &Language) {
    let gap = " ";
    for title in language.titles {
        let mut both = |phrase: &str, meant: &str| {
            check.line(&format!("{title}{gap}{phrase}"), Some((meant, title)));
            check.line(&format!("{phrase}{gap}{title}"), Some((meant, title)));
            check.line(
                &format!("{title} p1 {phrase}").replace(" p1", ""),
                Some((meant, title)),
            );
            check.line(&format!("{title} ({phrase})"), Some((meant, title)));
            check.line(&format!("{phrase}: {title}"), Some((meant, title)));
        };
        for (day, date) in language.days {
            both(day, &format!("{date}||"));
            for (time, clock) in language.times {
                both(&format!("{day} {time}"), &format!("{date}T{clock}||"));
                both(&format!("{time} {day}"), &format!("{date}T{clock}||"));
            }
        }
        for (time, clock) in language.times {
            both(time, &format!("{}||", next(clock)));
        }
        for (rule, text, first) in language.rules {
            both(rule, &format!("{first}|{text}|"));
            for (time, clock) in language.times {
                let mut day: Date = first.parse().expect("a day");
                if *first == "2026-11-27" && *clock < "10:00" {
                    // Today's is over: the next one counts, and the end of a length moves with it.
                    if text.contains("UNTIL") || text.contains("BYDAY") {
                        continue;
                    }
                    day = day.plus(1).expect("a day");
                }
                both(&format!("{rule} {time}"), &format!("{day}T{clock}|{text}|"));
            }
        }
    }
}

/// Two phrases that something joins are nothing that a task can say.
fn joined_phrases(check: &mut Check, language: &Language) {
    let phrases = || {
        let days = language.days.iter().map(|(day, _)| *day);
        let times = language.times.iter().map(|(time, _)| *time);
        let rules = language.rules.iter().map(|(rule, ..)| *rule);
        days.chain(times).chain(rules)
    };
    for (at, one) in phrases().enumerate() {
        for (other_at, other) in phrases().enumerate() {
            for (joint_at, joint) in language.between.iter().enumerate() {
                let title = language.titles[(at + other_at + joint_at) % language.titles.len()];
                // A list of weekdays or days that a rule takes in is no joint.
                let is_pair = *joint != "、" || other_at < language.days.len() && at < language.days.len();
                if at != other_at && is_pair && !goes_on(one, joint, other) {
                    let space = language.space;
                    check.line(&format!("{title} {one}{space}{joint}{space}{other}"), None);
                    check.line(&format!("{one}{space}{joint}{space}{other} {title}"), None);
                }
            }
        }
    }
}

/// Whether a rule or span goes on over the joint, so that the line says something after all.
fn goes_on(one: &str, joint: &str, other: &str) -> bool {
    let lists = [
        "monday", "tuesday", "saturday", "fri", "mon", "5th", "15th", "mondays",
    ];
    let listed = lists.iter().any(|end| one.ends_with(end))
        || one.ends_with("曜")
        || one.ends_with('日')
        || one.ends_with('金');
    let follows = lists.iter().any(|begin| other.starts_with(begin))
        || other.contains('曜')
        || other == "月水金"
        || other.ends_with("日");
    let counted = matches!(
        joint,
        "and" | "-" | "–" | "to" | "through" | "/" | "& also" | "と" | "・" | "、" | "や"
    );
    let starts = joint == "から"
        && (other.starts_with('毎')
            || other.starts_with("隔")
            || other.contains("ごと")
            || other == "月水金");
    let until =
        joint == "through" && (one.starts_with("every") || one.contains("month") || one == "on mondays");
    counted && listed && follows || starts || until
}

fn joined_words(check: &mut Check, language: &Language) {
    let phrases: Vec<&str> = language
        .days
        .iter()
        .map(|(day, _)| *day)
        .chain(language.times.iter().map(|(time, _)| *time))
        .chain(language.rules.iter().map(|(rule, ..)| *rule))
        .collect();
    for title in language.titles {
        for phrase in &phrases {
            for before in language.before {
                // `by the 5th of december` is whole.
                if phrase.starts_with("the ") || phrase.starts_with("end ") || phrase.starts_with("last ") {
                    continue;
                }
                check.line(&format!("{title} {before}{}{phrase}", language.space), None);
            }
            for after in language.after {
                check.line(&format!("{title} {phrase}{}{after}", language.space), None);
                check.line(&format!("{phrase}{}{after} {title}", language.space), None);
            }
        }
    }
}

#[test]
fn english() {
    let mut check = Check::new(&ENGLISH);
    whole_phrases(&mut check, &ENGLISH);
    joined_phrases(&mut check, &ENGLISH);
    joined_words(&mut check, &ENGLISH);
    check.finish(80_000, 95);
}

#[test]
fn japanese() {
    let mut check = Check::new(&JAPANESE);
    whole_phrases(&mut check, &JAPANESE);
    joined_phrases(&mut check, &JAPANESE);
    joined_words(&mut check, &JAPANESE);
    check.finish(25_000, 95);
}
