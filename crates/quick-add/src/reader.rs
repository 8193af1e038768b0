//! A place in a line, and the few ways in which a grammar moves on from it. A grammar copies it to look ahead.

use crate::line::{EDGE, Line, is_blank, is_wide};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    line: &'a Line<'a>,
    pub(crate) at: usize,
}

/// A run of ASCII letters. If it is longer than any word of a grammar, it reads as none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Word {
    letters: [u8; 12],
    length: usize,
}

impl Word {
    pub(crate) fn text(&self) -> &str {
        let letters = self.letters.get(..self.length).unwrap_or_default();
        std::str::from_utf8(letters).unwrap_or_default()
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(line: &'a Line<'a>, at: usize) -> Self {
        Self { line, at }
    }

    /// Reads something, or stays where it is.
    pub(crate) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let found = read(&mut ahead)?;
        *self = ahead;
        Some(found)
    }

    pub(crate) fn peek(self) -> char {
        self.ahead(0)
    }

    pub(crate) fn ahead(self, count: usize) -> char {
        self.line.folded(self.at + count)
    }

    pub(crate) fn before(self) -> char {
        // Before the first glyph, this gives a place far beyond the last one, which is an edge as well.
        self.line.folded(self.at.wrapping_sub(1))
    }

    pub(crate) fn is_upper(self) -> bool {
        self.line.glyphs.get(self.at).is_some_and(|glyph| glyph.upper)
    }

    /// If `text` is at this place, moves to its end.
    pub(crate) fn eat(&mut self, text: &str) -> bool {
        let mut at = self.at;
        for c in text.chars() {
            if self.line.folded(at) != c {
                return false;
            }
            at += 1;
        }
        self.at = at;
        true
    }

    /// If one of `texts` is at this place, moves to its end, and says which one it is.
    pub(crate) fn eat_any(&mut self, texts: &[&str]) -> Option<usize> {
        texts.iter().position(|text| self.eat(text))
    }

    pub(crate) fn sees(mut self, texts: &[&str]) -> bool {
        self.eat_any(texts).is_some()
    }

    /// Whether one of these ends right before this place.
    pub(crate) fn ends_with(self, texts: &[&str]) -> bool {
        texts.iter().any(|text| {
            let start = self.at.checked_sub(text.chars().count());
            start.is_some_and(|at| Self { at, ..self }.eat(text))
        })
    }

    /// Moves over spaces, and says whether there were any.
    pub(crate) fn gap(&mut self) -> bool {
        let start = self.at;
        while is_blank(self.peek()) {
            self.at += 1;
        }
        self.at > start
    }

    /// Moves over the letters at this place.
    pub(crate) fn word(&mut self) -> Word {
        let mut word = Word::default();
        while self.peek().is_ascii_lowercase() {
            if let Some(letter) = word.letters.get_mut(word.length) {
                *letter = self.peek() as u8;
            }
            word.length += 1;
            self.at += 1;
        }
        word
    }

    /// If one of these is at this place as a whole word, moves to its end.
    pub(crate) fn eat_word(&mut self, texts: &[&str]) -> bool {
        self.attempt(|c| (texts.contains(&c.word().text()) && c.ends_word()).then_some(()))
            .is_some()
    }

    /// The same as [`eat_word`](Self::eat_word), with spaces before the word.
    pub(crate) fn eat_next_word(&mut self, texts: &[&str]) -> bool {
        self.attempt(|c| (c.gap() && c.eat_word(texts)).then_some(()))
            .is_some()
    }

    /// How many spaces are right before this place.
    pub(crate) fn blanks_before(self) -> usize {
        let mut back = self;
        while back.at > 0 && is_blank(back.before()) {
            back.at -= 1;
        }
        self.at - back.at
    }

    /// The word before this place, with or without spaces between; empty if there is none.
    pub(crate) fn word_before(self) -> Word {
        let mut back = self;
        back.at -= back.blanks_before();
        while back.at > 0 && back.before().is_ascii_lowercase() {
            back.at -= 1;
        }
        back.word()
    }

    /// A whole number of at most this number of digits. None, without a move, if there is no number or a longer
    /// one.
    pub(crate) fn number(&mut self, digits: usize) -> Option<u32> {
        let mut ahead = *self;
        let mut number = 0;
        while let Some(digit) = ahead.peek().to_digit(10) {
            if ahead.at - self.at == digits {
                return None;
            }
            number = number * 10 + digit;
            ahead.at += 1;
        }
        (ahead.at > self.at).then(|| {
            *self = ahead;
            number
        })
    }

    /// Whether a word or number can begin here.
    pub(crate) fn starts_word(self) -> bool {
        let before = self.before();
        before == EDGE
            || is_blank(before)
            || is_wide(before)
            || matches!(before, '(' | '[' | '"' | '“' | ',' | ';' | '!' | '?')
                && !(before == ',' && self.peek().is_ascii_digit())
            || matches!(before, ')' | ']') && self.peek().is_ascii_digit()
    }

    /// Whether a word or number can end here. Punctuation ends it, unless a character follows right after the
    /// punctuation.
    pub(crate) fn ends_word(self) -> bool {
        match self.peek() {
            EDGE | ')' | ']' | '"' | '”' | ';' => true,
            ',' | '.' | ':' | '!' | '?' => {
                let next = self.ahead(1);
                next == EDGE || is_blank(next) || is_wide(next) || matches!(next, ')' | '"' | '”' | '.' | '!')
            }
            c => is_blank(c) || is_wide(c),
        }
    }

    /// Whether only spaces and the end of a sentence are left.
    pub(crate) fn at_end(mut self) -> bool {
        while is_blank(self.peek())
            || matches!(
                self.peek(),
                '.' | '!' | '?' | ',' | ')' | ']' | '"' | '”' | '。' | '、' | '」' | '』' | '】'
            )
        {
            self.at += 1;
        }
        self.peek() == EDGE
    }

    /// Whether there are only spaces before this place.
    pub(crate) fn at_start(self) -> bool {
        self.blanks_before() == self.at
    }
}
