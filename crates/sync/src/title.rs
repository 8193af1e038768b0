//! Titles and names: one line, trimmed, never empty.

use crate::limits;

/// A title or name as it is kept.
///
/// # Errors
/// When nothing is left or it is too long.
pub fn check_title(title: &str) -> Result<&str, TitleError> {
    let title = title.trim();
    match title.chars().count() {
        0 => Err(TitleError::Empty),
        count if count > limits::TITLE_CHARS => Err(TitleError::TooLong(count)),
        _ => Ok(title),
    }
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
    fn titles() {
        assert_eq!(check_title("  milk "), Ok("milk"));
        assert_eq!(check_title(" \n"), Err(TitleError::Empty));
        assert_eq!(
            check_title(&"字".repeat(limits::TITLE_CHARS)).map(str::len),
            Ok(limits::TITLE_CHARS * 3)
        );
        assert_eq!(check_title(&"字".repeat(501)), Err(TitleError::TooLong(501)));
    }
}
