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
use tsugi_words::fold::fold;
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
    /// The edits that add tasks, each as a line describes it: before a task come the lists, sections and labels that its
    /// line names and that are missing. Several edits get one group. If a line names no list, label or day, its task gets
    /// those of the place.
    ///
    /// # Errors
    /// If a title or a name is not allowed.
    pub fn tasks(&self, lines: &[Parsed]) -> Result<Vec<Edit>, InvalidText> {
        self.each(lines, |parsed, set, edits| {
            let list = self.list(parsed.list.as_deref(), edits)?;
            if let Some(list) = list {
                set.insert(Field::List, text_of(list));
            }
            if let (Some(list), Some(name)) = (list, parsed.section.as_deref()) {
                let section = self.section(list, name, edits)?;
                set.insert(Field::Section, text_of(section));
            }
            Ok(())
        })
    }

    /// The edits that add sub-tasks, in the list and section of their parent.
    ///
    /// # Errors
    /// If a title or a name is not allowed.
    pub fn sub_tasks(&self, parent: &Task, lines: &[Parsed]) -> Result<Vec<Edit>, InvalidText> {
        self.each(lines, |_, set, _| {
            set.insert(Field::Parent, text_of(parent.id));
            for (field, place) in [(Field::List, parent.list), (Field::Section, parent.section)] {
                if let Some(place) = place {
                    set.insert(field, text_of(place));
                }
            }
            Ok(())
        })
    }

    /// The edits that add a task for each line. `put` says where it is.
    fn each(
        &self,
        lines: &[Parsed],
        put: impl Fn(&Parsed, &mut Fields, &mut Vec<Edit>) -> Result<(), InvalidText>,
    ) -> Result<Vec<Edit>, InvalidText> {
        let mut edits = Vec::new();
        for (nth, parsed) in lines.iter().enumerate() {
            // Without positions, tasks are in the order in which they were created.
            let mut set = Task::create(&parsed.title, self.now.plus(nth as u64))?;
            put(parsed, &mut set, &mut edits)?;
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
        }
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
        if let Some(list) = self
            .catalog
            .list_named(name)
            .or_else(|| made(edits.iter(), &Kind::List, name))
        {
            return Ok(Some(list));
        }
        edits.push(self.edit(Kind::List, List::create(name, self.now)?));
        Ok(edits.last().map(|edit| edit.entity))
    }

    fn section(&self, list: EntityId, name: &str, edits: &mut Vec<Edit>) -> Result<EntityId, InvalidText> {
        let of_list = |edit: &&Edit| edit.set.get(&Field::List) == Some(&text_of(list));
        let sections = edits.iter().filter(of_list);
        if let Some(section) = self
            .catalog
            .section_named(list, name)
            .or_else(|| made(sections, &Kind::Section, name))
        {
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
            let known = self.catalog.label_named(name);
            let label = match known.or_else(|| made(edits.iter(), &Kind::Label, name)) {
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
            set.insert(Field::Due, due_of(when, self.zone).into());
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

/// The due date that words say. A time is one on the clocks of `zone`.
#[must_use]
pub fn due_of(When { date, time }: When, zone: &str) -> Due {
    match time {
        None => Due::On(date),
        Some(time) => Due::At {
            date,
            time,
            zone: zone.to_owned(),
        },
    }
}

/// The list, section or label of this name that an earlier line of the same gesture makes.
fn made<'a>(mut edits: impl Iterator<Item = &'a Edit>, kind: &Kind, name: &str) -> Option<EntityId> {
    let name = fold(name);
    let is_it = |edit: &&Edit| {
        let made = edit.set.get(&Field::Name).and_then(Value::as_text);
        edit.kind == *kind && made.is_some_and(|made| fold(made) == name)
    };
    edits.find(is_it).map(|edit| edit.entity)
}

fn text_of(id: EntityId) -> Value {
    Value::Text(id.to_string())
}

fn priority_of(priority: tsugi_quick_add::Priority) -> Option<Priority> {
    Priority::read(&Value::Int(i64::from(priority.number())))
}
