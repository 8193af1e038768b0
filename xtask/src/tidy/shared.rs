//! Texts that are written only once: ids of elements, addresses that two programs share, colours.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::source::File;
use super::table::{COLOURS, REPEATED_COLOURS};

/// Each of these strings is in one shipped Rust file.
pub(crate) fn spelled_once(files: &[File], wanted: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in wanted {
        let places: Vec<_> = files
            .iter()
            .filter(|file| file.is_rust() && !file.is_test() && !file.path.starts_with("xtask/"))
            .flat_map(|file| file.strings().map(move |(at, found)| (file, at, found)))
            .filter(|(_, _, found)| found == text)
            .collect();
        for (file, at, _) in places.iter().skip(1) {
            let first = &places[0].0.path;
            findings.push(Finding::at(
                file,
                file.line_of(*at),
                format!("\"{text}\" is spelled in {first} already: take it from there"),
            ));
        }
    }
    findings
}

/// Attributes whose value is the id of an element.
const NAMES_ID: [&str; 7] = [
    "id",
    "for",
    "aria-controls",
    "aria-labelledby",
    "aria-describedby",
    "aria-activedescendant",
    "list",
];

/// An id that several places of the client name is a constant, because otherwise nobody notices if two spellings
/// differ.
pub(crate) fn ids(files: &[File]) -> Vec<Finding> {
    let mut places: BTreeMap<&str, Vec<(&File, usize)>> = BTreeMap::new();
    let client = files
        .iter()
        .filter(|file| file.is_rust() && !file.is_test() && file.path.starts_with("src/"));
    for file in client {
        for (at, text) in file.strings().filter(|(_, text)| is_id(text)) {
            if is_attribute(&file.code[..at - 1]) || is_lookup(&file.code[..at - 1]) {
                places.entry(text).or_default().push((file, at));
            }
        }
    }
    let mut findings = Vec::new();
    for (id, places) in places {
        for (file, at) in places.iter().skip(1) {
            findings.push(Finding::at(
                file,
                file.line_of(*at),
                format!("the id \"{id}\" is spelled more than once: make it a constant"),
            ));
        }
    }
    findings
}

fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_'))
}

/// Whether a string after this text is the value of an attribute that names an id.
fn is_attribute(before: &str) -> bool {
    before.strip_suffix('=').is_some_and(|before| {
        NAMES_ID.iter().any(|name| {
            before
                .strip_suffix(name)
                .is_some_and(|rest| rest.ends_with(char::is_whitespace))
        })
    })
}

fn is_lookup(before: &str) -> bool {
    before.ends_with("get_element_by_id(") || before.ends_with("focus::on(")
}

/// All colours are in one style sheet. A file that cannot read the sheet repeats only the colours that the sheet
/// has under these names.
pub(crate) fn colours(files: &[File], repeating: &[&str]) -> Vec<Finding> {
    let allowed: BTreeSet<String> = files
        .iter()
        .filter(|file| file.path == COLOURS)
        .flat_map(|file| file.text.lines())
        .filter(|line| {
            REPEATED_COLOURS
                .iter()
                .any(|name| line.trim().starts_with(&format!("{name}:")))
        })
        .flat_map(|line| {
            colours_in(line)
                .map(|(_, colour)| colour.to_lowercase())
                .collect::<Vec<_>>()
        })
        .collect();
    let mut findings = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.path != COLOURS && !file.is_test())
    {
        let may_repeat = repeating.contains(&file.path.as_str());
        let is_style = file.path.starts_with("style/") && file.path.ends_with(".css");
        let found: Vec<(usize, &str)> = match file.is_rust() {
            true if file.path.starts_with("src/") || file.path.starts_with("crates/screen/") => file
                .strings()
                .filter(|(_, text)| colours_in(text).any(|(_, colour)| colour.len() == text.len()))
                .collect(),
            false if is_style || may_repeat => {
                colours_in(&file.text).chain(functions_in(&file.text)).collect()
            }
            true | false => continue,
        };
        for (at, colour) in found {
            if !(may_repeat && allowed.contains(&colour.to_lowercase())) {
                findings.push(Finding::at(
                    file,
                    file.line_of(at),
                    format!("the colour {colour} belongs into {COLOURS}"),
                ));
            }
        }
    }
    findings
}

/// The places of `rgb(…)` and `hsl(…)`, each with its beginning.
fn functions_in(text: &str) -> impl Iterator<Item = (usize, &str)> {
    ["rgb(", "rgba(", "hsl(", "oklch("]
        .into_iter()
        .flat_map(|name| text.match_indices(name))
        .filter(|(at, _)| !text[..*at].ends_with(|before: char| before.is_alphanumeric() || before == '-'))
}

/// The places of `#rgb`, `#rgba`, `#rrggbb` and `#rrggbbaa`.
fn colours_in(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('#').filter_map(|(at, _)| {
        let digits = text[at + 1..]
            .find(|char: char| !char.is_ascii_hexdigit())
            .unwrap_or(text.len() - at - 1);
        let ends = !text[at + 1 + digits..]
            .starts_with(|char: char| char.is_alphanumeric() || matches!(char, '-' | '_'));
        (matches!(digits, 3 | 4 | 6 | 8) && ends).then(|| (at, &text[at..=at + digits]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{file, finds};

    #[test]
    fn an_address_that_two_agree_on_is_spelled_in_one_file() {
        let one = file("crates/sync/src/a.rs", "const A: &str = \"/api\";");
        let other = file("src/b.rs", "\nf(\"/api\")");
        finds(&spelled_once(std::slice::from_ref(&one), &["/api"]), &[]);
        finds(
            &spelled_once(&[one, other], &["/api"]),
            &["2: \"/api\" is spelled in crates/sync/src/a.rs"],
        );
    }

    #[test]
    fn an_id_in_two_places_is_a_constant() {
        let found = |text: &str| ids(&[file("src/a.rs", text)]);
        finds(&found("<p id=\"hint\"><input type=\"hint\" id=\"other\">"), &[]);
        finds(
            &found("<p id=\"hint\">\n<input aria-describedby=\"hint\">"),
            &["2: the id \"hint\""],
        );
        finds(&found("<p id=HINT><input aria-describedby=HINT>"), &[]);
        finds(
            &found("<p id=\"a\">; get_element_by_id(\"a\")"),
            &["the id \"a\""],
        );
    }

    #[test]
    fn colours_stand_in_one_style_sheet() {
        let tokens = || {
            file(
                COLOURS,
                ":root {\n  --paper: light-dark(#faf8f4, #1a1a18);\n  --red: #a00;\n}",
            )
        };
        let found = |path: &str, text: &str| colours(&[tokens(), file(path, text)], &["index.html"]);
        finds(
            &found("style/a.css", "a { color: var(--red); }\n#form { color: red }"),
            &[],
        );
        finds(
            &found("style/a.css", "a {\n color: #abc; }"),
            &["2: the colour #abc"],
        );
        finds(&found("style/a.css", "a { color: rgb(0 0 0 / 5%); }"), &["rgb("]);
        finds(&found("index.html", "content=\"#FAF8F4\""), &[]);
        finds(&found("index.html", "content=\"#a00\""), &["#a00"]);
        finds(&found("src/a.rs", "f(\"#1a1a18\"); f(\"#fold\")"), &["#1a1a18"]);
    }
}
