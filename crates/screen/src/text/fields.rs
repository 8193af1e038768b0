//! Field values as the text that people read and type, and back.

use tsugi_calendar::{DateError, Due};
use tsugi_sync::comment::CommentError;
use tsugi_sync::conflict::write_time;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::limits;
use tsugi_sync::task::{TitleError, check_title};
use tsugi_sync::value::Value;

use crate::model::{DELETED, FieldKind, KEPT};
use tsugi_words::phrases;

/// The reason why a text cannot be the value of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    #[error("{}", title_problem(*.0))]
    Title(#[from] TitleError),
    #[error("{}", phrases::date_wrong())]
    Date(#[from] DateError),
    #[error("{}", phrases::text_too_long())]
    TooLong,
    #[error("{}", phrases::too_many_labels(limits::LABELS))]
    Labels(usize),
    #[error("{}", phrases::comment_needed())]
    NoComment,
    #[error("{}", phrases::comment_too_long(limits::COMMENT_CHARS))]
    Comment(usize),
}

impl From<CommentError> for InvalidText {
    fn from(error: CommentError) -> Self {
        match error {
            CommentError::Empty => Self::NoComment,
            CommentError::TooLong(length) => Self::Comment(length),
        }
    }
}

fn title_problem(error: TitleError) -> String {
    match error {
        TitleError::Empty => phrases::title_needed().to_owned(),
        TitleError::TooLong(length) => phrases::title_too_long(limits::TITLE_CHARS, length),
    }
}

#[must_use]
pub fn kind_of(field: &Field) -> FieldKind {
    match field {
        Field::Title | Field::Name | Field::Query | Field::Text => FieldKind::Text,
        Field::Notes => FieldKind::Multiline,
        Field::Due | Field::Start => FieldKind::When,
        Field::Priority => FieldKind::Priority,
        Field::List | Field::Section | Field::Parent => FieldKind::Place,
        Field::Labels => FieldKind::Labels,
        Field::Recurrence => FieldKind::Recurrence,
        Field::Completed => FieldKind::Completed,
        Field::Deleted => FieldKind::Deleted,
        Field::Position | Field::Created | Field::Assignee | Field::Series | Field::Folder => FieldKind::Raw,
        Field::Colour
        | Field::Archived
        | Field::Favourite
        | Field::Task
        | Field::Author
        | Field::Other(_) => FieldKind::Raw,
        Field::Subject | Field::State | Field::Base | Field::Local | Field::Remote => FieldKind::Raw,
        Field::Result | Field::Rules | Field::LocalAuthor | Field::RemoteAuthor => FieldKind::Raw,
        Field::Before | Field::Resolver | Field::Merged => FieldKind::Raw,
    }
}

/// A value as text. A value for which this version has no words is shown raw, and never hidden. If a field is shown
/// raw, all of its values are: otherwise a text that looks like a number would come back as a number.
#[must_use]
pub fn to_text(field: &Field, value: &Value) -> String {
    match (kind_of(field), value) {
        (FieldKind::Deleted, Value::Null) => KEPT.to_owned(),
        (FieldKind::Deleted, _) => DELETED.to_owned(),
        (_, Value::Null) => String::new(),
        (FieldKind::Labels, Value::List(items)) if items.iter().all(is_word) => {
            let words: Vec<&str> = items.iter().filter_map(Value::as_text).collect();
            words.join(" ")
        }
        (FieldKind::Raw | FieldKind::Priority | FieldKind::Completed | FieldKind::Labels, value) => {
            raw(value)
        }
        (_, Value::Text(text)) => text.clone(),
        (_, value) => raw(value),
    }
}

fn raw(value: &Value) -> String {
    // Writing a value as JSON cannot fail: its keys are texts.
    serde_json::to_string(value).unwrap_or_default()
}

fn is_word(value: &Value) -> bool {
    value
        .as_text()
        .is_some_and(|text| text.parse::<EntityId>().is_ok())
}

/// A text that a person typed, as the value to save. `now` is the time of deletion for a task that is deleted by this.
///
/// # Errors
/// If the field cannot hold the text.
pub fn to_value(field: &Field, text: &str, now: Timestamp) -> Result<Value, InvalidText> {
    let value = match kind_of(field) {
        FieldKind::Text if matches!(field, Field::Title | Field::Name) => Value::text(check_title(text)?),
        FieldKind::Deleted if text == KEPT => Value::Null,
        FieldKind::Deleted => write_time(now),
        _ if text.trim().is_empty() => Value::Null,
        FieldKind::When => text.trim().parse::<Due>()?.into(),
        FieldKind::Labels => to_labels(text)?,
        FieldKind::Priority | FieldKind::Completed | FieldKind::Raw => from_raw(text),
        FieldKind::Text | FieldKind::Multiline | FieldKind::Place | FieldKind::Recurrence => {
            Value::text(text)
        }
    };
    if value.is_within_limits() {
        Ok(value)
    } else {
        Err(InvalidText::TooLong)
    }
}

/// JSON is read as JSON; any other text stays text.
fn from_raw(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// The ids keep their order, so that a value that was seen stays equal to the value that is there. The editor, where a
/// person chooses labels, sorts them.
fn to_labels(text: &str) -> Result<Value, InvalidText> {
    let ids: Vec<&str> = text.split_whitespace().collect();
    match ids.len() {
        count if count > limits::LABELS => Err(InvalidText::Labels(count)),
        _ if ids.iter().any(|id| id.parse::<EntityId>().is_err()) => Ok(from_raw(text)),
        _ => Ok(Value::List(ids.into_iter().map(Value::text).collect())),
    }
}

/// The same for a text that was only seen. It is compared and never saved, so every text is accepted.
#[must_use]
pub fn seen_value(field: &Field, text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        to_value(field, text, Timestamp(0)).unwrap_or_else(|_| text.into())
    }
}
