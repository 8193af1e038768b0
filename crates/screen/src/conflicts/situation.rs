//! Real situations: conflicts that one question decides, with two sentences and two buttons.

use tsugi_sync::entity::{Field, Kind};
use tsugi_words::phrases;

use crate::conflicts::card::{ConflictCard, ConflictField, Version, in_words};
use crate::model::{DELETED, FieldKind, KEPT};
use crate::text::merge::shown;

/// What happened on one side, for its picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Changed,
    Deleted,
    Done,
}

impl Deed {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => phrases::wrote(),
            Self::Deleted => phrases::deleted_verb(),
            Self::Done => phrases::done_verb(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// The kind of situation, in a few words.
    pub kind: &'static str,
    /// What each side did, the first one first.
    pub deeds: [Deed; 2],
    /// What happened.
    pub headline: String,
    pub hint: &'static str,
    /// The names and values of the fields that the person may lose or get.
    pub quote: Vec<(String, String)>,
    pub answers: [Answer; 2],
}

/// One of the two buttons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub label: String,
    pub effect: String,
    pub results: Vec<(Field, String)>,
    pub deletes: bool,
}

/// The situation that a conflict is; none if its fields are decided one by one. `zone` is that of this device.
#[must_use]
pub fn situation(card: &ConflictCard, zone: &str) -> Option<Situation> {
    if let Some(deleted) = card.field(&Field::Deleted).filter(|field| field.is_asked()) {
        return Some(deleted_and_edited(card, deleted, zone));
    }
    if let Some(situation) = card
        .field(&Field::Completed)
        .and_then(|done| done_and_moved(card, done, zone))
    {
        return Some(situation);
    }
    let asked: Vec<&ConflictField> = card.asked().collect();
    match asked.as_slice() {
        [field] if field.kind == FieldKind::Raw => Some(unknown(card, field)),
        _ => None,
    }
}

/// Who did something, as far as the person who looks did it themselves.
enum Doer<'a> {
    Here { other: &'a str },
    There { who: &'a str },
    Neither { who: &'a str, other: &'a str },
}

/// Who made this version.
fn doer(card: &ConflictCard, version: Version) -> Doer<'_> {
    let nth = usize::from(version != Version::First);
    let (maker, other) = (&card.makers[nth], &card.makers[1 - nth]);
    match (maker.is_here, other.is_here) {
        (true, _) => Doer::Here { other: &other.name },
        (false, true) => Doer::There { who: &maker.name },
        (false, false) => Doer::Neither {
            who: &maker.name,
            other: &other.name,
        },
    }
}

fn deleted_and_edited(card: &ConflictCard, deleted: &ConflictField, zone: &str) -> Situation {
    let deleter = match deleted.first == DELETED {
        true => Version::First,
        false => Version::Second,
    };
    let editor = match deleter {
        Version::First => Version::Second,
        Version::Second | Version::Now | Version::Before => Version::First,
    };
    // Fields that only the deleting side changed are not among what would be missed.
    let written = |field: &&ConflictField| {
        field.field != Field::Deleted && field.version(editor) != Some(&field.before)
    };
    let written: Vec<&ConflictField> = card.fields.iter().filter(written).collect();
    // The place in the list comes along, and nobody has a word for it.
    let has_words =
        |field: &&ConflictField| !matches!(field.field, Field::Position | Field::Created | Field::Series);
    let edited: Vec<&ConflictField> = written.iter().copied().filter(has_words).collect();
    let fields = in_words(edited.iter().copied());
    let is_deleted = deleted.now == DELETED;
    let title = &card.title;
    // The record of who deleted does not say what the other side wrote: that is in the task.
    let headline = match (doer(card, deleter), edited.is_empty()) {
        (Doer::Here { other }, false) => phrases::deleted_here_edited_there(title, other, &fields),
        (Doer::Here { other }, true) => phrases::deleted_here_edited(title, other),
        (Doer::There { who }, false) => phrases::deleted_there_edited_here(who, title, &fields),
        (Doer::There { who }, true) => phrases::deleted_there_edited(who, title),
        (Doer::Neither { who, other }, false) => phrases::deleted_and_edited(who, title, other, &fields),
        (Doer::Neither { who, other }, true) => phrases::deleted_edited(who, title, other),
    };
    let value = |field: &&ConflictField| {
        let value = field.version(editor).unwrap_or_default();
        (field.label.clone(), shown(value, field, zone))
    };
    // Whatever somebody has written since stays.
    let unchanged = written
        .iter()
        .filter(|field| field.version(Version::Now).is_none());
    let kept = unchanged.map(|field| {
        let value = field.version(editor).unwrap_or_default();
        (field.field.clone(), value.to_owned())
    });
    let kept = kept.chain([(Field::Deleted, KEPT.to_owned())]).collect();
    Situation {
        kind: phrases::situation_deleted(),
        deeds: deeds(deleter, Deed::Deleted),
        headline,
        hint: match is_deleted {
            true => phrases::deleted_hint(),
            false => phrases::deleted_hint_alive(),
        },
        quote: edited.iter().map(value).collect(),
        answers: [
            Answer {
                label: match edited.is_empty() {
                    true => phrases::keep_it_now().to_owned(),
                    false => phrases::keep_with_changes(&fields),
                },
                effect: match is_deleted {
                    true => phrases::keep_effect().to_owned(),
                    false => phrases::keep_effect_alive().to_owned(),
                },
                results: kept,
                deletes: false,
            },
            Answer {
                label: phrases::delete_it_now().to_owned(),
                effect: match card.subject == Kind::Task {
                    true => phrases::delete_effect().to_owned(),
                    false => phrases::delete_other_effect().to_owned(),
                },
                results: vec![(Field::Deleted, DELETED.to_owned())],
                deletes: true,
            },
        ],
    }
}

fn deeds(doer: Version, deed: Deed) -> [Deed; 2] {
    match doer {
        Version::First => [deed, Deed::Changed],
        Version::Second | Version::Now | Version::Before => [Deed::Changed, deed],
    }
}

/// One side completed the task, and the other gave it a later date or another rule.
fn done_and_moved(card: &ConflictCard, done: &ConflictField, zone: &str) -> Option<Situation> {
    let moved: Vec<&ConflictField> = card
        .fields
        .iter()
        .filter(|field| field.kind != FieldKind::Completed)
        .collect();
    // Two times of completion are another question, and so are fields that do not say when.
    let is_when =
        |field: &&ConflictField| matches!(field.field, Field::Due | Field::Start | Field::Recurrence);
    let is_done_twice = !done.first.is_empty() && !done.second.is_empty() && done.is_asked();
    if moved.is_empty() || is_done_twice || !moved.iter().all(is_when) {
        return None;
    }
    // The record shows the completion on both sides if the side that noticed the crossing completed the task. Then the
    // other side is the one that changed the rest.
    let mover = match moved.iter().all(|field| field.first == field.before) {
        true => Version::Second,
        false => Version::First,
    };
    let (completer, at) = match mover {
        Version::First => (Version::Second, &done.second),
        Version::Second | Version::Now | Version::Before => (Version::First, &done.first),
    };
    let fields = in_words(moved.iter().copied());
    let headline = match doer(card, completer) {
        Doer::Here { other } => phrases::done_here_moved_there(&card.title, other, &fields),
        Doer::There { who } => phrases::done_there_moved_here(who, &card.title, &fields),
        Doer::Neither { who, other } => phrases::done_and_moved(who, &card.title, other, &fields),
    };
    let value = |field: &ConflictField| field.version(mover).unwrap_or_default().to_owned();
    let day = moved
        .iter()
        .find(|field| field.field == Field::Due && !value(field).is_empty())
        .map(|field| shown(&value(field), field, zone));
    let unchanged = moved.iter().filter(|field| field.version(Version::Now).is_none());
    let opens = unchanged.map(|field| (field.field.clone(), value(field)));
    let opens = opens.chain([(Field::Completed, String::new())]).collect();
    Some(Situation {
        kind: phrases::situation_done(),
        deeds: deeds(completer, Deed::Done),
        headline,
        hint: phrases::done_hint(),
        quote: moved
            .iter()
            .map(|field| (field.label.clone(), shown(&value(field), field, zone)))
            .collect(),
        answers: [
            Answer {
                label: phrases::it_is_done().to_owned(),
                effect: phrases::it_is_done_effect().to_owned(),
                results: vec![(Field::Completed, at.clone())],
                deletes: false,
            },
            Answer {
                label: day.map_or_else(
                    || phrases::still_to_do().to_owned(),
                    |day| phrases::still_to_do_on(&day),
                ),
                effect: phrases::still_to_do_effect(&fields),
                results: opens,
                deletes: false,
            },
        ],
    })
}

/// A field that only a later version knows.
fn unknown(card: &ConflictCard, field: &ConflictField) -> Situation {
    let answer = |version: Version| {
        let value = field.version(version).unwrap_or_default();
        Answer {
            label: phrases::take_of(card.name_of(version)),
            effect: value.to_owned(),
            results: vec![(field.field.clone(), value.to_owned())],
            deletes: false,
        }
    };
    Situation {
        kind: phrases::situation_unknown(),
        deeds: [Deed::Changed; 2],
        headline: phrases::unknown_field(&field.label),
        hint: phrases::unknown_field_hint(),
        quote: Vec::new(),
        answers: [answer(Version::First), answer(Version::Second)],
    }
}

impl Situation {
    /// What taking the side of one version means. For "Delete or keep" that is the button for what this side did.
    #[must_use]
    pub fn answer_of(&self, version: Version) -> Option<&Answer> {
        let deed = match version {
            Version::First => self.deeds[0],
            Version::Second => self.deeds[1],
            Version::Now | Version::Before => return None,
        };
        let nth = match deed {
            Deed::Deleted => 1,
            Deed::Done => 0,
            Deed::Changed if self.deeds.contains(&Deed::Deleted) => 0,
            Deed::Changed if self.deeds.contains(&Deed::Done) => 1,
            Deed::Changed => usize::from(version == Version::Second),
        };
        self.answers.get(nth)
    }
}
