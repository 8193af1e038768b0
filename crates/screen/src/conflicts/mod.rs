//! Conflicts as people decide them: a card for each, the versions of each field, what a person has chosen so far, and
//! what was decided before. Plain functions and values; `components/merge` draws them.

pub mod batch;
pub mod card;
pub mod choice;
pub mod days;
pub mod filter;
pub mod history;
pub mod news;
pub mod places;
pub mod queue;
pub mod rules;
pub mod situation;
pub mod words;
