//! `tidy`: rules about the order of the code, each a function over files in memory. Their tables and limits are in
//! `table.rs`.

mod closed;
mod imports;
mod layers;
mod prose;
mod shared;
mod sizes;
mod source;
mod table;
mod writers;

use std::fs;

use crate::failure::{Failure, Outcome, While};
use crate::process;
use crate::say;
use crate::workspace::Workspace;
use source::File;

/// Something that a rule does not allow.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    says: String,
}

impl Finding {
    fn at(file: &File, line: usize, says: impl Into<String>) -> Self {
        Self {
            path: file.path.clone(),
            line,
            says: says.into(),
        }
    }

    fn of(file: &File, says: impl Into<String>) -> Self {
        Self::at(file, 1, says)
    }

    fn elsewhere(path: &str, says: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line: 1,
            says: says.into(),
        }
    }
}

/// The files of the repository. Of a file that is not text, only the path.
struct Tree {
    files: Vec<File>,
    paths: Vec<String>,
}

/// A rule: its text, and the function that finds where it is broken.
type Rule = (&'static str, fn(&Tree) -> Vec<Finding>);

const RULES: [Rule; 15] = [
    ("a crate uses what its row allows", |tree| {
        layers::crates(&tree.files, &table::CRATES)
    }),
    ("a module of the client names what its row allows", |tree| {
        table::LAYERS
            .iter()
            .flat_map(|row| layers::modules(&tree.files, row))
            .collect()
    }),
    ("no module reaches itself through others", |tree| {
        let sources = table::WITHOUT_CIRCLES.iter();
        sources
            .flat_map(|source| layers::circles(&tree.files, source))
            .collect()
    }),
    ("a lower layer of quick add never names a higher", |tree| {
        table::RANKS
            .iter()
            .flat_map(|row| layers::ranks(&tree.files, row))
            .collect()
    }),
    ("the browser's types stay below src/browser/", |tree| {
        writers::browser_types(&tree.files)
    }),
    ("signals are written below src/signals/", |tree| {
        writers::signals(&tree.files)
    }),
    ("a file has at most 500 lines", |tree| {
        sizes::files(&tree.files, &table::LONG_FILES)
    }),
    ("a function has at most 100 lines", |tree| {
        sizes::functions(&tree.files, &table::LONG_FUNCTIONS)
    }),
    (
        "half of all files have at most 130 lines, nine in ten at most 300",
        |tree| sizes::typical(&tree.files),
    ),
    ("every crate denies `_ =>` on enums", |tree| {
        closed::lints(&tree.files)
    }),
    (
        "addresses and keys that two programs agree on are spelled once",
        |tree| shared::spelled_once(&tree.files, &table::SPELLED_ONCE),
    ),
    ("an id of an element in two places is a constant", |tree| {
        shared::ids(&tree.files)
    }),
    ("colours stand in style/tokens.css", |tree| {
        shared::colours(&tree.files, &table::REPEATS_COLOURS)
    }),
    ("links of documents lead somewhere", |tree| {
        prose::links(&tree.files, &tree.paths)
    }),
    ("no style hangs on :has(:empty)", |tree| {
        prose::selectors(&tree.files)
    }),
];

/// Checks every rule, and fails when one finds something.
pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let tree = read(workspace)?;
    let mut failing = 0;
    for (says, rule) in RULES {
        let findings = rule(&tree);
        if !findings.is_empty() {
            say::note(&format!("✗ broken: {says}"));
        }
        failing += findings.len();
        for Finding { path, line, says } in &findings {
            say::note(&format!("    {path}:{line}: {says}"));
        }
    }
    if failing > 0 {
        return Err(Failure::new(format!(
            "tidy found {failing}: `cargo xtask tidy --help` says where the rules stand"
        )));
    }
    say::note(&format!(
        "{} rules hold in {} files",
        RULES.len(),
        tree.files.len()
    ));
    Ok(())
}

/// The rules in words, for `--help`.
pub(crate) fn rules() -> String {
    RULES.iter().map(|(says, _)| format!("  - {says}\n")).collect()
}

/// The files that git knows, and new ones that it does not ignore. So built files are not among them.
fn read(workspace: &Workspace) -> Outcome<Tree> {
    let mut git = process::command("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&workspace.root);
    let listed = process::answer(&mut git)
        .ok_or_else(|| Failure::new("git does not list the files of this repository"))?;
    let (mut files, mut paths) = (Vec::new(), Vec::new());
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let place = workspace.root.join(path);
        // The file is deleted, but the deletion is not committed yet.
        if !place.is_file() {
            continue;
        }
        let bytes = fs::read(&place).while_doing(|| format!("could not read {path}"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(File::new(path, text));
        }
        paths.push(path.to_owned());
    }
    paths.sort();
    paths.dedup();
    Ok(Tree { files, paths })
}

#[cfg(test)]
fn file(path: &str, text: &str) -> File {
    File::new(path, text)
}

/// Checks that there are exactly these findings, each with its line or words.
#[cfg(test)]
fn finds(findings: &[Finding], wanted: &[&str]) {
    let found: Vec<String> = findings
        .iter()
        .map(|finding| format!("{}: {}", finding.line, finding.says))
        .collect();
    assert_eq!(found.len(), wanted.len(), "{found:?}");
    for (found, wanted) in found.iter().zip(wanted) {
        let (line, words) = match wanted.split_once(": ") {
            Some((line, words)) if line.parse::<usize>().is_ok() => (Some(line), words),
            _ => (None, *wanted),
        };
        assert!(found.contains(words), "{found:?} lacks {words:?}");
        assert!(
            line.is_none_or(|line| found.starts_with(&format!("{line}: "))),
            "{found:?}"
        );
    }
}
