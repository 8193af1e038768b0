//! Many runs, on every core.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use tsugi_sync::fault::{self, Fault};

use crate::oracle::Violation;
use crate::plan::{MUTATIONS, Plan};
use crate::run::{BY_PEOPLE, Counts, run};

/// The result of the runs.
#[derive(Debug)]
pub struct Sweep {
    pub seeds: u64,
    pub took: Duration,
    pub counts: Counts,
    /// The first violation by seed, if there was one.
    pub violation: Option<(u64, Violation)>,
}

/// The time between two reports of progress.
const PROGRESS: Duration = Duration::from_secs(10);

/// Runs every seed of the range until one fails, with a planted fault or without. Every ten seconds it calls
/// `progress` with the number of seeds that it has run.
#[must_use]
pub fn sweep(seeds: Range<u64>, planted: Option<Fault>, progress: impl Fn(u64)) -> Sweep {
    let started = Instant::now();
    let (next, done) = (AtomicU64::new(seeds.start), AtomicU64::new(0));
    let counts = Mutex::new(Counts::new());
    let first: Mutex<BTreeMap<u64, Violation>> = Mutex::new(BTreeMap::new());
    let work = || {
        fault::plant(planted);
        let mut own = Counts::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let failed = first
                .lock()
                .expect("no panic while it is held")
                .first_key_value()
                .map(|(seed, _)| *seed);
            if seed >= seeds.end || failed.is_some_and(|failed| failed < seed) {
                break;
            }
            done.fetch_add(1, Ordering::Relaxed);
            match run(&Plan::from_seed(seed)).and_then(enough) {
                Ok(found) => add(&mut own, found),
                Err(violation) => {
                    first
                        .lock()
                        .expect("no panic while it is held")
                        .insert(seed, violation);
                }
            }
        }
        fault::plant(None);
        add(&mut counts.lock().expect("no panic while it is held"), own);
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        // Each worker holds a sender for as long as it works.
        let (working, ended) = mpsc::channel::<()>();
        for _ in 0..cores {
            let working = working.clone();
            scope.spawn(|| {
                work();
                drop(working);
            });
        }
        drop(working);
        while ended.recv_timeout(PROGRESS) == Err(RecvTimeoutError::Timeout) {
            progress(done.load(Ordering::Relaxed));
        }
    });
    Sweep {
        seeds: done.into_inner(),
        took: started.elapsed(),
        counts: counts.into_inner().expect("no panic while it is held"),
        violation: first.into_inner().expect("no panic while it is held").pop_first(),
    }
}

/// A run in which too little happened proves too little, so it fails.
fn enough(counts: Counts) -> Result<Counts, Violation> {
    match counts.get(BY_PEOPLE) {
        Some(count) if *count >= MUTATIONS => Ok(counts),
        few => Err(Violation {
            invariant: "plan",
            what: format!("{few:?} mutations by people, {MUTATIONS} expected"),
        }),
    }
}

fn add(all: &mut Counts, more: Counts) {
    for (what, count) in more {
        *all.entry(what).or_default() += count;
    }
}
