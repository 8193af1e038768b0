//! Gestures that can be undone, and undone gestures that can be redone: at most a hundred of them.

use std::collections::VecDeque;

use tsugi_sync::gesture::Done;

/// How many gestures can be undone.
const DEEPEST: usize = 100;

/// One thing that a person did, with all edits that it took.
#[derive(Clone, Debug)]
pub struct Gesture {
    /// A text about it: "Task completed".
    pub what: String,
    pub done: Vec<Done>,
}

/// Whether a gesture is undone or redone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Undo,
    Redo,
}

#[derive(Debug, Default)]
pub struct Gestures {
    done: VecDeque<Gesture>,
    undone: Vec<Gesture>,
}

impl Gestures {
    /// The person did something new. The gestures that were undone cannot be redone after that.
    pub fn did(&mut self, gesture: Gesture) {
        self.undone.clear();
        self.push_done(gesture);
    }

    /// Takes the next gesture in this direction out.
    pub fn take(&mut self, direction: Direction) -> Option<Gesture> {
        match direction {
            Direction::Undo => self.done.pop_back(),
            Direction::Redo => self.undone.pop(),
        }
    }

    /// The gesture was carried out in this direction, so now it can be carried out in the other one.
    pub fn carried_out(&mut self, direction: Direction, gesture: Gesture) {
        match direction {
            Direction::Undo => self.undone.push(gesture),
            Direction::Redo => self.push_done(gesture),
        }
    }

    fn push_done(&mut self, gesture: Gesture) {
        self.done.push_back(gesture);
        if self.done.len() > DEEPEST {
            self.done.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gesture(what: &str) -> Gesture {
        Gesture {
            what: what.to_owned(),
            done: Vec::new(),
        }
    }

    fn next(gestures: &mut Gestures, direction: Direction) -> Option<String> {
        let gesture = gestures.take(direction)?;
        gestures.carried_out(direction, gesture.clone());
        Some(gesture.what)
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
        (0..2 * DEEPEST).for_each(|n| gestures.did(gesture(&n.to_string())));
        let mut taken = 0;
        while gestures.take(Direction::Undo).is_some() {
            taken += 1;
        }
        assert_eq!(taken, DEEPEST);
    }
}
