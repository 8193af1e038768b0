//! English words that join a phrase to the words before or after it.

use crate::candidate::{Sense, Unit};
use crate::line::{EDGE, is_blank};
use crate::reader::Reader;
use crate::words::english;

/// Whether the word that ends here joins the words before it to the phrase that begins at `start`.
pub(super) fn ends_before(c: Reader<'_>, start: Reader<'_>, sense: &Sense) -> bool {
    let word = c.word_before();
    let text = word.text();
    let mut back = c;
    back.at -= text.len();
    // `2nd` belongs to the weekday after it. A possessive belongs to any word after it.
    let apostrophe = matches!(back.before(), '\'' | '’');
    if back.before().is_ascii_digit() && matches!(text, "st" | "nd" | "rd" | "th")
        || apostrophe && text == "s"
    {
        return true;
    }
    if text.is_empty() || !matches!(back.before(), EDGE | '(' | '[' | '"' | ',') && !is_blank(back.before()) {
        // A part of a word (`don't`) joins nothing.
        return false;
    }
    // `dec 5/6`
    if matches!(sense, Sense::Day(_)) && start.peek().is_ascii_digit() && english::month(text).is_some() {
        return true;
    }
    if joins(text) || leads(text) || is_article(text) || qualifies(text) || names_day(text) {
        return true;
    }
    if english::unit(text).is_some() {
        // `every 3 hours`, `a week`, but not `laundry day`; `20 minutes` says how long something takes.
        let before = back.word_before();
        let mut digits = back;
        digits.at -= digits.blanks_before();
        let counted = digits.before().is_ascii_digit() || english::number(before.text()).is_some();
        let long = matches!(
            english::unit(text),
            Some(Unit::Days | Unit::Weeks | Unit::Months | Unit::Years)
        );
        let again = matches!(before.text(), "every" | "each" | "per" | "a" | "an" | "other");
        return again || counted && long;
    }
    // `half past`, `quarter to` are above; `twice daily`, `3 times weekly`.
    matches!(sense, Sense::Repeat(..)) && matches!(text, "times" | "time" | "bi" | "semi")
}

/// Whether the word that begins here belongs to the phrase before it.
pub(super) fn begins_after(mut c: Reader<'_>, sense: &Sense) -> bool {
    let word = c.word();
    if !c.ends_word() {
        return false;
    }
    let text = word.text();
    if joins(text) || names_day(text) || english::unit(text).is_some() {
        return true;
    }
    match text {
        "the" | "time" | "ago" | "onward" | "onwards" | "earlier" | "later" | "mornings" | "afternoons"
        | "evenings" | "nights" | "morning" | "afternoon" | "evening" | "fortnight" | "am" | "pm" => true,
        "utc" | "gmt" | "est" | "edt" | "cst" | "cdt" | "mst" | "mdt" | "pst" | "pdt" | "et" | "pt"
        | "ct" | "cet" | "cest" | "bst" | "jst" | "ist" | "aest" => matches!(sense, Sense::Time(_)),
        "instead" | "rather" => true,
        "once" | "twice" | "thrice" => matches!(sense, Sense::Repeat(..)),
        "next" | "this" | "last" | "about" | "around" | "at" | "by" | "from" | "in" | "on" | "for" => {
            c.gap();
            let counts = c.peek().is_ascii_digit() && text != "for";
            let mut next = c;
            let the = next.eat_word(&["the"]);
            if the {
                next.gap();
            }
            let word = next.word();
            counts
                || names_day(word.text())
                || matches!(word.text(), "spring" | "summer" | "fall" | "autumn" | "winter")
                || the && text == "by"
                || (text == "for" && lasts(c, sense))
                || matches!(text, "next" | "this" | "last") && english::unit(word.text()).is_some()
        }
        _ => false,
    }
}

/// `for 2 weeks` after a rule is its end. Elsewhere it says how long something takes.
fn lasts(mut c: Reader<'_>, sense: &Sense) -> bool {
    if !matches!(sense, Sense::Repeat(..)) {
        return false;
    }
    let counted = c.number(4).is_some() || english::number(c.word().text()).is_some();
    c.gap();
    counted
        && matches!(
            english::unit(c.word().text()),
            Some(Unit::Days | Unit::Weeks | Unit::Months | Unit::Years)
        )
}

/// Words that join on either side.
pub(super) fn joins(word: &str) -> bool {
    [
        "of",
        "to",
        "or",
        "and",
        "nor",
        "but",
        "not",
        "besides",
        "apart",
        "except",
        "excluding",
        "unless",
        "without",
        "minus",
        "plus",
        "versus",
        "vs",
        "until",
        "till",
        "til",
        "through",
        "thru",
        "throughout",
        "during",
        "between",
        "within",
        "before",
        "after",
        "since",
        "than",
        "per",
        "every",
        "each",
        "biweekly",
        "bimonthly",
        "daily",
        "weekly",
        "fortnightly",
        "monthly",
        "quarterly",
        "yearly",
        "annually",
        "everyday",
    ]
    .contains(&word)
}

/// Prepositions that become a part of a phrase, if they can lead to such a phrase.
fn leads(word: &str) -> bool {
    [
        "on",
        "at",
        "in",
        "by",
        "due",
        "for",
        "from",
        "start",
        "starting",
        "starts",
        "beginning",
        "ending",
        "via",
        "till",
    ]
    .contains(&word)
}

fn is_article(word: &str) -> bool {
    [
        "the", "a", "an", "my", "our", "your", "his", "her", "their", "its", "any", "some", "both", "either",
        "neither", "no",
    ]
    .contains(&word)
}

/// Words that turn a day into another day, or into a name: `last friday`, `early next week`, `black friday`.
fn qualifies(word: &str) -> bool {
    [
        "last", "next", "this", "that", "these", "those", "past", "previous", "other", "about", "around",
        "almost", "nearly", "roughly", "early", "late", "else", "also", "instead", "later", "mid", "middle",
        "sometime", "half", "quarter", "once", "twice", "thrice", "black", "good", "cyber", "easter", "palm",
        "ash", "casual", "usa", "super", "bloody", "manic", "ruby", "fat", "giving", "taco", "freaky",
        "holy", "shrove", "pancake", "first", "second", "third", "fourth", "fifth",
    ]
    .contains(&word)
}

/// Words that mean a day in every place.
fn names_day(word: &str) -> bool {
    let weekday = english::weekday(word).is_some();
    let month = matches!(
        word,
        "january" | "february" | "july" | "september" | "october" | "november" | "december"
    );
    weekday
        || month
        || english::plural_weekday(word).is_some()
        || matches!(
            word,
            "today"
                | "tomorrow"
                | "yesterday"
                | "tonight"
                | "noon"
                | "midnight"
                | "weekday"
                | "weekdays"
                | "weekend"
                | "weekends"
        )
}
