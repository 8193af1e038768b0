//! How far two days are apart, in words.

use tsugi_calendar::Due;
use tsugi_words::phrases;

fn number(text: &str) -> Option<i32> {
    Some(text.parse::<Due>().ok()?.date().number())
}

/// "3 days apart"; none if one of them is no day, or if both are the same day.
#[must_use]
pub fn apart(first: &str, second: &str) -> Option<String> {
    let days = number(first)?.abs_diff(number(second)?);
    (days > 0).then(|| phrases::days_apart(days as usize))
}

/// "2 days later than before"; none if one of them is no day, or if both are the same day.
#[must_use]
pub fn from_before(before: &str, then: &str) -> Option<String> {
    let days = number(then)? - number(before)?;
    let count = days.unsigned_abs() as usize;
    match days {
        0 => None,
        1.. => Some(phrases::days_later(count)),
        ..0 => Some(phrases::days_earlier(count)),
    }
}
