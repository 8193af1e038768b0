//! The shared parts of the Japanese grammar: numbers, weekdays, units, and the characters that may follow a phrase.

use std::collections::BTreeSet;

use tsugi_calendar::{Date, Weekday};

use crate::candidate::Unit;
use crate::line::{EDGE, is_blank, is_japanese, is_one_of};
use crate::reader::Reader;

const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
const DIGITS: &str = "〇一二三四五六七八九";

/// A number in digits or in kanji up to 99, and whether it was in kanji.
pub(crate) fn number(c: &mut Reader<'_>) -> Option<(u32, bool)> {
    c.attempt(|c| c.number(3))
        .map(|number| (number, false))
        .or_else(|| c.attempt(kanji).map(|number| (number, true)))
}

fn kanji(c: &mut Reader<'_>) -> Option<u32> {
    let digit = |c: &mut Reader<'_>| {
        let digit = DIGITS.chars().position(|digit| digit == c.peek())?;
        c.at += 1;
        u32::try_from(digit).ok()
    };
    let tens = c.attempt(digit);
    if !c.eat("十") {
        return tens.filter(|_| !is_kanji_digit(c.peek()));
    }
    let ones = c.attempt(digit).unwrap_or(0);
    (!is_kanji_digit(c.peek())).then_some(tens.unwrap_or(1) * 10 + ones)
}

fn is_kanji_digit(c: char) -> bool {
    is_one_of(c, DIGITS) || matches!(c, '十' | '百' | '千' | '万')
}

/// Whether this place is not in the middle of a number. True if no number begins here.
pub(crate) fn starts_number(c: Reader<'_>) -> bool {
    let before = c.before();
    if c.peek().is_ascii_digit() {
        return before == EDGE
            || is_blank(before)
            || is_wide(before)
            || matches!(before, '(' | '[' | '"' | ')' | ']');
    }
    !(is_kanji_digit(c.peek()) && (is_kanji_digit(before) || before.is_ascii_digit() || before == '第'))
}

fn is_wide(c: char) -> bool {
    crate::line::is_wide(c) && !matches!(c, '〜')
}

/// Words after which 3/10 is not a day.
pub(crate) fn wants_ratio(mut c: Reader<'_>) -> bool {
    c.at -= c.blanks_before();
    c.ends_with(&[
        "進捗",
        "得点",
        "点数",
        "評価",
        "残り",
        "達成",
        "完了",
        "正解",
        "比率",
        "比",
        "版",
        "号室",
        "部屋",
        "ページ",
    ])
}

/// 月曜 or 月曜日
pub(crate) fn weekday(c: &mut Reader<'_>) -> Option<Weekday> {
    c.attempt(|c| {
        let weekday = weekday_letter(c)?;
        c.eat("曜").then_some(())?;
        // 月曜日曜 is two days.
        if c.sees(&["日"]) && c.ahead(1) != '曜' {
            c.eat("日");
        }
        Some(weekday)
    })
}

/// 月 … 日, if the words before show that a weekday is meant.
pub(crate) fn weekday_letter(c: &mut Reader<'_>) -> Option<Weekday> {
    c.eat_any(&WEEKDAYS)
        .and_then(|index| Weekday::ALL.get(index).copied())
}

/// 日, 週間, ヶ月 …: units of a length of time, as in 3日.
pub(crate) fn unit(c: &mut Reader<'_>) -> Option<Unit> {
    let units = [
        ("日間", Unit::Days),
        ("日", Unit::Days),
        ("週間", Unit::Weeks),
        ("週", Unit::Weeks),
        ("ヶ月", Unit::Months),
        ("か月", Unit::Months),
        ("カ月", Unit::Months),
        ("ヵ月", Unit::Months),
        ("ケ月", Unit::Months),
        ("箇月", Unit::Months),
        ("年", Unit::Years),
        ("時間", Unit::Hours),
        ("分", Unit::Minutes),
    ];
    units
        .into_iter()
        .find(|(text, _)| c.eat(text))
        .map(|(_, unit)| unit)
}

/// 第2火曜, 第2・第4火曜, 最終金曜
pub(crate) fn nth_weekday(c: &mut Reader<'_>) -> Option<(BTreeSet<i8>, Weekday)> {
    c.attempt(|c| {
        if c.eat_any(&["最終", "最後の"]).is_some() {
            let mut last = BTreeSet::new();
            last.insert(-1);
            return Some((last, weekday(c)?));
        }
        let mut nths = BTreeSet::new();
        loop {
            let named = c.eat("第");
            let Some((nth, _)) = c.attempt(number).filter(|_| named || !nths.is_empty()) else {
                break;
            };
            nths.insert(i8::try_from(nth).ok().filter(|nth| (1..=5).contains(nth))?);
            c.eat_any(&["・", "、", "と", ","]);
        }
        let weekday = weekday(c)?;
        (!nths.is_empty()).then_some((nths, weekday))
    })
}

/// 3月3日
pub(crate) fn month_day(c: &mut Reader<'_>) -> Option<(u32, u32)> {
    c.attempt(|c| {
        let (month, _) = number(c)?;
        c.eat("月").then_some(())?;
        let (day, _) = number(c)?;
        let exists = Date::new(2000, u8::try_from(month).ok()?, u8::try_from(day).ok()?).is_some();
        (exists && c.eat("日")).then_some((month, day))
    })
}

/// 11月27日(金)
pub(crate) fn bracketed_weekday(c: &mut Reader<'_>) -> Option<Weekday> {
    c.eat("(").then_some(())?;
    let named = c.attempt(weekday).or_else(|| weekday_letter(c))?;
    c.eat(")").then_some(named)
}

/// Whether a phrase ends here in any case: nothing follows, or a space, or punctuation.
pub(crate) fn is_edge(c: Reader<'_>) -> bool {
    let next = c.peek();
    let joins = matches!(
        next,
        '〜' | '~' | '-' | '/' | '・' | '%' | '\u{FFFF}' | '\'' | '’' | '–' | '—'
    );
    !joins && !is_japanese(next) && !next.is_ascii_alphanumeric()
}

/// Whether a phrase ends here, or a phrase or sign that is not title begins.
pub(crate) fn is_edge_or_phrase(c: Reader<'_>) -> bool {
    let phrases = [
        "毎",
        "隔",
        "平日",
        "午前",
        "午後",
        "正午",
        "夜",
        "朝",
        "夕方",
        "完了後",
        "優先度",
    ];
    is_edge(c) || c.peek().is_ascii_digit() || c.sees(&phrases)
}

/// Moves over に or は if it is a particle and not the beginning of a word: にんじん, はがき.
pub(crate) fn eat_particle(c: &mut Reader<'_>) {
    c.attempt(|c| {
        c.eat_any(&["に", "は"])?;
        let word = matches!(c.peek(), '\u{3041}'..='\u{309F}' | 'ー');
        (!word).then_some(())
    });
}

/// Particles and signs that make a phrase a part of a sentence, so that it stays in the title.
pub(crate) fn is_part_of_sentence(c: Reader<'_>) -> bool {
    c.sees(&[
        "の",
        "も",
        "と",
        "や",
        "が",
        "を",
        "へ",
        "で",
        "より",
        "以",
        "〜",
        "~",
        "・",
        "頃の",
        "ごろの",
        "だ",
        "か ",
        "じゃ",
    ])
}
