//! `test`: everything that must hold, cheapest first, stopping at the first failure.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::pins;
use crate::process::{self, Beside};
use crate::run;
use crate::say;
use crate::setup::{self, Needs};
use crate::sim;
use crate::tidy;
use crate::tools::{self, Tool};
use crate::web;
use crate::workspace::{Profile, Workspace};

/// A group of steps that can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Fmt,
    Tidy,
    Clippy,
    Unit,
    Sim,
    Client,
    Browser,
    EndToEnd,
    Engines,
}

impl Group {
    pub(crate) const ALL: [Self; 9] = [
        Self::Fmt,
        Self::Tidy,
        Self::Clippy,
        Self::Unit,
        Self::Sim,
        Self::Client,
        Self::Browser,
        Self::EndToEnd,
        Self::Engines,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Tidy => "tidy",
            Self::Clippy => "clippy",
            Self::Unit => "unit",
            Self::Sim => "sim",
            Self::Client => "client",
            Self::Browser => "browser",
            Self::EndToEnd => "e2e",
            Self::Engines => "engines",
        }
    }

    /// `--only fmt,unit`, or nothing for everything; always in the order above.
    pub(crate) fn parse(arguments: &[String]) -> Outcome<Vec<Self>> {
        let names = match arguments {
            [] => return Ok(Self::ALL.to_vec()),
            [only, names] if only == "--only" => names.as_str(),
            [one] if one.starts_with("--only=") => &one["--only=".len()..],
            _ => {
                return Err(Failure::new(format!(
                    "`{}` is not known here: see --help",
                    arguments.join(" ")
                )));
            }
        };
        let known = |name: &str| Self::ALL.iter().any(|group| group.name() == name);
        if let Some(unknown) = names.split(',').find(|name| !known(name)) {
            let all = Self::ALL.map(Self::name).join(", ");
            return Err(Failure::new(format!(
                "there are no tests named {unknown:?}: choose from {all}"
            )));
        }
        Ok(Self::ALL
            .into_iter()
            .filter(|group| names.split(',').any(|name| name == group.name()))
            .collect())
    }

    fn steps(self) -> &'static [Step] {
        match self {
            Self::Fmt => &[Step::Format],
            Self::Tidy => &[Step::Tidy],
            Self::Clippy => &[Step::LintNative, Step::LintApp],
            Self::Unit => &[Step::Native, Step::OnPostgres],
            Self::Sim => &[Step::Simulate],
            Self::Client => &[Step::Server, Step::OtherClient],
            Self::Browser => &[Step::Chromium, Step::Firefox],
            Self::EndToEnd => &[Step::WebApp, Step::Server, Step::Playwright],
            Self::Engines => &[Step::WebApp, Step::Server, Step::Engines],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Format,
    Tidy,
    LintNative,
    LintApp,
    Native,
    OnPostgres,
    Simulate,
    OtherClient,
    Chromium,
    Firefox,
    WebApp,
    Server,
    Playwright,
    Engines,
}

impl Step {
    fn headline(self) -> &'static str {
        match self {
            Self::Format => "formatting",
            Self::Tidy => "how the code lies",
            Self::LintNative => "clippy: core, server, tools",
            Self::LintApp => "clippy: web app",
            Self::Native => "tests: core, server, tools",
            Self::OnPostgres => "tests: server on PostgreSQL",
            Self::Simulate => "simulator",
            Self::OtherClient => "a client from the document alone",
            Self::Chromium => "tests in Chromium",
            Self::Firefox => "tests in Firefox",
            Self::WebApp => "web app",
            Self::Server => "server for the tests to come",
            Self::Playwright => "end-to-end tests",
            Self::Engines => "main paths in three engines",
        }
    }

    fn run(self, workspace: &Workspace) -> Outcome {
        match self {
            Self::Format => cargo(workspace, &["fmt", "--all", "--check"]),
            Self::Tidy => tidy::run(workspace),
            // The app is for the browser only; natively it need not even compile.
            Self::LintNative => cargo(
                workspace,
                &[
                    "clippy",
                    "--workspace",
                    "--exclude=tsugi",
                    "--all-targets",
                    "--",
                    "-D",
                    "warnings",
                ],
            ),
            Self::LintApp => cargo(
                workspace,
                &[
                    "clippy",
                    "--package=tsugi",
                    "--target",
                    pins::WASM_TARGET,
                    "--all-targets",
                    "--",
                    "-D",
                    "warnings",
                ],
            ),
            Self::Native => cargo(workspace, &["test", "--workspace", "--exclude=tsugi"]),
            // The same tests once more, with the other database.
            Self::OnPostgres => {
                let mut cargo = tools::command(workspace, "cargo")?;
                cargo.args([
                    "test",
                    "--package=tsugi-server",
                    "--test=api",
                    "--",
                    "--skip=embedded::",
                    "--skip=instances::",
                    "--skip=copies::",
                    "--skip=polling_elsewhere::",
                    "--skip=storm::",
                ]);
                process::run(cargo.env("TSUGI_TEST_DATABASE", "postgres"))
            }
            Self::Simulate => sim::run(workspace, &[]),
            Self::OtherClient => other_client(workspace),
            Self::Chromium => {
                process::run(in_browser(workspace)?.env("CHROMEDRIVER", "/usr/bin/chromedriver"))
            }
            Self::Firefox => {
                let driver = Tool::Geckodriver
                    .programs_directory(workspace)
                    .join("geckodriver");
                process::run(in_browser(workspace)?.env("GECKODRIVER", driver))
            }
            Self::WebApp => web::build(workspace),
            Self::Server => run::build_server(workspace, Profile::Dev),
            Self::Playwright => playwright(workspace, Profile::Dev, &[]),
            Self::Engines => engines(workspace),
        }
    }
}

pub(crate) fn run(workspace: &Workspace, groups: &[Group]) -> Outcome {
    let has = |group| groups.contains(&group);
    let needs = Needs {
        app: has(Group::EndToEnd) || has(Group::Engines),
        trunk: false,
        lints: has(Group::Fmt) || has(Group::Clippy),
        browsers: has(Group::Browser) || has(Group::Engines),
        end_to_end: has(Group::EndToEnd),
        other_client: has(Group::Client),
        servers: has(Group::Unit),
        webkit: has(Group::Engines),
    };
    let started = Instant::now();
    setup::ensure(workspace, needs)?;

    let mut took = Vec::new();
    let steps = steps_of(groups);
    // Optimising the web app takes one core for a minute, so it is built beside the steps before it.
    let mut web_app = match steps.iter().position(|step| *step == Step::WebApp) {
        Some(1..) => Some(begin_web_app(workspace)?),
        Some(0) | None => None,
    };
    for (index, &step) in steps.iter().enumerate() {
        say::step(&format!("{} of {}: {}", index + 1, steps.len(), step.headline()));
        let started = Instant::now();
        let outcome = match web_app.take_if(|_| step == Step::WebApp) {
            Some(web_app) => web_app.wait(),
            None => step.run(workspace),
        };
        took.push((step, started.elapsed()));
        if let Err(failure) = outcome {
            if let Some(web_app) = web_app {
                web_app.stop();
            }
            print_durations(&took);
            return Err(Failure::new(format!("FAILED: {}: {failure}", step.headline())));
        }
    }
    print_durations(&took);
    say::step(&format!("all passed in {}", say::duration(started.elapsed())));
    Ok(())
}

/// Builds the web app in a process of its own.
fn begin_web_app(workspace: &Workspace) -> Outcome<Beside> {
    let own = env::current_exe()
        .map_err(|error| Failure::new(format!("this program does not find itself: {error}")))?;
    let output = workspace.target.join("web-app.txt");
    Beside::begin(
        process::command(own).arg("build").current_dir(&workspace.root),
        output,
    )
}

/// Each step only once, even if several groups need it.
fn steps_of(groups: &[Group]) -> Vec<Step> {
    let mut steps = Vec::new();
    for &step in groups.iter().flat_map(|group| group.steps()) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Outcome {
    process::run(tools::command(workspace, "cargo")?.args(arguments))
}

/// The app's tests, in the browser of the driver that the environment names.
fn in_browser(workspace: &Workspace) -> Outcome<Command> {
    let mut cargo = tools::command(workspace, "cargo")?;
    cargo
        .args([
            "test",
            "--package=tsugi",
            "--tests",
            "--target",
            pins::WASM_TARGET,
        ])
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        )
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            workspace.root.join("webdriver.json"),
        )
        // The default is 20 seconds for all tests of a file, and a busy machine can take longer.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "600")
        .env_remove("CHROMEDRIVER")
        .env_remove("GECKODRIVER");
    Ok(cargo)
}

/// The client in JavaScript against the server, by Node's own test runner.
fn other_client(workspace: &Workspace) -> Outcome {
    let mut node = process::command("node");
    node.args(["--test", "--test-reporter=spec"])
        .current_dir(workspace.other_client())
        .env("TSUGI_SERVER_BIN", workspace.server(Profile::Dev));
    process::run(&mut node).map_err(|_| Failure::new("Node says above which tests failed"))
}

/// The main paths, in one engine after the other.
fn engines(workspace: &Workspace) -> Outcome {
    let driver = Tool::Geckodriver
        .programs_directory(workspace)
        .join("geckodriver");
    let mut node = process::command("node");
    node.args(["--test", "--test-reporter=spec"])
        .current_dir(workspace.engines())
        .env("TSUGI_GECKODRIVER", driver)
        .env("TSUGI_SERVER_BIN", workspace.server(Profile::Dev))
        .env("TSUGI_DIST", workspace.dist());
    process::run(&mut node).map_err(|_| Failure::new("Node says above which tests failed"))
}

/// Runs specs against the server of `profile` and the built app.
pub(crate) fn playwright(workspace: &Workspace, profile: Profile, arguments: &[&str]) -> Outcome {
    let mut node = process::command("node");
    node.args(["node_modules/@playwright/test/cli.js", "test"])
        .args(arguments)
        .current_dir(workspace.end_to_end())
        .env("TSUGI_SERVER_BIN", workspace.server(profile))
        .env("TSUGI_DIST", workspace.dist());
    process::run(&mut node).map_err(|_| Failure::new("Playwright says above which tests failed"))
}

fn print_durations(took: &[(Step, Duration)]) {
    say::step("durations");
    for (step, elapsed) in took {
        say::note(&format!("{:<34}{:>14}", step.headline(), say::duration(*elapsed)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Outcome<Vec<Group>> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Group::parse(&arguments)
    }

    #[test]
    fn groups_are_chosen_by_name_and_run_in_their_own_order() {
        assert_eq!(parse(&[]).expect("valid"), Group::ALL);
        assert_eq!(
            parse(&["--only", "unit,fmt"]).expect("valid"),
            [Group::Fmt, Group::Unit]
        );
        assert_eq!(parse(&["--only=e2e"]).expect("valid"), [Group::EndToEnd]);
    }

    #[test]
    fn a_step_that_two_groups_need_is_run_once_and_before_both() {
        let steps = steps_of(&[Group::Client, Group::EndToEnd]);
        assert_eq!(
            steps,
            [Step::Server, Step::OtherClient, Step::WebApp, Step::Playwright]
        );
    }

    #[test]
    fn unknown_groups_and_options_are_refused() {
        for arguments in [&["--only"][..], &["--only", "lint"], &["--only="], &["unit"]] {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }
}
