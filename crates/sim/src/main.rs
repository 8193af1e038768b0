//! `tsugi-sim`: runs seeds, replays plans, hunts planted faults.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use tsugi_sim::oracle::Violation;
use tsugi_sim::plan::Plan;
use tsugi_sim::run::{Counts, run};
use tsugi_sim::shrink::shrink;
use tsugi_sim::sweep::sweep;
use tsugi_sim::workload::{EXPECTED_WITHOUT_A_HAND, Pairs, live};
use tsugi_sim::{fleet, habit};
use tsugi_sync::fault::{self, Fault};

const HELP: &str = "\
Runs fleets of replicas against a server on virtual time over a bad network, and checks what must hold.

    cargo xtask sim                      10,000 seeds, the planted faults, and every kept plan
    cargo xtask sim --seeds N [--from N] so many seeds, from this one on
    cargo xtask sim --seed N             one seed; a failure is cut down and kept
    cargo xtask sim --replay FILE        a kept plan
    cargo xtask sim --trace FILE         the same, saying what each device does
    cargo xtask sim --faults             plants each fault in turn, until it is found
    cargo xtask sim --workload           how many concurrent edits of realistic people need a hand
";

/// A planted fault counts as not found after this many seeds.
const HUNT: u64 = 5_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // A planted fault may panic in the core. That is one way to find it, and does not need a page of output each time.
    std::panic::set_hook(Box::new(|_| {}));
    let done = match words[..] {
        [] => replay_all() && seeds(0, 10_000) && hunt(),
        ["--seeds", count] => number(count).is_some_and(|count| seeds(0, count)),
        ["--seeds", count, "--from", from] => number(count)
            .zip(number(from))
            .is_some_and(|(count, from)| seeds(from, count)),
        ["--seed", seed] => number(seed).is_some_and(one),
        ["--replay", file] => replay(Path::new(file)),
        ["--trace", file] => {
            fleet::TRACE.store(true, Ordering::Relaxed);
            replay(Path::new(file))
        }
        ["--faults"] => hunt(),
        ["--workload"] => workload(),
        ["--help" | "-h"] => {
            say(HELP);
            true
        }
        _ => {
            say(HELP);
            false
        }
    };
    if done {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[expect(clippy::print_stdout, reason = "this is what the program is for")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

/// How many weeks the households of the workload live.
const WEEKS: u64 = 20;

fn workload() -> bool {
    let mut all = Pairs::default();
    for household in [habit::family(), habit::commuter()] {
        let mut pairs = Pairs::default();
        for week in 0..WEEKS {
            match live(&household, week) {
                Ok(more) => pairs.add(more),
                Err(violation) => {
                    say(format!(
                        "{}, week {week}: {} does not hold: {}",
                        household.name, violation.invariant, violation.what
                    ));
                    return false;
                }
            }
        }
        say(format!(
            "{}: {WEEKS} weeks, {} mutations, {} concurrent pairs on one task, {:.2} % without a hand, no value lost\n",
            household.name,
            pairs.mutations,
            pairs.total(),
            pairs.without_a_hand()
        ));
        say("| settled | pairs | % |\n|---|---|---|");
        for (how, count) in &pairs.settled {
            let share = 100.0 * *count as f64 / pairs.total() as f64;
            say(format!("| {how} | {count} | {share:.2} |"));
        }
        say("");
        all.add(pairs);
    }
    say(format!(
        "together: {} concurrent pairs, {:.2} % without any question",
        all.total(),
        all.without_a_hand()
    ));
    all.without_a_hand() > EXPECTED_WITHOUT_A_HAND
}

fn number(text: &str) -> Option<u64> {
    let number = text.replace([',', '_'], "").parse().ok();
    if number.is_none() {
        say(format!("“{text}” is not a number\n\n{HELP}"));
    }
    number
}

fn seeds(from: u64, count: u64) -> bool {
    let progress = |done| say(format!("  {done} of {count} seeds"));
    let swept = sweep(from..from + count, None, progress);
    let seconds = swept.took.as_secs_f64();
    if let Some((seed, violation)) = swept.violation {
        return failed(&Plan::from_seed(seed), &violation);
    }
    say(format!(
        "{} seeds in {seconds:.1} s, {:.0} seeds/s, 0 violations",
        swept.seeds,
        swept.seeds as f64 / seconds
    ));
    for (what, count) in &swept.counts {
        say(format!("  {count:>10}  {what}"));
    }
    count < 1_000 || covered(&swept.counts)
}

/// Every trouble has to have happened: one that never happened proves nothing.
fn covered(counts: &Counts) -> bool {
    let missing: Vec<_> = tsugi_sim::run::EXPECTED
        .iter()
        .filter(|what| !counts.contains_key(*what))
        .collect();
    if !missing.is_empty() {
        say(format!("never happened: {missing:?}"));
    }
    missing.is_empty()
}

fn one(seed: u64) -> bool {
    let plan = Plan::from_seed(seed);
    match run(&plan) {
        Ok(counts) => {
            say(format!("seed {seed}: {counts:#?}"));
            true
        }
        Err(violation) => failed(&plan, &violation),
    }
}

fn failed(plan: &Plan, violation: &Violation) -> bool {
    say(format!(
        "seed {}: {} does not hold: {}",
        plan.seed, violation.invariant, violation.what
    ));
    let small = shrink(plan, violation.invariant);
    let text = serde_json::to_string(&small).expect("a plan is plain data");
    let file = plans().join(format!(
        "{}-{}.json",
        violation.invariant.to_lowercase(),
        plan.seed
    ));
    let steps: Vec<String> = small.steps.iter().map(|step| format!("  {step:?}")).collect();
    say(format!(
        "cut down to {} steps:\n{}",
        steps.len(),
        steps.join("\n")
    ));
    if let Err(violation) = run(&small) {
        say(format!("{}: {}", violation.invariant, violation.what));
    }
    match fs::write(&file, text) {
        Ok(()) => say(format!("kept in {}", file.display())),
        Err(error) => say(format!("not kept in {}: {error}", file.display())),
    }
    false
}

fn plans() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plans")
}

fn replay_all() -> bool {
    let files = fs::read_dir(plans())
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut plans: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    plans.sort();
    let good = plans.iter().filter(|path| replay(path)).count();
    say(format!("{good} of {} kept plans hold", plans.len()));
    good == plans.len()
}

fn replay(file: &Path) -> bool {
    let read = fs::read_to_string(file).map_err(|error| error.to_string());
    let plan = read.and_then(|text| serde_json::from_str::<Plan>(&text).map_err(|error| error.to_string()));
    let plan = match plan {
        Ok(plan) => plan,
        Err(error) => {
            say(format!("{}: {error}", file.display()));
            return false;
        }
    };
    match run(&plan) {
        Ok(_) => true,
        Err(violation) => {
            say(format!(
                "{}: {} does not hold: {}",
                file.display(),
                violation.invariant,
                violation.what
            ));
            false
        }
    }
}

fn hunt() -> bool {
    let mut all = true;
    say("| planted fault | found by | after seeds |\n|---|---|---|");
    for planted in Fault::ALL {
        fault::plant(None);
        let progress = |done| say(format!("  {planted:?}: {done} of {HUNT} seeds"));
        let swept = sweep(0..HUNT, Some(*planted), progress);
        match swept.violation {
            // It counts as found only if the seed holds without the fault.
            Some((seed, _)) if run(&Plan::from_seed(seed)).is_err() => {
                say(format!("| `{planted:?}` | **seed {seed} fails without it** | |"));
                all = false;
            }
            Some((seed, violation)) => {
                say(format!(
                    "| `{planted:?}` | {} | {} |",
                    violation.invariant,
                    seed + 1
                ));
            }
            None => {
                say(format!("| `{planted:?}` | **not found** | {HUNT} |"));
                all = false;
            }
        }
    }
    all
}
