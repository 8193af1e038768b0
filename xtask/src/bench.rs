//! `bench`: measurements on the release build of server and app, as they ship. They print, and judge nothing.

use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::process;
use crate::run;
use crate::say;
use crate::setup::{self, Needs};
use crate::test;
use crate::tools;
use crate::web;
use crate::workspace::{Profile, Workspace};

/// All benchmarks. Each is `tests/e2e/<name>.bench.ts`, except the two of the server alone.
const NAMES: [&str; 10] = [
    "server",
    "attack",
    "latency",
    "wire",
    "sync",
    "ui",
    "load",
    "conflicts",
    "cut",
    "hour",
];
/// `crates/server/examples/load/`.
const SERVER: &str = "server";
/// `crates/server/examples/attack.rs`.
const ATTACK: &str = "attack";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Benchmarks {
    names: Vec<&'static str>,
    /// For the load generator, which reads them itself.
    options: Vec<String>,
}

/// Which benchmarks to run: those named, or all. Options follow the name of the only one that has any.
pub(crate) fn parse(arguments: &[String]) -> Outcome<Benchmarks> {
    if let [name, options @ ..] = arguments
        && name == SERVER
    {
        return Ok(Benchmarks {
            names: vec![SERVER],
            options: options.to_vec(),
        });
    }
    Ok(Benchmarks {
        names: named(arguments)?,
        options: Vec::new(),
    })
}

fn named(arguments: &[String]) -> Outcome<Vec<&'static str>> {
    let known = |name: &String| NAMES.into_iter().find(|known| known == name);
    match arguments {
        [] => Ok(NAMES.to_vec()),
        names => names
            .iter()
            .map(|name| {
                known(name).ok_or_else(|| {
                    Failure::new(format!(
                        "there is no benchmark {name:?}: choose from {}",
                        NAMES.join(", ")
                    ))
                })
            })
            .collect(),
    }
}

pub(crate) fn run(workspace: &Workspace, benchmarks: &Benchmarks) -> Outcome {
    let names = &benchmarks.names;
    if names.contains(&SERVER) {
        run_server(workspace, &benchmarks.options)?;
    }
    if names.contains(&ATTACK) {
        run::build_server(workspace, Profile::Release)?;
        process::run(&mut example(workspace, ATTACK)?)?;
    }
    let names: Vec<_> = names
        .iter()
        .filter(|name| ![SERVER, ATTACK].contains(*name))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    setup::ensure(
        workspace,
        Needs {
            end_to_end: true,
            ..Needs::APP
        },
    )?;
    web::build(workspace)?;
    run::build_server(workspace, Profile::Release)?;
    let files: Vec<String> = names.iter().map(|name| format!("{name}.bench.ts")).collect();
    let config = ["--config", "bench.config.ts"].into_iter();
    let arguments: Vec<&str> = config.chain(files.iter().map(String::as_str)).collect();
    test::playwright(workspace, Profile::Release, &arguments)
}

/// The load generator starts the servers by itself. Peers whose packages cannot be had are left out.
fn run_server(workspace: &Workspace, options: &[String]) -> Outcome {
    let peers = workspace.peers();
    if let Err(failure) = setup::peers(workspace) {
        say::step(&format!("the peers are left out: {failure}"));
    }
    say::step("load generator and server … building and running");
    let mut load = example(workspace, "load")?;
    process::run(load.arg("--").arg("--peers").arg(peers).args(options))
}

/// A program of `crates/server/examples/`, built as the server ships.
fn example(workspace: &Workspace, name: &str) -> Outcome<Command> {
    let mut cargo = tools::command(workspace, "cargo")?;
    cargo.args(["run", "--release", "--package", "tsugi-server", "--example", name]);
    Ok(cargo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benchmarks_are_chosen_by_name() {
        let names = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
            parse(&arguments).map(|benchmarks| benchmarks.names)
        };
        assert_eq!(names(&[]).expect("all"), NAMES);
        assert_eq!(names(&["latency"]).expect("known"), ["latency"]);
        assert!(names(&["speed"]).is_err());
        assert_eq!(names(&["server", "--only", "idle"]).expect("options"), ["server"]);
        assert!(names(&["latency", "--only", "idle"]).is_err());
    }
}
