//! What people write into tasks: the same for each server, and no more alike than real tasks are.

use serde_json::{Value as Json, json};
use tsugi_sync::value::Value;
use uuid::Uuid;

const WORDS: [&str; 48] = [
    "call",
    "kitchen",
    "invoice",
    "order",
    "milk",
    "dentist",
    "garden",
    "report",
    "train",
    "ticket",
    "paint",
    "the",
    "with",
    "for",
    "about",
    "letter",
    "school",
    "Anna",
    "Tomás",
    "garage",
    "window",
    "lamp",
    "buy",
    "return",
    "book",
    "library",
    "rent",
    "bank",
    "tax",
    "form",
    "photo",
    "print",
    "doctor",
    "shoes",
    "coat",
    "winter",
    "budget",
    "meeting",
    "agenda",
    "slides",
    "review",
    "draft",
    "contract",
    "insurance",
    "flight",
    "hotel",
    "birthday",
    "present",
];

/// Fields to set.
#[derive(Clone, Debug)]
pub(crate) struct Patch(pub(crate) Vec<(&'static str, Value)>);

impl Patch {
    pub(crate) fn title(number: usize) -> Self {
        Self(vec![("title", Value::text(format!("Title number {number}")))])
    }

    /// A task with what a task mostly has.
    pub(crate) fn whole(number: usize) -> Self {
        let mut dice = Dice(number as u64 + 1);
        let created = 1_767_225_600_000 + number as i64 * 61_000 + dice.below(60_000) as i64;
        let mut fields = vec![
            ("title", Value::text(dice.words(7))),
            ("created", Value::Int(created)),
            (
                "position",
                Value::text(format!("V{:05}{}", number, dice.below(1_000))),
            ),
            ("list", Value::text(name(dice.below(12)))),
        ];
        if dice.below(2) == 0 {
            fields.push(("due", Value::text(dice.day())));
            fields.push(("start", Value::text(dice.day())));
        }
        if dice.below(2) == 0 {
            fields.push(("priority", Value::Int(dice.below(4) as i64 + 1)));
            fields.push((
                "labels",
                Value::List(vec![Value::text(name(100 + dice.below(20)))]),
            ));
        }
        if dice.below(2) == 0 {
            fields.push(("notes", Value::text(dice.words(20))));
        }
        if dice.below(4) == 0 {
            fields.push(("completed", Value::Int(created + dice.below(900_000_000) as i64)));
        }
        Self(fields)
    }

    /// As peers read it.
    pub(crate) fn json(&self) -> Json {
        let fields = self.0.iter();
        let fields = fields.map(|(name, value)| ((*name).to_owned(), json!(value)));
        Json::Object(fields.collect())
    }
}

/// The id of a list or label, as random as ids are.
fn name(number: u64) -> String {
    let mut dice = Dice(number + 7_919);
    let half = |dice: &mut Dice| u128::from(dice.roll());
    let random = (half(&mut dice) << 64) | half(&mut dice);
    uuid::Builder::from_random_bytes(random.to_be_bytes())
        .into_uuid()
        .to_string()
}

/// A new id, which sorts by time as those of devices do.
pub(crate) fn id(milliseconds: u64) -> Uuid {
    let mut random = [0; 10];
    random.copy_from_slice(&Uuid::new_v4().as_bytes()[..10]);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.roll() % most
    }

    fn day(&mut self) -> String {
        format!("2026-{:02}-{:02}", self.below(12) + 1, self.below(28) + 1)
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<&str> = (0..count)
            .map(|_| WORDS[self.below(WORDS.len() as u64) as usize])
            .collect();
        words.join(" ")
    }
}
