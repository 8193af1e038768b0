//! Gestures that can be undone, and undone gestures that can be redone: at most a hundred of them.

use std::collections::VecDeque;

use tsugi_sync::gesture::Done;

use crate::text::summary::Summary;

/// How many gestures can be undone.
const DEEPEST: usize = 100;

/// One thing that a person did, with all edits that it took.
#[derive(Clone, Debug)]
pub struct Gesture {
    pub what: Summary,
    pub done: Vec<Done>,
}

/// Names a gesture that was carried out, as long as this page is open. A notice keeps it, so that its button acts on
/// this gesture and never on a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GestureId(u64);

/// Whether a gesture is undone or redone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Undo,
    Redo,
}

/// The gesture to undo or to redo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one that was carried out last.
    Last,
    This(GestureId),
}

#[derive(Debug, Default)]
pub struct Gestures {
    done: VecDeque<(GestureId, Gesture)>,
    undone: VecDeque<(GestureId, Gesture)>,
    newest: u64,
}

impl Gestures {
    /// The person did something new. The gestures that were undone cannot be redone after that.
    pub fn did(&mut self, gesture: Gesture) -> GestureId {
        self.undone.clear();
        self.carried_out(Direction::Redo, gesture)
    }

    /// Takes a gesture out that can be carried out in this direction. None if there is no such gesture any more.
    pub fn take(&mut self, direction: Direction, which: Which) -> Option<Gesture> {
        let from = match direction {
            Direction::Undo => &mut self.done,
            Direction::Redo => &mut self.undone,
        };
        let place = match which {
            Which::Last => from.len().checked_sub(1)?,
            Which::This(id) => from.iter().rposition(|(other, _)| *other == id)?,
        };
        from.remove(place).map(|(_, gesture)| gesture)
    }

    /// The gesture was carried out in this direction, so now it can be carried out in the other one, by its new id.
    pub fn carried_out(&mut self, direction: Direction, gesture: Gesture) -> GestureId {
        self.newest += 1;
        let id = GestureId(self.newest);
        let onto = match direction {
            Direction::Undo => &mut self.undone,
            Direction::Redo => &mut self.done,
        };
        onto.push_back((id, gesture));
        if onto.len() > DEEPEST {
            onto.pop_front();
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gesture(what: &str) -> Gesture {
        Gesture {
            what: Summary::Said(what.to_owned()),
            done: Vec::new(),
        }
    }

    fn next(gestures: &mut Gestures, direction: Direction) -> Option<String> {
        let gesture = gestures.take(direction, Which::Last)?;
        gestures.carried_out(direction, gesture.clone());
        Some(gesture.what.done())
    }

    #[test]
    fn back_and_forth_until_something_new_is_done() {
        use Direction::{Redo, Undo};
        let mut gestures = Gestures::default();
        for what in ["one", "two", "three"] {
            gestures.did(gesture(what));
        }
        assert_eq!(next(&mut gestures, Undo).as_deref(), Some("three"));
        assert_eq!(next(&mut gestures, Undo).as_deref(), Some("two"));
        assert_eq!(next(&mut gestures, Redo).as_deref(), Some("two"));
        gestures.did(gesture("four"));
        assert_eq!(next(&mut gestures, Redo), None);
        assert_eq!(next(&mut gestures, Undo).as_deref(), Some("four"));
        assert_eq!(next(&mut gestures, Undo).as_deref(), Some("two"));
        assert_eq!(next(&mut gestures, Undo).as_deref(), Some("one"));
        assert_eq!(next(&mut gestures, Undo), None);
    }

    #[test]
    fn only_so_much_is_remembered() {
        let mut gestures = Gestures::default();
        for n in 0..2 * DEEPEST {
            gestures.did(gesture(&n.to_string()));
        }
        let mut taken = 0;
        while gestures.take(Direction::Undo, Which::Last).is_some() {
            taken += 1;
        }
        assert_eq!(taken, DEEPEST);
    }

    #[test]
    fn a_notice_undoes_its_own_gesture_and_no_later_one() {
        use Direction::{Redo, Undo};
        let mut gestures = Gestures::default();
        let ticked = gestures.did(gesture("tick A"));
        gestures.did(gesture("add B"));
        let taken = gestures.take(Undo, Which::This(ticked)).expect("it is there");
        assert_eq!(taken.what.done(), "tick A");
        let undone = gestures.carried_out(Undo, taken);
        assert!(gestures.take(Undo, Which::This(ticked)).is_none(), "only once");
        assert_eq!(next(&mut gestures, Undo).as_deref(), Some("add B"));
        let again = gestures
            .take(Redo, Which::This(undone))
            .expect("it can be redone");
        assert_eq!(again.what.done(), "tick A");
    }

    #[test]
    fn a_notice_that_is_too_old_acts_on_nothing() {
        let mut gestures = Gestures::default();
        let first = gestures.did(gesture("first"));
        for n in 0..DEEPEST {
            gestures.did(gesture(&n.to_string()));
        }
        assert!(gestures.take(Direction::Undo, Which::This(first)).is_none());
    }
}
