//! Why words that can be a day may be something else, and what decides.

use super::words;
use crate::candidate::Sense;
use crate::context::Context;
use crate::line::is_japanese;
use crate::reader::{Reader, Word};
use crate::scan::ends_title;

/// Why a phrase may be something else than a day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    None,
    /// `sun`, `sat`, `wed`
    Weekday,
    /// `tom`
    Person,
    /// `may 3`, `march 3`
    Month,
    /// `1/2`
    Fraction,
}

/// Whether a doubtful phrase is a day where it stands.
pub(super) fn holds(
    doubt: Doubt,
    start: Reader<'_>,
    end: Reader<'_>,
    context: &Context,
    touching: Option<&Sense>,
) -> bool {
    let before = start.word_before();
    match doubt {
        Doubt::None => true,
        Doubt::Weekday => {
            let mut second = start;
            second.at += 1;
            let shouted = second.is_upper();
            let timed = matches!(touching, Some(Sense::Time(_)));
            !shouted && (timed || (ends_title(end, context) && !words::wants_noun(before.text())))
        }
        Doubt::Person => !start.is_upper() && ends_title(end, context) && !words::wants_person(before.text()),
        Doubt::Month => start.is_upper() || ends_title(end, context),
        // In Japanese a year begins with 1/4 初詣; a recipe does not begin with it.
        Doubt::Fraction => {
            let mut next = end;
            let spaced = next.gap();
            let counted = next.sees(&["カップ", "個", "杯", "本", "サイズ", "量", "切", "玉"]);
            ends_title(end, context) || (start.at_start() && spaced && !counted && is_japanese(next.peek()))
        }
    }
}

/// Whether another day comes right before or after: one alone of `mon, wed` and `nov 27 to 29` would be wrong.
pub(super) fn in_list(start: Reader<'_>, end: Reader<'_>) -> bool {
    follows_another(start) || leads_to_another(end)
}

fn leads_to_another(mut c: Reader<'_>) -> bool {
    let comma = c.eat(",");
    c.gap();
    let joined = c.attempt(|c| {
        let joint = joint(c.word())?;
        c.gap().then_some(joint)
    });
    match joined {
        Some(Joint::Through) if c.peek().is_ascii_digit() => true,
        Some(_) => names_day(c.word()),
        None => comma && words::weekday(c.word().text()).is_some(),
    }
}

fn follows_another(start: Reader<'_>) -> bool {
    let mut back = start;
    let word = back.word_before();
    let joint = joint(word);
    back.at -= back.blanks_before();
    match joint {
        Some(_) => back.at = back.at.saturating_sub(word.text().len()),
        None if back.before() == ',' => back.at -= 1,
        None => return false,
    }
    let named = words::weekday(back.word_before().text()).is_some();
    back.at -= back.blanks_before();
    named || (joint == Some(Joint::Through) && back.before().is_ascii_digit())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Through,
}

fn joint(word: Word) -> Option<Joint> {
    match word.text() {
        "and" | "or" => Some(Joint::And),
        "to" | "through" => Some(Joint::Through),
        _ => None,
    }
}

fn names_day(word: Word) -> bool {
    words::weekday(word.text()).is_some() || words::month(word.text()).is_some()
}
