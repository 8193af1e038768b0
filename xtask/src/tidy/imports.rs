//! The modules that a file names in its own crate.

use super::source::File;

/// A module at the top of the crate that a file names, and the place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) module: String,
    pub(crate) at: usize,
}

/// The module at the top of the crate that a file belongs to: `tab` for `src/tab/client/doing.rs` below `src/`.
pub(crate) fn module_of(path: &str, source: &str) -> Option<String> {
    let inside = path.strip_prefix(source)?;
    let first = inside.split('/').next()?;
    Some(first.trim_end_matches(".rs").to_owned())
}

/// All modules at the top of the crate that shipped code names by `crate::`, or by `super::` repeated up to the
/// top.
pub(crate) fn imports(file: &File, source: &str) -> Vec<Import> {
    let code = file.shipped();
    let mut found = Vec::new();
    for at in places(code, "crate::") {
        for (module, at) in names_after(code, at + "crate::".len()) {
            found.push(Import { module, at });
        }
    }
    let depth = depth(&file.path, source);
    for at in places(code, "super::") {
        // Only the first `super::` of several counts.
        if code[..at].ends_with("super::") {
            continue;
        }
        let supers = code[at..]
            .split("super::")
            .take_while(|part| part.is_empty())
            .count();
        if supers == depth {
            for (module, at) in names_after(code, at + supers * "super::".len()) {
                found.push(Import { module, at });
            }
        }
    }
    found
}

/// How many `super::` lead from a file to the top of its crate.
fn depth(path: &str, source: &str) -> usize {
    let inside = path.strip_prefix(source).unwrap_or(path);
    let parts = inside.split('/').count();
    match inside.ends_with("/mod.rs") {
        true => parts - 1,
        false => parts,
    }
}

/// The places of a word, except at the end of a longer word.
fn places<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(|at| !code[..*at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
}

/// The names that begin here: one, or those in braces.
fn names_after(code: &str, at: usize) -> Vec<(String, usize)> {
    let name = |at: usize| -> String {
        let rest = code[at..].trim_start();
        rest.chars()
            .take_while(|char| char.is_alphanumeric() || *char == '_')
            .collect()
    };
    if !code[at..].starts_with('{') {
        return vec![(name(at), at)];
    }
    let (mut depth, mut names) = (0, Vec::new());
    for (offset, char) in code[at..].char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && (char == '{' || char == ',') {
            names.push((name(at + offset + 1), at + offset + 1));
        }
    }
    names.retain(|(name, _)| !name.is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &str, text: &str) -> Vec<String> {
        let file = File::new(path, text);
        imports(&file, "src/")
            .into_iter()
            .map(|import| import.module)
            .collect()
    }

    #[test]
    fn a_path_through_the_crate_names_its_first_module() {
        assert_eq!(
            named("src/a.rs", "use crate::b::C; fn f() { crate::d::e() }"),
            ["b", "d"]
        );
        assert_eq!(named("src/a.rs", "use crate::{b, c::{d, e}};"), ["b", "c"]);
        assert_eq!(named("src/a.rs", "// crate::b\nuse tsugi_crate::c;"), [""; 0]);
    }

    #[test]
    fn super_names_a_module_at_the_top_only_from_far_enough_down() {
        assert_eq!(named("src/a.rs", "use super::b;"), ["b"]);
        assert_eq!(named("src/a/c.rs", "use super::b; use super::super::d;"), ["d"]);
        assert_eq!(named("src/a/mod.rs", "use super::b;"), ["b"]);
    }

    #[test]
    fn a_file_belongs_to_the_module_at_the_top() {
        assert_eq!(module_of("src/a/b.rs", "src/").as_deref(), Some("a"));
        assert_eq!(module_of("src/a.rs", "src/").as_deref(), Some("a"));
        assert_eq!(module_of("tests/a.rs", "src/"), None);
    }
}
