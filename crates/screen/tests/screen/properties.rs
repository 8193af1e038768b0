//! Rules that read texts of other people, and structures that must not lose count: whatever comes in.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use tsugi_calendar::{Date, Due};
use tsugi_screen::conflicts::words;
use tsugi_screen::index::sorted::{Key, Sorted};
use tsugi_screen::row_heights::{CHUNK, Heights};
use tsugi_screen::text::markdown::{Block, Inline, first_words, parse};
use tsugi_screen::text::when;
use tsugi_sync::ids::EntityId;
use uuid::Uuid;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A text that is mostly marks, with words between them.
fn marked() -> impl Strategy<Value = String> {
    let parts = [
        "word",
        "日本",
        "é",
        " ",
        " ",
        "  ",
        "\n",
        "\n",
        "\n\n",
        "\t",
        "*",
        "**",
        "_",
        "__",
        "~~",
        "`",
        "``",
        "```",
        "~~~",
        "# ",
        "> ",
        "- ",
        "* ",
        "1. ",
        "23) ",
        "- [ ] ",
        "- [x] ",
        "[",
        "](",
        ")",
        "](https://a.b)",
        "http://c.d",
        "\\",
        "---",
    ];
    prop::collection::vec(select(parts.to_vec()), 0..40).prop_map(|parts| parts.concat())
}

fn flat(blocks: &[Block], all: &mut String) {
    for block in blocks {
        match block {
            Block::Heading(_, inlines) | Block::Paragraph(inlines) => flat_line(inlines, all),
            Block::List { items, .. } => items.iter().for_each(|item| flat(&item.blocks, all)),
            Block::Quote(blocks) => flat(blocks, all),
            Block::Code(code) => all.push_str(code),
            Block::Rule => {}
        }
    }
}

fn flat_line(inlines: &[Inline], all: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => all.push_str(text),
            Inline::Break => all.push('\n'),
            Inline::Strong(within) | Inline::Emphasis(within) | Inline::Struck(within) => {
                flat_line(within, all)
            }
            Inline::Link { to, text } => {
                let before = all.len();
                flat_line(text, all);
                if all[before..] != **to {
                    all.push_str(to);
                }
            }
        }
    }
}

/// The letters that people wrote; not the `x` of a ticked box.
fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphabetic() && *c != 'x').collect()
}

fn is_within(some: &[char], all: &[char]) -> bool {
    let mut all = all.iter();
    some.iter().all(|c| all.any(|other| other == c))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn notes_are_read_whatever_they_are(text in any::<String>()) {
        let words = first_words(&text).unwrap_or_default();
        prop_assert!(words.chars().count() <= 300 && parse(&text).len() <= text.lines().count());
    }

    #[test]
    fn no_word_of_a_note_is_lost(text in marked()) {
        let mut read = String::new();
        flat(&parse(&text), &mut read);
        let (read, written) = (letters(&read), letters(&text));
        prop_assert!(is_within(&read, &written), "something was made up");
        // The one word beside the fence of a code block says its language, and is not shown.
        let is_fence = |line: &&str| {
            let line = line.trim_start_matches(['>', '-', '*', ' ', '\t', '#', '1', '2', '3', '.', ')', '[', ']', 'x']);
            let info = ["```", "~~~"].into_iter().find_map(|fence| line.strip_prefix(fence));
            info.is_some_and(|info| {
                let info = info.trim_start_matches(['`', '~']).trim();
                !info.contains(|c: char| c.is_whitespace() || c == '`')
            })
        };
        let others: Vec<&str> = text.lines().filter(|line| !is_fence(line)).collect();
        prop_assert!(is_within(&letters(&others.join("\n")), &read), "{text:?}");
    }

    #[test]
    fn a_shelf_is_a_set_in_order(steps in prop::collection::vec((any::<bool>(), 0..60_u16), 0..200)) {
        let mut sorted = Sorted::default();
        let mut set: BTreeSet<Key> = BTreeSet::new();
        for (inserts, order) in steps {
            let key: Key = [&order.to_be_bytes()[..], EntityId(Uuid::from_u128(u128::from(order))).0.as_bytes()].concat().into();
            match inserts {
                true => {
                    sorted.insert(key.clone());
                    set.insert(key);
                }
                false => {
                    sorted.remove(&key);
                    set.remove(&key);
                }
            }
        }
        prop_assert_eq!(sorted.len(), set.len());
        prop_assert!(sorted.from(0).eq(set.iter()));
        for (place, key) in set.iter().enumerate() {
            prop_assert_eq!(sorted.rank(key), place);
            prop_assert!(sorted.from(place).next() == Some(key));
        }
    }

    #[test]
    fn the_rows_between_two_lines_are_those_that_are_drawn_there(
        heights in prop::collection::vec((0..30_usize, 1.0..2_000.0_f64), 0..20), row in 0..600_usize, more in 1.0..900.0_f64,
    ) {
        let mut all = Heights::default();
        for (chunk, height) in heights {
            all.measured(chunk, height);
        }
        let total = 40 * CHUNK;
        let top = all.offset(row);
        let rows = all.between(top + 0.001, top + more, total);
        prop_assert!(rows.contains(&row), "{rows:?}");
        prop_assert!(rows.start % CHUNK == 0 && rows.end <= total);
        prop_assert!(all.offset(row + 1) >= top);
    }

    #[test]
    fn a_marked_text_is_the_text_and_what_is_not_marked_was_there_before(base in "[ab é日]{0,12}", value in "[ab é日]{0,12}") {
        let parts = words::marked(&base, &value);
        let whole: String = parts.iter().map(|(text, _)| text.as_str()).collect();
        prop_assert_eq!(whole, value);
        let mut left = base.chars();
        let mut old = parts.iter().filter(|(_, is_new)| !is_new).flat_map(|(text, _)| text.chars());
        // Spaces at the ends of a mark are not marked.
        prop_assert!(old.all(|c| c == ' ' || left.any(|there| there == c)), "{parts:?} of {base:?}");
    }

    #[test]
    fn what_is_typed_as_a_time_is_a_time_or_none(text in "[0-9TZ:\\[\\]/ a-z-]{0,24}", day in "2026-1[0-2]-[0-3][0-9]", time in "[0-2][0-9]:[0-5][0-9]") {
        let date = when::date_of(&text);
        prop_assert!(date.is_empty() || date.parse::<Date>().is_ok());
        prop_assert_eq!(when::is_when_or_empty(&text), text.is_empty() || text.parse::<Due>().is_ok());
        drop((when::time_of(&text), when::say(&text, "UTC"), when::from_line(&text, "UTC")));
        // A line that was made of a date and a time leads back to it.
        let due = when::from_line(&format!("{day} {time}"), "Asia/Tokyo");
        if when::is_when_or_empty(&due) && !due.is_empty() && when::is_when_or_empty(&day) {
            prop_assert_eq!(when::from_line(&when::to_line(&due), "Asia/Tokyo"), due);
        }
    }
}
