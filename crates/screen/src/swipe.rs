//! A row that a finger pushes sideways: towards its end the task is done, towards its beginning it is put off.

use crate::drag_over::Point;

/// How many pixels a finger goes sideways before it takes the row along.
const BEGINS: f64 = 10.0;
/// How many pixels it has to go so that letting go acts.
const ACTS: f64 = 96.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Done,
    Later,
}

/// How far a row is pushed, in pixels to the right, and what that means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swipe {
    pub by: f64,
    pub towards: Way,
    /// What happens if the finger lets go now.
    pub acts: Option<Way>,
}

/// Whether a finger goes sideways, and does not scroll the page.
#[must_use]
pub fn begins(from: Point, at: Point) -> bool {
    let (aside, along) = ((at.0 - from.0).abs(), (at.1 - from.1).abs());
    aside > BEGINS && aside > 1.5 * along
}

/// The swipe of a finger from one point to another. On a mirrored page, the end of a row is at its left.
#[must_use]
pub fn of(from: Point, at: Point, is_mirrored: bool) -> Swipe {
    let by = at.0 - from.0;
    let towards = match (by > 0.0) != is_mirrored {
        true => Way::Done,
        false => Way::Later,
    };
    Swipe {
        by,
        towards,
        acts: (by.abs() >= ACTS).then_some(towards),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finger_that_goes_up_or_down_scrolls() {
        let from = (100.0, 100.0);
        for (at, is_swipe) in [
            ((105.0, 100.0), false),
            ((115.0, 103.0), true),
            ((85.0, 97.0), true),
            ((115.0, 112.0), false),
            ((100.0, 140.0), false),
        ] {
            assert_eq!(begins(from, at), is_swipe, "{at:?}");
        }
    }

    #[test]
    fn only_a_long_push_acts_and_a_mirrored_page_turns_it_round() {
        let by = |pixels: f64, is_mirrored| of((100.0, 0.0), (100.0 + pixels, 5.0), is_mirrored);
        assert_eq!(by(95.0, false).acts, None);
        assert_eq!(by(96.0, false).acts, Some(Way::Done));
        assert_eq!(by(-120.0, false).acts, Some(Way::Later));
        assert_eq!(by(-120.0, true).acts, Some(Way::Done));
        assert_eq!(by(40.0, true).towards, Way::Later);
        assert_eq!(by(-40.0, false).by, -40.0);
    }
}
