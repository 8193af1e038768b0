//! Which texts may be a password, by NIST SP 800-63B: a password is long enough, is not one that attackers try
//! first, and may otherwise be anything. And which texts are the same password.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::secret::Password;

/// Characters of a password.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=256;
/// The most common passwords of that length, in lower case: from the list of the zxcvbn project (MIT licence), and a few
/// that are as easy to guess.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Why a text cannot be a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    Length,
    /// It is one of the passwords that attackers try first.
    Common,
}

/// The form in which a password is hashed. A keyboard may write `é` as one character or as two, and a Japanese
/// keyboard writes a wide space, although the person typed the same password (RFC 8265, OpaqueString).
pub(crate) fn normal(password: &Password) -> Password {
    let one_space = |c: char| {
        if c.is_whitespace() && !c.is_control() {
            ' '
        } else {
            c
        }
    };
    Password(password.0.chars().map(one_space).nfc().collect())
}

/// The forms in which it may have been hashed: the normal form, and the form that earlier versions hashed, which is
/// the text as it came.
pub(crate) fn forms(password: &Password) -> Vec<Password> {
    let composed = password.0.nfc().collect();
    let decomposed = password.0.nfd().collect();
    let mut forms: Vec<Password> = Vec::new();
    for form in [normal(password).0, password.0.clone(), composed, decomposed] {
        if !forms.iter().any(|known| known.0 == form) {
            forms.push(Password(form));
        }
    }
    forms
}

/// Whether its length allows that it is somebody's password, perhaps that of an account from before there were
/// rules.
pub(crate) fn has_length(password: &Password) -> bool {
    LENGTH.contains(&normal(password).0.chars().count())
}

/// Whether it may become the password of the account with this email.
pub(crate) fn check(password: &Password, email: &str) -> Result<(), Unfit> {
    if !has_length(password) {
        return Err(Unfit::Length);
    }
    let text = normal(password).0.to_lowercase();
    let core = text.trim_matches(|c: char| !c.is_alphabetic());
    let local = email.split('@').next().unwrap_or_default();
    let is_guessed = [text.as_str(), core].iter().any(|text| COMMON.contains(text))
        || text == email
        || (local.len() > 2 && core == local)
        || text.trim().is_empty()
        || is_repetition(&text)
        || is_sequence(&text);
    if is_guessed { Err(Unfit::Common) } else { Ok(()) }
}

/// Whether one to four characters are repeated all the way.
fn is_repetition(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| {
        chars
            .iter()
            .zip(chars.iter().skip(period))
            .all(|(one, later)| one == later)
    })
}

/// `23456789` or `hgfedcba`: each character is the neighbour of the one before, all in one direction.
fn is_sequence(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    [1, -1]
        .iter()
        .any(|step| codes.windows(2).all(|pair| pair[1] - pair[0] == *step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Result<(), Unfit> {
        check(&Password(text.into()), "ada.lovelace@example.org")
    }

    #[test]
    fn what_is_guessed_first_is_no_password() {
        for text in [
            "password",
            "PASSWORD",
            "Password1",
            "password2026!",
            "12345678",
            "1234567890",
            "87654321",
            "abcdefgh",
            "qwertyuiop",
            "iloveyou",
            "football",
            "        ",
            "\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}",
            "\t \t\t\t\t\t\t\t\t",
            "aaaaaaaa",
            "abababab",
            "abcabcabcab",
            "12121212",
            "いいいいいいいい",
            "ada.lovelace",
            "Ada.Lovelace99",
            "ada.lovelace@example.org",
        ] {
            assert_eq!(judged(text), Err(Unfit::Common), "{text:?}");
        }
    }

    #[test]
    fn everything_else_of_that_length_is_one() {
        for text in [
            "correct horse battery",
            "correct horse battery staple",
            "q7w-zz 9",
            "ほんとうにながいあいことば",
            "🐎🔋📎 correct",
            "aaaaaaab",
            "password of my aunt",
            &"long and odd ".repeat(10),
        ] {
            assert_eq!(judged(text), Ok(()), "{text:?}");
        }
        for text in ["", "short 7", &"no end ".repeat(40)] {
            assert_eq!(judged(text), Err(Unfit::Length), "{text:?}");
        }
        // Characters, and not the bytes or marks they are written with.
        assert_eq!(judged("e\u{301}e\u{301}a\u{301}o\u{301}"), Err(Unfit::Length));
    }

    #[test]
    fn one_password_has_one_normal_form() {
        let normal = |text: &str| super::normal(&Password(text.into())).0;
        assert_eq!(
            normal("cafe\u{301} au lait"),
            normal("caf\u{e9}\u{3000}au\u{a0}lait")
        );
        assert_eq!(normal("が"), normal("か\u{3099}"));
        assert_ne!(normal("Cafe"), normal("cafe"));
        assert_eq!(
            forms(&Password("correct horse".into())).len(),
            1,
            "no more work than before"
        );
    }

    #[test]
    fn the_list_is_as_it_is_compared() {
        assert!(COMMON.len() >= 3_000);
        for word in COMMON.iter() {
            assert!(LENGTH.contains(&word.chars().count()), "{word}");
            assert_eq!(word.to_lowercase(), **word);
        }
    }
}
