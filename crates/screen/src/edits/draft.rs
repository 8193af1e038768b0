//! The draft: the values that a person is typing into the editor. They are saved as the person goes, and the task may
//! change meanwhile.

use tsugi_quick_add::Parsed;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;
use tsugi_sync::limits;
use tsugi_sync::title::{TitleError, check_title};
use tsugi_sync::value::Value;

use crate::edits::add::due_of;
use crate::index::detail::Detail;
use crate::intent::{FieldChange, NewLabel};
use crate::model::{Named, Sidebar};
use crate::text::when;
use tsugi_words::fold::fold;
use tsugi_words::phrases;
use uuid::Uuid;

/// It holds the touched fields only. Every other field of the editor shows the task as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    touched: Vec<FieldChange>,
    /// Labels that the person gave the task and that are still to be created.
    new_labels: Vec<NewLabel>,
}

/// What the words of a title mean here.
#[derive(Clone, Copy, Debug)]
pub struct Here<'a> {
    /// The lists and labels that exist.
    pub content: &'a Sidebar,
    /// The time zone of this device.
    pub zone: &'a str,
    pub fresh_id: fn() -> Uuid,
}

impl Draft {
    /// The text that the input of the field shows.
    #[must_use]
    pub fn shown(&self, field: &Field, task: &Detail) -> String {
        self.of(field)
            .map_or_else(|| task.text_of(field), |change| change.value.clone())
    }

    /// The person typed. The text that they saw before the first key stays the base of the edit.
    pub fn typed(&mut self, field: Field, value: String, task: &Detail) {
        match self.touched.iter_mut().find(|change| change.field == field) {
            Some(change) => change.value = value,
            None => self.touched.push(FieldChange {
                seen: task.text_of(&field),
                field,
                value,
            }),
        }
    }

    /// Puts the task in another list, and in no section of it.
    pub fn put_on(&mut self, list: String, task: &Detail) {
        if self.shown(&Field::List, task) != list {
            self.typed(Field::List, list, task);
            self.typed(Field::Section, String::new(), task);
        }
    }

    /// Gives the task a label, or takes the label away.
    pub fn label(&mut self, label: EntityId, on: bool, task: &Detail) {
        let labels = with_label(&self.shown(&Field::Labels, task), &label.to_string(), on);
        self.typed(Field::Labels, labels, task);
    }

    /// Gives the task a label that is still to be created.
    pub fn new_label(&mut self, label: NewLabel, task: &Detail) {
        self.label(label.id, true, task);
        self.new_labels.push(label);
    }

    /// Takes out of the title what its words say, and puts that into the fields.
    pub fn take_words(&mut self, parsed: &Parsed, here: Here<'_>, task: &Detail) {
        let Here {
            content,
            zone,
            fresh_id,
        } = here;
        let mut set = |field, value| self.typed(field, value, task);
        set(Field::Title, parsed.title.clone());
        if let Some(due) = parsed.due {
            set(Field::Due, due_of(due, zone).to_string());
        }
        if let Some(start) = parsed.start {
            set(Field::Start, start.to_string());
        }
        if let Some(rule) = &parsed.recurrence {
            set(Field::Recurrence, rule.to_string());
        }
        if let Some(priority) = parsed.priority {
            set(Field::Priority, priority.number().to_string());
        }
        let named = |known: &&Named, name: &String| fold(&known.name) == fold(name);
        for name in &parsed.labels {
            match content.labels.iter().find(|label| named(label, name)) {
                Some(label) => self.label(label.id, true, task),
                None => {
                    let id = EntityId(fresh_id());
                    let name = name.clone();
                    self.new_label(NewLabel { id, name }, task);
                }
            }
        }
        if let Some(name) = &parsed.list
            && let Some(list) = content.lists().find(|list| named(list, name))
        {
            self.put_on(list.id.to_string(), task);
        }
    }

    #[must_use]
    pub fn new_labels(&self) -> &[NewLabel] {
        &self.new_labels
    }

    /// The task's present text of a touched field, if it was changed elsewhere since, to another text than the typed
    /// one.
    #[must_use]
    pub fn overtaken(&self, field: &Field, task: &Detail) -> Option<String> {
        let change = self.of(field)?;
        let now = task.text_of(field);
        (now != change.seen && now != change.value).then_some(now)
    }

    /// Drops the typed text of the field, so that the field shows the task again.
    pub fn forget(&mut self, field: &Field) {
        self.touched.retain(|change| change.field != *field);
    }

    /// The changes to save: the touched fields whose value differs from the one seen.
    #[must_use]
    pub fn changes(&self) -> Vec<FieldChange> {
        let tidy = |change: &FieldChange| match change.field == Field::Title {
            // A title has one line, so pasted line breaks become spaces.
            true => change.value.trim().replace(['\r', '\n'], " "),
            false => change.value.clone(),
        };
        let tidied = self.touched.iter().map(|change| FieldChange {
            value: tidy(change),
            ..change.clone()
        });
        tidied.filter(|change| change.value != change.seen).collect()
    }

    /// The reason why the draft cannot be saved; none if it can.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        self.touched.iter().find_map(problem_of)
    }

    /// The valid changes that are not saved yet.
    #[must_use]
    pub fn unsaved(&self) -> Vec<FieldChange> {
        let mut changes = self.changes();
        changes.retain(|change| problem_of(change).is_none());
        changes
    }

    /// These changes were saved. The inputs go on showing what was typed, and the saved text is the base of the next
    /// change.
    pub fn saved(&mut self, changes: &[FieldChange]) {
        for change in changes {
            if let Some(typed) = self.touched.iter_mut().find(|typed| typed.field == change.field) {
                typed.seen.clone_from(&change.value);
            }
            if change.field == Field::Labels {
                self.new_labels.clear();
            }
        }
    }

    /// The person comes back to a text that could not be saved. `seen` is the text of the field when they began it.
    pub fn resume(&mut self, field: Field, seen: String, value: String) {
        self.touched.push(FieldChange { field, seen, value });
    }

    /// The person left an input. What was typed there and is saved follows the task again.
    pub fn settle(&mut self) {
        let waiting: Vec<Field> = self.changes().into_iter().map(|change| change.field).collect();
        self.touched.retain(|typed| waiting.contains(&typed.field));
    }

    /// The notes that were typed and are not saved: they are too long, or the device had no room. They are kept on this
    /// device when the editor closes.
    #[must_use]
    pub fn unsaved_notes(&self) -> Option<&FieldChange> {
        self.of(&Field::Notes)
            .filter(|change| change.value != change.seen)
    }

    fn of(&self, field: &Field) -> Option<&FieldChange> {
        self.touched.iter().find(|change| change.field == *field)
    }
}

/// The ids of labels with `label` among them, or without it; sorted, each only once.
#[must_use]
pub fn with_label(labels: &str, label: &str, on: bool) -> String {
    let mut labels: Vec<&str> = labels
        .split_whitespace()
        .filter(|other| *other != label)
        .collect();
    if on {
        let place = labels.partition_point(|other| *other < label);
        labels.insert(place, label);
    }
    labels.join(" ")
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most fields can hold any value")]
fn problem_of(change: &FieldChange) -> Option<String> {
    match change.field {
        Field::Title => title_problem(&change.value),
        Field::Notes if !Value::text(change.value.as_str()).is_within_limits() => {
            Some(phrases::notes_too_long().to_owned())
        }
        Field::Due | Field::Start if !when::is_when_or_empty(&change.value) => {
            Some(phrases::date_wrong().to_owned())
        }
        Field::Labels if change.value.split_whitespace().count() > limits::LABELS => {
            Some(phrases::too_many_labels(limits::LABELS))
        }
        _ => None,
    }
}

/// The reason why a text cannot be a title; none if it can.
#[must_use]
pub fn title_problem(title: &str) -> Option<String> {
    match check_title(title) {
        Ok(_) => None,
        Err(TitleError::Empty) => Some(phrases::title_needed().to_owned()),
        Err(TitleError::TooLong(length)) => Some(phrases::title_too_long(limits::TITLE_CHARS, length)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_sync::ids::Timestamp;

    fn row(title: &str) -> Detail {
        Detail {
            id: EntityId(Uuid::nil()),
            texts: vec![(Field::Title, title.to_owned())],
            completed: None,
            created: Timestamp(0),
            deleted: false,
            above: Vec::new(),
            below: Vec::new(),
            comments: Vec::new(),
        }
    }

    #[test]
    fn untouched_fields_follow_the_task_and_touched_ones_keep_their_base() {
        let mut draft = Draft::default();
        assert_eq!(draft.shown(&Field::Title, &row("b")), "b");
        draft.typed(Field::Title, "mi".to_owned(), &row("b"));
        draft.typed(Field::Title, "mine ".to_owned(), &row("theirs"));
        assert_eq!(draft.shown(&Field::Title, &row("theirs")), "mine ");
        assert_eq!(
            draft.overtaken(&Field::Title, &row("theirs")),
            Some("theirs".to_owned())
        );
        assert_eq!(draft.overtaken(&Field::Title, &row("b")), None);
        let change = FieldChange {
            field: Field::Title,
            seen: "b".to_owned(),
            value: "mine".to_owned(),
        };
        assert_eq!(draft.changes(), [change]);
        draft.forget(&Field::Title);
        assert_eq!(draft, Draft::default());
    }

    #[test]
    fn typing_and_taking_it_back_changes_nothing() {
        let mut draft = Draft::default();
        draft.typed(Field::Title, "bc".to_owned(), &row("b"));
        draft.typed(Field::Title, "b".to_owned(), &row("b"));
        assert_eq!(draft.changes(), []);
    }

    #[test]
    fn what_may_not_be_saved() {
        let mut draft = Draft::default();
        assert_eq!(draft.problem(), None);
        draft.typed(Field::Title, " ".to_owned(), &row("b"));
        assert_eq!(draft.problem().as_deref(), Some(phrases::title_needed()));
        draft.typed(Field::Notes, "kept".to_owned(), &row("b"));
        let changes = draft.unsaved();
        assert_eq!(changes.len(), 1, "the title waits until it is one");
        draft.saved(&changes);
        assert_eq!(draft.unsaved(), []);
        assert_eq!(draft.problem().as_deref(), Some(phrases::title_needed()));
        draft.settle();
        assert_eq!(
            draft.shown(&Field::Title, &row("b")),
            " ",
            "what could not be saved stays"
        );
        assert_eq!(
            draft.shown(&Field::Notes, &row("b")),
            "",
            "what was saved follows the task"
        );
        assert_eq!(
            title_problem("\u{200b}").as_deref(),
            Some(phrases::title_needed())
        );
        assert!(title_problem(&"題".repeat(500)).is_none());
        assert!(title_problem(&"題".repeat(501)).is_some());
    }

    #[test]
    fn each_pause_saves_what_was_typed_since_the_last_one() {
        let mut draft = Draft::default();
        let save = |draft: &mut Draft| {
            let changes = draft.unsaved();
            draft.saved(&changes);
            let only = changes.into_iter().next();
            only.map(|change| (change.seen, change.value))
        };
        draft.typed(Field::Title, "buy ".to_owned(), &row("b"));
        assert_eq!(save(&mut draft), Some(("b".to_owned(), "buy".to_owned())));
        assert_eq!(save(&mut draft), None);
        assert_eq!(
            draft.shown(&Field::Title, &row("buy")),
            "buy ",
            "the space stays under the cursor"
        );
        draft.typed(Field::Title, "buy milk".to_owned(), &row("buy"));
        assert_eq!(save(&mut draft), Some(("buy".to_owned(), "buy milk".to_owned())));
        assert_eq!(draft.overtaken(&Field::Title, &row("buy milk")), None);
        assert_eq!(
            draft.overtaken(&Field::Title, &row("theirs")),
            Some("theirs".to_owned()),
            "somebody else wrote after the pause"
        );
        draft.settle();
        assert_eq!(draft.shown(&Field::Title, &row("theirs")), "theirs");
    }

    #[test]
    fn notes_that_are_not_saved_are_handed_over_and_resumed_on_their_base() {
        let mut draft = Draft::default();
        draft.typed(Field::Notes, "short".to_owned(), &row("b"));
        assert!(draft.unsaved_notes().is_some(), "the device may have had no room");
        let changes = draft.unsaved();
        draft.saved(&changes);
        assert_eq!(draft.unsaved_notes(), None);
        let long = "x".repeat(1_000_000);
        draft.typed(Field::Notes, long.clone(), &row("b"));
        assert_eq!(draft.unsaved(), [], "too long");
        let kept = draft.unsaved_notes().cloned().expect("kept");
        assert_eq!((kept.seen.as_str(), &kept.value), ("short", &long));
        let mut later = Draft::default();
        later.resume(kept.field, kept.seen, kept.value);
        assert_eq!(later.shown(&Field::Notes, &row("b")), long);
        assert_eq!(
            later.unsaved_notes().map(|notes| notes.seen.as_str()),
            Some("short")
        );
    }

    #[test]
    fn labels_come_and_go_in_order_and_another_list_has_other_sections() {
        let (task, mut draft) = (row("b"), Draft::default());
        let id = |n| EntityId(Uuid::from_u128(n));
        draft.label(id(2), true, &task);
        draft.new_label(
            NewLabel {
                id: id(1),
                name: "errand".to_owned(),
            },
            &task,
        );
        assert_eq!(draft.shown(&Field::Labels, &task), format!("{} {}", id(1), id(2)));
        draft.label(id(2), false, &task);
        draft.label(id(1), false, &task);
        assert_eq!(draft.changes(), [], "as it was");
        draft.typed(Field::Section, "s".to_owned(), &task);
        draft.put_on("l".to_owned(), &task);
        assert_eq!(draft.shown(&Field::Section, &task), "");
    }
}
