//! Cutting a plan that fails down to what it takes (delta debugging: Zeller and Hildebrandt, 2002).

use crate::plan::Plan;
use crate::run::run;

/// Runs that shrinking may cost.
const RUNS: usize = 3_000;

/// The smallest plan found that breaks the same invariant.
#[must_use]
pub fn shrink(plan: &Plan, invariant: &'static str) -> Plan {
    let mut smallest = plan.clone();
    let mut runs = 0;
    let mut fails = |plan: &Plan| {
        runs += 1;
        runs <= RUNS && run(plan).is_err_and(|violation| violation.invariant == invariant)
    };
    for (tabs, instances) in [(1, smallest.instances), (smallest.tabs, 1), (1, 1)] {
        let simpler = Plan {
            tabs,
            instances,
            ..smallest.clone()
        };
        if simpler != smallest && fails(&simpler) {
            smallest = simpler;
        }
    }
    let mut chunk = smallest.steps.len().div_ceil(2);
    while chunk > 0 {
        let mut start = 0;
        while start < smallest.steps.len() {
            let end = (start + chunk).min(smallest.steps.len());
            let mut without = smallest.clone();
            without.steps.drain(start..end);
            match fails(&without) {
                true => smallest = without,
                false => start = end,
            }
        }
        chunk = if chunk == 1 { 0 } else { chunk.div_ceil(2) };
    }
    smallest
}
