//! Due dates in words on a given day. The functions ask no clock. A whole day is the same day in every zone; a time of
//! another zone is shown as it is on the clocks of this device.

use tsugi_calendar::{Date, Due, Time};
use tsugi_words::intl::DateStyle;
use tsugi_words::{phrases, zones};

use crate::text::when;

/// How urgent a due date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueState {
    Overdue,
    Today,
    Soon,
    Later,
    /// The task is completed, so its due date is not urgent any more.
    Settled,
}

impl DueState {
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Overdue => "due due--overdue",
            Self::Today => "due due--today",
            Self::Soon => "due due--soon",
            Self::Later | Self::Settled => "due",
        }
    }
}

/// The due chip of a row: a state, which gives it its colour, and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueChip {
    pub state: DueState,
    pub words: String,
}

/// The chip for a due date, on the day `today`.
#[must_use]
pub fn describe(due: Date, today: Date, completed: bool) -> DueChip {
    let distance = due.number() - today.number();
    let date = || match due.year() == today.year() {
        true => phrases::date(due, DateStyle::Day),
        false => phrases::date(due, DateStyle::DayAndYear),
    };
    let when = match distance {
        -1 => phrases::yesterday().to_owned(),
        0 => phrases::today().to_owned(),
        1 => phrases::tomorrow().to_owned(),
        2..=6 => phrases::date(due, DateStyle::Weekday),
        _ => date(),
    };
    let (state, words) = match distance {
        _ if completed => (DueState::Settled, date()),
        ..0 => (DueState::Overdue, phrases::overdue(&when)),
        0 => (DueState::Today, when),
        1..=6 => (DueState::Soon, when),
        _ => (DueState::Later, when),
    };
    DueChip { state, words }
}

/// The days that the headings over the rows name, so that the rows need not name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaysOver {
    /// None of them: a row shows its day and its time.
    None,
    Today,
    Each,
}

impl DaysOver {
    fn tells(self, state: DueState) -> bool {
        match (self, state) {
            (Self::None, _) | (_, DueState::Overdue) => false,
            (Self::Today, DueState::Today) => true,
            (Self::Today, DueState::Soon | DueState::Later | DueState::Settled) => false,
            (Self::Each, DueState::Today | DueState::Soon | DueState::Later | DueState::Settled) => true,
        }
    }
}

/// The date and the time on this device, and its time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present<'a> {
    pub today: Date,
    pub time: Time,
    pub zone: &'a str,
}

impl Present<'_> {
    /// Whether a due time of today is over. A time of a zone that nobody knows is not compared.
    fn is_after(self, due: &Due) -> bool {
        match due {
            Due::At { date, time, zone } => {
                *date == self.today && *time < self.time && zone.as_str() == self.zone
            }
            Due::On(_) => false,
        }
    }
}

/// The words of a row's due chip: the day if no heading names it, and the time if there is one.
#[must_use]
pub fn chip(due: &Due, present: Present<'_>, completed: bool, over: DaysOver) -> Option<DueChip> {
    let here = zones::here(due);
    let DueChip { state, words } = describe(here.date(), present.today, completed);
    let (state, words) = match present.is_after(&here) && !completed {
        true => (DueState::Overdue, phrases::overdue(&words)),
        false => (state, words),
    };
    // A completed task does not show its time any more.
    let time = when::say_time_here(due, present.zone).filter(|_| !completed);
    let words = match (over.tells(state), time) {
        (true, time) => time?,
        (false, Some(time)) => phrases::day_and_time(&words, &time),
        (false, None) => words,
    };
    Some(DueChip { state, words })
}

/// The heading over the tasks of a day: "Tomorrow", "Fri, Mar 13".
#[must_use]
pub fn day_heading(day: Date, today: Date) -> String {
    let long = phrases::date(day, DateStyle::LongDay);
    match day.number() - today.number() {
        0 => phrases::near_day(phrases::today(), &long),
        1 => phrases::near_day(phrases::tomorrow(), &long),
        _ => long,
    }
}

#[cfg(test)]
mod tests {
    use tsugi_words::plain::Plain;

    use super::*;

    const TOKYO: Plain = Plain { zone: "Asia/Tokyo" };
    const UTC: Plain = Plain { zone: "UTC" };

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn what_a_chip_says() {
        use DueState::*;
        // 2026-03-11 is a Wednesday.
        let table = [
            ("2026-03-11", false, Today, "Today"),
            ("2026-03-12", false, Soon, "Tomorrow"),
            ("2026-03-13", false, Soon, "Friday"),
            ("2026-03-17", false, Soon, "Tuesday"),
            ("2026-03-18", false, Later, "Mar 18"),
            ("2027-01-01", false, Later, "Jan 1, 2027"),
            ("2026-03-10", false, Overdue, "Overdue: Yesterday"),
            ("2025-12-31", false, Overdue, "Overdue: Dec 31, 2025"),
            ("2026-03-10", true, Settled, "Mar 10"),
        ];
        for (due, completed, state, words) in table {
            let words = words.to_owned();
            assert_eq!(
                describe(day(due), day("2026-03-11"), completed),
                DueChip { state, words },
                "{due}"
            );
        }
    }

    #[test]
    fn a_row_says_what_its_heading_does_not() {
        use DaysOver::*;
        let at = |day: &str| format!("{day}T15:00[Asia/Tokyo]");
        let now = |here: &'static Plain, time: &str| {
            tsugi_words::intl::install(here);
            Present {
                today: day("2026-03-11"),
                time: time.parse().expect("a time"),
                zone: here.zone,
            }
        };
        let (today, tomorrow) = ("2026-03-11".to_owned(), "2026-03-12".to_owned());
        let table = [
            (today.clone(), None, &TOKYO, Some("Today")),
            (today.clone(), Today, &TOKYO, Option::None),
            (tomorrow.clone(), Today, &TOKYO, Some("Tomorrow")),
            (tomorrow.clone(), Each, &TOKYO, Option::None),
            (at(&today), None, &TOKYO, Some("Today · 3:00 PM")),
            (at(&today), Today, &TOKYO, Some("3:00 PM")),
            (at(&tomorrow), Each, &UTC, Some("6:00 AM · Tokyo 3:00 PM")),
            (
                at("2026-03-10"),
                Each,
                &TOKYO,
                Some("Overdue: Yesterday · 3:00 PM"),
            ),
        ];
        for (due, over, here, expected) in table {
            let due = due.parse().expect("a due date");
            let words = chip(&due, now(here, "15:00"), false, over).map(|chip| chip.words);
            assert_eq!(words.as_deref(), expected, "{due:?} under {over:?}");
        }
        let due = at(&today).parse().expect("a due date");
        let done = chip(&due, now(&TOKYO, "18:00"), true, None);
        assert_eq!(done.map(|due| due.words), Some("Mar 11".to_owned()));
        let late = chip(&due, now(&TOKYO, "15:01"), false, Today);
        let words = "Overdue: Today · 3:00 PM".to_owned();
        let state = DueState::Overdue;
        assert_eq!(late, Some(DueChip { state, words }));
    }

    #[test]
    fn a_time_of_another_place_counts_on_the_clocks_of_this_device() {
        const HERE: Plain = Plain {
            zone: "America/Los_Angeles",
        };
        tsugi_words::intl::install(&HERE);
        let due = "2026-11-28T09:00[Asia/Tokyo]".parse().expect("a due date");
        let at = |day_here: &str, time: &str| {
            let present = Present {
                today: day(day_here),
                time: time.parse().expect("a time"),
                zone: HERE.zone,
            };
            let chip = chip(&due, present, false, DaysOver::None).expect("a chip");
            (chip.state, chip.words)
        };
        let words = "Today · 4:00 PM · Tokyo 9:00 AM".to_owned();
        assert_eq!(at("2026-11-27", "15:00"), (DueState::Today, words.clone()));
        assert_eq!(
            at("2026-11-27", "16:01"),
            (DueState::Overdue, format!("Overdue: {words}"))
        );
        assert_eq!(at("2026-11-26", "23:00").1, "Tomorrow · 4:00 PM · Tokyo 9:00 AM");
        let unknown = "2026-11-27T09:00[Mars/Olympus]".parse().expect("a due date");
        let present = Present {
            today: day("2026-11-27"),
            time: "18:00".parse().expect("a time"),
            zone: HERE.zone,
        };
        let chip = chip(&unknown, present, false, DaysOver::None);
        let words = "Today · 9:00 AM · Mars/Olympus".to_owned();
        let state = DueState::Today;
        assert_eq!(chip, Some(DueChip { state, words }));
    }
}
