//! What people read of changes: entries of a history, and what others did while somebody was away.

use tsugi_sync::conflict::Side;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::value::Value;
use tsugi_words::{phrases, zones};
use uuid::Uuid;

use super::Change;
use crate::conflicts::card::{Surroundings, maker, names_in};
use crate::conflicts::history::{Decider, HistoryEntry, HistoryLine, Undo};
use crate::text::fields::{kind_of, to_text};
use crate::text::merge::say;

/// Changes of one thing by one device within this number of milliseconds are one entry.
const TOGETHER_MS: u64 = 300_000;

/// The entries of a history for changes, in their order; `title` is the name of a thing now.
#[must_use]
pub fn entries(
    changes: &[Change],
    around: &Surroundings<'_>,
    title: &dyn Fn(EntityId) -> Option<String>,
) -> Vec<HistoryEntry> {
    let mut groups: Vec<Vec<&Change>> = Vec::new();
    for change in changes {
        // A task may be changed by two devices in turn, so only the last group can go on. What a thing began with has one
        // moment.
        let goes_on = |group: &&mut Vec<&Change>| {
            let begins = group.iter().any(|change| change.field == Field::Created);
            let room = if begins { 1 } else { TOGETHER_MS };
            group.last().is_some_and(|last| {
                (last.entity, &last.by) == (change.entity, &change.by) && change.at.since(last.at) < room
            })
        };
        match groups.last_mut().filter(goes_on) {
            Some(group) => group.push(change),
            None => groups.push(vec![change]),
        }
    }
    let numbered = groups.iter().enumerate();
    numbered
        .filter_map(|(number, group)| entry(number as u64, group, around, title))
        .collect()
}

fn entry(
    number: u64,
    group: &[&Change],
    around: &Surroundings<'_>,
    title: &dyn Fn(EntityId) -> Option<String>,
) -> Option<HistoryEntry> {
    let last = group.last()?;
    let is_new = group.iter().any(|change| change.field == Field::Created);
    let lines = match is_new {
        // What a thing began with is nothing that changed.
        true => vec![line(String::new(), phrases::edit_added().to_owned())],
        false => lines(group, around),
    };
    let who = match &last.by {
        None => phrases::edited_here().to_owned(),
        Some(by) => {
            let side = Side {
                device: by.device.clone(),
                at: last.at,
                replica: by.replica,
            };
            phrases::edited_on(&maker(&side, around, None).name)
        }
    };
    (!lines.is_empty()).then(|| HistoryEntry {
        id: EntityId(Uuid::from_u64_pair(last.at.0, number)),
        task: last.entity,
        title: title(last.entity).unwrap_or_default(),
        at: last.at,
        when: (around.moment)(last.at),
        decider: Decider::Edit,
        who,
        lines,
        undo: Undo::ByTaking,
    })
}

/// One line for each field, from its value before the first change to that after the last, as long as each change goes on
/// where the one before it ended.
fn lines(group: &[&Change], around: &Surroundings<'_>) -> Vec<HistoryLine> {
    let mut fields: Vec<(&Field, &Value, &Value)> = Vec::new();
    for change in group {
        let goes_on = |(field, _, after): &&mut (&Field, &Value, &Value)| {
            **field == change.field && **after == change.before
        };
        match fields.iter_mut().find(goes_on) {
            Some((_, _, after)) => *after = &change.after,
            None => fields.push((&change.field, &change.before, &change.after)),
        }
    }
    let changed = fields.into_iter().filter(|(_, before, after)| before != after);
    changed
        .map(|(field, before, after)| {
            let is_set = *after != Value::Null;
            let deeds = [
                (Field::Completed, true, phrases::edit_done()),
                (Field::Completed, false, phrases::edit_opened()),
                (Field::Deleted, true, phrases::edit_deleted()),
                (Field::Deleted, false, phrases::edit_restored()),
            ];
            let deed = deeds
                .iter()
                .find(|(of, when_set, _)| (of, *when_set) == (field, is_set));
            match deed {
                Some((_, _, said)) => line(String::new(), (*said).to_owned()),
                None => {
                    let [before, after] = [before, after].map(|value| in_words(field, value, around));
                    line(phrases::field_label(field), phrases::becomes(&before, &after))
                }
            }
        })
        .collect()
}

fn line(label: String, said: String) -> HistoryLine {
    HistoryLine {
        label,
        said: Some(said),
        ..HistoryLine::default()
    }
}

fn in_words(field: &Field, value: &Value, around: &Surroundings<'_>) -> String {
    let (kind, text) = (kind_of(field), to_text(field, value));
    let names = names_in(kind, &[&text], around.name);
    let said = say(&text, field, kind, &names, &zones::own());
    said.lines().next().unwrap_or_default().to_owned()
}

/// What others did since a moment, in words: "4 done · 6 new · 3 moved". None if they did nothing.
#[must_use]
pub fn since(changes: &[Change], from: Timestamp) -> Option<String> {
    let mut things: Vec<(EntityId, Deed)> = Vec::new();
    for change in changes
        .iter()
        .filter(|change| change.by.is_some() && change.heard >= from)
    {
        let deed = Deed::of(change);
        match things.iter_mut().find(|(id, _)| *id == change.entity) {
            // The deed that says most counts, once for each thing.
            Some((_, known)) => *known = (*known).max(deed),
            None => things.push((change.entity, deed)),
        }
    }
    let count = |wanted: Deed| things.iter().filter(|(_, deed)| *deed == wanted).count();
    let parts = [
        (count(Deed::Done), phrases::since_done as fn(usize) -> String),
        (count(Deed::New), phrases::since_new),
        (count(Deed::Moved), phrases::since_moved),
        (count(Deed::Deleted), phrases::since_deleted),
        (count(Deed::Changed), phrases::since_changed),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, say)| say(count))
        .collect();
    (!said.is_empty()).then(|| phrases::since_here(&said.join(" · ")))
}

/// What was done to a thing, from what says least to what says most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Changed,
    Moved,
    New,
    Done,
    Deleted,
}

impl Deed {
    fn of(change: &Change) -> Self {
        let is_set = change.after != Value::Null;
        let deeds = [
            (Field::Created, Self::New),
            (Field::Completed, Self::Done),
            (Field::Deleted, Self::Deleted),
        ];
        let deed = deeds
            .into_iter()
            .find(|(field, _)| is_set && *field == change.field);
        let is_place = [Field::List, Field::Section, Field::Parent].contains(&change.field);
        match deed {
            Some((_, deed)) => deed,
            None if is_place => Self::Moved,
            None => Self::Changed,
        }
    }
}
