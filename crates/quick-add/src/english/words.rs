//! The words of the English grammar.

use crate::date::Weekday;

/// A weekday, and whether its short form is also an everyday word.
pub(super) fn weekday(word: &str) -> Option<(Weekday, bool)> {
    Some(match word {
        "mon" | "monday" => (Weekday::Monday, false),
        "tue" | "tues" | "tuesday" => (Weekday::Tuesday, false),
        "wed" => (Weekday::Wednesday, true),
        "weds" | "wednesday" => (Weekday::Wednesday, false),
        "thu" | "thur" | "thurs" | "thursday" => (Weekday::Thursday, false),
        "fri" | "friday" => (Weekday::Friday, false),
        "sat" => (Weekday::Saturday, true),
        "saturday" => (Weekday::Saturday, false),
        "sun" => (Weekday::Sunday, true),
        "sunday" => (Weekday::Sunday, false),
        _ => return None,
    })
}

/// A month, and whether its name is also an everyday word.
pub(super) fn month(word: &str) -> Option<(u32, bool)> {
    Some(match word {
        "jan" | "january" => (1, false),
        "feb" | "february" => (2, false),
        "mar" | "march" => (3, true),
        "apr" | "april" => (4, false),
        "may" => (5, true),
        "jun" | "june" => (6, false),
        "jul" | "july" => (7, false),
        "aug" | "august" => (8, false),
        "sep" | "sept" | "september" => (9, false),
        "oct" | "october" => (10, false),
        "nov" | "november" => (11, false),
        "dec" | "december" => (12, false),
        _ => return None,
    })
}

/// A number in words.
pub(super) fn number(word: &str) -> Option<u32> {
    Some(match word {
        "a" | "an" | "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        _ => return None,
    })
}

/// Which one of a month, in words; −1 is the last.
pub(super) fn ordinal(word: &str) -> Option<i8> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "last" => -1,
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "min" | "mins" | "minute" | "minutes" => Unit::Minutes,
        "hr" | "hrs" | "hour" | "hours" => Unit::Hours,
        "day" | "days" => Unit::Days,
        "week" | "weeks" => Unit::Weeks,
        "month" | "months" => Unit::Months,
        "year" | "years" => Unit::Years,
        _ => return None,
    })
}

/// Words after which a weekday is past, or part of a name.
pub(super) fn spoils_day(word: &str) -> bool {
    matches!(
        word,
        "last"
            | "past"
            | "previous"
            | "since"
            | "black"
            | "good"
            | "cyber"
            | "easter"
            | "palm"
            | "ash"
            | "casual"
            | "usa"
            | "not"
            | "super"
            | "except"
            | "before"
            | "after"
            | "between"
            | "but"
            | "from"
            | "start"
    )
}

/// Words after which a short form is the everyday word: `in the sun`.
pub(super) fn wants_noun(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "a"
            | "an"
            | "my"
            | "your"
            | "our"
            | "his"
            | "her"
            | "their"
            | "of"
            | "to"
            | "from"
            | "cat"
            | "i"
            | "we"
            | "they"
            | "he"
            | "she"
            | "you"
    )
}

/// Words after which `tom` is a person.
pub(super) fn wants_person(word: &str) -> bool {
    matches!(
        word,
        "call"
            | "email"
            | "mail"
            | "ask"
            | "tell"
            | "meet"
            | "text"
            | "ping"
            | "see"
            | "pay"
            | "remind"
            | "thank"
            | "help"
            | "invite"
            | "visit"
            | "message"
            | "phone"
            | "with"
            | "to"
            | "for"
            | "from"
            | "and"
            | "uncle"
            | "by"
            | "hi"
            | "on"
            | "cat"
            | "peeping"
            | "the"
    )
}
