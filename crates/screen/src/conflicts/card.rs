//! One conflict with everything that a person needs to decide it: who made which version, where and when.

use tsugi_sync::conflict::{Conflict, Side, Sides, State};
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp};
use tsugi_words::phrases;

use crate::intent::Resolution;
use crate::model::{FieldKind, Named};
use crate::text::fields::{kind_of, to_text};
use crate::text::merge::shown;

/// One of the versions of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// That of this device if it made one, otherwise that of the device that noticed the conflict.
    First,
    /// That of the other device.
    Second,
    /// The value that the field has now, if somebody has changed it since.
    Now,
    /// The value before both changes.
    Before,
}

impl Version {
    /// In the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::First, Self::Second, Self::Now, Self::Before];
}

/// The device that made a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maker {
    /// "This device", or the name of the other one.
    pub name: String,
    /// When it was made, in words; none if that is not known.
    pub when: Option<String>,
    pub at: Timestamp,
    pub is_here: bool,
}

/// One field with its versions, as texts that a person can edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictField {
    pub field: Field,
    pub label: String,
    pub kind: FieldKind,
    pub first: String,
    pub second: String,
    pub before: String,
    /// The value that the field has now.
    pub now: String,
    /// The ids in these values, each with the name of the thing that it is the id of.
    pub names: Vec<(String, String)>,
}

impl ConflictField {
    /// The value of a version. None of `Now` if nobody has changed the field since.
    #[must_use]
    pub fn version(&self, version: Version) -> Option<&str> {
        match version {
            Version::First => Some(&self.first),
            Version::Second => Some(&self.second),
            Version::Before => Some(&self.before),
            Version::Now => {
                let known = [&self.first, &self.second, &self.before];
                (!known.contains(&&self.now)).then_some(&self.now)
            }
        }
    }

    /// Whether the two sides differ, so that there is something to decide.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.first != self.second
    }
}

/// One open conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictCard {
    pub id: EntityId,
    pub task: EntityId,
    /// The kind of the thing that the conflict is about: mostly a task.
    pub subject: Kind,
    pub title: String,
    /// The list of the task; none for the inbox, and for other things than tasks.
    pub list: Option<Named>,
    pub opened: Timestamp,
    /// The devices that made the first and the second version.
    pub makers: [Maker; 2],
    /// All fields of the record, also those in which the sides agree: a situation needs them.
    pub fields: Vec<ConflictField>,
    /// What rules decided about the same thing, the latest first.
    pub merged: Vec<Merged>,
}

/// A field that a rule decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub label: String,
    /// What was kept, in words; nothing if it was both.
    pub kept: String,
    /// The rule in words.
    pub rule: Option<&'static str>,
}

impl ConflictCard {
    /// The fields that a person has to decide.
    pub fn asked(&self) -> impl Iterator<Item = &ConflictField> {
        let all_agree = !self.fields.iter().any(ConflictField::is_asked);
        self.fields
            .iter()
            .filter(move |field| field.is_asked() || all_agree)
    }

    /// Their names, with commas between them.
    #[must_use]
    pub fn fields_in_words(&self) -> String {
        in_words(self.asked())
    }

    #[must_use]
    pub fn field(&self, field: &Field) -> Option<&ConflictField> {
        self.fields.iter().find(|known| known.field == *field)
    }

    /// The name of the device that made a version; for the others, what that version is.
    #[must_use]
    pub fn name_of(&self, version: Version) -> &str {
        match version {
            Version::First => &self.makers[0].name,
            Version::Second => &self.makers[1].name,
            Version::Now => phrases::now_it_is(),
            Version::Before => phrases::before(),
        }
    }

    /// When a version was made, in words.
    #[must_use]
    pub fn when_of(&self, version: Version) -> Option<&str> {
        match version {
            Version::First => self.makers[0].when.as_deref(),
            Version::Second => self.makers[1].when.as_deref(),
            Version::Now => Some(phrases::now_later()),
            Version::Before => None,
        }
    }
}

/// The names of fields within a sentence, with commas between them.
pub fn in_words<'a>(fields: impl Iterator<Item = &'a ConflictField>) -> String {
    joined(fields.map(|field| field.label.to_ascii_lowercase()))
}

/// Several texts, with commas between them.
pub fn joined(texts: impl Iterator<Item = String>) -> String {
    let joined = texts.reduce(|some, more| phrases::listed(&some, &more));
    joined.unwrap_or_default()
}

/// The place of a field in a dialog: what names a task comes first, and its long texts last.
fn rank(field: &Field) -> usize {
    let ranks = [
        Field::Title,
        Field::Name,
        Field::Due,
        Field::Start,
        Field::Recurrence,
        Field::List,
        Field::Section,
        Field::Parent,
        Field::Priority,
        Field::Labels,
        Field::Notes,
    ];
    ranks
        .iter()
        .position(|known| known == field)
        .unwrap_or(ranks.len())
}

/// What a card says beside the values of its record.
pub struct Surroundings<'a> {
    /// The replica of the device that looks.
    pub here: ReplicaId,
    /// A moment in words.
    pub moment: &'a dyn Fn(Timestamp) -> String,
    /// The day of a moment in words.
    pub day: &'a dyn Fn(Timestamp) -> String,
    /// The name of a list, a section, a label or a task.
    pub name: &'a dyn Fn(EntityId) -> Option<String>,
    /// The list of the task.
    pub list: Option<Named>,
    /// What rules decided about it.
    pub merged: Vec<Merged>,
}

impl std::fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings")
            .field("here", &self.here)
            .finish_non_exhaustive()
    }
}

/// The card of an open conflict; none if it is settled. `subject` is the thing that it is about, as it is now.
#[must_use]
pub fn card(conflict: &Conflict, subject: Option<&Entity>, around: Surroundings<'_>) -> Option<ConflictCard> {
    if conflict.state != State::Open {
        return None;
    }
    let is_turned = is_turned(conflict, around.here);
    let fields = conflict.fields.iter().map(|(field, sides)| {
        let now = subject.map_or(&sides.remote, |subject| subject.value(field));
        field_of(field, sides, now, is_turned, around.name)
    });
    let mut fields: Vec<ConflictField> = fields.collect();
    fields.sort_by_key(|field| rank(&field.field));
    Some(ConflictCard {
        id: conflict.id,
        task: conflict.subject,
        subject: conflict.subject_kind.clone(),
        title: subject.map(title_of).unwrap_or_default(),
        opened: conflict.created,
        makers: makers(conflict, &around, is_turned),
        fields,
        list: around.list,
        merged: around.merged,
    })
}

/// Whether this device made the remote side, so that this one comes first.
#[must_use]
pub fn is_turned(conflict: &Conflict, here: ReplicaId) -> bool {
    conflict.remote.replica == Some(here) && conflict.local.replica != Some(here)
}

fn field_of(
    field: &Field,
    sides: &Sides,
    now: &tsugi_sync::value::Value,
    is_turned: bool,
    name: &dyn Fn(EntityId) -> Option<String>,
) -> ConflictField {
    let [local, remote, before, now] =
        [&sides.local, &sides.remote, &sides.base, now].map(|value| to_text(field, value));
    let (first, second) = if is_turned {
        (remote, local)
    } else {
        (local, remote)
    };
    let kind = kind_of(field);
    ConflictField {
        label: phrases::field_label(field),
        names: names_in(kind, &[&first, &second, &before, &now], name),
        field: field.clone(),
        first,
        second,
        before,
        now,
        kind,
    }
}

/// The title of a task, or the name of another thing.
#[must_use]
pub fn title_of(subject: &Entity) -> String {
    let text = |field| to_text(&field, subject.value(&field));
    match text(Field::Title) {
        title if title.is_empty() => text(Field::Name),
        title => title,
    }
}

/// The devices that made the two versions. If both have one name, each also says on which day it joined.
#[must_use]
pub fn makers(conflict: &Conflict, around: &Surroundings<'_>, is_turned: bool) -> [Maker; 2] {
    let (first, second) = match is_turned {
        true => (&conflict.remote, &conflict.local),
        false => (&conflict.local, &conflict.remote),
    };
    let is_one_name = first.device == second.device && first.replica != second.replica;
    let since = |side: &Side| side.replica.filter(|_| is_one_name).and_then(began);
    let day = |side: &Side| since(side).map(around.day);
    // On one day, the time tells them apart.
    let is_one_day = ![first, second]
        .iter()
        .any(|side| side.replica == Some(around.here))
        && day(first) == day(second);
    [first, second].map(|side| {
        let since = since(side).map(if is_one_day { around.moment } else { around.day });
        maker(side, around, since)
    })
}

/// The device of one side, in words; with the day since which it takes part, if another one has the same name.
#[must_use]
pub fn maker(side: &Side, around: &Surroundings<'_>, since: Option<String>) -> Maker {
    let is_here = side.replica == Some(around.here);
    let name = match side.device.as_str() {
        _ if is_here => phrases::this_device().to_owned(),
        "" => phrases::another_device().to_owned(),
        device => since.map_or_else(
            || device.to_owned(),
            |since| phrases::device_since(device, &since),
        ),
    };
    Maker {
        name,
        when: (side.at.0 > 0).then(|| (around.moment)(side.at)),
        at: side.at,
        is_here,
    }
}

/// When a replica was made, which its id says (RFC 9562, version 7).
fn began(replica: ReplicaId) -> Option<Timestamp> {
    let (seconds, nanos) = replica.0.get_timestamp()?.to_unix();
    Some(Timestamp(seconds * 1_000 + u64::from(nanos) / 1_000_000))
}

/// The ids in these texts of a field, each with the name of the thing that it is the id of.
#[must_use]
pub fn names_in(
    kind: FieldKind,
    texts: &[&str],
    name: &dyn Fn(EntityId) -> Option<String>,
) -> Vec<(String, String)> {
    match kind {
        FieldKind::Place | FieldKind::Labels => {}
        FieldKind::Text | FieldKind::Multiline | FieldKind::When | FieldKind::Priority => return Vec::new(),
        FieldKind::Recurrence | FieldKind::Completed | FieldKind::Deleted => return Vec::new(),
        FieldKind::Raw => return Vec::new(),
    }
    let ids = texts.iter().flat_map(|text| text.split(' '));
    let mut named: Vec<(String, String)> = Vec::new();
    for id in ids {
        let is_new = !named.iter().any(|(known, _)| known == id);
        if let Some(name) = id.parse().ok().and_then(name).filter(|_| is_new) {
            named.push((id.to_owned(), name));
        }
    }
    named
}

impl Resolution {
    /// The decision for `results`, made while the card was looked at.
    #[must_use]
    pub fn of(card: &ConflictCard, results: Vec<(Field, String)>, zone: &str) -> Self {
        let seen = |(field, _): &(Field, String)| Some((field.clone(), card.field(field)?.now.clone()));
        let said = results.iter().filter_map(|(field, result)| {
            let said = shown(result, card.field(field)?, zone);
            Some(said.lines().next().unwrap_or_default().to_owned())
        });
        Self {
            conflict: card.id,
            shown: results.iter().filter_map(seen).collect(),
            title: card.title.clone(),
            result: said.collect::<Vec<_>>().join(" · "),
            results,
        }
    }
}
