//! The phrases: one function for each, in the chosen language.
//!
//! The language is not a signal. When it changes, the whole app is drawn again, so a phrase costs no more than its
//! text.

use std::cell::Cell;

use tsugi_sync::entity::Field;
use tsugi_sync::ids::Timestamp;

use tsugi_calendar::Date;

use crate::intl::{self, DateStyle, Plural, Unit};

include!(concat!(env!("OUT_DIR"), "/phrases.rs"));

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::En) };
}

/// The current language.
#[must_use]
pub fn language() -> Language {
    LANGUAGE.get()
}

/// Changes the current language. Everything on the screen has to be drawn again after that.
pub fn speak(language: Language) {
    LANGUAGE.set(language);
}

impl Language {
    /// The first language of the person's own order that Tsugi has, such as `ja` for `["ja-JP", "en"]`; without one,
    /// the first language of Tsugi.
    #[must_use]
    pub fn of(wanted: &[String]) -> Self {
        let spoken = |tag: &String| {
            let primary = tag.split('-').next().unwrap_or_default();
            Self::ALL
                .into_iter()
                .find(|language| language.tag().eq_ignore_ascii_case(primary))
        };
        wanted.iter().find_map(spoken).unwrap_or_default()
    }

    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The name of the language in that language.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        self.said(language_name)
    }

    /// The value of the `dir` attribute: `ltr` or `rtl`.
    #[must_use]
    pub fn direction(self) -> &'static str {
        self.said(language_direction)
    }

    /// A phrase in this language, whatever the current language is.
    fn said(self, phrase: fn() -> &'static str) -> &'static str {
        self.said_of(phrase)
    }

    /// Calls `phrases` in this language, whatever the current language is.
    pub fn said_of<T>(self, phrases: impl FnOnce() -> T) -> T {
        let before = LANGUAGE.replace(self);
        let said = phrases();
        LANGUAGE.set(before);
        said
    }
}

fn plural(count: usize) -> Plural {
    intl::ask(|port| Some(port.plural(language().tag(), count))).unwrap_or(Plural::Other)
}

/// A number as people write it.
#[must_use]
pub fn number(number: usize) -> String {
    // Numbers below 1,000 are the same in every language that Tsugi speaks. A screen has many of them, so the port is
    // not asked.
    if number < 1_000 {
        return number.to_string();
    }
    intl::ask(|port| Some(port.number(language().tag(), number))).unwrap_or_else(|| number.to_string())
}

/// A date as people write it.
#[must_use]
pub fn date(date: Date, style: DateStyle) -> String {
    let written = intl::ask(|port| Some(port.date(language().tag(), date, style)));
    written.unwrap_or_else(|| date.to_string())
}

/// A time of day as people write it.
#[must_use]
pub fn time(hour: u8, minute: u8) -> String {
    let written = intl::ask(|port| Some(port.time(language().tag(), hour, minute)));
    written.unwrap_or_else(|| format!("{hour:02}:{minute:02}"))
}

/// A moment as people write it: date and time, short.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    intl::ask(|port| port.moment(language().tag(), at))
}

/// The name of a field for people. A field that this version does not know shows its own name.
#[must_use]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "fields are an open world: later versions have more"
)]
pub fn field_label(field: &Field) -> String {
    let known = match field {
        Field::Title => title(),
        Field::Notes => notes(),
        Field::Due => due(),
        Field::Deleted => field_deleted(),
        Field::Completed => field_completed(),
        Field::Priority => priority(),
        Field::List => list(),
        Field::Name => field_name(),
        Field::Start => start(),
        Field::Recurrence => repeat(),
        Field::Labels => labels(),
        Field::Section => section(),
        Field::Parent => tasks_above(),
        other => other.as_str(),
    };
    known.to_owned()
}

/// Two waiting times: half of the people waited no longer than the first, and nearly all no longer than the second.
#[must_use]
pub fn half_and_most_of(half: u64, most: u64) -> String {
    half_and_most(&lasted(half), &lasted(most))
}

/// A waiting time.
#[must_use]
pub fn lasted(time: u64) -> String {
    match time {
        ms if ms < 1_000 => milliseconds(&ms.to_string()),
        ms if ms < 60_000 => seconds(&tenths(ms, 1_000)),
        ms => minutes(&(ms / 60_000).to_string()),
    }
}

/// A number of messages, and their size together.
#[must_use]
pub fn messages(count: u64, bytes: u64) -> String {
    traffic(usize::try_from(count).unwrap_or(usize::MAX), &size(bytes))
}

/// A size, in the largest unit that fits.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes < 1_000_000 => kilobytes(&tenths(bytes, 1_000)),
        bytes if bytes < 1_000_000_000 => megabytes(&tenths(bytes, 1_000_000)),
        bytes => gigabytes(&tenths(bytes, 1_000_000_000)),
    }
}

fn tenths(value: u64, unit: u64) -> String {
    format!("{}.{}", value / unit, value % unit * 10 / unit)
}

/// "3 of 5".
#[must_use]
pub fn of(some: u64, all: u64) -> String {
    let counted = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    some_of(counted(some), counted(all))
}

/// "5 minutes ago", in the largest unit that fits.
#[must_use]
pub fn ago(time: u64) -> String {
    let before_now = |count, unit| intl::ask(|port| port.before_now(language().tag(), count, unit));
    match time / 1000 {
        0..45 => just_now().to_owned(),
        s if s < 3_600 => before_now(s.div_ceil(60).min(59), Unit::Minute),
        s if s < 86_400 => before_now(s / 3_600, Unit::Hour),
        s => before_now(s / 86_400, Unit::Day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_first_that_a_person_reads() {
        let of = |tags: &[&str]| Language::of(&tags.iter().map(|&tag| tag.to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["ja-JP", "en"]), Language::Ja);
        assert_eq!(of(&["fr-FR", "JA"]), Language::Ja);
        assert_eq!(of(&["fr"]), Language::En);
        assert_eq!(of(&[]), Language::En);
        assert_eq!(Language::Ja.own_name(), "日本語");
        assert_eq!(language(), Language::En, "asking a name speaks no other language");
    }

    #[test]
    fn plurals_are_those_of_the_language() {
        assert_eq!(changes(1), "1 change");
        assert_eq!(changes(0), "0 changes");
        assert_eq!(changes(12_345), "12,345 changes");
        assert_eq!(open_tasks(0), "Nothing open");
        speak(Language::Ja);
        assert_eq!(changes(1), "変更1件");
        assert_eq!(edit("牛乳"), "「牛乳」を編集");
        assert_eq!(ago(7_200_000), "2 時間前");
        speak(Language::En);
    }

    #[test]
    fn times_and_traffic_are_short() {
        assert_eq!(half_and_most_of(34, 1_250), "34 ms, 95 % within 1.2 s");
        assert_eq!(lasted(180_000), "3 min");
        assert_eq!(messages(12, 3_450), "12 messages, 3.4 kB");
        assert_eq!(messages(1, 2_500_000), "1 message, 2.5 MB");
        assert_eq!(size(1_250_000_000), "1.2 GB");
    }

    #[test]
    fn how_long_ago() {
        let table = [
            (0, "just now"),
            (44_999, "just now"),
            (45_000, "1 minute ago"),
            (60_000, "1 minute ago"),
            (119_000, "2 minutes ago"),
            (3_599_000, "59 minutes ago"),
            (3_600_000, "1 hour ago"),
            (86_400_000, "1 day ago"),
            (172_800_000, "2 days ago"),
        ];
        for (time, expected) in table {
            assert_eq!(ago(time), expected);
        }
    }
}
