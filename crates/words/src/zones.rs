//! Times on the clocks of other places.

use tsugi_calendar::{Date, Due, Time};

use crate::intl;

const DAY_MINUTES: i64 = 24 * 60;

/// The same moment on the clocks of this device: 9:00 on 28 November in Tokyo is 16:00 on 27 November in Los Angeles.
///
/// A whole day is the same day everywhere, so it stays. A time of a zone that nobody knows stays too.
#[must_use]
pub fn here(due: &Due) -> Due {
    match due {
        Due::At { date, time, zone } => moved(*date, *time, zone).unwrap_or_else(|| due.clone()),
        Due::On(_) => due.clone(),
    }
}

/// The time zone of this device: `Asia/Tokyo`.
#[must_use]
pub fn own() -> String {
    intl::ask(|port| port.zone())
}

/// The same time of day in the same place, on the day that is `day` on this device.
#[must_use]
pub fn on_day_here(due: &Due, day: Date) -> Due {
    let ahead = due.date().number() - here(due).date().number();
    due.on(day.plus(ahead).unwrap_or(day))
}

/// The place that a zone is named after: "Los Angeles" for `America/Los_Angeles`.
#[must_use]
pub fn place(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

fn moved(date: Date, time: Time, zone: &str) -> Option<Due> {
    let shown =
        i64::from(date.number()) * DAY_MINUTES + i64::from(time.hour()) * 60 + i64::from(time.minute());
    intl::ask(|port| {
        let own = port.zone();
        if own == zone {
            return None;
        }
        let ahead = |zone: &str, at| port.ahead_of_utc(zone, at).map(i64::from);
        // The clocks may change between the moment that the first look supposes and the real one.
        let about = shown - ahead(zone, shown)?;
        let moment = shown - ahead(zone, about)?;
        let local = moment + ahead(&own, moment)?;
        let (day, minute) = (local.div_euclid(DAY_MINUTES), local.rem_euclid(DAY_MINUTES));
        Some(Due::At {
            date: Date::from_number(i32::try_from(day).ok()?)?,
            // Both are below the limits of a day.
            time: Time::new((minute / 60) as u8, (minute % 60) as u8)?,
            zone: own,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::Plain;

    const AT_LOS_ANGELES: Plain = Plain {
        zone: "America/Los_Angeles",
    };

    fn due(text: &str) -> Due {
        text.parse().unwrap()
    }

    #[test]
    fn the_same_moment_on_the_clocks_of_this_device() {
        intl::install(&AT_LOS_ANGELES);
        let table = [
            (
                "2026-11-28T09:00[Asia/Tokyo]",
                "2026-11-27T16:00[America/Los_Angeles]",
            ),
            ("2027-01-01T00:00[UTC]", "2026-12-31T16:00[America/Los_Angeles]"),
            ("2026-07-01T00:30[UTC]", "2026-06-30T17:30[America/Los_Angeles]"),
            // The hour around the change of the clocks on 1 November, 9:00 UTC.
            (
                "2026-11-01T17:59[Asia/Tokyo]",
                "2026-11-01T01:59[America/Los_Angeles]",
            ),
            (
                "2026-11-01T18:00[Asia/Tokyo]",
                "2026-11-01T01:00[America/Los_Angeles]",
            ),
            (
                "2026-11-27T16:00[America/Los_Angeles]",
                "2026-11-27T16:00[America/Los_Angeles]",
            ),
            ("2026-11-28", "2026-11-28"),
            ("2026-11-28T09:00[Mars/Olympus]", "2026-11-28T09:00[Mars/Olympus]"),
        ];
        for (text, expected) in table {
            assert_eq!(here(&due(text)).to_string(), expected, "{text}");
        }
    }

    #[test]
    fn moved_to_a_day_of_this_device_it_is_that_day_here() {
        intl::install(&AT_LOS_ANGELES);
        let day = "2026-12-05".parse().unwrap();
        let moved = on_day_here(&due("2026-11-28T09:00[Asia/Tokyo]"), day);
        assert_eq!(moved.to_string(), "2026-12-06T09:00[Asia/Tokyo]");
        assert_eq!(here(&moved).date(), day);
        assert_eq!(on_day_here(&due("2026-11-28"), day), Due::On(day));
    }

    #[test]
    fn a_zone_is_named_after_a_place() {
        assert_eq!(place("America/Argentina/Buenos_Aires"), "Buenos Aires");
        assert_eq!(place("UTC"), "UTC");
    }
}
