//! Joints: words and signs beside a phrase that join it to more, such as `of`, `or`, `-`, か, から. Half a phrase
//! gives a wrong date without a warning. So joined words are read as a whole, or stay in the title.
//!
//! There is one rule for all phrases and both sides: it looks at the words next to a phrase, beyond spaces, commas
//! and brackets. If a phrase needs a joint, it has read the joint itself (`on the 5th of next month`). A joint that
//! is still beside the phrase was not read.

mod english;
mod japanese;

use tsugi_calendar::rule::Every;

use crate::candidate::Sense;
use crate::line::{EDGE, is_blank, is_japanese, is_one_of};
use crate::reader::Reader;

/// Signs that join on either side.
const SIGNS: &str = "-–—~〜～&+/…→<>=・×*";

/// Whether a joint ends right before this place, where a phrase of this sense begins.
pub(crate) fn before(start: Reader<'_>, sense: &Sense) -> bool {
    let mut c = start;
    let mut behind_comma = false;
    loop {
        let char = c.before();
        match char {
            EDGE => return false,
            ',' | '、' => behind_comma = true,
            '(' | ')' | '[' | ']' | '【' | '】' => {}
            _ if is_blank(char) => {}
            _ => break,
        }
        c.at -= 1;
    }
    let char = c.before();
    if is_one_of(char, SIGNS) {
        return true;
    }
    if char == '.' {
        let mut dots = c;
        dots.at -= 1;
        return dots.before() == '.';
    }
    if char.is_ascii_lowercase() {
        return english::ends_before(c, start, sense);
    }
    if char.is_ascii_digit() {
        return behind_comma && digits_stand_alone(c);
    }
    if is_japanese(char) {
        return japanese::ends_before(c, start.at == c.at);
    }
    false
}

/// Whether a joint begins right here, where a phrase of this sense ends.
pub(crate) fn after(end: Reader<'_>, sense: &Sense) -> bool {
    let mut c = end;
    loop {
        let char = c.peek();
        match char {
            EDGE => return false,
            ',' | '、' | '(' | ')' | '[' | ']' | '【' | '】' => {}
            _ if is_blank(char) => {}
            _ => break,
        }
        c.at += 1;
    }
    let char = c.peek();
    if is_one_of(char, SIGNS) && !is_name(c) {
        return true;
    }
    if char == '.' {
        return c.ahead(1) == '.' && !c.at_end();
    }
    if char.is_ascii_lowercase() {
        return english::begins_after(c, sense);
    }
    if char.is_ascii_digit() {
        return number_joins(c, sense) || japanese::narrows(c, end.at == c.at, sense);
    }
    // `nov 30 '26`
    if char == '\'' && c.ahead(1).is_ascii_digit() {
        return true;
    }
    if is_japanese(char) {
        return japanese::begins_after(c, end.at == c.at, sense);
    }
    false
}

/// `+list`, `/section`, `#list`: a sign with its name is not a joint.
fn is_name(c: Reader<'_>) -> bool {
    matches!(c.peek(), '+' | '/') && is_blank(c.before()) && !is_blank(c.ahead(1)) && c.ahead(1) != EDGE
}

/// `nov 27, 28`, `monday 5`, `every month 5th`: a number with nothing after it belongs to the day before it.
fn number_joins(mut c: Reader<'_>, sense: &Sense) -> bool {
    if matches!(sense, Sense::Count(_)) {
        return false;
    }
    let start = c.at;
    let Some(number) = c.number(4) else { return false };
    if c.eat_any(&["st", "nd", "rd", "th"]).is_some() {
        return c.ends_word();
    }
    let has_four = c.at - start == 4;
    let is_time = matches!(sense, Sense::Time(_));
    let fits = number <= 31 || (has_four && !is_time);
    // `monday 9.30`, `monday 9h`
    let clock = c.attempt(|c| c.eat(".").then(|| c.number(2)).flatten()).is_some() || c.eat("h");
    let mut next = c;
    // No rule can say `every week 4 times`; `every day 4 times` can be a title.
    let is_daily = matches!(sense, Sense::Repeat(rule, _) if rule.every == Every::Day);
    if matches!(sense, Sense::Repeat(..)) && !is_daily && next.eat_next_word(&["times", "x"]) {
        return true;
    }
    let mut next = c;
    next.gap();
    let listed = next.peek() == ',' || is_one_of(next.peek(), SIGNS) || english::joins(next.word().text());
    let ends = c.ends_word() && c.at_end();
    fits && (ends || listed && !clock)
}

fn digits_stand_alone(mut c: Reader<'_>) -> bool {
    let end = c.at;
    while c.before().is_ascii_digit() {
        c.at -= 1;
    }
    end - c.at <= 2 && (is_blank(c.before()) || matches!(c.before(), EDGE | ','))
}
