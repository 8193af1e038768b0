//! The text in the form that the grammars read: full-width forms are ASCII, letters are in lower case, and
//! protected text (quoted, escaped, addresses) is unreadable. Every glyph knows its place in the text.

/// The character that a grammar reads in the place of a protected one. No text contains it.
const PROTECTED: char = '\u{FFFF}';
/// The character that a grammar reads beyond either end.
pub(crate) const EDGE: char = '\0';

#[derive(Clone, Copy, Debug)]
pub(crate) struct Glyph {
    /// The first byte of the character in the text.
    pub(crate) at: usize,
    pub(crate) folded: char,
    pub(crate) upper: bool,
}

/// A text, read character by character.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) text: &'a str,
    pub(crate) glyphs: Vec<Glyph>,
}

impl<'a> Line<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let glyphs = text.char_indices().map(|(at, c)| Glyph {
            at,
            folded: fold(c),
            upper: c.is_ascii_uppercase(),
        });
        let mut line = Self {
            text,
            glyphs: glyphs.collect(),
        };
        line.protect_quotes();
        line.protect_words();
        line
    }

    /// The byte at which a glyph begins; the end of the text for the one after the last.
    pub(crate) fn byte(&self, glyph: usize) -> usize {
        self.glyphs.get(glyph).map_or(self.text.len(), |glyph| glyph.at)
    }

    pub(crate) fn slice(&self, glyphs: std::ops::Range<usize>) -> &'a str {
        self.text
            .get(self.byte(glyphs.start)..self.byte(glyphs.end))
            .unwrap_or_default()
    }

    pub(crate) fn protect(&mut self, glyphs: std::ops::Range<usize>) {
        for glyph in self.glyphs.get_mut(glyphs).unwrap_or_default() {
            glyph.folded = PROTECTED;
        }
    }

    /// The character that a grammar reads at a place.
    pub(crate) fn folded(&self, glyph: usize) -> char {
        self.glyphs.get(glyph).map_or(EDGE, |glyph| glyph.folded)
    }

    /// Protects the text between quotation marks, because it is title. The marks themselves stay readable, as the
    /// edge of a word.
    fn protect_quotes(&mut self) {
        let mut at = 0;
        while at < self.glyphs.len() {
            let before = if at == 0 { EDGE } else { self.folded(at - 1) };
            let closing = match self.folded(at) {
                '"' if is_blank(before) || is_wide(before) || before == EDGE => '"',
                '“' => '”',
                '„' => '“',
                '‘' => '’',
                '«' => '»',
                '`' => '`',
                '\'' if is_blank(before) || before == EDGE => '\'',
                '「' | '『' if is_sign(before) => EDGE,
                '「' => '」',
                '『' => '』',
                _ => EDGE,
            };
            let close = (closing != EDGE)
                .then(|| (at + 1..self.glyphs.len()).find(|i| self.folded(*i) == closing && self.closes(*i)))
                .flatten();
            if let Some(close) = close {
                self.protect(at + 1..close);
                at = close;
            }
            at += 1;
        }
    }

    /// An apostrophe within a word (`don't`) closes nothing.
    fn closes(&self, at: usize) -> bool {
        !matches!(self.folded(at), '\'' | '’') || !self.folded(at + 1).is_ascii_alphanumeric()
    }

    /// Protects addresses of pages and people, because no word in them has a meaning here.
    fn protect_words(&mut self) {
        let mut start = 0;
        while start < self.glyphs.len() {
            let length = self.glyphs[start..]
                .iter()
                .take_while(|glyph| !is_blank(glyph.folded))
                .count();
            let word = self.slice(start..start + length);
            let mail = word
                .split_once('@')
                .is_some_and(|(name, host)| is_name(name) && host.contains('.'));
            let page = word.as_bytes().windows(3).any(|part| part == b"://");
            if mail || page || word.starts_with("www.") {
                self.protect(start..start + length);
            }
            start += length + 1;
        }
    }
}

fn is_name(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+');
    !text.is_empty() && text.bytes().all(inner) && !text.starts_with('+')
}

/// Full-width forms have the order of ASCII.
fn fold(c: char) -> char {
    let narrow = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        EDGE => '\u{FFFD}',
        _ => c,
    };
    narrow.to_ascii_lowercase()
}

/// Whether a character separates words.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// Whether a character belongs to a script that is written without spaces (or to its punctuation).
pub(crate) fn is_wide(c: char) -> bool {
    ('\u{3000}'..'\u{FF00}').contains(&c)
}

/// Kana and kanji, without their punctuation.
pub(crate) fn is_japanese(c: char) -> bool {
    matches!(c, '々' | '〆' | 'ヶ' | '\u{3041}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}')
}

/// Whether a character is one of these.
pub(crate) fn is_one_of(c: char, these: &str) -> bool {
    these.chars().any(|one| one == c)
}

/// The signs that open a name: of a list, a label, a section.
pub(crate) fn is_sign(c: char) -> bool {
    matches!(c, '#' | '+' | '@' | '/')
}
