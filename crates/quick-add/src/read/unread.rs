//! Words about a day or a repetition that do not make a phrase: `yesterday`, `every 3 hours`, `nov 24 2020`, 昨日.
//! They stay in the title, and nothing beside them is taken.

use crate::context::Context;
use crate::line::is_japanese;
use crate::phrases::japanese::day;
use crate::reader::Reader;
use crate::sure;
use crate::words::english as words;
use crate::words::japanese;

/// The end of such words, if they begin here.
pub(super) fn end(c: Reader<'_>, context: &Context) -> Option<usize> {
    let mut ahead = c;
    let english = c.peek().is_ascii_alphanumeric()
        && c.starts_word()
        && ahead.attempt(in_english).is_some()
        && ahead.ends_word();
    if !english {
        ahead = c;
    }
    let wide = || (is_japanese(c.peek()) || c.peek().is_ascii_digit()) && japanese::starts_number(c);
    let found = english
        || wide()
            && (ahead.attempt(in_japanese).is_some()
                || ahead.attempt(|c| day::mention(c, context)).is_some());
    found.then_some(ahead.at)
}

fn in_english(c: &mut Reader<'_>) -> Option<()> {
    if c.peek().is_ascii_digit() {
        return in_digits(c);
    }
    let word = c.word();
    match word.text() {
        "yesterday" | "today" | "tomorrow" | "tonight" | "noon" | "midnight" | "weekdays" | "weekends"
        | "weekend" => Some(()),
        "every" | "each" => repetition(c),
        "next" | "this" | "last" => {
            c.gap().then_some(())?;
            let word = c.word();
            let names_time = words::unit(word.text()).is_some()
                || words::weekday(word.text()).is_some()
                || words::month(word.text()).is_some();
            (names_time && c.ends_word()).then_some(())
        }
        text if words::plural_weekday(text).is_some() => Some(()),
        text => match (words::weekday(text), words::month(text)) {
            (Some((_, doubt)), _) => (!doubt).then_some(()),
            (None, Some(_)) => {
                c.eat(".");
                c.gap().then_some(())?;
                number_and_year(c)
            }
            (None, None) => None,
        },
    }
}

/// `every 3 hours`, `every other day`: up to the unit.
fn repetition(c: &mut Reader<'_>) -> Option<()> {
    for _ in 0..3 {
        c.gap().then_some(())?;
        if c.number(4).is_some() {
            continue;
        }
        let word = c.word();
        let text = word.text();
        let ends = words::unit(text).is_some()
            || words::weekday(text).is_some()
            || words::month(text).is_some()
            || matches!(text, "weekday" | "weekend" | "morning" | "evening" | "night");
        if ends {
            return Some(());
        }
    }
    None
}

fn number_and_year(c: &mut Reader<'_>) -> Option<()> {
    c.number(2)?;
    c.eat_any(&["st", "nd", "rd", "th"]);
    c.attempt(|c| {
        c.eat(",");
        c.gap().then_some(())?;
        c.number(4).map(|_| ())
    });
    Some(())
}

/// `27 nov 2020`, `2020-01-01`
fn in_digits(c: &mut Reader<'_>) -> Option<()> {
    let dashed = c.attempt(|c| {
        c.number(4)?;
        let stroke = c.eat_any(&["-", "/"])?;
        c.number(2)?;
        c.eat(["-", "/"][stroke])
            .then(|| c.number(2))
            .flatten()
            .map(|_| ())
    });
    if dashed.is_some() {
        return dashed;
    }
    if let Some(day) = c.attempt(no_day) {
        return Some(day);
    }
    if let Some(span) = c.attempt(span_of_times) {
        return Some(span);
    }
    c.number(2)?;
    c.eat_any(&["st", "nd", "rd", "th"]);
    c.eat_next_word(&["of"]);
    c.gap().then_some(())?;
    words::month(c.word().text())?;
    c.attempt(|c| {
        c.gap().then_some(())?;
        c.number(4).map(|_| ())
    });
    Some(())
}

/// `2/30 5pm`, or 12/25(木) if that day is a Friday: it looks like a day, and is none.
fn no_day(c: &mut Reader<'_>) -> Option<()> {
    c.number(2)?;
    c.eat("/").then(|| c.number(2)).flatten()?;
    let weekday = c.attempt(japanese::bracketed_weekday);
    let mut next = *c;
    (weekday.is_some() || next.gap() && sure::is_time(next)).then_some(())
}

/// `3-4pm`, `10:00-11:00`
fn span_of_times(c: &mut Reader<'_>) -> Option<()> {
    let time = |c: &mut Reader<'_>| {
        c.number(2)?;
        let minutes = c.attempt(|c| c.eat(":").then(|| c.number(2)).flatten());
        let half = c.attempt(|c| c.eat_any(&["am", "pm"]));
        Some(minutes.is_some() || half.is_some())
    };
    let first = time(c)?;
    c.eat_any(&["-", "–", "—", "~", "〜"])?;
    let last = time(c)?;
    (first || last).then_some(())
}

fn in_japanese(c: &mut Reader<'_>) -> Option<()> {
    let days = [
        "一昨日",
        "昨日",
        "おととい",
        "昨夜",
        "昨晩",
        "先週",
        "先々週",
        "先月",
        "去年",
        "昨年",
        "翌日",
        "翌週",
        "翌月",
        "翌朝",
        "前日",
        "当日",
        "祝日",
        "営業日",
        "最終",
        "明日",
        "明後日",
        "今日",
        "来週",
        "来月",
        "毎日",
        "毎週",
        "毎月",
        "毎年",
        "毎朝",
        "毎晩",
        "隔週",
        "隔月",
    ];
    if c.eat_any(&days).is_some() {
        return Some(());
    }
    // 月水金, if it does not stand alone.
    let letters = c.attempt(|c| {
        japanese::weekday_letter(c)?;
        japanese::weekday_letter(c)?;
        japanese::weekday_letter(c).map(|_| ())
    });
    let weekday = letters.or_else(|| c.attempt(japanese::weekday).map(|_| ()));
    // 2月30日, and 12月25日(木) if that day is a Friday.
    let date = weekday.or_else(|| {
        c.attempt(|c| {
            japanese::number(c)?;
            c.eat("月").then_some(())?;
            japanese::number(c)?;
            c.eat("日").then_some(())
        })
    });
    // 土日 by itself.
    let start = *c;
    let date = date.or_else(|| {
        c.attempt(|c| {
            japanese::weekday_letter(c)?;
            japanese::weekday_letter(c)?;
            let alone = (start.at_start() || start.blanks_before() > 0) && japanese::is_edge(*c);
            alone.then_some(())
        })
    });
    date.or_else(|| {
        japanese::number(c)?;
        let time = c.eat("時") && !c.sees(&["間", "限", "代"]);
        // 3日 may say how long something takes; 1日から and 1日と are days.
        let mut listed = || c.eat("日") && c.sees(&["から", "と", "や", "か", "〜", "~", "-", "・", "、"]);
        (time || listed()).then_some(())
    })
}
