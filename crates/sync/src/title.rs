//! Titles and names: one line, trimmed, never empty.

use crate::limits;

/// A title or name in the form in which it is stored.
///
/// # Errors
/// When nothing is left or it is too long.
pub fn check_title(title: &str) -> Result<&str, TitleError> {
    let title = title.trim();
    match title.chars().count() {
        _ if shows_nothing(title) => Err(TitleError::Empty),
        count if count > limits::TITLE_CHARS => Err(TitleError::TooLong(count)),
        _ => Ok(title),
    }
}

/// Whether nobody can see anything of a text: it is empty, or it has only spaces and characters without a shape, such as
/// U+200B, which some pages put into what one copies.
#[must_use]
pub fn shows_nothing(text: &str) -> bool {
    let has_no_shape = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(
                letter as u32,
                // Soft hyphen, joiners, marks of direction, fillers of Hangul, the empty Braille cell.
                0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
                    | 0x202A..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164 | 0xFEFF | 0xFFA0
                    // Selectors of variants, and tags.
                    | 0xFE00..=0xFE0F | 0xE0000..=0xE0FFF
            )
    };
    text.chars().all(has_no_shape)
}

/// Whether two names of lists or labels are the same to people: case and the number of spaces make no difference.
///
/// Accents do make one. “Resume” and “Résumé” may be two lists.
#[must_use]
pub fn is_same_name(one: &str, other: &str) -> bool {
    let words = |name: &str| -> Vec<String> { name.split_whitespace().map(str::to_lowercase).collect() };
    words(one) == words(other)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TitleError {
    #[error("a title needs at least one character")]
    Empty,
    #[error("a title has at most {max} characters; this one has {0}", max = limits::TITLE_CHARS)]
    TooLong(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert!(is_same_name("Groceries", " groceries "));
        assert!(is_same_name("To  do", "to do") && is_same_name("ÉTÉ", "été"));
        assert!(!is_same_name("Résumé", "resume") && !is_same_name("To do", "Todo"));
    }

    #[test]
    fn titles() {
        assert_eq!(check_title("  milk "), Ok("milk"));
        for blank in [
            " \n",
            "",
            "\u{200b}",
            "\u{feff} \u{2060}",
            "\u{3164}",
            "\u{2800}",
            "\u{ad}\u{fe0f}",
        ] {
            assert_eq!(check_title(blank), Err(TitleError::Empty), "{blank:?}");
        }
        // A family is joined by U+200D, and has a shape.
        assert!(check_title("👨\u{200d}👩\u{200d}👧").is_ok());
        assert_eq!(
            check_title(&"字".repeat(limits::TITLE_CHARS)).map(str::len),
            Ok(limits::TITLE_CHARS * 3)
        );
        assert_eq!(check_title(&"字".repeat(501)), Err(TitleError::TooLong(501)));
    }
}
