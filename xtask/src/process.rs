//! Running other programs: one way to start them, one way to say that they failed.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::failure::{Failure, Outcome};
use crate::say;

/// A command that sees a clean environment.
///
/// `cargo run` tells us about our own package in variables; build scripts of others watch some of them and would
/// build again whenever cargo is called from here and from a shell in turn.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let ours = name.to_str().is_some_and(|name| {
            name == "CARGO" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if ours {
            command.env_remove(name);
        }
    }
    command
}

/// Runs it to its end, with its output in ours. Every ten seconds a line says that it still runs, and since when,
/// because some programs are silent for minutes.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let name = name(command);
    let mut child = command.spawn().map_err(|error| cannot_start(&name, &error))?;
    let progress = say::Progress::begin(&name);
    let status = child.wait();
    progress.end();
    judge(&name, status)
}

/// A program that runs beside others. Its output goes to a file until somebody waits for it.
pub(crate) struct Beside {
    name: String,
    child: Child,
    output: PathBuf,
}

impl Beside {
    /// Starts it.
    pub(crate) fn begin(command: &mut Command, output: PathBuf) -> Outcome<Self> {
        let name = name(command);
        let open = || {
            let file = File::create(&output)?;
            Ok((file.try_clone()?, file))
        };
        let files: std::io::Result<(File, File)> = open();
        let (out, err) = files.map_err(|error| cannot_start(&name, &error))?;
        let child = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn();
        let child = child.map_err(|error| cannot_start(&name, &error))?;
        Ok(Self { name, child, output })
    }

    /// Waits for its end, and then shows its output.
    pub(crate) fn wait(mut self) -> Outcome {
        let progress = say::Progress::begin(&self.name);
        let status = self.child.wait();
        progress.end();
        if let Ok(output) = fs::read_to_string(&self.output) {
            print!("{output}");
        }
        judge(&self.name, status)
    }

    /// Ends it, because nobody needs its result any more.
    pub(crate) fn stop(mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn judge(name: &str, status: std::io::Result<ExitStatus>) -> Outcome {
    let status = status.map_err(|error| Failure::new(format!("{name} was lost sight of: {error}")))?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(format!("{name} failed ({status})"))),
    }
}

/// Its output, if it succeeds. None if it does not exist or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Becomes the other program, if the system can do that, so that signals reach it directly.
pub(crate) fn become_program(command: &mut Command) -> Outcome {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let error = command.exec();
        Err(cannot_start(&name(command), &error))
    }
    #[cfg(not(unix))]
    run(command)
}

/// The first program of this name on PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|dir| dir.join(&file))
        .find(|path| path.is_file())
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    let first = command
        .get_args()
        .next()
        .map(|arg| arg.to_string_lossy().into_owned());
    match first {
        Some(arg) if !arg.starts_with('-') && !arg.contains('/') => format!("{program} {arg}"),
        _ => program,
    }
}

fn cannot_start(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("could not start {name}: {error}"))
}
