//! Japanese particles and words that join a phrase to the words before or after it.

use tsugi_calendar::rule::Every;

use crate::candidate::Sense;
use crate::line::{EDGE, is_blank, is_one_of};
use crate::reader::Reader;
use crate::words::japanese;

/// Whether a particle that joins the words before it to the next phrase ends before this place. `adjoins` is
/// whether the phrase begins right there.
pub(super) fn ends_before(c: Reader<'_>, adjoins: bool) -> bool {
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
    if c.ends_with(&words) {
        return true;
    }
    let particles = ["から", "まで", "より", "の", "と", "や", "か"];
    let Some(particle) = particles.iter().find(|particle| c.ends_with(&[particle])) else {
        return false;
    };
    if adjoins {
        return true;
    }
    // After a space, the か of すいか is a part of a word, and that of 土曜か is a particle.
    let mut back = c;
    back.at -= particle.chars().count();
    let before = back.before();
    before == EDGE
        || is_blank(before)
        || before.is_ascii_digit()
        || is_one_of(before, "曜日時分月年末週朝夜晩昼")
}

/// Whether a particle that joins the phrase before it to more begins here.
pub(super) fn begins_after(c: Reader<'_>, adjoins: bool, sense: &Sense) -> bool {
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
    // 10日頃 is not a day; 10時頃 is a time.
    if !matches!(sense, Sense::Time(_)) && c.sees(&["頃", "ごろ", "ころ"]) {
        return true;
    }
    if c.peek() == 'か' {
        let next = c.ahead(1);
        let hiragana = matches!(next, '\u{3041}'..='\u{309F}' | 'ー');
        return (adjoins && (!hiragana || is_one_of(next, "なも"))) || is_blank(next);
    }
    // か, と or の alone between spaces.
    if is_one_of(c.peek(), "のとや") && is_blank(c.ahead(1)) {
        return true;
    }
    narrows(c, adjoins, sense)
}

/// Words that narrow a repetition down: 毎月最終営業日, 毎週2回, 毎週土日以外, 毎日朝と夜, 毎日2週間. 毎日3回 says how often a day, which may
/// be a part of the title.
pub(super) fn narrows(mut c: Reader<'_>, adjoins: bool, sense: &Sense) -> bool {
    let Sense::Repeat(rule, _) = sense else {
        return false;
    };
    let words = [
        "最終",
        "最後",
        "最初",
        "第",
        "初日",
        "初め",
        "はじめ",
        "始め",
        "頭",
        "春",
        "夏",
        "秋",
        "冬",
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
