//! `bench`: measurements on the release build of server and app, as they ship. They print, and judge nothing.

use crate::failure::{Failure, Outcome};
use crate::process;
use crate::run;
use crate::setup::{self, Needs};
use crate::test;
use crate::tools;
use crate::web;
use crate::workspace::{Profile, Workspace};

/// All benchmarks. Each is `tests/e2e/<name>.bench.ts`, except that of the server alone.
const NAMES: [&str; 9] = [
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
/// `crates/server/examples/attack.rs`.
const ATTACK: &str = "attack";

/// Which benchmarks to run: those named, or all.
pub(crate) fn parse(arguments: &[String]) -> Outcome<Vec<&'static str>> {
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

pub(crate) fn run(workspace: &Workspace, names: &[&'static str]) -> Outcome {
    if names.contains(&ATTACK) {
        run_attack(workspace)?;
    }
    let names: Vec<_> = names.iter().filter(|name| **name != ATTACK).collect();
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

fn run_attack(workspace: &Workspace) -> Outcome {
    run::build_server(workspace, Profile::Release)?;
    let mut cargo = tools::command(workspace, "cargo")?;
    process::run(cargo.args([
        "run",
        "--release",
        "--package",
        "tsugi-server",
        "--example",
        ATTACK,
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benchmarks_are_chosen_by_name() {
        assert_eq!(parse(&[]).expect("all"), NAMES);
        assert_eq!(parse(&["latency".to_owned()]).expect("known"), ["latency"]);
        assert!(parse(&["speed".to_owned()]).is_err());
    }
}
