//! What was changed on the things of a workspace, by whom and when, as far as this device heard of it: for people to read,
//! and for nothing else. Syncing never looks at it.
//!
//! It is kept as lines of JSON, one for each change, so that a new one is appended without reading the others.

mod entries;

use serde::{Deserialize, Serialize};
use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp};
use tsugi_sync::replica::{Edit, Replica, Told};
use tsugi_sync::value::Value;

pub use entries::{entries, since};

use crate::edits::start_here;

/// How many bytes of lines are kept. When there are more, the older half goes.
pub const MOST_BYTES: usize = 400_000;

/// How many changes are held in memory, the latest.
pub const MOST_HELD: usize = 5_000;

/// How many characters of a text are kept.
const MOST_CHARACTERS: usize = 200;

/// One field that somebody changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// When it was made, by the clock of whoever made it.
    pub at: Timestamp,
    /// When this device heard of it, by its own clock.
    pub heard: Timestamp,
    pub entity: EntityId,
    pub kind: Kind,
    pub field: Field,
    pub before: Value,
    pub after: Value,
    /// The other device; none if it was made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
}

/// A device that made a change. Both are empty if nobody said which.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    pub device: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replica: Option<ReplicaId>,
}

/// The changes of edits that are made here. `replica` does not have them yet.
#[must_use]
pub fn own(edits: &[Edit], replica: &Replica) -> Vec<Change> {
    let changes = edits.iter().flat_map(|edit| {
        let before = replica.view(edit.entity);
        let change = move |(field, after): (&Field, &Value)| Change {
            at: edit.at,
            heard: edit.at,
            entity: edit.entity,
            kind: edit.kind.clone(),
            field: field.clone(),
            before: before
                .as_ref()
                .map(|before| before.value(field).clone())
                .unwrap_or_default(),
            after: after.clone(),
            by: None,
        };
        edit.set.iter().map(change)
    });
    changes.filter(is_told).map(shortened).collect()
}

/// The changes that a delta told of. `heard` is the time of this device's clock.
#[must_use]
pub fn of_others(told: Vec<Told>, heard: Timestamp) -> Vec<Change> {
    let change = |told: Told| Change {
        at: told.by.as_ref().map_or(heard, |by| by.at),
        heard,
        entity: told.entity,
        kind: told.kind,
        field: told.field,
        before: told.before,
        after: told.after,
        by: Some(told.by.map_or_else(By::default, |by| By {
            device: by.device,
            replica: by.replica,
        })),
    };
    let changes = told.into_iter().map(change).filter(is_told);
    changes.map(shortened).collect()
}

/// Whether people have words for it. Conflicts have entries of their own, and comments are where they were written.
fn is_told(change: &Change) -> bool {
    let is_thing = matches!(
        change.kind,
        Kind::Task | Kind::List | Kind::Section | Kind::Label | Kind::Folder
    );
    // The list that teaches is nobody's work.
    let is_work = !start_here::has(change.entity);
    is_thing
        && is_work
        && !matches!(change.field, Field::Position | Field::Series)
        && change.before != change.after
}

/// The change with long texts cut. What is kept begins with the first line that differs.
fn shortened(mut change: Change) -> Change {
    let (before, after) = (change.before.as_text(), change.after.as_text());
    let lines = |text: Option<&'_ str>| -> Vec<String> {
        let lines = text.unwrap_or_default().split_inclusive('\n');
        lines.map(str::to_owned).collect()
    };
    let (old, new) = (lines(before), lines(after));
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    if before.is_some() {
        change.before = short(&old[same..]);
    }
    if after.is_some() {
        change.after = short(&new[same..]);
    }
    change
}

fn short(lines: &[String]) -> Value {
    let text = lines.concat();
    let cut = text.char_indices().nth(MOST_CHARACTERS);
    match cut {
        Some((end, _)) => Value::text(format!("{}…", &text[..end])),
        None => Value::Text(text),
    }
}

/// The lines of changes, as they are kept.
#[must_use]
pub fn to_lines(changes: &[Change]) -> String {
    let line = |change: &Change| serde_json::to_string(change).ok().map(|line| line + "\n");
    changes.iter().filter_map(line).collect()
}

/// Kept lines with new ones after them. If that is too much, the older half goes.
#[must_use]
pub fn appended(kept: &str, new: &str) -> String {
    let all = [kept, new].concat();
    if all.len() <= MOST_BYTES {
        return all;
    }
    let half = all.len() - MOST_BYTES / 2;
    // A line break is one byte, so the rest begins with a character.
    let from = all.bytes().skip(half).position(|byte| byte == b'\n');
    from.map_or_else(String::new, |from| all[half + from + 1..].to_owned())
}

/// Reads kept lines. One that cannot be read is left out: it is of a later version, or damaged.
#[must_use]
pub fn read(lines: &str) -> Vec<Change> {
    let changes = lines.lines().filter_map(|line| serde_json::from_str(line).ok());
    changes.collect()
}
