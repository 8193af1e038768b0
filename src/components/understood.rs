//! What quick add makes of a line, and how that is said in chips. Plain functions.

use tsugi_quick_add::{Chip, Context, Date, DateOrder, Dropped, Parsed, Time, Value, Weekday, parse_without};
use tsugi_sync::recurrence::Rule;

use crate::browser::{intl, time};
use crate::components::belonging_fields::priority_name;
use crate::components::icon::Icon;
use crate::components::{due, repeat};
use crate::phrases;
use crate::place::Place;
use crate::state::model::Sidebar;
use crate::state::search::fold;

/// Where and when a line is typed: `today` is the day as the screen has it.
#[must_use]
pub fn context_here(today: &str) -> Option<Context> {
    let language = phrases::language().tag();
    let (hour, minute) = time::clock();
    let week_begins = usize::from(intl::week_begins(language));
    Some(Context {
        today: today.parse::<Date>().ok()?,
        now: Time::new(hour, minute)?,
        week_starts: Weekday::ALL.get(week_begins).copied()?,
        date_order: match intl::day_comes_first(language) {
            true => DateOrder::DayFirst,
            false => DateOrder::MonthFirst,
        },
    })
}

/// Reads a line, without what the person dropped. A section needs a list to be in: without one, its words are words.
#[must_use]
pub fn read(line: &str, context: &Context, dropped: &[Dropped], place: &Place) -> Parsed {
    let parsed = parse_without(line, context, dropped);
    let is_homeless = parsed.list.is_none() && !matches!(place, Place::List(_));
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

/// What a chip shows: a picture, and words. None for what only keeps words as they are.
#[must_use]
pub fn say(chip: &Chip, parsed: &Parsed, today: &str, content: &Sidebar) -> Option<(Icon, String)> {
    let name = |name: &str, is_known: bool| match is_known {
        true => name.to_owned(),
        false => phrases::new_name(name),
    };
    let is = |other: &str, name: &str| fold(other) == fold(name);
    Some(match &chip.value {
        Value::Due(when) => {
            let day = due::describe(&when.date.to_string(), today, false).words;
            let at = when.time.map(|time| phrases::time(time.hour(), time.minute()));
            (
                Icon::Calendar,
                at.map_or(day.clone(), |at| phrases::day_and_time(&day, &at)),
            )
        }
        Value::Time(time) => (Icon::Calendar, phrases::time(time.hour(), time.minute())),
        Value::Start(date) => {
            let day = due::describe(&date.to_string(), today, false).words;
            (Icon::Calendar, phrases::starts(&day))
        }
        Value::Repeat(rule) => (Icon::Repeat, rule_words(&rule.to_string())),
        Value::Until(date) => {
            let day = phrases::date(&date.to_string(), intl::DateStyle::DayAndYear);
            (Icon::Repeat, phrases::until(&day))
        }
        Value::Count(count) => (Icon::Repeat, phrases::so_many_times(usize::from(*count))),
        Value::Priority(priority) => (Icon::Flag, priority_name(&priority.number().to_string())),
        Value::Label(label) => {
            let is_known = content.labels.iter().any(|known| is(&known.name, label));
            (Icon::Label, name(label, is_known))
        }
        Value::List(list) => (
            Icon::List,
            name(list, content.lists().any(|known| is(&known.name, list))),
        ),
        Value::Section(section) => {
            let list = parsed.list.as_deref();
            let of_list =
                |id| list.is_none_or(|list| content.lists().any(|l| l.id == id && is(&l.name, list)));
            let mut sections = content.sections.iter().filter(|(id, _)| of_list(**id));
            let is_known = sections.any(|(_, all)| all.iter().any(|known| is(&known.name, section)));
            (Icon::Panel, name(section, is_known))
        }
        Value::Escape => return None,
    })
}

/// What a rule of quick add is called; the core knows all of them.
fn rule_words(rule: &str) -> String {
    rule.parse::<Rule>()
        .map_or_else(|_| rule.to_owned(), |rule| repeat::say(&rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn context() -> Context {
        Context {
            today: Date::new(2026, 11, 25).expect("a day"),
            now: Time::new(10, 0).expect("a time"),
            week_starts: Weekday::Monday,
            date_order: DateOrder::MonthFirst,
        }
    }

    fn chips(line: &str, place: &Place) -> (String, Vec<String>) {
        let parsed = read(line, &context(), &[], place);
        let said = parsed
            .chips
            .iter()
            .filter_map(|chip| say(chip, &parsed, "2026-11-25", &Sidebar::default()));
        (parsed.title.clone(), said.map(|(_, words)| words).collect())
    }

    #[wasm_bindgen_test]
    fn a_line_is_said_back_in_chips() {
        let (title, chips) = chips("pay rent every 1st p1 #home @bills until dec 31", &Place::Inbox);
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

    #[wasm_bindgen_test]
    fn a_section_needs_a_list() {
        let list = Place::List(tsugi_sync::ids::EntityId(uuid::Uuid::nil()));
        assert_eq!(
            chips("weed /beds", &Place::Inbox),
            ("weed /beds".to_owned(), vec![])
        );
        assert_eq!(chips("weed /beds", &list).0, "weed");
        assert_eq!(chips("weed #garden /beds", &Place::Inbox).0, "weed");
    }
}
