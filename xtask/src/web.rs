//! The web app: Trunk builds it, Node compresses it, and the budget judges it.
//!
//! The result has a fingerprint of all its inputs, in a file that Trunk deletes together with the rest. If the
//! fingerprint still fits, there is nothing to do. It is made from contents and not from times. So a fresh checkout
//! or a changed branch never counts as built, and `touch` never costs a minute.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::budget;
use crate::failure::{Failure, Outcome, While};
use crate::pins;
use crate::process;
use crate::say;
use crate::tools;
use crate::workspace::Workspace;

/// All files and directories from which the app is made. If one does not exist, it counts as empty.
const INPUTS: [&str; 18] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "rust-toolchain.toml",
    "Trunk.toml",
    "index.html",
    "start.js",
    "sw.js",
    "src",
    "crates/calendar",
    "crates/phrasebook",
    "crates/quick-add",
    "crates/screen",
    "crates/sync",
    "crates/words",
    "style",
    "public",
    "xtask/precompress.mjs",
];

const STAMP: &str = ".fingerprint";

/// The app is built with a standard library of its own, made for size (docs/decisions/019-std-built-for-size.md).
/// Cargo accepts these settings only from a nightly compiler, or from one that is told to behave like one.
const SMALL_STD: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    // This replaces the flags of .cargo/config.toml, so it repeats them. A panic traps at once, without a message.
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "--cfg erase_components -Zunstable-options -Cpanic=immediate-abort",
    ),
];

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
    // Trunk must not use the network, because it would then look for tools in other places. So cargo fetches
    // everything first.
    process::run(
        tools::command(workspace, "cargo")?
            .args(["fetch", "--quiet", "--target", pins::WASM_TARGET])
            .envs(SMALL_STD),
    )
    .map_err(|failure| {
        Failure::new(format!(
            "{failure}: see that crates.io can be reached and try again"
        ))
    })?;
    let mut trunk = tools::command(workspace, "trunk")?;
    trunk.args(["build", "--release", "--offline", "--skip-version-check"]);
    // This is not the folder of `trunk serve`, which would overwrite files that this server is sending.
    trunk.arg("--dist").arg(workspace.dist());
    trunk.envs(SMALL_STD);
    // Its backtraces bury the compiler's message.
    trunk.env("RUST_BACKTRACE", "0");
    process::run(quiet_colours(&mut trunk))?;

    say::step("web app … compressing");
    let mut node = process::command("node");
    node.arg(workspace.root.join("xtask/precompress.mjs"))
        .arg(workspace.dist());
    process::run(&mut node)?;

    let sizes = Sizes::measure(&workspace.dist())?;
    sizes.print();
    sizes.judge()?;
    fs::write(&stamp, &fingerprint).while_doing(|| format!("could not write {}", stamp.display()))?;
    say::note(&format!(
        "the web app is in dist/ ({})",
        say::duration(started.elapsed())
    ));
    Ok(())
}

/// Trunk understands `NO_COLOR=true` only, and stops at the `NO_COLOR=1` that everyone else uses.
fn quiet_colours(trunk: &mut std::process::Command) -> &mut std::process::Command {
    if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        trunk.env("NO_COLOR", "true");
    } else {
        trunk.env_remove("NO_COLOR");
    }
    trunk
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
        pins::TRUNK,
        pins::WASM_BINDGEN,
        pins::BINARYEN,
        budget::WASM_BROTLI,
        SMALL_STD,
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

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

/// The weight of the app, by kind of file.
#[derive(Debug, Default)]
struct Sizes {
    wasm: Size,
    script: Size,
    style: Size,
    rest: Size,
}

impl Sizes {
    fn measure(dist: &Path) -> Outcome<Self> {
        let mut sizes = Self::default();
        for file in files_below(dist)? {
            let kind = match file.extension().and_then(|extension| extension.to_str()) {
                Some("br" | "gz") => continue,
                Some("wasm") => &mut sizes.wasm,
                Some("js" | "mjs") => &mut sizes.script,
                Some("css") => &mut sizes.style,
                Some(_) | None => &mut sizes.rest,
            };
            kind.add(size_of(&file)?);
        }
        Ok(sizes)
    }

    fn rows(&self) -> [(&'static str, Size); 5] {
        let mut total = Size::default();
        for size in [self.wasm, self.script, self.style, self.rest] {
            total.add(size);
        }
        [
            ("wasm", self.wasm),
            ("js", self.script),
            ("css", self.style),
            ("other", self.rest),
            ("total", total),
        ]
    }

    fn print(&self) {
        say::note(&format!("{:<6}{:>12}{:>12}{:>12}", "", "raw", "gzip", "brotli"));
        for (name, size) in self.rows() {
            let (raw, gzip, brotli) = (kilobytes(size.raw), kilobytes(size.gzip), kilobytes(size.brotli));
            say::note(&format!("{name:<6}{raw:>12}{gzip:>12}{brotli:>12}"));
        }
    }

    fn judge(&self) -> Outcome {
        let (size, budget) = (self.wasm.brotli, budget::WASM_BROTLI);
        if size > budget {
            return Err(Failure::new(format!(
                "the wasm is {} after brotli, over its budget of {}: find what made it grow (`cargo tree -p tsugi --target \
                 {}`, twiggy), or raise the budget in xtask/src/budget.rs and say why in the commit",
                kilobytes(size),
                kilobytes(budget),
                pins::WASM_TARGET
            )));
        }
        say::note(&format!(
            "wasm: {} of its budget of {}",
            kilobytes(size),
            kilobytes(budget)
        ));
        Ok(())
    }
}

/// A file too small to compress is sent as it is.
fn size_of(file: &Path) -> Outcome<Size> {
    let length = |path: &Path| fs::metadata(path).map(|metadata| metadata.len());
    let beside = |extension: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(extension);
        PathBuf::from(name)
    };
    let raw = length(file).while_doing(|| format!("could not read {}", file.display()))?;
    Ok(Size {
        raw,
        gzip: length(&beside(".gz")).unwrap_or(raw),
        brotli: length(&beside(".br")).unwrap_or(raw),
    })
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_printed_in_kilobytes() {
        assert_eq!(kilobytes(219_999), "219.9 kB");
        assert_eq!(kilobytes(56), "0.0 kB");
    }

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
        let (_, ours) = SMALL_STD[3];
        assert!(ours.starts_with(&flags.join(" ")), "{ours} lacks {flags:?}");
    }

    #[test]
    fn a_wasm_over_budget_fails_and_one_at_budget_does_not() {
        let mut sizes = Sizes::default();
        sizes.wasm.brotli = budget::WASM_BROTLI;
        assert!(sizes.judge().is_ok());
        sizes.wasm.brotli += 1;
        assert!(sizes.judge().is_err());
    }
}
