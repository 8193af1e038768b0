//! How many files, and so connections, the operating system lets this process have open.

/// Files that are not connections: the database, the files being served, what the runtime needs.
const OTHERS: usize = 64;

/// Raises the limit to the highest that this process may give itself.
#[cfg(unix)]
pub fn raise() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => tracing::debug!(
            from = limit.current,
            to = limit.maximum,
            "the limit of open files is raised"
        ),
        Err(error) => {
            tracing::warn!(%error, limit = limit.current, "the limit of open files could not be raised")
        }
    }
}

#[cfg(not(unix))]
pub fn raise() {}

/// How many of the wanted connections may be open.
pub(crate) fn connections(wanted: usize) -> usize {
    let Some(files) = limit() else {
        return wanted;
    };
    let possible = files.saturating_sub(OTHERS).max(files / 2).max(1);
    // If only a few are missing, nothing is logged.
    if possible < wanted - wanted / 10 {
        tracing::warn!(
            open_files = files,
            connections = possible,
            wanted,
            "the limit of open files leaves room for fewer connections than configured"
        );
    }
    wanted.min(possible)
}

/// The highest limit that this process may give itself.
#[cfg(unix)]
pub(crate) fn highest() -> Option<usize> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.maximum.and_then(|files| usize::try_from(files).ok())
}

#[cfg(not(unix))]
pub(crate) fn highest() -> Option<usize> {
    None
}

#[cfg(unix)]
fn limit() -> Option<usize> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.current.and_then(|files| usize::try_from(files).ok())
}

#[cfg(not(unix))]
fn limit() -> Option<usize> {
    None
}
