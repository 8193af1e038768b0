//! The history of edits: what is kept, what people read, and what others did while somebody was away.

use tsugi_screen::activity::{self, By, Change, MOST_BYTES};
use tsugi_screen::conflicts::history::{Decider, HistoryOf};
use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::ids::Timestamp;
use tsugi_sync::replica::Edit;
use tsugi_sync::value::Value;
use tsugi_words::phrases::{Language, speak};

use crate::made::{self, stamp};
use crate::world::{World, id, local};

/// A change of a task at a minute; of another device if `there`.
fn change(minute: u64, task: u128, field: Field, values: [Value; 2], there: bool) -> Change {
    let [before, after] = values;
    let at = Timestamp(minute * 60_000);
    Change {
        at,
        heard: at,
        entity: id(task),
        kind: Kind::Task,
        field,
        before,
        after,
        by: there.then(|| By {
            device: "Mika’s phone".to_owned(),
            replica: None,
        }),
    }
}

/// The entries of a world with task 1, as texts, the latest first.
fn said(changes: &[Change]) -> Vec<String> {
    speak(Language::En);
    let mut world = World::new();
    world.task(1, []);
    let local = local(&world.entities);
    let entries = world
        .index
        .history(&local, HistoryOf::Task(id(1)), Timestamp(0), changes);
    let entries = entries
        .into_iter()
        .inspect(|entry| assert_eq!(entry.decider, Decider::Edit));
    entries
        .map(|entry| {
            let lines = entry
                .lines
                .iter()
                .map(|line| format!("{} {}", line.label, line.said.as_deref().unwrap_or("?")));
            format!("{}: {}", entry.who, lines.collect::<Vec<_>>().join(", "))
        })
        .collect()
}

#[test]
fn each_edit_is_a_sentence_and_those_of_one_device_within_minutes_are_one_entry() {
    let text = |text: &str| Value::text(text);
    let changes = [
        change(1, 1, Field::Created, [Value::Null, Value::Int(1)], false),
        change(1, 1, Field::Title, [Value::Null, text("Milk")], false),
        change(2, 1, Field::Title, [text("Milk"), text("milk")], false),
        change(20, 1, Field::Title, [text("milk"), text("Mil")], true),
        change(21, 1, Field::Title, [text("Mil"), text("Oat milk")], true),
        change(21, 1, Field::Priority, [Value::Null, Value::Int(1)], true),
        change(22, 2, Field::Title, [text("other"), text("task")], true),
        change(40, 1, Field::Completed, [Value::Null, Value::Int(9)], false),
        change(60, 1, Field::Completed, [Value::Int(9), Value::Null], true),
        change(80, 1, Field::Notes, [text("a"), text("b")], true),
        change(81, 1, Field::Notes, [text("b"), text("a")], true),
    ];
    assert_eq!(
        said(&changes),
        [
            "On Mika’s phone:  Opened again",
            "On this device:  Ticked off",
            "On Mika’s phone: Title milk → Oat milk, Priority No priority → P1 · highest",
            "On this device: Title Milk → milk",
            "On this device:  Added",
        ],
        "there and back again is nothing"
    );
}

#[test]
fn an_own_edit_is_kept_with_the_value_before_it_and_without_what_nobody_reads() {
    let mut world = World::new();
    world.task(1, [(Field::Notes, Value::text("x".repeat(5_000)))]);
    let local = local(&world.entities);
    let done = made::completed(id(1), true, stamp(7));
    let position = [
        (Field::Position, Value::text("a")),
        (Field::Notes, Value::text("short")),
    ];
    let moved = Edit {
        set: position.into(),
        ..done.clone()
    };
    let own = activity::own(&[done, moved], local.replica());
    let kept: Vec<(&Field, usize)> = own
        .iter()
        .map(|change| {
            (
                &change.field,
                activity::to_lines(std::slice::from_ref(change)).len(),
            )
        })
        .collect();
    let fields: Vec<&Field> = kept.iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, [&Field::Completed, &Field::Notes]);
    assert!(
        kept.iter().all(|(_, bytes)| *bytes < 1_000),
        "long texts are cut: {kept:?}"
    );
    assert_eq!(activity::read(&activity::to_lines(&own)), own);
}

/// Only what differs is kept of a long text, so an edit at its end is told, too.
#[test]
fn an_edit_of_the_last_line_of_long_notes_is_told_with_that_line() {
    let long = "a line of the list\n".repeat(100);
    let mut world = World::new();
    world.task(1, [(Field::Notes, Value::text(format!("{long}eggs\n")))]);
    let edit = Edit {
        set: [(Field::Notes, Value::text(format!("{long}twelve eggs\n")))].into(),
        ..made::completed(id(1), true, stamp(7))
    };
    let own = activity::own(&[edit], local(&world.entities).replica());
    assert_eq!(said(&own), ["On this device: Notes eggs → twelve eggs"]);
    // Two lines that were changed one after the other are told one by one.
    let line = |values: [&str; 2]| change(1, 1, Field::Notes, values.map(Value::text), false);
    let told = said(&[
        line(["eggs", "egg"]),
        line(["egg", "twelve eggs"]),
        line(["milk", "oat milk"]),
    ]);
    assert_eq!(
        told,
        ["On this device: Notes eggs → twelve eggs, Notes milk → oat milk"]
    );
}

#[test]
fn kept_lines_have_a_limit_and_a_damaged_one_costs_only_itself() {
    let one = activity::to_lines(&[change(
        1,
        1,
        Field::Title,
        [Value::text("前"), Value::text("後")],
        true,
    )]);
    let mut kept = String::new();
    for _ in 0..MOST_BYTES / one.len() * 2 {
        kept = activity::appended(&kept, &one);
        assert!(kept.len() <= MOST_BYTES);
    }
    let all = activity::read(&kept);
    assert!(all.len() > MOST_BYTES / one.len() / 3, "the newer half stays");
    assert_eq!(all.len(), kept.lines().count(), "cut between lines");
    let damaged = format!("{one}{{\"at\":\n\u{0}\n{one}");
    assert_eq!(activity::read(&damaged).len(), 2);
    assert_eq!(activity::appended("", &"x".repeat(MOST_BYTES * 2)), "");
}

#[test]
fn each_thing_is_counted_once_for_what_others_did_with_it_since() {
    speak(Language::En);
    let now = [Value::Null, Value::Int(1)];
    let changes = [
        change(5, 1, Field::Title, now.clone(), true),
        change(10, 1, Field::Title, now.clone(), true),
        change(10, 1, Field::Completed, now.clone(), true),
        change(11, 2, Field::Created, now.clone(), true),
        change(11, 2, Field::Title, now.clone(), true),
        change(12, 3, Field::List, now.clone(), true),
        change(12, 4, Field::Due, now.clone(), true),
        change(12, 5, Field::Deleted, now.clone(), true),
        change(13, 6, Field::Completed, now, false),
    ];
    let since = |minute: u64| activity::since(&changes, Timestamp(minute * 60_000));
    assert_eq!(
        since(6).as_deref(),
        Some("Since you were here: 1 done · 1 new · 1 moved · 1 deleted · 1 changed")
    );
    assert_eq!(since(13), None, "one's own edits are no news");
    assert_eq!(activity::since(&[], Timestamp(0)), None);
}
