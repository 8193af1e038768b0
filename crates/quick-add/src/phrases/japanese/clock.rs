//! Times in Japanese: 午後3時, 15時30分, 夜8時, 正午, and 朝 after a day.

use tsugi_calendar::Time;

use crate::candidate::{Clock, Part};
use crate::reader::Reader;
use crate::words::{japanese as words, numeric};

/// A time, with the particle after it.
pub(crate) fn read(c: &mut Reader<'_>, after_day: bool) -> Option<Clock> {
    let clock = c
        .attempt(|c| said(c, after_day))
        .or_else(|| c.attempt(noon))
        .or_else(|| c.attempt(|c| after_day.then(|| part_of_day(c)).flatten()))?;
    tail(c, after_day).then_some(clock)
}

/// The half or the part of the day that comes before an hour.
#[derive(Clone, Copy)]
enum Half {
    Unsaid,
    Before,
    After,
    Of(Part),
}

fn half(c: &mut Reader<'_>) -> Half {
    match c.eat_any(&["午前", "午後", "早朝", "朝", "お昼", "昼", "夕方", "夜"]) {
        None => Half::Unsaid,
        Some(0) => Half::Before,
        Some(1) => Half::After,
        Some(2 | 3) => Half::Of(Part::Morning),
        Some(4 | 5) => Half::Of(Part::Noon),
        Some(6) => Half::Of(Part::Evening),
        Some(_) => Half::Of(Part::Night),
    }
}

fn said(c: &mut Reader<'_>, after_day: bool) -> Option<Clock> {
    let before = c.before();
    let mut back = *c;
    back.at = back.at.saturating_sub(2);
    let late = back.sees(&["深夜", "未明"]);
    let half = half(c);
    let bare = matches!(half, Half::Unsaid);
    if let Some(clock) = c.attempt(numeric::clock) {
        let whole = !c.peek().is_ascii_alphanumeric() && (c.peek() != ':' || !c.ahead(1).is_ascii_digit());
        return whole.then(|| in_half(half, clock)).flatten();
    }
    let (hour, in_kanji) = words::number(c)?;
    c.eat("時").then_some(())?;
    let minute = c.attempt(|c| {
        if c.eat("半") {
            return Some(30);
        }
        let (minute, _) = words::number(c)?;
        c.eat("分").then_some(minute)
    });
    // 3時間 is a length of time, 1時限 is a lesson, 一時 often means a moment, and 第3時 is not a time at all.
    let other = c.sees(&[
        "間", "限", "代", "点", "差", "計", "刻", "期", "給", "発", "着", "台", "以", "過", "前", "すぎ",
        "まえ",
    ]);
    let certain = !bare || after_day || minute.is_some() || c.sees(&["に", "から", "まで"]);
    // Some people mean a time of the next day by 深夜1時, and others one of this day.
    if other || (in_kanji && !certain) || before == '第' || late {
        return None;
    }
    let time = numeric::time(hour, minute.unwrap_or(0))?;
    let clock = match hour {
        1..=12 => Clock::Half(time),
        _ => Clock::Sure(time),
    };
    in_half(half, clock)
}

fn in_half(half: Half, clock: Clock) -> Option<Clock> {
    let (Clock::Half(time) | Clock::Sure(time)) = clock;
    let found = match (half, time.hour()) {
        (Half::Unsaid, _) => return Some(clock),
        (Half::Before, 12) => Time::new(0, time.minute())?,
        (Half::Before, 0..12) | (Half::After, 13..) => time,
        (Half::After, 0..=12) => time.afternoon(),
        (Half::Of(Part::Morning), 4..=11) => time,
        (Half::Of(Part::Noon), 1..=4 | 11 | 12) => Part::Noon.of(time),
        (Half::Of(Part::Evening), 3..=7) => Part::Evening.of(time),
        (Half::Of(Part::Night), 5..=12) => Part::Night.of(time),
        (Half::Of(Part::Evening | Part::Night), 15..) => time,
        // Some people mean a time of the next day by 夜1時, and others one of this day.
        (Half::Before | Half::Of(_), _) => return None,
    };
    Some(Clock::Sure(found))
}

fn noon(c: &mut Reader<'_>) -> Option<Clock> {
    let found = c.eat("正午") && !c.sees(&["過", "すぎ", "前", "まえ"]);
    found.then_some(Clock::Sure(Time::NOON))
}

/// 朝 … after a day, unless it begins a longer word: 明日朝食.
fn part_of_day(c: &mut Reader<'_>) -> Option<Clock> {
    let part = match c.eat_any(&["夕方", "お昼", "朝", "昼", "夜", "晩"])? {
        0 => Part::Evening,
        1 | 3 => Part::Noon,
        2 => Part::Morning,
        _ => Part::Night,
    };
    let particle = c.sees(&["に", "は", "まで"]);
    let free = part == Part::Evening && !matches!(c.peek(), '\u{3041}'..='\u{309F}');
    (particle || free || words::is_edge(*c)).then(|| Clock::Sure(part.time()))
}

/// Moves over the particle, and says whether the time stands by itself and is not a part of a sentence.
fn tail(c: &mut Reader<'_>, after_day: bool) -> bool {
    c.eat_any(&["ちょうど", "ごろ", "ころ", "頃"]);
    if c.eat_any(&[
        "までに",
        "まで",
        "から",
        "開始",
        "スタート",
        "締め切り",
        "締切",
        "〆切",
    ])
    .is_some()
    {
        return !c.sees(&["の"]) || c.eat("の");
    }
    // 15時の新幹線を予約 is about a train; 明日15時の会議 is at that time.
    if after_day && c.eat("の") {
        return true;
    }
    words::eat_particle(c);
    !words::is_part_of_sentence(*c)
}
