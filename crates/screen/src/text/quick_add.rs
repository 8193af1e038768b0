//! Quick add: a line as it was understood, and the words of its chips. Plain functions.

use tsugi_calendar::Date;
use tsugi_quick_add::{Chip, Context, Dropped, Parsed, Value, parse_without};
use tsugi_words::intl::DateStyle;

use crate::model::Sidebar;
use crate::place::TaskPlace;
use crate::text::due;
use crate::text::priority_name;
use crate::text::repeat;
use tsugi_words::fold::fold;
use tsugi_words::phrases;

/// The kind of a chip; it decides which picture the chip has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChipKind {
    Day,
    Repeat,
    Priority,
    Label,
    List,
    Section,
}

/// Reads a line, without the chips that the person dropped. A section must be in a list: if there is no list, the words
/// of the section stay in the title.
#[must_use]
pub fn read(line: &str, context: &Context, dropped: &[Dropped], place: &TaskPlace) -> Parsed {
    let parsed = parse_without(line, context, dropped);
    let is_homeless = parsed.list.is_none() && !matches!(place, TaskPlace::List(_));
    let is_section = |chip: &&Chip| matches!(chip.value, Value::Section(_));
    let homeless: Vec<Dropped> = match is_homeless {
        true => parsed
            .chips
            .iter()
            .filter(is_section)
            .map(|chip| chip.dropped(line))
            .collect(),
        false => Vec::new(),
    };
    match homeless.is_empty() {
        true => parsed,
        false => parse_without(line, context, &[dropped, &homeless].concat()),
    }
}

/// The kind and the words of a chip. None for a chip that only marks words which stay as they are.
#[must_use]
pub fn say(chip: &Chip, parsed: &Parsed, today: Date, content: &Sidebar) -> Option<(ChipKind, String)> {
    let name = |name: &str, is_known: bool| match is_known {
        true => name.to_owned(),
        false => phrases::new_name(name),
    };
    let is = |other: &str, name: &str| fold(other) == fold(name);
    Some(match &chip.value {
        Value::Due(when) => {
            let day = due::describe(when.date, today, false).words;
            let at = when.time.map(|time| phrases::time(time.hour(), time.minute()));
            (
                ChipKind::Day,
                at.map_or(day.clone(), |at| phrases::day_and_time(&day, &at)),
            )
        }
        Value::Time(time) => (ChipKind::Day, phrases::time(time.hour(), time.minute())),
        Value::Start(date) => {
            let day = due::describe(*date, today, false).words;
            (ChipKind::Day, phrases::starts(&day))
        }
        Value::Repeat(rule, time) => {
            let rule = repeat::say(rule);
            // A phrase such as `every evening` says a time too.
            let at = time.map(|time| phrases::time(time.hour(), time.minute()));
            let words = at.map_or(rule.clone(), |at| phrases::day_and_time(&rule, &at));
            (ChipKind::Repeat, words)
        }
        Value::Until(date) => {
            let day = phrases::date(*date, DateStyle::DayAndYear);
            (ChipKind::Repeat, phrases::until(&day))
        }
        Value::Count(count) => (ChipKind::Repeat, phrases::so_many_times(usize::from(*count))),
        Value::Priority(priority) => (ChipKind::Priority, priority_name(&priority.number().to_string())),
        Value::Label(label) => {
            let is_known = content.labels.iter().any(|known| is(&known.name, label));
            (ChipKind::Label, name(label, is_known))
        }
        Value::List(list) => (
            ChipKind::List,
            name(list, content.lists().any(|known| is(&known.name, list))),
        ),
        Value::Section(section) => {
            let list = parsed.list.as_deref();
            let of_list =
                |id| list.is_none_or(|list| content.lists().any(|l| l.id == id && is(&l.name, list)));
            let mut sections = content.sections.iter().filter(|(id, _)| of_list(**id));
            let is_known = sections.any(|(_, all)| all.iter().any(|known| is(&known.name, section)));
            (ChipKind::Section, name(section, is_known))
        }
        Value::Escape => return None,
    })
}

#[cfg(test)]
mod tests {
    use tsugi_calendar::{Time, Weekday};
    use tsugi_quick_add::DateOrder;

    use super::*;

    fn context() -> Context {
        Context {
            today: Date::new(2026, 11, 25).expect("a day"),
            now: Time::new(10, 0).expect("a time"),
            week_starts: Weekday::Monday,
            date_order: DateOrder::MonthFirst,
        }
    }

    fn chips(line: &str, place: &TaskPlace) -> (String, Vec<String>) {
        let parsed = read(line, &context(), &[], place);
        let today = Date::new(2026, 11, 25).expect("a day");
        let said = parsed
            .chips
            .iter()
            .filter_map(|chip| say(chip, &parsed, today, &Sidebar::default()));
        (parsed.title.clone(), said.map(|(_, words)| words).collect())
    }

    #[test]
    fn a_chip_says_the_time_that_it_saves() {
        let said = |line| {
            chips(line, &TaskPlace::Inbox)
                .1
                .join(" | ")
                .replace('\u{202f}', " ")
        };
        assert_eq!(said("journal every evening"), "Every day · 6:00 PM");
        assert_eq!(said("毎晩 日記"), "Every day · 8:00 PM");
        assert_eq!(said("journal every evening at 9"), "Every day | 9:00 PM");
    }

    #[test]
    fn a_line_is_said_back_in_chips() {
        let (title, chips) = chips(
            "pay rent every 1st p1 #home @bills until dec 31",
            &TaskPlace::Inbox,
        );
        assert_eq!(title, "pay rent");
        assert_eq!(
            chips,
            [
                "Every month on the 1st",
                phrases::priority_1(),
                "home (new)",
                "bills (new)",
                "Until Dec 31, 2026"
            ]
        );
    }

    #[test]
    fn a_section_needs_a_list() {
        let list = TaskPlace::List(tsugi_sync::ids::EntityId(uuid::Uuid::nil()));
        assert_eq!(
            chips("weed /beds", &TaskPlace::Inbox),
            ("weed /beds".to_owned(), vec![])
        );
        assert_eq!(chips("weed /beds", &list).0, "weed");
        assert_eq!(chips("weed #garden /beds", &TaskPlace::Inbox).0, "weed");
    }
}
