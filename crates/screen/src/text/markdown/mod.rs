//! Markdown in notes: turns a text into typed parts, which components draw. No part of the text is ever used as HTML,
//! and a link leads only to the web or to a mailbox.
//!
//! The reader knows the part of Markdown that people write in notes: headings, paragraphs, lists (nested, numbered, of
//! tasks), quotations, code and rules; strong and emphasised text, struck-out text, links, and bare addresses.
//! Everything else stays text. Left out: tables, images, references, HTML.
//!
//! The work is bounded. `DEEPEST` limits nesting, and `LOOKS` limits the search for closing marks. Beyond a limit,
//! marks are text.

/// The deepest nesting of lists in lists, of quotations in quotations, and of marks in marks.
const DEEPEST: usize = 8;
/// How many characters one text may cost in the search for closing marks.
const LOOKS: usize = 400_000;
/// How many characters of a line are read to find its words.
const A_LINE: usize = 300;
/// How many lines of nothing but marks are skipped to find the first words.
const LINES_BEFORE_WORDS: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading of level 1 to 6.
    Heading(u8, Vec<Inline>),
    Paragraph(Vec<Inline>),
    List {
        /// The number with which the list begins; none for a list without numbers.
        first: Option<u32>,
        items: Vec<Item>,
    },
    Quote(Vec<Block>),
    Code(String),
    Rule,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// In a list of tasks: whether the item is done.
    pub done: Option<bool>,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Break,
    Code(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Struck(Vec<Inline>),
    Link { to: String, text: Vec<Inline> },
}

/// Reads a text. Every text can be read.
#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    Reader::new(text).read(text)
}

/// The text with one box of its lists of tasks ticked or not; `nth` counts them from the beginning. None if there is no
/// such box.
#[must_use]
pub fn tick(text: &str, nth: usize, done: bool) -> Option<String> {
    let mut reader = Reader::new(text);
    reader.read(text);
    let mark = *reader.boxes.get(nth)?;
    let (before, after) = (text.get(..mark)?, text.get(mark..)?);
    let rest = after.get("[ ]".len()..)?;
    let mark = if done { "[x]" } else { "[ ]" };
    Some([before, mark, rest].concat())
}

/// The first words of a text, without Markdown marks, and at most as long as a line could show.
#[must_use]
pub fn first_words(text: &str) -> Option<String> {
    let words = |line: &str| {
        let line: String = line.trim().chars().take(A_LINE).collect();
        let mut words = String::new();
        parse(&line).iter().for_each(|block| add_words(block, &mut words));
        (!words.trim().is_empty()).then_some(words)
    };
    text.lines().take(LINES_BEFORE_WORDS).find_map(words)
}

/// The words of some blocks, without marks.
#[must_use]
pub fn words(blocks: &[Block]) -> String {
    let mut words = String::new();
    blocks.iter().for_each(|block| add_words(block, &mut words));
    words
}

fn add_words(block: &Block, words: &mut String) {
    match block {
        Block::Heading(_, inlines) | Block::Paragraph(inlines) => add_inlines(inlines, words),
        Block::List { items, .. } => {
            let blocks = items.iter().flat_map(|item| &item.blocks);
            blocks.for_each(|block| add_words(block, words));
        }
        Block::Quote(blocks) => blocks.iter().for_each(|block| add_words(block, words)),
        Block::Code(code) => words.push_str(code),
        Block::Rule => {}
    }
}

fn add_inlines(inlines: &[Inline], words: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => words.push_str(text),
            Inline::Break => words.push(' '),
            Inline::Strong(within) | Inline::Emphasis(within) | Inline::Struck(within) => {
                add_inlines(within, words);
            }
            Inline::Link { text, .. } => add_inlines(text, words),
        }
    }
}

struct Reader {
    looks: usize,
    /// Where the text begins in memory. All lines are parts of it.
    begins: usize,
    /// The bytes of the text at which the boxes of its lists of tasks are.
    boxes: Vec<usize>,
}

impl Reader {
    fn new(text: &str) -> Self {
        Self {
            looks: LOOKS,
            begins: text.as_ptr() as usize,
            boxes: Vec::new(),
        }
    }

    fn read(&mut self, text: &str) -> Vec<Block> {
        let lines: Vec<&str> = text.lines().collect();
        self.blocks(&lines, 0)
    }

    fn blocks(&mut self, lines: &[&str], depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let rest = &lines[at..];
            let (block, used) = if line.trim().is_empty() {
                (None, 1)
            } else if let Some(fence) = fence(line) {
                let (code, used) = code(rest, fence);
                (Some(code), used)
            } else if let Some((level, text)) = heading(line) {
                (Some(Block::Heading(level, self.inlines(text, 0))), 1)
            } else if is_rule(line) {
                (Some(Block::Rule), 1)
            } else if depth < DEEPEST && quoted(line).is_some() {
                let within: Vec<&str> = rest.iter().map_while(|line| quoted(line)).collect();
                (Some(Block::Quote(self.blocks(&within, depth + 1))), within.len())
            } else if let Some(marker) = Marker::of(line).filter(|_| depth < DEEPEST) {
                let (list, used) = self.list(rest, marker, depth);
                (Some(list), used)
            } else {
                let count = 1 + rest[1..].iter().take_while(|line| !begins_block(line)).count();
                let text = rest[..count].iter().map(|line| line.trim()).collect::<Vec<_>>();
                (Some(Block::Paragraph(self.inlines(&text.join("\n"), 0))), count)
            };
            blocks.extend(block);
            at += used;
        }
        blocks
    }

    /// Reads a list, and returns how many lines it takes.
    fn list(&mut self, lines: &[&str], first: Marker, depth: usize) -> (Block, usize) {
        let mut items = Vec::new();
        let mut at = 0;
        while let Some(marker) = lines.get(at).and_then(|line| Marker::of(line)) {
            if marker.number.is_some() != first.number.is_some() || marker.indent > first.indent + 1 {
                break;
            }
            let text = lines[at].get(marker.width..).unwrap_or_default();
            let at_box = text.as_ptr() as usize - self.begins;
            let (done, text) = task(text);
            self.boxes.extend(done.map(|_| at_box));
            let mut within = vec![text];
            at += 1;
            while let Some(line) = lines.get(at) {
                let is_blank = line.trim().is_empty();
                let goes_on = lines
                    .get(at + 1)
                    .is_some_and(|next| indent(next) > marker.indent + 1);
                if indent(line) > marker.indent + 1 || (is_blank && goes_on) {
                    within.push(dedented(line, marker.width));
                } else if is_blank || begins_block(line) {
                    break;
                } else {
                    within.push(line);
                }
                at += 1;
            }
            let blocks = self.blocks(&within, depth + 1);
            items.push(Item { done, blocks });
            // A blank line between two items does not end the list.
            if lines.get(at).is_some_and(|line| line.trim().is_empty())
                && lines
                    .get(at + 1)
                    .and_then(|line| Marker::of(line))
                    .is_some_and(|next| next.number.is_some() == first.number.is_some())
            {
                at += 1;
            }
        }
        let list = Block::List {
            first: first.number,
            items,
        };
        (list, at)
    }

    fn inlines(&mut self, text: &str, depth: usize) -> Vec<Inline> {
        let mut inlines = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let before = text[..at].chars().next_back();
            match self.inline(&text[at..], before, depth) {
                Some((inline, used)) => {
                    push_text(&mut inlines, &mut plain);
                    inlines.push(inline);
                    at += used;
                }
                None => {
                    let escaped = text[at + c.len_utf8()..].chars().next();
                    match escaped.filter(|next| c == '\\' && next.is_ascii_punctuation()) {
                        Some(next) => {
                            plain.push(next);
                            at += 1 + next.len_utf8();
                        }
                        None => {
                            plain.push(c);
                            at += c.len_utf8();
                        }
                    }
                }
            }
        }
        push_text(&mut inlines, &mut plain);
        inlines
    }

    /// The inline part that begins here, and how many bytes it takes; none if this is an ordinary character.
    fn inline(&mut self, text: &str, before: Option<char>, depth: usize) -> Option<(Inline, usize)> {
        if depth >= DEEPEST {
            return None;
        }
        match text.chars().next()? {
            '\n' => Some((Inline::Break, 1)),
            '`' => {
                let ticks = text.bytes().take_while(|byte| *byte == b'`').count();
                let end = self.find(&text[ticks..], &text[..ticks])?;
                let code = text[ticks..ticks + end].trim_matches(' ');
                Some((Inline::Code(code.to_owned()), 2 * ticks + end))
            }
            '*' | '_' | '~' => {
                let marks = ["**", "__", "~~", "*", "_"];
                let mark = marks.into_iter().find(|mark| text.starts_with(mark))?;
                let is_in_word = mark.starts_with('_') && before.is_some_and(char::is_alphanumeric);
                let within = &text[mark.len()..];
                if is_in_word || within.starts_with(char::is_whitespace) {
                    return None;
                }
                let end = self.close(within, mark)?;
                let inner = self.inlines(&within[..end], depth + 1);
                let inline = match mark {
                    "**" | "__" => Inline::Strong(inner),
                    "~~" => Inline::Struck(inner),
                    _ => Inline::Emphasis(inner),
                };
                Some((inline, end + 2 * mark.len()))
            }
            '[' => {
                let end = self.find(text, "](")?;
                let rest = &text[end + 2..];
                let close = self.find(rest, ")")?;
                let to = link(&rest[..close])?;
                let inner = self.inlines(&text[1..end], DEEPEST);
                Some((Inline::Link { to, text: inner }, end + 2 + close + 1))
            }
            'h' | 'H' if !before.is_some_and(char::is_alphanumeric) => {
                let address = text.split(ends_address).next()?;
                let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '。', '、']);
                let is_more = address
                    .split_once("://")
                    .is_some_and(|(_, rest)| !rest.is_empty());
                let to = link(address).filter(|_| is_more)?;
                let text = vec![Inline::Text(address.to_owned())];
                Some((Inline::Link { to, text }, address.len()))
            }
            _ => None,
        }
    }

    /// The next place of a mark, as long as the search has not used up its limit.
    fn find(&mut self, text: &str, mark: &str) -> Option<usize> {
        if self.looks == 0 {
            return None;
        }
        let found = text.find(mark);
        self.looks = self.looks.saturating_sub(found.unwrap_or(text.len()) + 1);
        found
    }

    /// The place of the closing mark. It comes after a character that is not a space, and is not a part of a longer
    /// mark.
    fn close(&mut self, text: &str, mark: &str) -> Option<usize> {
        let mut from = 0;
        loop {
            let at = from + self.find(text.get(from..)?, mark)?;
            let (inner, after) = (&text[..at], &text[at + mark.len()..]);
            let is_longer = mark.len() == 1 && (after.starts_with(mark) || inner.ends_with(mark));
            let ends_word = !mark.starts_with('_') || !after.starts_with(char::is_alphanumeric);
            let closes = !inner.is_empty() && !inner.ends_with(char::is_whitespace) && !inner.ends_with('\\');
            if closes && ends_word && !is_longer {
                return Some(at);
            }
            let is_run = mark.len() == 1 && after.starts_with(mark);
            from = at + if is_run { 2 } else { mark.len() };
        }
    }
}

fn push_text(inlines: &mut Vec<Inline>, plain: &mut String) {
    if !plain.is_empty() {
        inlines.push(Inline::Text(std::mem::take(plain)));
    }
}

/// The address of a link, if it leads to the web or to a mailbox.
#[must_use]
pub fn link(to: &str) -> Option<String> {
    let to = to.trim();
    let lower = to.get(..8).unwrap_or(to).to_ascii_lowercase();
    let known = ["http://", "https://", "mailto:"];
    let is_known = known.iter().any(|scheme| lower.starts_with(scheme));
    let is_clean = !to.chars().any(|c| c.is_whitespace() || c.is_control());
    (is_known && is_clean).then(|| to.to_owned())
}

fn ends_address(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '"' | '「' | '」' | '（' | '）' | '　')
}

fn indent(line: &str) -> usize {
    let spaces = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
    spaces.map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

fn dedented(line: &str, by: usize) -> &str {
    let cut = line.bytes().take(by).take_while(|byte| *byte == b' ').count();
    let cut = if line.starts_with('\t') { 1 } else { cut };
    line.get(cut..).unwrap_or_default()
}

fn begins_block(line: &str) -> bool {
    line.trim().is_empty()
        || fence(line).is_some()
        || heading(line).is_some()
        || is_rule(line)
        || quoted(line).is_some()
        || Marker::of(line).is_some()
}

/// What a code block begins with: a fence, and at most one word that says its language. With more than that on the line
/// it is text, or the line would be lost.
fn fence(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    let fence = ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence))?;
    let language = line.trim_start_matches(&fence[..1]).trim();
    let is_word = !language.contains(|c: char| c.is_whitespace() || c == '`');
    is_word.then_some(fence)
}

/// A code block up to its closing fence, on whose line nothing else stands, or up to the end of the text.
fn code(lines: &[&str], fence: &str) -> (Block, usize) {
    let closes = |line: &str| {
        let line = line.trim();
        line.starts_with(fence) && line.trim_start_matches(&fence[..1]).is_empty()
    };
    let within = lines[1..].iter().take_while(|line| !closes(line));
    let within: Vec<&str> = within.copied().collect();
    let used = (within.len() + 2).min(lines.len());
    (Block::Code(within.join("\n")), used)
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let line = line.trim_start();
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let text = line.get(level..)?;
    let is_heading = (1..=6).contains(&level) && text.starts_with(' ');
    is_heading.then(|| (level as u8, text.trim().trim_end_matches('#').trim_end()))
}

fn is_rule(line: &str) -> bool {
    let marks: Vec<char> = line.chars().filter(|c| !c.is_whitespace()).collect();
    let first = marks.first();
    marks.len() >= 3
        && first.is_some_and(|first| matches!(first, '-' | '*' | '_') && marks.iter().all(|c| c == first))
}

fn quoted(line: &str) -> Option<&str> {
    let within = line.trim_start().strip_prefix('>')?;
    Some(within.strip_prefix(' ').unwrap_or(within))
}

/// The beginning of a list item: a bullet or a number.
#[derive(Clone, Copy)]
struct Marker {
    indent: usize,
    /// Bytes before the text of the item.
    width: usize,
    number: Option<u32>,
}

impl Marker {
    fn of(line: &str) -> Option<Self> {
        let text = line.trim_start_matches([' ', '\t']);
        let blank = line.len() - text.len();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (length, number) = match digits {
            0 if text.starts_with(['-', '*', '+']) => (1, None),
            1..=9 if text[digits..].starts_with(['.', ')']) => {
                (digits + 1, Some(text[..digits].parse().ok()?))
            }
            _ => return None,
        };
        let after = &text[length..];
        (after.is_empty() || after.starts_with(' ')).then(|| Self {
            indent: indent(line),
            width: blank + length + usize::from(!after.is_empty()),
            number,
        })
    }
}

/// In an item of a list of tasks: whether it is done, and the text after the box.
fn task(text: &str) -> (Option<bool>, &str) {
    let boxes = [("[ ] ", false), ("[x] ", true), ("[X] ", true)];
    let found = boxes.into_iter().find(|(mark, _)| text.starts_with(mark));
    found.map_or((None, text), |(mark, done)| (Some(done), &text[mark.len()..]))
}

#[cfg(test)]
mod tests;
