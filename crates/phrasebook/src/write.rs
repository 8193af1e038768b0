//! From phrases to Rust code. The module that includes the code has to bring `language()`, `plural()`, `number()` and
//! `Plural`.

use std::fmt::Write;

use crate::Locale;
use crate::parse::{Parameter, Piece, Variant, parameters};

pub(crate) fn module(first: &Locale, locales: &[Locale]) -> String {
    let mut code = String::new();
    languages(&mut code, locales);
    for (name, reference) in &first.phrases {
        phrase(&mut code, name, reference, locales);
    }
    code
}

/// The name of a variant: `Ja` for `ja`.
fn variant(tag: &str) -> String {
    let words = tag.split('-').map(|word| {
        let (head, tail) = word.split_at(1.min(word.len()));
        head.to_uppercase() + tail
    });
    words.collect()
}

fn languages(code: &mut String, locales: &[Locale]) {
    let tags: Vec<&str> = locales.iter().map(|locale| locale.tag.as_str()).collect();
    put(
        code,
        "/// The languages that the app speaks, one a file in `locales/`.\n",
    );
    put(
        code,
        "#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]\npub enum Language {\n    #[default]\n",
    );
    for tag in &tags {
        put(code, &format!("    {},\n", variant(tag)));
    }
    let all: Vec<String> = tags.iter().map(|tag| format!("Self::{}", variant(tag))).collect();
    put(code, "}\n\nimpl Language {\n");
    put(
        code,
        &format!(
            "    pub const ALL: [Self; {}] = [{}];\n\n",
            tags.len(),
            all.join(", ")
        ),
    );
    put(
        code,
        "    /// As `lang` attributes and `Intl` write it.\n    #[must_use]\n",
    );
    put(
        code,
        "    pub fn tag(self) -> &'static str {\n        match self {\n",
    );
    for tag in &tags {
        put(code, &format!("            Self::{} => {tag:?},\n", variant(tag)));
    }
    put(code, "        }\n    }\n}\n");
}

fn phrase(code: &mut String, name: &str, reference: &[Piece], locales: &[Locale]) {
    let taken = parameters(reference);
    let in_doc: Vec<String> = locales
        .iter()
        .filter_map(|locale| Some(plainly(locale.phrases.get(name)?)))
        .collect();
    put(code, &format!("\n/// {}\n#[must_use]\n", in_doc.join(" — ")));
    let texts = || {
        locales
            .iter()
            .filter_map(|locale| Some((variant(&locale.tag), locale.phrases.get(name)?)))
    };
    if taken.is_empty() {
        put(
            code,
            &format!("pub fn {name}() -> &'static str {{\n    match language() {{\n"),
        );
        for (language, pieces) in texts() {
            put(
                code,
                &format!("        Language::{language} => {:?},\n", plainly(pieces)),
            );
        }
        put(code, "    }\n}\n");
        return;
    }
    let signature: Vec<String> = taken.iter().map(declared).collect();
    put(
        code,
        &format!("pub fn {name}({}) -> String {{\n", signature.join(", ")),
    );
    put(
        code,
        "    let mut said = String::new();\n    match language() {\n",
    );
    for (language, pieces) in texts() {
        put(code, &format!("        Language::{language} => {{\n"));
        say(code, pieces, 3, &taken);
        put(code, "        }\n");
    }
    put(code, "    }\n    said\n}\n");
}

fn declared(parameter: &Parameter) -> String {
    let kind = if parameter.number { "usize" } else { "&str" };
    format!("{}: {kind}", parameter.name)
}

/// The statements that add pieces to `said`.
fn say(code: &mut String, pieces: &[Piece], depth: usize, taken: &[Parameter]) {
    let indent = "    ".repeat(depth);
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                let mut letters = text.chars();
                match (letters.next(), letters.next()) {
                    (Some(letter), None) => put(code, &format!("{indent}said.push({letter:?});\n")),
                    _ => put(code, &format!("{indent}said.push_str({text:?});\n")),
                }
            }
            Piece::Put(name) if taken.iter().any(|one| one.name == *name && one.number) => {
                put(code, &format!("{indent}said.push_str(&{name}.to_string());\n"));
            }
            Piece::Put(name) => put(code, &format!("{indent}said.push_str({name});\n")),
            Piece::Number(name) => put(code, &format!("{indent}said.push_str(&number({name}));\n")),
            Piece::Choice { by, variants, other } => choice(code, (by, variants, other), depth, taken),
        }
    }
}

fn choice(
    code: &mut String,
    (by, variants, other): (&str, &[Variant], &[Piece]),
    depth: usize,
    taken: &[Parameter],
) {
    let indent = "    ".repeat(depth);
    put(code, &indent);
    for variant in variants {
        if let Variant::Exactly(number, pieces) = variant {
            put(code, &format!("if {by} == {number} {{\n"));
            say(code, pieces, depth + 1, taken);
            put(code, &format!("{indent}}} else "));
        }
    }
    let plurals: Vec<_> = variants
        .iter()
        .filter_map(|variant| match variant {
            Variant::Plural(category, pieces) => Some((category, pieces)),
            Variant::Exactly(..) => None,
        })
        .collect();
    if plurals.is_empty() {
        put(code, "{\n");
        say(code, other, depth + 1, taken);
    } else {
        put(code, &format!("{{ match plural({by}) {{\n"));
        let named = |category: &str| plurals.iter().any(|(known, _)| **known == category);
        let rest = CATEGORIES.into_iter().filter(|category| !named(category));
        let rest: Vec<String> = rest.map(|category| format!("Plural::{category}")).collect();
        for (category, pieces) in &plurals {
            put(code, &format!("{indent}    Plural::{category} => {{\n"));
            say(code, pieces, depth + 2, taken);
            put(code, &format!("{indent}    }}\n"));
        }
        put(code, &format!("{indent}    {} => {{\n", rest.join(" | ")));
        say(code, other, depth + 2, taken);
        put(code, &format!("{indent}    }}\n{indent}}}\n"));
    }
    put(code, &format!("{indent}}}\n"));
}

/// All plural categories of `Intl.PluralRules`.
const CATEGORIES: [&str; 6] = ["Zero", "One", "Two", "Few", "Many", "Other"];

/// A phrase on one line, as the documentation of its function.
fn plainly(pieces: &[Piece]) -> String {
    let part = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Put(name) | Piece::Number(name) => format!("[{name}]"),
        Piece::Choice { other, .. } => plainly(other),
    };
    pieces.iter().map(part).collect()
}

fn put(code: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let written = code.write_str(text);
    debug_assert!(written.is_ok());
}
