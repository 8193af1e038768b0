//! Plurals, numbers and dates as people of a language write them. The browser's own `Intl` writes them, so that the app
//! need not download tables for them.
//!
//! A formatter is slow to make and fast to use. So one of each kind is kept, for the language that was used last.

use std::cell::RefCell;

use js_sys::{Array, Function, JsString, Reflect};
use serde::{Deserialize, Serialize};
use tsugi_calendar::Date;
use tsugi_sync::ids::Timestamp;
use tsugi_words::intl::{DateStyle, Intl, Plural, Unit};
use wasm_bindgen::{JsCast, JsValue};

use super::{device, js, time};

/// The browser's own `Intl`, as the port that phrases use.
#[derive(Clone, Copy, Debug)]
struct Browser;

/// From now on, phrases write plurals, numbers and dates as this browser does.
pub fn install() {
    tsugi_words::intl::install(&Browser);
}

/// The formatters for one language.
struct Formatters {
    language: &'static str,
    plural: Option<Formatter>,
    number: Option<Formatter>,
    relative: Option<Formatter>,
    weekday: Option<Formatter>,
    day: Option<Formatter>,
    day_and_year: Option<Formatter>,
    long_day: Option<Formatter>,
    full_day: Option<Formatter>,
    month: Option<Formatter>,
    month_of_year: Option<Formatter>,
    time: Option<Formatter>,
    moment: Option<Formatter>,
}

/// Options for an object of `Intl`. The browser takes an unset member for a missing one.
#[derive(Clone, Copy, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Options<'a> {
    time_zone: Option<&'a str>,
    time_zone_name: Option<&'static str>,
    weekday: Option<&'static str>,
    year: Option<&'static str>,
    month: Option<&'static str>,
    day: Option<&'static str>,
    hour: Option<&'static str>,
    minute: Option<&'static str>,
}

impl Options<'_> {
    /// A date has no time zone. It is made as midnight in UTC and shown in UTC, so that it cannot move by a day.
    const DATE: Self = Self {
        time_zone: Some("UTC"),
        time_zone_name: None,
        weekday: None,
        year: None,
        month: None,
        day: None,
        hour: None,
        minute: None,
    };
}

/// An object of `Intl`, and its method that returns a text.
struct Formatter {
    object: JsValue,
    method: Function,
}

impl Formatter {
    fn new(locale: &str, class: &str, method: &str, options: &Options<'_>) -> Option<Self> {
        let class: Function = js::member(&js::global("Intl")?, class)?.dyn_into().ok()?;
        let options = serde_wasm_bindgen::to_value(options).ok()?;
        let arguments = Array::of2(&JsValue::from_str(locale), &options);
        // This goes through `Reflect`, because the constructor throws for a locale or option that it does not know.
        let object = Reflect::construct(&class, &arguments).ok()?;
        let method = js::method(&object, method)?;
        Some(Self { object, method })
    }

    fn of(&self, value: f64) -> Option<String> {
        self.method
            .call1(&self.object, &JsValue::from_f64(value))
            .ok()?
            .as_string()
    }
}

impl Formatters {
    fn new(language: &'static str) -> Self {
        let locale = &variety(language);
        let plain = |class, method| Formatter::new(locale, class, method, &Options::default());
        let date = |options| Formatter::new(locale, "DateTimeFormat", "format", &options);
        let day = Options {
            day: Some("numeric"),
            month: Some("short"),
            ..Options::DATE
        };
        let year = Some("numeric");
        let weekday = Some("short");
        Self {
            language,
            plural: plain("PluralRules", "select"),
            number: plain("NumberFormat", "format"),
            relative: plain("RelativeTimeFormat", "format"),
            weekday: date(Options {
                weekday: Some("long"),
                ..Options::DATE
            }),
            day: date(day),
            day_and_year: date(Options { year, ..day }),
            long_day: date(Options { weekday, ..day }),
            full_day: date(Options { year, weekday, ..day }),
            month: date(Options {
                month: Some("long"),
                ..Options::DATE
            }),
            month_of_year: date(Options {
                month: Some("long"),
                year,
                ..Options::DATE
            }),
            time: date(Options {
                hour: Some("numeric"),
                minute: Some("2-digit"),
                ..Options::DATE
            }),
            // A moment is shown in the time zone of the device.
            moment: date(Options {
                time_zone: None,
                hour: Some("numeric"),
                minute: Some("numeric"),
                ..day
            }),
        }
    }
}

thread_local! {
    static FORMATTERS: RefCell<Option<Formatters>> = const { RefCell::new(None) };
}

fn with<T>(language: &'static str, ask: impl FnOnce(&Formatters) -> Option<T>) -> Option<T> {
    FORMATTERS.with_borrow_mut(|kept| {
        let formatters = match kept.take().filter(|formatters| formatters.language == language) {
            Some(formatters) => formatters,
            None => Formatters::new(language),
        };
        ask(kept.insert(formatters))
    })
}

/// The locale for dates and numbers: the person's own variety of the language, if their browser names one, such as
/// `en-GB`.
#[must_use]
pub fn variety(language: &str) -> String {
    let is_variety = |wanted: &String| wanted.split('-').next() == Some(language);
    device::languages()
        .into_iter()
        .find(is_variety)
        .unwrap_or_else(|| language.to_owned())
}

/// A text in one of Unicode's forms, by the browser's tables.
fn normalized(text: &str, form: &str) -> String {
    JsString::from(text).normalize(form).into()
}

/// How many zones beside the device's own are kept ready.
const ZONES: usize = 16;

thread_local! {
    static ZONE: String = time::time_zone().unwrap_or_else(|| "UTC".to_owned());
    /// Formatters that write how far a zone is ahead of UTC. None for a zone that the browser does not know.
    static ZONE_FORMATTERS: RefCell<Vec<(String, Option<Formatter>)>> = const { RefCell::new(Vec::new()) };
}

/// Asks the formatter of a zone.
fn with_zone<T>(zone: &str, ask: impl FnOnce(&Formatter) -> Option<T>) -> Option<T> {
    ZONE_FORMATTERS.with_borrow_mut(|kept| {
        if let Some((_, formatter)) = kept.iter().find(|(name, _)| name == zone) {
            return ask(formatter.as_ref()?);
        }
        let options = Options {
            time_zone: Some(zone),
            time_zone_name: Some("longOffset"),
            ..Options::default()
        };
        let formatter = Formatter::new("en-US", "DateTimeFormat", "format", &options);
        kept.truncate(ZONES - 1);
        kept.insert(0, (zone.to_owned(), formatter));
        ask(kept[0].1.as_ref()?)
    })
}

/// The minutes at the end of "11/28/2026, GMT-03:30". It is only "GMT" in UTC.
fn minutes_ahead(written: &str) -> Option<i32> {
    let (_, ahead) = written.rsplit_once("GMT")?;
    let Some((hours, minutes)) = ahead.split_once(':') else {
        return ahead.is_empty().then_some(0);
    };
    let hours: i32 = hours.parse().ok()?;
    let minutes: i32 = minutes.get(..2)?.parse().ok()?;
    let sign = if ahead.starts_with('-') { -1 } else { 1 };
    Some(hours * 60 + sign * minutes)
}

impl Intl for Browser {
    fn zone(&self) -> String {
        ZONE.with(String::clone)
    }

    fn ahead_of_utc(&self, zone: &str, minute: i64) -> Option<i32> {
        with_zone(zone, |formatter| {
            minutes_ahead(&formatter.of(minute as f64 * 60_000.0)?)
        })
    }

    fn decompose(&self, text: &str) -> String {
        normalized(text, "NFKD")
    }

    fn compose(&self, text: &str) -> String {
        normalized(text, "NFC")
    }

    fn plural(&self, language: &'static str, count: usize) -> Plural {
        let category = with(language, |formatters| {
            formatters.plural.as_ref()?.of(count as f64)
        });
        match category.as_deref() {
            Some("zero") => Plural::Zero,
            Some("one") => Plural::One,
            Some("two") => Plural::Two,
            Some("few") => Plural::Few,
            Some("many") => Plural::Many,
            Some(_) | None => Plural::Other,
        }
    }

    fn number(&self, language: &'static str, number: usize) -> String {
        with(language, |formatters| {
            formatters.number.as_ref()?.of(number as f64)
        })
        .unwrap_or_else(|| number.to_string())
    }

    fn before_now(&self, language: &'static str, count: u64, unit: Unit) -> String {
        let unit = match unit {
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
        };
        let said = with(language, |formatters| {
            let relative = formatters.relative.as_ref()?;
            let count = JsValue::from_f64(-(count as f64));
            let said = relative
                .method
                .call2(&relative.object, &count, &JsValue::from_str(unit));
            said.ok()?.as_string()
        });
        said.unwrap_or_default()
    }

    fn date(&self, language: &'static str, date: Date, style: DateStyle) -> String {
        // Midnight in UTC, because the formatters show it in UTC.
        let moment = f64::from(date.number()) * DAY_MS;
        let said = with(language, |formatters| {
            let formatter = match style {
                DateStyle::Weekday => &formatters.weekday,
                DateStyle::Day => &formatters.day,
                DateStyle::DayAndYear => &formatters.day_and_year,
                DateStyle::LongDay => &formatters.long_day,
                DateStyle::FullDay => &formatters.full_day,
                DateStyle::Month => &formatters.month,
                DateStyle::MonthOfYear => &formatters.month_of_year,
            };
            formatter.as_ref()?.of(moment)
        });
        said.unwrap_or_else(|| date.to_string())
    }

    fn time(&self, language: &'static str, hour: u8, minute: u8) -> String {
        let said = with(language, |formatters| {
            let moment = (f64::from(hour) * 60.0 + f64::from(minute)) * 60_000.0;
            formatters.time.as_ref()?.of(moment)
        });
        said.unwrap_or_else(|| format!("{hour:02}:{minute:02}"))
    }

    fn moment(&self, language: &'static str, at: Timestamp) -> String {
        let said = with(language, |formatters| formatters.moment.as_ref()?.of(at.0 as f64));
        said.unwrap_or_default()
    }
}

const DAY_MS: f64 = 86_400_000.0;

/// Whether people write the day before the month in a date of digits.
#[must_use]
pub fn day_comes_first(language: &'static str) -> bool {
    let digits = Options {
        day: Some("numeric"),
        month: Some("numeric"),
        ..Options::DATE
    };
    let formatter = Formatter::new(&variety(language), "DateTimeFormat", "format", &digits);
    let written = formatter.and_then(|formatter| {
        let day = Date::new(2026, 11, 27)?;
        formatter.of(f64::from(day.number()) * DAY_MS)
    });
    written.is_some_and(|written| written.trim_start().starts_with("27"))
}

/// What the browser says of the weeks of a locale.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Week {
    first_day: u8,
}

/// The day on which people's weeks begin, from 0 for Monday to 6 for Sunday; Monday if the browser does not say.
#[must_use]
pub fn week_begins(language: &'static str) -> u8 {
    let asked = || {
        let class: Function = js::member(&js::global("Intl")?, "Locale")?.dyn_into().ok()?;
        let arguments = Array::of1(&JsValue::from_str(&variety(language)));
        let locale = Reflect::construct(&class, &arguments).ok()?;
        // It is a method in newer browsers, and a property in older ones.
        let info = js::call(&locale, "getWeekInfo", &[])
            .ok()
            .or_else(|| js::member(&locale, "weekInfo"))?;
        let week: Week = serde_wasm_bindgen::from_value(info).ok()?;
        // The browser counts from 1 for Monday to 7 for Sunday.
        (1..=7).contains(&week.first_day).then_some(week.first_day - 1)
    };
    asked().unwrap_or_default()
}
