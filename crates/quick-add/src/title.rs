//! The place where a title ends.

use crate::context::Context;
use crate::line::is_blank;
use crate::reader::Reader;
use crate::sure;

/// Whether the title ends here: nothing follows, or a phrase or sign that is not title.
pub(crate) fn ends_title(mut c: Reader<'_>, context: &Context) -> bool {
    if c.at_end() {
        return true;
    }
    c.gap();
    let marked = matches!(c.peek(), '#' | '+' | '@' | '/')
        && is_blank(c.before())
        && !is_blank(c.ahead(1))
        && !c.ahead(1).is_ascii_digit();
    let mut priority = c;
    let ranked = priority.eat_any(&["p", "!!"]).is_some()
        && priority.number(1).is_some_and(|number| (1..=4).contains(&number))
        && priority.ends_word();
    marked || ranked || sure::is_sure(c, context)
}

/// Whether a time or a weekday follows this place, so that digits before it are a day.
pub(crate) fn time_or_weekday_follows(mut c: Reader<'_>) -> bool {
    c.eat(",");
    c.gap();
    sure::is_time(c) || sure::is_weekday(c)
}
