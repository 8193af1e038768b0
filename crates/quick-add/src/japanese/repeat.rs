//! Recurrence in Japanese: 毎週月曜, 隔週, 毎月末, 3日ごと, 完了後3日.

use super::clock;
use super::words::{self, Unit};
use crate::candidate::{Part, Sense};
use crate::date::Weekday;
use crate::reader::Reader;
use crate::recurrence::{Ordinals, Pattern, Recurrence, Weekdays};

pub(super) fn read(c: &mut Reader<'_>) -> Option<Sense> {
    let (rule, part) = body(c)?;
    // 毎日の9時, but not 毎日の記録.
    c.attempt(|c| {
        c.eat("の").then_some(())?;
        clock::read(&mut c.clone(), true).map(|_| ())
    });
    if words::is_part_of_sentence(*c) {
        return None;
    }
    words::eat_particle(c);
    Some(Sense::Repeat(rule, part))
}

fn clock_follows(c: Reader<'_>) -> bool {
    clock::read(&mut c.clone(), true).is_some()
}

/// 全5回, 5回まで, 5回だけ. 5回 alone is how often a day.
pub(super) fn count(c: &mut Reader<'_>) -> Option<Sense> {
    let all = c.eat("全");
    let (count, _) = words::number(c)?;
    let count = u16::try_from(count).ok().filter(|count| *count > 0)?;
    c.eat("回").then_some(())?;
    let limited = c.eat_any(&["まで", "だけ"]).is_some() || all;
    (limited && words::is_edge(*c)).then_some(Sense::Count(count))
}

fn body(c: &mut Reader<'_>) -> Option<(Recurrence, Option<Part>)> {
    let whole = |rule| (rule, None);
    c.attempt(weekly)
        .or_else(|| c.attempt(monthly))
        .or_else(|| c.attempt(yearly))
        .map(whole)
        .or_else(|| c.attempt(working_days))
        .or_else(|| c.attempt(daily))
        .or_else(|| c.attempt(after_done).map(whole))
        .or_else(|| c.attempt(counted).map(whole))
}

fn daily(c: &mut Reader<'_>) -> Option<(Recurrence, Option<Part>)> {
    let rule = Recurrence::every(1, Pattern::Daily);
    let part = match c.eat_any(&["毎日", "毎朝", "毎夕", "毎晩", "毎夜", "隔日"])? {
        // Newspapers and a broadcaster.
        0 if c.sees(&["新聞", "放送", "系", "変", "香"]) => return None,
        0 => None,
        1 => Some(Part::Morning),
        2 => Some(Part::Evening),
        3 | 4 => Some(Part::Night),
        _ => return Some((Recurrence::every(2, Pattern::Daily), None)),
    };
    Some((rule, part))
}

/// 毎週月曜, 毎週火・木, 隔週金曜, 毎土日
fn weekly(c: &mut Reader<'_>) -> Option<Recurrence> {
    let interval = match c.eat_any(&["毎週", "隔週", "毎"])? {
        0 => 1,
        1 => 2,
        _ => {
            // 毎日 is every day, 毎日曜 every Sunday.
            let (days, certain) = weekdays(c)?;
            return certain.then(|| Recurrence::every(1, Pattern::Weekly(days)));
        }
    };
    if c.eat("末") {
        let mut days = Weekdays::default();
        days.insert(Weekday::Saturday);
        return Some(Recurrence::every(interval, Pattern::Weekly(days)));
    }
    let days = c.attempt(|c| {
        c.eat("の");
        weekdays(c)
    });
    let days = days.map(|(days, _)| days).unwrap_or_default();
    let other = c.sees(&["号", "刊", "分"]);
    (!other).then(|| Recurrence::every(interval, Pattern::Weekly(days)))
}

fn working_days(c: &mut Reader<'_>) -> Option<(Recurrence, Option<Part>)> {
    let every = c.eat("毎");
    c.eat("平日").then_some(())?;
    // 平日毎朝7時
    let doubled = c.attempt(daily).filter(|(rule, _)| rule.interval == 1);
    let holds = every || doubled.is_some() || words::is_edge_or_phrase(*c) || c.sees(&["に", "は"]);
    let part = doubled.and_then(|(_, part)| part);
    holds.then(|| (Recurrence::every(1, Pattern::Weekly(Weekdays::WORKING)), part))
}

/// 月曜, 月・水・金, 土日, and whether they can only be weekdays. Single letters only where no word goes on with the last.
fn weekdays(c: &mut Reader<'_>) -> Option<(Weekdays, bool)> {
    let mut days = Weekdays::default();
    let mut named = 0;
    let mut last_in_full = false;
    for _ in 0..7 {
        let next = c.attempt(|c| {
            if named > 0 {
                c.eat_any(&["・", "、", "と", ",", "/", "&"]);
            }
            let full = c.attempt(words::weekday);
            let day = full.or_else(|| words::weekday_letter(c))?;
            Some((day, full.is_some()))
        });
        let Some((day, full)) = next else { break };
        days.insert(day);
        named += 1;
        last_in_full = full;
    }
    let alone = words::is_edge_or_phrase(*c) || c.sees(&["に", "は"]) || clock_follows(*c);
    (named > 0 && (last_in_full || alone)).then_some((days, last_in_full || named > 1))
}

/// 毎月1日, 毎月末, 毎月第2火曜; 第2火曜 and 最終金曜 by themselves
fn monthly(c: &mut Reader<'_>) -> Option<Recurrence> {
    let interval = match c.eat_any(&["毎月", "隔月", "月末毎", "月末ごと"]) {
        Some(0) => 1,
        Some(1) => 2,
        Some(_) => return Some(Recurrence::every(1, Pattern::Monthly(Ordinals::LAST))),
        None => {
            let (nths, weekday) = words::nth_weekday(c)?;
            return Some(Recurrence::every(1, Pattern::MonthlyNth(nths, weekday)));
        }
    };
    let pattern = c.attempt(|c| {
        c.eat("の");
        if c.eat_any(&["末日", "月末", "最終日", "末"]).is_some() {
            return Some(Pattern::Monthly(Ordinals::LAST));
        }
        let nth = words::nth_weekday(c).map(|(nths, weekday)| Pattern::MonthlyNth(nths, weekday));
        nth.or_else(|| month_days(c).map(Pattern::Monthly))
    });
    let other = pattern.is_none() && c.sees(&["号", "分", "払"]);
    (!other).then(|| Recurrence::every(interval, pattern.unwrap_or(Pattern::Monthly(Ordinals::default()))))
}

/// 1日, 1日と15日
fn month_days(c: &mut Reader<'_>) -> Option<Ordinals> {
    let mut days = Ordinals::default();
    loop {
        let next = c.attempt(|c| {
            if !days.is_empty() {
                c.eat_any(&["・", "、", "と", ","])?;
            }
            let (day, _) = words::number(c)?;
            let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
            c.eat("日").then_some(day)
        });
        let Some(day) = next else { break };
        days.insert(day);
    }
    (!days.is_empty() && !c.sees(&["間", "ごと", "おき", "に1", "前"])).then_some(days)
}

/// 毎年3月3日
fn yearly(c: &mut Reader<'_>) -> Option<Recurrence> {
    c.eat("毎年").then_some(())?;
    let day = c.attempt(|c| {
        c.eat("の");
        words::month_day(c)
    });
    let day = match day {
        Some((month, day)) => Some((u8::try_from(month).ok()?, u8::try_from(day).ok()?)),
        None => None,
    };
    Some(Recurrence::every(1, Pattern::Yearly(day)))
}

/// 完了後3日, 完了の2週間後
fn after_done(c: &mut Reader<'_>) -> Option<Recurrence> {
    c.eat_any(&["完了後", "完了から", "完了の", "完了したら"])?;
    let (count, _) = words::number(c)?;
    let mut rule = plain(count, words::unit(c)?)?;
    c.eat_any(&["後に", "後", "ごとに", "ごと", "毎"]);
    rule.after_done = true;
    Some(rule)
}

/// 3日ごと, 2週間毎, 1日おき, 3日に1回
fn counted(c: &mut Reader<'_>) -> Option<Recurrence> {
    let (count, _) = words::number(c)?;
    let unit = words::unit(c)?;
    if c.eat_any(&["ごと", "毎"]).is_some() || c.eat_any(&["に1回", "に一回", "に1度", "に一度"]).is_some()
    {
        return plain(count, unit);
    }
    // One day is left out of 一日おき, so it is every second day.
    c.eat("おき").then(|| plain(count + 1, unit)).flatten()
}

fn plain(count: u32, unit: Unit) -> Option<Recurrence> {
    let pattern = match unit {
        Unit::Minutes | Unit::Hours => return None,
        Unit::Days => Pattern::Daily,
        Unit::Weeks => Pattern::Weekly(Weekdays::default()),
        Unit::Months => Pattern::Monthly(Ordinals::default()),
        Unit::Years => Pattern::Yearly(None),
    };
    let interval = u16::try_from(count)
        .ok()
        .filter(|count| (1..1000).contains(count))?;
    Some(Recurrence::every(interval, pattern))
}
