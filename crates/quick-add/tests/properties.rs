//! What holds for every text whatever, understood or not.

use proptest::prelude::*;
use tsugi_calendar::rule::End;
use tsugi_calendar::{Date, Time, Weekday};
use tsugi_quick_add::{Chip, Context, DateOrder, Dropped, Parsed, TEXT_CHARS, parse, parse_without};

/// Words that mean something to a grammar, and some that only look like it.
const WORDS: &[&str] = &[
    "every",
    "every!",
    "each",
    "day",
    "other",
    "second",
    "2nd",
    "last",
    "mon",
    "sun",
    "sat",
    "friday",
    "and",
    "next",
    "this",
    "week",
    "month",
    "on",
    "at",
    "by",
    "due",
    "in",
    "3",
    "15th",
    "31st",
    "days",
    "nov",
    "may",
    "27",
    "2027",
    "11/27",
    "1/2",
    "2026-11-27",
    "5pm",
    "17:30",
    "noon",
    "tonight",
    "tomorrow",
    "tom",
    "morning",
    "starting",
    "until",
    "for",
    "5",
    "times",
    "after",
    "done",
    "p1",
    "!!2",
    "#home",
    "/part",
    "@label",
    "+list",
    "#\"two words\"",
    "\"",
    "“",
    "”",
    "\\",
    "\\p1",
    "(",
    ")",
    ",",
    ":",
    "-",
    "the",
    "of",
    "a",
    "from",
    "to",
    "daily",
    "milk",
    "今日",
    "明日",
    "明後日",
    "来週",
    "火曜",
    "月曜日",
    "月",
    "日",
    "毎",
    "毎日",
    "毎週",
    "隔週",
    "毎月",
    "第",
    "2",
    "末",
    "１１",
    "二十七",
    "十",
    "年",
    "月末",
    "後",
    "ごと",
    "おき",
    "完了後",
    "午後",
    "午前",
    "時",
    "半",
    "分",
    "15時30分",
    "間",
    "まで",
    "から",
    "に",
    "の",
    "は",
    "と",
    "、",
    "。",
    "「",
    "」",
    "（",
    "）",
    "(金)",
    "＃家族",
    "優先度",
    "重要",
    "5回",
    "全",
    "〜",
    "・",
    "平日",
    "週末",
    "夜",
    "朝",
    "歯医者",
    "\u{0}",
    "\u{FFFF}",
    "🎉",
    "e\u{301}",
    "\u{3000}",
    "\t",
    "\n",
];

fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS);
    let space = prop::sample::select(&["", "", " ", "　"][..]);
    let words = prop::collection::vec((word, space), 0..24).prop_map(|words| {
        words
            .into_iter()
            .flat_map(|(word, space)| [word, space])
            .collect()
    });
    prop_oneof![8 => words, 1 => any::<String>(), 1 => "[ -~]{0,60}"]
}

fn context() -> impl Strategy<Value = Context> {
    let date = (1_u16..=9999, 1_u8..=12, 1_u8..=31);
    let date = date.prop_filter_map("not a day", |(year, month, day)| Date::new(year, month, day));
    let near =
        (2024_u16..2030, 1_u8..=12, 1_u8..=28).prop_filter_map("not a day", |(y, m, d)| Date::new(y, m, d));
    let now = (0_u8..24, 0_u8..60).prop_filter_map("not a time", |(hour, minute)| Time::new(hour, minute));
    let order = prop_oneof![Just(DateOrder::MonthFirst), Just(DateOrder::DayFirst)];
    let first = prop::sample::select(&Weekday::ALL[..]);
    (prop_oneof![date, near], now, first, order).prop_map(|(today, now, week_starts, date_order)| Context {
        today,
        now,
        week_starts,
        date_order,
    })
}

fn visible(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The characters of title and chips, in the order of the text.
fn put_together(text: &str, parsed: &Parsed) -> Vec<char> {
    let mut title = visible(&parsed.title).into_iter();
    let mut all = Vec::new();
    let mut at = 0;
    for chip in &parsed.chips {
        all.extend(title.by_ref().take(visible(&text[at..chip.range.start]).len()));
        all.extend(visible(&text[chip.range.clone()]));
        at = chip.range.end;
    }
    all.extend(title);
    all
}

fn drops(text: &str, chips: &[Chip]) -> Vec<Dropped> {
    chips.iter().map(|chip| chip.dropped(text)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_that_was_typed_is_lost(text in text(), context in context()) {
        let parsed = parse(&text, &context);
        let mut end = 0;
        for chip in &parsed.chips {
            prop_assert!(end <= chip.range.start && chip.range.start < chip.range.end);
            prop_assert!(text.get(chip.range.clone()).is_some(), "off a boundary: {chip:?}");
            end = chip.range.end;
        }
        prop_assert_eq!(put_together(&text, &parsed), visible(&text));
        if parsed.chips.is_empty() {
            prop_assert_eq!(parsed.title.as_str(), text.trim());
        }
        prop_assert_eq!(parsed.title.trim(), parsed.title.as_str());
    }

    #[test]
    fn dropping_every_chip_gives_the_text_back(text in text(), context in context()) {
        let mut dropped = Vec::new();
        let mut parsed = parse(&text, &context);
        while !parsed.chips.is_empty() {
            let more = drops(&text, &parsed.chips);
            for drop in &more {
                prop_assert!(!dropped.contains(drop), "{:?} came again", drop);
            }
            dropped.extend(more);
            parsed = parse_without(&text, &context, &dropped);
        }
        prop_assert_eq!(parsed.title.as_str(), text.trim());
    }

    #[test]
    fn what_is_said_agrees_with_itself(text in text(), context in context()) {
        let parsed = parse(&text, &context);
        if let Some(rule) = &parsed.recurrence {
            let due = parsed.due.expect("a task that comes again is due");
            prop_assert!(rule.interval > 0);
            prop_assert!(due.date >= context.today);
            if let End::Until(last) = rule.end {
                prop_assert!(last >= due.date);
            }
        }
        if let Some(start) = parsed.start {
            prop_assert!(start >= context.today);
        }
        if let Some(due) = parsed.due {
            prop_assert!(due.date >= context.today);
        }
        // Reading is a function of its arguments.
        prop_assert_eq!(&parsed, &parse(&text, &context));
    }

    #[test]
    fn a_word_that_means_nothing_changes_nothing_else(context in context(), at in 0_usize..2) {
        let texts = ["zebra tomorrow 5pm p1 #home", "tomorrow 5pm zebra p1 #home"];
        let parsed = parse(texts[at], &context);
        prop_assert_eq!(parsed.title.as_str(), if context.today.plus(1).is_some() { "zebra" } else { parsed.title.as_str() });
        prop_assert_eq!(parsed.list.as_deref(), Some("home"));
    }
}

/// The worst texts there are for this grammar, at the limit: as many looks ahead as possible at every place.
#[test]
fn the_longest_text_is_read_and_a_longer_one_is_all_title() {
    let context = Context {
        today: Date::new(2026, 11, 25).unwrap(),
        now: Time::new(10, 0).unwrap(),
        week_starts: Weekday::Monday,
        date_order: DateOrder::MonthFirst,
    };
    for word in [
        "平日",
        "5日",
        "毎",
        "毎週月",
        "第2",
        "1と",
        "一",
        "every ",
        "at 5 ",
        "sun ",
        "may 3 ",
        "\"",
        "「",
        "\\",
        "a@",
        "1/2 ",
    ] {
        let fits: String = word
            .chars()
            .cycle()
            .take(TEXT_CHARS - 9)
            .chain(" tomorrow".chars())
            .collect();
        let parsed = parse(&fits, &context);
        assert_eq!(put_together(&fits, &parsed), visible(&fits), "{word}");
        let longer = format!("{fits}!");
        let parsed = parse(&longer, &context);
        assert_eq!(
            (parsed.title.as_str(), parsed.chips.len()),
            (longer.trim(), 0),
            "{word}"
        );
    }
}
