//! How much of a parser's error the other side is told, and the log with it.

/// Characters of an error about a frame.
const CHARS: usize = 300;

/// The text without what it quotes of the frame, because that may be a task's text or a token: the kind of the fault, and
/// its place. The name of a missing field is one of the protocol's own.
pub(super) fn without_contents(text: &str) -> String {
    let shown = match text.contains("missing field") && !text.contains('"') {
        true => text.to_owned(),
        false => match text.split_once(['"', '`']) {
            None => text.to_owned(),
            Some((kind, _)) => format!("{kind}…{}", place(text)),
        },
    };
    shown.chars().take(CHARS).collect()
}

/// ` at line 1 column 5`, if the text ends so.
fn place(text: &str) -> &str {
    let start = text.rfind(" at line ").unwrap_or(text.len());
    let rest = &text[start..];
    let is_place = |char: char| char.is_ascii_alphanumeric() || char == ' ';
    if rest.chars().all(is_place) { rest } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_quoted_is_left_out() {
        for (text, told) in [
            (
                "not a message: missing field `seq` at line 1 column 9",
                "not a message: missing field `seq` at line 1 column 9",
            ),
            (
                "not a message: unknown variant `Buy `milk``, expected `a` at line 1 column 9",
                "not a message: unknown variant … at line 1 column 9",
            ),
            (
                "not a message: invalid type: string \"Buy \\\" at line milk\", expected u64 at line 2 column 1",
                "not a message: invalid type: string … at line 2 column 1",
            ),
            (
                "not a message: string \"missing field `x`\"",
                "not a message: string …",
            ),
            (
                "no message has the type `Buy at line milk`",
                "no message has the type …",
            ),
            ("a frame of 5 bytes", "a frame of 5 bytes"),
        ] {
            assert_eq!(without_contents(text), told);
        }
        assert_eq!(without_contents(&"x".repeat(1_000)).len(), CHARS);
    }
}
