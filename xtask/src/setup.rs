//! Finds the missing tools and gets them. If nothing is missing, that costs a look at the file system and two short
//! programs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome, While};
use crate::pins;
use crate::process;
use crate::say;
use crate::system;
use crate::tools::{FOR_THE_APP, Tool};
use crate::workspace::Workspace;

/// The things that a command needs.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Needs {
    /// wasm-bindgen, wasm-split-cli, wasm-opt, the wasm target, the source of the standard library.
    pub(crate) app: bool,
    /// Trunk, which serves the app while one develops.
    pub(crate) trunk: bool,
    /// rustfmt and clippy.
    pub(crate) lints: bool,
    /// Chromium, Firefox and their drivers.
    pub(crate) browsers: bool,
    /// Playwright.
    pub(crate) end_to_end: bool,
    /// The dependencies of the client in JavaScript.
    pub(crate) other_client: bool,
    /// PostgreSQL, Redis, HAProxy and nginx.
    pub(crate) servers: bool,
    /// WebKit, its driver and a screen for it.
    pub(crate) webkit: bool,
}

impl Needs {
    pub(crate) const APP: Self = Self {
        app: true,
        trunk: false,
        lints: false,
        browsers: false,
        end_to_end: false,
        other_client: false,
        servers: false,
        webkit: false,
    };
    pub(crate) const DEV: Self = Self {
        trunk: true,
        ..Self::APP
    };
    pub(crate) const EVERYTHING: Self = Self {
        app: true,
        trunk: true,
        lints: true,
        browsers: true,
        end_to_end: true,
        other_client: true,
        servers: true,
        webkit: true,
    };
}

pub(crate) fn ensure(workspace: &Workspace, needs: Needs) -> Outcome {
    let runs_tests_in_node = needs.end_to_end || needs.other_client || needs.webkit;
    let node = match (runs_tests_in_node, needs.app) {
        (true, _) => Some(pins::NODE_MAJOR_FOR_TESTS),
        (false, true) => Some(pins::NODE_MAJOR),
        (false, false) => None,
    };
    prerequisites(node)?;
    if needs.lints {
        components()?;
    }
    if needs.app || needs.browsers || needs.lints {
        wasm_target()?;
    }
    if needs.app {
        standard_library()?;
    }
    let mut tools = Vec::new();
    if needs.app {
        tools.extend(FOR_THE_APP);
    } else if needs.browsers {
        tools.push(Tool::WasmBindgen);
    }
    if needs.trunk {
        tools.push(Tool::Trunk);
    }
    if needs.browsers {
        tools.push(Tool::Geckodriver);
    }
    // This comes before the tools that take minutes, because it may need a password or a person.
    if needs.browsers || needs.end_to_end {
        system::ensure(&system::BROWSERS, "the tests in browsers")?;
    }
    if needs.servers {
        system::ensure(&system::SERVERS, "the tests of the server")?;
    }
    if needs.webkit {
        system::ensure_if_possible(&system::WEBKIT, "the tests in WebKit")?;
    }
    for tool in tools {
        if !tool.is_installed(workspace) {
            tool.install(workspace)?;
        }
    }
    if needs.other_client {
        node_packages(&workspace.other_client(), "the other client’s packages")?;
    }
    if needs.end_to_end {
        node_packages(&workspace.end_to_end(), "Playwright")?;
    }
    Ok(())
}

/// The packages of the servers beside which ours is measured. One of them is compiled, which takes a minute or two.
pub(crate) fn peers(workspace: &Workspace) -> Outcome {
    node_is_there(pins::NODE_MAJOR_FOR_TESTS)?;
    node_packages(&workspace.peers(), "the peers’ packages")
}

fn prerequisites(node: Option<u32>) -> Outcome {
    // Cargo started us, so Rust is there; git is what makes a checkout of this repository.
    if process::on_path("git").is_none() {
        return Err(Failure::new(
            "git is not on PATH: install it (Debian: `apt-get install git`) and try again",
        ));
    }
    node.map_or(Ok(()), node_is_there)
}

fn node_is_there(oldest: u32) -> Outcome {
    let advice = format!("install Node {oldest} or newer with its npm, then try again");
    if process::on_path("npm").is_none() {
        return Err(Failure::new(format!("npm is not on PATH: {advice}")));
    }
    let version = process::answer(process::command("node").arg("--version"))
        .ok_or_else(|| Failure::new(format!("Node is not on PATH: {advice}")))?;
    match node_major(&version) {
        Some(major) if major >= oldest => Ok(()),
        Some(_) | None => Err(Failure::new(format!(
            "Node is {version}, which is too old: {advice}"
        ))),
    }
}

fn node_major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

fn sysroot() -> Outcome<PathBuf> {
    process::answer(process::command("rustc").args(["--print", "sysroot"]))
        .map(PathBuf::from)
        .ok_or_else(|| Failure::new("rustc does not run: install Rust with rustup"))
}

/// The source of the standard library, with which the app is built.
fn standard_library() -> Outcome {
    if sysroot()?
        .join("lib/rustlib/src/rust/library/std/src/lib.rs")
        .is_file()
    {
        return Ok(());
    }
    say::step("rust-src … adding to the Rust toolchain");
    rustup(&["component", "add"], &["rust-src"])
}

/// rustfmt and clippy are missing from rustup's minimal profile.
fn components() -> Outcome {
    let bin = sysroot()?.join("bin");
    let missing: Vec<&str> = [("rustfmt", "rustfmt"), ("clippy", "cargo-clippy")]
        .into_iter()
        .filter(|(_, program)| {
            !bin.join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
                .is_file()
        })
        .map(|(component, _)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    say::step(&format!(
        "{} … adding to the Rust toolchain",
        missing.join(" and ")
    ));
    rustup(&["component", "add"], &missing)
}

fn wasm_target() -> Outcome {
    let libraries = process::answer(process::command("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        pins::WASM_TARGET,
    ]));
    let there = libraries.is_some_and(|dir| fs::read_dir(dir).is_ok_and(|mut files| files.next().is_some()));
    if there {
        return Ok(());
    }
    say::step(&format!("{} … adding to the Rust toolchain", pins::WASM_TARGET));
    rustup(&["target", "add"], &[pins::WASM_TARGET])
}

fn rustup(what: &[&str], names: &[&str]) -> Outcome {
    let call = format!("rustup {} {}", what.join(" "), names.join(" "));
    if process::on_path("rustup").is_none() {
        return Err(Failure::new(format!(
            "this Rust was not installed by rustup and lacks something: install rustup and run `{call}`, or get {} from \
             wherever this Rust came from",
            names.join(" and ")
        )));
    }
    process::run(process::command("rustup").args(what).args(names)).map_err(|failure| {
        Failure::new(format!(
            "{failure}: see that the network is there and run `{call}`"
        ))
    })
}

/// Runs `npm ci` only if the lock file has changed. A copy of the lock file is left in the folder that npm empties.
fn node_packages(directory: &Path, name: &str) -> Outcome {
    let lock = directory.join("package-lock.json");
    let wanted = fs::read(&lock).while_doing(|| format!("could not read {}", lock.display()))?;
    let done: PathBuf = directory.join("node_modules/.installed-lock.json");
    if fs::read(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say::step(&format!("{name} … installing"));
    let mut npm = process::command("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(directory)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    process::run(&mut npm).map_err(|failure| {
        Failure::new(format!(
            "{failure}: see that the npm registry can be reached and try again"
        ))
    })?;
    fs::write(&done, wanted).while_doing(|| format!("could not write {}", done.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_read() {
        assert_eq!(node_major("v20.20.2"), Some(20));
        assert_eq!(node_major("18.0.0"), Some(18));
        assert_eq!(node_major("not found"), None);
    }
}
