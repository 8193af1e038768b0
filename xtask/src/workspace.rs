//! Where things are: the repository, cargo's target directory, the tools.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) tools: PathBuf,
}

impl Workspace {
    pub(crate) fn locate() -> Outcome<Self> {
        let root = repository()?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(dir) if !dir.is_empty() => absolute(&root, Path::new(&dir)),
            _ => built_in().unwrap_or_else(|| root.join("target")),
        };
        let tools = match env::var_os("TSUGI_TOOLS") {
            Some(dir) if !dir.is_empty() => absolute(&root, Path::new(&dir)),
            _ => home()?.join(".cache/tsugi/tools"),
        };
        Ok(Self { root, target, tools })
    }

    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    pub(crate) fn end_to_end(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }

    /// The main paths in three engines.
    pub(crate) fn engines(&self) -> PathBuf {
        self.root.join("tests/engines")
    }

    /// The client in JavaScript, with its tests.
    pub(crate) fn other_client(&self) -> PathBuf {
        self.root.join("tests/client")
    }

    /// The servers beside which ours is measured.
    pub(crate) fn peers(&self) -> PathBuf {
        self.root.join("tests/peers")
    }

    pub(crate) fn server(&self, profile: Profile) -> PathBuf {
        self.target
            .join(profile.directory())
            .join(format!("tsugi-server{}", env::consts::EXE_SUFFIX))
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Profile {
    fn directory(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// Cargo says where this package is; it is asked at run time, because clones may share one target directory.
/// Cargo's target directory as the person has configured it: this program was built there.
fn built_in() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let target = program.parent()?.parent()?;
    let is_cargos = program.with_file_name(".fingerprint").is_dir();
    is_cargos.then(|| target.to_owned())
}

fn repository() -> Outcome<PathBuf> {
    if let Some(xtask) = env::var_os("CARGO_MANIFEST_DIR")
        && let Some(root) = Path::new(&xtask).parent()
    {
        return Ok(root.to_path_buf());
    }
    let here = env::current_dir().map_err(|error| Failure::new(format!("no current directory: {error}")))?;
    here.ancestors()
        .find(|dir| dir.join("xtask/Cargo.toml").is_file())
        .map(Path::to_path_buf)
        .ok_or_else(|| Failure::new("run this inside the repository: `cargo xtask …`"))
}

fn home() -> Outcome<PathBuf> {
    env::var_os("HOME")
        .or_else(|| env::var_os("USERPROFILE"))
        .map(PathBuf::from)
        .ok_or_else(|| {
            Failure::new("HOME is not set: set it, or set TSUGI_TOOLS to a directory for the tools")
        })
}

/// Cargo reads a relative path against the directory it was called in, which may be below the root.
fn absolute(root: &Path, path: &Path) -> PathBuf {
    match env::current_dir() {
        Ok(here) => here.join(path),
        Err(_) => root.join(path),
    }
}
