//! Texts as they are compared, wherever names or words are looked for: one rule for search, for completion, and for names
//! of lists and labels.

use crate::intl;

/// A text without case, accents, widths, and the difference between katakana and hiragana.
///
/// Examples: "Crème" and "CREME" are the same. So are "İzmir" and "izmir", "Grüße" and "grusse", "Mom’s" and "mom's", and
/// half-width "ﾊﾟﾝ" and "ぱん".
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    if text.chars().all(is_whole) {
        return text.chars().map(plain).collect();
    }
    let decomposed = intl::ask(|port| port.decompose(text));
    let bare: String = decomposed.chars().filter(|letter| !is_accent(*letter)).collect();
    // Japanese voicing marks are no accents: they become parts of their letters again.
    let composed = intl::ask(|port| port.compose(&bare));
    let mut folded = String::with_capacity(composed.len());
    for letter in composed.chars() {
        match letters_of(letter) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(plain(letter)),
        }
    }
    folded
}

/// Whether a letter is the same decomposed and composed again, so that the port need not be asked: ASCII, hiragana, full
/// katakana, and the common characters of Chinese and Japanese.
fn is_whole(letter: char) -> bool {
    letter.is_ascii()
        || matches!(letter as u32, 0x3001..=0x3035 | 0x3041..=0x3096 | 0x30A1..=0x30FC | 0x4E00..=0x9FFF)
}

/// The combining marks of Latin, Greek and Cyrillic.
fn is_accent(letter: char) -> bool {
    matches!(letter as u32, 0x300..=0x36F)
}

/// Letters that Unicode does not take apart, and that people type without their special keys.
fn letters_of(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' | 'ẞ' => "ss",
        'ı' => "i",
        'ς' => "σ",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        '‘' | '’' | 'ʼ' | '′' => "'",
        '“' | '”' | '„' | '″' => "\"",
        '‐' | '‑' | '–' | '—' => "-",
        _ => return None,
    })
}

/// Hiragana for katakana, and small letters for capitals: by ranges, and not by Unicode's tables, which weigh more than
/// this file.
fn plain(letter: char) -> char {
    let code = letter as u32;
    let folded = match code {
        0x30A1..=0x30F6 => code - 0x60,
        0x391..=0x3A9 | 0x410..=0x42F => code + 0x20,
        0x400..=0x40F => code + 0x50,
        _ => code,
    };
    char::from_u32(folded).unwrap_or(letter).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn texts_that_people_take_for_the_same_are_the_same() {
        let table = [
            ("Crème", "creme"),
            ("İzmir", "izmir"),
            ("ISPARTA ılık", "isparta ilik"),
            ("Grüße", "grusse"),
            ("GRÜẞE", "grusse"),
            ("Mom’s", "mom's"),
            ("“Ann” – Bob", "\"ann\" - bob"),
            ("ﾊﾟﾝ", "パン"),
            ("パン", "ぱん"),
            ("ガス", "がす"),
            ("Ｔｏｋｙｏ　２", "tokyo 2"),
            ("Łódź", "lodz"),
            ("Dvořák", "dvorak"),
            ("ΟΔΟΣ", "οδος"),
            ("Ώ", "ω"),
            ("МОЛОКО Ё", "молоко е"),
            ("Cœur Æsop", "coeur aesop"),
            ("cafe\u{301}", "café"),
            ("①ﬁ", "1fi"),
            ("한글", "한글"),
        ];
        for (one, other) in table {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
    }

    #[test]
    fn texts_that_differ_stay_different() {
        for (one, other) in [
            ("ハン", "バン"),
            ("はん", "ぱん"),
            ("milk", "silk"),
            ("病", "疾"),
            ("が", "か"),
        ] {
            assert_ne!(fold(one), fold(other));
        }
    }

    #[test]
    fn folding_again_changes_nothing() {
        for text in ["Crème brûlée", "ﾊﾟﾝとﾐﾙｸ", "İstanbul", "ΌΛΟΣ", "straße ①"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }
}
