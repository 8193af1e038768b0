//! Values as texts: the names of fields, and how people read and type their values.

pub mod due;
pub mod emoji;
pub mod fields;
pub mod lab;
pub mod markdown;
pub mod merge;
pub mod quick_add;
pub mod refusal;
pub mod repeat;
pub mod summary;
pub mod when;

use tsugi_words::phrases;

/// The name of a priority; any other text stays as it is.
#[must_use]
pub fn priority_name(text: &str) -> String {
    match text {
        "1" => phrases::priority_1().to_owned(),
        "2" => phrases::priority_2().to_owned(),
        "3" => phrases::priority_3().to_owned(),
        "4" => phrases::priority_4().to_owned(),
        other => other.to_owned(),
    }
}
