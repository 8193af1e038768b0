//! The task that a line describes.

use std::ops::Range;

use tsugi_calendar::{Date, Rule, Time};

use crate::when::When;

/// A task as it was written in one line, and the chips that say which words became which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The text that is in no chip. It may be empty, and then the caller refuses it.
    pub title: String,
    /// For a task that recurs, the first day on which it is due.
    pub due: Option<When>,
    pub start: Option<Date>,
    pub recurrence: Option<Rule>,
    pub priority: Option<Priority>,
    /// In the order of the line, each once.
    pub labels: Vec<String>,
    pub list: Option<String>,
    pub section: Option<String>,
    /// In the order of the text, without overlap.
    pub chips: Vec<Chip>,
}

/// Words that were taken out of the title, with their meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// Bytes of the text, on character boundaries.
    pub range: Range<usize>,
    pub value: Value,
}

impl Chip {
    #[must_use]
    pub fn kind(&self) -> ChipKind {
        match self.value {
            Value::Due(_) => ChipKind::Due,
            Value::Time(_) => ChipKind::Time,
            Value::Start(_) => ChipKind::Start,
            Value::Repeat(..) => ChipKind::Repeat,
            Value::Until(_) => ChipKind::Until,
            Value::Count(_) => ChipKind::Count,
            Value::Priority(_) => ChipKind::Priority,
            Value::Label(_) => ChipKind::Label,
            Value::List(_) => ChipKind::List,
            Value::Section(_) => ChipKind::Section,
            Value::Escape => ChipKind::Escape,
        }
    }

    /// The value to give to [`parse_without`](crate::parse_without) when the person drops this chip of `text`.
    ///
    /// ```
    /// # use tsugi_calendar::{Date, Time, Weekday};
    /// # use tsugi_quick_add::{parse, parse_without, Context, DateOrder};
    /// # let context = Context {
    /// #     today: Date::new(2026, 11, 25).unwrap(),
    /// #     now: Time::new(10, 0).unwrap(),
    /// #     week_starts: Weekday::Monday,
    /// #     date_order: DateOrder::MonthFirst,
    /// # };
    /// let text = "watch Tomorrow Never Dies";
    /// let parsed = parse(text, &context);
    /// assert_eq!(parsed.title, "watch Never Dies");
    /// let dropped: Vec<_> = parsed.chips.iter().map(|chip| chip.dropped(text)).collect();
    /// assert_eq!(parse_without(text, &context, &dropped).title, text);
    /// ```
    #[must_use]
    pub fn dropped(&self, text: &str) -> Dropped {
        let words = text.get(self.range.clone()).unwrap_or_default();
        Dropped {
            kind: self.kind(),
            words: bare(words).to_owned(),
        }
    }
}

/// Words without the separators that a chip takes along.
pub(crate) fn bare(words: &str) -> &str {
    words.trim_matches(|c: char| c.is_whitespace() || is_separator(c) || is_bracket(c))
}

/// Whether a character may separate a chip from the title. It goes with the chip.
pub(crate) fn is_separator(c: char) -> bool {
    matches!(c, ',' | ':' | ';' | '、' | '，' | '：' | '；')
}

pub(crate) fn is_bracket(c: char) -> bool {
    matches!(c, '(' | ')' | '（' | '）' | '[' | ']' | '［' | '］' | '【' | '】')
}

/// A chip that a person has dropped, so that its words are title. It is known by its kind and its words rather than
/// by its place, so that it stays dropped while the person goes on typing. If the words occur twice in a line, both
/// are dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    pub kind: ChipKind,
    pub words: String,
}

/// The meaning of a chip's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A day, with a time if the words give both (`tonight`, `in 3 hours`).
    Due(When),
    Time(Time),
    Start(Date),
    /// The rule that these words give; and the time, if they give one too (`every evening`) and no other words do.
    /// [`Parsed::recurrence`] also has the end of the rule.
    Repeat(Rule, Option<Time>),
    Until(Date),
    Count(u16),
    Priority(Priority),
    Label(String),
    List(String),
    Section(String),
    /// A backslash that keeps the word after it in the title.
    Escape,
}

/// The kinds of [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChipKind {
    Due,
    Time,
    Start,
    Repeat,
    Until,
    Count,
    Priority,
    Label,
    List,
    Section,
    Escape,
}

/// 1 is the highest. A task without a priority comes after 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    P1,
    P2,
    P3,
    P4,
}

impl Priority {
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::P1),
            2 => Some(Self::P2),
            3 => Some(Self::P3),
            4 => Some(Self::P4),
            _ => None,
        }
    }

    #[must_use]
    pub fn number(self) -> u8 {
        self as u8 + 1
    }
}
