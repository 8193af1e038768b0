//! The measurements of this process and its machine. Those that nobody counts along the way are taken when somebody looks.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

/// What is the same for the whole life of a process.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) version: &'static str,
    /// Of the tables; "unknown" if it could not be read.
    pub(crate) layout: String,
    /// "sqlite" or "postgresql".
    pub(crate) database: &'static str,
    /// "none", "database" or "redis".
    pub(crate) bus: &'static str,
    pub(crate) instance: String,
}

pub(super) fn describe() {
    describe_gauge!(
        "tsugi_info",
        "1, with the version, the layout of the tables, the database, the bus and the instance as labels."
    );
    describe_gauge!(
        "tsugi_started_seconds",
        Unit::Seconds,
        "When the server started, in seconds since 1970."
    );
    describe_gauge!(
        "tsugi_ready",
        "1 if the server can read and write, and does not drain."
    );
    describe_gauge!(
        "tsugi_workspaces",
        "Workspaces that sessions of this instance listen to."
    );
    describe_gauge!("tsugi_users", "People with a session on this instance.");
    describe_gauge!(
        "tsugi_memory_bytes",
        Unit::Bytes,
        "Memory of the process that is in RAM."
    );
    describe_gauge!("tsugi_open_files", "Files and sockets that the process has open.");
    describe_gauge!(
        "tsugi_disk_free_bytes",
        Unit::Bytes,
        "Free room on the disk of the data folder."
    );
    describe_counter!(
        "tsugi_connections_refused_total",
        "TCP connections that were not served, by reason."
    );
}

pub(super) fn begin() {
    for why in ["address_full", "not_accepted"] {
        refused(why, 0);
    }
}

/// A TCP connection was not served. `why` is one of two.
pub(crate) fn connection_refused(why: &'static str) {
    refused(why, 1);
}

fn refused(why: &'static str, count: u64) {
    counter!("tsugi_connections_refused_total", "reason" => why).increment(count);
}

pub(crate) fn began(about: &About) {
    gauge!(
        "tsugi_info",
        "version" => about.version,
        "layout" => about.layout.clone(),
        "database" => about.database,
        "bus" => about.bus,
        "instance" => about.instance.clone()
    )
    .set(1.0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    gauge!("tsugi_started_seconds").set(now.as_secs_f64());
}

pub(crate) fn ready(is_ready: bool) {
    gauge!("tsugi_ready").set(f64::from(u8::from(is_ready)));
}

/// The workspaces and the people of the sessions here.
pub(crate) fn listening(workspaces: usize, users: usize) {
    gauge!("tsugi_workspaces").set(workspaces as f64);
    gauge!("tsugi_users").set(users as f64);
}

/// The memory, the files and the disk, as far as this operating system tells them.
pub(crate) fn look_at_machine(data: &Path) {
    if let Some(bytes) = memory() {
        gauge!("tsugi_memory_bytes").set(bytes as f64);
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        gauge!("tsugi_open_files").set(open.count() as f64);
    }
    #[cfg(unix)]
    if let Ok(stat) = rustix::fs::statvfs(data) {
        gauge!("tsugi_disk_free_bytes").set(stat.f_bavail.saturating_mul(stat.f_frsize) as f64);
    }
    #[cfg(not(unix))]
    let _ = data;
}

fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
