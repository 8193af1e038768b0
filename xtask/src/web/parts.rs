//! From Rust to the parts of the app: one WebAssembly file each, and the two scripts that load them.
//!
//! ```text
//! cargo build ──▶ one module ──wasm-split-cli──▶ main, app, rest, … ──wasm-bindgen──▶ main with its script
//!                                                                    ──wasm-opt────▶ each smaller
//! ```
//!
//! All names have the same hash, so that a page never meets the part of another build.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome, While};
use crate::pins;
use crate::process;
use crate::say;
use crate::tools;
use crate::workspace::Workspace;

/// The app is built with a standard library of its own, made for size (docs/decisions/019-std-built-for-size.md).
/// Cargo accepts these settings only from a nightly compiler, or from one that is told to behave like one.
pub(super) const BUILD: [(&str, &str); 5] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    // The tool that cuts needs the names of all functions, and every place where one is used. This replaces the flags
    // of .cargo/config.toml, so it repeats them. A panic traps at once, without a message.
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "--cfg erase_components -Zunstable-options -Cpanic=immediate-abort -Clink-arg=--emit-relocs",
    ),
    ("CARGO_PROFILE_WASM_RELEASE_STRIP", "none"),
];

/// The features that rustc uses, and no others. With `--all-features`, Binaryen 132 writes compact import sections,
/// which no released browser reads.
const OPTIMISE: [&str; 8] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The names that the tools give to the script of the main part, and to the one that loads the others.
const SCRIPT: &str = "tsugi.js";
const LOADER: &str = "__wasm_split.js";

/// The parts that are loaded after the main one.
const IN_ORDER: [&str; 3] = ["app", "rest", "lab"];

/// The files of the app, by their names in `dist/`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) script: String,
    pub(super) loader: String,
    pub(super) main: String,
    /// The parts that are loaded later, each with the name that the source gives it, such as `app`.
    pub(super) later: Vec<(String, String)>,
}

/// Builds the parts and puts them into `dist`.
pub(super) fn build(workspace: &Workspace, dist: &Path) -> Outcome<Parts> {
    let mut cargo = tools::command(workspace, "cargo")?;
    cargo
        .args(["build", "--package=tsugi", "--bin=tsugi", "--features=split"])
        .args(["--profile=wasm-release", "--target", pins::WASM_TARGET])
        .envs(BUILD);
    process::run(&mut cargo)?;

    let work = workspace.target.join("tsugi-parts");
    super::empty(&work)?;
    let compiled = workspace
        .target
        .join(pins::WASM_TARGET)
        .join("wasm-release/tsugi.wasm");
    say::step("web app … cutting it into parts");
    let split = work.join("split");
    process::run(
        tools::command(workspace, "wasm-split-cli")?
            .arg(&compiled)
            .arg(&split)
            .args(["--target=web", "--out-name=tsugi"]),
    )?;
    let bound = work.join("bound");
    process::run(
        tools::command(workspace, "wasm-bindgen")?
            .arg(split.join("tsugi.wasm"))
            .args([
                "--target=web",
                "--out-name=tsugi",
                "--keep-lld-exports",
                "--no-typescript",
            ])
            .arg("--out-dir")
            .arg(&bound),
    )?;
    say::step("web app … optimising");
    let mut later = Vec::new();
    for file in sorted(&split)? {
        if file.extension().is_some_and(|extension| extension == "wasm") && !file.ends_with("tsugi.wasm") {
            optimise(workspace, &file)?;
            later.push(file);
        }
    }
    let main = bound.join("tsugi_bg.wasm");
    optimise(workspace, &main)?;
    put(&bound.join(SCRIPT), &split.join(LOADER), &main, &later, dist)
}

fn optimise(workspace: &Workspace, file: &Path) -> Outcome {
    let mut optimiser: Command = tools::command(workspace, "wasm-opt")?;
    process::run(optimiser.args(OPTIMISE).arg(file).arg("-o").arg(file))
}

/// Puts the files into `dist`, each with the hash in its name, and names them so in the two scripts.
fn put(script: &Path, loader: &Path, main: &Path, later: &[PathBuf], dist: &Path) -> Outcome<Parts> {
    let text =
        |path: &Path| fs::read_to_string(path).while_doing(|| format!("could not read {}", path.display()));
    let bytes = |path: &Path| fs::read(path).while_doing(|| format!("could not read {}", path.display()));
    let mut script = text(script)?;
    let mut loader = text(loader)?;
    let main = bytes(main)?;
    let mut hasher = DefaultHasher::new();
    (&script, &loader, &main).hash(&mut hasher);
    let mut files = Vec::new();
    for path in later {
        let file = bytes(path)?;
        file.hash(&mut hasher);
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        files.push((name.unwrap_or_default(), file));
    }
    let hash = format!("{:016x}", hasher.finish());
    let mut parts = Parts {
        script: format!("tsugi-{hash}.js"),
        loader: format!("parts-{hash}.js"),
        main: format!("tsugi-{hash}_bg.wasm"),
        later: Vec::new(),
    };
    // The name of the module inside the WebAssembly stays. Only the place from which the browser loads it changes.
    replace(
        &mut script,
        &format!("from \"./{LOADER}\""),
        &format!("from \"./{}\"", parts.loader),
    )?;
    replace(
        &mut loader,
        &format!("from \"./{SCRIPT}\""),
        &format!("from \"./{}\"", parts.script),
    )?;
    let write = |name: &str, content: &[u8]| {
        let path = dist.join(name);
        fs::write(&path, content).while_doing(|| format!("could not write {}", path.display()))
    };
    for (part, file) in files {
        let plain = plain_name(&part, &loader)?;
        let name = format!("{plain}-{hash}.wasm");
        replace(
            &mut loader,
            &format!("new URL(\"./{part}.wasm\""),
            &format!("new URL(\"./{name}\""),
        )?;
        write(&name, &file)?;
        parts.later.push((plain, name));
    }
    write(&parts.main, &main)?;
    write(&parts.script, script.as_bytes())?;
    write(&parts.loader, loader.as_bytes())?;
    Ok(parts)
}

/// The name of a part in the source. The tool calls the part `app` `split_app`, and code that several parts share
/// `chunk_3`. That gets the names of those parts, which stand in a comment of the loader, in the order in which they are
/// loaded: `app-rest-lab`.
fn plain_name(file: &str, loader: &str) -> Outcome<String> {
    if let Some(part) = file.strip_prefix("split_") {
        return Ok(part.to_owned());
    }
    let shared = loader
        .split_once(&format!(" */\nconst __{file} = "))
        .and_then(|(before, _)| before.rsplit_once("/* "));
    let unknown = || Failure::new(format!("the loader does not say which parts share {file}"));
    let (_, sharing) = shared.ok_or_else(unknown)?;
    let mut sharing: Vec<&str> = sharing.split(", ").collect();
    sharing.sort_by_key(|part| IN_ORDER.iter().position(|known| known == part));
    Ok(sharing.join("-"))
}

/// A tool of another version may write another text. Then it is better to stop here than to ship an app that cannot load
/// its parts.
fn replace(text: &mut String, old: &str, new: &str) -> Outcome {
    if !text.contains(old) {
        return Err(Failure::new(format!("the scripts of the app lack `{old}`")));
    }
    *text = text.replace(old, new);
    Ok(())
}

fn sorted(directory: &Path) -> Outcome<Vec<PathBuf>> {
    let unreadable = || format!("could not read {}", directory.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).while_doing(unreadable)? {
        files.push(entry.while_doing(unreadable)?.path());
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_goes_by_its_name_in_the_source() {
        let loader = "}\n/* app, rest */\nconst __chunk_3 = makeLoad(() => {}, []);\n\
                      /* lab, rest */\nconst __chunk_6 = makeLoad(() => {}, []);";
        let name = |file| plain_name(file, loader).expect("it is known");
        assert_eq!(name("split_app"), "app");
        assert_eq!(name("chunk_3"), "app-rest");
        assert_eq!(name("chunk_6"), "rest-lab");
        assert!(plain_name("chunk_5", loader).is_err());
    }

    #[test]
    fn a_script_that_lacks_a_name_is_an_error() {
        let mut text = "import { initSync } from \"./tsugi.js\";".to_owned();
        replace(&mut text, "\"./tsugi.js\"", "\"./tsugi-1.js\"").expect("it is there");
        assert_eq!(text, "import { initSync } from \"./tsugi-1.js\";");
        assert!(replace(&mut text, "\"./tsugi.js\"", "").is_err());
    }
}
