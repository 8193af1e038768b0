//! Dates without a clock: what a due date means on a given day, and how it is called.
//!
//! Days are counted from 1970-01-01 in the proleptic Gregorian calendar; no time zone enters, because a due date is a
//! date wherever one is.

use crate::browser::intl::DateStyle;
use crate::components::when;
use crate::phrases;

/// How pressing a due date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueState {
    Overdue,
    Today,
    Soon,
    Later,
    /// Completed tasks press no one.
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

/// A due chip: state and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub state: DueState,
    pub words: String,
}

/// What the chip says of `due` on the day `today`, both `YYYY-MM-DD`. A date that does not parse is shown as it is.
#[must_use]
pub fn describe(due: &str, today: &str, completed: bool) -> Due {
    let (Some(day), Some(now)) = (Day::parse(due), Day::parse(today)) else {
        return Due {
            state: DueState::Later,
            words: due.to_owned(),
        };
    };
    let distance = day.number - now.number;
    let date = || {
        let this_year = day.year == now.year;
        phrases::date(
            due,
            if this_year {
                DateStyle::Day
            } else {
                DateStyle::DayAndYear
            },
        )
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
    Due { state, words }
}

/// Which days stand over the rows, so that these need not name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaysOver {
    /// None: a row says all of when it is due.
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

/// What a row's chip says of `due` as its field keeps it: the day, where it does not stand over the row, and the time,
/// where it has one. `zone` is this device's.
#[must_use]
pub fn chip(due: &str, today: &str, zone: &str, completed: bool, over: DaysOver) -> Option<Due> {
    let day = when::date_of(due);
    let day = if day.is_empty() { due } else { &day };
    let Due { state, words } = describe(day, today, completed);
    // What is done is at no time any more.
    let time = when::say_time(due, zone).filter(|_| !completed);
    let words = match (over.tells(state), time) {
        (true, time) => time?,
        (false, Some(time)) => phrases::day_and_time(&words, &time),
        (false, None) => words,
    };
    Some(Due { state, words })
}

/// What stands over the tasks of a day: "Tomorrow", "Fri, Mar 13".
#[must_use]
pub fn day_heading(day: &str, today: &str) -> String {
    let long = phrases::date(day, DateStyle::LongDay);
    let near = match (Day::parse(day), Day::parse(today)) {
        (Some(day), Some(now)) => match day.number - now.number {
            0 => Some(phrases::today()),
            1 => Some(phrases::tomorrow()),
            _ => None,
        },
        _ => None,
    };
    near.map_or(long.clone(), |near| phrases::near_day(near, &long))
}

/// Whether a text is empty or a day that exists.
#[must_use]
pub fn is_date_or_empty(text: &str) -> bool {
    text.is_empty() || Day::parse(text).is_some()
}

/// The day `days` after `from`; `from` itself when it is no date.
#[must_use]
pub fn days_after(from: &str, days: i64) -> String {
    Day::parse(from).map_or_else(
        || from.to_owned(),
        |day| Day::from_number(day.number + days).to_text(),
    )
}

struct Day {
    year: i64,
    month: u32,
    day: u32,
    number: i64,
}

impl Day {
    fn parse(text: &str) -> Option<Self> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| match i {
                4 | 7 => b == b'-',
                _ => b.is_ascii_digit(),
            });
        if !shape {
            return None;
        }
        let number = number_of(
            text[0..4].parse().ok()?,
            text[5..7].parse().ok()?,
            text[8..10].parse().ok()?,
        );
        let day = Self::from_number(number);
        (day.to_text() == text).then_some(day)
    }

    /// Howard Hinnant's `civil_from_days`: years begin in March, so that the leap day is the last one.
    fn from_number(number: i64) -> Self {
        let shifted = number + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: month as u32,
            day: (day_of_year - (153 * from_march + 2) / 5 + 1) as u32,
            number,
        }
    }

    fn to_text(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// `days_from_civil`, the inverse of [`Day::from_number`] for days that exist.
fn number_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
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
            ("someday", false, Later, "someday"),
        ];
        for (due, completed, state, words) in table {
            let words = words.to_owned();
            assert_eq!(
                describe(due, "2026-03-11", completed),
                Due { state, words },
                "{due}"
            );
        }
    }

    #[wasm_bindgen_test]
    fn a_row_says_what_does_not_stand_over_it() {
        use DaysOver::*;
        let at = |day: &str| format!("{day}T15:00[Asia/Tokyo]");
        let (today, tomorrow) = ("2026-03-11".to_owned(), "2026-03-12".to_owned());
        let table = [
            (today.clone(), None, "Asia/Tokyo", Some("Today")),
            (today.clone(), Today, "Asia/Tokyo", Option::None),
            (tomorrow.clone(), Today, "Asia/Tokyo", Some("Tomorrow")),
            (tomorrow.clone(), Each, "Asia/Tokyo", Option::None),
            (at(&today), None, "Asia/Tokyo", Some("Today · 3:00 PM")),
            (at(&today), Today, "Asia/Tokyo", Some("3:00 PM")),
            (at(&tomorrow), Each, "Europe/Berlin", Some("3:00 PM · Asia/Tokyo")),
            (
                at("2026-03-10"),
                Each,
                "Asia/Tokyo",
                Some("Overdue: Yesterday · 3:00 PM"),
            ),
            ("someday".to_owned(), None, "Asia/Tokyo", Some("someday")),
        ];
        for (due, over, zone, expected) in table {
            let words = chip(&due, &today, zone, false, over).map(|due| due.words.replace('\u{202f}', " "));
            assert_eq!(words.as_deref(), expected, "{due} under {over:?}");
        }
        let done = chip(&at(&today), &today, "Asia/Tokyo", true, None);
        assert_eq!(done.map(|due| due.words), Some("Mar 11".to_owned()));
    }

    #[wasm_bindgen_test]
    fn only_days_that_exist_are_dates() {
        for good in ["", "2024-02-29", "1970-01-01", "2000-12-31", "0001-01-01"] {
            assert!(is_date_or_empty(good), "{good}");
        }
        for bad in [
            "2025-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "11/03/2026",
            "2026-03-1é",
            "明日",
        ] {
            assert!(!is_date_or_empty(bad), "{bad}");
        }
    }

    #[wasm_bindgen_test]
    fn days_are_counted_over_months_and_leap_years() {
        assert_eq!(days_after("2024-02-28", 1), "2024-02-29");
        assert_eq!(days_after("2025-12-31", 1), "2026-01-01");
        assert_eq!(days_after("2026-03-11", -11), "2026-02-28");
    }
}
