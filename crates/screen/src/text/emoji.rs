//! Emoji at the beginning of a name: the sidebar shows it in the place of the coloured dot.

/// The emoji at the beginning of a name, and the name without it. None if the name begins otherwise, or is nothing else.
///
/// Example: `🏡 Home` is `🏡` and `Home`. A family of joined people is one emoji, and so is a flag.
#[must_use]
pub fn split(name: &str) -> Option<(&str, &str)> {
    let mut letters = name.char_indices().peekable();
    let (_, first) = letters.next().filter(|(_, letter)| is_picture(*letter))?;
    let mut after_joiner = false;
    let mut is_half_flag = is_flag_letter(first);
    while let Some((_, letter)) = letters.peek().copied() {
        let goes_on = is_modifier(letter) || after_joiner || (is_half_flag && is_flag_letter(letter));
        if !goes_on {
            break;
        }
        is_half_flag = false;
        after_joiner = letter == JOINER;
        letters.next();
    }
    let end = letters.peek().map_or(name.len(), |(at, _)| *at);
    let (emoji, rest) = name.split_at(end);
    let rest = rest.trim_start();
    (!rest.is_empty()).then_some((emoji, rest))
}

const JOINER: char = '\u{200d}';

fn is_picture(letter: char) -> bool {
    matches!(letter as u32, 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x1F000..=0x1FAFF)
}

fn is_flag_letter(letter: char) -> bool {
    matches!(letter as u32, 0x1F1E6..=0x1F1FF)
}

/// A joiner, a variant, a skin tone, or the frame of a key.
fn is_modifier(letter: char) -> bool {
    matches!(letter as u32, 0x200D | 0xFE0F | 0x20E3 | 0x1F3FB..=0x1F3FF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_stands_before_the_name() {
        let table = [
            ("🏡 Home", Some(("🏡", "Home"))),
            ("☕️Coffee", Some(("☕️", "Coffee"))),
            ("👩\u{200d}👧 Family", Some(("👩\u{200d}👧", "Family"))),
            ("👍🏽 Done", Some(("👍🏽", "Done"))),
            ("🇯🇵 Japan", Some(("🇯🇵", "Japan"))),
            ("🏡🌱 Two", Some(("🏡", "🌱 Two"))),
            ("🏡", None),
            ("Home 🏡", None),
            ("家", None),
            ("", None),
        ];
        for (name, expected) in table {
            assert_eq!(split(name), expected, "{name}");
        }
    }
}
