//! Tasks, read from their entities.

use std::fmt;
use std::str::FromStr;

use crate::conflict::{read_time, write_time};
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, Timestamp};
use crate::limits;
use crate::value::Value;

/// A task as a person knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: EntityId,
    pub title: String,
    pub notes: String,
    pub due: Option<Due>,
    pub completed: Option<Timestamp>,
    pub created: Timestamp,
}

impl Task {
    /// Reads a task that is there. None for a tombstone and for what is not a task.
    #[must_use]
    pub fn read(entity: &Entity) -> Option<Self> {
        if entity.kind != Kind::Task || entity.is_deleted() {
            return None;
        }
        let text = |field| entity.value(field).as_text().unwrap_or_default().to_owned();
        Some(Self {
            id: entity.id,
            title: text(&Field::Title),
            notes: text(&Field::Notes),
            due: entity
                .value(&Field::Due)
                .as_text()
                .and_then(|due| due.parse().ok()),
            completed: entity
                .value(&Field::Completed)
                .as_int()
                .map(|_| read_time(entity.value(&Field::Completed))),
            created: read_time(entity.value(&Field::Created)),
        })
    }

    /// The fields of a new task.
    ///
    /// # Errors
    /// When the title is empty or too long.
    pub fn create(title: &str, now: Timestamp) -> Result<Fields, TitleError> {
        let title = check_title(title)?;
        Ok(Fields::from([
            (Field::Title, title.into()),
            (Field::Created, write_time(now)),
        ]))
    }
}

/// A title as it is kept: one line, trimmed.
///
/// # Errors
/// When nothing is left or it is too long.
pub fn check_title(title: &str) -> Result<&str, TitleError> {
    let title = title.trim();
    match title.chars().count() {
        0 => Err(TitleError::Empty),
        count if count > limits::TITLE_CHARS => Err(TitleError::TooLong(count)),
        _ => Ok(title),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TitleError {
    #[error("a title needs at least one character")]
    Empty,
    #[error("a title has at most {max} characters; this one has {0}", max = limits::TITLE_CHARS)]
    TooLong(usize),
}

/// A day of the calendar, nowhere in particular. Never a moment: it does not move with time zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

/// When a task is due.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    On(Date),
    /// A time on the clocks of a place: `2026-11-24T15:00[Asia/Tokyo]`.
    At {
        date: Date,
        hour: u8,
        minute: u8,
        zone: String,
    },
}

impl Due {
    #[must_use]
    pub fn date(&self) -> Date {
        match self {
            Self::On(date) | Self::At { date, .. } => *date,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date: write it as 2026-11-24")]
pub struct DateError;

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let [year, month, day]: [&str; 3] = text
            .split('-')
            .collect::<Vec<_>>()
            .try_into()
            .map_err(|_| DateError)?;
        let date = Self {
            year: digits(year, 4)?,
            month: u8::try_from(digits(month, 2)?).map_err(|_| DateError)?,
            day: u8::try_from(digits(day, 2)?).map_err(|_| DateError)?,
        };
        let valid =
            (1..=12).contains(&date.month) && (1..=days_in(date.year, date.month)).contains(&date.day);
        if valid { Ok(date) } else { Err(DateError) }
    }
}

fn digits(text: &str, count: usize) -> Result<u16, DateError> {
    if text.len() != count || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateError);
    }
    text.parse().map_err(|_| DateError)
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Due {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let Some((date, rest)) = text.split_once('T') else {
            return text.parse().map(Self::On);
        };
        let (time, zone) = rest
            .strip_suffix(']')
            .and_then(|rest| rest.split_once('['))
            .ok_or(DateError)?;
        let (hour, minute) = time.split_once(':').ok_or(DateError)?;
        let part = |text, below: u8| {
            u8::try_from(digits(text, 2)?)
                .ok()
                .filter(|number| *number < below)
                .ok_or(DateError)
        };
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+');
        if zone.is_empty() || zone.len() > 64 || !zone.bytes().all(known) {
            return Err(DateError);
        }
        Ok(Self::At {
            date: date.parse()?,
            hour: part(hour, 24)?,
            minute: part(minute, 60)?,
            zone: zone.to_owned(),
        })
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(date) => date.fmt(f),
            Self::At {
                date,
                hour,
                minute,
                zone,
            } => write!(f, "{date}T{hour:02}:{minute:02}[{zone}]"),
        }
    }
}

impl From<Due> for Value {
    fn from(due: Due) -> Self {
        Self::Text(due.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for text in [
            "2024-02-29",
            "2000-02-29",
            "2026-12-31",
            "2026-11-24T15:00[Asia/Tokyo]",
            "2026-01-01T00:00[UTC]",
        ] {
            assert_eq!(text.parse::<Due>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2023-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "+026-01-01",
            "2026-01-01T1:00",
            "2026-01-01T24:00[UTC]",
            "2026-01-01T12:00[]",
            "2026-01-01T12:00[<b>]",
            "2026-01-01-01",
            "２０２６-01-01",
        ] {
            assert_eq!(text.parse::<Due>(), Err(DateError), "{text}");
        }
    }

    #[test]
    fn titles() {
        assert_eq!(check_title("  milk "), Ok("milk"));
        assert_eq!(check_title(" \n"), Err(TitleError::Empty));
        assert_eq!(
            check_title(&"字".repeat(limits::TITLE_CHARS)).map(str::len),
            Ok(limits::TITLE_CHARS * 3)
        );
        assert_eq!(check_title(&"字".repeat(501)), Err(TitleError::TooLong(501)));
    }

    #[test]
    fn a_tombstone_is_no_task() {
        let mut entity = Entity::new(EntityId(uuid::Uuid::nil()), Kind::Task);
        let fields = Task::create("x", Timestamp(5)).unwrap();
        entity.absorb(
            fields
                .into_iter()
                .map(|(f, v)| (f, crate::entity::Cell(v, crate::ids::Revision(1)))),
        );
        assert_eq!(Task::read(&entity).unwrap().created, Timestamp(5));
        entity.absorb([(
            Field::Deleted,
            crate::entity::Cell(Value::Int(9), crate::ids::Revision(2)),
        )]);
        assert_eq!(Task::read(&entity), None);
    }
}
