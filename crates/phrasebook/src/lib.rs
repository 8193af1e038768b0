//! Phrases: turns one Fluent file for each language into Rust code, one function for each phrase.
//!
//! All checks happen while the app is built. The build fails if a language lacks a phrase, has one too many, or uses a
//! parameter that the first language does not have. The app contains the texts and a `match`. A browser parses nothing,
//! and its own `Intl` does plurals and numbers.
//!
//! This crate reads the part of Fluent's syntax that the app needs: text, `{ $name }`, `{ NUMBER($name) }`, and choices
//! by number. It refuses everything else: terms, attributes, references to other messages, functions of one's own, and
//! choices by text.

mod parse;
mod write;

use std::collections::BTreeMap;

pub use parse::{Parameter, Piece, Problem, Variant};

/// One language: its tag, such as `ja`, and its phrases by name.
#[derive(Debug)]
pub struct Locale {
    pub tag: String,
    pub phrases: BTreeMap<String, Vec<Piece>>,
}

impl Locale {
    /// Reads a Fluent file.
    ///
    /// # Errors
    /// If it is not Fluent, or uses a part of Fluent that is not supported.
    pub fn parse(tag: &str, text: &str) -> Result<Self, Problem> {
        let phrases = parse::phrases(text).map_err(|problem| problem.of(tag))?;
        Ok(Self {
            tag: tag.to_owned(),
            phrases,
        })
    }
}

/// The Rust code of all languages. All others are compared with the first one.
///
/// # Errors
/// If a language differs from the first one in its phrases or in their parameters.
pub fn write(locales: &[Locale]) -> Result<String, Problem> {
    let Some((first, others)) = locales.split_first() else {
        return Err(Problem::NoLanguage);
    };
    for other in others {
        compare(first, other).map_err(|problem| problem.of(&other.tag))?;
    }
    Ok(write::module(first, locales))
}

fn compare(first: &Locale, other: &Locale) -> Result<(), Problem> {
    if let Some(missing) = first
        .phrases
        .keys()
        .find(|name| !other.phrases.contains_key(*name))
    {
        return Err(Problem::Missing(missing.clone()));
    }
    for (name, pieces) in &other.phrases {
        let Some(reference) = first.phrases.get(name) else {
            return Err(Problem::Unknown(name.clone()));
        };
        let known = parse::parameters(reference);
        for parameter in parse::parameters(pieces) {
            // A language may put a number in as text, without number formatting.
            if !known
                .iter()
                .any(|one| one.name == parameter.name && (one.number || !parameter.number))
            {
                return Err(Problem::Parameter {
                    phrase: name.clone(),
                    parameter: parameter.name,
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(en: &str, ja: &str) -> Result<String, Problem> {
        write(&[Locale::parse("en", en)?, Locale::parse("ja", ja)?])
    }

    #[test]
    fn a_text_becomes_a_function_without_parameters() {
        let code = both("sign-in = Sign in\n", "sign-in = サインイン\n").unwrap();
        assert!(code.contains("pub fn sign_in() -> &'static str"), "{code}");
        assert!(code.contains(r#"Language::Ja => "サインイン""#), "{code}");
    }

    #[test]
    fn parameters_are_texts_or_numbers_in_the_order_of_the_first_language() {
        let en = "of = { $what }: { NUMBER($some) } of { NUMBER($all) }\n";
        let ja = "of = { $what }は{ NUMBER($all) }のうち{ NUMBER($some) }\n";
        let code = both(en, ja).unwrap();
        assert!(
            code.contains("pub fn of(what: &str, some: usize, all: usize) -> String"),
            "{code}"
        );
    }

    #[test]
    fn choices_go_by_exact_number_first_and_by_the_plurals_of_the_language_then() {
        let en =
            "n =\n    { $n ->\n        [0] none\n        [one] one\n       *[other] { NUMBER($n) }\n    }\n";
        let code = both(en, "n = { NUMBER($n) }件\n").unwrap();
        assert!(code.contains("if n == 0"), "{code}");
        assert!(code.contains("Plural::One =>"), "{code}");
        assert!(
            code.contains("Plural::Zero | Plural::Two | Plural::Few | Plural::Many | Plural::Other =>"),
            "{code}"
        );
    }

    #[test]
    fn languages_that_do_not_say_the_same_fail_the_build() {
        let said = |en, ja| both(en, ja).unwrap_err().to_string();
        assert_eq!(said("a = A\nb = B\n", "a = あ\n"), "ja: there is no phrase `b`");
        assert_eq!(
            said("a = A\n", "a = あ\nc = う\n"),
            "ja: the first language has no phrase `c`"
        );
        assert_eq!(
            said("a = A\n", "a = { $x }\n"),
            "ja: phrase `a` knows no `$x` in the first language"
        );
        assert_eq!(
            said("a = { $x }\n", "a = { NUMBER($x) }\n"),
            "ja: phrase `a` knows no `$x` in the first language"
        );
    }

    #[test]
    fn unsupported_syntax_is_refused_and_never_dropped() {
        let refused = |text: &str| Locale::parse("en", text).unwrap_err().to_string();
        assert_eq!(refused("a = A\na = B\n"), "en: phrase `a` stands there twice");
        for text in [
            "-brand = Tsugi\n",
            "a = A\n    .title = B\n",
            "a = { b }\n",
            "a = { DATETIME($x) }\n",
            "a =\n    { $x ->\n        [yes] A\n       *[no] B\n    }\n",
            "a = { $type }\n",
            "match = A\n",
            "just words\n",
        ] {
            assert!(Locale::parse("en", text).is_err(), "{text}");
        }
    }

    #[test]
    fn text_cannot_break_out_of_its_string() {
        let code = both("a = \"quoted\" \\ { \"{\" }\n", "a = あ\n").unwrap();
        assert!(code.contains(r#""\"quoted\" \\ {""#), "{code}");
    }
}
