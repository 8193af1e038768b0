//! Japanese phrases in their place in the line.

use crate::candidate::Sense;
use crate::context::Context;
use crate::line::is_japanese;
use crate::phrases::japanese::{clock, day, repeat};
use crate::reader::Reader;
use crate::title::{ends_title, time_or_weekday_follows};
use crate::words::japanese as words;
use crate::words::numeric::Sure;
use crate::words::wants_ratio;

/// Reads the phrase at this place, right after the finding `touching`. Moves to its end.
pub(super) fn read(c: &mut Reader<'_>, context: &Context, touching: Option<&Sense>) -> Option<Sense> {
    let first = c.peek();
    if !(is_japanese(first) || first.is_ascii_digit()) || !words::starts_number(*c) {
        return None;
    }
    let after_day = touching.is_some_and(Sense::names_days);
    c.attempt(repeat::read)
        .or_else(|| c.attempt(repeat::count))
        .or_else(|| {
            let repeats = matches!(touching, Some(Sense::Repeat(..)));
            c.attempt(|c| repeats.then(|| repeat::length(c)).flatten())
        })
        .or_else(|| {
            // After `room` or `score`, 5:30 is not a time.
            let ratio = !after_day && first.is_ascii_digit() && wants_ratio(*c);
            c.attempt(|c| clock::read(c, after_day).filter(|_| !ratio))
                .map(Sense::Time)
        })
        .or_else(|| c.attempt(|c| day(c, context, touching)))
}

fn day(c: &mut Reader<'_>, context: &Context, touching: Option<&Sense>) -> Option<Sense> {
    let start = *c;
    let (sense, sure) = day::read(c, context)?;
    let beside = || matches!(touching, Some(Sense::Time(_) | Sense::Day(_))) || time_or_weekday_follows(*c);
    let holds = match sure {
        Sure::Yes => true,
        // 1/4 初詣 is a visit to a shrine at the beginning of a year, and not the beginning of a recipe.
        Sure::Mostly | Sure::Hardly => {
            let mut next = *c;
            let spaced = next.gap() && is_japanese(next.peek());
            let counted = next.sees(&[
                "カップ",
                "個",
                "杯",
                "本",
                "サイズ",
                "量",
                "切",
                "玉",
                "ページ",
                "頁",
                "完了",
            ]);
            let begins = start.at_start() && spaced && !counted;
            let ends = ends_title(*c, context) && !wants_ratio(start);
            beside() || begins || ends
        }
    };
    holds.then_some(sense)
}
