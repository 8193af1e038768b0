//! When a task is due or can be begun: a day, or a time of that day on the clocks of a place.

use std::fmt;
use std::str::FromStr;

use crate::date::{Date, DateError};
use crate::limits;
use crate::time::Time;

/// When a task is due, or can be begun.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    On(Date),
    /// A time on the clocks of a place: `2026-11-24T15:00[Asia/Tokyo]`.
    At {
        date: Date,
        time: Time,
        zone: String,
    },
}

impl Due {
    #[must_use]
    pub fn date(&self) -> Date {
        match self {
            Self::On(date) | Self::At { date, .. } => *date,
        }
    }

    /// The same time of day in the same place, on another day.
    #[must_use]
    pub fn on(&self, date: Date) -> Self {
        match self {
            Self::On(_) => Self::On(date),
            Self::At { time, zone, .. } => Self::At {
                date,
                time: *time,
                zone: zone.clone(),
            },
        }
    }
}

impl FromStr for Due {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let Some((date, rest)) = text.split_once('T') else {
            return text.parse().map(Self::On);
        };
        let (time, zone) = rest
            .strip_suffix(']')
            .and_then(|rest| rest.split_once('['))
            .ok_or(DateError)?;
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+');
        if zone.is_empty() || zone.len() > limits::ZONE_BYTES || !zone.bytes().all(known) {
            return Err(DateError);
        }
        Ok(Self::At {
            date: date.parse()?,
            time: time.parse()?,
            zone: zone.to_owned(),
        })
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(date) => date.fmt(f),
            Self::At { date, time, zone } => write!(f, "{date}T{time}[{zone}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for text in [
            "2024-02-29",
            "2000-02-29",
            "2026-12-31",
            "2026-11-24T15:00[Asia/Tokyo]",
            "2026-01-01T00:00[UTC]",
        ] {
            assert_eq!(text.parse::<Due>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2023-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "+026-01-01",
            "2026-01-01T1:00",
            "2026-01-01T24:00[UTC]",
            "2026-01-01T12:00[]",
            "2026-01-01T12:00[<b>]",
            "2026-01-01-01",
            "２０２６-01-01",
        ] {
            assert_eq!(text.parse::<Due>(), Err(DateError), "{text}");
        }
    }

    #[test]
    fn another_day_keeps_time_and_place() {
        let due: Due = "2026-11-24T15:00[Asia/Tokyo]".parse().unwrap();
        let moved = due.on(Date::new(2026, 12, 1).unwrap());
        assert_eq!(moved.to_string(), "2026-12-01T15:00[Asia/Tokyo]");
    }
}
