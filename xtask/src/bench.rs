//! `bench`: measurements on what ships, the release build of server and app. They print and judge nothing.

use crate::failure::{Failure, Outcome};
use crate::run;
use crate::setup::{self, Needs};
use crate::test;
use crate::web;
use crate::workspace::{Profile, Workspace};

/// The benchmarks there are; each is `tests/e2e/<name>.bench.ts`.
const NAMES: [&str; 5] = ["latency", "wire", "sync", "ui", "cut"];

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
    setup::ensure(
        workspace,
        Needs {
            app: true,
            lints: false,
            browsers: false,
            end_to_end: true,
            other_client: false,
        },
    )?;
    web::build(workspace)?;
    run::build_server(workspace, Profile::Release)?;
    let files: Vec<String> = names.iter().map(|name| format!("{name}.bench.ts")).collect();
    let config = ["--config", "bench.config.ts"].into_iter();
    let arguments: Vec<&str> = config.chain(files.iter().map(String::as_str)).collect();
    test::playwright(workspace, Profile::Release, &arguments)
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
