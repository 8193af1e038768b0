//! A whole embedded database as the source or the target of a copy.

mod read;
mod write;

use std::fs;
use std::path::{Path, PathBuf};

use super::data_dir::{self, DataDir};
use super::open;
use crate::store::copy::{CopyError, Inlet, Tally, Whole, channel, compare, read as read_whole, tally};

/// Reads a file that a backup made. One of an older layout is copied first, and the copy is brought to the newest layout.
pub(in crate::store) async fn read_file(path: PathBuf, inlet: Inlet) -> Result<(), CopyError> {
    if !path.is_file() {
        return Err(CopyError::Missing(path));
    }
    if open::is_newest(&path)? {
        return read::all(path, inlet).await;
    }
    let copy = Aside::new(std::env::temp_dir().join(format!("tsugi-older-{}.db", uuid::Uuid::new_v4())));
    fs::copy(&path, &copy.0).map_err(|error| CopyError::io(&copy.0, error))?;
    drop(open::open_writer(&copy.0)?);
    read::all(copy.0.clone(), inlet).await
}

/// Reads the database of a data directory, which a server may be using.
pub(in crate::store) async fn read_directory(dir: PathBuf, inlet: Inlet) -> Result<(), CopyError> {
    let path = data_dir::database_in(&dir);
    match path.is_file() {
        true => read_file(path, inlet).await,
        false => Err(CopyError::Missing(path)),
    }
}

/// Writes a new file.
pub(in crate::store) async fn write_file(path: &Path, from: &Whole) -> Result<Tally, CopyError> {
    if path.exists() {
        return Err(CopyError::Exists(path.to_owned()));
    }
    // It gets its name only when it is complete.
    let part = Aside::new(with_suffix(path, "part"));
    let written = write_part(&part.0, from).await?;
    fs::rename(&part.0, path).map_err(|error| CopyError::io(path, error))?;
    Ok(written)
}

/// Writes the database of a data directory that no server uses.
pub(in crate::store) async fn write_directory(
    dir: &Path,
    from: &Whole,
    may_replace: bool,
) -> Result<Tally, CopyError> {
    let claimed = DataDir::claim(dir)?;
    let path = claimed.database();
    // The directory may be new, and its file empty.
    if fs::metadata(&path).is_ok_and(|meta| meta.len() > 0) {
        let there = tally(&Whole::Directory(dir.to_owned())).await?;
        if !there.is_empty() && !may_replace {
            return Err(CopyError::NotEmpty(there));
        }
    }
    let part = Aside::new(with_suffix(&path, "part"));
    let written = write_part(&part.0, from).await?;
    // The log belongs to the file before.
    for log in ["wal", "shm"] {
        let log = path.with_extension(format!("db-{log}"));
        if log.exists() {
            fs::remove_file(&log).map_err(|error| CopyError::io(&log, error))?;
        }
    }
    fs::rename(&part.0, &path).map_err(|error| CopyError::io(&path, error))?;
    Ok(written)
}

async fn write_part(part: &Path, from: &Whole) -> Result<Tally, CopyError> {
    drop(data_dir::open_private(part).map_err(|error| CopyError::io(part, error))?);
    let (inlet, outlet) = channel();
    let writing = write::all(part.to_owned(), outlet);
    let (read, sent) = tokio::join!(read_whole(from, inlet), writing);
    // If the writing fails, the reading ends too, and its error says nothing.
    let sent = match (read, sent) {
        (Err(error), _) if !matches!(error, CopyError::Unfinished) => return Err(error),
        (_, sent) => sent?,
    };
    compare(sent, tally(&Whole::File(part.to_owned())).await?)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

/// A file that goes when it was not given its final name.
struct Aside(PathBuf);

impl Aside {
    fn new(path: PathBuf) -> Self {
        Self(path)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = self.0.as_os_str().to_owned();
            name.push(suffix);
            // It is not there if all went well.
            drop(fs::remove_file(PathBuf::from(name)));
        }
    }
}
