//! A file as the rules see it: its text, its code without comments and strings, and its strings.

use std::ops::Range;

#[derive(Debug, Clone)]
pub(crate) struct File {
    /// From the root of the repository, with `/` between the parts.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text with blanks for comments and for the insides of strings. Every other character keeps its place.
    pub(crate) code: String,
    /// The places of the strings, without their quotes.
    strings: Vec<Range<usize>>,
}

impl File {
    pub(crate) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        let (code, strings) = match path.ends_with(".rs") {
            true => split(&text),
            false => (text.clone(), Vec::new()),
        };
        Self {
            path,
            text,
            code,
            strings,
        }
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether it is a test. Tests need not follow every rule.
    pub(crate) fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        self.path
            .split('/')
            .any(|part| matches!(part, "tests" | "examples"))
            || name == "tests.rs"
            || name == "test.rs"
    }

    /// Its code before `#[cfg(test)]`, which in this repository begins the tests at the end of a file.
    pub(crate) fn shipped(&self) -> &str {
        match self.code.find("#[cfg(test)]\nmod ") {
            Some(at) => &self.code[..at],
            None => &self.code,
        }
    }

    /// Its strings, with the place of each.
    pub(crate) fn strings(&self) -> impl Iterator<Item = (usize, &str)> {
        let texts = self
            .strings
            .iter()
            .map(|range| (range.start, &self.text[range.clone()]));
        texts.take_while(|(at, _)| *at < self.shipped().len())
    }

    /// The line, from 1, of a place in the text.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    pub(crate) fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

/// Code and strings of a Rust file.
fn split(text: &str) -> (String, Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let (mut code, mut strings) = (bytes.to_vec(), Vec::new());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = if rest.starts_with(b"//") {
            at + find(rest, b"\n").unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            at + block_comment(rest)
        } else if let Some(opening) = raw_string(bytes, at) {
            let inside = at + opening.length;
            let closing = [b"\"".as_slice(), &vec![b'#'; opening.hashes]].concat();
            let length = find(&bytes[inside..], &closing).unwrap_or(bytes.len() - inside);
            strings.push(inside..inside + length);
            blank(&mut code[inside..inside + length]);
            at = (inside + length + closing.len()).min(bytes.len());
            continue;
        } else if rest[0] == b'"' {
            let length = plain_string(&rest[1..]);
            strings.push(at + 1..at + 1 + length);
            blank(&mut code[at + 1..at + 1 + length]);
            at += length + 2;
            continue;
        } else if rest[0] == b'\'' {
            match character(text, at) {
                Some(end) => end,
                // A lifetime.
                None => {
                    at += 1;
                    continue;
                }
            }
        } else {
            at += 1;
            continue;
        };
        blank(&mut code[at..end]);
        at = end;
    }
    (String::from_utf8_lossy(&code).into_owned(), strings)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// The length of a block comment, which may contain others.
fn block_comment(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

struct Opening {
    length: usize,
    hashes: usize,
}

/// `r"`, `r#"`, `br#"` and so on, unless it is the end of a longer name.
fn raw_string(bytes: &[u8], at: usize) -> Option<Opening> {
    if at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_') {
        return None;
    }
    let rest = &bytes[at..];
    let prefix = [b"r".as_slice(), b"br", b"cr"]
        .into_iter()
        .find(|prefix| rest.starts_with(prefix))?
        .len();
    let hashes = rest[prefix..].iter().take_while(|byte| **byte == b'#').count();
    (rest.get(prefix + hashes) == Some(&b'"')).then_some(Opening {
        length: prefix + hashes + 1,
        hashes,
    })
}

/// The length of the inside of a string, from after its quote.
fn plain_string(bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// The end of a character literal that begins here. None if it is a lifetime.
fn character(text: &str, at: usize) -> Option<usize> {
    let mut inside = text[at + 1..].chars();
    match inside.next()? {
        '\\' => {
            let length = text[at + 3..].find('\'')?;
            Some(at + 3 + length + 1)
        }
        one => (inside.next()? == '\'').then_some(at + 1 + one.len_utf8() + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        File::new("a.rs", text).code
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        assert_eq!(code("a // b\nc"), "a     \nc");
        assert_eq!(code("a /* b /* c */ d */ e"), "a                   e");
        assert_eq!(code("f(\"a{\\\"b\")"), "f(\"     \")");
        assert_eq!(code("r#\"a\"b\"# c"), "r#\"   \"# c");
        assert_eq!(code("'{' '\\'' 'a str"), "         'a str");
        assert_eq!(code("\"あ\" x"), "\"   \" x");
    }

    #[test]
    fn strings_are_found_with_their_places() {
        let file = File::new("a.rs", "a(\"one\");\nb(r\"two\"); // \"three\"\n");
        let found: Vec<_> = file
            .strings()
            .map(|(at, text)| (file.line_of(at), text))
            .collect();
        assert_eq!(found, [(1, "one"), (2, "two")]);
    }

    #[test]
    fn the_tests_of_a_file_are_not_shipped() {
        let file = File::new("a.rs", "fn a() {}\n#[cfg(test)]\nmod tests {}\n");
        assert_eq!(file.shipped(), "fn a() {}\n");
        assert!(File::new("tests/browser/a.rs", "").is_test());
        assert!(File::new("src/tests.rs", "").is_test());
        assert!(!File::new("src/attestation.rs", "").is_test());
    }
}
