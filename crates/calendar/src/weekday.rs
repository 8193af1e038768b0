//! The days of the week.

/// A day of the week, Monday first, as in ISO 8601. The locale says on which day a person's week begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// 0 for Monday to 6 for Sunday.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// How many days this weekday comes after another: 0 to 6.
    #[must_use]
    pub fn days_since(self, other: Self) -> u8 {
        (self.number() + 7 - other.number()) % 7
    }
}
