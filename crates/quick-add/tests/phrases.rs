//! What is understood, phrase by phrase, from two files that a person can read and add to.
//!
//! `text => title | field | field …` is a phrase and all that it says; `= text` one that is all title. A line in square
//! brackets sets the context for what follows; `--` begins a comment.

use tsugi_calendar::{Date, Time, Weekday};
use tsugi_quick_add::{Context, DateOrder, Parsed, parse, parse_without};

const ENGLISH: &str = include_str!("phrases/en.txt");
const JAPANESE: &str = include_str!("phrases/ja.txt");
const DOCUMENT: &str = include_str!("../../../docs/quick-add.md");

enum Row<'a> {
    Understood(&'a str, String),
    Title(&'a str),
}

fn rows(file: &str) -> Vec<(Context, Row<'_>)> {
    let mut context = None;
    let mut rows = Vec::new();
    for line in file
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("--"))
    {
        if let Some(words) = line.strip_prefix('[') {
            context = Some(read_context(words.trim_end_matches(']')));
            continue;
        }
        let context = context.expect("a context before the first phrase");
        let row = match (line.strip_prefix("= "), line.split_once(" => ")) {
            (Some(text), _) => Row::Title(text),
            (None, Some((text, expected))) => Row::Understood(text, expected.trim().to_owned()),
            (None, None) => panic!("neither a phrase nor a comment: {line}"),
        };
        rows.push((context, row));
    }
    rows
}

/// `2026-11-25 10:00 monday month-first`
fn read_context(words: &str) -> Context {
    let words: Vec<&str> = words.split(' ').collect();
    let [today, now, first, order] = words[..] else {
        panic!("a context has four words: {words:?}");
    };

    Context {
        today: today.parse::<Date>().expect("a day"),
        now: read_time(now).expect("a time"),
        week_starts: match first {
            "monday" => Weekday::Monday,
            "sunday" => Weekday::Sunday,
            other => panic!("no week begins on {other}"),
        },
        date_order: match order {
            "month-first" => DateOrder::MonthFirst,
            "day-first" => DateOrder::DayFirst,
            other => panic!("no order: {other}"),
        },
    }
}

fn read_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?)
}

fn write(parsed: &Parsed) -> String {
    let mut parts = vec![parsed.title.clone()];
    parts.extend(parsed.due.map(|due| format!("due {due}")));
    parts.extend(parsed.start.map(|start| format!("start {start}")));
    parts.extend(parsed.recurrence.as_ref().map(|rule| rule.to_string()));
    parts.extend(parsed.priority.map(|priority| format!("p{}", priority.number())));
    parts.extend(parsed.list.as_ref().map(|list| format!("#{list}")));
    parts.extend(parsed.section.as_ref().map(|section| format!("/{section}")));
    parts.extend(parsed.labels.iter().map(|label| format!("@{label}")));
    parts.join(" | ")
}

fn check(name: &str, file: &str) {
    let mut wrong = Vec::new();
    let (mut phrases, mut titles) = (0, 0);
    for (context, row) in rows(file) {
        let (text, expected) = match row {
            Row::Understood(text, expected) => {
                phrases += 1;
                (text, expected)
            }
            Row::Title(text) => {
                titles += 1;
                (text, text.to_owned())
            }
        };
        let parsed = parse(text, &context);
        let found = write(&parsed);
        if found.trim() != expected {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {name}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        phrases + titles >= 400 && titles >= 150,
        "{name}: {phrases} phrases, {titles} titles"
    );
}

#[test]
fn english() {
    check("English", ENGLISH);
}

#[test]
fn japanese() {
    check("Japanese", JAPANESE);
}

#[test]
fn every_phrase_gives_its_text_back_when_its_chips_are_dropped() {
    for (context, row) in rows(ENGLISH).into_iter().chain(rows(JAPANESE)) {
        let (Row::Understood(text, _) | Row::Title(text)) = row;
        let mut dropped = Vec::new();
        loop {
            let parsed = parse_without(text, &context, &dropped);
            if parsed.chips.is_empty() {
                assert_eq!(parsed.title, text.trim());
                break;
            }
            // One at a time, as a person does: words that another chip stood in the way of may become one now.
            let chip = &parsed.chips[0];
            let drop = chip.dropped(text);
            assert!(!dropped.contains(&drop), "{text}: {drop:?} was dropped before");
            dropped.push(drop);
        }
    }
}

/// The tables of the document are true.
#[test]
fn decisions() {
    let context = read_context("2026-11-25 10:00 monday month-first");
    let start = DOCUMENT.find("## English").expect("the decisions");
    let mut rows = 0;
    let lines = DOCUMENT[start..]
        .lines()
        .filter_map(|line| line.strip_prefix("| `"));
    for line in lines {
        let (text, rest) = line.split_once("` | ").expect("a phrase in a row");
        let (expected, _) = rest.split_once(" |").expect("what is understood");
        let found = write(&parse(text, &context)).replace(" | ", " · ");
        let expected = if expected == "*all title*" { text } else { expected };
        assert_eq!(found, expected, "{text}");
        rows += 1;
    }
    assert!(rows > 70, "{rows} rows");
}
