//! The figures of syncing as cards: what is said of merges and questions, and why something waits.

use std::collections::BTreeMap;

use tsugi_screen::figures::{Figures, Meter};
use tsugi_screen::local::Local;
use tsugi_screen::model::SyncPhase;
use tsugi_screen::truth::{Fact, Measured, Truth, truth};
use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::ids::Timestamp;
use tsugi_sync::merge::Rule;
use tsugi_sync::session::{Phase, Transport};
use tsugi_sync::value::Value;
use tsugi_words::phrases::{Language, speak};

use crate::conflicts::record;
use crate::made;
use crate::world::{World, local};

fn said(phase: SyncPhase, figures: &Figures, local: &Local) -> Truth {
    speak(Language::En);
    let measured = Measured {
        figures,
        phase,
        transport: Some(Transport::WebSocket),
        room: Some((3_100_000, 2_000_000_000)),
        kept: None,
        last_synced: None,
        now: Timestamp(60_000),
    };
    truth(&measured, local)
}

fn rows(fact: &Fact) -> Vec<(&str, &str)> {
    let rows = fact.rows.iter();
    rows.map(|row| (row.name.as_str(), row.value.as_str())).collect()
}

#[test]
fn merges_and_questions_are_counted_from_the_records() {
    let mut world = World::new();
    world.task(1, []);
    let values = [Value::Null, Value::Int(1), Value::Int(2)];
    let lines = ["", "a", "b"].map(Value::text);
    let gone = [Value::Null, Value::Int(1), Value::Null];
    let records = [
        (State::Merged, Field::Priority, &values, Some(Rule::LastWriter)),
        (State::Merged, Field::Notes, &lines, Some(Rule::Lines)),
        (State::Merged, Field::Notes, &lines, Some(Rule::Lines)),
        (State::Open, Field::Title, &lines, None),
        (State::Resolved, Field::Title, &lines, None),
        (State::Open, Field::Deleted, &gone, None),
    ];
    for (number, (state, field, sides, rule)) in (10..).zip(records) {
        let record = record(state, &[(field, sides.clone(), rule)]);
        let fields = record.fields.into_iter().map(|(field, cell)| (field, cell.0));
        world.set(Kind::Conflict, number, fields);
    }
    let said = said(SyncPhase::Synced, &Figures::default(), &local(&world.entities));
    let [.., merged, asked, stored] = said.facts.as_slice() else {
        panic!("six cards");
    };
    assert_eq!(merged.value, "50.0 %");
    assert_eq!(
        merged.says,
        "3 of 6 times that two devices changed the same thing."
    );
    assert_eq!(
        rows(merged),
        [("different lines", "2"), ("the later one counts", "1")]
    );
    assert_eq!(merged.rows[1].part, Some(50), "half as long as the longest");
    assert_eq!(
        (asked.value.as_str(), asked.says.as_str()),
        ("3 times", "2 of them are still to decide.")
    );
    assert_eq!(rows(asked), [("Title", "2"), ("Deleted or kept", "1")]);
    assert_eq!(
        (stored.value.as_str(), stored.says.contains("2.0 GB")),
        ("3.1 MB", true)
    );
    let questions = said.waiting.iter().filter(|waiting| waiting.is_question);
    assert_eq!(questions.count(), 2);
    assert!(
        said.waiting.iter().all(|waiting| waiting.title == "task 1"),
        "{:?}",
        said.waiting
    );
}

#[test]
fn each_edit_that_waits_says_why() {
    let stamp = |n: u64| made::stamp(n);
    let mut local = local(&BTreeMap::new());
    let new = made::task("Milk", stamp(1));
    let task = new.entity;
    for (position, edit) in [
        new,
        made::completed(task, true, stamp(2)),
        made::task("Eggs", stamp(3)),
    ]
    .into_iter()
    .enumerate()
    {
        let mutation = local.replica().edit(edit);
        local.fold_entries([(position as u64 + 2, tsugi_sync::log::Entry::Mutated(mutation))]);
    }
    let table = [
        (
            SyncPhase::Syncing,
            ["on its way", "follows the change before it", "on its way"],
        ),
        (SyncPhase::Offline, ["waits for a connection"; 3]),
        (SyncPhase::WorkOffline, ["waits, because you work offline"; 3]),
        (
            SyncPhase::LocalOnly,
            ["stays on this device, without an account"; 3],
        ),
    ];
    for (phase, expected) in table {
        let said = said(phase, &Figures::default(), &local);
        let why: Vec<&str> = said.waiting.iter().map(|waiting| waiting.why).collect();
        assert_eq!((why, said.waits), (expected.to_vec(), 3), "{phase:?}");
        assert_eq!(
            (said.waiting[0].title.as_str(), said.waiting[0].fields.as_str()),
            ("Milk", "new")
        );
        assert_eq!(said.waiting[1].fields, "Completed");
    }
}

#[test]
fn without_a_measurement_nothing_is_claimed() {
    let empty = local(&BTreeMap::new());
    let before = said(SyncPhase::Synced, &Figures::default(), &empty);
    for fact in &before.facts[..2] {
        assert_eq!(
            (fact.value.as_str(), fact.chart.is_none()),
            ("–", true),
            "{}",
            fact.title
        );
    }
    let mut meter = Meter::default();
    meter.tried();
    meter.phase(Phase::Connecting, Phase::Backoff(Timestamp(9)), Timestamp(1_000));
    meter.tried();
    meter.phase(Phase::Connecting, Phase::Live, Timestamp(2_000));
    meter.arrived(118);
    let after = said(SyncPhase::Synced, meter.counted(), &empty);
    assert_eq!(
        (after.facts[1].value.as_str(), after.facts[1].says.as_str()),
        ("118 ms", "Half of them. 19 of 20 within 118 ms.")
    );
    assert_eq!(after.facts[2].value, "1 of 2");
    assert!(after.facts[2].says.starts_with("The last one that failed"));
    assert_eq!(after.facts[3].value, "–", "no merge yet");
}
