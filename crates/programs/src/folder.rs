//! A folder that goes when the test is done.

use std::path::{Path, PathBuf};

use uuid::Uuid;

#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    #[must_use]
    pub fn new(what: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tsugi-{what}-{}", Uuid::new_v4()));
        std::fs::create_dir(&path).unwrap();
        // Other users pass through it: PostgreSQL and nginx change to one of their own.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o711)).unwrap();
        }
        Self(path)
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
