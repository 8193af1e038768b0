//! The data folder, the database in it, its disk, the clock, and the folder of the browser client.

use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use rusqlite::{Connection, OpenFlags};
use tsugi_sync::ids::Timestamp;

use super::Report;
use crate::config::{Config, DatabaseAddress};
use crate::static_files::StaticFiles;
use crate::store::look_at_postgres;

const MIB: u64 = 1024 * 1024;
/// Below this the server will soon be unable to write.
const LEAST_ROOM: u64 = 100 * MIB;
const LITTLE_ROOM: u64 = 1024 * MIB;
/// 2026-01-01. Nothing of Tsugi is older.
const FIRST_DAY: Timestamp = Timestamp(1_767_225_600_000);
/// How far a file may be dated ahead of the clock.
const AHEAD_MS: u64 = 5 * 60 * 1000;

pub(super) fn examine(report: &mut Report, config: &Config, now: Timestamp) {
    let data = &config.data;
    folder(report, data);
    match &config.database {
        Some(address) => postgres(report, address),
        None => database(report, &data.join("tsugi.db")),
    }
    disk(report, data);
    clock(report, data, now);
    match config
        .static_dir
        .as_deref()
        .map(|dir| (dir, StaticFiles::open(dir)))
    {
        None => report.ok("client", "no folder is given, so only the API is served"),
        Some((dir, Ok(_))) => report.ok("client", format!("{} has an index.html", dir.display())),
        Some((_, Err(error))) => report.fail(
            "client",
            error.to_string(),
            "name the folder that the build of the app made",
        ),
    }
}

fn folder(report: &mut Report, data: &Path) {
    let shown = data.display();
    let (place, is_there) = match fs::metadata(data) {
        Ok(meta) if meta.is_dir() => (data, true),
        Ok(_) => return report.fail("data", format!("{shown} is no folder"), "name a folder"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (nearest_existing(data), false),
        Err(error) => {
            return report.fail(
                "data",
                format!("{shown}: {error}"),
                "give this user the right to it",
            );
        }
    };
    // A file without a name that anything else uses, gone at once.
    let probe = place.join(format!(".tsugi-doctor-{}", uuid::Uuid::new_v4()));
    let written = fs::write(&probe, b"tsugi").and_then(|()| fs::remove_file(&probe));
    match (written, is_there) {
        (Ok(()), true) => report.ok("data", format!("{shown} can be written")),
        (Ok(()), false) => report.ok("data", format!("{shown} will be made at the first start")),
        (Err(error), _) => report.fail(
            "data",
            format!("{} cannot be written: {error}", place.display()),
            "run the server as the user who owns it, or give that user the right; make room if the disk is full",
        ),
    }
    if is_there && others_can_read(data) {
        let advice =
            format!("chmod 700 {shown} (the server does so at each start, if only its own files are there)");
        report.warn("data", "others on this machine can look into it", advice);
    }
}

/// The nearest folder above that exists.
fn nearest_existing(path: &Path) -> &Path {
    let above = path.ancestors().skip(1).map(|path| {
        if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        }
    });
    above
        .into_iter()
        .find(|path| path.is_dir())
        .unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_: &Path) -> bool {
    false
}

fn postgres(report: &mut Report, address: &DatabaseAddress) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let looked = match runtime {
        Ok(runtime) => runtime
            .block_on(look_at_postgres(address))
            .map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match looked {
        Ok((version, Some(layout))) => {
            report.ok(
                "database",
                format!("PostgreSQL {version} answers: layout {layout}"),
            );
        }
        Ok((version, None)) => {
            let text = format!("PostgreSQL {version} answers; the tables will be made at the first start");
            report.ok("database", text);
        }
        Err(error) => report.fail(
            "database",
            error,
            "see that PostgreSQL runs, and that TSUGI_DATABASE has its address, name and password",
        ),
    }
}

fn database(report: &mut Report, path: &Path) {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(meta) if meta.len() > 0 => match look(path) {
            Ok(layout) => {
                let size = meta.len() / MIB;
                report.ok(
                    "database",
                    format!("{shown} can be read: layout {layout}, {size} MiB"),
                );
            }
            Err(error) => report.fail(
                "database",
                format!("{shown}: {error}"),
                "keep a copy of the file as it is, then restore a backup",
            ),
        },
        Ok(_) => report.ok(
            "database",
            format!("{shown} is empty, and will be laid out at the first start"),
        ),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            report.ok("database", format!("{shown} will be made at the first start"));
        }
        Err(error) => report.fail(
            "database",
            format!("{shown}: {error}"),
            "give this user the right to it",
        ),
    }
}

/// Reads the layout, and changes nothing. Without a log beside it, the file is at rest: it is opened so that SQLite makes none.
fn look(path: &Path) -> rusqlite::Result<i64> {
    let at_rest = !path.with_extension("db-wal").exists();
    let plain = path
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    let options = if at_rest { "mode=ro&immutable=1" } else { "mode=ro" };
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("file:{plain}?{options}"), flags)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    })?;
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

#[cfg(unix)]
fn disk(report: &mut Report, data: &Path) {
    let place = if data.is_dir() {
        data
    } else {
        nearest_existing(data)
    };
    let Ok(stat) = rustix::fs::statvfs(place) else {
        return report.warn("disk", "its free space is not known", "look with df");
    };
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    let size = fs::metadata(data.join("tsugi.db")).map_or(0, |meta| meta.len());
    let text = format!("{} MiB are free", free / MIB);
    let advice = "make room: without it the server stops taking edits, and devices keep theirs";
    match free {
        free if free < LEAST_ROOM => report.fail("disk", text, advice),
        free if free < LITTLE_ROOM.max(size) => {
            report.warn(
                "disk",
                text,
                format!("{advice}. An upgrade may need room for a copy of the database"),
            );
        }
        _ => report.ok("disk", text),
    }
}

#[cfg(not(unix))]
fn disk(_: &mut Report, _: &Path) {}

/// A clock that is wrong ends sign-ins, or gives them no end. The dates of the server's own files show if it went back.
fn clock(report: &mut Report, data: &Path, now: Timestamp) {
    let advice = "set the clock, best by NTP (timedatectl set-ntp true)";
    if now < FIRST_DAY {
        return report.fail("clock", "it is set to a time before this program existed", advice);
    }
    let entries = fs::read_dir(data).into_iter().flatten().flatten();
    let dates = entries.filter_map(|entry| {
        let changed = entry.metadata().ok()?.modified().ok()?;
        let since = changed.duration_since(UNIX_EPOCH).ok()?;
        u64::try_from(since.as_millis()).ok()
    });
    match dates.max() {
        Some(newest) if newest > now.0.saturating_add(AHEAD_MS) => {
            let minutes = (newest - now.0) / 60_000;
            report.fail(
                "clock",
                format!("a file of the data folder was written {minutes} minutes from now"),
                advice,
            );
        }
        Some(_) | None => report.ok("clock", "it agrees with the dates of the files"),
    }
}
