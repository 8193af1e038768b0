//! The words of both grammars, and days and times in digits.

pub(crate) mod english;
pub(crate) mod japanese;
pub(crate) mod numeric;

use crate::reader::Reader;

/// Whether digits after the words at this place are a part, a score or a size: `page 5/10`, 進捗 3/10.
pub(crate) fn wants_ratio(c: Reader<'_>) -> bool {
    english::wants_ratio(c.word_before().text()) || japanese::wants_ratio(c)
}
