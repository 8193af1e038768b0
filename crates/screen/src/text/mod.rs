//! Values as texts: what fields are called and how people read and type them.

pub mod due;
pub mod fields;
pub mod markdown;
pub mod merge;
pub mod quick_add;
pub mod repeat;
pub mod when;

use tsugi_words::phrases;

/// What people call a priority; the text itself where it is none.
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
