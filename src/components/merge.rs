//! The rules of the merge dialog, as plain functions: what a choice puts into the result, what may be saved, and
//! which part of a value differs from the base.

use crate::components::due;
use crate::phrases;
use crate::state::model::{ConflictField, DELETED, FieldKind};

/// One of the three values on offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Mine,
    Theirs,
    Base,
}

impl Side {
    pub const ALL: [Self; 3] = [Self::Mine, Self::Theirs, Self::Base];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mine => phrases::mine(),
            Self::Theirs => phrases::theirs(),
            Self::Base => phrases::base(),
        }
    }

    #[must_use]
    pub fn value(self, field: &ConflictField) -> &str {
        match self {
            Self::Mine => &field.mine,
            Self::Theirs => &field.theirs,
            Self::Base => &field.base,
        }
    }
}

/// What a person has decided about one field so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    Side(Side),
    /// Their own words.
    Own(String),
}

impl Pick {
    /// Typing into the result: the side that was chosen stays chosen for as long as the text is still its value.
    #[must_use]
    pub fn typed(&self, typed: String, field: &ConflictField) -> Self {
        match self {
            Self::Side(side) if side.value(field) == typed => Self::Side(*side),
            Self::Side(_) | Self::Own(_) => Self::Own(typed),
        }
    }

    /// What the result's input shows.
    #[must_use]
    pub fn text<'p>(&'p self, field: &'p ConflictField) -> &'p str {
        match self {
            Self::Side(side) => side.value(field),
            Self::Own(own) => own,
        }
    }

    /// What is saved.
    #[must_use]
    pub fn result(&self, field: &ConflictField) -> String {
        match self {
            Self::Side(side) => side.value(field).to_owned(),
            Self::Own(own) => match field.kind {
                FieldKind::Text | FieldKind::Date => own.trim().to_owned(),
                FieldKind::Multiline | FieldKind::Deleted => own.clone(),
            },
        }
    }

    #[must_use]
    pub fn is(&self, side: Side) -> bool {
        matches!(self, Self::Side(chosen) if *chosen == side)
    }

    /// Why this cannot be saved; `None` when it can.
    #[must_use]
    pub fn problem(&self, field: &ConflictField) -> Option<&'static str> {
        let result = self.result(field);
        match field.kind {
            FieldKind::Text => result.is_empty().then_some(phrases::title_needed()),
            FieldKind::Date => (!due::is_date_or_empty(&result)).then_some(phrases::date_wrong()),
            FieldKind::Multiline | FieldKind::Deleted => None,
        }
    }
}

/// A value as words: what the dialog shows in place of an empty text or a deletion mark.
#[must_use]
pub fn shown(value: &str, kind: FieldKind) -> String {
    match kind {
        FieldKind::Deleted if value == DELETED => phrases::delete_it().to_owned(),
        FieldKind::Deleted => phrases::keep_it().to_owned(),
        FieldKind::Date if value.is_empty() => phrases::no_date().to_owned(),
        FieldKind::Text | FieldKind::Multiline if value.is_empty() => phrases::emptied().to_owned(),
        FieldKind::Text | FieldKind::Multiline | FieldKind::Date => value.to_owned(),
    }
}

/// The sentence over a deletion that met an edit.
#[must_use]
pub fn deletion_sentence(field: &ConflictField) -> &'static str {
    match (field.mine == DELETED, field.theirs == DELETED) {
        (false, true) => phrases::deleted_there(),
        (true, false) => phrases::deleted_here(),
        (true, true) | (false, false) => phrases::deleted_both(),
    }
}

/// `value` in three parts: as in the base, different, as in the base. Cut at words where the script has spaces.
#[must_use]
pub fn difference<'v>(base: &str, value: &'v str) -> (&'v str, &'v str, &'v str) {
    if base == value {
        return (value, "", "");
    }
    let same = |a: &(char, char)| a.0 == a.1;
    let head: usize = base
        .chars()
        .zip(value.chars())
        .take_while(same)
        .map(|(_, c)| c.len_utf8())
        .sum();
    let backwards = base[head..].chars().rev().zip(value[head..].chars().rev());
    let tail: usize = backwards.take_while(same).map(|(_, c)| c.len_utf8()).sum();
    let from = to_word_start(value, head);
    let to = to_word_end(value, value.len() - tail);
    // Spaces at the edges of what differs are no difference anyone sees.
    let middle = &value[from..to];
    let from = from + (middle.len() - middle.trim_start().len());
    let to = (to - (middle.len() - middle.trim_end().len())).max(from);
    (&value[..from], &value[from..to], &value[to..])
}

fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn to_word_start(value: &str, at: usize) -> usize {
    let cuts_word = value[at..].chars().next().is_some_and(in_word);
    let word = value[..at].chars().rev().take_while(|c| in_word(*c)).count();
    if cuts_word { at - word } else { at }
}

fn to_word_end(value: &str, at: usize) -> usize {
    let cuts_word = value[..at].chars().next_back().is_some_and(in_word);
    let word = value[at..].chars().take_while(|c| in_word(*c)).count();
    if cuts_word { at + word } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_sync::entity::Field;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn field(kind: FieldKind) -> ConflictField {
        ConflictField {
            field: Field::Title,
            label: "Title".to_owned(),
            base: "Buy milk".to_owned(),
            mine: "Buy oat milk".to_owned(),
            theirs: "Buy two litres of milk".to_owned(),
            kind,
        }
    }

    #[wasm_bindgen_test]
    fn a_choice_fills_the_result_and_typing_makes_it_ones_own() {
        let field = field(FieldKind::Text);
        let pick = Pick::Side(Side::Theirs);
        assert_eq!(pick.result(&field), field.theirs);
        let own = pick.typed("Buy 2 l of oat milk".to_owned(), &field);
        assert_eq!(own.result(&field), "Buy 2 l of oat milk");
        assert!(Side::ALL.iter().all(|side| !own.is(*side)));
        assert_eq!(pick.typed(field.theirs.clone(), &field), pick);
    }

    #[wasm_bindgen_test]
    fn what_may_not_be_saved() {
        let own = |text: &str| Pick::Own(text.to_owned());
        assert_eq!(
            own("  ").problem(&field(FieldKind::Text)),
            Some(phrases::title_needed())
        );
        assert_eq!(own("").problem(&field(FieldKind::Multiline)), None);
        assert_eq!(
            own("2026-02-30").problem(&field(FieldKind::Date)),
            Some(phrases::date_wrong())
        );
        assert_eq!(own("").problem(&field(FieldKind::Date)), None);
        assert_eq!(own(" 2026-02-28").problem(&field(FieldKind::Date)), None);
    }

    #[wasm_bindgen_test]
    fn the_part_that_differs() {
        let table = [
            ("Buy milk", "Buy oat milk", ("Buy ", "oat", " milk")),
            ("Buy milk", "Buy milk", ("Buy milk", "", "")),
            ("", "new", ("", "new", "")),
            ("a", "a ", ("a ", "", "")),
            ("Call Anna", "Call Anja", ("Call ", "Anja", "")),
            ("歯医者に電話", "歯医者に予約", ("歯医者に", "予約", "")),
            ("会議の資料", "会議", ("会議", "", "")),
            ("aaa", "aa", ("aa", "", "")),
        ];
        for (base, value, expected) in table {
            assert_eq!(difference(base, value), expected, "{base} / {value}");
        }
    }
}
