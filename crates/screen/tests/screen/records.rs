//! The records of conflicts in the index: which cards the screen has, and what a notice says.

use tsugi_screen::conflicts::batch::pressed;
use tsugi_screen::conflicts::card::Version;
use tsugi_screen::conflicts::situation::situation;
use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::ids::Timestamp;
use tsugi_sync::merge::Rule;
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::value::Value;
use tsugi_words::phrases::{Language, speak};

use crate::conflicts::{EDITED, record};
use crate::world::{World, id, local};

/// An open conflict about the title of task 1, and so many merges of its priority by a rule.
fn world(merges: u128) -> World {
    speak(Language::En);
    let mut world = World::new();
    world.task(1, []).task(2, []);
    let titles = ["Draft", "One", "Two"].map(Value::text);
    keep(
        &mut world,
        9,
        record(State::Open, &[(Field::Title, titles, None)]),
    );
    for nth in 0..merges {
        let priorities = [Value::Null, Value::Int(1), Value::Int(2)];
        let mut merged = record(
            State::Merged,
            &[(Field::Priority, priorities, Some(Rule::LastWriter))],
        );
        // The value of the other device stands.
        let result = SortedMap::from([("priority".to_owned(), Value::Int(1))]);
        merged.fields.entry(Field::Result).or_default().0 = Value::Map(result);
        keep(&mut world, 100 + nth, merged);
    }
    world
}

fn keep(world: &mut World, number: u128, record: Entity) {
    let fields = record.fields.into_iter();
    world.set(
        Kind::Conflict,
        number,
        fields.map(|(field, cell)| (field, cell.0)),
    );
}

#[test]
fn a_card_has_what_rules_decided_about_the_same_task() {
    let world = world(30);
    let cards = world.index.conflict_cards(&local(&world.entities));
    let [card] = cards.as_slice() else {
        panic!("one open conflict, and the merges are none: {cards:?}");
    };
    assert_eq!(card.merged.len(), 20, "no endless list");
    let first = &card.merged[0];
    assert_eq!(
        (first.label.as_str(), first.kept.as_str()),
        ("Priority", "P1 · highest")
    );
    assert!(first.rule.is_some());
}

#[test]
fn one_decision_is_told_in_words_and_several_by_their_number() {
    let now = Timestamp(EDITED + 1_000);
    let told = |merges: u128| {
        let world = world(merges);
        let ids: Vec<_> = (0..merges).map(|nth| id(100 + nth)).collect();
        world.index.news(&local(&world.entities), &ids, now)
    };
    assert_eq!(told(0), None);
    assert!(told(1).is_some_and(|words| words.contains("P1 · highest")));
    assert_eq!(told(3).as_deref(), Some("3 things were decided on other devices"));
}

/// Hundreds of cards are not made again because somebody types in another task.
#[test]
fn only_what_a_card_is_made_of_touches_the_cards() {
    let mut world = world(1);
    let touches = |world: &World| world.index.touches_cards(&world.touched);
    world.edit(Kind::Task, 2, Field::Title, Value::text("another"));
    assert!(!touches(&world));
    world.edit(Kind::Task, 1, Field::Title, Value::text("its subject"));
    assert!(touches(&world));
    world.edit(Kind::Conflict, 9, Field::State, Value::text("resolved"));
    assert!(touches(&world), "it was open");
    world.edit(Kind::Task, 1, Field::Title, Value::text("no subject any more"));
    assert!(!touches(&world));
    world.list(50);
    assert!(touches(&world), "cards say the names of lists");
}

/// `1` on a card of a situation is the first button of its dialog, also where the other device made the first sentence true.
#[test]
fn a_key_on_a_card_does_what_it_does_in_the_dialog() {
    for deleted_first in [true, false] {
        let gone = [Value::Null, Value::Int(7), Value::Null];
        let sides = |there: bool| match there {
            true => gone.clone(),
            false => [gone[0].clone(), gone[2].clone(), gone[1].clone()],
        };
        let record = record(State::Open, &[(Field::Deleted, sides(deleted_first), None)]);
        let mut world = World::new();
        world.task(1, []);
        keep(&mut world, 9, record);
        let cards = world.index.conflict_cards(&local(&world.entities));
        let answers = situation(&cards[0], "UTC").expect("a situation").answers;
        for (version, answer) in [Version::First, Version::Second].into_iter().zip(answers) {
            assert_eq!(pressed(&cards[0], version, "UTC"), Some(answer.results));
        }
    }
}
