//! The time when something is due or begins, as the text that a field keeps: `2026-11-24`, or
//! `2026-11-24T15:00[Asia/Tokyo]` for a time on the clocks of a time zone. Its parts for inputs, and its words for
//! people. Plain functions.

use tsugi_calendar::{Date, Due};

use tsugi_words::intl::DateStyle;
use tsugi_words::{phrases, zones};

use crate::text::due;

/// The day in the form of a date input; empty if there is none.
#[must_use]
pub fn date_of(text: &str) -> String {
    let due = text.parse::<Due>();
    due.map(|due| due.date().to_string()).unwrap_or_default()
}

/// The time in the form of a time input; empty for a whole day.
#[must_use]
pub fn time_of(text: &str) -> String {
    match text.parse() {
        Ok(Due::At { time, .. }) => time.to_string(),
        Ok(Due::On(_)) | Err(_) => String::new(),
    }
}

/// The time zone, if the text has a time.
#[must_use]
pub fn zone_of(text: &str) -> Option<String> {
    match text.parse() {
        Ok(Due::At { zone, .. }) => Some(zone),
        Ok(Due::On(_)) | Err(_) => None,
    }
}

/// The same time on another day; empty without a day.
#[must_use]
pub fn with_date(text: &str, date: &str) -> String {
    date.parse().map(|date| on_day(text, date)).unwrap_or_default()
}

/// The same time on this day.
#[must_use]
pub fn on_day(text: &str, day: Date) -> String {
    let due = text.parse::<Due>().map(|due| due.on(day));
    due.unwrap_or(Due::On(day)).to_string()
}

/// Another time on the same day, or on `today` if there is no day; the whole day if the time is empty. A text that
/// already has a time zone keeps it; a new time is one of `zone`.
#[must_use]
pub fn with_time(text: &str, time: &str, today: Date, zone: &str) -> String {
    let date = match date_of(text) {
        date if date.is_empty() => today.to_string(),
        date => date,
    };
    if time.is_empty() {
        return with_date(&date_of(text), &date_of(text));
    }
    let zone = zone_of(text).unwrap_or_else(|| zone.to_owned());
    let at = format!("{date}T{time}[{zone}]");
    match at.parse::<Due>() {
        Ok(due) => due.to_string(),
        // A time that is half typed changes nothing yet.
        Err(_) => text.to_owned(),
    }
}

/// The text as people read it: "Tue, Nov 24 · 3:00 PM · Asia/Tokyo". The zone is shown only if it differs from `zone`.
/// A text that cannot be read is shown as it is.
#[must_use]
pub fn say(text: &str, zone: &str) -> String {
    let Ok(due) = text.parse::<Due>() else {
        return text.to_owned();
    };
    let day = phrases::date(due.date(), DateStyle::FullDay);
    say_time(&due, zone).map_or(day.clone(), |time| phrases::day_and_time(&day, &time))
}

/// The text as people read it on the day `today`: "Tomorrow · Mon, Nov 30 · 3:00 PM". None for an empty text.
#[must_use]
pub fn describe(text: &str, today: Date, zone: &str) -> Option<String> {
    let Ok(due) = text.parse::<Due>() else {
        return (!text.is_empty()).then(|| text.to_owned());
    };
    let date = zones::here(&due).date();
    let day = match date.year() == today.year() {
        true => due::day_heading(date, today),
        false => phrases::date(date, DateStyle::FullDay),
    };
    Some(say_day_and_time_there(&due, zone).map_or(day.clone(), |time| phrases::day_and_time(&day, &time)))
}

/// The time as people read it: "3:00 PM · Asia/Tokyo". The zone is shown only if it differs from `zone`.
fn say_time(due: &Due, zone: &str) -> Option<String> {
    match due {
        Due::At {
            time, zone: there, ..
        } => {
            let time = phrases::time(time.hour(), time.minute());
            Some(match there == zone {
                true => time,
                false => phrases::day_and_time(&time, there),
            })
        }
        Due::On(_) => None,
    }
}

/// The time on the clocks of this device; and if the task has a time of another place, that one too: "4:00 PM · Tokyo
/// 9:00 AM". The day is that of `zones::here`.
#[must_use]
pub fn say_time_here(due: &Due, zone: &str) -> Option<String> {
    with_time_there(due, zone, |_, time| time)
}

/// The same, with the day there if it is another one: "11:15 PM · Kiritimati Tue, Feb 29 · 12:15 AM".
fn say_day_and_time_there(due: &Due, zone: &str) -> Option<String> {
    with_time_there(due, zone, |here, time| match here.date() == due.date() {
        true => time,
        false => phrases::day_and_time(&phrases::date(due.date(), DateStyle::LongDay), &time),
    })
}

/// `there` completes the time of the other place.
fn with_time_there(due: &Due, zone: &str, there: impl Fn(&Due, String) -> String) -> Option<String> {
    let here = zones::here(due);
    let said = say_time(&here, zone)?;
    match due {
        Due::At {
            time, zone: place, ..
        } if here != *due => {
            let time = there(&here, phrases::time(time.hour(), time.minute()));
            let there = phrases::time_at(&zones::place(place), &time);
            Some(phrases::day_and_time(&said, &there))
        }
        Due::At { .. } | Due::On(_) => Some(said),
    }
}

/// The text as people type it in one line: `2026-11-24 15:00 Asia/Tokyo`.
#[must_use]
pub fn to_line(text: &str) -> String {
    match text.parse() {
        Ok(Due::At { zone, .. }) => format!("{} {} {zone}", date_of(text), time_of(text)),
        Ok(Due::On(_)) | Err(_) => text.to_owned(),
    }
}

/// A line that somebody typed, as the text of the field. A time without a zone is one of `zone`. A line that cannot be
/// read stays as it is, so that the person can correct it.
#[must_use]
pub fn from_line(line: &str, zone: &str) -> String {
    let parts: Vec<&str> = line.split_whitespace().collect();
    let due = match parts.as_slice() {
        [date, time] => format!("{date}T{time}[{zone}]").parse(),
        [date, time, zone] => format!("{date}T{time}[{zone}]").parse(),
        _ => line.trim().parse::<Due>(),
    };
    due.map_or_else(|_| line.trim().to_owned(), |due| due.to_string())
}

/// Whether a text is empty or can be saved.
#[must_use]
pub fn is_when_or_empty(text: &str) -> bool {
    text.is_empty() || text.parse::<Due>().is_ok()
}

#[cfg(test)]
mod tests {
    use tsugi_words::plain::Plain;

    use super::*;

    const TOKYO: &str = "2026-11-24T15:00[Asia/Tokyo]";

    #[test]
    fn parts_and_back() {
        assert_eq!(
            (date_of(TOKYO), time_of(TOKYO)),
            ("2026-11-24".to_owned(), "15:00".to_owned())
        );
        assert_eq!(
            (date_of("soon"), time_of("2026-11-24")),
            (String::new(), String::new())
        );
        assert_eq!(with_date(TOKYO, "2028-02-29"), "2028-02-29T15:00[Asia/Tokyo]");
        assert_eq!(with_date("", "2026-11-24"), "2026-11-24");
        assert_eq!(with_date(TOKYO, ""), "");
        assert_eq!(with_date("", "2027-02-29"), "", "no such day");
    }

    #[test]
    fn a_time_keeps_its_place_and_a_new_one_is_of_here() {
        let here = "Pacific/Kiritimati";
        let today = "2026-01-01".parse().expect("a day");
        assert_eq!(
            with_time(TOKYO, "09:30", today, here),
            "2026-11-24T09:30[Asia/Tokyo]"
        );
        assert_eq!(
            with_time("2026-11-24", "09:30", today, here),
            "2026-11-24T09:30[Pacific/Kiritimati]"
        );
        assert_eq!(
            with_time("", "09:30", today, here),
            "2026-01-01T09:30[Pacific/Kiritimati]"
        );
        assert_eq!(with_time(TOKYO, "", today, here), "2026-11-24");
        assert_eq!(with_time("", "", today, here), "");
        assert_eq!(with_time(TOKYO, "9", today, here), TOKYO);
    }

    #[test]
    fn one_line_and_back() {
        for text in [TOKYO, "2026-11-24", ""] {
            assert_eq!(from_line(&to_line(text), "UTC"), text);
        }
        assert_eq!(from_line("2026-11-24 15:00", "Asia/Tokyo"), TOKYO);
        assert_eq!(from_line(" tomorrow ", "UTC"), "tomorrow");
        assert!(!is_when_or_empty("tomorrow"));
    }

    #[test]
    fn people_read_a_day_a_time_and_a_place_that_is_another_one() {
        assert_eq!(say("2026-11-24", "UTC"), "Tue, Nov 24, 2026");
        let said = |zone| say(TOKYO, zone);
        assert_eq!(said("Asia/Tokyo"), "Tue, Nov 24, 2026 · 3:00 PM");
        assert_eq!(said("UTC"), "Tue, Nov 24, 2026 · 3:00 PM · Asia/Tokyo");
        assert_eq!(say("someday", "UTC"), "someday");
    }

    #[test]
    fn a_day_of_this_year_needs_no_year_and_a_near_one_says_so() {
        const TOKYO_HERE: Plain = Plain { zone: "Asia/Tokyo" };
        tsugi_words::intl::install(&TOKYO_HERE);
        let on = |today: &str, text: &str| describe(text, today.parse().expect("a day"), "Asia/Tokyo");
        assert_eq!(
            on("2026-11-24", TOKYO).as_deref(),
            Some("Today · Tue, Nov 24 · 3:00 PM")
        );
        assert_eq!(
            on("2026-11-23", "2026-11-24").as_deref(),
            Some("Tomorrow · Tue, Nov 24")
        );
        assert_eq!(on("2026-01-01", "2026-11-24").as_deref(), Some("Tue, Nov 24"));
        assert_eq!(
            on("2025-01-01", "2026-11-24").as_deref(),
            Some("Tue, Nov 24, 2026")
        );
        const KIRITIMATI_MORNING: &str = "2026-11-24T00:15[Pacific/Kiritimati]";
        assert_eq!(
            on("2026-11-23", KIRITIMATI_MORNING).as_deref(),
            Some("Today · Mon, Nov 23 · 7:15 PM · Kiritimati Tue, Nov 24 · 12:15 AM")
        );
        assert_eq!(on("2025-01-01", ""), None);
        assert_eq!(on("2025-01-01", "someday").as_deref(), Some("someday"));
    }
}
