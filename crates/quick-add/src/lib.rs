//! Quick add: one line, as a person types it, read into the fields of a task. English and Japanese, side by side.
//!
//! ```
//! use tsugi_calendar::{Date, Time, Weekday};
//! use tsugi_quick_add::{parse, Context, DateOrder};
//!
//! let context = Context {
//!     today: Date::new(2026, 11, 25).unwrap(), // a Wednesday
//!     now: Time::new(10, 0).unwrap(),
//!     week_starts: Weekday::Monday,
//!     date_order: DateOrder::MonthFirst,
//! };
//! let parsed = parse("pay rent every 1st p1 #home", &context);
//! assert_eq!(parsed.title, "pay rent");
//! assert_eq!(parsed.due.unwrap().to_string(), "2026-12-01");
//! assert_eq!(parsed.recurrence.unwrap().to_string(), "FREQ=MONTHLY;BYMONTHDAY=1");
//! assert_eq!(parsed.list.as_deref(), Some("home"));
//!
//! let parsed = parse("明日15時 歯医者 #家族", &context);
//! assert_eq!(parsed.title, "歯医者");
//! assert_eq!(parsed.due.unwrap().to_string(), "2026-11-26T15:00");
//! ```
//!
//! Pure: no I/O, no clock, no locale. Built in layers, of which a lower one never imports a higher one (`cargo xtask tidy` sees to it):
//!
//! 1. `line` folds the text, and `reader` moves along it;
//! 2. `words` are the words of both languages, and digits;
//! 3. `phrases` are put together from words, by themselves: `every 2 weeks on monday`, 来週火曜;
//! 4. `sure` says which phrases are in no doubt, and `title` where the title is over, so that
//! 5. `read` can say which phrase holds at a place of the line, and `scan` collects them;
//! 6. `joint` knows what joins a phrase to more, `choice` which findings come first, and `whole` that nothing is taken
//!    where only half was read;
//! 7. `schedule` works out when the task is first due, and `assemble` makes the task.
//!
//! - **Nothing is lost.** Every character that is no space is in the title or in the range of a chip, and dropping all
//!   chips gives the text back.
//! - **There are no errors.** What is not understood is title. A title that is empty, or too long, is for the caller to
//!   refuse. A text of more than [`TEXT_CHARS`] characters is all title: that is no quick add.
//! - **Never half a phrase.** What stands beside a chip is no joint (`of`, `or`, `-`, から, と): it is read on, or nothing of
//!   the line is taken.
//! - **When in doubt, it is title.** What a person meant as a date and is not taken is seen at once, since its chip is
//!   missing. `docs/quick-add.md` lists the doubtful cases, and what was decided.
//!
//! Left out: hours as intervals (`every 3 hours`), rules with exceptions, two times a day, time zones in the text.

mod assemble;
mod candidate;
mod choice;
mod context;
mod joint;
mod line;
mod parsed;
mod phrases;
mod read;
mod reader;
mod rules;
mod scan;
mod schedule;
mod sure;
mod title;
mod when;
mod whole;
mod words;

pub use context::{Context, DateOrder};
pub use parsed::{Chip, ChipKind, Dropped, Parsed, Priority, Value};
pub use when::When;

/// Characters of a text that is read. It bounds the work; a title has no more either.
pub const TEXT_CHARS: usize = 500;

/// Reads a line.
#[must_use]
pub fn parse(text: &str, context: &Context) -> Parsed {
    parse_without(text, context, &[])
}

/// Reads a line, leaving in the title what the person [dropped](Chip::dropped).
#[must_use]
pub fn parse_without(text: &str, context: &Context, dropped: &[Dropped]) -> Parsed {
    // Bytes first, so that a pasted book is not counted through.
    let short = text.len() <= TEXT_CHARS * 4 && text.chars().count() <= TEXT_CHARS;
    let mut line = line::Line::new(if short { text } else { "" });
    let candidates = scan::scan(&mut line, context, dropped);
    let mut parsed = assemble::assemble(&line, &candidates, context);
    if !short {
        parsed.title = text.trim().to_owned();
    }
    parsed
}
