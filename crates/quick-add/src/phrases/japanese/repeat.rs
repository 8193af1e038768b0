//! Rules in Japanese: 毎週月曜, 隔週, 毎月末, 3日ごと, 完了後3日.

use std::collections::BTreeSet;

use tsugi_calendar::rule::{CountedFrom, Every, OfMonth};
use tsugi_calendar::{Rule, Weekday};

use super::clock;
use crate::candidate::{Part, Sense, Unit};
use crate::line::{EDGE, is_blank};
use crate::reader::Reader;
use crate::rules;
use crate::words::japanese as words;

pub(crate) fn read(c: &mut Reader<'_>) -> Option<Sense> {
    let (rule, part) = c
        .attempt(body)
        .or_else(|| bare_weekdays(c).map(|rule| (rule, None)))?;
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

/// 2週間, 10日間 after a rule: how long it goes on.
pub(crate) fn length(c: &mut Reader<'_>) -> Option<Sense> {
    let (count, _) = words::number(c)?;
    let unit = words::unit(c)?;
    let long = matches!(unit, Unit::Days | Unit::Weeks | Unit::Months | Unit::Years);
    let said = c.before() == '間' || c.eat("間");
    (count > 0 && long && said && words::is_edge(*c)).then_some(Sense::For(count, unit))
}

/// 全5回, 5回まで, 5回だけ. 5回 alone says how often a day.
pub(crate) fn count(c: &mut Reader<'_>) -> Option<Sense> {
    let all = c.eat("全");
    let (count, _) = words::number(c)?;
    let count = u16::try_from(count).ok().filter(|count| *count > 0)?;
    c.eat("回").then_some(())?;
    let limited = c.eat_any(&["まで", "だけ"]).is_some() || all;
    (limited && words::is_edge(*c)).then_some(Sense::Count(count))
}

fn body(c: &mut Reader<'_>) -> Option<(Rule, Option<Part>)> {
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

fn daily(c: &mut Reader<'_>) -> Option<(Rule, Option<Part>)> {
    let rule = rules::rule(1, Every::Day);
    let part = match c.eat_any(&["毎日", "毎朝", "毎夕", "毎晩", "毎夜", "隔日"])? {
        // Newspapers and a broadcaster.
        0 if c.sees(&["新聞", "放送", "系", "変", "香"]) => return None,
        0 => None,
        1 => Some(Part::Morning),
        2 => Some(Part::Evening),
        3 | 4 => Some(Part::Night),
        _ => return Some((rules::rule(2, Every::Day), None)),
    };
    Some((rule, part))
}

/// 毎週月曜, 毎週火・木, 隔週金曜, 毎土日
fn weekly(c: &mut Reader<'_>) -> Option<Rule> {
    let interval = match c.eat_any(&["毎週", "隔週", "毎"])? {
        0 => 1,
        1 => 2,
        _ => {
            // 毎日 is every day, 毎日曜 every Sunday.
            if c.sees(&["日"]) && !c.sees(&["日曜"]) {
                return None;
            }
            let (days, certain) = weekdays(c)?;
            return certain.then(|| rules::rule(1, Every::Week(days)));
        }
    };
    if c.eat("末") {
        return Some(rules::rule(interval, rules::weekends()));
    }
    let days = c.attempt(|c| {
        c.eat("の");
        weekdays(c)
    });
    let days = days.map(|(days, _)| days).unwrap_or_default();
    let other = c.sees(&["号", "刊", "分"]);
    (!other).then(|| rules::rule(interval, Every::Week(days)))
}

/// 月水金 by itself: at least three letters, in the order of the week.
fn bare_weekdays(c: &mut Reader<'_>) -> Option<Rule> {
    let before = c.before();
    let free = before == EDGE || is_blank(before) || matches!(before, '、' | '。' | '(');
    let mut days = BTreeSet::new();
    let mut last = None;
    while let Some(day) = c.attempt(words::weekday_letter) {
        if Some(day) <= last {
            return None;
        }
        last = Some(day);
        days.insert(day);
    }
    let alone = words::is_edge(*c) || c.sees(&["に", "は"]) || clock_follows(*c);
    (free && days.len() >= 3 && alone).then(|| rules::rule(1, Every::Week(days)))
}

fn working_days(c: &mut Reader<'_>) -> Option<(Rule, Option<Part>)> {
    let every = c.eat("毎");
    c.eat("平日").then_some(())?;
    // 平日毎朝7時
    let doubled = c.attempt(daily).filter(|(rule, _)| rule.interval == 1);
    let holds = every || doubled.is_some() || words::is_edge_or_phrase(*c) || c.sees(&["に", "は"]);
    let part = doubled.and_then(|(_, part)| part);
    holds.then(|| (rules::rule(1, rules::working_days()), part))
}

/// 月曜, 月・水・金, 土日, and whether they can only mean weekdays. Single characters count only if the last of them is not
/// the beginning of a longer word.
fn weekdays(c: &mut Reader<'_>) -> Option<(BTreeSet<Weekday>, bool)> {
    let mut days = BTreeSet::new();
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
fn monthly(c: &mut Reader<'_>) -> Option<Rule> {
    let interval = match c.eat_any(&["毎月", "隔月", "月末毎", "月末ごと"]) {
        Some(0) => 1,
        Some(1) => 2,
        Some(_) => return Some(rules::rule(1, Every::Month(OfMonth::day(-1)))),
        None => {
            let (nths, weekday) = words::nth_weekday(c)?;
            return Some(rules::rule(
                1,
                Every::Month(rules::of_month(&nths, Some(weekday))),
            ));
        }
    };
    let pattern = c.attempt(|c| {
        c.eat("の");
        if c.eat_any(&["末日", "月末", "最終日", "末"]).is_some() {
            return Some(Every::Month(OfMonth::day(-1)));
        }
        let nth =
            words::nth_weekday(c).map(|(nths, weekday)| Every::Month(rules::of_month(&nths, Some(weekday))));
        nth.or_else(|| month_days(c).map(|days| Every::Month(rules::of_month(&days, None))))
    });
    let other = pattern.is_none() && c.sees(&["号", "分", "払"]);
    (!other).then(|| rules::rule(interval, pattern.unwrap_or(rules::monthly())))
}

/// 1日, 1日と15日
fn month_days(c: &mut Reader<'_>) -> Option<BTreeSet<i8>> {
    let mut days = BTreeSet::new();
    // 1,15日: one 日 is enough for all.
    let mut closed = false;
    for _ in 0..31 {
        let next = c.attempt(|c| {
            if !days.is_empty() {
                c.eat_any(&["・", "、", "と", ",", "&", "/"])?;
            }
            let (day, _) = words::number(c)?;
            let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
            closed = c.eat("日");
            Some(day)
        });
        let Some(day) = next else { break };
        days.insert(day);
    }
    (closed && !c.sees(&["間", "ごと", "おき", "に1", "前", "後", "目", "分"])).then_some(days)
}

/// 毎年3月3日
fn yearly(c: &mut Reader<'_>) -> Option<Rule> {
    c.eat("毎年").then_some(())?;
    let day = c.attempt(|c| {
        c.eat("の");
        match c.eat_any(&["大晦日", "大みそか", "年末", "元日", "元旦"]) {
            Some(0..=2) => Some((12, 31)),
            Some(_) => Some((1, 1)),
            None => words::month_day(c),
        }
    });
    let every = match day {
        Some((month, day)) => rules::day_of_year(u8::try_from(month).ok()?, u8::try_from(day).ok()?),
        None => rules::yearly(),
    };
    Some(rules::rule(1, every))
}

/// 完了後3日, 完了の2週間後
fn after_done(c: &mut Reader<'_>) -> Option<Rule> {
    c.eat_any(&["完了後", "完了から", "完了の", "完了したら"])?;
    let (count, _) = words::number(c)?;
    let mut rule = plain(count, words::unit(c)?)?;
    c.eat_any(&["後に", "後", "ごとに", "ごと", "毎"]);
    rule.from = CountedFrom::Done;
    Some(rule)
}

/// 3日ごと, 2週間毎, 1日おき, 3日に1回
fn counted(c: &mut Reader<'_>) -> Option<Rule> {
    let (count, _) = words::number(c)?;
    let unit = words::unit(c)?;
    if c.eat_any(&["ごと", "毎"]).is_some() || c.eat_any(&["に1回", "に一回", "に1度", "に一度"]).is_some()
    {
        return plain(count, unit);
    }
    // One day is left out of 一日おき, so it is every second day.
    c.eat("おき").then(|| plain(count + 1, unit)).flatten()
}

fn plain(count: u32, unit: Unit) -> Option<Rule> {
    let pattern = match unit {
        Unit::Minutes | Unit::Hours => return None,
        Unit::Days => Every::Day,
        Unit::Weeks => rules::weekly(),
        Unit::Months => rules::monthly(),
        Unit::Years => rules::yearly(),
    };
    let interval = u16::try_from(count)
        .ok()
        .filter(|count| (1..1000).contains(count))?;
    Some(rules::rule(interval, pattern))
}
