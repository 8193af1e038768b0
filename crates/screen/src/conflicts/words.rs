//! Two versions of one line, word by word: which words are new, and a proposal that has the changes of both.

use tsugi_sync::merge::lines::{Piece, pieces};

/// How many words a line may have. A longer one is compared as a whole.
const MOST: usize = 1_000;

/// It makes one emoji of two.
const JOINER: char = '\u{200d}';

/// The words of a line, the spaces and signs between them, and each character of a script without spaces.
#[must_use]
pub fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut begins = 0;
    let mut before = None;
    // How many halves of flags stand before this character.
    let mut halves = 0;
    let mut is_joined = false;
    for (at, character) in text.char_indices() {
        let kind = kind(character);
        let continues = match kind {
            Kind::Mark => true,
            Kind::Flag => halves % 2 == 1,
            Kind::Letter | Kind::Space => before == Some(kind),
            Kind::Alone => false,
        };
        if !continues && !is_joined && at > begins {
            words.push(&text[begins..at]);
            begins = at;
        }
        is_joined = character == JOINER;
        halves = if kind == Kind::Flag { halves + 1 } else { 0 };
        before = if kind == Kind::Mark { before } else { Some(kind) };
    }
    if begins < text.len() {
        words.push(&text[begins..]);
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Space,
    /// A sign, or a character of a script that puts no spaces between words.
    Alone,
    /// It belongs to the character before it.
    Mark,
    /// A half of a flag.
    Flag,
}

fn kind(character: char) -> Kind {
    match character {
        // Accents, points of Hebrew and Arabic, variation selectors, joiners, and tones of skin.
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}' => Kind::Mark,
        JOINER | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' => Kind::Mark,
        '\u{1f1e6}'..='\u{1f1ff}' => Kind::Flag,
        // From Thai on: Thai, Lao, Burmese, Khmer, kana, Han. Hangul has spaces.
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => Kind::Alone,
        '\u{3040}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Kind::Alone,
        character if character.is_whitespace() => Kind::Space,
        character if character.is_alphanumeric() => Kind::Letter,
        _ => Kind::Alone,
    }
}

/// A part of a text, and whether it differs from the text before.
pub type Part = (String, bool);

/// `value` in parts; those that are not in `before` are marked. The space between two marked words is marked, too.
#[must_use]
pub fn marked(before: &str, value: &str) -> Vec<Part> {
    let (from, to) = (words(before), words(value));
    let compared = (from.len().max(to.len()) <= MOST)
        .then(|| pieces(&from, &to, &from))
        .flatten();
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |text: String, is_new: bool| match parts.last_mut() {
        _ if text.is_empty() => {}
        Some((last, was_new)) if *was_new == is_new => last.push_str(&text),
        Some(_) | None => parts.push((text, is_new)),
    };
    for piece in compared.unwrap_or_else(|| vec![whole(&from, &to)]) {
        match piece {
            Piece::Same(words) => add(words.concat(), false),
            Piece::Local { local, .. } | Piece::Both { local, .. } => add(local.concat(), true),
            Piece::Remote { .. } => {}
        }
    }
    join_over_spaces(parts)
}

fn whole<'a>(base: &[&'a str], local: &[&'a str]) -> Piece<'a> {
    Piece::Local {
        base: base.to_vec(),
        local: local.to_vec(),
    }
}

/// Marks a space that stands between two marked parts, and takes spaces at the ends of a mark out of it: nobody sees them.
fn join_over_spaces(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    let count = parts.len();
    for (nth, (text, is_new)) in parts.into_iter().enumerate() {
        let between = !is_new && text.trim().is_empty() && nth > 0 && nth + 1 < count;
        match joined.last_mut() {
            Some((last, true)) if is_new || between => last.push_str(&text),
            Some(_) | None => joined.push((text, is_new)),
        }
    }
    let mut cut: Vec<Part> = Vec::new();
    for (text, is_new) in joined {
        let middle = text.trim();
        if !is_new || middle.is_empty() || middle.len() == text.len() {
            let is_new = is_new && !middle.is_empty();
            cut.push((text, is_new));
            continue;
        }
        let begins = text.len() - text.trim_start().len();
        cut.push((text[..begins].to_owned(), false));
        cut.push((middle.to_owned(), true));
        cut.push((text[begins + middle.len()..].to_owned(), false));
    }
    cut.retain(|(text, _)| !text.is_empty());
    cut
}

/// A line with the changes of both sides. Where both changed the same words, both stand there: "Kyoto / Nara". None if
/// that would say no more than one of the two.
#[must_use]
pub fn both(before: &str, first: &str, second: &str) -> Option<String> {
    let sides = [before, first, second].map(words);
    if sides.iter().any(|words| words.len() > MOST) {
        return None;
    }
    let [before, local, remote] = &sides;
    let mut merged = String::new();
    for piece in pieces(before, local, remote)? {
        match piece {
            Piece::Same(words) => merged.push_str(&words.concat()),
            Piece::Local { local, .. } => merged.push_str(&local.concat()),
            Piece::Remote { remote, .. } => merged.push_str(&remote.concat()),
            Piece::Both { local, remote, .. } => merged.push_str(&side_by_side(&local, &remote)),
        }
    }
    let merged = merged.split_whitespace().collect::<Vec<_>>().join(" ");
    (!merged.is_empty() && merged != first.trim() && merged != second.trim()).then_some(merged)
}

/// Two wordings for one place: what they share stands once, and between the rest stands a stroke.
fn side_by_side(first: &[&str], second: &[&str]) -> String {
    let shared = |(a, b): &(&&str, &&str)| a == b;
    let head = first.iter().zip(second).take_while(shared).count();
    let (one, other) = (&first[head..], &second[head..]);
    let tail = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(shared)
        .count();
    let ends = one.len() - tail;
    let (one, other) = (one[..ends].concat(), other[..other.len() - tail].concat());
    let middle = match one.trim().is_empty() || other.trim().is_empty() {
        true => format!("{one}{other}"),
        false => format!("{one} / {other}"),
    };
    format!(
        "{}{middle}{}",
        first[..head].concat(),
        first[head + ends..].concat()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_its_words_together() {
        for text in [
            "",
            "Buy  milk, now",
            "歯医者に電話する",
            "Łódź – ώρα",
            "e\u{301}té 3pm",
        ] {
            assert_eq!(words(text).concat(), text);
        }
        assert_eq!(words("Buy milk"), ["Buy", " ", "milk"]);
        assert_eq!(words("予約"), ["予", "約"]);
        for whole in ["👍🏻", "🇯🇵", "👩‍👩‍👧‍👦", "Cafe\u{301}s", "❤️"] {
            assert_eq!(words(whole), [whole]);
        }
        assert_eq!(words("🇯🇵🇯🇲"), ["🇯🇵", "🇯🇲"]);
    }

    #[test]
    fn only_what_differs_is_marked() {
        let shown = |before: &str, value: &str| -> String {
            let part = |(text, is_new): Part| if is_new { format!("[{text}]") } else { text };
            marked(before, value).into_iter().map(part).collect()
        };
        for (before, value, expected) in [
            ("Buy milk", "Buy oat milk", "Buy [oat] milk"),
            ("Buy milk", "Buy milk", "Buy milk"),
            ("", "new", "[new]"),
            ("Call Anna", "Call Anja", "Call [Anja]"),
            ("歯医者に電話", "歯医者に予約", "歯医者に[予約]"),
            (
                "Book hotel",
                "Book quiet hotel in Kyoto",
                "Book [quiet] hotel [in Kyoto]",
            ),
            ("a b c d", "a x y d", "a [x y] d"),
            ("all gone", "", ""),
        ] {
            assert_eq!(shown(before, value), expected, "{before} → {value}");
        }
    }

    #[test]
    fn both_are_kept_and_never_guessed() {
        for (before, first, second, expected) in [
            (
                "Book hotel",
                "Book hotel in Kyoto",
                "Book quiet hotel",
                Some("Book quiet hotel in Kyoto"),
            ),
            (
                "Trip",
                "Trip to Kyoto",
                "Trip to Nara",
                Some("Trip to Kyoto / Nara"),
            ),
            (
                "Trip to Osaka",
                "Trip to Kyoto",
                "Trip to Nara",
                Some("Trip to Kyoto / Nara"),
            ),
            (
                "Draft",
                "From the laptop",
                "From the phone",
                Some("From the laptop / phone"),
            ),
            ("milk", "milk", "oat milk", None),
            ("旅行", "京都旅行", "奈良旅行", Some("京都 / 奈良旅行")),
        ] {
            assert_eq!(
                both(before, first, second).as_deref(),
                expected,
                "{first} + {second}"
            );
        }
    }
}
