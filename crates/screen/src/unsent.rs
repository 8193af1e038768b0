//! Texts that a person typed and did not send: a line of quick add, a sub-task, a comment. Each is kept on the device
//! under the name of its input, so that it is there when the person comes back.

use crate::place::Address;
use tsugi_sync::ids::EntityId;

/// How many texts are kept. The oldest one goes first.
const MOST: usize = 50;
/// How many bytes a text may have to be kept. A longer text stays in its input only.
const LONGEST: usize = 1_000_000;

/// An input whose text is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    QuickAdd(Address),
    /// Quick add from anywhere, in its dialog.
    QuickAddDialog,
    SubTask(EntityId),
    Comment(EntityId),
    /// A new label of a task.
    Label(EntityId),
    /// Notes that could not be saved.
    Notes(EntityId),
    /// The notes that the task had when the person began to type those.
    NotesBefore(EntityId),
}

impl Input {
    /// The name under which its text is kept: without spaces.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::QuickAdd(address) => format!("add:{}", address.to_path()),
            Self::QuickAddDialog => "add".to_owned(),
            Self::SubTask(task) => format!("sub-task:{task}"),
            Self::Comment(task) => format!("comment:{task}"),
            Self::Label(task) => format!("label:{task}"),
            Self::Notes(task) => format!("notes:{task}"),
            Self::NotesBefore(task) => format!("notes-before:{task}"),
        }
    }
}

/// Whether a text is worth keeping, and not too long for it.
#[must_use]
pub fn is_kept(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST
}

/// The names of all kept texts after one more came, the newest last, and the names of those that have to go.
#[must_use]
pub fn with_name(names: &str, newest: &str) -> (String, Vec<String>) {
    let mut all: Vec<&str> = names.split_whitespace().filter(|name| *name != newest).collect();
    all.push(newest);
    let gone = all.drain(..all.len().saturating_sub(MOST));
    let gone = gone.map(str::to_owned).collect();
    (all.join(" "), gone)
}

/// The names without one of them.
#[must_use]
pub fn without_name(names: &str, gone: &str) -> String {
    let rest: Vec<&str> = names.split_whitespace().filter(|name| *name != gone).collect();
    rest.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::TaskPlace;

    #[test]
    fn only_so_many_texts_are_kept_and_the_oldest_goes() {
        let mut names = String::new();
        for number in 0..MOST {
            let (with, gone) = with_name(&names, &format!("n{number}"));
            assert!(gone.is_empty());
            names = with;
        }
        let (names, gone) = with_name(&names, "n0");
        assert!(gone.is_empty(), "n0 was there, and is the newest now");
        let (names, gone) = with_name(&names, "new");
        assert_eq!(gone, ["n1"]);
        assert!(names.ends_with("n0 new"));
        assert_eq!(without_name("a b c", "b"), "a c");
        assert_eq!(without_name("", "b"), "");
    }

    #[test]
    fn blank_and_endless_texts_are_not_kept() {
        assert!(is_kept("milk"));
        assert!(!is_kept("  "));
        assert!(!is_kept(&"x".repeat(LONGEST + 1)));
    }

    #[test]
    fn names_have_no_spaces() {
        let search = Address::of(TaskPlace::Search("a b".to_owned()));
        assert!(!Input::QuickAdd(search).name().contains(' '));
    }
}
