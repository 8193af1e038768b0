//! What was done and can be taken back, what was taken back and can be done again: as deep as a person may remember.

use std::collections::VecDeque;

use tsugi_sync::gesture::Done;

/// Gestures that can be taken back.
const DEEPEST: usize = 100;

/// One thing that a person did, however many edits it took.
#[derive(Clone, Debug)]
pub struct Gesture {
    /// "Task completed"
    pub what: String,
    pub done: Vec<Done>,
}

/// Whether something is taken back or done again.
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
    /// Something new was done: what had been taken back cannot be done again.
    pub fn did(&mut self, gesture: Gesture) {
        self.undone.clear();
        self.push_done(gesture);
    }

    /// What is next in this direction; it is there no more.
    pub fn take(&mut self, direction: Direction) -> Option<Gesture> {
        match direction {
            Direction::Undo => self.done.pop_back(),
            Direction::Redo => self.undone.pop(),
        }
    }

    /// It was carried out, by these edits: now it can be carried out the other way round.
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
