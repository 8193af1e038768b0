//! Rules about documents and style sheets.

use super::Finding;
use super::source::File;

/// No style depends on `:has(…:empty…)`, because WebKit does not notice when the element stops being empty.
pub(crate) fn selectors(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".css")) {
        for (at, _) in file.text.match_indices(":has(") {
            let rest = &file.text[at + ":has(".len()..];
            if rest[..closing(rest)].contains(":empty") {
                findings.push(Finding::at(
                    file,
                    file.line_of(at),
                    "nothing hangs on `:has(` with `:empty`: let the component say it by an attribute",
                ));
            }
        }
    }
    findings
}

/// The place of the parenthesis that closes the one just before the text.
fn closing(text: &str) -> usize {
    let mut depth = 1;
    for (at, char) in text.char_indices() {
        match char {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Every relative link of a document leads to an existing file or folder, and its `#part` to a heading.
pub(crate) fn links(files: &[File], all_paths: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        for (at, target) in targets(&file.text) {
            let (path, part) = match target.split_once('#') {
                Some((path, part)) => (path, Some(part)),
                None => (target, None),
            };
            let Some(path) = resolve(&file.path, path) else {
                findings.push(Finding::at(
                    file,
                    file.line_of(at),
                    format!("{target} leads out of the repository"),
                ));
                continue;
            };
            let is_there = path.is_empty()
                || all_paths
                    .iter()
                    .any(|one| *one == path || one.starts_with(&format!("{}/", path.trim_end_matches('/'))));
            let document = files.iter().find(|file| file.path == path);
            let has_part = part.is_none_or(|part| {
                document.is_none_or(|document| headings(&document.text).any(|heading| heading == part))
            });
            if !is_there || !has_part {
                findings.push(Finding::at(
                    file,
                    file.line_of(at),
                    format!("{target} leads nowhere"),
                ));
            }
        }
    }
    findings
}

/// The relative targets of `[text](target)`, outside code.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut start, mut in_code) = (0, false);
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            for (at, _) in line.match_indices("](") {
                let rest = &line[at + 2..];
                let target = &rest[..closing(rest)];
                let is_code = line[..at].matches('`').count() % 2 == 1;
                let is_relative =
                    !target.contains("://") && !target.starts_with("mailto:") && !target.contains(' ');
                if is_relative && !is_code && !target.is_empty() {
                    found.push((start + at, target));
                }
            }
        }
        start += line.len();
    }
    found
}

/// A path from the root of the repository. None if it leads out of it.
fn resolve(from: &str, path: &str) -> Option<String> {
    if path.is_empty() {
        return Some(from.to_owned());
    }
    let mut parts: Vec<&str> = match path.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from
            .split('/')
            .rev()
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Headings as links name them: in small letters, without signs, with `-` for a space.
fn headings(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter(|line| line.starts_with('#')).map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        title
            .chars()
            .filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'))
            .map(|char| if char == ' ' { '-' } else { char })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{file, finds};

    #[test]
    fn nothing_hangs_on_emptiness_from_above() {
        let found = |text: &str| selectors(&[file("style/a.css", text)]);
        finds(&found(".a:empty {}\n.b:has(> .c) .d:empty {}"), &[]);
        finds(&found("\n.a:has(.b:empty):not(.c) {}"), &["2: nothing hangs"]);
        finds(&found(".a:has(> :not(:empty)) {}"), &["nothing hangs"]);
    }

    #[test]
    fn links_lead_to_what_is_there() {
        let paths = ["docs/a.md", "docs/images/one.png", "README.md"].map(str::to_owned);
        let found = |text: &str| links(&[file("docs/a.md", text)], &paths);
        finds(
            &found("# The part\n[a](../README.md) [b](images/) [c](#the-part) [d](https://x.org/y)"),
            &[],
        );
        finds(&found("```\n[a](gone.md)\n```\n`[a](gone.md)`"), &[]);
        finds(&found("\n[a](gone.md)"), &["2: gone.md leads nowhere"]);
        finds(&found("[a](#other)"), &["#other leads nowhere"]);
        finds(&found("[a](../../x.md)"), &["leads out"]);
    }
}
