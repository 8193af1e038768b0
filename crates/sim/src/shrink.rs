//! Cuts a plan that fails down to the steps that it needs (delta debugging: Zeller and Hildebrandt, 2002).

use crate::plan::Plan;
use crate::run::run;

/// How many runs shrinking may take.
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
    let simpler: [fn(&Plan) -> Plan; 3] = [
        // Leaves out what people do after the steps.
        |plan| Plan {
            mutations: 0,
            ..plan.clone()
        },
        |plan| Plan {
            tabs: 1,
            ..plan.clone()
        },
        |plan| Plan {
            instances: 1,
            ..plan.clone()
        },
    ];
    for simpler in simpler {
        let simpler = simpler(&smallest);
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
