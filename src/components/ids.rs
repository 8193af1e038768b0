//! Ids that a component names twice: for a label and its field, or for a heading and the part under it. Each is spelled
//! once, here, because nothing would report two different spellings. The ids that hooks look for are in
//! `browser/names.rs`.

pub(super) const ACCOUNT_PROBLEM: &str = "account-problem";
pub(super) const ATTENTION_HEADING: &str = "attention-heading";
pub(super) const COMMENTS_HEADING: &str = "comments-heading";
pub(super) const NAME_PROBLEM: &str = "name-problem";
pub(super) const PALETTE_OPTIONS: &str = "palette-options";
pub(super) const PASSWORD_RULE: &str = "password-rule";
pub(super) const PASSWORD: &str = "password";
pub(super) const PICKER_OPTIONS: &str = "picker-options";
pub(super) const SHEET_TITLE: &str = "sheet-title";
pub(super) const SUB_TASKS_HEADING: &str = "sub-tasks-heading";
pub(super) const WITHOUT_HINT: &str = "without-hint";
