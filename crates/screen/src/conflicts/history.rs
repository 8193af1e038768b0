//! The decisions so far, of people and of rules. Each says which value was kept, which was dropped, and how to undo it.

use tsugi_sync::conflict::{Conflict, Sides, State, UndoError, overwritten_by_undo};
use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::merge::Rule;
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::value::Value;
use tsugi_words::{phrases, zones};

use crate::conflicts::card::{Surroundings, maker, names_in, title_of};
use crate::intent::Resolution;
use crate::text::fields::{kind_of, to_text};
use crate::text::merge::say;

/// Whose history is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryOf {
    All,
    /// That of one task.
    Task(EntityId),
}

/// A person decides, or a rule does; or somebody edits, and there is nothing to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decider {
    Person,
    Rule,
    Edit,
}

/// Whether a decision can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undo {
    /// A rule decided: the person takes the other value instead.
    ByTaking,
    Possible,
    /// Somebody has edited these fields since: each with its value now, and the one that undo would bring back.
    Overwrites(Vec<(String, String)>),
    TooLate,
    /// An earlier version did not keep what undo needs.
    Never,
}

/// One thing that was decided, or edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    pub id: EntityId,
    pub task: EntityId,
    pub title: String,
    pub at: Timestamp,
    pub when: String,
    pub decider: Decider,
    /// "Decided on this device", "Merged by itself".
    pub who: String,
    pub lines: Vec<HistoryLine>,
    pub undo: Undo,
}

/// One field of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryLine {
    pub label: String,
    /// What happened, in words, if it was no decision. Then the rest is empty.
    pub said: Option<String>,
    pub kept: String,
    /// The values that were not kept.
    pub dropped: Vec<String>,
    /// The rule in words.
    pub rule: Option<&'static str>,
    /// Takes what was not kept after all: its name, and the decision.
    pub take: Option<(String, Resolution)>,
}

/// The entry of a record; none if the record is still open. `subject` is the thing that it is about, as it is now.
#[must_use]
pub fn entry(
    conflict: &Conflict,
    subject: Option<&Entity>,
    around: &Surroundings<'_>,
    now: Timestamp,
) -> Option<HistoryEntry> {
    let decided = Decided {
        conflict,
        subject,
        around,
        zone: zones::own(),
    };
    let (at, decider, who) = match (&conflict.state, &conflict.resolution) {
        (State::Open, _) => return None,
        (State::Merged, _) => (
            conflict.created,
            Decider::Rule,
            phrases::merged_by_itself().to_owned(),
        ),
        (State::Resolved, Some(resolution)) if resolution.by.at > Timestamp(0) => {
            let by = maker(&resolution.by, around, None);
            let who = match by.is_here {
                true => phrases::decided_here().to_owned(),
                false => phrases::decided_on(&by.name),
            };
            (by.at, Decider::Person, who)
        }
        (State::Resolved, _) => (
            conflict.created,
            Decider::Person,
            phrases::history_people().to_owned(),
        ),
    };
    let undo = match (conflict.may_undo(now), conflict.state) {
        (Ok(()), State::Merged) => Undo::ByTaking,
        (Ok(()), State::Open | State::Resolved) => decided.undo(),
        (Err(UndoError::TooOld), _) => Undo::TooLate,
        (Err(UndoError::NotDecided | UndoError::NothingBefore | UndoError::SubjectUnknown), _) => Undo::Never,
    };
    let can_take = undo == Undo::ByTaking;
    Some(HistoryEntry {
        id: conflict.id,
        task: conflict.subject,
        title: subject.map(title_of).unwrap_or_default(),
        at,
        when: (around.moment)(at),
        decider,
        who,
        lines: decided.lines(can_take),
        undo,
    })
}

struct Decided<'a> {
    conflict: &'a Conflict,
    subject: Option<&'a Entity>,
    around: &'a Surroundings<'a>,
    zone: String,
}

impl Decided<'_> {
    /// A value of a field in words.
    fn say(&self, field: &Field, value: &Value) -> String {
        let (kind, text) = (kind_of(field), to_text(field, value));
        let names = names_in(kind, &[&text], self.around.name);
        say(&text, field, kind, &names, &self.zone)
    }

    fn now(&self, field: &Field) -> Value {
        self.subject
            .map(|subject| subject.value(field).clone())
            .unwrap_or_default()
    }

    fn undo(&self) -> Undo {
        let overwritten = overwritten_by_undo(self.conflict, self.subject);
        let in_words = overwritten.iter().map(|over| {
            (
                self.say(&over.field, &over.now),
                self.say(&over.field, &over.undone),
            )
        });
        match overwritten.is_empty() {
            true => Undo::Possible,
            false => Undo::Overwrites(in_words.collect()),
        }
    }

    fn lines(&self, can_take: bool) -> Vec<HistoryLine> {
        let results: SortedMap<Field, Value> = match &self.conflict.resolution {
            Some(resolution) => resolution
                .results
                .iter()
                .map(|(field, value)| (field.clone(), value.clone()))
                .collect(),
            None => {
                let decisions = self.conflict.decisions.iter();
                decisions
                    .map(|(field, decision)| (field.clone(), decision.result.clone()))
                    .collect()
            }
        };
        let is_by_hand = self.conflict.state == State::Resolved;
        let fields = self.conflict.fields.iter().filter_map(|(field, sides)| {
            // A person's decision, such as a deletion, leaves the other fields of the record as they are: what was written
            // there and not kept is shown, too. Beside the decision of a rule, they say only what it was about.
            let now = self.now(field);
            let line = self.line(field, sides, results.get(field).unwrap_or(&now), can_take);
            (results.contains_key(field) || (is_by_hand && !line.dropped.is_empty())).then_some(line)
        });
        // A person may have given a field a value that no side disagreed about, such as opening a task again.
        let others = results
            .iter()
            .filter(|(field, _)| !self.conflict.fields.contains_key(field));
        let others = others.map(|(field, result)| HistoryLine {
            label: phrases::field_label(field),
            kept: self.say(field, result),
            ..HistoryLine::default()
        });
        fields.chain(others).collect()
    }

    fn line(&self, field: &Field, sides: &Sides, result: &Value, can_take: bool) -> HistoryLine {
        let rule = self
            .conflict
            .decisions
            .get(field)
            .and_then(|decision| decision.rule);
        let is_joined = matches!(rule, Some(Rule::Lines | Rule::Set)) || has_all_lines(field, sides, result);
        let other = [&sides.local, &sides.remote]
            .into_iter()
            .filter(|side| *side != result && !is_joined);
        let mut others: Vec<&Value> = other.collect();
        others.dedup();
        // Whoever has edited the field since has not asked for this.
        let stands = self.now(field) == *result;
        let take = others.first().filter(|_| can_take && stands).map(|value| {
            let said = self.say(field, value);
            let resolution = Resolution {
                conflict: self.conflict.id,
                results: vec![(field.clone(), to_text(field, value))],
                shown: vec![(field.clone(), to_text(field, &self.now(field)))],
                title: self.subject.map(title_of).unwrap_or_default(),
                result: said.clone(),
            };
            (phrases::take_value(&said), resolution)
        });
        HistoryLine {
            label: phrases::field_label(field),
            said: None,
            kept: match is_joined {
                true => String::new(),
                false => self.say(field, result),
            },
            dropped: others.into_iter().map(|value| self.say(field, value)).collect(),
            rule: rule.and_then(words_of),
            take,
        }
    }
}

/// Whether the notes have every line that either side has.
fn has_all_lines(field: &Field, sides: &Sides, result: &Value) -> bool {
    let lines = |value: &Value| -> Vec<String> {
        let text = value.as_text().unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    };
    let kept = lines(result);
    let is_in = |side: &Value| lines(side).iter().all(|line| kept.contains(line));
    let is_either = [&sides.local, &sides.remote].contains(&result);
    *field == Field::Notes && !is_either && is_in(&sides.local) && is_in(&sides.remote)
}

/// A rule in words; none if it dropped nothing.
#[must_use]
pub fn words_of(rule: Rule) -> Option<&'static str> {
    match rule {
        Rule::Same | Rule::OneSide => None,
        Rule::Lines => Some(phrases::rule_lines()),
        Rule::Set => Some(phrases::rule_set()),
        Rule::Earliest => Some(phrases::rule_earliest()),
        Rule::LastWriter => Some(phrases::rule_last_writer()),
        Rule::Cycle => Some(phrases::rule_cycle()),
        Rule::Done => Some(phrases::rule_done()),
    }
}
