//! Names after a sign: `#list`, `@label`, `/section`, `p1`. The signs are the same in both languages, and may be
//! full-width.

use crate::candidate::{Name, Sense};
use crate::line::{EDGE, Line, is_blank, is_japanese, is_one_of};
use crate::parsed::Priority;
use crate::reader::Reader;

/// Characters of a name. A longer one is words, not a name.
pub(crate) const NAME_CHARS: usize = 100;

/// The thing that the sign at this place names. `behind_list` is whether the name of a list ends right before it.
pub(crate) fn read(line: &Line<'_>, c: &mut Reader<'_>, behind_list: bool) -> Option<Sense> {
    match c.peek() {
        '#' | '+' | '@' | '/' => name(line, c, behind_list),
        'p' | '!' | '優' | '重' => priority(c).map(Sense::Priority),
        _ => None,
    }
}

fn name(line: &Line<'_>, c: &mut Reader<'_>, behind_list: bool) -> Option<Sense> {
    let sign = c.peek();
    let free = c.before() == EDGE || is_blank(c.before()) || matches!(c.before(), '(' | '[');
    let starts = match sign {
        // Between kana or kanji a # is a sign. @ (a place) and + (and) are normal characters there.
        '#' => free || is_japanese(c.before()) || matches!(c.before(), '、' | '。'),
        '/' => free || behind_list,
        _ => free,
    };
    let mut ahead = *c;
    ahead.at += 1;
    let first = ahead.peek();
    let digit_first = first.is_ascii_digit() && sign != '#';
    if !starts || digit_first {
        return None;
    }
    let (start, end) = quoted(&mut ahead).or_else(|| plain(&mut ahead))?;
    let path = sign == '/' && ahead.peek() == '/';
    if path || end - start > NAME_CHARS {
        return None;
    }
    let name = line.slice(start..end);
    // A number is a number (`#12`, `+1`), and a sign alone is a sign.
    if !name.chars().any(|c| c.is_ascii_alphabetic() || c > '\u{BF}') {
        return None;
    }
    *c = ahead;
    let name = Name { start, end };
    Some(match sign {
        '@' => Sense::Label(name),
        '/' => Sense::Section(name),
        _ => Sense::List(name),
    })
}

fn quoted(c: &mut Reader<'_>) -> Option<(usize, usize)> {
    let mut ahead = *c;
    let close = match ahead.eat_any(&["\"", "「", "『"])? {
        0 => '"',
        1 => '」',
        _ => '』',
    };
    let start = ahead.at;
    while ahead.peek() != close {
        if ahead.peek() == EDGE {
            return None;
        }
        ahead.at += 1;
    }
    let end = ahead.at;
    ahead.at += 1;
    *c = ahead;
    Some((start, end))
}

fn plain(c: &mut Reader<'_>) -> Option<(usize, usize)> {
    let start = c.at;
    let ends = |c: char| c == EDGE || is_blank(c) || is_one_of(c, ",;!?()[]{}\"#@/\\、。「」『』【】“”");
    while !ends(c.peek()) {
        c.at += 1;
    }
    while c.at > start && matches!(c.before(), '.' | ':') {
        c.at -= 1;
    }
    (c.at > start).then_some((start, c.at))
}

fn priority(c: &mut Reader<'_>) -> Option<Priority> {
    let mut ahead = *c;
    if !ahead.starts_word() && ahead.before() != '【' {
        return None;
    }
    let important = ahead.eat("重要");
    let found = if important {
        // It has to stand alone, or with an exclamation mark, because 重要書類 is a thing.
        let alone = matches!(c.before(), EDGE | '【' | '、' | '。') || is_blank(c.before());
        ahead.eat("!");
        let ends = ahead.peek() == EDGE || is_blank(ahead.peek()) || is_one_of(ahead.peek(), "】、。#@");
        (alone && ends).then_some(Priority::P1)
    } else {
        ahead.eat_any(&["p", "!!", "優先度", "優先"])?;
        if is_japanese(ahead.before()) && !ahead.eat(":") {
            ahead.gap();
        }
        let number = ahead.number(1)?;
        ahead.ends_word().then(|| Priority::new(number)).flatten()
    };
    found.inspect(|_| *c = ahead)
}
