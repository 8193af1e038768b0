//! The pinned tools: where each is, whether it is installed, and how it is installed.
//!
//! Each is in a directory of its own, named by its version, so checkouts that pin different versions share a cache.
//! Tools on the user's PATH are never used, because a wasm-bindgen of another version refuses the app, and a
//! wasm-opt of another version makes another binary.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::failure::{Failure, Outcome, While};
use crate::pins;
use crate::process;
use crate::say;
use crate::workspace::Workspace;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Trunk,
    WasmBindgen,
    WasmSplit,
    Binaryen,
    Geckodriver,
}

/// The tools that build the app.
pub(crate) const FOR_THE_APP: [Tool; 3] = [Tool::WasmBindgen, Tool::WasmSplit, Tool::Binaryen];

impl Tool {
    fn package(self) -> &'static str {
        match self {
            Self::Trunk => "trunk",
            Self::WasmBindgen => "wasm-bindgen-cli",
            Self::WasmSplit => "wasm_split_cli_support",
            Self::Binaryen => "binaryen",
            Self::Geckodriver => "geckodriver",
        }
    }

    fn version(self) -> &'static str {
        match self {
            Self::Trunk => pins::TRUNK,
            Self::WasmBindgen => pins::WASM_BINDGEN,
            Self::WasmSplit => pins::WASM_SPLIT,
            Self::Binaryen => pins::BINARYEN,
            Self::Geckodriver => pins::GECKODRIVER,
        }
    }

    /// The programs that we call; the tool is there when all of them are.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Trunk => &["trunk"],
            Self::WasmBindgen => &["wasm-bindgen", "wasm-bindgen-test-runner"],
            Self::WasmSplit => &["wasm-split-cli"],
            Self::Binaryen => &["wasm-opt"],
            Self::Geckodriver => &["geckodriver"],
        }
    }

    /// How long it takes on two cores, so that the user knows how long it may be silent.
    fn takes(self) -> &'static str {
        match self {
            Self::Trunk => "about 4 minutes on two cores",
            Self::WasmBindgen => "about 2 minutes on two cores",
            Self::WasmSplit => "about a minute on two cores",
            Self::Binaryen => "a download of 10 MB or so",
            Self::Geckodriver => "about a minute on two cores",
        }
    }

    fn directory(self, workspace: &Workspace) -> PathBuf {
        workspace
            .tools
            .join(format!("{}-{}", self.package(), self.version()))
    }

    pub(crate) fn programs_directory(self, workspace: &Workspace) -> PathBuf {
        let directory = self.directory(workspace);
        match self {
            Self::Binaryen => directory.join("node_modules/.bin"),
            Self::Trunk | Self::WasmBindgen | Self::WasmSplit | Self::Geckodriver => directory.join("bin"),
        }
    }

    /// One look at the file system per program. Installing puts finished programs in place as its last act, so a file
    /// that is there is whole.
    pub(crate) fn is_installed(self, workspace: &Workspace) -> bool {
        let directory = self.programs_directory(workspace);
        self.programs().iter().all(|program| {
            let name = match self {
                Self::Binaryen => (*program).to_owned(),
                Self::Trunk | Self::WasmBindgen | Self::WasmSplit | Self::Geckodriver => {
                    format!("{program}{}", std::env::consts::EXE_SUFFIX)
                }
            };
            directory.join(name).is_file()
        })
    }

    pub(crate) fn install(self, workspace: &Workspace) -> Outcome {
        let started = Instant::now();
        say::step(&format!(
            "{} {} … installing, {}",
            self.package(),
            self.version(),
            self.takes()
        ));
        fs::create_dir_all(&workspace.tools)
            .while_doing(|| format!("could not make {}", workspace.tools.display()))?;
        match self {
            Self::Binaryen => self.install_from_npm(workspace)?,
            Self::Trunk | Self::WasmBindgen | Self::WasmSplit | Self::Geckodriver => {
                self.install_from_crates(workspace)?
            }
        }
        if !self.is_installed(workspace) {
            return Err(Failure::new(format!(
                "{} {} was installed, but {} is not in {}: remove that directory and try again",
                self.package(),
                self.version(),
                self.programs().join(" or "),
                self.programs_directory(workspace).display()
            )));
        }
        say::note(&format!(
            "{} {} is ready ({})",
            self.package(),
            self.version(),
            say::duration(started.elapsed())
        ));
        Ok(())
    }

    /// The tools run for seconds and are compiled for minutes: compile them without optimisation.
    fn install_from_crates(self, workspace: &Workspace) -> Outcome {
        let build = workspace.tools.join("build").join(self.package());
        let mut cargo = process::command("cargo");
        cargo
            .args([
                "install",
                self.package(),
                "--version",
                self.version(),
                "--force",
                "--root",
            ])
            .arg(self.directory(workspace))
            // It runs outside the repository, so that the repository's configuration does not count.
            .current_dir(&workspace.tools)
            .env("CARGO_TARGET_DIR", &build)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        match self {
            Self::Trunk => cargo.args(["--locked", "--no-default-features", "--features", "rustls"]),
            // Its lock file names a version that the registry does not have.
            Self::WasmBindgen => &mut cargo,
            Self::WasmSplit => cargo.args(["--locked", "--features=build-binary"]),
            Self::Geckodriver => cargo.arg("--locked"),
            Self::Binaryen => &mut cargo,
        };
        process::run(&mut cargo).map_err(|failure| self.not_installed(&failure, "crates.io"))?;
        // The build folder is large and never read again. If it cannot be removed, the tool is installed all the
        // same.
        drop(fs::remove_dir_all(&build));
        Ok(())
    }

    /// npm fills its directory file by file; it is moved into place once it is whole.
    fn install_from_npm(self, workspace: &Workspace) -> Outcome {
        let finished = self.directory(workspace);
        let partial = workspace
            .tools
            .join(format!("{}-{}.partial", self.package(), self.version()));
        for leftover in [&partial, &finished] {
            if leftover.exists() {
                fs::remove_dir_all(leftover)
                    .while_doing(|| format!("could not remove {}", leftover.display()))?;
            }
        }
        fs::create_dir_all(&partial).while_doing(|| format!("could not make {}", partial.display()))?;
        let mut npm = process::command("npm");
        npm.args([
            "install",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--prefix",
        ])
        .arg(&partial)
        .arg(format!("{}@{}", self.package(), self.version()))
        .current_dir(&partial);
        process::run(&mut npm).map_err(|failure| self.not_installed(&failure, "the npm registry"))?;
        fs::rename(&partial, &finished).while_doing(|| format!("could not move {}", partial.display()))
    }

    fn not_installed(self, failure: &Failure, source: &str) -> Failure {
        Failure::new(format!(
            "{} {} could not be installed: {failure}. The lines above say why; if it was the network, see that {source} \
             can be reached and run the same command again (it goes on where it stopped)",
            self.package(),
            self.version()
        ))
    }
}

/// PATH with our tools in front.
pub(crate) fn path(workspace: &Workspace) -> Outcome<OsString> {
    let ours = FOR_THE_APP
        .into_iter()
        .chain([Tool::Trunk, Tool::Geckodriver])
        .map(|tool| tool.programs_directory(workspace));
    let theirs = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(ours.chain(std::env::split_paths(&theirs))).map_err(|error| {
        Failure::new(format!(
            "PATH cannot be extended ({error}): set TSUGI_TOOLS to another directory"
        ))
    })
}

/// A command that finds our tools first.
pub(crate) fn command(workspace: &Workspace, program: &str) -> Outcome<Command> {
    let mut command = process::command(program);
    command.env("PATH", path(workspace)?).current_dir(&workspace.root);
    Ok(command)
}

/// The line that lets a plain shell find the same tools.
pub(crate) fn export_line(workspace: &Workspace) -> String {
    let ours: Vec<String> = FOR_THE_APP
        .iter()
        .chain(&[Tool::Trunk])
        .map(|tool| tool.programs_directory(workspace).display().to_string())
        .collect();
    format!("export PATH=\"{}:$PATH\"", ours.join(":"))
}
