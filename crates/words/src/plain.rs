//! Numbers, dates and times without a browser, for native clients and tests. They are written as browsers write them
//! for American English and Japanese, in UTC.

use jiff::tz::TimeZone;
use tsugi_calendar::Date;
use tsugi_calendar::Weekday;
use tsugi_sync::ids::Timestamp;
use unicode_normalization::UnicodeNormalization;

use crate::intl::{DateStyle, Intl, Plural, Unit};

/// The implementation of [`Intl`] without a browser.
#[derive(Clone, Copy, Debug)]
pub struct Plain {
    /// The name of the time zone of this device.
    pub zone: &'static str,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const JAPANESE_WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// How many letters a short month or weekday has.
const SHORT: usize = 3;

const DAY_MS: u64 = 86_400_000;

fn weekday_index(date: Date) -> usize {
    let weekday = date.weekday();
    Weekday::ALL
        .iter()
        .position(|one| *one == weekday)
        .unwrap_or_default()
}

fn english(date: Date, style: DateStyle) -> String {
    let month = MONTHS[usize::from(date.month() - 1) % MONTHS.len()];
    let weekday = WEEKDAYS[weekday_index(date)];
    let day = format!("{} {}", &month[..SHORT], date.day());
    match style {
        DateStyle::Weekday => weekday.to_owned(),
        DateStyle::Day => day,
        DateStyle::DayAndYear => format!("{day}, {}", date.year()),
        DateStyle::LongDay => format!("{}, {day}", &weekday[..SHORT]),
        DateStyle::FullDay => format!("{}, {day}, {}", &weekday[..SHORT], date.year()),
        DateStyle::Month => month.to_owned(),
        DateStyle::MonthOfYear => format!("{month} {}", date.year()),
    }
}

fn japanese(date: Date, style: DateStyle) -> String {
    let weekday = JAPANESE_WEEKDAYS[weekday_index(date)];
    let day = format!("{}月{}日", date.month(), date.day());
    match style {
        DateStyle::Weekday => format!("{weekday}曜日"),
        DateStyle::Day => day,
        DateStyle::DayAndYear => format!("{}年{day}", date.year()),
        DateStyle::LongDay => format!("{day}({weekday})"),
        DateStyle::FullDay => format!("{}年{day}({weekday})", date.year()),
        DateStyle::Month => format!("{}月", date.month()),
        DateStyle::MonthOfYear => format!("{}年{}月", date.year(), date.month()),
    }
}

impl Intl for Plain {
    fn decompose(&self, text: &str) -> String {
        text.nfkd().collect()
    }

    fn compose(&self, text: &str) -> String {
        text.nfc().collect()
    }

    fn zone(&self) -> String {
        self.zone.to_owned()
    }

    fn ahead_of_utc(&self, zone: &str, minute: i64) -> Option<i32> {
        let zone = TimeZone::get(zone).ok()?;
        let moment = jiff::Timestamp::from_second(minute.checked_mul(60)?).ok()?;
        Some(zone.to_offset(moment).seconds() / 60)
    }

    fn plural(&self, language: &'static str, count: usize) -> Plural {
        match (language, count) {
            ("en", 1) => Plural::One,
            _ => Plural::Other,
        }
    }

    fn number(&self, _language: &'static str, number: usize) -> String {
        let digits = number.to_string();
        let mut written = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                written.push(',');
            }
            written.push(digit);
        }
        written
    }

    fn before_now(&self, language: &'static str, count: u64, unit: Unit) -> String {
        let (english, japanese) = match unit {
            Unit::Minute => ("minute", "分"),
            Unit::Hour => ("hour", "時間"),
            Unit::Day => ("day", "日"),
        };
        match (language, count) {
            ("ja", count) => format!("{count} {japanese}前"),
            (_, 1) => format!("1 {english} ago"),
            (_, count) => format!("{count} {english}s ago"),
        }
    }

    fn date(&self, language: &'static str, date: Date, style: DateStyle) -> String {
        match language {
            "ja" => japanese(date, style),
            _ => english(date, style),
        }
    }

    fn time(&self, language: &'static str, hour: u8, minute: u8) -> String {
        if language == "ja" {
            return format!("{hour}:{minute:02}");
        }
        let half = if hour < 12 { "AM" } else { "PM" };
        let hour = match hour % 12 {
            0 => 12,
            hour => hour,
        };
        format!("{hour}:{minute:02} {half}")
    }

    fn moment(&self, language: &'static str, at: Timestamp) -> String {
        let date = i32::try_from(at.0 / DAY_MS).ok().and_then(Date::from_number);
        let minutes = (at.0 % DAY_MS) / 60_000;
        let (hour, minute) = (minutes / 60, minutes % 60);
        let Some(date) = date else { return String::new() };
        // Hour and minute are both below 60.
        let time = self.time(language, hour as u8, minute as u8);
        format!("{}, {time}", self.date(language, date, DateStyle::Day))
    }
}
