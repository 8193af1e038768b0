//! Which crate uses which, which module names which.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::imports::{Import, imports, module_of};
use super::source::File;
use super::table::{Crate, FOR_BROWSERS, Layers, Ranks};

/// A crate uses only the crates that its row allows. A native crate uses no package that is only for browsers.
pub(crate) fn crates(files: &[File], table: &[Crate]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let Some(folder) = file.path.strip_suffix("Cargo.toml") else {
            continue;
        };
        let folder = folder.trim_end_matches('/');
        let Some(row) = table.iter().find(|row| row.folder == folder) else {
            findings.push(Finding::of(
                file,
                "this crate has no row in xtask/src/tidy/table.rs",
            ));
            continue;
        };
        for (line, package) in dependencies(&file.text) {
            let is_ours = package.starts_with("tsugi-") && !row.uses.contains(&package);
            let is_browsers = row.is_native && FOR_BROWSERS.contains(&package);
            let is_any = row.folder == "xtask";
            if is_ours || is_browsers || is_any {
                findings.push(Finding::at(
                    file,
                    line,
                    format!("this crate must not use {package}"),
                ));
            }
        }
    }
    findings
}

/// The packages that ship with a crate, with their lines. Packages that only its tests use do not count.
fn dependencies(manifest: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_section = false;
    for (index, line) in manifest.lines().enumerate() {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            in_section = section == "dependencies"
                || section == "build-dependencies"
                || (section.starts_with("target.") && section.ends_with(".dependencies"));
            if let Some(package) = section.strip_prefix("dependencies.") {
                found.push((index + 1, package));
            }
            continue;
        }
        let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
        if in_section && line.contains('=') && !name.is_empty() && !name.starts_with('#') {
            found.push((index + 1, name));
        }
    }
    found
}

/// A module names only the modules that its row allows.
pub(crate) fn modules(files: &[File], layers: &Layers) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, module) in of_crate(files, layers.source) {
        let Some((_, allowed)) = layers.rows.iter().find(|(name, _)| *name == module) else {
            findings.push(Finding::of(
                file,
                format!("the module `{module}` has no row in xtask/src/tidy/table.rs"),
            ));
            continue;
        };
        for Import { module: named, at } in imports(file, layers.source) {
            let is_module = layers.rows.iter().any(|(name, _)| *name == named);
            if is_module && named != module && !allowed.contains(&named.as_str()) {
                findings.push(Finding::at(
                    file,
                    file.line_of(at),
                    format!("`{module}` must not name `{named}`"),
                ));
            }
        }
    }
    findings
}

/// No module reaches itself through others.
pub(crate) fn circles(files: &[File], source: &str) -> Vec<Finding> {
    let mut names: BTreeMap<String, BTreeMap<String, (&File, usize)>> = BTreeMap::new();
    for (file, module) in of_crate(files, source) {
        let row = names.entry(module.clone()).or_default();
        for Import { module: named, at } in imports(file, source) {
            if named != module && !matches!(module.as_str(), "lib" | "main") {
                row.entry(named).or_insert((file, at));
            }
        }
    }
    let reaches = |from: &str, wanted: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(module) = open.pop() {
            if module == wanted {
                return true;
            }
            if seen.insert(module.clone()) {
                open.extend(names.get(&module).into_iter().flat_map(|row| row.keys().cloned()));
            }
        }
        false
    };
    let mut findings = Vec::new();
    for (module, row) in &names {
        for (named, (file, at)) in row {
            if names.contains_key(named) && reaches(named, module) {
                findings.push(Finding::at(
                    file,
                    file.line_of(*at),
                    format!("`{module}` names `{named}`, which leads back to `{module}`"),
                ));
            }
        }
    }
    findings
}

/// A module names only the modules before it.
pub(crate) fn ranks(files: &[File], ranks: &Ranks) -> Vec<Finding> {
    let rank = |module: &str| ranks.modules.iter().position(|name| *name == module);
    let mut findings = Vec::new();
    for (file, module) in of_crate(files, ranks.source) {
        for Import { module: named, at } in imports(file, ranks.source) {
            if let (Some(own), Some(other)) = (rank(&module), rank(&named))
                && other > own
            {
                findings.push(Finding::at(
                    file,
                    file.line_of(at),
                    format!("`{module}` stands below `{named}` and must not name it"),
                ));
            }
        }
    }
    findings
}

fn of_crate<'a>(files: &'a [File], source: &'a str) -> impl Iterator<Item = (&'a File, String)> {
    files
        .iter()
        .filter(|file| file.is_rust() && !file.is_test())
        .filter_map(move |file| Some((file, module_of(&file.path, source)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{file, finds};

    const TABLE: [Crate; 2] = [
        Crate {
            folder: "crates/a",
            uses: &["tsugi-b"],
            is_native: true,
        },
        Crate {
            folder: "xtask",
            uses: &[],
            is_native: true,
        },
    ];

    #[test]
    fn a_crate_uses_what_its_row_allows() {
        let manifest = |path: &str, text: &str| crates(&[file(path, text)], &TABLE);
        let a = "crates/a/Cargo.toml";
        finds(
            &manifest(a, "[dependencies]\ntsugi-b.workspace = true\nserde = \"1\"\n"),
            &[],
        );
        finds(
            &manifest(a, "[dev-dependencies]\ntsugi-c.workspace = true\n"),
            &[],
        );
        finds(
            &manifest(a, "[dependencies]\ntsugi-c.workspace = true\n"),
            &["2: tsugi-c"],
        );
        finds(&manifest(a, "[dependencies]\nleptos = \"0.8\"\n"), &["2: leptos"]);
        finds(
            &manifest(a, "[dependencies.web-sys]\nversion = \"1\"\n"),
            &["1: web-sys"],
        );
        finds(
            &manifest("xtask/Cargo.toml", "[dependencies]\nserde = \"1\"\n"),
            &["2: serde"],
        );
        finds(&manifest("crates/new/Cargo.toml", ""), &["1: no row"]);
    }

    #[test]
    fn a_module_names_what_its_row_allows() {
        let layers = Layers {
            source: "src/",
            rows: &[("low", &[]), ("high", &["low"])],
        };
        let found = |path: &str, text: &str| modules(&[file(path, text)], &layers);
        finds(
            &found("src/high/a.rs", "use crate::low::A;\nuse crate::high::b;"),
            &[],
        );
        finds(
            &found("src/low/a.rs", "\nuse crate::high::A;"),
            &["2: `low` must not name `high`"],
        );
        finds(
            &found("src/low.rs", "use super::high;"),
            &["1: `low` must not name `high`"],
        );
        finds(&found("src/other.rs", ""), &["1: no row"]);
        finds(
            &found("src/low/a.rs", "#[cfg(test)]\nmod tests { use crate::high; }"),
            &[],
        );
    }

    #[test]
    fn a_circle_is_found_at_each_of_its_steps() {
        let found = |c: &str| {
            let files = [
                file("src/a.rs", "use crate::b::B;"),
                file("src/b/mod.rs", "use crate::c;"),
                file("src/c.rs", c),
                file("src/lib.rs", "use crate::a;"),
            ];
            circles(&files, "src/")
        };
        finds(&found("use crate::d;"), &[]);
        finds(
            &found("fn f() { crate::a::g() }"),
            &["`a` names `b`", "`b` names `c`", "`c` names `a`"],
        );
    }

    #[test]
    fn a_lower_layer_never_names_a_higher() {
        let table = Ranks {
            source: "src/",
            modules: &["words", "read"],
        };
        finds(
            &ranks(&[file("src/read.rs", "use crate::words::A;")], &table),
            &[],
        );
        finds(
            &ranks(&[file("src/words/english.rs", "use crate::read::A;")], &table),
            &["`words` stands below `read`"],
        );
    }
}
