//! Completion in a line of quick add: the names that the word at the caret can become. Plain functions.
//!
//! Example: the line is `pay rent #gro`, and there is a list "Groceries". It is offered, and after Enter the line is
//! `pay rent #Groceries `. A list of that name that does not exist yet is offered last, so that nobody makes a second
//! "Groceries" by a slip.

use std::cmp::Reverse;

use tsugi_calendar::{Date, Time, Weekday};
use tsugi_quick_add::{Context, DateOrder, parse};
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
        Kind::List => lists(content),
        Kind::Section => list
            .map_or(&[][..], |list| content.sections_of(list))
            .iter()
            .map(named)
            .collect(),
        Kind::Label => content.labels.iter().map(named).collect(),
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
        .filter_map(|(.., choice)| spelled(kind, choice))
        .take(SHOWN)
        .collect();
    if choices.is_empty() {
        return None;
    }
    if matches!(kind, Kind::List | Kind::Label | Kind::Section) && !typed.is_empty() {
        choices.extend(spelled(kind, new(typed)));
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

/// The lists by which a line can name one. Of lists with one name, only the oldest, because a line with that name means
/// that one.
fn lists(content: &Sidebar) -> Vec<Choice> {
    let is_meant = |list: &&Named| {
        let mut same = content
            .lists()
            .filter(|other| fold(&other.name) == fold(&list.name));
        same.all(|other| list.id <= other.id)
    };
    let folders = content.folders.iter();
    let listed = folders.flat_map(|(folder, lists)| lists.iter().map(move |list| (folder, list)));
    listed
        .filter(|(_, list)| is_meant(list))
        .map(|(folder, list)| Choice {
            within: folder.as_ref().map(|folder| folder.name.clone()),
            ..named(list)
        })
        .collect()
}

fn named(named: &Named) -> Choice {
    Choice {
        name: named.name.clone(),
        within: None,
        colour: named.colour,
        text: named.name.clone(),
    }
}

fn new(typed: &str) -> Choice {
    Choice {
        name: phrases::new_name(typed),
        within: None,
        colour: None,
        text: typed.to_owned(),
    }
}

/// A choice with its name as a line of quick add has to spell it: with its sign, and in quotation marks if the name needs
/// them. None if no spelling is read as this name.
fn spelled(kind: Kind, choice: Choice) -> Option<Choice> {
    let sign = match kind {
        Kind::List => '#',
        Kind::Label => '@',
        Kind::Section => '/',
        Kind::Priority | Kind::Day | Kind::Repeat => return Some(choice),
    };
    let name = &choice.text;
    let ways = [
        format!("{sign}{name}"),
        format!("{sign}\"{name}\""),
        format!("{sign}“{name}”"),
    ];
    let is_read = |text: &String| {
        let Some(context) = any_context() else {
            return false;
        };
        // Words after it must not become a part of the name.
        let parsed = parse(&["Water ", text, " well"].concat(), &context);
        let read = match kind {
            Kind::List => parsed.list.as_ref(),
            Kind::Section => parsed.section.as_ref(),
            Kind::Label => parsed.labels.first(),
            Kind::Priority | Kind::Day | Kind::Repeat => None,
        };
        read == Some(name) && parsed.title == "Water well"
    };
    let text = ways.into_iter().find(is_read)?;
    Some(Choice { text, ..choice })
}

/// A context for reading names, which mean the same on every day.
fn any_context() -> Option<Context> {
    Some(Context {
        today: Date::new(2026, 1, 1)?,
        now: Time::new(0, 0)?,
        week_starts: Weekday::Monday,
        date_order: DateOrder::DayFirst,
    })
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
mod tests;
