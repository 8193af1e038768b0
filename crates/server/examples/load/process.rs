//! What the system says of a process: its time on the processor, and its memory. Linux only.

use std::fs;

use crate::Outcome;

/// Ticks of `/proc/…/stat` in a second, the same on every Linux that we know of.
const TICKS: f64 = 100.0;

/// User and system seconds of a process, without its children.
pub(crate) fn seconds(pid: u32) -> Outcome<f64> {
    let stat = stat(pid)?;
    Ok((field(&stat, 11)? + field(&stat, 12)?) as f64 / TICKS)
}

/// The same, with its children, those that have ended as well.
pub(crate) fn seconds_of_family(pid: u32) -> Outcome<f64> {
    let own = stat(pid)?;
    let ended = (field(&own, 13)? + field(&own, 14)?) as f64 / TICKS;
    let children: f64 = children(pid)?
        .into_iter()
        // A child may end while we look.
        .filter_map(|child| seconds(child).ok())
        .sum();
    Ok(seconds(pid)? + ended + children)
}

/// Bytes of memory that a process has in use.
pub(crate) fn resident(pid: u32) -> Outcome<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let line = line.ok_or("the process has ended")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1024.0)
}

fn children(parent: u32) -> Outcome<Vec<u32>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if stat(pid).is_ok_and(|stat| field(&stat, 1).is_ok_and(|of| of == u64::from(parent))) {
            found.push(pid);
        }
    }
    Ok(found)
}

/// The fields after the name, which may have spaces in it.
fn stat(pid: u32) -> Outcome<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, fields) = stat.rsplit_once(") ").ok_or("an odd /proc")?;
    Ok(fields.to_owned())
}

fn field(stat: &str, at: usize) -> Outcome<u64> {
    let field = stat.split(' ').nth(at).ok_or("an odd /proc")?;
    Ok(field.trim().parse()?)
}
