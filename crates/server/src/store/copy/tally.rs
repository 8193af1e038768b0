//! What was copied: how many rows of each table, and a hash of all of them in their order.

use std::fmt;

use sha2::{Digest, Sha256};

use super::record::{Record, Table};
use crate::store::StoreError;

/// Two databases with the same tally hold the same.
#[derive(Clone, Default)]
pub struct Tally {
    rows: [u64; 8],
    hash: Box<Sha256>,
}

impl Tally {
    pub(super) fn add(&mut self, table: Table, records: &[Record]) -> Result<(), StoreError> {
        self.rows[table as usize] += records.len() as u64;
        for record in records {
            let text = serde_json::to_vec(record).map_err(StoreError::Fields)?;
            self.hash.update((text.len() as u64).to_le_bytes());
            self.hash.update(text);
        }
        Ok(())
    }

    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.rows == other.rows && digest(self) == digest(other)
    }

    /// Whether nothing was there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.iter().all(|rows| *rows == 0)
    }
}

fn digest(tally: &Tally) -> [u8; 32] {
    Sha256::clone(&tally.hash).finalize().into()
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = |table: Table| self.rows[table as usize];
        write!(
            f,
            "{} workspaces, {} accounts, {} entities, {} changes",
            rows(Table::Workspace),
            rows(Table::Account),
            rows(Table::Entity),
            rows(Table::Change)
        )
    }
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tally({self})")
    }
}
