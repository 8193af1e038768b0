//! The words of the English grammar.

use tsugi_calendar::Weekday;

use crate::candidate::Unit;

/// A weekday, and whether its short form is also an everyday word.
pub(crate) fn weekday(word: &str) -> Option<(Weekday, bool)> {
    Some(match word {
        "mon" => (Weekday::Monday, true),
        "monday" => (Weekday::Monday, false),
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

/// `mondays`: every Monday.
pub(crate) fn plural_weekday(word: &str) -> Option<Weekday> {
    word.strip_suffix("days")?;
    let singular = word.strip_suffix('s')?;
    weekday(singular).map(|(weekday, _)| weekday)
}

/// A month, and whether its name is also an everyday word.
pub(crate) fn month(word: &str) -> Option<(u32, bool)> {
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
pub(crate) fn number(word: &str) -> Option<u32> {
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

/// A place in a month, in words; −1 is the last.
pub(crate) fn ordinal(word: &str) -> Option<i8> {
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

pub(crate) fn unit(word: &str) -> Option<Unit> {
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

/// Words after which a short form is the everyday word: `in the sun`.
pub(crate) fn wants_noun(word: &str) -> bool {
    [
        "the", "a", "an", "my", "your", "our", "his", "her", "their", "of", "to", "from", "cat", "i", "we",
        "they", "he", "she", "you",
    ]
    .contains(&word)
}

/// Words after which `tom` is a person.
pub(crate) fn wants_person(word: &str) -> bool {
    [
        "call", "email", "mail", "ask", "tell", "meet", "text", "ping", "see", "pay", "remind", "thank",
        "help", "invite", "visit", "message", "phone", "with", "to", "for", "from", "and", "uncle", "by",
        "hi", "on", "cat", "peeping", "the",
    ]
    .contains(&word)
}

/// Words after which `11/12` is a part, a score or a size.
pub(crate) fn wants_ratio(word: &str) -> bool {
    [
        "part", "step", "page", "pages", "pg", "chapter", "score", "scored", "rate", "rated", "rating",
        "size", "ratio", "lesson", "episode", "ep", "season", "level", "round", "volume", "vol", "issue",
        "unit", "figure", "fig", "item", "version", "number", "no", "odds", "room", "apt", "suite", "flat",
        "lot", "house", "bus", "route", "gate", "track", "about", "around", "only", "done", "got", "won",
        "lost", "beat", "aspect", "scale", "john", "matthew", "luke", "psalm", "romans", "genesis", "exodus",
        "isaiah", "acts", "slide", "question", "task", "day", "week", "nearly", "cut", "use", "add",
    ]
    .contains(&word)
}

/// Words for things that a fraction at the beginning of a line may count: `5/6 tasks`.
pub(crate) fn is_counted(word: &str) -> bool {
    [
        "of",
        "in",
        "inch",
        "inches",
        "cup",
        "cups",
        "tsp",
        "tbsp",
        "teaspoon",
        "teaspoons",
        "tablespoon",
        "tablespoons",
        "lb",
        "lbs",
        "oz",
        "pound",
        "pint",
        "mile",
        "miles",
        "task",
        "tasks",
        "page",
        "pages",
        "item",
        "items",
        "points",
        "stars",
        "star",
        "people",
        "players",
        "done",
        "complete",
        "completed",
        "finished",
        "chapters",
        "steps",
        "socket",
        "bolt",
        "bolts",
        "wrench",
        "drill",
        "bit",
        "screw",
        "screws",
        "store",
        "memorial",
        "majority",
        "time",
        "split",
    ]
    .contains(&word)
}

/// Names of people, after which a month and a number may be anything: `ask April 3 questions`.
pub(crate) fn is_given(word: &str) -> bool {
    [
        "ask", "give", "tell", "owe", "pay", "send", "show", "buy", "get", "lend", "bring", "teach", "hand",
    ]
    .contains(&word)
}
