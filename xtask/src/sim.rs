//! `sim`: the simulator, built with optimisation, because a seed then takes only milliseconds.

use crate::failure::Outcome;
use crate::process;
use crate::say;
use crate::tools;
use crate::workspace::Workspace;

/// Builds the simulator and passes the arguments on to it. Without arguments, it runs kept plans, seeds and planted
/// faults.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    let mut cargo = tools::command(workspace, "cargo")?;
    cargo
        .args(["run", "--quiet", "--profile=sim", "--package=tsugi-sim", "--"])
        .args(arguments);
    say::step("simulator … building and running");
    process::run(&mut cargo)
}
