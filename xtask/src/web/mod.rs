//! The web app: it is compiled and cut into [`parts`], the [`page`] names them, Node compresses them, and the [`budget`]
//! judges their [`sizes`].
//!
//! The result has a fingerprint of all its inputs, in a file beside it. If the
//! fingerprint still fits, there is nothing to do. It is made from contents and not from times. So a fresh checkout
//! or a changed branch never counts as built, and `touch` never costs a minute.

mod budget;
mod page;
mod parts;
mod sizes;

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::failure::{Failure, Outcome, While};
use crate::pins;
use crate::process;
use crate::say;
use crate::workspace::Workspace;
use sizes::Sizes;

/// All files and directories from which the app is made. If one does not exist, it counts as empty.
const INPUTS: [&str; 20] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "rust-toolchain.toml",
    "index.html",
    "glance.js",
    "start.js",
    "sw.js",
    "src",
    "crates/calendar",
    "crates/lab",
    "crates/phrasebook",
    "crates/quick-add",
    "crates/screen",
    "crates/sync",
    "crates/words",
    "style",
    "public",
    "xtask/precompress.mjs",
    "xtask/src/web",
];

const STAMP: &str = ".fingerprint";

pub(crate) fn build(workspace: &Workspace) -> Outcome {
    agree_on_wasm_bindgen(workspace)?;
    let fingerprint = fingerprint(workspace)?;
    let stamp = workspace.dist().join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == fingerprint) {
        say::step("web app … nothing changed");
        return Ok(());
    }

    let started = Instant::now();
    say::step("web app … building (the first time takes some minutes)");
    // `cargo xtask run` may be sending the files of dist/ meanwhile, so the new ones take their place at the end.
    let dist = workspace.root.join("dist-new");
    empty(&dist)?;
    let parts = parts::build(workspace, &dist)?;
    page::write(&workspace.root, &parts, &dist)?;

    say::step("web app … compressing");
    let mut node = process::command("node");
    node.arg(workspace.root.join("xtask/precompress.mjs")).arg(&dist);
    process::run(&mut node)?;

    let sizes = Sizes::measure(&dist)?;
    sizes.print();
    sizes.judge(&budget::BUDGETS)?;
    let finished = workspace.dist();
    if finished.exists() {
        fs::remove_dir_all(&finished).while_doing(|| format!("could not remove {}", finished.display()))?;
    }
    fs::rename(&dist, &finished).while_doing(|| format!("could not move {}", dist.display()))?;
    fs::write(&stamp, &fingerprint).while_doing(|| format!("could not write {}", stamp.display()))?;
    say::note(&format!(
        "the web app is in dist/ ({})",
        say::duration(started.elapsed())
    ));
    Ok(())
}

/// An error here is one sentence. Found by wasm-bindgen, it would be a page of text after minutes of compiling.
fn agree_on_wasm_bindgen(workspace: &Workspace) -> Outcome {
    let lock = workspace.root.join("Cargo.lock");
    let text = fs::read_to_string(&lock).while_doing(|| format!("could not read {}", lock.display()))?;
    match pins::locked_version(&text, "wasm-bindgen") {
        Some(version) if version != pins::WASM_BINDGEN => Err(Failure::new(format!(
            "Cargo.lock has wasm-bindgen {version}, the pinned command is {pin}: run `cargo update -p wasm-bindgen \
             --precise {pin}`, or change the pin in xtask/src/pins.rs and in Trunk.toml",
            pin = pins::WASM_BINDGEN
        ))),
        Some(_) | None => Ok(()),
    }
}

fn fingerprint(workspace: &Workspace) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    (
        pins::WASM_SPLIT,
        pins::WASM_BINDGEN,
        pins::BINARYEN,
        budget::BUDGETS,
        parts::BUILD,
    )
        .hash(&mut hasher);
    // Other flags or another compiler make another binary from the same sources.
    std::env::var_os("RUSTFLAGS").hash(&mut hasher);
    process::answer(process::command("rustc").arg("--version")).hash(&mut hasher);
    for input in INPUTS {
        let path = workspace.root.join(input);
        if path.exists() {
            for file in files_below(&path)? {
                file.strip_prefix(&workspace.root)
                    .unwrap_or(&file)
                    .hash(&mut hasher);
                fs::read(&file)
                    .while_doing(|| format!("could not read {}", file.display()))?
                    .hash(&mut hasher);
            }
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files below a path (or the file itself), in an order that is the same every time.
fn files_below(path: &Path) -> Outcome<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let unreadable = || format!("could not read {}", path.display());
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).while_doing(unreadable)? {
        entries.push(entry.while_doing(unreadable)?.path());
    }
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        files.extend(files_below(&entry)?);
    }
    Ok(files)
}

/// Makes a directory that has nothing in it.
fn empty(directory: &Path) -> Outcome {
    if directory.exists() {
        fs::remove_dir_all(directory).while_doing(|| format!("could not remove {}", directory.display()))?;
    }
    fs::create_dir_all(directory).while_doing(|| format!("could not make {}", directory.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_for_size_keeps_the_flags_of_every_other_build() {
        let path = format!("{}/../.cargo/config.toml", env!("CARGO_MANIFEST_DIR"));
        let config = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let flags = config
            .lines()
            .find_map(|line| line.strip_prefix("rustflags = "))
            .expect("flags for the wasm target");
        let flags: Vec<&str> = flags.split('"').skip(1).step_by(2).collect();
        assert!(!flags.is_empty());
        let (_, ours) = parts::BUILD[3];
        assert!(ours.starts_with(&flags.join(" ")), "{ours} lacks {flags:?}");
    }
}
