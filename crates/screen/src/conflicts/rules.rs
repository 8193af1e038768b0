//! The rules of the workspace, as the settings show them: which fields are merged by a rule, and about which people are
//! always asked.

use tsugi_sync::conflict::Conflict;
use tsugi_sync::entity::Field;
use tsugi_sync::policy::{CHOICES, Policies, Preview};
use tsugi_words::phrases;

/// The rules with what they would have meant so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    pub choices: Vec<Choice>,
    pub preview: Preview,
}

/// The choice for one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub field: Field,
    pub label: String,
    /// What the rule does, by an example.
    pub example: &'static str,
    pub asks: bool,
}

/// The rules for the fields that people know by name.
#[must_use]
pub fn rules<'a>(policies: &Policies, records: impl IntoIterator<Item = &'a Conflict>) -> Rules {
    let choice = |field: Field| {
        Some(Choice {
            label: phrases::field_label(&field),
            example: example(&field)?,
            asks: policies.asks(&field),
            field,
        })
    };
    Rules {
        choices: CHOICES.into_iter().filter_map(choice).collect(),
        preview: policies.preview(records),
    }
}

/// None for a field that goes with another one: the section and the parent move with the list.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others have no choice")]
fn example(field: &Field) -> Option<&'static str> {
    match field {
        Field::Notes => Some(phrases::rule_example_notes()),
        Field::Labels => Some(phrases::rule_example_labels()),
        Field::Completed => Some(phrases::rule_example_completed()),
        Field::Priority => Some(phrases::rule_example_priority()),
        Field::List => Some(phrases::rule_example_list()),
        _ => None,
    }
}
