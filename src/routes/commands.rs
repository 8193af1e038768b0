//! What a command does, from a key, the palette or the menu of a task.

use leptos::prelude::*;
use tsugi_sync::ids::EntityId;
use tsugi_sync::task::Priority;

use crate::browser::frame::before_next_paint;
use crate::browser::{focus, names, page};
use crate::components::kit::icon::Icon;
use crate::components::kit::menu::Choice;
use crate::routes::overlay::{Hand, Overlay};
use tsugi_screen::gestures::{Direction, Which};
use tsugi_screen::intent::arrange::{Arrange, Container};
use tsugi_screen::intent::{AppIntent, EditIntent, GoIntent, Intent, ShowIntent};
use tsugi_screen::place::{Address, Beside};
use tsugi_screen::question::Ask;
use tsugi_screen::settings::Settings;
use tsugi_screen::shortcuts::{Command, Step};

impl Hand {
    /// Carries out a command.
    pub fn carry_out(self, command: &Command) {
        let send = |intent| self.send.run(intent);
        match command {
            Command::ShowPalette => self.overlay.set(Overlay::Palette(self.chosen())),
            Command::ShowShortcuts => self.overlay.set(Overlay::Shortcuts),
            Command::QuickAdd => self.overlay.set(Overlay::QuickAdd),
            Command::NewList => self.ask(Ask::Add(Container::List)),
            Command::Undo => send(Intent::Edit(EditIntent::CarryOut(Direction::Undo, Which::Last))),
            Command::Redo => send(Intent::Edit(EditIntent::CarryOut(Direction::Redo, Which::Last))),
            Command::ToggleSidebar => {
                let settings = self.view.settings.get_untracked();
                let hides_sidebar = !settings.hides_sidebar;
                send(Intent::App(AppIntent::ChooseSettings(Settings {
                    hides_sidebar,
                    ..settings
                })));
            }
            Command::Go(place) => send(Intent::Go(GoIntent::To(Address::of(place.clone())))),
            Command::Next => focus::step(names::TASKS, Step::Next),
            Command::Previous => focus::step(names::TASKS, Step::Previous),
            Command::Select => self.with_row(|hand, id| {
                let on = hand
                    .view
                    .selected
                    .with_untracked(|selected| !selected.contains(&id));
                hand.send.run(Intent::Show(ShowIntent::Select { id, on }));
            }),
            Command::Extend(step) => {
                let before = focus::row_in_focus();
                focus::step(names::TASKS, *step);
                let after = focus::row_in_focus();
                let selected = self.view.selected.get_untracked();
                let is_selected = |id: &EntityId| selected.contains(id);
                match before.filter(is_selected).zip(after.filter(is_selected)) {
                    // Back over rows that are selected already: the selection shrinks.
                    Some((left, here)) if left != here => {
                        send(Intent::Show(ShowIntent::Select { id: left, on: false }));
                    }
                    _ => {
                        for id in [before, after].into_iter().flatten() {
                            send(Intent::Show(ShowIntent::Select { id, on: true }));
                        }
                    }
                }
            }
            Command::SelectAll => send(Intent::Show(ShowIntent::SelectAll)),
            Command::Shift(by) => self.with_row(|hand, task| {
                let address = hand.view.address.get_untracked();
                let Some(by) = address.place.tasks().and_then(|place| by.within(place)) else {
                    return;
                };
                hand.send.run(Intent::Arrange(Arrange::Shift { task, by }));
                focus::keep_focus(names::check(task), names::PAGE_HEADING);
            }),
            Command::Edit
            | Command::Comment
            | Command::AddSubTask
            | Command::Duplicate
            | Command::CopyLink => {
                self.with_row(|hand, task| hand.act(command, vec![task]));
            }
            Command::MoveTo
            | Command::Due
            | Command::Priority(_)
            | Command::Labels
            | Command::Complete
            | Command::Delete => self.with_chosen(|hand, tasks| hand.act(command, tasks)),
            Command::Leave => self.leave(),
        }
    }

    fn ask(self, ask: Ask) {
        self.overlay.set(Overlay::Ask(ask));
    }

    /// Carries out a command for some tasks. One that is for a single task gets only that.
    pub(super) fn act(self, command: &Command, tasks: Vec<EntityId>) {
        let Some(first) = tasks.first().copied() else {
            return;
        };
        let edit = |edit| self.send.run(Intent::Edit(edit));
        let arrange = |what| self.send.run(Intent::Arrange(what));
        let are_selected = self
            .view
            .selected
            .with_untracked(|selected| selected.contains(&first));
        match command {
            Command::MoveTo => self.ask(Ask::MoveTo(tasks)),
            Command::Labels => self.ask(Ask::Label(tasks)),
            Command::Due => self.ask(Ask::Due(tasks)),
            Command::Priority(rank) => arrange(Arrange::SetPriority {
                tasks,
                priority: Priority::ALL
                    .into_iter()
                    .find(|priority| priority.number() == i64::from(*rank)),
            }),
            Command::Duplicate => arrange(Arrange::Duplicate { task: first }),
            Command::CopyLink => {
                let path = Address::default().with(Beside::Task(first)).to_path();
                self.send
                    .run(Intent::App(AppIntent::CopyText(page::origin() + &path)));
            }
            Command::Edit => self.edit(first),
            Command::Comment => self.edit_at(first, names::COMMENT),
            Command::AddSubTask => self.edit_at(first, names::NEW_SUB_TASK),
            Command::Complete if are_selected => edit(EditIntent::CompleteSelected),
            Command::Complete => edit(EditIntent::SetCompleted {
                id: first,
                completed: true,
            }),
            Command::Delete if are_selected => edit(EditIntent::DeleteSelected),
            Command::Delete => {
                let next = focus::rows_beside().first().copied();
                let next = next.map_or_else(String::new, names::check);
                edit(EditIntent::DeleteTask { id: first });
                focus::keep_focus(next, names::PAGE_HEADING);
            }
            Command::ShowPalette
            | Command::ShowShortcuts
            | Command::QuickAdd
            | Command::NewList
            | Command::Undo
            | Command::Redo
            | Command::ToggleSidebar
            | Command::Go(_)
            | Command::Next
            | Command::Previous
            | Command::Select
            | Command::Extend(_)
            | Command::SelectAll
            | Command::Shift(_)
            | Command::Leave => self.carry_out(command),
        }
    }

    /// Opens the editor of a task at one of its inputs.
    fn edit_at(self, task: EntityId, input: &'static str) {
        self.edit(task);
        before_next_paint(move || focus::focus(input));
    }

    /// The menu of a task, or of all selected tasks if it is one of them.
    #[must_use]
    pub fn choices(self, task: EntityId) -> Vec<Choice> {
        let selected = self.view.selected.get_untracked();
        let tasks: Vec<EntityId> = match selected.contains(&task) {
            true => selected.into_iter().collect(),
            false => vec![task],
        };
        let of = |icon: Icon, command: Command, tasks: Vec<EntityId>| {
            Choice::new(command.name(), icon, move || self.act(&command, tasks.clone()))
        };
        let choice = |icon, command| of(icon, command, tasks.clone());
        let single = |icon, command| of(icon, command, vec![task]);
        let mut choices = vec![
            single(Icon::Pencil, Command::Edit),
            choice(Icon::Check, Command::Complete),
            choice(Icon::Calendar, Command::Due).after_line(),
            choice(Icon::Flag, Command::Priority(1)),
            choice(Icon::Flag, Command::Priority(2)),
            choice(Icon::Flag, Command::Priority(3)),
            choice(Icon::Flag, Command::Priority(4)),
            choice(Icon::Label, Command::Labels),
            choice(Icon::Move, Command::MoveTo),
            single(Icon::SubTasks, Command::AddSubTask).after_line(),
            single(Icon::Notes, Command::Comment),
            single(Icon::Archive, Command::Duplicate),
            single(Icon::Split, Command::CopyLink),
            choice(Icon::Trash, Command::Delete).after_line(),
        ];
        let rows = self.view.rows_in_sight();
        if rows.iter().any(|row| row.id == task && row.completed) {
            choices.retain(|choice| choice.name != Command::Complete.name());
        }
        choices
    }

    /// The tasks that a command acts on: those that are selected, the one in focus, or the one in the editor.
    fn chosen(self) -> Vec<EntityId> {
        let selected = self.view.selected.get_untracked();
        if !selected.is_empty() {
            return selected.into_iter().collect();
        }
        let beside = self.view.address.with_untracked(|address| address.beside);
        let edited = match beside {
            Beside::Task(id) => Some(id),
            Beside::Nothing | Beside::Conflicts(_) => None,
        };
        focus::row_in_focus().or(edited).into_iter().collect()
    }

    /// Calls `act` with all selected tasks, or with the task in focus if none is selected.
    fn with_chosen(self, act: impl FnOnce(Self, Vec<EntityId>)) {
        let selected = self.view.selected.get_untracked();
        match selected.is_empty() {
            true => self.with_row(|hand, id| act(hand, vec![id])),
            false => act(self, selected.into_iter().collect()),
        }
    }

    /// Opens the editor of a task.
    pub fn edit(self, id: EntityId) {
        let address = self
            .view
            .address
            .with_untracked(|address| address.with(Beside::Task(id)));
        self.send.run(Intent::Go(GoIntent::To(address)));
    }

    fn with_row(self, act: impl FnOnce(Self, EntityId)) {
        if let Some(id) = focus::row_in_focus() {
            act(self, id);
        }
    }

    fn leave(self) {
        if self.view.selected.with_untracked(|selected| !selected.is_empty()) {
            self.send.run(Intent::Show(ShowIntent::SelectNone));
        } else if self
            .view
            .address
            .with_untracked(|address| address.beside != Beside::Nothing)
        {
            self.send.run(Intent::Go(GoIntent::CloseBeside));
        }
    }
}
