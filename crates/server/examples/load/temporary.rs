//! A folder that goes when it is dropped.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::Outcome;

#[derive(Debug)]
pub(crate) struct Temporary(PathBuf);

impl Temporary {
    pub(crate) fn new() -> Outcome<Self> {
        let path = std::env::temp_dir().join(format!("tsugi-bench-{}", Uuid::new_v4()));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
