//! The data directory: owned by one process at a time, and read by nobody else on the machine.
//!
//! It holds everyone's tasks, and the hashes of their passwords. So its files are created readable only for their
//! owner, and files that exist are made so at each start.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::open::OpenError;

const DATABASE: &str = "tsugi.db";
const LOCK: &str = "lock";
/// Everything that this server ever puts there. SQLite gives its own files the rights of the database.
const FILES: [&str; 9] = [
    DATABASE,
    "tsugi.db-wal",
    "tsugi.db-shm",
    "tsugi.db-journal",
    LOCK,
    "secret",
    "secret.new",
    "tsugi.db.part",
    super::probe::FILE,
];
/// The waits between attempts to lock a data directory. A server that is shutting down, or a process that has just
/// begun, may hold the lock for a moment.
const LOCK_WAITS_MS: [u64; 6] = [5, 10, 20, 50, 100, 0];

/// A data directory that this process owns until it is dropped.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    pub(super) fn claim(path: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::io(path, source);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(failed)?;
        let lock = open_private(&path.join(LOCK)).map_err(failed)?;
        for wait in LOCK_WAITS_MS {
            match lock.try_lock() {
                Ok(()) => {
                    // The database is created here, so that nobody can read it before its rights are set.
                    drop(open_private(&path.join(DATABASE)).map_err(failed)?);
                    keep_private(path).map_err(failed)?;
                    return Ok(Self {
                        path: path.to_owned(),
                        _lock: lock,
                    });
                }
                Err(fs::TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(wait)),
                Err(fs::TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
        Err(OpenError::InUse(path.to_owned()))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn database(&self) -> PathBuf {
        database_in(&self.path)
    }
}

/// Where the database of a data directory is.
pub(super) fn database_in(dir: &Path) -> PathBuf {
    dir.join(DATABASE)
}

/// Opens a file to write. If it does not exist, creates it readable only for its owner.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn keep_private(dir: &Path) -> io::Result<()> {
    for name in FILES {
        let file = dir.join(name);
        match fs::symlink_metadata(&file) {
            Ok(meta) if meta.is_file() => tighten(&file, 0o600),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    // This is done only in a directory of our own, because `--data /srv` must not lock all others out of /srv.
    let is_ours = fs::read_dir(dir)?.all(|entry| {
        entry.is_ok_and(|entry| {
            entry
                .file_name()
                .to_str()
                .is_some_and(|name| FILES.contains(&name))
        })
    });
    if is_ours {
        tighten(dir, 0o700);
    } else {
        tracing::debug!(dir = %dir.display(), "other files are in the data directory: its rights are left as they are");
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes the rights away from all others. If that is impossible (another user's file, a file system without
/// rights), the server works all the same, and logs it.
#[cfg(unix)]
fn tighten(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    let others = |path: &Path| fs::metadata(path).map(|meta| meta.permissions().mode() & 0o077);
    if others(path).is_ok_and(|others| others == 0) {
        return;
    }
    let tightened = fs::set_permissions(path, fs::Permissions::from_mode(mode));
    match tightened.and_then(|()| others(path)) {
        Ok(0) => {
            tracing::warn!(path = %path.display(), "others on this machine could read it; now they cannot")
        }
        Ok(_) => {
            tracing::warn!(path = %path.display(), "others on this machine can read it: its file system has no rights")
        }
        Err(error) => tracing::warn!(path = %path.display(), %error, "others on this machine can read it"),
    }
}
