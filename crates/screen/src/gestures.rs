//! Gestures that can be undone, and undone gestures that can be redone: at most a hundred of them. The latest are kept
//! while a page is loaded again.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use tsugi_sync::gesture::Done;
use tsugi_sync::ids::WorkspaceId;
use uuid::Uuid;

use crate::text::summary::Summary;

/// How many gestures can be undone.
const DEEPEST: usize = 100;
/// How many of them are kept while the page is loaded again.
const KEPT: usize = 20;
/// How many edits they may have together. A gesture that changes ten thousand tasks is not kept.
const KEPT_EDITS: usize = 500;
/// The largest kept text, in bytes.
const KEPT_BYTES: usize = 500_000;

/// One thing that a person did, with all edits that it took.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Gesture {
    pub what: Summary,
    pub done: Vec<Done>,
    /// The visit to the editor in which it was done.
    pub visit: Option<Visit>,
}

/// One visit to the editor, from opening to closing it. All that is typed meanwhile is undone as one gesture, however
/// often it was saved on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit(pub Uuid);

impl Gesture {
    /// Adds what was done later to the same entities. What they had before the first time is still what undo brings back.
    fn take_in(&mut self, later: Vec<Done>) {
        for later in later {
            let Some(first) = self.done.iter_mut().find(|done| done.entity == later.entity) else {
                self.done.push(later);
                continue;
            };
            for (field, value) in later.set {
                let is_new = !first.set.contains_key(&field);
                if let (true, Some(had)) = (is_new, later.had.get(&field)) {
                    first.had.insert(field.clone(), had.clone());
                }
                first.set.insert(field, value);
            }
        }
    }
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

/// The latest gestures, as a page keeps them while it is loaded again.
#[derive(Serialize, Deserialize)]
struct Kept {
    workspace: WorkspaceId,
    done: Vec<Gesture>,
    undone: Vec<Gesture>,
}

impl Gestures {
    /// The latest gestures as a text. It ends before the first one, going back, that there is no room for, because undo
    /// must not pass over a gesture.
    #[must_use]
    pub fn to_text(&self, workspace: WorkspaceId) -> String {
        let mut room = KEPT_EDITS;
        let mut latest = |gestures: &VecDeque<(GestureId, Gesture)>| {
            let fits = |gesture: &&Gesture| {
                let rest = room.checked_sub(gesture.done.len());
                room = rest.unwrap_or(room);
                rest.is_some()
            };
            let latest = gestures.iter().rev().map(|(_, gesture)| gesture);
            let mut kept: Vec<Gesture> = latest.take(KEPT).take_while(fits).cloned().collect();
            kept.reverse();
            kept
        };
        let kept = Kept {
            workspace,
            done: latest(&self.done),
            undone: latest(&self.undone),
        };
        let text = serde_json::to_string(&kept).ok();
        text.filter(|text| text.len() <= KEPT_BYTES).unwrap_or_default()
    }

    /// The gestures that a text has, if it is of this workspace and can be read.
    #[must_use]
    pub fn from_text(text: &str, workspace: WorkspaceId) -> Option<Self> {
        let kept: Kept = serde_json::from_str(text).ok()?;
        if kept.workspace != workspace {
            return None;
        }
        let mut gestures = Self::default();
        for gesture in kept.done {
            gestures.carried_out(Direction::Redo, gesture);
        }
        for gesture in kept.undone {
            gestures.carried_out(Direction::Undo, gesture);
        }
        Some(gestures)
    }

    /// Whether nothing has been done yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.newest == 0
    }

    /// The person did something new. The gestures that were undone cannot be redone after that. What belongs to the same
    /// visit to the editor as the gesture before becomes a part of that gesture.
    pub fn did(&mut self, gesture: Gesture) -> GestureId {
        self.undone.clear();
        match self.done.back_mut() {
            Some((id, last)) if gesture.visit.is_some() && last.visit == gesture.visit => {
                last.take_in(gesture.done);
                *id
            }
            Some(_) | None => self.carried_out(Direction::Redo, gesture),
        }
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
    use tsugi_sync::entity::{Field, Fields, Kind};
    use tsugi_sync::ids::EntityId;
    use tsugi_sync::value::Value;

    fn gesture(what: &str) -> Gesture {
        Gesture {
            what: Summary::Said(what.to_owned()),
            done: Vec::new(),
            visit: None,
        }
    }

    /// One save of the editor: a field of the task was set.
    fn save(visit: u128, field: Field, had: Option<&str>, set: &str) -> Gesture {
        let fields = |text: &str| Fields::from([(field.clone(), Value::text(text))]);
        Gesture {
            done: vec![Done {
                entity: EntityId(Uuid::from_u128(7)),
                kind: Kind::Task,
                set: fields(set),
                had: had.map(fields).unwrap_or_default(),
            }],
            visit: Some(Visit(Uuid::from_u128(visit))),
            ..gesture("edit")
        }
    }

    #[test]
    fn a_visit_to_the_editor_is_one_gesture() {
        let mut gestures = Gestures::default();
        let first = gestures.did(save(1, Field::Title, Some("milk"), "oat"));
        assert_eq!(
            gestures.did(save(1, Field::Title, Some("oat"), "oat milk")),
            first
        );
        assert_eq!(gestures.did(save(1, Field::Notes, None, "two")), first);
        let visit = gestures.take(Direction::Undo, Which::Last).expect("the visit");
        let [done] = visit.done.as_slice() else {
            panic!("one entity: {visit:?}");
        };
        assert_eq!(done.had, Fields::from([(Field::Title, Value::text("milk"))]));
        let set = [
            (Field::Title, Value::text("oat milk")),
            (Field::Notes, Value::text("two")),
        ];
        assert_eq!(done.set, Fields::from(set));
        assert!(gestures.take(Direction::Undo, Which::Last).is_none());
    }

    #[test]
    fn another_visit_or_another_gesture_between_is_undone_by_itself() {
        let mut gestures = Gestures::default();
        gestures.did(save(1, Field::Title, None, "a"));
        gestures.did(save(2, Field::Title, None, "b"));
        gestures.did(gesture("complete a sub-task"));
        gestures.did(save(2, Field::Title, None, "c"));
        let mut count = 0;
        while gestures.take(Direction::Undo, Which::Last).is_some() {
            count += 1;
        }
        assert_eq!(count, 4);
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

    #[test]
    fn the_latest_are_kept_while_a_page_is_loaded_again() {
        let workspace = WorkspaceId(Uuid::from_u128(1));
        let mut gestures = Gestures::default();
        assert!(gestures.is_new());
        for n in 0..30 {
            gestures.did(gesture(&n.to_string()));
        }
        gestures.did(save(1, Field::Title, Some("milk"), "oat milk"));
        let undone = gestures.take(Direction::Undo, Which::Last).expect("a gesture");
        gestures.carried_out(Direction::Undo, undone);
        let text = gestures.to_text(workspace);
        let mut kept = Gestures::from_text(&text, workspace).expect("the same workspace");
        assert!(!kept.is_new());
        let redone = kept.take(Direction::Redo, Which::Last).expect("what was undone");
        assert_eq!(redone.done, save(1, Field::Title, Some("milk"), "oat milk").done);
        let mut count = 0;
        while let Some(last) = kept.take(Direction::Undo, Which::Last) {
            assert_eq!(last.what, Summary::Said((29 - count).to_string()));
            count += 1;
        }
        assert_eq!(count, KEPT);
        let other = WorkspaceId(Uuid::from_u128(2));
        assert!(Gestures::from_text(&text, other).is_none());
        assert!(Gestures::from_text("{}", workspace).is_none());
    }

    #[test]
    fn undo_after_a_reload_does_not_pass_over_a_gesture_that_is_too_large_to_keep() {
        let workspace = WorkspaceId(Uuid::from_u128(1));
        let mut gestures = Gestures::default();
        gestures.did(gesture("before"));
        let one = save(1, Field::Title, None, "a").done.remove(0);
        gestures.did(Gesture {
            done: vec![one; KEPT_EDITS + 1],
            ..gesture("large")
        });
        let kept = |gestures: &Gestures| Gestures::from_text(&gestures.to_text(workspace), workspace);
        let mut none = kept(&gestures).expect("a text");
        assert!(none.take(Direction::Undo, Which::Last).is_none());
        gestures.did(gesture("after"));
        let mut after = kept(&gestures).expect("a text");
        let last = after.take(Direction::Undo, Which::Last).expect("the one after");
        assert_eq!(last.what, Summary::Said("after".to_owned()));
        assert!(after.take(Direction::Undo, Which::Last).is_none());
        gestures.did(gesture(&"long ".repeat(KEPT_BYTES)));
        assert!(kept(&gestures).is_none());
    }
}
