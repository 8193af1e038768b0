//! What the simulator found once holds for good; and its document says what it does.

use std::fs;
use std::path::Path;

use tsugi_sim::plan::Plan;
use tsugi_sim::run::{BY_PEOPLE, EXPECTED, run};
use tsugi_sync::fault::{self, Fault};

const DOCUMENT: &str = include_str!("../../../docs/simulation.md");
const SPEC: &str = include_str!("../../../docs/session-spec.md");

#[test]
fn every_kept_plan_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans");
    let mut kept = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let plan: Plan = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(run(&plan).err(), None, "{}", path.display());
        kept += 1;
    }
    assert!(kept >= 5, "plans are kept beside the sources");
}

#[test]
fn a_plan_runs_the_same_twice_and_makes_its_mutations() {
    let plan = Plan::from_seed(5);
    let first = run(&plan).unwrap();
    assert_eq!(first, run(&plan).unwrap());
    assert!(first[BY_PEOPLE] >= plan.mutations);
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
}

#[test]
fn a_planted_fault_is_found_and_one_taken_away_is_not() {
    let found = |planted| {
        fault::plant(planted);
        let failed = (0..20).any(|seed| run(&Plan::from_seed(seed)).is_err());
        fault::plant(None);
        failed
    };
    assert!(found(Some(Fault::AckWithoutBase)));
    assert!(found(Some(Fault::AskForgotten)));
    assert!(!found(None));
}

#[test]
fn the_document_names_every_fault_and_everything_that_has_to_happen() {
    for fault in Fault::ALL {
        assert!(DOCUMENT.contains(&format!("| `{fault:?}` |")), "{fault:?}");
    }
    for what in EXPECTED {
        assert!(DOCUMENT.contains(what), "{what}");
    }
}

#[test]
fn the_specification_says_what_the_simulator_proves() {
    let invariants = SPEC.split("## Invariants").nth(1).unwrap();
    for name in ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I10", "I12"] {
        let row = invariants
            .lines()
            .find(|line| line.starts_with(&format!("| {name} |")));
        assert!(row.unwrap().contains("simulator"), "{name}");
    }
}
