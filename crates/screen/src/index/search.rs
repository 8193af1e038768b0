//! Search while a person types, on the data of this device. It works a little at a time, so that no key press has to
//! wait.
//!
//! A search looks at every task once, the newest first, in turns. If the text grows after a search has ended, only the
//! tasks that it found are looked at again, because more words never find more tasks.

use std::collections::{BTreeMap, VecDeque};

use tsugi_sync::conflict::read_time;
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::ids::EntityId;

use tsugi_words::fold::fold;

use super::keys::latest_first;
use super::sorted::{Key, Sorted, id_of};

/// How many tasks are looked at in one turn: about a millisecond of work on a slow phone.
const TURN: usize = 200;

#[derive(Debug, Default)]
pub struct Search {
    words: Vec<String>,
    /// The tasks that are still to be looked at.
    left: VecDeque<EntityId>,
    hits: Sorted,
    /// The key of each task that was found.
    keys: BTreeMap<EntityId, Key>,
}

impl Search {
    /// Searches for all words of a text. `all` has all tasks, the newest first.
    #[must_use]
    pub fn begin(self, text: &str, all: impl Iterator<Item = EntityId>) -> Self {
        let words: Vec<String> = fold(text).split_whitespace().map(str::to_owned).collect();
        if words == self.words {
            return self;
        }
        let is_narrower = self.is_done()
            && !self.words.is_empty()
            && self
                .words
                .iter()
                .all(|old| words.iter().any(|new| new.contains(old)));
        let left = match (words.is_empty(), is_narrower) {
            (true, _) => VecDeque::new(),
            (false, true) => self.hits.from(0).map(id_of).collect(),
            (false, false) => all.collect(),
        };
        Self {
            words,
            left,
            hits: Sorted::default(),
            keys: BTreeMap::new(),
        }
    }

    /// Searches for the same words again, among all tasks that exist now.
    pub fn again(&mut self, all: impl Iterator<Item = EntityId>) {
        if !self.words.is_empty() {
            self.left = all.collect();
        }
    }

    #[must_use]
    pub fn hits(&self) -> &Sorted {
        &self.hits
    }

    /// Whether everything has been looked at.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.left.is_empty()
    }

    /// The tasks to look at in this turn, by [`Search::look`].
    pub fn turn(&mut self) -> Vec<EntityId> {
        let turn = TURN.min(self.left.len());
        self.left.drain(..turn).collect()
    }

    /// Looks at a task, also a second time if it has changed. Returns whether that changes the results.
    pub fn look(&mut self, id: EntityId, view: Option<&Entity>) -> bool {
        let key = view.and_then(|view| self.key_of(view));
        let before = self.keys.remove(&id);
        if let Some(before) = &before {
            self.hits.remove(before);
        }
        let differs = before != key;
        if let Some(key) = key {
            self.hits.insert(key.clone());
            self.keys.insert(id, key);
        }
        differs
    }

    /// Looks again at a task that has changed, unless the search has no words.
    pub fn look_again(&mut self, id: EntityId, view: Option<&Entity>) -> bool {
        !self.words.is_empty() && self.look(id, view)
    }

    /// The key of a task among the results: open tasks before completed ones, matches in the title before those in the
    /// notes, the newest first. None if the task does not have all words.
    fn key_of(&self, view: &Entity) -> Option<Key> {
        if self.words.is_empty() || view.kind != Kind::Task || view.is_deleted() {
            return None;
        }
        // This does not read a whole `Task`, because a search has no use for its other fields, and there are many
        // tasks.
        let text = |field| fold(view.value(field).as_text().unwrap_or_default());
        let title = text(&Field::Title);
        let by_title = self.words.iter().all(|word| title.contains(word.as_str()));
        if !by_title {
            let notes = text(&Field::Notes);
            let found = |word: &String| title.contains(word.as_str()) || notes.contains(word.as_str());
            if !self.words.iter().all(found) {
                return None;
            }
        }
        let is_done = view.value(&Field::Completed).as_int().is_some();
        let mut key = vec![u8::from(is_done), u8::from(!by_title)];
        key.extend(latest_first(read_time(view.value(&Field::Created))));
        key.extend(view.id.0.as_bytes());
        Some(key.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_sync::entity::Cell;
    use tsugi_sync::ids::{Revision, Timestamp};
    use tsugi_sync::task::Task;
    use uuid::Uuid;

    fn id(n: u128) -> EntityId {
        EntityId(Uuid::from_u128(n))
    }

    fn task(n: u128, title: &str, notes: &str) -> Entity {
        let mut entity = Entity::new(id(n), Kind::Task);
        let mut fields = Task::create(title, Timestamp(n as u64)).expect("a title");
        fields.insert(Field::Notes, notes.into());
        entity.absorb(
            fields
                .into_iter()
                .map(|(field, value)| (field, Cell(value, Revision(1)))),
        );
        entity
    }

    fn run(search: &mut Search, tasks: &[Entity]) -> usize {
        let mut looked = 0;
        while !search.is_done() {
            for id in search.turn() {
                looked += 1;
                search.look(id, tasks.iter().find(|task| task.id == id));
            }
        }
        looked
    }

    #[test]
    fn all_words_in_title_or_notes_and_titles_first() {
        let tasks = [
            task(1, "Buy oat milk", ""),
            task(2, "Shopping", "Oat biscuits and MILK"),
            task(3, "Oats", ""),
            task(4, "ミルクを買う", "ＯＡＴ"),
        ];
        let found = |text: &str| {
            let mut search = Search::default().begin(text, (1..=4).rev().map(id));
            run(&mut search, &tasks);
            search.hits().from(0).map(id_of).collect::<Vec<_>>()
        };
        assert_eq!(found("milk oat"), [id(1), id(2)]);
        assert_eq!(found("OAT"), [id(3), id(1), id(4), id(2)]);
        assert_eq!(found("みるく oat"), [id(4)]);
        assert_eq!(found("  "), []);
        assert_eq!(found("tea"), []);
    }

    #[test]
    fn more_letters_look_only_at_what_was_found_and_fewer_at_everything() {
        let tasks: Vec<Entity> = (1..=50)
            .map(|n| task(n, if n % 10 == 0 { "milk" } else { "tea" }, ""))
            .collect();
        let all = || (1..=50).rev().map(id);
        let mut search = Search::default().begin("mi", all());
        assert_eq!(run(&mut search, &tasks), 50);
        let mut search = search.begin("mil", all());
        assert_eq!(run(&mut search, &tasks), 5);
        assert_eq!(search.hits().len(), 5);
        let mut search = search.begin("m", all());
        assert_eq!(run(&mut search, &tasks), 50);
        // The same words again are the same search.
        assert!(search.begin(" M ", all()).is_done());
    }
}
