//! What stands beside a phrase and joins it to more: `of`, `or`, `-`, か, から. Half a phrase gives a wrong date without a
//! word, so what is joined is read as a whole or stays in the title.
//!
//! One rule for all phrases and both sides: the words next to a phrase are looked at, over spaces, commas and brackets.
//! A phrase that wants a joint has taken it in (`on the 5th of next month`); one that still stands there was not read.

use tsugi_calendar::rule::Every;

use crate::candidate::{Sense, Unit};
use crate::line::{EDGE, is_blank, is_japanese, is_one_of};
use crate::reader::Reader;
use crate::words::{english, japanese};

/// Signs that join on either side.
const SIGNS: &str = "-–—~〜～&+/…→<>=・×*";

/// Whether a joint ends right before this place, where a phrase of this sense begins.
pub(crate) fn before(start: Reader<'_>, sense: &Sense) -> bool {
    let mut c = start;
    let mut behind_comma = false;
    loop {
        let char = c.before();
        match char {
            EDGE => return false,
            ',' | '、' => behind_comma = true,
            '(' | ')' | '[' | ']' | '【' | '】' => {}
            _ if is_blank(char) => {}
            _ => break,
        }
        c.at -= 1;
    }
    let char = c.before();
    if is_one_of(char, SIGNS) {
        return true;
    }
    if char == '.' {
        let mut dots = c;
        dots.at -= 1;
        return dots.before() == '.';
    }
    if char.is_ascii_lowercase() {
        return word_joins_behind(c, start, sense);
    }
    if char.is_ascii_digit() {
        return behind_comma && digits_stand_alone(c);
    }
    if is_japanese(char) {
        return particle_ends(c, start.at == c.at);
    }
    false
}

/// Whether a joint begins right here, where a phrase of this sense ends.
pub(crate) fn after(end: Reader<'_>, sense: &Sense) -> bool {
    let mut c = end;
    loop {
        let char = c.peek();
        match char {
            EDGE => return false,
            ',' | '、' | '(' | ')' | '[' | ']' | '【' | '】' => {}
            _ if is_blank(char) => {}
            _ => break,
        }
        c.at += 1;
    }
    let char = c.peek();
    if is_one_of(char, SIGNS) && !is_name(c) {
        return true;
    }
    if char == '.' {
        return c.ahead(1) == '.' && !c.at_end();
    }
    if char.is_ascii_lowercase() {
        return word_joins_ahead(c, sense);
    }
    if char.is_ascii_digit() {
        return number_joins(c, sense) || narrows(c, end.at == c.at, sense);
    }
    if is_japanese(char) {
        return particle_begins(c, end.at == c.at, sense);
    }
    false
}

/// `+list`, `/section`, `#list`: a sign with its name is no joint.
fn is_name(c: Reader<'_>) -> bool {
    matches!(c.peek(), '+' | '/') && is_blank(c.before()) && !is_blank(c.ahead(1)) && c.ahead(1) != EDGE
}

fn word_joins_behind(c: Reader<'_>, start: Reader<'_>, sense: &Sense) -> bool {
    let word = c.word_before();
    let text = word.text();
    let mut back = c;
    back.at -= text.len();
    // `2nd` belongs to the weekday behind it, and so does a possessive to whatever is behind it.
    let apostrophe = matches!(back.before(), '\'' | '’');
    if back.before().is_ascii_digit() && matches!(text, "st" | "nd" | "rd" | "th")
        || apostrophe && text == "s"
    {
        return true;
    }
    if text.is_empty() || !matches!(back.before(), EDGE | '(' | '[' | '"' | ',') && !is_blank(back.before()) {
        // A part of a word (`don't`) joins nothing.
        return false;
    }
    // `dec 5/6`
    if matches!(sense, Sense::Day(_)) && start.peek().is_ascii_digit() && english::month(text).is_some() {
        return true;
    }
    if joins(text) || leads(text) || is_article(text) || qualifies(text) || names_day(text) {
        return true;
    }
    if english::unit(text).is_some() {
        // `every 3 hours`, `a week`, but not `laundry day`; `20 minutes` is how long.
        let before = back.word_before();
        let mut digits = back;
        digits.at -= digits.blanks_before();
        let counted = digits.before().is_ascii_digit() || english::number(before.text()).is_some();
        let long = matches!(
            english::unit(text),
            Some(Unit::Days | Unit::Weeks | Unit::Months | Unit::Years)
        );
        let again = matches!(before.text(), "every" | "each" | "per" | "a" | "an" | "other");
        return again || counted && long;
    }
    // `half past`, `quarter to` are above; `twice daily`, `3 times weekly`.
    matches!(sense, Sense::Repeat(..)) && matches!(text, "times" | "time" | "bi" | "semi")
}

fn word_joins_ahead(mut c: Reader<'_>, sense: &Sense) -> bool {
    let word = c.word();
    if !c.ends_word() {
        return false;
    }
    let text = word.text();
    if joins(text) || names_day(text) || english::unit(text).is_some() {
        return true;
    }
    match text {
        "the" | "time" | "ago" | "onward" | "onwards" | "earlier" | "later" | "mornings" | "afternoons"
        | "evenings" | "nights" | "morning" | "afternoon" | "evening" | "fortnight" | "am" | "pm" => true,
        "utc" | "gmt" | "est" | "edt" | "cst" | "cdt" | "mst" | "mdt" | "pst" | "pdt" | "et" | "pt"
        | "ct" | "cet" | "cest" | "bst" | "jst" | "ist" | "aest" => matches!(sense, Sense::Time(_)),
        "instead" | "rather" => true,
        "once" | "twice" | "thrice" => matches!(sense, Sense::Repeat(..)),
        "next" | "this" | "last" | "at" | "by" | "from" | "in" | "on" | "for" => {
            c.gap();
            let counts = c.peek().is_ascii_digit() && text != "for";
            let mut next = c;
            let the = next.eat_word(&["the"]);
            if the {
                next.gap();
            }
            let word = next.word();
            counts
                || names_day(word.text())
                || the && text == "by"
                || (text == "for" && lasts(c, sense))
                || matches!(text, "next" | "this" | "last") && english::unit(word.text()).is_some()
        }
        _ => false,
    }
}

/// `for 2 weeks` behind a rule is its end; elsewhere it is how long something takes.
fn lasts(mut c: Reader<'_>, sense: &Sense) -> bool {
    if !matches!(sense, Sense::Repeat(..)) {
        return false;
    }
    let counted = c.number(4).is_some() || english::number(c.word().text()).is_some();
    c.gap();
    counted
        && matches!(
            english::unit(c.word().text()),
            Some(Unit::Days | Unit::Weeks | Unit::Months | Unit::Years)
        )
}

/// `nov 27, 28`, `monday 5`, `every month 5th`: a number that nothing follows belongs to the day before it.
fn number_joins(mut c: Reader<'_>, sense: &Sense) -> bool {
    if matches!(sense, Sense::Count(_)) {
        return false;
    }
    let Some(number) = c.number(4) else { return false };
    if c.eat_any(&["st", "nd", "rd", "th"]).is_some() {
        return c.ends_word();
    }
    let is_time = matches!(sense, Sense::Time(_));
    let fits = number <= 31 || (number > 999 && !is_time);
    let mut next = c;
    next.gap();
    let listed = next.peek() == ',' || is_one_of(next.peek(), SIGNS) || joins(next.word().text());
    let ends = c.ends_word() && c.at_end();
    fits && (ends || listed)
}

fn digits_stand_alone(mut c: Reader<'_>) -> bool {
    let end = c.at;
    while c.before().is_ascii_digit() {
        c.at -= 1;
    }
    end - c.at <= 2 && (is_blank(c.before()) || matches!(c.before(), EDGE | ','))
}

/// Words that join on either side.
fn joins(word: &str) -> bool {
    matches!(
        word,
        "of" | "to"
            | "or"
            | "and"
            | "nor"
            | "but"
            | "not"
            | "except"
            | "excluding"
            | "unless"
            | "without"
            | "minus"
            | "plus"
            | "versus"
            | "vs"
            | "until"
            | "till"
            | "til"
            | "through"
            | "thru"
            | "throughout"
            | "during"
            | "between"
            | "within"
            | "before"
            | "after"
            | "since"
            | "than"
            | "per"
            | "every"
            | "each"
            | "biweekly"
            | "bimonthly"
            | "daily"
            | "weekly"
            | "fortnightly"
            | "monthly"
            | "quarterly"
            | "yearly"
            | "annually"
            | "everyday"
    )
}

/// Prepositions that a phrase takes in, if it is one that they lead to.
fn leads(word: &str) -> bool {
    matches!(
        word,
        "on" | "at"
            | "in"
            | "by"
            | "due"
            | "for"
            | "from"
            | "start"
            | "starting"
            | "starts"
            | "beginning"
            | "ending"
            | "via"
            | "till"
    )
}

fn is_article(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "a"
            | "an"
            | "my"
            | "our"
            | "your"
            | "his"
            | "her"
            | "their"
            | "its"
            | "any"
            | "some"
            | "both"
            | "either"
            | "neither"
            | "no"
    )
}

/// Words that make another day of a day, or a name: `last friday`, `early next week`, `black friday`.
fn qualifies(word: &str) -> bool {
    matches!(
        word,
        "last"
            | "next"
            | "this"
            | "that"
            | "these"
            | "those"
            | "past"
            | "previous"
            | "other"
            | "about"
            | "around"
            | "almost"
            | "nearly"
            | "roughly"
            | "early"
            | "late"
            | "else"
            | "also"
            | "instead"
            | "later"
            | "mid"
            | "middle"
            | "sometime"
            | "half"
            | "quarter"
            | "once"
            | "twice"
            | "thrice"
            | "black"
            | "good"
            | "cyber"
            | "easter"
            | "palm"
            | "ash"
            | "casual"
            | "usa"
            | "super"
            | "bloody"
            | "manic"
            | "ruby"
            | "fat"
            | "giving"
            | "taco"
            | "freaky"
            | "holy"
            | "shrove"
            | "pancake"
            | "first"
            | "second"
            | "third"
            | "fourth"
            | "fifth"
    )
}

/// Words that are a day wherever they stand.
fn names_day(word: &str) -> bool {
    let weekday = english::weekday(word).is_some();
    let month = matches!(
        word,
        "january" | "february" | "july" | "september" | "october" | "november" | "december"
    );
    weekday
        || month
        || english::plural_weekday(word).is_some()
        || matches!(
            word,
            "today"
                | "tomorrow"
                | "yesterday"
                | "tonight"
                | "noon"
                | "midnight"
                | "weekday"
                | "weekdays"
                | "weekend"
                | "weekends"
        )
}

/// Whether a particle ends before this place that joins what stands before it to what comes. `adjoins` is whether the
/// phrase begins at once.
fn particle_ends(c: Reader<'_>, adjoins: bool) -> bool {
    let mut back = c;
    let ends = |back: &mut Reader<'_>, text: &str| {
        let count = text.chars().count();
        let from = back.at.checked_sub(count);
        from.is_some_and(|from| {
            let mut ahead = *back;
            ahead.at = from;
            ahead.eat(text)
        })
    };
    let words = [
        "または",
        "もしくは",
        "および",
        "及び",
        "あるいは",
        "それとも",
        "ないし",
        "かつ",
        "以外",
        "除く",
        "日間",
        "週間",
        "月間",
        "年間",
    ];
    if words.iter().any(|word| ends(&mut back, word)) {
        return true;
    }
    let particles = ["から", "まで", "より", "の", "と", "や", "か"];
    let Some(particle) = particles.iter().find(|particle| ends(&mut back, particle)) else {
        return false;
    };
    if adjoins {
        return true;
    }
    // Behind a space すいか is a word, and 土曜か is not.
    back.at -= particle.chars().count();
    let before = back.before();
    before == EDGE
        || is_blank(before)
        || before.is_ascii_digit()
        || is_one_of(before, "曜日時分月年末週朝夜晩昼")
}

fn particle_begins(c: Reader<'_>, adjoins: bool, sense: &Sense) -> bool {
    let words = [
        "または",
        "もしくは",
        "および",
        "及び",
        "あるいは",
        "それとも",
        "ないし",
        "かつ",
        "以外",
        "以降",
        "以前",
        "以内",
        "以後",
        "除",
        "のぞ",
        "から",
        "まで",
        "ごと",
        "おき",
    ];
    if c.sees(&words) {
        return true;
    }
    if adjoins
        && c.sees(&[
            "の",
            "と",
            "や",
            "も",
            "が",
            "を",
            "へ",
            "より",
            "くらい",
            "ぐらい",
            "あたり",
            "前後",
        ])
    {
        return true;
    }
    // 10日頃 is no day; 10時頃 is a time.
    if !matches!(sense, Sense::Time(_)) && c.sees(&["頃", "ごろ", "ころ"]) {
        return true;
    }
    if c.peek() == 'か' {
        let next = c.ahead(1);
        let hiragana = matches!(next, '\u{3041}'..='\u{309F}' | 'ー');
        return (adjoins && (!hiragana || is_one_of(next, "なも"))) || is_blank(next);
    }
    // か, と, の standing alone between spaces.
    if is_one_of(c.peek(), "のとや") && is_blank(c.ahead(1)) {
        return true;
    }
    narrows(c, adjoins, sense)
}

/// What narrows a repetition down: 毎月最終営業日, 毎週2回, 毎週土日以外, 毎日朝と夜, 毎日2週間. 毎日3回 is how often a day,
/// which the title may say.
fn narrows(mut c: Reader<'_>, adjoins: bool, sense: &Sense) -> bool {
    let Sense::Repeat(rule, _) = sense else {
        return false;
    };
    let words = [
        "最終",
        "最後",
        "最初",
        "第",
        "初日",
        "月初",
        "上旬",
        "中旬",
        "下旬",
        "前半",
        "後半",
        "営業日",
        "平日",
        "祝日",
        "奇数",
        "偶数",
        "末",
    ];
    if c.sees(&words) {
        return true;
    }
    let mut parts = c;
    if parts.eat_any(&["朝", "昼", "夕方", "夜", "晩"]).is_some()
        && parts.sees(&["と", "や", "・", "、", "&", "/"])
    {
        return true;
    }
    // 毎週土日以外, 毎週月・水か; but 毎週水やり.
    let is_bare_week = matches!(&rule.every, Every::Week(days) if days.is_empty());
    let mut letters = c;
    if is_bare_week && adjoins && japanese::weekday_letter(&mut letters).is_some() {
        letters.eat_any(&["・", "、", ",", "/", "&", "と", "か", "や", "〜", "~", "-"]);
        if japanese::weekday_letter(&mut letters).is_some() {
            return true;
        }
    }
    let Some((count, _)) = japanese::number(&mut c) else {
        return false;
    };
    if c.sees(&["日間", "週間", "か月間", "ヶ月間", "カ月間", "ヵ月間", "年間"]) {
        return true;
    }
    if adjoins && c.sees(&["日", "曜", "週", "月", "時"]) {
        return !c.sees(&["時間"]);
    }
    count > 1 && rule.every != Every::Day && c.sees(&["回", "度"])
}
