//! Conflicts as people see them, from records of the core: sides by who looks, situations, the history and its undo.

use tsugi_screen::conflicts::batch::{Rule, preview};
use tsugi_screen::conflicts::card::{ConflictCard, Surroundings, Version, card};
use tsugi_screen::conflicts::choice::{Choosing, Pick};
use tsugi_screen::conflicts::filter::{Age, Filter, groups};
use tsugi_screen::conflicts::history::{Decider, HistoryEntry, Undo, entry};
use tsugi_screen::conflicts::situation::situation;
use tsugi_screen::edits::plan;
use tsugi_sync::conflict::{self, Conflict, Decision, Side, Sides, State};
use tsugi_sync::entity::{Cell, Entity, Field, Fields, Kind};
use tsugi_sync::gesture;
use tsugi_sync::ids::{EntityId, ReplicaId, Revision, Timestamp, UserId};
use tsugi_sync::merge;
use tsugi_sync::protocol::Author;
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::value::Value;
use tsugi_words::phrases::{Language, speak};
use uuid::Uuid;

use crate::world::id;

const DAY: u64 = 86_400_000;
/// When the laptop and the phone made their edits.
pub(crate) const EDITED: u64 = 1_000 * DAY;

fn replica(n: u128) -> ReplicaId {
    ReplicaId(Uuid::from_u128(n))
}

fn entity(kind: Kind, number: u128, fields: Fields) -> Entity {
    let mut entity = Entity::new(id(number), kind);
    entity.absorb(
        fields
            .into_iter()
            .map(|(field, value)| (field, Cell(value, Revision(1)))),
    );
    entity
}

fn task(fields: &[(Field, Value)]) -> Entity {
    entity(Kind::Task, 1, fields.iter().cloned().collect())
}

/// A record that the phone (replica 2) made about an edit of the laptop (replica 1).
pub(crate) fn record(state: State, fields: &[(Field, [Value; 3], Option<merge::Rule>)]) -> Entity {
    let fields = fields.iter().map(|(field, [base, local, remote], rule)| {
        let sides = Sides {
            base: base.clone(),
            local: local.clone(),
            remote: remote.clone(),
        };
        let decision = rule.map(|rule| Decision {
            rule: Some(rule),
            result: remote.clone(),
        });
        (field.clone(), (sides, decision))
    });
    let phone = Side {
        device: "Chrome on Linux".to_owned(),
        at: Timestamp(EDITED),
        replica: Some(replica(2)),
    };
    let laptop = Author {
        user: UserId(Uuid::nil()),
        device: "Chrome on Linux".to_owned(),
        at: Timestamp(EDITED - 1),
        tick: 0,
        replica: Some(replica(1)),
    };
    let set = conflict::record(
        state,
        (id(1), &Kind::Task),
        fields.collect::<SortedMap<_, _>>(),
        (&phone, Some(&laptop)),
        Timestamp(EDITED),
    );
    entity(Kind::Conflict, 9, set)
}

fn around(here: u128) -> Surroundings<'static> {
    Surroundings {
        here: replica(here),
        moment: &|at| format!("moment {}", at.0),
        day: &|at| format!("day {}", at.0 / DAY),
        name: &|_| None,
        list: None,
        merged: Vec::new(),
    }
}

fn seen_from(here: u128, record: &Entity, subject: &Entity) -> ConflictCard {
    speak(Language::En);
    let conflict = Conflict::read(record).expect("a record");
    card(&conflict, Some(subject), around(here)).expect("an open conflict")
}

fn titles(base: &str, phone: &str, laptop: &str) -> Entity {
    record(
        State::Open,
        &[(Field::Title, [base, phone, laptop].map(Value::text), None)],
    )
}

/// A few entities, for rules that look at no more.
struct Entities(Vec<Entity>);

impl gesture::Entities for Entities {
    fn view(&self, id: EntityId) -> Option<Entity> {
        self.0.iter().find(|entity| entity.id == id).cloned()
    }

    fn each(&self, look: &mut dyn FnMut(&Entity)) {
        self.0.iter().for_each(look);
    }
}

#[test]
fn the_own_edit_comes_first_for_whoever_looks() {
    let record = titles("Draft", "From the phone", "From the laptop");
    let now = task(&[(Field::Title, "From the laptop".into())]);
    for (here, first, names) in [
        (2, "From the phone", ["This device", "Chrome on Linux"]),
        (1, "From the laptop", ["This device", "Chrome on Linux"]),
        (3, "From the phone", ["Chrome on Linux", "Chrome on Linux"]),
    ] {
        let card = seen_from(here, &record, &now);
        assert_eq!(
            card.fields[0].version(Version::First),
            Some(first),
            "seen from {here}"
        );
        assert_eq!([0, 1].map(|nth| card.makers[nth].name.as_str()), names);
    }
}

/// The value of the conflict is shown, not that of today; and the one of today is one more, if somebody has changed it since.
#[test]
fn a_side_shows_the_value_of_the_conflict() {
    let record = titles("Draft", "From the phone", "From the laptop");
    let now = task(&[(Field::Title, "Changed since".into())]);
    let card = seen_from(2, &record, &now);
    assert_eq!(card.fields[0].version(Version::Second), Some("From the laptop"));
    assert_eq!(card.fields[0].version(Version::Now), Some("Changed since"));
}

#[test]
fn a_field_whose_sides_agree_is_not_asked() {
    let due = ["2026-12-01", "2026-12-20", "2026-12-20"].map(Value::text);
    let title = ["Draft", "One", "Two"].map(Value::text);
    let record = record(
        State::Open,
        &[(Field::Due, due, None), (Field::Title, title, None)],
    );
    let card = seen_from(2, &record, &task(&[(Field::Title, "Two".into())]));
    assert_eq!(card.fields_in_words(), "title");
}

fn deletion(deleted_by_phone: bool) -> Entity {
    let at = Value::Int(7);
    let sides = match deleted_by_phone {
        true => [Value::Null, at, Value::Null],
        false => [Value::Null, Value::Null, at],
    };
    let notes = [Value::Null, "two copies".into(), Value::Null];
    let mut fields = vec![(Field::Deleted, sides, None)];
    if !deleted_by_phone {
        fields.push((Field::Notes, notes, None));
    }
    record(State::Open, &fields)
}

#[test]
fn deleted_and_edited_is_one_question_and_keeping_brings_the_edit_back() {
    let now = task(&[(Field::Title, "Form".into()), (Field::Deleted, Value::Int(7))]);
    for here in [1, 2, 3] {
        let card = seen_from(here, &deletion(false), &now);
        let situation = situation(&card, "UTC").expect("a situation");
        assert!(situation.headline.contains("“Form”"), "{}", situation.headline);
        assert_eq!(situation.answers[0].label, "Keep it, with the new notes");
        let kept = &situation.answers[0].results;
        assert!(
            kept.contains(&(Field::Notes, "two copies".to_owned())),
            "seen from {here}: {kept:?}"
        );
        assert!(kept.contains(&(Field::Deleted, "kept".to_owned())));
        assert_eq!(
            situation.answers[1].results,
            [(Field::Deleted, "deleted".to_owned())]
        );
    }
    let card = seen_from(2, &deletion(true), &task(&[(Field::Title, "Form".into())]));
    let situation = situation(&card, "UTC").expect("a situation");
    assert_eq!(situation.answers[0].label, "Keep it");
}

/// Both records that the core makes of "done × put off", seen from each device.
#[test]
fn done_and_put_off_opens_the_task_again_with_the_date_of_who_moved_it() {
    let done = Value::Int(77);
    let (before, later) = (Value::text("2026-12-01"), Value::text("2026-12-06"));
    let put_off_by_phone = [
        (Field::Completed, [Value::Null, Value::Null, done.clone()], None),
        (Field::Due, [before.clone(), later.clone(), before.clone()], None),
    ];
    let done_by_phone = [
        (Field::Completed, [Value::Null, done.clone(), done.clone()], None),
        (Field::Due, [before.clone(), before, later.clone()], None),
    ];
    let now = task(&[
        (Field::Title, "Filter".into()),
        (Field::Completed, done),
        (Field::Due, later),
    ]);
    for (record, doer) in [
        (record(State::Open, &put_off_by_phone), 1),
        (record(State::Open, &done_by_phone), 2),
    ] {
        for here in [1, 2, 3] {
            let card = seen_from(here, &record, &now);
            let situation = situation(&card, "UTC").expect("a situation");
            let [done, open] = &situation.answers;
            assert_eq!(
                done.results,
                [(Field::Completed, "77".to_owned())],
                "{doer} seen from {here}"
            );
            assert!(
                open.results.contains(&(Field::Due, "2026-12-06".to_owned())),
                "{:?}",
                open.results
            );
            assert!(open.results.contains(&(Field::Completed, String::new())));
            assert_eq!(
                situation.headline.starts_with("You ticked off"),
                here == doer,
                "{}",
                situation.headline
            );
        }
    }
}

#[test]
fn a_field_of_a_later_version_is_shown_as_it_was_written_and_can_be_settled() {
    let energy = Field::from("energy");
    let record = record(
        State::Open,
        &[(energy.clone(), [Value::Null, "low".into(), "high".into()], None)],
    );
    let card = seen_from(
        2,
        &record,
        &task(&[(Field::Title, "Run".into()), (energy.clone(), "high".into())]),
    );
    let situation = situation(&card, "UTC").expect("a situation");
    assert_eq!(situation.answers[0].results, [(energy, "\"low\"".to_owned())]);
    assert_eq!(situation.answers[1].effect, "\"high\"");
}

fn resolved(record: &Entity, result: &str, before: &str, at: u64) -> Entity {
    let title = |text: &str| Fields::from([(Field::Title, Value::text(text))]);
    let by = Side {
        device: "Chrome on Linux".to_owned(),
        at: Timestamp(at),
        replica: Some(replica(2)),
    };
    let set = conflict::resolved(record, &title(result), &title(before), &by);
    let mut record = record.clone();
    record.absorb(
        set.into_iter()
            .map(|(field, value)| (field, Cell(value, Revision(2)))),
    );
    record
}

fn history(record: &Entity, subject: &Entity, now: u64) -> HistoryEntry {
    speak(Language::En);
    let conflict = Conflict::read(record).expect("a record");
    entry(&conflict, Some(subject), &around(1), Timestamp(now)).expect("settled")
}

#[test]
fn the_history_says_what_was_kept_and_what_was_not() {
    let record = resolved(&titles("Draft", "One", "Two"), "One", "Two", EDITED);
    let entry = history(&record, &task(&[(Field::Title, "One".into())]), EDITED + DAY);
    assert_eq!(
        (entry.lines[0].kept.as_str(), entry.lines[0].dropped.as_slice()),
        ("One", ["Two".to_owned()].as_slice())
    );
    assert_eq!((entry.decider, entry.undo), (Decider::Person, Undo::Possible));
    assert_eq!(entry.who, "Decided on Chrome on Linux");
}

/// Of a decision 29 days ago, undo says what it would overwrite; of one 60 days ago, it says why it cannot.
#[test]
fn a_decision_can_be_taken_back_for_thirty_days() {
    let record = resolved(&titles("Draft", "One", "Two"), "One", "Two", EDITED);
    let edited = task(&[(Field::Title, "Edited since".into())]);
    let guarded = Undo::Overwrites(vec![("Edited since".to_owned(), "Two".to_owned())]);
    assert_eq!(history(&record, &edited, EDITED + 29 * DAY).undo, guarded);
    assert_eq!(history(&record, &edited, EDITED + 60 * DAY).undo, Undo::TooLate);
    let world = Entities([record, edited].into());
    let at = |days: u64| {
        let stamp = crate::made::stamp(EDITED + days * DAY);
        plan::unresolve(&world, id(9), true, stamp)
    };
    let edits = at(29).expect("may be taken back");
    assert!(
        edits
            .iter()
            .any(|edit| edit.set.get(&Field::Title) == Some(&"Two".into()))
    );
    assert_eq!(
        at(60).map_err(|error| error.to_string()),
        Err(tsugi_words::phrases::undone_too_late_says().to_owned())
    );
}

#[test]
fn what_a_rule_has_dropped_can_be_taken() {
    let priority = [Value::Null, Value::Int(1), Value::Int(3)];
    let record = record(
        State::Merged,
        &[(Field::Priority, priority, Some(merge::Rule::LastWriter))],
    );
    let entry = history(&record, &task(&[(Field::Priority, Value::Int(3))]), EDITED + DAY);
    assert_eq!((entry.decider, &entry.undo), (Decider::Rule, &Undo::ByTaking));
    let (name, resolution) = entry.lines[0].take.clone().expect("to take");
    assert!(name.starts_with("Take "), "{name}");
    assert_eq!(resolution.results, [(Field::Priority, "1".to_owned())]);
    let old = history(
        &record,
        &task(&[(Field::Priority, Value::Int(3))]),
        EDITED + 31 * DAY,
    );
    assert_eq!((old.undo, old.lines[0].take.is_none()), (Undo::TooLate, true));
}

#[test]
fn many_are_decided_by_one_rule_and_what_has_moved_on_is_left_out() {
    let due = |first: &str, second: &str| {
        let record = record(
            State::Open,
            &[(Field::Due, [Value::Null, first.into(), second.into()], None)],
        );
        seen_from(
            2,
            &record,
            &task(&[(Field::Title, "A".into()), (Field::Due, second.into())]),
        )
    };
    let dates = due("2026-12-04", "2026-12-02");
    let title = seen_from(2, &titles("a", "b", "c"), &task(&[(Field::Title, "c".into())]));
    let title = ConflictCard { id: id(10), ..title };
    let opened = [dates.clone(), title.clone()];
    let later = preview(&opened, &opened, &Rule::Later, "UTC");
    assert_eq!(later.lines.len(), 1);
    assert_eq!(
        later.lines[0].resolution.results,
        [(Field::Due, "2026-12-04".to_owned())]
    );
    assert_eq!(later.left_out[0].id, title.id);
    let last = preview(&opened, &opened, &Rule::Last, "UTC");
    assert_eq!(last.lines[1].resolution.results, [(Field::Title, "b".to_owned())]);
    let moved = ConflictCard {
        title: "B".to_owned(),
        ..title
    };
    let moved_on = preview(&opened, &[dates, moved], &Rule::Last, "UTC");
    assert_eq!(moved_on.left_out[0].why, tsugi_words::phrases::left_out_changed());
}

#[test]
fn filters_leave_what_they_name_and_the_newest_is_first() {
    let card = seen_from(2, &titles("a", "b", "c"), &task(&[(Field::Title, "c".into())]));
    let older = ConflictCard {
        id: id(11),
        opened: Timestamp(EDITED - 10 * DAY),
        ..card.clone()
    };
    let all = [older.clone(), card.clone()];
    let now = Timestamp(EDITED + 1_000);
    let shown = |filter: Filter| -> Vec<_> {
        let groups = groups(&all, &filter, now);
        groups.into_iter().flat_map(|group| group.ids).collect()
    };
    assert_eq!(shown(Filter::default()), [card.id, older.id]);
    let age = |age| Filter {
        age: Some(age),
        ..Filter::default()
    };
    assert_eq!(shown(age(Age::Older)), [older.id]);
    assert_eq!(shown(age(Age::Day)), [card.id]);
    let device = Filter {
        device: Some("This device".to_owned()),
        ..Filter::default()
    };
    assert_eq!(shown(device).len(), 2);
    let kind = Filter {
        kind: Some("due".to_owned()),
        ..Filter::default()
    };
    assert_eq!(shown(kind), []);
}

/// 100 kB of notes, ten thousand equal lines, emoji and right-to-left text, and texts that JavaScript cut in the middle of a
/// character: all are compared, and a side that is taken comes out as it was.
#[test]
fn naughty_texts_stay_whole() {
    let texts = [
        "x".repeat(100_000),
        "the same line\n".repeat(10_000),
        "👩‍👩‍👧‍👦 مرحبا بالعالم\nשלום 🇯🇵".to_owned(),
        "\u{fffd}half".to_owned(),
        "line\r\nline\r\n".to_owned(),
        String::new(),
    ];
    for first in &texts {
        for second in &texts {
            let record = record(
                State::Open,
                &[(
                    Field::Notes,
                    ["base".into(), first.as_str().into(), second.as_str().into()],
                    None,
                )],
            );
            let card = seen_from(2, &record, &task(&[(Field::Notes, second.as_str().into())]));
            for field in card.asked() {
                let choosing = Choosing::of(field.clone());
                for (version, text) in [(Version::First, first), (Version::Second, second)] {
                    let taken = choosing.result(&Pick::Version(version), "UTC");
                    let same = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
                    assert_eq!(same(&taken.expect("decided")), same(text));
                }
            }
        }
    }
}
