//! What a mutation changes, as people say it.

use tsugi_calendar::{Date, Due};
use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::value::Value;

/// What was changed of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new task.
    Added(String),
    Title(String),
    Day(Option<Date>),
    Notes,
    Done(bool),
    Deleted,
    /// A deleted task came back.
    Restored,
    Moved,
    /// Both versions were kept, and a person is asked.
    BothKept,
    /// A rule decided, and what it dropped was written down.
    Recorded,
    /// A person decided.
    Decided,
}

impl Change {
    /// The change that these fields are. None if people have no word for it.
    #[must_use]
    pub fn of(kind: &Kind, set: &Fields) -> Option<Self> {
        let text = |field: &Field| set.get(field).and_then(Value::as_text);
        if *kind == Kind::Conflict {
            return match text(&Field::State)? {
                "open" => Some(Self::BothKept),
                "merged" => Some(Self::Recorded),
                _ => Some(Self::Decided),
            };
        }
        let title = || text(&Field::Title).unwrap_or_default().to_owned();
        if set.contains_key(&Field::Created) {
            return Some(Self::Added(title()));
        }
        if let Some(deleted) = set.get(&Field::Deleted) {
            return Some(match deleted.is_null() {
                true => Self::Restored,
                false => Self::Deleted,
            });
        }
        if set.contains_key(&Field::Title) {
            return Some(Self::Title(title()));
        }
        if let Some(done) = set.get(&Field::Completed) {
            return Some(Self::Done(!done.is_null()));
        }
        if let Some(due) = set.get(&Field::Due) {
            return Some(Self::Day(day_of(due)));
        }
        if set.contains_key(&Field::Notes) {
            return Some(Self::Notes);
        }
        set.contains_key(&Field::Parent).then_some(Self::Moved)
    }
}

/// The day in a value of the field `due`.
pub(crate) fn day_of(value: &Value) -> Option<Date> {
    let due: Due = value.as_text()?.parse().ok()?;
    Some(due.date())
}
