//! A journal in memory, for a browser that gives no storage. It lives as long as the page.
//!
//! A workspace is found again under its name, so that signing in does not lose edits from before. Each page creates a
//! replica of its own with it, so no other page gives out the same sequence numbers.

use std::cell::RefCell;
use std::rc::Rc;
use tsugi_sync::sorted_map::SortedMap;

use super::{Checkpointed, Loaded, Part, Quarantined, Tail};
use crate::browser::time;

thread_local! {
    static KEPT: RefCell<SortedMap<String, Rc<RefCell<Memory>>>> = RefCell::default();
}

#[derive(Debug, Default)]
pub(super) struct Memory {
    id: String,
    /// The last key that was given to a row.
    last: u64,
    log: SortedMap<u64, String>,
    position: u64,
    checkpoint: Vec<Part>,
    meta: SortedMap<String, String>,
    quarantine: Vec<Quarantined>,
}

pub(super) fn find(name: &str) -> Option<Rc<RefCell<Memory>>> {
    KEPT.with_borrow(|kept| kept.get(name).cloned())
}

pub(super) fn begin(name: &str) -> Rc<RefCell<Memory>> {
    let begun = Rc::new(RefCell::new(Memory {
        id: time::new_id().to_string(),
        ..Memory::default()
    }));
    KEPT.with_borrow_mut(|kept| kept.insert(name.to_owned(), Rc::clone(&begun)));
    begun
}

/// Removes a journal. Returns whether there was one.
pub(super) fn forget(name: &str) -> bool {
    KEPT.with_borrow_mut(|kept| kept.remove(name).is_some())
}

/// Calls `decide` for the rows to append. Nothing is borrowed meanwhile, because `decide` may read this same journal.
pub(super) fn commit(
    memory: &Rc<RefCell<Memory>>,
    after: u64,
    decide: &mut dyn FnMut(Tail) -> Vec<String>,
) -> Vec<u64> {
    let tail = memory.borrow().tail(after);
    let decided = decide(tail);
    memory.borrow_mut().append(decided)
}

impl Memory {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn load(&self) -> Loaded {
        Loaded {
            position: self.position,
            checkpoint: self.checkpoint.clone(),
            rows: self.tail(self.position).rows,
            unreadable: 0,
        }
    }

    pub(super) fn tail(&self, after: u64) -> Tail {
        let rows = self.log.range_from(&after.saturating_add(1));
        Tail {
            checkpoint_position: self.position,
            rows: rows.map(|(key, row)| (*key, row.clone())).collect(),
        }
    }

    fn append(&mut self, rows: Vec<String>) -> Vec<u64> {
        let first = self.last + 1;
        self.last += rows.len() as u64;
        self.log.extend((first..).zip(rows));
        (first..=self.last).collect()
    }

    pub(super) fn checkpoint(&mut self, position: u64, parts: &[Part]) -> Checkpointed {
        if self.position > position {
            return Checkpointed::Overtaken {
                position: self.position,
            };
        }
        self.position = position;
        self.checkpoint = parts.to_vec();
        self.log.retain(|key, _| *key > position);
        Checkpointed::Written
    }

    pub(super) fn quarantine(&mut self, key: u64, reason: &str) {
        if let Some(row) = self.log.remove(&key) {
            self.quarantine.push(Quarantined {
                reason: reason.to_owned(),
                row,
            });
        }
    }

    pub(super) fn quarantined(&self) -> Vec<Quarantined> {
        self.quarantine.clone()
    }

    pub(super) fn get_meta(&self, key: &str) -> Option<String> {
        self.meta.get(key).cloned()
    }

    pub(super) fn put_meta(&mut self, key: &str, value: &str) {
        self.meta.insert(key.to_owned(), value.to_owned());
    }

    pub(super) fn get_or_init_meta(&mut self, key: &str, value: &str) -> String {
        let stored = self.meta.entry(key.to_owned());
        stored.or_insert_with(|| value.to_owned()).clone()
    }
}
