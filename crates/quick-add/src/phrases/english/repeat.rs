//! Recurrence in English: the words after `every`, `on the 15th of every month`, `monthly on the 5th`, `on
//! mondays`.

use std::collections::BTreeSet;

use tsugi_calendar::rule::{CountedFrom, Every, OfMonth};
use tsugi_calendar::{Date, Rule, Weekday};

use super::day;
use crate::candidate::{Part, Unit};
use crate::reader::Reader;
use crate::rules;
use crate::words::english as words;

/// `every …`, `every! …`, `on every …`
pub(crate) fn every(c: &mut Reader<'_>) -> Option<(Rule, Option<Part>)> {
    lead(c, &["on", "due"]);
    let strict = match c.word().text() {
        "every" => c.eat("!"),
        "each" => false,
        _ => return None,
    };
    c.gap().then_some(())?;
    let (mut rule, part) = body(c)?;
    let is_plain = rules::is_plain(&rule);
    if strict || is_plain && c.attempt(after_done).is_some() {
        rule.from = CountedFrom::Done;
    }
    ((!strict || is_plain) && c.ends_word()).then_some((rule, part))
}

/// `on the last day of every month`, `the 1st and 15th of each month`, `first monday of every month`
pub(crate) fn of_every_month(c: &mut Reader<'_>) -> Option<Rule> {
    lead(c, &["on", "by", "due"]);
    the(c);
    let days = month_days(c)?;
    (c.eat_next_word(&["of", "in"]) && c.eat_next_word(&["every", "each"])).then_some(())?;
    let interval = c.attempt(|c| c.eat_next_word(&["other", "second"]).then_some(2));
    c.eat_next_word(&["month"]).then_some(())?;
    Some(rules::rule(interval.unwrap_or(1), Every::Month(days)))
}

/// `daily`, `monthly on the 5th`, `weekly on mon and thu`, and whether it names its days. If it does not, it may
/// also be an adjective: a daily standup.
pub(crate) fn adverb(c: &mut Reader<'_>) -> Option<(Rule, bool)> {
    let (interval, plain) = match c.word().text() {
        "daily" | "everyday" => (1, Every::Day),
        "weekly" => (1, rules::weekly()),
        "fortnightly" => (2, rules::weekly()),
        "monthly" => (1, rules::monthly()),
        "quarterly" => (3, rules::monthly()),
        "yearly" | "annually" => (1, rules::yearly()),
        _ => return None,
    };
    c.ends_word().then_some(())?;
    let named = c.attempt(|c| match plain {
        Every::Day => None,
        Every::Week(_) => on(c, weekdays).map(Every::Week),
        Every::Month(_) => on(c, month_days).map(Every::Month),
        Every::Year(..) => on(c, yearly),
    });
    let names_days = named.is_some();
    Some((rules::rule(interval, named.unwrap_or(plain)), names_days))
}

/// `on mondays`, `on tuesdays and thursdays`, `on weekdays`
pub(crate) fn on_plural(c: &mut Reader<'_>) -> Option<Rule> {
    c.eat_word(&["on"]).then_some(())?;
    c.gap().then_some(())?;
    let whole = c.attempt(|c| match c.word().text() {
        "weekdays" | "workdays" => Some(rules::working_days()),
        "weekends" => Some(rules::weekends()),
        _ => None,
    });
    let every = match whole {
        Some(every) => every,
        None => {
            let mut days = BTreeSet::new();
            days.insert(words::plural_weekday(c.word().text())?);
            for _ in Weekday::ALL {
                let more = c.attempt(|c| {
                    list_separator(c)?;
                    words::plural_weekday(c.word().text())
                });
                let Some(day) = more else { break };
                days.insert(day);
            }
            Every::Week(days)
        }
    };
    c.ends_word().then(|| rules::rule(1, every))
}

fn lead(c: &mut Reader<'_>, prepositions: &[&str]) {
    c.attempt(|c| (c.eat_word(prepositions) && c.gap()).then_some(()));
}

fn the(c: &mut Reader<'_>) {
    c.attempt(|c| (c.eat_word(&["the"]) && c.gap()).then_some(()));
}

fn after_done(c: &mut Reader<'_>) -> Option<()> {
    c.eat_next_word(&["after", "when", "once"]).then_some(())?;
    c.eat_next_word(&["done", "completion", "completing", "completed", "finishing"])
        .then_some(())
}

fn body(c: &mut Reader<'_>) -> Option<(Rule, Option<Part>)> {
    if let Some(every) = c.attempt(yearly) {
        return Some((rules::rule(1, every), None));
    }
    let of_month = c.attempt(|c| {
        let days = month_days(c)?;
        c.attempt(|c| {
            let of = c.eat_next_word(&["of"])
                && c.eat_next_word(&["the", "every", "each"])
                && c.eat_next_word(&["month"]);
            of.then_some(())
        });
        Some(days)
    });
    match of_month {
        Some(days) => Some((rules::rule(1, Every::Month(days)), None)),
        None => counted(c),
    }
}

/// `1st and 15th`, `2nd tuesday`, `last day`. (`second tuesday` is every other one, as it is in conversation.)
fn month_days(c: &mut Reader<'_>) -> Option<OfMonth> {
    let mut places = BTreeSet::new();
    let mut highest = which(c)?;
    places.insert(highest);
    for _ in 0..31 {
        let more = c.attempt(|c| {
            list_separator(c)?;
            the(c);
            which(c)
        });
        let Some(place) = more else { break };
        highest = highest.max(place);
        places.insert(place);
    }
    let weekday = c.attempt(|c| {
        c.gap().then_some(())?;
        let (weekday, _) = words::weekday(c.word().text())?;
        c.ends_word().then_some(weekday)
    });
    let is_last = places.len() == 1 && places.contains(&-1);
    let holds = match weekday {
        Some(_) => highest <= 5,
        None if is_last => c.eat_next_word(&["day"]),
        None if places.contains(&-1) => false,
        // A unit after `3rd` makes an interval, which is read elsewhere.
        None => !unit_follows(*c),
    };
    holds.then(|| rules::of_month(&places, weekday))
}

/// `15th`, `third`, `last`
fn which(c: &mut Reader<'_>) -> Option<i8> {
    let digits = c.attempt(day::ordinal).and_then(|day| i8::try_from(day).ok());
    digits.or_else(|| {
        c.attempt(|c| {
            let before = c.word_before();
            let word = c.word();
            let ordinal = words::ordinal(word.text())?;
            let mut next = *c;
            // `every first step` is not a date, and `every third friday` is one.
            next.gap();
            let noun = next.word();
            let dated = words::weekday(noun.text()).is_some() || (ordinal == -1 && noun.text() == "day");
            let listed = matches!(noun.text(), "and" | "of") || c.peek() == ',';
            // `every second tuesday` is every other one; `the second tuesday of every month` is not.
            let alternates = word.text() == "second" && matches!(before.text(), "every" | "each");
            (dated && !alternates || listed).then_some(ordinal)
        })
    })
}

fn unit_follows(mut c: Reader<'_>) -> bool {
    c.gap();
    words::unit(c.word().text()).is_some()
}

/// `jan 3`, `3 jan`, `3rd of january`
fn yearly(c: &mut Reader<'_>) -> Option<Every> {
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
    // Any leap year serves here, because 29 February is a day of the year.
    Date::new(2000, month, day)?;
    c.ends_word().then(|| rules::day_of_year(month, day))
}

/// `day`, `other week`, `3 months on the 15th`, `mon and thu`, `morning`
fn counted(c: &mut Reader<'_>) -> Option<(Rule, Option<Part>)> {
    let said = c.attempt(|c| {
        let interval = interval(c)?;
        c.gap().then_some(interval)
    });
    let interval = said.map_or(1, |(interval, _)| interval);
    let alternating = said.is_none_or(|(_, alternating)| alternating);
    if let Some(days) = c.attempt(weekdays) {
        return alternating.then(|| (rules::rule(interval, Every::Week(days)), None));
    }
    let word = c.word();
    let daily = |part| (Every::Day, Some(part));
    let (every, part) = match word.text() {
        "weekday" | "weekdays" | "workday" | "workdays" if said.is_none() => (rules::working_days(), None),
        "weekend" | "weekends" => (rules::weekends(), None),
        "morning" => daily(Part::Morning),
        "afternoon" => daily(Part::Afternoon),
        "evening" => daily(Part::Evening),
        "night" => daily(Part::Night),
        "fortnight" | "fortnights" => {
            return Some((rules::rule(interval.checked_mul(2)?, rules::weekly()), None));
        }
        "quarter" | "quarters" => {
            return Some((rules::rule(interval.checked_mul(3)?, rules::monthly()), None));
        }
        text => {
            let every = match words::unit(text)? {
                Unit::Minutes | Unit::Hours => return None,
                Unit::Days => Every::Day,
                Unit::Weeks => Every::Week(c.attempt(|c| on(c, weekdays)).unwrap_or_default()),
                Unit::Months => c
                    .attempt(|c| on(c, month_days))
                    .map_or_else(rules::monthly, Every::Month),
                Unit::Years => c.attempt(|c| on(c, yearly)).unwrap_or_else(rules::yearly),
            };
            (every, None)
        }
    };
    Some((rules::rule(interval, every), part))
}

/// The interval, and whether it can go with weekdays: `every other monday`, but not `every 2 mondays`.
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
        "fourth" => Some((4, false)),
        "fifth" => Some((5, false)),
        "a" | "an" => None,
        text => Some((u16::try_from(words::number(text)?).ok()?, false)),
    }
}

/// `on monday`, `on the 15th`, `by the 15th`, and the same without the preposition.
fn on<T>(c: &mut Reader<'_>, read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Option<T> {
    c.gap().then_some(())?;
    lead(c, &["on", "by"]);
    the(c);
    read(c)
}

/// `mon`, `mon, wed and fri`, `monday wednesday friday`, `mon-fri`
fn weekdays(c: &mut Reader<'_>) -> Option<BTreeSet<Weekday>> {
    let weekday = |c: &mut Reader<'_>| {
        let word = c.word();
        let named =
            words::weekday(word.text()).map(|(weekday, doubt)| (weekday, doubt, word.text().len() <= 5));
        let plural = || words::plural_weekday(word.text()).map(|weekday| (weekday, false, false));
        named.or_else(plural)
    };
    let mut days = BTreeSet::new();
    let (mut last, _, mut is_short) = weekday(c)?;
    days.insert(last);
    for _ in Weekday::ALL {
        let through = c.attempt(|c| {
            let dashed = c.attempt(|c| {
                c.gap();
                c.eat_any(&["-", "–", "—"])?;
                c.gap();
                Some(())
            });
            (dashed.is_some() || (c.eat_next_word(&["to", "through", "thru"]) && c.gap())).then_some(())?;
            weekday(c)
        });
        let more = through.or_else(|| {
            c.attempt(|c| {
                if list_separator(c).is_some() {
                    return weekday(c);
                }
                c.gap().then_some(())?;
                // `every monday sun hats`
                weekday(c).filter(|(_, doubt, _)| !doubt || is_short)
            })
        });
        let Some((next, _, short)) = more else { break };
        if through.is_some() {
            let span = usize::from(next.days_since(last)) + 1;
            let from = Weekday::ALL.iter().cycle().skip_while(|day| **day != last);
            days.extend(from.take(span));
        }
        days.insert(next);
        (last, is_short) = (next, short);
    }
    c.ends_word().then_some(days)
}

/// `, `, ` and `, ` & `, `/`, `, and `
fn list_separator(c: &mut Reader<'_>) -> Option<()> {
    c.attempt(|c| {
        let comma = c.eat(",") || c.eat("/");
        let spaced = c.gap();
        let and = c.attempt(|c| {
            let and = c.eat("&") || c.eat("+") || c.eat_word(&["and"]);
            c.gap();
            and.then_some(())
        });
        (comma || (spaced && and.is_some())).then_some(())
    })
}
