//! English phrases in their place in the line: decides whether a phrase that can mean something else counts there.

use crate::candidate::{Clock, Day, Sense};
use crate::context::Context;
use crate::line::is_japanese;
use crate::phrases::english::clock;
use crate::phrases::english::day::{self, Doubt, Lead};
use crate::phrases::english::limit::{self, Needs};
use crate::phrases::english::repeat;
use crate::reader::Reader;
use crate::title::{ends_title, time_or_weekday_follows};
use crate::words::english as words;
use crate::words::wants_ratio;

/// Reads the phrase at this place, right after the finding `touching`. Moves to its end.
pub(super) fn read(c: &mut Reader<'_>, context: &Context, touching: Option<&Sense>) -> Option<Sense> {
    let first = c.peek();
    if !c.starts_word() || !(first.is_ascii_alphanumeric() || matches!(first, '@' | '+')) {
        return None;
    }
    let whole = |rule| Sense::Repeat(rule, None);
    c.attempt(|c| repeat::every(c).map(|(rule, part)| Sense::Repeat(rule, part)))
        .or_else(|| c.attempt(repeat::of_every_month).map(whole))
        .or_else(|| c.attempt(repeat::on_plural).map(whole))
        .or_else(|| {
            c.attempt(|c| {
                let (rule, names_days) = repeat::adverb(c)?;
                (names_days || ends_title(*c, context)).then(|| whole(rule))
            })
        })
        .or_else(|| c.attempt(clock::span).map(Sense::Time))
        .or_else(|| c.attempt(|c| limit(c, context, touching)))
        .or_else(|| c.attempt(|c| led_day(c, context)).map(Sense::Day))
        .or_else(|| c.attempt(|c| bare_day(c, context, touching)).map(Sense::Day))
        .or_else(|| c.attempt(|c| time(c, context, touching)).map(Sense::Time))
}

fn limit(c: &mut Reader<'_>, context: &Context, touching: Option<&Sense>) -> Option<Sense> {
    let (sense, needs) = limit::read(c, context)?;
    let holds = match needs {
        Needs::Nothing => true,
        Needs::Before => matches!(touching, Some(Sense::Repeat(..) | Sense::Time(_))),
    };
    holds.then_some(sense)
}

/// A day after `on`, `by`, `due` or `for`.
fn led_day(c: &mut Reader<'_>, context: &Context) -> Option<Day> {
    let begins = c.at_start();
    let lead = day::lead(c)?;
    let ordinal = c.attempt(|c| {
        let day = day::day_of_month(c, context)?;
        (lead != Lead::For && ends_title(*c, context)).then_some((day, Doubt::None))
    });
    let (day, doubt) = ordinal.or_else(|| day::phrase(c, context))?;
    let holds = match doubt {
        Doubt::None => true,
        Doubt::Person => lead == Lead::Due,
        Doubt::Weekday | Doubt::Month | Doubt::Numbers | Doubt::Fraction => lead != Lead::For,
    };
    // `slides for monday`, but not `slides for monday meeting`.
    let attribute = lead == Lead::For && !begins && !ends_title(*c, context);
    (holds && !attribute && c.ends_word()).then_some(day)
}

fn bare_day(c: &mut Reader<'_>, context: &Context, touching: Option<&Sense>) -> Option<Day> {
    let start = *c;
    let (day, doubt) = day::phrase(c, context)?;
    (c.ends_word() && holds(doubt, start, *c, context, touching)).then_some(day)
}

/// Whether a doubtful phrase is a day in this place.
fn holds(
    doubt: Doubt,
    start: Reader<'_>,
    end: Reader<'_>,
    context: &Context,
    touching: Option<&Sense>,
) -> bool {
    let before = start.word_before();
    // `ask April 3 questions`
    if words::is_given(before.text()) && start.is_upper() && names_month(start) {
        return ends_title(end, context);
    }
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
        Doubt::Month => ends_title(end, context) || start.is_upper(),
        Doubt::Numbers | Doubt::Fraction => {
            let beside =
                matches!(touching, Some(Sense::Time(_) | Sense::Day(_))) || time_or_weekday_follows(end);
            let ends = ends_title(end, context) && !wants_ratio(start);
            beside || ends || (start.at_start() && begins_line(doubt, end))
        }
    }
}

fn names_month(mut c: Reader<'_>) -> bool {
    words::month(c.word().text()).is_some()
}

/// Whether digits at the beginning of a line are a day: `11/27 dentist`, but not `5/6 tasks`.
fn begins_line(doubt: Doubt, end: Reader<'_>) -> bool {
    let mut next = end;
    let spaced = next.gap() || matches!(next.peek(), ':' | ',');
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
    ]);
    // 1/4 初詣 is a visit to a shrine at the beginning of a year, and not the beginning of a recipe.
    spaced
        && !counted
        && !words::is_counted(next.word().text())
        && (doubt == Doubt::Numbers || is_japanese(next.peek()))
}

/// A time, with the preposition that leads to it.
fn time(c: &mut Reader<'_>, context: &Context, touching: Option<&Sense>) -> Option<Clock> {
    let start = *c;
    let before = c.word_before();
    let after_day = touching.is_some_and(Sense::names_days);
    let found = c.attempt(|c| after_day.then(|| clock::in_part(c)).flatten());
    let found = found.or_else(|| {
        c.attempt(|c| {
            let (clock, led) = clock::named(c)?;
            let free = ends_title(*c, context) && before.text() != "high";
            (after_day || led || free).then_some(clock)
        })
    });
    // `score 3:21`
    let ratio = !after_day && wants_ratio(start);
    let found = found.or_else(|| c.attempt(clock::said).filter(|_| !ratio));
    found.or_else(|| {
        c.attempt(|c| {
            let bare = clock::bare(c)?;
            let mut next = *c;
            next.gap();
            // `monday at 5 Main Street`
            (ends_title(*c, context) || after_day && !next.is_upper()).then_some(bare)
        })
    })
}
