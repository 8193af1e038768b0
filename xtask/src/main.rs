//! Set-up and every chore: `cargo xtask run`, `cargo xtask test`, and so on.
//!
//! It uses nothing but the standard library, so that it is built in seconds on a machine that has nothing yet.

mod bench;
mod failure;
mod help;
mod pins;
mod process;
mod run;
mod say;
mod setup;
mod sim;
mod system;
mod test;
mod tidy;
mod tools;
mod web;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Outcome};
use run::Place;
use setup::Needs;
use test::Group;
use workspace::Workspace;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("✗ {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome {
    let Some((command, options)) = arguments.split_first() else {
        println!("{}", help::TOP);
        return Ok(());
    };
    if let Some(text) = help_asked_for(command, options) {
        println!("{text}");
        return Ok(());
    }
    match command.as_str() {
        "run" => {
            let place = Place::parse(run::RUN_PORT, options)?;
            run::run(&Workspace::locate()?, &place)
        }
        "dev" => {
            let place = Place::parse(run::DEV_PORT, options)?;
            run::dev(&Workspace::locate()?, &place)
        }
        "test" => {
            let groups = Group::parse(options)?;
            test::run(&Workspace::locate()?, &groups)
        }
        "bench" => {
            let benchmarks = bench::parse(options)?;
            bench::run(&Workspace::locate()?, &benchmarks)
        }
        "tidy" => {
            no_options(options)?;
            say::step("tidy");
            tidy::run(&Workspace::locate()?)
        }
        "sim" => sim::run(&Workspace::locate()?, options),
        "build" => {
            no_options(options)?;
            let workspace = Workspace::locate()?;
            setup::ensure(&workspace, Needs::APP)?;
            web::build(&workspace)
        }
        "setup" => set_up(options),
        _ => Err(Failure::new(format!(
            "there is no command {command:?}: see `cargo xtask --help`"
        ))),
    }
}

fn set_up(options: &[String]) -> Outcome {
    let needs = match options {
        [] => Needs::DEV,
        [tests] if tests == "--tests" => Needs::EVERYTHING,
        _ => return Err(Failure::new("setup knows --tests and nothing else: see --help")),
    };
    let workspace = Workspace::locate()?;
    setup::ensure(&workspace, needs)?;
    say::step("everything is there; for a shell of your own:");
    say::note(&tools::export_line(&workspace));
    Ok(())
}

fn no_options(options: &[String]) -> Outcome {
    if options.is_empty() {
        Ok(())
    } else {
        Err(Failure::new("this command takes no options: see --help"))
    }
}

/// The text to print if help was asked for, even if there are other options.
fn help_asked_for(command: &str, options: &[String]) -> Option<String> {
    let is_help = |argument: &str| matches!(argument, "--help" | "-h" | "help");
    if is_help(command) {
        return Some(
            options
                .first()
                .and_then(|name| help_of(name))
                .unwrap_or_else(|| help::TOP.to_owned()),
        );
    }
    if options.iter().any(|option| is_help(option)) {
        help_of(command)
    } else {
        None
    }
}

fn help_of(command: &str) -> Option<String> {
    let text = match command {
        "run" => help::RUN,
        "test" => help::TEST,
        "bench" => help::BENCH,
        "sim" => help::SIM,
        "dev" => help::DEV,
        "build" => help::BUILD,
        "setup" => help::SETUP,
        "tidy" => return Some(format!("{}\n{}", help::TIDY, tidy::rules())),
        _ => return None,
    };
    Some(text.to_owned())
}
