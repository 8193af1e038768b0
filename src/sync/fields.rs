//! Field values as the text that people read and type, and back.

use tsugi_sync::conflict::write_time;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::Timestamp;
use tsugi_sync::limits;
use tsugi_sync::task::{DateError, Due, TitleError, check_title};
use tsugi_sync::value::Value;

use crate::phrases;
use crate::state::model::{DELETED, FieldKind, KEPT};

/// Why a text is not a value of its field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    #[error("{}", title_problem(*.0))]
    Title(#[from] TitleError),
    #[error("{}", phrases::date_wrong())]
    Date(#[from] DateError),
    #[error("{}", phrases::text_too_long())]
    TooLong,
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
        Field::Notes => FieldKind::Multiline,
        Field::Due => FieldKind::Date,
        Field::Deleted => FieldKind::Deleted,
        _ => FieldKind::Text,
    }
}

/// A value as text. What this version cannot put into words is shown raw, never hidden.
#[must_use]
pub fn to_text(field: &Field, value: &Value) -> String {
    match (field, value) {
        (Field::Deleted, Value::Null) => KEPT.to_owned(),
        (Field::Deleted, _) => DELETED.to_owned(),
        (_, Value::Null) => String::new(),
        (_, Value::Text(text)) => text.clone(),
        (_, value) => serde_json::to_string(value).unwrap_or_default(),
    }
}

/// A text that a person typed, as the value to keep. `now` is when something is deleted that was not.
///
/// # Errors
/// When the field cannot hold it.
pub fn to_value(field: &Field, text: &str, now: Timestamp) -> Result<Value, InvalidText> {
    let value = match field {
        Field::Title | Field::Name => Value::text(check_title(text)?),
        Field::Deleted if text == KEPT => Value::Null,
        Field::Deleted => write_time(now),
        _ if text.trim().is_empty() => Value::Null,
        Field::Due => text.trim().parse::<Due>()?.into(),
        _ => Value::text(text),
    };
    if value.is_within_limits() {
        Ok(value)
    } else {
        Err(InvalidText::TooLong)
    }
}

/// The same for a text that was only seen: anything goes, it is compared and never kept.
#[must_use]
pub fn seen_value(field: &Field, text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        to_value(field, text, Timestamp(0)).unwrap_or_else(|_| text.into())
    }
}
