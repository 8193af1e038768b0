//! The rules that a workspace has chosen for itself: fields of tasks about which people always want to be asked, also
//! where a rule could merge both sides. They are one entity of the workspace, so they are synced like everything else,
//! and hold on every device.
//!
//! `docs/decisions/023-rules-of-a-workspace.md` says why it is one entity, and why it only adds questions.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::conflict::Conflict;
use crate::entity::{Entity, Field, Fields, Kind};
use crate::gesture::Entities;
use crate::ids::{EntityId, Timestamp, WorkspaceId};
use crate::merge::{self, Policy, Rule};
use crate::replica::Edit;
use crate::value::Value;

/// The fields of tasks about which people of a workspace always want to be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies(BTreeSet<Field>);

/// What other rules would have meant for the merges so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The automatic merges of which there are records.
    pub merges: usize,
    /// In how many of them a person would have been asked.
    pub asked: usize,
}

/// The fields for which a workspace can choose. For the others there is no choice: a person is asked in any case, or
/// the value is no value that a person compares.
pub const CHOICES: [Field; 7] = [
    Field::Notes,
    Field::Labels,
    Field::Completed,
    Field::Priority,
    Field::List,
    Field::Section,
    Field::Parent,
];

/// The names of the entity's fields begin with this, so that none of them is taken for a field of a task.
const PREFIX: &str = "ask_";

impl Policies {
    /// Rules that ask about these fields. Fields without a choice are left out.
    #[must_use]
    pub fn asking(fields: impl IntoIterator<Item = Field>) -> Self {
        Self(
            fields
                .into_iter()
                .filter(|field| CHOICES.contains(field))
                .collect(),
        )
    }

    /// The rules of a workspace, as somebody sees them.
    #[must_use]
    pub fn of(entities: &dyn Entities, workspace: WorkspaceId) -> Self {
        let entity = entities.view(id(workspace));
        entity.map(|entity| Self::read(&entity)).unwrap_or_default()
    }

    fn read(entity: &Entity) -> Self {
        let is_on = |field: &Field| *entity.value(&name(field)) == Value::Bool(true);
        Self(CHOICES.into_iter().filter(is_on).collect())
    }

    /// Whether people always want to be asked about this field of a task.
    #[must_use]
    pub fn asks(&self, field: &Field) -> bool {
        self.0.contains(field)
    }

    /// The policy of a field under these rules.
    #[must_use]
    pub fn policy(&self, kind: &Kind, field: &Field) -> Policy {
        match *kind == Kind::Task && self.asks(field) {
            true => Policy::Ask,
            false => merge::policy(kind, field),
        }
    }

    /// What these rules would have meant for the merges that there are records of, also of those that a person has
    /// resolved since.
    #[must_use]
    pub fn preview<'a>(&self, records: impl IntoIterator<Item = &'a Conflict>) -> Preview {
        let mut preview = Preview::default();
        for record in records.into_iter().filter(|record| record.was_merged) {
            let is_asked = |field: &Field, rule: Option<Rule>| self.asks(field) && rule != Some(Rule::Cycle);
            let mut decisions = record.decisions.iter();
            preview.merges += 1;
            preview.asked += usize::from(
                record.subject_kind == Kind::Task
                    && decisions.any(|(field, decision)| is_asked(field, decision.rule)),
            );
        }
        preview
    }
}

/// The edit by which a workspace chooses: always ask about this field of a task, or let a rule merge it. None if there
/// is no choice for the field.
#[must_use]
pub fn choose(workspace: WorkspaceId, field: &Field, ask: bool, at: Timestamp) -> Option<Edit> {
    let value = if ask { Value::Bool(true) } else { Value::Null };
    CHOICES.contains(field).then(|| Edit {
        entity: id(workspace),
        kind: Kind::Policy,
        set: Fields::from([(name(field), value)]),
        seen: Fields::new(),
        at,
        group: None,
    })
}

/// The id of the rules, the same on every device of the workspace.
fn id(workspace: WorkspaceId) -> EntityId {
    EntityId(Uuid::new_v5(&workspace.0, b"policy"))
}

fn name(field: &Field) -> Field {
    Field::from(format!("{PREFIX}{}", field.as_str()).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_choice_wherever_a_rule_decides_about_what_people_compare() {
        for field in &CHOICES {
            assert_ne!(merge::policy(&Kind::Task, field), Policy::Ask, "{field:?}");
            assert_eq!(
                Policies::asking([field.clone()]).policy(&Kind::Task, field),
                Policy::Ask
            );
            assert!(choose(WorkspaceId(Uuid::nil()), field, true, Timestamp(1)).is_some());
        }
        for field in [Field::Title, Field::Deleted, Field::Position, Field::Created] {
            assert_eq!(Policies::asking([field.clone()]), Policies::default());
            assert_eq!(choose(WorkspaceId(Uuid::nil()), &field, true, Timestamp(1)), None);
        }
    }

    #[test]
    fn only_tasks_have_such_rules() {
        let all = Policies::asking(CHOICES);
        assert_eq!(all.policy(&Kind::Comment, &Field::Text), Policy::Lines);
        assert_eq!(all.policy(&Kind::Section, &Field::List), Policy::LastWriter);
        assert_eq!(all.policy(&Kind::Conflict, &Field::State), Policy::LastWriter);
    }
}
