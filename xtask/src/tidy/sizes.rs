//! The lengths of files and functions.

use super::Finding;
use super::source::File;
use super::table::{FILE_LINES, FUNCTION_LINES, MEDIAN_LINES, NINETIETH_LINES};

const KINDS: [&str; 6] = [".rs", ".css", ".ts", ".mjs", ".js", ".html"];

fn is_written(file: &File) -> bool {
    KINDS.iter().any(|kind| file.path.ends_with(kind))
}

/// No file is longer than the limit, except the named ones. A named file that is not longer is a finding, too.
pub(crate) fn files(files: &[File], named: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_written(file)) {
        let is_named = named.iter().any(|(path, _)| *path == file.path);
        match (file.lines() > FILE_LINES, is_named) {
            (true, false) => findings.push(Finding::of(
                file,
                format!("{} lines: the limit is {FILE_LINES}", file.lines()),
            )),
            (false, true) => findings.push(Finding::of(
                file,
                "it is short enough now: take it off the list of long files",
            )),
            (true, true) | (false, false) => {}
        }
    }
    for (path, _) in named {
        if !files.iter().any(|file| file.path == *path) {
            findings.push(Finding::elsewhere(
                path,
                "it is on the list of long files, and is not there",
            ));
        }
    }
    findings
}

/// Half of all shipped Rust files are short, and nine in ten are not long. The tests at the end of a file do not
/// count.
pub(crate) fn typical(files: &[File]) -> Vec<Finding> {
    let shipped = files.iter().filter(|file| file.is_rust() && !file.is_test());
    let mut lengths: Vec<usize> = shipped.map(|file| file.shipped().lines().count()).collect();
    lengths.sort_unstable();
    let at = |percent: usize| lengths.get(lengths.len() * percent / 100).copied();
    let limits = [
        ("median", 50, MEDIAN_LINES),
        ("ninetieth percentile", 90, NINETIETH_LINES),
    ];
    let mut findings = Vec::new();
    for (name, percent, limit) in limits {
        if let Some(length) = at(percent).filter(|length| *length > limit) {
            findings.push(Finding::elsewhere(
                "all files",
                format!("the {name} is {length} lines: the limit is {limit}"),
            ));
        }
    }
    findings
}

/// No function is longer than the limit, except the named ones.
pub(crate) fn functions(files: &[File], named: &[(&str, &str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        for function in functions_of(&file.code) {
            let is_named = named
                .iter()
                .any(|(path, name, _)| *path == file.path && *name == function.name);
            if function.lines > FUNCTION_LINES && !is_named {
                findings.push(Finding::at(
                    file,
                    file.line_of(function.at),
                    format!(
                        "`{}` has {} lines: the limit is {FUNCTION_LINES}",
                        function.name, function.lines
                    ),
                ));
            }
        }
    }
    findings
}

struct Function<'a> {
    name: &'a str,
    at: usize,
    lines: usize,
}

/// Every function that has a body, from its `fn` to its last brace.
fn functions_of(code: &str) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            continue;
        }
        let rest = &code[at + 3..];
        let length = rest
            .find(|char: char| !(char.is_alphanumeric() || char == '_'))
            .unwrap_or(rest.len());
        if length > 0
            && let Some(end) = end_of_body(&code[at..])
        {
            found.push(Function {
                name: &rest[..length],
                at,
                lines: code[at..at + end].matches('\n').count() + 1,
            });
        }
    }
    found
}

/// The end of the body. None if there is no body, as in a trait.
fn end_of_body(code: &str) -> Option<usize> {
    let (mut braces, mut others) = (0_i32, 0_i32);
    for (at, char) in code.char_indices() {
        match char {
            '(' | '[' => others += 1,
            ')' | ']' => others -= 1,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 && others == 0 {
                    return Some(at + 1);
                }
            }
            ';' if braces == 0 && others == 0 => return None,
            _ => {}
        }
        if braces < 0 {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{file, finds};

    fn lines(count: usize) -> String {
        "a;\n".repeat(count)
    }

    #[test]
    fn a_long_file_is_named_or_a_finding() {
        let found = |count, named| files(&[file("src/a.rs", &lines(count))], named);
        finds(&found(FILE_LINES, &[]), &[]);
        finds(&found(FILE_LINES + 1, &[]), &["501 lines"]);
        finds(&found(FILE_LINES + 1, &[("src/a.rs", "why")]), &[]);
        finds(&found(FILE_LINES, &[("src/a.rs", "why")]), &["short enough"]);
        finds(&found(1, &[("src/b.rs", "why")]), &["is not there"]);
        finds(&files(&[file("docs/a.md", &lines(900))], &[]), &[]);
    }

    #[test]
    fn most_files_are_short() {
        let of = |lengths: &[usize]| -> Vec<File> {
            let named = lengths.iter().enumerate();
            named
                .map(|(index, count)| file(&format!("src/{index}.rs"), &lines(*count)))
                .collect()
        };
        finds(
            &typical(&of(&[100, 110, 120, 130, 400])),
            &["ninetieth percentile"],
        );
        finds(&typical(&of(&[100; 20])), &[]);
        finds(&typical(&of(&[140; 20])), &["median"]);
    }

    #[test]
    fn a_long_function_is_named_or_a_finding() {
        let text = format!(
            "trait T {{ fn a(&self); }}\nfn b(x: [u8; 2]) {{\n{}}}\n",
            lines(99)
        );
        finds(
            &functions(&[file("src/a.rs", &text)], &[]),
            &["`b` has 101 lines"],
        );
        finds(
            &functions(&[file("src/a.rs", &text)], &[("src/a.rs", "b", "why")]),
            &[],
        );
        let text = text.replacen("a;\n", "", 1);
        finds(&functions(&[file("src/a.rs", &text)], &[]), &[]);
    }
}
