//! Quick add: reads one line, as a person types it, into the fields of a task. English and Japanese, side by side.
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
//! It is pure: no I/O, no clock, no locale. It has layers, and a lower layer never imports a higher one (`cargo
//! xtask tidy` checks this):
//!
//! 1. `line` folds the text, and `reader` moves along it;
//! 2. `words` has the words of both languages, and digits;
//! 3. `phrases` builds phrases from words, each by itself: `every 2 weeks on monday`, 来週火曜;
//! 4. `sure` says which phrases are never in doubt, and `title` where the title ends;
//! 5. `read` decides with these two which phrase counts at a place of the line, and `scan` collects the phrases;
//! 6. `joint` knows which words join a phrase to more, `choice` which findings come first, and `whole` makes sure
//!    that nothing is taken if only half of a phrase was read;
//! 7. `schedule` works out when the task is first due, and `assemble` makes the task.
//!
//! - **Nothing is lost.** Every character but spaces is in the title or in the range of a chip. If all chips are
//!   dropped, the title is the whole text.
//! - **There are no errors.** Words that are not understood are title. The caller refuses a title that is empty or
//!   too long. A text of more than [`TEXT_CHARS`] characters is all title, because nobody types such a line into
//!   quick add.
//! - **Never half a phrase.** If a joint (`of`, `or`, `-`, から, と) is beside a phrase, either the phrase is read on
//!   over it, or nothing that says when is taken from the line.
//! - **A doubtful phrase is title.** If a person meant a date and it is not taken, they see at once that the chip
//!   is missing. `docs/quick-add.md` lists the doubtful cases and the decisions about them.
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

/// Characters of a text that is read. This bounds the work. A title may not have more either.
pub const TEXT_CHARS: usize = 500;

/// Reads a line.
#[must_use]
pub fn parse(text: &str, context: &Context) -> Parsed {
    parse_without(text, context, &[])
}

/// Reads a line. Words that the person [dropped](Chip::dropped) stay in the title.
#[must_use]
pub fn parse_without(text: &str, context: &Context, dropped: &[Dropped]) -> Parsed {
    // The bytes are checked first, so that the characters of a pasted book are not counted.
    let short = text.len() <= TEXT_CHARS * 4 && text.chars().count() <= TEXT_CHARS;
    let mut line = line::Line::new(if short { text } else { "" });
    let candidates = scan::scan(&mut line, context, dropped);
    let mut parsed = assemble::assemble(&line, &candidates, context);
    if !short {
        parsed.title = text.trim().to_owned();
    }
    parsed
}
