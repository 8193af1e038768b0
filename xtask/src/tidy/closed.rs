//! Closed worlds: every crate has the lint that forbids `_ =>` on enums.

use super::Finding;
use super::source::File;
use super::table::CLOSED_WORLDS;

/// The workspace denies it, and every crate either takes the lints of the workspace or denies it for itself.
pub(crate) fn lints(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with("Cargo.toml")) {
        let takes_workspaces = section(&file.text, "[lints]").any(|line| line == "workspace = true");
        let own = ["[lints.clippy]", "[workspace.lints.clippy]"].into_iter();
        let denies = own.flat_map(|name| section(&file.text, name)).any(|line| {
            line.starts_with(CLOSED_WORLDS) && (line.ends_with("\"deny\"") || line.ends_with("\"warn\""))
        });
        let is_root = file.path == "Cargo.toml";
        if !(denies || (takes_workspaces && !is_root)) {
            findings.push(Finding::of(file, format!("it does not deny {CLOSED_WORLDS}")));
        }
    }
    findings
}

/// The lines of a section of a manifest.
fn section<'a>(manifest: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let after = manifest
        .lines()
        .skip_while(move |line| line.trim() != name)
        .skip(1);
    after.take_while(|line| !line.starts_with('[')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{file, finds};

    #[test]
    fn every_crate_denies_the_catch_all() {
        let found = |path: &str, text: &str| lints(&[file(path, text)]);
        finds(&found("crates/a/Cargo.toml", "[lints]\nworkspace = true\n"), &[]);
        finds(
            &found(
                "xtask/Cargo.toml",
                "[lints.clippy]\nwildcard_enum_match_arm = \"deny\"\n",
            ),
            &[],
        );
        finds(&found("crates/a/Cargo.toml", "[package]\n"), &["does not deny"]);
        finds(
            &found("Cargo.toml", "[lints]\nworkspace = true\n"),
            &["does not deny"],
        );
        finds(
            &found(
                "Cargo.toml",
                "[workspace.lints.clippy]\nwildcard_enum_match_arm = \"allow\"\n",
            ),
            &["does not deny"],
        );
    }
}
