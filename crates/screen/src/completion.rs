//! Completion in a line of quick add: the names that the word at the caret can become. Plain functions.
//!
//! Example: the line is `pay rent #gro`, and there is a list "Groceries". It is offered, and after Enter the line is
//! `pay rent #Groceries `. A list of that name that does not exist yet is offered last, so that nobody makes a second
//! "Groceries" by a slip.

use std::cmp::Reverse;

use tsugi_sync::ids::EntityId;
use tsugi_words::fold::fold;
use tsugi_words::phrases;

use crate::model::{Named, Sidebar};
use crate::shortcuts::fitness;
use crate::text::priority_name;

/// The largest number of names that are offered at once.
const SHOWN: usize = 7;

/// What a word is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    List,
    Section,
    Label,
    Priority,
    Day,
    Repeat,
}

/// What can be put in the place of the word at the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    pub kind: Kind,
    /// The byte of the line at which the word begins. It ends at the caret.
    pub start: usize,
    pub choices: Vec<Choice>,
    /// Whether Enter takes the first choice, if the person has not gone to another. It does not if the word is a whole name
    /// already, or only resembles one: then Enter adds the task.
    pub takes_first: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub name: String,
    /// The folder of a list, because two lists may have one name.
    pub within: Option<String>,
    pub colour: Option<&'static str>,
    /// The text that is put into the line.
    pub text: String,
}

impl Completion {
    /// The line before the caret with a choice put in.
    #[must_use]
    pub fn put(&self, before: &str, choice: &Choice) -> String {
        let kept = before.get(..self.start).unwrap_or(before);
        [kept, &choice.text, " "].concat()
    }
}

/// The completion of the line up to the caret. `list` is the list that the task will be in, whose sections are offered.
/// None if the word at the caret is not the beginning of a name.
#[must_use]
pub fn complete(before: &str, content: &Sidebar, list: Option<EntityId>) -> Option<Completion> {
    let (start, kind, typed) = word(before)?;
    offer(kind, start, typed, content, list)
}

/// Everything that one of the buttons offers, for who does not know the signs.
#[must_use]
pub fn offer_all(kind: Kind, before: &str, content: &Sidebar, list: Option<EntityId>) -> Option<Completion> {
    let mut all = offer(kind, before.len(), "", content, list)?;
    if before.ends_with(|letter: char| !letter.is_whitespace()) {
        for choice in &mut all.choices {
            choice.text.insert(0, ' ');
        }
    }
    Some(all)
}

fn offer(
    kind: Kind,
    start: usize,
    typed: &str,
    content: &Sidebar,
    list: Option<EntityId>,
) -> Option<Completion> {
    let names: Vec<Choice> = match kind {
        Kind::List => content
            .folders
            .iter()
            .flat_map(|(folder, lists)| lists.iter().map(move |list| (folder, list)))
            .map(|(folder, list)| Choice {
                within: folder.as_ref().map(|folder| folder.name.clone()),
                ..named('#', list)
            })
            .collect(),
        Kind::Section => list
            .map_or(&[][..], |list| content.sections_of(list))
            .iter()
            .map(|section| named('/', section))
            .collect(),
        Kind::Label => content.labels.iter().map(|label| named('@', label)).collect(),
        Kind::Priority => ["1", "2", "3", "4"].map(priority).to_vec(),
        Kind::Day => words(phrases::quick_days()),
        Kind::Repeat => words(phrases::quick_repeats()),
    };
    let wanted = fold(typed);
    let is_whole = names.iter().any(|choice| fold(&choice.name) == wanted);
    if is_whole && !typed.is_empty() {
        return None;
    }
    let mut fitting: Vec<(bool, u32, Choice)> = names
        .into_iter()
        .filter_map(|choice| {
            let begins = fold(&choice.name).starts_with(&wanted);
            let fits = fitness(typed, &choice.name)?;
            Some((begins, fits, choice))
        })
        .collect();
    if !typed.is_empty() {
        fitting.sort_by_key(|(begins, fits, _)| Reverse((*begins, *fits)));
    }
    let takes_first = !typed.is_empty() && fitting.first().is_some_and(|(begins, ..)| *begins);
    let mut choices: Vec<Choice> = fitting
        .into_iter()
        .map(|(.., choice)| choice)
        .take(SHOWN)
        .collect();
    if choices.is_empty() {
        return None;
    }
    let sign = match kind {
        Kind::List => Some('#'),
        Kind::Label => Some('@'),
        Kind::Section => Some('/'),
        Kind::Priority | Kind::Day | Kind::Repeat => None,
    };
    if let Some(sign) = sign.filter(|_| !typed.is_empty()) {
        choices.push(Choice {
            name: phrases::new_name(typed),
            within: None,
            colour: None,
            text: spelled(sign, typed),
        });
    }
    Some(Completion {
        kind,
        start,
        choices,
        takes_first,
    })
}

/// The name that the caret is in: where its sign is, what it names, and the letters so far.
fn word(before: &str) -> Option<(usize, Kind, &str)> {
    let last = before.rsplit(char::is_whitespace).next()?;
    if matches!(last, "p" | "ｐ") {
        return Some((before.len() - last.len(), Kind::Priority, ""));
    }
    before.char_indices().rev().find_map(|(start, letter)| {
        let kind = match letter {
            '#' | '＃' | '+' | '＋' => Kind::List,
            '@' | '＠' => Kind::Label,
            '/' | '／' => Kind::Section,
            _ => return None,
        };
        let (ahead, typed) = (&before[..start], &before[start + letter.len_utf8()..]);
        let typed = match typed.strip_prefix(['"', '“']) {
            Some(quoted) if quoted.contains(['"', '”']) => return None,
            Some(quoted) => quoted,
            None if typed.contains(char::is_whitespace) => return None,
            None => typed,
        };
        let is_number = !typed.is_empty() && typed.chars().all(|letter| letter.is_ascii_digit());
        let previous = ahead.chars().last();
        let belongs = match (kind, previous) {
            (_, None) => true,
            (_, Some(previous)) if previous.is_whitespace() => true,
            (Kind::List, Some(previous)) => is_wide(previous) && matches!(letter, '#' | '＃'),
            (Kind::Section, Some(_)) => ahead.rsplit(char::is_whitespace).next()?.contains(['#', '＃']),
            _ => false,
        };
        (belongs && !is_number).then_some((start, kind, typed))
    })
}

/// Kana, kanji and full-width signs, between which no space is written.
fn is_wide(letter: char) -> bool {
    matches!(letter as u32, 0x3000..=0x30FF | 0x3400..=0x9FFF | 0xFF00..=0xFFEF)
}

fn named(sign: char, named: &Named) -> Choice {
    Choice {
        name: named.name.clone(),
        within: None,
        colour: named.colour,
        text: spelled(sign, &named.name),
    }
}

fn spelled(sign: char, name: &str) -> String {
    match name.contains(|letter: char| letter.is_whitespace() || letter == '/') {
        true => format!("{sign}\"{name}\""),
        false => format!("{sign}{name}"),
    }
}

fn priority(rank: &str) -> Choice {
    Choice {
        name: priority_name(rank),
        within: None,
        colour: None,
        text: ["p", rank].concat(),
    }
}

/// Phrases that quick add understands, in the person's language.
fn words(phrases: &str) -> Vec<Choice> {
    let choice = |words: &str| Choice {
        name: words.to_owned(),
        within: None,
        colour: None,
        text: words.to_owned(),
    };
    phrases.split(',').map(str::trim).map(choice).collect()
}

#[cfg(test)]
mod tests {
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
}
