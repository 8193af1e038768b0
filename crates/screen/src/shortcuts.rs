//! The keyboard: one table of keys and commands, which the key handler, the sheet (`?`) and the palette read.

use crate::intent::arrange::Shift;
use crate::place::{Place, TaskPlace};
use tsugi_words::phrases;

/// Everything that a key or the palette can command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    ShowPalette,
    ShowShortcuts,
    QuickAdd,
    NewList,
    Undo,
    Redo,
    ToggleSidebar,
    Go(Place),
    Next,
    Previous,
    Edit,
    Select,
    /// Select the next or previous task too.
    Extend(Step),
    SelectAll,
    Shift(Shift),
    /// Ask where the task goes, or all selected tasks.
    MoveTo,
    /// Ask when they are due.
    Due,
    /// From 1, the highest, to 4.
    Priority(u8),
    Labels,
    Complete,
    Duplicate,
    CopyLink,
    Comment,
    AddSubTask,
    Delete,
    Leave,
}

/// The keys of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    One(&'static str),
    /// One key, then the other.
    Then(&'static str, &'static str),
    /// With Control, or with Command on a Mac.
    Mod(&'static str),
    ModShift(&'static str),
    Alt(&'static str),
    Shift(&'static str),
}

/// The direction to the next row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Next,
    Previous,
}

/// The part of the sheet in which a command is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Everywhere,
    GoTo,
    List,
}

impl Group {
    pub const ALL: [Self; 3] = [Self::Everywhere, Self::GoTo, Self::List];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Everywhere => phrases::shortcuts_everywhere(),
            Self::GoTo => phrases::shortcuts_go(),
            Self::List => phrases::shortcuts_list(),
        }
    }
}

/// A line of the table. A command may have several lines; the first one has the keys that the sheet teaches.
#[derive(Clone, Debug)]
pub struct Shortcut {
    pub keys: Keys,
    pub command: Command,
    pub group: Group,
}

/// All shortcuts.
#[must_use]
pub fn table() -> Vec<Shortcut> {
    use Group::{Everywhere, GoTo, List};
    use Keys::{Alt, Mod, ModShift, One, Then};
    let line = |keys, command, group| Shortcut { keys, command, group };
    vec![
        line(Mod("k"), Command::ShowPalette, Everywhere),
        line(One("q"), Command::QuickAdd, Everywhere),
        line(
            One("/"),
            Command::Go(Place::Tasks(TaskPlace::Search(String::new()))),
            Everywhere,
        ),
        line(Mod("z"), Command::Undo, Everywhere),
        line(ModShift("z"), Command::Redo, Everywhere),
        line(Mod("y"), Command::Redo, Everywhere),
        line(One("["), Command::ToggleSidebar, Everywhere),
        line(One("?"), Command::ShowShortcuts, Everywhere),
        line(Then("g", "i"), Command::Go(Place::Tasks(TaskPlace::Inbox)), GoTo),
        line(Then("g", "t"), Command::Go(Place::Tasks(TaskPlace::Today)), GoTo),
        line(
            Then("g", "u"),
            Command::Go(Place::Tasks(TaskPlace::Upcoming)),
            GoTo,
        ),
        line(
            Then("g", "c"),
            Command::Go(Place::Tasks(TaskPlace::Completed)),
            GoTo,
        ),
        line(
            Then("g", "d"),
            Command::Go(Place::Tasks(TaskPlace::Deleted)),
            GoTo,
        ),
        line(Then("g", "s"), Command::Go(Place::Settings), GoTo),
        line(One("j"), Command::Next, List),
        line(One("ArrowDown"), Command::Next, List),
        line(One("k"), Command::Previous, List),
        line(One("ArrowUp"), Command::Previous, List),
        line(One("Enter"), Command::Edit, List),
        line(One("x"), Command::Select, List),
        line(Keys::Shift("ArrowDown"), Command::Extend(Step::Next), List),
        line(Keys::Shift("ArrowUp"), Command::Extend(Step::Previous), List),
        line(Mod("a"), Command::SelectAll, List),
        line(Alt("ArrowUp"), Command::Shift(Shift::Up), List),
        line(Alt("ArrowDown"), Command::Shift(Shift::Down), List),
        line(Alt("ArrowRight"), Command::Shift(Shift::In), List),
        line(Alt("ArrowLeft"), Command::Shift(Shift::Out), List),
        line(One("m"), Command::MoveTo, List),
        line(One("t"), Command::Due, List),
        line(One("1"), Command::Priority(1), List),
        line(One("2"), Command::Priority(2), List),
        line(One("3"), Command::Priority(3), List),
        line(One("4"), Command::Priority(4), List),
        line(Keys::Shift("l"), Command::Labels, List),
        line(One("d"), Command::Duplicate, List),
        line(One("y"), Command::CopyLink, List),
        line(One("c"), Command::Comment, List),
        line(Keys::Shift("a"), Command::AddSubTask, List),
        line(One("Backspace"), Command::Delete, List),
        line(One("Delete"), Command::Delete, List),
        line(One("Escape"), Command::Leave, List),
    ]
}

/// The commands that the palette offers beside places, lists and tasks.
pub const OFFERED: [Command; 7] = [
    Command::QuickAdd,
    Command::NewList,
    Command::Undo,
    Command::Redo,
    Command::SelectAll,
    Command::ToggleSidebar,
    Command::ShowShortcuts,
];

/// The commands for tasks that the palette offers first, if there are tasks that they can act on.
pub const OFFERED_FOR_TASKS: [Command; 14] = [
    Command::Edit,
    Command::Complete,
    Command::Due,
    Command::MoveTo,
    Command::Labels,
    Command::Priority(1),
    Command::Priority(2),
    Command::Priority(3),
    Command::Priority(4),
    Command::AddSubTask,
    Command::Comment,
    Command::Duplicate,
    Command::CopyLink,
    Command::Delete,
];

impl Command {
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::ShowPalette => phrases::show_palette().to_owned(),
            Self::ShowShortcuts => phrases::show_shortcuts().to_owned(),
            Self::QuickAdd => phrases::add_from_anywhere().to_owned(),
            Self::NewList => phrases::new_list().to_owned(),
            Self::Undo => phrases::undo().to_owned(),
            Self::Redo => phrases::redo().to_owned(),
            Self::ToggleSidebar => phrases::toggle_sidebar().to_owned(),
            Self::Go(Place::Tasks(TaskPlace::Search(_))) => phrases::search_tasks().to_owned(),
            Self::Go(place) => phrases::go_to(name_of(place)),
            Self::Next => phrases::next_task().to_owned(),
            Self::Previous => phrases::previous_task().to_owned(),
            Self::Edit => phrases::edit_task().to_owned(),
            Self::Select => phrases::select_task().to_owned(),
            Self::Extend(Step::Next) => phrases::extend_down().to_owned(),
            Self::Extend(Step::Previous) => phrases::extend_up().to_owned(),
            Self::SelectAll => phrases::select_all().to_owned(),
            Self::Shift(by) => by.name().to_owned(),
            Self::MoveTo => phrases::move_task_to().to_owned(),
            Self::Due => phrases::set_due_command().to_owned(),
            Self::Priority(rank) => phrases::priority_number(usize::from(*rank)),
            Self::Labels => phrases::label_title().to_owned(),
            Self::Complete => phrases::complete().to_owned(),
            Self::Duplicate => phrases::duplicate().to_owned(),
            Self::CopyLink => phrases::copy_link().to_owned(),
            Self::Comment => phrases::add_comment().to_owned(),
            Self::AddSubTask => phrases::add_sub_task().to_owned(),
            Self::Delete => phrases::delete_task().to_owned(),
            Self::Leave => phrases::leave().to_owned(),
        }
    }
}

/// The name of a place; for a list or label, whose name the person chose, the name of its kind.
#[must_use]
pub fn name_of(place: &Place) -> &'static str {
    match place {
        Place::Tasks(TaskPlace::Inbox) => phrases::inbox(),
        Place::Tasks(TaskPlace::Today) => phrases::today(),
        Place::Tasks(TaskPlace::Upcoming) => phrases::upcoming(),
        Place::Tasks(TaskPlace::List(_)) | Place::Tasks(TaskPlace::Board(_)) => phrases::a_list(),
        Place::Tasks(TaskPlace::Label(_)) => phrases::a_label(),
        Place::Tasks(TaskPlace::Search(_)) => phrases::search(),
        Place::Tasks(TaskPlace::Completed) => phrases::completed(),
        Place::Tasks(TaskPlace::Deleted) => phrases::deleted(),
        Place::Settings => phrases::settings(),
        Place::AboutSync => phrases::about_sync(),
        Place::Lab => phrases::lab(),
        Place::Nowhere => phrases::no_such_place(),
    }
}

impl Keys {
    /// The keys as they are printed on keyboards.
    #[must_use]
    pub fn caps(self) -> Vec<String> {
        let cap = |key: &str| match key {
            "ArrowDown" => "↓".to_owned(),
            "ArrowUp" => "↑".to_owned(),
            "ArrowLeft" => "←".to_owned(),
            "ArrowRight" => "→".to_owned(),
            "Escape" => "Esc".to_owned(),
            "Backspace" => "⌫".to_owned(),
            // Keyboards have capital letters on them.
            key if key.chars().count() == 1 => key.to_uppercase(),
            key => key.to_owned(),
        };
        match self {
            Self::One(key) => vec![cap(key)],
            Self::Then(first, second) => vec![cap(first), cap(second)],
            Self::Mod(key) => vec!["Ctrl".to_owned(), key.to_uppercase()],
            Self::Alt(key) => vec!["Alt".to_owned(), cap(key)],
            Self::Shift(key) => vec!["Shift".to_owned(), cap(key)],
            Self::ModShift(key) => vec!["Ctrl".to_owned(), "Shift".to_owned(), key.to_uppercase()],
        }
    }
}

/// The name of a key for shortcuts: the letter at that place of a Latin keyboard if its own is not Latin.
///
/// Example: Ctrl and я on a Russian keyboard is Ctrl and Z, because the browser says that the key's code is `KeyZ`.
#[must_use]
pub fn latin_name(key: &str, code: &str) -> String {
    // Latin letters with accents are below U+0370. They may be typed with AltGr, and mean themselves.
    let is_foreign_letter = key.chars().count() == 1 && key >= "\u{370}";
    match code.strip_prefix("Key") {
        Some(letter) if is_foreign_letter => letter.to_ascii_lowercase(),
        Some(_) | None => key.to_owned(),
    }
}

/// A key that was pressed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pressed<'k> {
    pub key: &'k str,
    /// Control is held, or Command on a Mac.
    pub modified: bool,
    pub shift: bool,
    pub alt: bool,
    /// The focus is in a field where letters are text.
    pub typing: bool,
    /// That field holds no text, so that it has nothing of its own to undo.
    pub in_empty_field: bool,
    /// The time of the press, in milliseconds of any clock.
    pub at: u64,
}

/// How many milliseconds the second of two keys may take.
const PATIENCE: u64 = 1_500;

/// Follows the pressed keys, and remembers the first of two.
#[derive(Debug, Default)]
pub struct Keyboard {
    begun: Option<(&'static str, u64)>,
}

impl Keyboard {
    /// The command that a key gives, if any.
    pub fn press(&mut self, pressed: Pressed<'_>) -> Option<Command> {
        let begun = self.begun.take();
        let table = table();
        let lower = pressed.key.to_lowercase();
        let is = |key: &str| {
            let letter = key.len() == 1 && key.as_bytes()[0].is_ascii_alphabetic();
            if letter { lower == key } else { pressed.key == key }
        };
        if pressed.alt {
            let alone = !pressed.modified && !pressed.shift && !pressed.typing;
            let found = table.iter().find(|line| match line.keys {
                Keys::Alt(key) => alone && is(key),
                Keys::One(_) | Keys::Then(..) | Keys::Mod(_) | Keys::ModShift(_) | Keys::Shift(_) => false,
            });
            return found.map(|line| line.command.clone());
        }
        let plain = !pressed.modified && !pressed.typing;
        let second = |first: &str| {
            begun.is_some_and(|(key, at)| key == first && pressed.at.saturating_sub(at) < PATIENCE)
        };
        let found = table.iter().find(|line| match line.keys {
            Keys::Then(first, key) => plain && is(key) && second(first),
            Keys::One("Escape") => !pressed.modified && pressed.key == "Escape",
            Keys::One(_) | Keys::Mod(_) | Keys::ModShift(_) | Keys::Alt(_) | Keys::Shift(_) => false,
        });
        let found = found.or_else(|| {
            table.iter().find(|line| match line.keys {
                Keys::Then(..) | Keys::Alt(_) => false,
                Keys::Shift(key) => plain && pressed.shift && is(key),
                Keys::One(key) if key.starts_with("Arrow") => plain && !pressed.shift && is(key),
                Keys::One(key) => plain && is(key),
                // In a field, "select all" is that of the field, and undo too as long as there is text.
                Keys::Mod("a") if pressed.typing => false,
                Keys::Mod("z" | "y") | Keys::ModShift("z") if pressed.typing && !pressed.in_empty_field => {
                    false
                }
                Keys::Mod(key) => pressed.modified && !pressed.shift && is(key),
                Keys::ModShift(key) => pressed.modified && pressed.shift && is(key),
            })
        });
        if found.is_none() && plain {
            let first = table.iter().find_map(|line| match line.keys {
                Keys::Then(first, _) if is(first) => Some(first),
                Keys::Then(..)
                | Keys::One(_)
                | Keys::Mod(_)
                | Keys::ModShift(_)
                | Keys::Alt(_)
                | Keys::Shift(_) => None,
            });
            self.begun = first.map(|first| (first, pressed.at));
        }
        found.map(|line| line.command.clone())
    }
}

/// How well `text` matches the typed letters. Every letter has to occur in `text`, in the same order: `td` matches
/// "Today". Letters at the beginnings of words and letters side by side count more. None if it does not match.
#[must_use]
pub fn fitness(typed: &str, text: &str) -> Option<u32> {
    let (typed, text) = (tsugi_words::fold::fold(typed), tsugi_words::fold::fold(text));
    let mut letters = text.chars();
    let (mut score, mut run) = (0_u32, 0_u32);
    let mut before = ' ';
    for wanted in typed.chars().filter(|letter| !letter.is_whitespace()) {
        loop {
            let letter = letters.next()?;
            let starts_word = !before.is_alphanumeric();
            before = letter;
            if letter == wanted {
                run += 1;
                score += run + if starts_word { 4 } else { 0 };
                break;
            }
            run = 0;
        }
    }
    // Of two texts that match equally well, the shorter one wins.
    Some((score * 64).saturating_sub(text.chars().count().min(63) as u32))
}

#[cfg(test)]
mod tests;
