//! From a line of quick add to the edits that create its task, and the lists and labels that it names. Plain functions.

use tsugi_calendar::{Date, Due};
use tsugi_quick_add::{Parsed, When};
use tsugi_sync::comment::Comment;
use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::ids::{EntityId, Timestamp, UserId};
use tsugi_sync::label::Label;
use tsugi_sync::list::List;
use tsugi_sync::replica::Edit;
use tsugi_sync::section::Section;
use tsugi_sync::task::{Priority, Task, write_labels};
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::index::catalog::Catalog;
use crate::place::TaskPlace;
use crate::text::fields::InvalidText;

/// The place and the time at which a task is added, and the source of new ids.
#[derive(Debug)]
pub struct Adding<'a> {
    pub place: &'a TaskPlace,
    pub catalog: &'a Catalog,
    pub today: Date,
    /// The time zone of the device. A time in the line is one on the clocks there.
    pub zone: &'a str,
    /// The user whose account it is, if there is one.
    pub user: Option<UserId>,
    pub now: Timestamp,
    pub fresh_id: fn() -> Uuid,
}

impl Adding<'_> {
    /// The edits that add the task: first the missing lists, sections and labels that the line names, then the task
    /// itself. Several edits get one group. If the line names no list, label or day, the task gets those of the place.
    ///
    /// # Errors
    /// If its title or a name in it is not allowed.
    pub fn task(&self, parsed: &Parsed) -> Result<Vec<Edit>, InvalidText> {
        let mut edits = Vec::new();
        let mut set = Task::create(&parsed.title, self.now)?;
        let list = self.list(parsed.list.as_deref(), &mut edits)?;
        if let Some(list) = list {
            set.insert(Field::List, text_of(list));
        }
        if let (Some(list), Some(name)) = (list, parsed.section.as_deref()) {
            let section = self.section(list, name, &mut edits)?;
            set.insert(Field::Section, text_of(section));
        }
        let labels = self.labels(&parsed.labels, &mut edits)?;
        if !labels.is_empty() {
            let labels = write_labels(&labels).map_err(|_| InvalidText::Labels(labels.len()))?;
            set.insert(Field::Labels, labels);
        }
        self.set_times(parsed, &mut set);
        if let Some(priority) = parsed.priority.and_then(priority_of) {
            set.insert(Field::Priority, priority.into());
        }
        edits.push(self.edit(Kind::Task, set));
        if edits.len() > 1 {
            let group = Some((self.fresh_id)());
            edits.iter_mut().for_each(|edit| edit.group = group);
        }
        Ok(edits)
    }

    fn list(&self, name: Option<&str>, edits: &mut Vec<Edit>) -> Result<Option<EntityId>, InvalidText> {
        let Some(name) = name else {
            return Ok(match self.place {
                TaskPlace::List(id) | TaskPlace::Board(id) => Some(*id),
                TaskPlace::Inbox | TaskPlace::Today | TaskPlace::Upcoming | TaskPlace::Label(_) => None,
                TaskPlace::Search(_) | TaskPlace::Completed | TaskPlace::Deleted => None,
            });
        };
        if let Some(list) = self.catalog.list_named(name) {
            return Ok(Some(list));
        }
        edits.push(self.edit(Kind::List, List::create(name, self.now)?));
        Ok(edits.last().map(|edit| edit.entity))
    }

    fn section(&self, list: EntityId, name: &str, edits: &mut Vec<Edit>) -> Result<EntityId, InvalidText> {
        if let Some(section) = self.catalog.section_named(list, name) {
            return Ok(section);
        }
        let edit = self.edit(Kind::Section, Section::create(name, list, self.now)?);
        let section = edit.entity;
        edits.push(edit);
        Ok(section)
    }

    fn labels(&self, names: &[String], edits: &mut Vec<Edit>) -> Result<Vec<EntityId>, InvalidText> {
        let mut labels = match self.place {
            TaskPlace::Label(id) => vec![*id],
            TaskPlace::Inbox | TaskPlace::Today | TaskPlace::Upcoming => Vec::new(),
            TaskPlace::List(_) | TaskPlace::Board(_) => Vec::new(),
            TaskPlace::Search(_) | TaskPlace::Completed | TaskPlace::Deleted => Vec::new(),
        };
        for name in names {
            let label = match self.catalog.label_named(name) {
                Some(label) => label,
                None => {
                    let edit = self.edit(Kind::Label, Label::create(name, self.now)?);
                    let label = edit.entity;
                    edits.push(edit);
                    label
                }
            };
            labels.push(label);
        }
        labels.sort_unstable();
        labels.dedup();
        Ok(labels)
    }

    /// Sets when the task is due, when it can be begun, and how it recurs. If the line says none of these, a task that
    /// is added in Today or Upcoming is due today.
    fn set_times(&self, parsed: &Parsed, set: &mut Fields) {
        if let Some(when) = parsed.due {
            set.insert(Field::Due, self.due(when).into());
        }
        if let Some(start) = parsed.start {
            set.insert(Field::Start, Due::On(start).into());
        }
        if let Some(rule) = &parsed.recurrence {
            set.insert(Field::Recurrence, Value::Text(rule.to_string()));
        }
        let is_bare = parsed.due.is_none() && parsed.start.is_none() && parsed.recurrence.is_none();
        if is_bare && matches!(self.place, TaskPlace::Today | TaskPlace::Upcoming) {
            set.insert(Field::Due, Due::On(self.today).into());
        }
    }

    fn due(&self, When { date, time }: When) -> Due {
        match time {
            None => Due::On(date),
            Some(time) => Due::At {
                date,
                time,
                zone: self.zone.to_owned(),
            },
        }
    }

    /// The edit that adds a sub-task, in the list and section of its parent.
    ///
    /// # Errors
    /// If its title is not allowed.
    pub fn sub_task(&self, parent: &Task, title: &str) -> Result<Edit, InvalidText> {
        let mut set = Task::create(title, self.now)?;
        set.insert(Field::Parent, text_of(parent.id));
        for (field, place) in [(Field::List, parent.list), (Field::Section, parent.section)] {
            if let Some(place) = place {
                set.insert(field, text_of(place));
            }
        }
        Ok(self.edit(Kind::Task, set))
    }

    /// The edit that adds a comment.
    ///
    /// # Errors
    /// If the text is empty or too long.
    pub fn comment(&self, task: EntityId, text: &str) -> Result<Edit, InvalidText> {
        let set = Comment::create(task, text, self.user, self.now)?;
        Ok(self.edit(Kind::Comment, set))
    }

    fn edit(&self, kind: Kind, set: Fields) -> Edit {
        Edit {
            entity: EntityId((self.fresh_id)()),
            kind,
            set,
            seen: Fields::new(),
            at: self.now,
            group: None,
        }
    }
}

fn text_of(id: EntityId) -> Value {
    Value::Text(id.to_string())
}

fn priority_of(priority: tsugi_quick_add::Priority) -> Option<Priority> {
    Priority::read(&Value::Int(i64::from(priority.number())))
}
