//! Positions: the places into which people put things by hand, as texts to sort by. Between any two there is room for
//! another, so that moving one thing changes only that thing.
//!
//! Fractional indexing, as described by E. Wallace, “Realtime editing of ordered sequences” (Figma, 2017), and D.
//! Greenspan, “Implementing fractional indexing” (2020). A position is a fraction between 0 and 1, written in base 62
//! without the `0.`, so that the order of the numbers is the order of the texts. A part of each position is random
//! (*jitter*). So two devices that put something in the same place at the same time nearly always choose different
//! positions. If they choose the same, the ids decide.
//!
//! At both ends new positions come in small steps, so that they stay as short as before. Adding at an end is what
//! people do most.

use std::fmt;
use std::str::FromStr;

use crate::limits;
use crate::value::Value;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u64 = 62;
/// Digits of a position at an end, while there is room.
const END_DIGITS: u32 = 5;
/// The longest step at an end; the length of each is random.
const END_STEP: u64 = 1_024;
/// The least room from which a position is chosen in the middle; a quarter of it is up to chance.
const ROOM: u64 = 1_024;

/// The place of something among its siblings. Positions sort in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(String);

/// Why there is no position in between. The caller has to [spread](Position::spread) the siblings again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRoom {
    /// Two devices chose the same position, or the neighbours are not in order.
    #[error("the neighbours are not one before the other")]
    NotInOrder,
    #[error("a position has at most {max} bytes", max = limits::POSITION_BYTES)]
    TooLong,
}

impl Position {
    /// A position after `before` and before `after`; none is the end. `jitter` is any random number.
    ///
    /// # Errors
    /// When there is no such position: see [`NoRoom`].
    pub fn between(before: Option<&Self>, after: Option<&Self>, jitter: u64) -> Result<Self, NoRoom> {
        let digits = |position: &Self| position.0.bytes().map(value_of).collect::<Vec<_>>();
        let (low, high) = (before.map(digits), after.map(digits));
        let digits = match (low, high) {
            (Some(low), Some(high)) if low >= high => return Err(NoRoom::NotInOrder),
            (None, None) => write(power(END_DIGITS) / 2 + jitter % END_STEP, END_DIGITS),
            (Some(low), None) => step_after(&low, jitter).unwrap_or_else(|| middle(&low, None, jitter)),
            (None, Some(high)) => {
                step_before(&high, jitter).unwrap_or_else(|| middle(&[], Some(&high), jitter))
            }
            (Some(low), Some(high)) => middle(&low, Some(&high), jitter),
        };
        let position = Self::from_digits(&digits);
        if position.0.len() > limits::POSITION_BYTES {
            return Err(NoRoom::TooLong);
        }
        Ok(position)
    }

    /// `count` positions in order, with as much room between them as possible.
    #[must_use]
    pub fn spread(count: usize) -> Vec<Self> {
        let parts = count as u64 + 1;
        // Up to half a million things keep five digits and room for a choice between any two.
        let digits = if parts > power(END_DIGITS) / ROOM {
            8
        } else {
            END_DIGITS
        };
        let step = power(digits) / parts;
        let nth = |nth: u64| Self::from_digits(&write(nth * step, digits));
        (1..parts).map(nth).collect()
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Leaves out zeros at the end, because two texts would be the same number with them.
    fn from_digits(digits: &[u64]) -> Self {
        let len = digits
            .iter()
            .rposition(|digit| *digit != 0)
            .map_or(0, |last| last + 1);
        let text = digits[..len]
            .iter()
            .map(|digit| char::from(DIGITS[*digit as usize]));
        Self(text.collect())
    }
}

/// A step from the last one, if the end is not near.
fn step_after(low: &[u64], jitter: u64) -> Option<Vec<u64>> {
    let next = read(low, 0, END_DIGITS) + 1 + jitter % END_STEP;
    (next < power(END_DIGITS)).then(|| write(next, END_DIGITS))
}

/// A step before the first one, if the end is not near.
fn step_before(high: &[u64], jitter: u64) -> Option<Vec<u64>> {
    let next = read(high, 0, END_DIGITS).checked_sub(1 + jitter % END_STEP)?;
    (next > 0).then(|| write(next, END_DIGITS))
}

/// A number about half way, as short as it can be with enough room for a random choice. `low` is less than `high`.
/// Without `high`, the limit is the end.
fn middle(low: &[u64], high: Option<&[u64]>, jitter: u64) -> Vec<u64> {
    let mut prefix = Vec::new();
    let mut high = high;
    loop {
        let from = prefix.len();
        let room = |digits| match high {
            Some(high) => read(high, from, digits) - read(low, from, digits),
            None => power(digits) - read(low, from, digits),
        };
        if room(1) == 0 {
            prefix.push(digit(low, from));
        } else if room(2) <= 1 {
            // Only numbers that begin with the digit of the lower one are in between.
            prefix.push(digit(low, from));
            high = None;
        } else {
            // With four digits there is always enough room: a difference of two in the second digit is more than 3,800
            // in the fourth.
            let digits = (2..4).find(|digits| room(*digits) >= ROOM).unwrap_or(4);
            let room = room(digits);
            let chosen = read(low, from, digits) + room / 2 - room / 8 + jitter % (room / 4);
            prefix.extend(write(chosen, digits));
            return prefix;
        }
    }
}

fn power(digits: u32) -> u64 {
    BASE.pow(digits)
}

/// A digit of a fraction; after the last one come zeros.
fn digit(digits: &[u64], nth: usize) -> u64 {
    digits.get(nth).copied().unwrap_or(0)
}

/// `count` digits from a place on, as a number.
fn read(digits: &[u64], from: usize, count: u32) -> u64 {
    (from..from + count as usize).fold(0, |number, nth| number * BASE + digit(digits, nth))
}

/// A number as `count` digits.
fn write(number: u64, count: u32) -> Vec<u64> {
    (0..count).rev().map(|nth| number / power(nth) % BASE).collect()
}

fn value_of(byte: u8) -> u64 {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A' + 10,
        b'a'..=b'z' => byte - b'a' + 36,
        _ => byte.saturating_sub(b'0'),
    };
    u64::from(value)
}

impl FromStr for Position {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Self, PositionError> {
        let known = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if known && !text.ends_with('0') && text.len() <= limits::POSITION_BYTES {
            Ok(Self(text.to_owned()))
        } else {
            Err(PositionError)
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position: letters and digits, not ending in 0")]
pub struct PositionError;

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Position> for Value {
    fn from(position: Position) -> Self {
        Self::Text(position.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn position() -> impl Strategy<Value = Position> {
        "[0-9A-Za-z]{0,9}[1-9A-Za-z]".prop_map(|text| text.parse().unwrap())
    }

    fn between(before: Option<&Position>, after: Option<&Position>, jitter: u64) -> Position {
        let found = Position::between(before, after, jitter).unwrap();
        assert_eq!(
            found.as_str().parse().as_ref(),
            Ok(&found),
            "it can be read again"
        );
        assert!(before.is_none_or(|before| *before < found), "{before:?} {found}");
        assert!(after.is_none_or(|after| found < *after), "{found} {after:?}");
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn it_is_strictly_between(one in position(), other in position(), jitter in any::<u64>()) {
            let (low, high) = (one.clone().min(other.clone()), one.max(other));
            between(Some(&high), None, jitter);
            between(None, Some(&low), jitter);
            if low == high {
                let same = Position::between(Some(&low), Some(&high), jitter);
                prop_assert_eq!(same, Err(NoRoom::NotInOrder));
            } else {
                let found = between(Some(&low), Some(&high), jitter);
                between(Some(&low), Some(&found), jitter);
                between(Some(&found), Some(&high), jitter);
                prop_assert_eq!(
                    Position::between(Some(&high), Some(&low), jitter),
                    Err(NoRoom::NotInOrder)
                );
            }
        }

        #[test]
        fn a_thousand_inserts_anywhere_stay_short(
            places in prop::collection::vec((any::<prop::sample::Index>(), any::<u64>()), 1_000),
        ) {
            let mut all: Vec<Position> = Vec::new();
            for (place, jitter) in places {
                let nth = place.index(all.len() + 1);
                let before = nth.checked_sub(1).map(|nth| &all[nth]);
                let found = between(before, all.get(nth), jitter);
                all.insert(nth, found);
            }
            prop_assert!(all.is_sorted());
            let longest = all.iter().map(|position| position.as_str().len()).max();
            prop_assert!(longest <= Some(16), "{longest:?}");
        }

        #[test]
        fn two_devices_at_the_same_spot_hardly_ever_come_to_the_same(one in position(), other in position()) {
            prop_assume!(one != other);
            let (low, high) = (one.clone().min(other.clone()), one.max(other));
            let all: std::collections::BTreeSet<_> =
                (0..256).map(|jitter| between(Some(&low), Some(&high), jitter)).collect();
            prop_assert_eq!(all.len(), 256);
        }
    }

    #[test]
    fn the_tightest_neighbours_have_room_between() {
        let rows = [
            ("1", "11"),
            ("1", "100000001"),
            ("1z", "2"),
            ("1zzzzzzzz", "2"),
            ("1zzzz", "21"),
            ("zzzzzzzz", "zzzzzzzzz"),
            ("0000001", "0000002"),
        ];
        for (low, high) in rows {
            for jitter in [0, 1, 255, u64::MAX] {
                let (low, high) = (low.parse().unwrap(), high.parse().unwrap());
                between(Some(&low), Some(&high), jitter);
            }
        }
        between(None, Some(&"00000001".parse().unwrap()), 0);
        between(Some(&"zzzzzzz".parse().unwrap()), None, 0);
    }

    #[test]
    fn ten_thousand_added_at_either_end_do_not_grow() {
        let (mut first, mut last) = (between(None, None, 0), between(None, None, 0));
        for jitter in 0..10_000 {
            last = between(Some(&last), None, jitter);
            first = between(None, Some(&first), jitter);
            assert!(last.as_str().len() <= 5 && first.as_str().len() <= 5);
        }
    }

    #[test]
    fn what_grew_too_long_is_told_and_spread_anew() {
        let (low, mut high) = (between(None, None, 0), between(None, None, 9));
        let mut inserted = 0;
        let refused = loop {
            match Position::between(Some(&low), Some(&high), inserted) {
                Ok(found) => high = found,
                Err(refused) => break refused,
            }
            inserted += 1;
        };
        assert_eq!(refused, NoRoom::TooLong);
        assert!(inserted > 150, "{inserted} at one spot");
        for count in [0, 1, 2, 1_000, 100_000] {
            let spread = Position::spread(count);
            assert_eq!(spread.len(), count);
            assert!(spread.is_sorted_by(|one, next| one < next));
            assert!(spread.iter().all(|position| position.as_str().len() <= 5));
        }
        let many = Position::spread(1_000_000);
        assert!(many.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn what_is_no_position() {
        for text in [
            "",
            "a0",
            "0",
            "a-b",
            "字",
            &"z".repeat(limits::POSITION_BYTES + 1),
        ] {
            assert_eq!(text.parse::<Position>(), Err(PositionError), "{text}");
        }
    }
}
