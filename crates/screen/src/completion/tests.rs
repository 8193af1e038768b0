use super::*;
use tsugi_words::phrases::Language;
use uuid::Uuid;

fn id(n: u128) -> EntityId {
    EntityId(Uuid::from_u128(n))
}

fn named(n: u128, name: &str) -> Named {
    Named {
        id: id(n),
        name: name.to_owned(),
        colour: None,
    }
}

fn content() -> Sidebar {
    let mut content = Sidebar {
        folders: vec![
            (None, vec![named(1, "Groceries"), named(2, "Move to Nagano")]),
            (Some(named(9, "Family")), vec![named(3, "Home"), named(4, "家")]),
        ],
        labels: vec![named(5, "garden"), named(6, "Crème")],
        ..Sidebar::default()
    };
    content
        .sections
        .insert(id(3), vec![named(7, "Kitchen"), named(8, "Garage")]);
    content
}

fn names(line: &str, list: Option<EntityId>) -> Vec<String> {
    let found = complete(line, &content(), list);
    let names = |found: Completion| found.choices.into_iter().map(|choice| choice.name).collect();
    found.map_or_else(Vec::new, names)
}

/// The line after Enter, or nothing if Enter adds the task.
fn entered(line: &str, list: Option<EntityId>) -> Option<String> {
    let found = complete(line, &content(), list).filter(|found| found.takes_first)?;
    Some(found.put(line, &found.choices[0]))
}

#[test]
fn a_name_that_begins_like_the_word_is_taken_by_enter() {
    assert_eq!(entered("pay #gro", None).as_deref(), Some("pay #Groceries "));
    assert_eq!(entered("pay +gro", None).as_deref(), Some("pay #Groceries "));
    assert_eq!(
        entered("pay #mov", None).as_deref(),
        Some("pay #\"Move to Nagano\" ")
    );
    assert_eq!(
        entered("pay #\"move t", None).as_deref(),
        Some("pay #\"Move to Nagano\" ")
    );
    assert_eq!(entered("buy @creme", None), None, "that is a whole name");
    assert_eq!(entered("buy @cre", None).as_deref(), Some("buy @Crème "));
    assert_eq!(
        entered("sweep /kit", Some(id(3))).as_deref(),
        Some("sweep /Kitchen ")
    );
    assert_eq!(
        entered("sweep #home/kit", Some(id(3))).as_deref(),
        Some("sweep #home/Kitchen ")
    );
    assert_eq!(entered("牛乳#家", None), None, "that is a whole name");
    assert_eq!(entered("a #sho", None), None);
}

#[test]
fn a_whole_name_or_a_likeness_is_not_taken_by_enter() {
    for line in [
        "pay #Groceries",
        "pay #groceries",
        "pay #",
        "pay #eries",
        "pay #Rent",
        "p",
        "buy p",
        "#12",
    ] {
        assert_eq!(entered(line, None), None, "{line}");
    }
}

#[test]
fn what_exists_comes_before_what_would_be_new() {
    assert_eq!(names("pay #gro", None), ["Groceries", "gro (new)"]);
    assert_eq!(names("a #o", None).last().map(String::as_str), Some("o (new)"));
    assert_eq!(
        names("pay #", None),
        ["Groceries", "Move to Nagano", "Home", "家"]
    );
    assert_eq!(names("a /", None), Vec::<String>::new(), "no list, no sections");
    assert_eq!(names("a /", Some(id(3))), ["Kitchen", "Garage"]);
}

#[test]
fn words_without_a_sign_of_their_own_are_left_alone() {
    for line in [
        "stop",
        "mail@gar",
        "1/2",
        "/etc/ho",
        "C#gro",
        "map",
        "pay #gro now",
        "a #\"home\" b",
        "",
    ] {
        assert_eq!(names(line, Some(id(3))), Vec::<String>::new(), "{line}");
    }
    assert_eq!(names("buy p", None).len(), 4);
    assert_eq!(names("牛乳#", None).len(), 4);
}

#[test]
fn a_button_offers_everything_and_puts_a_space_before_it() {
    let all = offer_all(Kind::Label, "buy", &content(), None).expect("labels");
    assert!(!all.takes_first);
    assert_eq!(all.put("buy", &all.choices[0]), "buy @garden ");
    let all = offer_all(Kind::Label, "牛乳", &content(), None).expect("labels");
    assert_eq!(all.put("牛乳", &all.choices[0]), "牛乳 @garden ");
    assert!(offer_all(Kind::Section, "buy", &content(), None).is_none());
}

#[test]
fn what_the_buttons_offer_is_understood_in_every_language() {
    let context = tsugi_quick_add::Context {
        today: "2026-11-25".parse().expect("a day"),
        now: tsugi_calendar::Time::new(10, 0).expect("a time"),
        week_starts: tsugi_calendar::Weekday::Monday,
        date_order: tsugi_quick_add::DateOrder::DayFirst,
    };
    for language in Language::ALL {
        phrases::speak(language);
        for kind in [Kind::Day, Kind::Repeat] {
            let all = offer_all(kind, "Water", &content(), None).expect("words");
            for choice in &all.choices {
                let line = all.put("Water", choice);
                let parsed = tsugi_quick_add::parse(line.trim(), &context);
                assert_eq!(parsed.title, "Water", "{line}");
                assert!(parsed.due.is_some(), "{line}");
                assert_eq!(parsed.recurrence.is_some(), kind == Kind::Repeat, "{line}");
            }
        }
    }
}

#[test]
fn what_is_put_in_is_read_as_the_name_that_was_offered() {
    let strange = [
        "two words",
        "a/b",
        "2026",
        "12",
        "tomorrow",
        "p1",
        "Friday 15:00",
        "C#",
        "mail@home",
        "say \"hi\"",
        "“quoted”",
        "end.",
        "(x)",
        "家 の こと",
        "買い物",
        "#sign",
        "every day",
        "-",
        "a  b",
        "ü",
        "🏠",
        "don't",
        "x,y",
    ];
    let mut offered = 0;
    for name in strange {
        let list = named(10, name);
        let mut content = Sidebar {
            folders: vec![(None, vec![list.clone()])],
            labels: vec![list.clone()],
            ..Sidebar::default()
        };
        content.sections.insert(id(10), vec![list]);
        for kind in [Kind::List, Kind::Label, Kind::Section] {
            let Some(all) = offer_all(kind, "Water", &content, Some(id(10))) else {
                continue;
            };
            offered += 1;
            let line = all.put("Water", &all.choices[0]);
            let parsed = parse(line.trim(), &any_context().expect("a context"));
            let read = match kind {
                Kind::List => parsed.list,
                Kind::Section => parsed.section,
                Kind::Label | Kind::Priority | Kind::Day | Kind::Repeat => parsed.labels.into_iter().next(),
            };
            assert_eq!(read.as_deref(), Some(name), "{line}");
            assert_eq!(parsed.title, "Water", "{line}");
        }
    }
    assert!(
        offered > 45,
        "{offered} of {} names can be spelled",
        strange.len() * 3
    );
}

#[test]
fn of_two_lists_with_one_name_that_one_is_offered_which_the_line_means() {
    let content = Sidebar {
        folders: vec![
            (Some(named(8, "Studio")), vec![named(20, "home")]),
            (Some(named(9, "Family")), vec![named(3, "Home")]),
        ],
        ..Sidebar::default()
    };
    let all = offer_all(Kind::List, "", &content, None).expect("lists");
    let within: Vec<_> = all
        .choices
        .iter()
        .map(|choice| choice.within.as_deref())
        .collect();
    assert_eq!(within, [Some("Family")]);
}
