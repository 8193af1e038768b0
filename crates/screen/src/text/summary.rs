//! A gesture in words: for the notice after it, and for the notices when it is undone or redone.

use serde::{Deserialize, Serialize};
use tsugi_words::phrases;

/// What a gesture did. It holds values and not their text, because a language may need another form of the text when the
/// gesture is undone: "Completed ‘Milk’", "Undone: completing ‘Milk’".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Summary {
    Added(String),
    AddedMany(usize),
    Changed(String),
    Completed {
        task: String,
        /// How many sub-tasks were completed with it.
        sub_tasks: usize,
        /// The day of the next one, in words, if the task recurs.
        next: Option<String>,
    },
    CompletedMany(usize),
    Reopened(String),
    Deleted(String),
    DeletedMany(usize),
    Restored(String),
    /// A conflict was decided.
    Resolved {
        task: String,
        /// The result in words.
        result: String,
    },
    ResolvedMany(usize),
    /// A decision was taken back.
    Unresolved(String),
    /// A text that is the same in each notice.
    Said(String),
}

impl Summary {
    /// Whether the rows stay where they are for a moment, because the person ticks one and sees it leave.
    #[must_use]
    pub fn lingers(&self) -> bool {
        matches!(self, Self::Completed { .. })
    }

    /// After the gesture: "Completed ‘Milk’".
    #[must_use]
    pub fn done(&self) -> String {
        match self {
            Self::Added(task) => phrases::done_added(task),
            Self::AddedMany(count) => phrases::tasks_added(*count),
            Self::Changed(task) => phrases::done_changed(task),
            Self::Completed {
                task,
                sub_tasks,
                next,
            } => {
                let done = match sub_tasks {
                    0 => phrases::done_completed(task),
                    sub_tasks => phrases::done_completed_with(*sub_tasks, task),
                };
                match next {
                    Some(next) => phrases::done_and_next(&done, next),
                    None => done,
                }
            }
            Self::CompletedMany(count) => phrases::tasks_completed(*count),
            Self::Reopened(task) => phrases::done_reopened(task),
            Self::Deleted(task) => phrases::done_deleted(task),
            Self::DeletedMany(count) => phrases::tasks_deleted(*count),
            Self::Restored(task) => phrases::done_restored(task),
            Self::Resolved { task, result } => phrases::done_resolved(task, result),
            Self::ResolvedMany(count) => phrases::done_resolved_many(*count),
            Self::Unresolved(task) => phrases::done_unresolved(task),
            Self::Said(text) => text.clone(),
        }
    }

    /// After the gesture was undone: "Undone: completing ‘Milk’".
    #[must_use]
    pub fn undone(&self) -> String {
        phrases::undone(&self.doing())
    }

    /// After the gesture was redone: "Redone: completing ‘Milk’".
    #[must_use]
    pub fn redone(&self) -> String {
        phrases::redone(&self.doing())
    }

    fn doing(&self) -> String {
        match self {
            Self::Added(task) => phrases::doing_added(task),
            Self::AddedMany(count) => phrases::tasks_added(*count),
            Self::Changed(task) => phrases::doing_changed(task),
            Self::Completed { task, .. } => phrases::doing_completed(task),
            Self::CompletedMany(count) => phrases::tasks_completed(*count),
            Self::Reopened(task) => phrases::doing_reopened(task),
            Self::Deleted(task) => phrases::doing_deleted(task),
            Self::DeletedMany(count) => phrases::tasks_deleted(*count),
            Self::Restored(task) => phrases::doing_restored(task),
            Self::Resolved { task, .. } => phrases::doing_resolved(task),
            Self::ResolvedMany(count) => phrases::done_resolved_many(*count),
            Self::Unresolved(task) => phrases::doing_unresolved(task),
            Self::Said(text) => text.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_words::phrases::{Language, speak};

    fn completed(sub_tasks: usize, next: Option<&str>) -> Summary {
        Summary::Completed {
            task: "Milk".to_owned(),
            sub_tasks,
            next: next.map(str::to_owned),
        }
    }

    #[test]
    fn a_notice_names_the_task() {
        speak(Language::En);
        let table = [
            (
                completed(0, None),
                "Completed ‘Milk’",
                "Undone: completing ‘Milk’",
            ),
            (
                completed(1, None),
                "Completed ‘Milk’ and 1 sub-task",
                "Undone: completing ‘Milk’",
            ),
            (
                completed(3, None),
                "Completed ‘Milk’ and 3 sub-tasks",
                "Undone: completing ‘Milk’",
            ),
            (
                completed(0, Some("tomorrow")),
                "Completed ‘Milk’. Next: tomorrow",
                "Undone: completing ‘Milk’",
            ),
            (
                Summary::Deleted("Milk".to_owned()),
                "Deleted ‘Milk’",
                "Undone: deleting ‘Milk’",
            ),
            (
                Summary::CompletedMany(2),
                "2 tasks completed",
                "Undone: 2 tasks completed",
            ),
            (Summary::Said("Sorted".to_owned()), "Sorted", "Undone: Sorted"),
        ];
        for (summary, done, undone) in table {
            assert_eq!(
                (summary.done(), summary.undone()),
                (done.to_owned(), undone.to_owned())
            );
        }
        assert_eq!(completed(0, None).redone(), "Redone: completing ‘Milk’");
    }

    #[test]
    fn japanese_takes_another_form_when_it_is_undone() {
        speak(Language::Ja);
        let summary = Summary::Completed {
            task: "牛乳".to_owned(),
            sub_tasks: 0,
            next: None,
        };
        assert_eq!(summary.done(), "「牛乳」を完了しました");
        assert_eq!(summary.undone(), "取り消しました：「牛乳」の完了");
        speak(Language::En);
    }
}
