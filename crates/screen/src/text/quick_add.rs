//! Quick add: a line as it was understood, and the words of its chips. Plain functions.

use tsugi_calendar::Date;
use tsugi_quick_add::{Chip, Context, Dropped, Parsed, Value, parse_without};
use tsugi_words::intl::DateStyle;

use tsugi_sync::title::{check_title, shows_nothing};

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
    let in_list = matches!(place, TaskPlace::List(_));
    read_if(line, context, dropped, |chip, parsed| {
        !matches!(chip.value, Value::Section(_)) || in_list || parsed.list.is_some()
    })
}

/// Reads the line of a new sub-task. It is in the list and section of its parent, so names of those stay in the title.
#[must_use]
pub fn read_sub_task(line: &str, context: &Context, dropped: &[Dropped]) -> Parsed {
    let in_place = |chip: &Chip, _: &Parsed| !matches!(chip.value, Value::List(_) | Value::Section(_));
    read_if(line, context, dropped, in_place)
}

/// Reads a title that a person is changing. Words that it had `before` stay: the person sees them as part of the title.
/// So does the name of a list that does not exist, because nobody moves a task to a new list in passing.
#[must_use]
pub fn read_title(
    title: &str,
    before: &str,
    context: &Context,
    dropped: &[Dropped],
    content: &Sidebar,
) -> Parsed {
    read_if(title, context, dropped, |chip, _| {
        let is_there = |name: &String| content.lists().any(|list| fold(&list.name) == fold(name));
        let is_new = matches!(&chip.value, Value::List(name) if !is_there(name));
        let is_section = matches!(chip.value, Value::Section(_));
        !is_new && !is_section && !before.contains(&chip.dropped(title).words)
    })
}

/// Reads a line. The words of chips that do not count stay in the title.
fn read_if(
    line: &str,
    context: &Context,
    dropped: &[Dropped],
    counts: impl Fn(&Chip, &Parsed) -> bool,
) -> Parsed {
    let parsed = parse_without(line, context, dropped);
    let others = parsed.chips.iter().filter(|chip| !counts(chip, &parsed));
    let others: Vec<Dropped> = others.map(|chip| chip.dropped(line)).collect();
    match others.is_empty() {
        true => parsed,
        false => parse_without(line, context, &[dropped, &others].concat()),
    }
}

/// The most lines that become tasks at once.
pub const PASTED_LINES: usize = 500;

/// The lines of a pasted text that may become a task each, without the marks of a list before them: `- milk` and `2. eggs`
/// become `milk` and `eggs`. Empty if the text has only one line, or too
/// many, or one that is too long for a title.
#[must_use]
pub fn pasted_lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| unmarked(line.trim()).to_owned());
    let lines: Vec<String> = lines
        .filter(|line| !shows_nothing(line))
        .take(PASTED_LINES + 1)
        .collect();
    let fit = lines.iter().all(|line| check_title(line).is_ok());
    match lines.len() {
        2..=PASTED_LINES if fit => lines,
        _ => Vec::new(),
    }
}

/// A line without the mark of a list: a bullet, a number, an empty or ticked box.
fn unmarked(line: &str) -> &str {
    const BULLETS: [&str; 10] = ["- ", "* ", "+ ", "• ", "◦ ", "– ", "— ", "・", "□", "☐"];
    const BOXES: [&str; 3] = ["[ ] ", "[x] ", "[X] "];
    let after = |marks: &[&str], line: &str| {
        marks
            .iter()
            .find_map(|mark| line.strip_prefix(mark))
            .map(str::len)
    };
    let from = |length: Option<usize>, line: &'_ str| line.len() - length.unwrap_or(line.len());
    let numbered = |line: &str| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let rest = line.get(digits..)?;
        let rest = rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "))?;
        (1..=3).contains(&digits).then_some(rest.len())
    };
    let line = &line[from(after(&BULLETS, line).or_else(|| numbered(line)), line)..];
    line[from(after(&BOXES, line), line)..].trim()
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
    fn pasted_lines_lose_the_marks_of_their_list() {
        let text = "- milk\n\n * eggs tomorrow\r\n3. bread\n[ ] tea\n- [x] rice\n・味噌\n☐ 12. floor\n-5 °C\n1.5 l water";
        let lines = [
            "milk",
            "eggs tomorrow",
            "bread",
            "tea",
            "rice",
            "味噌",
            "12. floor",
            "-5 °C",
            "1.5 l water",
        ];
        assert_eq!(pasted_lines(text), lines);
        for one in [
            "",
            "milk",
            "\n milk \n\u{200b}\n",
            &"milk\n".repeat(PASTED_LINES + 1),
        ] {
            assert_eq!(pasted_lines(one), [""; 0], "{one:?}");
        }
        assert_eq!(pasted_lines(&"milk\n".repeat(PASTED_LINES)).len(), PASTED_LINES);
    }

    #[test]
    fn in_a_sub_task_a_list_is_title() {
        let parsed = read_sub_task("buy wax #Home /Bills tomorrow p1 @errand", &context(), &[]);
        assert_eq!(parsed.title, "buy wax #Home /Bills");
        assert_eq!((parsed.list, parsed.section), (None, None));
        assert_eq!(parsed.labels, ["errand"]);
        assert!(parsed.due.is_some() && parsed.priority.is_some());
    }

    #[test]
    fn in_a_title_only_new_words_count_and_only_lists_that_exist() {
        let content = Sidebar::default();
        let title = |title: &str, before: &str| read_title(title, before, &context(), &[], &content);
        let parsed = title("Read the Friday paper tomorrow @errand", "Read the Friday paper");
        assert_eq!(parsed.title, "Read the Friday paper");
        assert_eq!(parsed.labels, ["errand"]);
        let due = parsed.due.map(|due| due.to_string());
        assert_eq!(due.as_deref(), Some("2026-11-26"));
        assert_eq!(title("Read the Friday paper", "Read the Friday paper").due, None);
        assert_eq!(title("Call mum #Home", "Call mum").list, None);
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
