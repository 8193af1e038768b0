//! Recurrence in English: what follows `every`, and `daily` where it cannot be an adjective.

use super::day;
use super::words::{self, Unit};
use crate::candidate::{Part, Sense};
use crate::context::Context;
use crate::date::{Date, Weekday};
use crate::reader::Reader;
use crate::recurrence::{Ordinals, Pattern, Recurrence, Weekdays};
use crate::scan::ends_title;

/// `every …`, `every! …`
pub(super) fn every(c: &mut Reader<'_>) -> Option<Sense> {
    let strict = match c.word().text() {
        "every" => c.eat("!"),
        "each" => false,
        _ => return None,
    };
    c.gap().then_some(())?;
    let (mut rule, part) = body(c)?;
    let after = rule.is_plain() && c.attempt(after_done).is_some();
    rule.after_done = strict || after;
    let counts = !strict || rule.is_plain();
    let holds = counts && c.ends_word() && !excepts(*c);
    holds.then_some(Sense::Repeat(rule, part))
}

/// `daily`, `weekly` … at the end of a title: a daily standup is a title.
pub(super) fn adverb(c: &mut Reader<'_>, context: &Context) -> Option<Sense> {
    let pattern = match c.word().text() {
        "daily" | "everyday" => Pattern::Daily,
        "weekly" => Pattern::Weekly(Weekdays::default()),
        "monthly" => Pattern::Monthly(Ordinals::default()),
        "yearly" | "annually" => Pattern::Yearly(None),
        _ => return None,
    };
    let holds = c.ends_word() && ends_title(*c, context);
    holds.then(|| Sense::Repeat(Recurrence::every(1, pattern), None))
}

fn after_done(c: &mut Reader<'_>) -> Option<()> {
    c.eat_next_word(&["after", "when", "once"]).then_some(())?;
    c.eat_next_word(&["done", "completion", "completing", "completed", "finishing"])
        .then_some(())
}

/// A rule with exceptions cannot be said; half of it would be wrong.
fn excepts(mut c: Reader<'_>) -> bool {
    c.eat_next_word(&["except", "but"])
}

fn body(c: &mut Reader<'_>) -> Option<(Recurrence, Option<Part>)> {
    c.attempt(yearly)
        .or_else(|| c.attempt(ordinals))
        .map(|pattern| (Recurrence::every(1, pattern), None))
        .or_else(|| c.attempt(counted))
}

/// `1st and 15th`, `2nd tuesday`, `last day`. (`second tuesday` is every other one, as it is in conversation.)
fn ordinals(c: &mut Reader<'_>) -> Option<Pattern> {
    let mut days = Ordinals::default();
    let mut highest = which(c)?;
    days.insert(highest);
    loop {
        let more = c.attempt(|c| {
            list_separator(c)?;
            if c.eat_word(&["the"]) {
                c.gap();
            }
            which(c)
        });
        let Some(day) = more else { break };
        highest = highest.max(day);
        days.insert(day);
    }
    let weekday = c.attempt(|c| {
        c.gap().then_some(())?;
        let (weekday, _) = words::weekday(c.word().text())?;
        c.ends_word().then_some(weekday)
    });
    let pattern = match weekday {
        Some(weekday) => (highest <= 5).then_some(Pattern::MonthlyNth(days, weekday)),
        None if days == Ordinals::LAST => c.eat_next_word(&["day"]).then_some(Pattern::Monthly(days)),
        None if days.contains(-1) => None,
        // Behind `3rd` a unit is an interval, which is read elsewhere.
        None => (!unit_follows(*c)).then_some(Pattern::Monthly(days)),
    }?;
    c.attempt(|c| {
        let of = c.eat_next_word(&["of"])
            && c.eat_next_word(&["the", "every", "each"])
            && c.eat_next_word(&["month"]);
        of.then_some(())
    });
    Some(pattern)
}

/// `15th`, `third`, `last`
fn which(c: &mut Reader<'_>) -> Option<i8> {
    let digits = c.attempt(day::ordinal).and_then(|day| i8::try_from(day).ok());
    digits.or_else(|| {
        c.attempt(|c| {
            let word = c.word();
            let ordinal = words::ordinal(word.text()).filter(|_| word.text() != "second")?;
            let mut next = *c;
            // `every first step` is no date, while `every third friday` is.
            next.gap();
            let noun = next.word();
            let dated = words::weekday(noun.text()).is_some() || (ordinal == -1 && noun.text() == "day");
            let listed = matches!(noun.text(), "and") || c.peek() == ',';
            (dated || listed).then_some(ordinal)
        })
    })
}

fn unit_follows(mut c: Reader<'_>) -> bool {
    c.gap();
    words::unit(c.word().text()).is_some()
}

/// `jan 3`, `3 jan`, `3rd of january`
fn yearly(c: &mut Reader<'_>) -> Option<Pattern> {
    let named = c.attempt(|c| {
        let (month, _) = words::month(c.word().text())?;
        Some((month, day::bare_month_day(c)?))
    });
    let (month, day) = named.or_else(|| {
        let day = c.attempt(day::ordinal).or_else(|| c.number(2))?;
        c.eat_next_word(&["of"]);
        c.gap().then_some(())?;
        let (month, _) = words::month(c.word().text())?;
        Some((month, day))
    })?;
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    // Any leap year will do: 29 February is a day of the year.
    Date::new(2000, month, day)?;
    c.ends_word().then_some(Pattern::Yearly(Some((month, day))))
}

/// `day`, `other week`, `3 months on the 15th`, `mon and thu`, `morning`
fn counted(c: &mut Reader<'_>) -> Option<(Recurrence, Option<Part>)> {
    let said = c.attempt(|c| {
        let interval = interval(c)?;
        c.gap().then_some(interval)
    });
    let interval = said.map_or(1, |(interval, _)| interval);
    let alternating = said.is_none_or(|(_, alternating)| alternating);
    if let Some(days) = c.attempt(weekdays) {
        return alternating.then(|| (Recurrence::every(interval, Pattern::Weekly(days)), None));
    }
    let word = c.word();
    let (pattern, part) = match word.text() {
        "weekday" | "weekdays" | "workday" | "workdays" if said.is_none() => {
            (Pattern::Weekly(Weekdays::WORKING), None)
        }
        "weekend" | "weekends" => {
            let mut days = Weekdays::default();
            days.insert(Weekday::Saturday);
            (Pattern::Weekly(days), None)
        }
        "morning" => (Pattern::Daily, Some(Part::Morning)),
        "afternoon" => (Pattern::Daily, Some(Part::Afternoon)),
        "evening" => (Pattern::Daily, Some(Part::Evening)),
        "night" => (Pattern::Daily, Some(Part::Night)),
        text => {
            let pattern = match words::unit(text)? {
                Unit::Minutes | Unit::Hours => return None,
                Unit::Days => Pattern::Daily,
                Unit::Weeks => Pattern::Weekly(c.attempt(|c| on(c, weekdays)).unwrap_or_default()),
                Unit::Months => c
                    .attempt(|c| on(c, ordinals))
                    .unwrap_or(Pattern::Monthly(Ordinals::default())),
                Unit::Years => c.attempt(|c| on(c, yearly)).unwrap_or(Pattern::Yearly(None)),
            };
            (pattern, None)
        }
    };
    Some((Recurrence::every(interval, pattern), part))
}

/// How many, and whether it can be said of weekdays: `every other monday`, but not `every 2 mondays`.
fn interval(c: &mut Reader<'_>) -> Option<(u16, bool)> {
    let nth = c.attempt(|c| {
        let nth = day::ordinal(c)?;
        unit_follows(*c).then_some(nth)
    });
    if let Some(count) = nth.or_else(|| c.number(3)) {
        let count = u16::try_from(count).ok().filter(|count| *count > 0)?;
        return Some((count, false));
    }
    let word = c.word();
    match word.text() {
        "other" | "second" => Some((2, true)),
        "single" => Some((1, true)),
        "third" => Some((3, false)),
        "a" | "an" => None,
        text => Some((u16::try_from(words::number(text)?).ok()?, false)),
    }
}

fn on<T>(c: &mut Reader<'_>, read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Option<T> {
    c.eat_next_word(&["on"]).then_some(())?;
    c.gap();
    if c.eat_word(&["the"]) {
        c.gap();
    }
    read(c)
}

/// `mon`, `mon, wed and fri`, `mon-fri`
fn weekdays(c: &mut Reader<'_>) -> Option<Weekdays> {
    let weekday = |c: &mut Reader<'_>| words::weekday(c.word().text()).map(|(weekday, _)| weekday);
    let mut days = Weekdays::default();
    let mut last = weekday(c)?;
    days.insert(last);
    for _ in Weekday::ALL {
        let through = c.attempt(|c| {
            (c.eat("-") || c.eat("–") || (c.eat_next_word(&["to", "through"]) && c.gap())).then_some(())?;
            weekday(c)
        });
        let more = through.or_else(|| {
            c.attempt(|c| {
                list_separator(c)?;
                weekday(c)
            })
        });
        let Some(next) = more else { break };
        if through.is_some() {
            let from = Weekday::ALL.iter().cycle().skip_while(|day| **day != last);
            let span = next.days_since(last) as usize + 1;
            from.take(span).for_each(|day| days.insert(*day));
        }
        days.insert(next);
        last = next;
    }
    c.ends_word().then_some(days)
}

/// `, `, ` and `, ` & `, `/`, `, and `
fn list_separator(c: &mut Reader<'_>) -> Option<()> {
    let comma = c.eat(",") || c.eat("/");
    let spaced = c.gap();
    let and = c.attempt(|c| {
        let and = c.eat("&") || c.eat_word(&["and"]);
        c.gap();
        and.then_some(())
    });
    (comma || (spaced && and.is_some())).then_some(())
}
