//! Days in Japanese: 明日, 来週火曜, 11月27日, 3日後, 月末.

use std::collections::BTreeSet;

use tsugi_calendar::{Date, Weekday};

use super::clock;
use crate::candidate::{Day, Hour, Part, Sense, Unit};
use crate::context::Context;
use crate::line::{EDGE, is_blank, is_japanese, is_one_of};
use crate::reader::Reader;
use crate::words::japanese as words;
use crate::words::numeric::{self, Sure};

/// The words that may follow a day.
#[derive(Clone, Copy)]
enum Follow {
    /// Anything but these, because with them it would be another word.
    AnyBut(&'static [&'static str]),
    /// Anything but hiragana, because with them it would be another word: あしたば.
    NoKana,
    /// Only characters that cannot continue a word.
    Edge,
    /// The same as [`Edge`](Self::Edge), for digits such as 11/27, which may mean something else.
    Numbers(Sure),
}

const FREE: Follow = Follow::AnyBut(&["付", "号", "版", "分", "生", "現在", "前", "間", "目"]);

/// A day, with the words that lead to it and from it, and how sure it is.
pub(crate) fn read(c: &mut Reader<'_>, context: &Context) -> Option<(Sense, Sure)> {
    if let Some(found) = c.attempt(|c| labelled(c, context)) {
        return Some((found, Sure::Yes));
    }
    let (day, follow) = phrase(c, context)?;
    let bare = *c;
    let sense = tail(c, day, follow, context)?;
    let led = bare.sees(&["に", "まで", "締", "〆", "期限"]);
    let sure = match follow {
        Follow::Numbers(_) if led => Sure::Yes,
        Follow::Numbers(sure) => sure,
        Follow::AnyBut(_) | Follow::NoKana | Follow::Edge => Sure::Yes,
    };
    Some((sense, sure))
}

/// 期限 12/15, 締切：月末, 開始 12/1
fn labelled(c: &mut Reader<'_>, context: &Context) -> Option<Sense> {
    let before = c.before();
    let label = c.eat_any(&["期限", "締め切り", "締切", "〆切", "開始日", "開始"])?;
    c.eat_any(&["日"]);
    let spaced = c.eat_any(&[":", "は"]).is_some() | c.gap();
    let spaced = spaced || c.peek().is_ascii_digit();
    let (day, _) = phrase(c, context)?;
    let holds = spaced && !is_japanese(before) && words::is_edge_or_phrase(*c) && day.hour == Hour::Unsaid;
    let sense = match label {
        0..=3 => Sense::Day(day),
        _ => Sense::Start(day.date),
    };
    holds.then_some(sense)
}

/// The end of a day that is a part of a sentence and is not taken: 明日の準備.
pub(crate) fn mention(c: &mut Reader<'_>, context: &Context) -> Option<()> {
    let (_, follow) = phrase(c, context)?;
    (!matches!(follow, Follow::Numbers(_))).then_some(())
}

/// The words between the day and the rest of the line: a deadline, a beginning, a particle, or nothing.
fn tail(c: &mut Reader<'_>, day: Day, follow: Follow, context: &Context) -> Option<Sense> {
    if c.eat_any(&["までに", "まで"]).is_some() {
        c.eat("の");
        return Some(match day.hour {
            Hour::Unsaid => Sense::DayUntil(day.date),
            Hour::Part(_) | Hour::Exact(_) => Sense::Day(day),
        });
    }
    if c.eat_any(&["締め切り", "締切", "〆切", "期限"]).is_some() {
        c.eat_any(&["の", "で"]);
        return Some(Sense::Day(day));
    }
    if c.sees(&["から", "開始", "スタート"]) {
        c.eat_any(&["から", "開始", "スタート"]);
        // 月曜から金曜 is a span, and 明日からの旅行 is the name of a journey.
        let mut next = *c;
        next.gap();
        let span = next.peek().is_ascii_digit() || phrase(&mut next, context).is_some();
        return (!span && !c.sees(&["の"])).then_some(Sense::Start(day.date));
    }
    let timed = c.attempt(|c| {
        let mut ahead = *c;
        (c.eat("の") && ahead.eat("の") && clock::read(&mut ahead, true).is_some()).then_some(())
    });
    // 会議を明日に変更 is about a day, and does not say when the task is due.
    let moved = c.sees(&[
        "に延期",
        "に変更",
        "に移動",
        "になる",
        "になった",
        "にする",
        "にずら",
        "にかけて",
        "に決",
        "に関",
        "について",
    ]);
    if moved || (timed.is_none() && words::is_part_of_sentence(*c)) {
        return None;
    }
    let bare = *c;
    words::eat_particle(c);
    let counts = words::number(&mut c.clone()).is_some() && clock::read(&mut c.clone(), true).is_none();
    let holds = match follow {
        Follow::AnyBut(words) => !bare.sees(words),
        Follow::NoKana => c.at > bare.at || !matches!(bare.peek(), '\u{3041}'..='\u{309F}' | 'ー'),
        // 1日に3回 says how often.
        Follow::Edge | Follow::Numbers(_) => {
            !counts_next(*c) && !counts && (c.at > bare.at || words::is_edge_or_phrase(bare))
        }
    };
    (holds || timed.is_some()).then_some(Sense::Day(day))
}

/// Whether a number that is not a time follows after a space: 1日 3回.
fn counts_next(mut c: Reader<'_>) -> bool {
    c.gap() && words::number(&mut c.clone()).is_some() && clock::read(&mut c, true).is_none()
}

/// A day by itself.
fn phrase(c: &mut Reader<'_>, context: &Context) -> Option<(Day, Follow)> {
    let whole = |(date, follow)| (Day::whole(date), follow);
    c.attempt(|c| near(c, context))
        .or_else(|| c.attempt(|c| in_week(c, context)).map(whole))
        .or_else(|| c.attempt(|c| in_month(c, context)).map(whole))
        .or_else(|| c.attempt(|c| in_year(c, context)).map(whole))
        .or_else(|| c.attempt(|c| end_of_year(c, context)).map(whole))
        .or_else(|| c.attempt(|c| weekday(c, context)).map(whole))
        .or_else(|| c.attempt(|c| later(c, context)))
        .or_else(|| c.attempt(|c| in_numbers(c, context)).map(whole))
}

/// 今日, 明日 and their like.
fn near(c: &mut Reader<'_>, context: &Context) -> Option<(Day, Follow)> {
    const NEAR: [(&str, u32); 12] = [
        ("明々後日", 3),
        ("しあさって", 3),
        ("明後日", 2),
        ("あさって", 2),
        ("明日", 1),
        ("あした", 1),
        ("あす", 1),
        ("本日", 0),
        ("今日", 0),
        ("きょう", 0),
        ("今夜", 0),
        ("今晩", 0),
    ];
    let before = c.before();
    let (word, days) = NEAR.into_iter().find(|(word, _)| c.eat(word))?;
    let date = context.today.plus(i32::try_from(days).ok()?)?;
    let evening = matches!(word, "今夜" | "今晩");
    let hour = if evening {
        Hour::Part(Part::Night)
    } else {
        Hour::Unsaid
    };
    let in_kana = matches!(word, "あした" | "あす" | "きょう");
    let joined = in_kana && is_japanese(before);
    // 日本日 …, 昨今日 …; and 明日香, 今日子 are people.
    if joined || matches!(before, '日' | '昨') || is_name(*c, word) {
        return None;
    }
    c.eat_any(&["中に", "じゅうに"]);
    let edge = *c;
    if !evening && c.eat("中") && !words::is_edge(*c) {
        *c = edge;
    }
    let follow = if in_kana {
        Follow::NoKana
    } else {
        Follow::AnyBut(&["的", "明日", "明後日", "中", "号", "付", "以", "葉を", "葉の"])
    };
    Some((Day { date, hour }, follow))
}

/// Whether the next character makes a name of the word, and a word that usually follows a name comes after it.
fn is_name(c: Reader<'_>, word: &str) -> bool {
    let letters = match word {
        "明日" => "香葉奈美子菜海花翔希未架加佳央代見",
        "今日" => "子香",
        _ => return false,
    };
    let mut behind = c;
    behind.at += 1;
    let ends = behind.peek() == EDGE
        || is_blank(behind.peek())
        || behind.sees(&[
            "さ", "ち", "く", "君", "様", "に", "と", "へ", "の", "を", "が", "は",
        ]);
    is_one_of(c.peek(), letters) && c.peek() != EDGE && ends
}

/// 来週, 来週火曜, 今週の金曜, 週末
fn in_week(c: &mut Reader<'_>, context: &Context) -> Option<(Date, Follow)> {
    let today = context.today;
    let before = c.before();
    if c.eat("週末") {
        let saturday = if today.weekday() == Weekday::Sunday {
            today
        } else {
            today.weekday_from(Weekday::Saturday)?
        };
        return (!matches!(before, '毎' | '先' | '隔')).then_some((saturday, Follow::Edge));
    }
    let index = c.eat_any(&["今週", "来週", "再来週"])?;
    let weeks = u32::try_from(index).ok()?;
    let weekday = c.attempt(|c| {
        c.eat("の");
        words::weekday(c)
    });
    if let Some(weekday) = weekday {
        let date = today.in_week(weeks, weekday, context.week_starts)?;
        return (date >= today).then_some((date, FREE));
    }
    if c.eat("末") {
        let date = today.in_week(weeks, Weekday::Saturday, context.week_starts)?;
        return (date >= today).then_some((date, Follow::Edge));
    }
    let date = today.in_week(weeks, Weekday::Monday, context.week_starts)?;
    (weeks > 0).then_some((date, Follow::AnyBut(&["号", "中", "分", "前", "刊", "以"])))
}

/// 来月, 来月5日, 今月末, 月末
fn in_month(c: &mut Reader<'_>, context: &Context) -> Option<(Date, Follow)> {
    let before = c.before();
    if c.eat("月末") {
        let part = before.is_ascii_digit() || matches!(before, 'ヶ' | 'か' | 'カ' | '毎' | '先' | '年');
        return (!part).then_some((context.today.end_of_month(), Follow::Edge));
    }
    let index = c.eat_any(&["今月", "来月", "再来月"])?;
    let months = u32::try_from(index).ok()?;
    let month = context.today.start_of_month().plus_months(months)?;
    let named = c.attempt(|c| {
        c.eat("の");
        if c.eat_any(&["末日", "月末", "末"]).is_some() {
            return Some(month.end_of_month());
        }
        if let Some((nths, weekday)) = words::nth_weekday(c) {
            return month.nth_weekday(only(&nths)?, weekday);
        }
        let (day, _) = words::number(c)?;
        let day = u8::try_from(day).ok()?;
        c.eat("日")
            .then(|| Date::new(month.year(), month.month(), day))
            .flatten()
    });
    match named {
        Some(date) => (date >= context.today).then_some((date, FREE)),
        None => (months > 0).then_some((month, Follow::AnyBut(&["号", "中", "分", "前", "以", "度", "末"]))),
    }
}

/// 年末, 大晦日, 元日
fn end_of_year(c: &mut Reader<'_>, context: &Context) -> Option<(Date, Follow)> {
    let before = c.before();
    let (month, day) = match c.eat_any(&["年末", "大晦日", "大みそか", "元日", "元旦"])? {
        0..=2 => (12, 31),
        _ => (1, 1),
    };
    // 昨年末 and 2020年末 do not mean this year.
    let other = is_one_of(before, "昨同各毎去本翌年初紀") || before.is_ascii_digit();
    let date = context.today.next_year_day(month, day)?;
    (!other).then_some((date, Follow::Edge))
}

/// The only place in a month. None if there are several: 来月第2・第4火曜 are two days.
fn only(nths: &BTreeSet<i8>) -> Option<i8> {
    let mut all = nths.iter();
    let first = all.next()?;
    all.next().is_none().then_some(*first)
}

/// 来年3月1日
fn in_year(c: &mut Reader<'_>, context: &Context) -> Option<(Date, Follow)> {
    let index = c.eat_any(&["今年", "来年", "再来年"])?;
    let year = u32::from(context.today.year()) + u32::try_from(index).ok()?;
    c.eat("の");
    let (month, day) = words::month_day(c)?;
    Some((numeric::month_day(context, Some(year), month, day)?, FREE))
}

/// 月曜, 次の月曜. Today's weekday means the day a week later.
fn weekday(c: &mut Reader<'_>, context: &Context) -> Option<(Date, Follow)> {
    let mut back = *c;
    if back.before() == 'の' {
        back.at -= 1;
    }
    // 先週の月曜 is over, and 隔週月曜 is read from its beginning.
    let spoiled = back.before() == '週' || matches!(c.before(), '毎' | '第' | '隔' | '前' | 'が');
    if spoiled {
        return None;
    }
    c.eat_any(&["次の", "今度の"]);
    let weekday = words::weekday(c)?;
    let date = context.today.plus(1)?.weekday_from(weekday)?;
    let follow = Follow::AnyBut(&[
        "大工",
        "版",
        "会の",
        "会に",
        "会で",
        "会へ",
        "会を",
        "会は",
        "劇場",
        "ロード",
        "洋画",
        "サスペンス",
        "ドラマ",
        "ランド",
        "礼拝",
        "学校",
        "定休",
        "休み",
        "〜",
        "付",
        "号",
        "プレ",
    ]);
    Some((date, follow))
}

/// 3日後, 二週間後, 半年後, 30分後
fn later(c: &mut Reader<'_>, context: &Context) -> Option<(Day, Follow)> {
    let today = context.today;
    let counted = c.attempt(|c| {
        let (count, _) = words::number(c)?;
        Some((count, words::unit(c)?))
    });
    let (count, unit) = match counted {
        Some(found) => found,
        None => c.eat("半年").then_some((6, Unit::Months))?,
    };
    c.eat("後").then_some(())?;
    let minutes = |minutes: u32| {
        let (days, time) = context.now.plus_minutes(minutes);
        let date = today.plus(i32::try_from(days).ok()?)?;
        let hour = Hour::Exact(time);
        Some(Day { date, hour })
    };
    let day = match unit {
        Unit::Minutes => minutes(count)?,
        Unit::Hours => minutes(count * 60)?,
        Unit::Days | Unit::Weeks | Unit::Months | Unit::Years => Day::whole(unit.after(today, count)?),
    };
    Some((day, Follow::AnyBut(&["半", "期", "輩", "方", "任"])))
}

/// 2027年3月1日, 11月27日, 12月末, 5日, 11/27
fn in_numbers(c: &mut Reader<'_>, context: &Context) -> Option<(Date, Follow)> {
    let start = *c;
    if let Some((date, sure)) = c.attempt(|c| numeric::day(c, context)) {
        let follow = match sure {
            Sure::Yes => FREE,
            Sure::Mostly | Sure::Hardly => Follow::Numbers(sure),
        };
        return Some((date, follow));
    }
    let year = c.attempt(|c| {
        let year = numeric::year(c)?;
        c.eat("年").then_some(year)
    });
    // 2020年1月1日 is over, and its end 1月1日 must not count as the next 1 January.
    if start.before() == '年' {
        return None;
    }
    if let Some((month, day)) = words::month_day(c) {
        let date = numeric::month_day(context, year, month, day)?;
        let weekday = c.attempt(words::bracketed_weekday);
        return weekday
            .is_none_or(|weekday| weekday == date.weekday())
            .then_some((date, FREE));
    }
    let in_month = c.attempt(|c| {
        let (month, _) = words::number(c)?;
        c.eat("月").then_some(())?;
        let first = numeric::month_day(context, year, month, 1);
        let this = context.today.start_of_month();
        let first = if month == u32::from(this.month()) {
            Some(this)
        } else {
            first
        }?;
        c.eat("の");
        if c.eat_any(&["末日", "月末", "末"]).is_some() {
            return Some(first.end_of_month());
        }
        let (nths, weekday) = words::nth_weekday(c)?;
        first.nth_weekday(only(&nths)?, weekday)
    });
    if let Some(date) = in_month {
        return (date >= context.today).then_some((date, FREE));
    }
    if year.is_some() {
        return None;
    }
    bare_day(c, context, start)
}

/// 5日: the next 5th, unless it may mean five days.
fn bare_day(c: &mut Reader<'_>, context: &Context, start: Reader<'_>) -> Option<(Date, Follow)> {
    let mut back = start;
    back.at = back.at.saturating_sub(2);
    let counts = is_one_of(start.before(), "約計全各第丸中り年月後毎") || back.sees(&["あと"]);
    let day = c.number(2)?;
    let day = u8::try_from(day).ok()?;
    if counts && start.before() != EDGE || !c.eat("日") {
        return None;
    }
    let weekday = c.attempt(words::bracketed_weekday);
    let date = context.today.next_month_day(day)?;
    weekday
        .is_none_or(|weekday| weekday == date.weekday())
        .then_some((date, Follow::Edge))
}
