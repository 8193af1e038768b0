//! The command palette: it finds every command, place, list and task by a few letters of its name.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::browser::keyboard::is_composing;
use crate::components::ids;
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::kit::modal::Modal;
use crate::components::sidebar::place_link::icon_of;
use tsugi_screen::model::{Named, Sidebar};
use tsugi_screen::place::{Place, TaskPlace};
use tsugi_screen::shortcuts::{Command, OFFERED, OFFERED_FOR_TASKS, fitness, name_of, table};
use tsugi_words::phrases;

/// The largest number of lines.
const SHOWN: usize = 12;

/// The effect of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    Command(Command),
    Task(EntityId),
}

#[derive(Clone, Debug, PartialEq)]
struct Line {
    choice: Choice,
    name: String,
    icon: Icon,
}

/// Commands for the tasks that are chosen, if any; commands, places, lists and labels whose names match the typed text, the best first; then the tasks that were found.
fn lines(typed: &str, has_tasks: bool, sidebar: &Sidebar, found: &[Named]) -> Vec<Line> {
    let places = [
        Place::Tasks(TaskPlace::Inbox),
        Place::Tasks(TaskPlace::Today),
        Place::Tasks(TaskPlace::Upcoming),
        Place::Tasks(TaskPlace::Search(String::new())),
        Place::Tasks(TaskPlace::Completed),
        Place::Tasks(TaskPlace::Deleted),
        Place::Settings,
        Place::AboutSync,
        Place::Lab,
    ];
    let go = |place: Place, name: String| Line {
        icon: icon_of(&place),
        choice: Choice::Command(Command::Go(place)),
        name,
    };
    let places = places.into_iter().map(|place| {
        let name = name_of(&place).to_owned();
        go(place, name)
    });
    let line = |command: Command| Line {
        name: command.name(),
        choice: Choice::Command(command),
        icon: Icon::Keyboard,
    };
    let for_tasks = OFFERED_FOR_TASKS.into_iter().filter(|_| has_tasks).map(line);
    let commands = OFFERED.into_iter().map(line);
    let lists = sidebar
        .lists()
        .map(|list| go(Place::Tasks(TaskPlace::List(list.id)), list.name.clone()));
    let labels = sidebar
        .labels
        .iter()
        .map(|label| go(Place::Tasks(TaskPlace::Label(label.id)), label.name.clone()));
    let all = for_tasks.chain(places).chain(lists).chain(labels).chain(commands);
    let mut fitting: Vec<_> = all
        .filter_map(|line| Some((fitness(typed, &line.name)?, line)))
        .collect();
    if !typed.trim().is_empty() {
        fitting.sort_by_key(|(fitness, _)| std::cmp::Reverse(*fitness));
    }
    let tasks = found.iter().map(|task| Line {
        choice: Choice::Task(task.id),
        name: task.name.clone(),
        icon: Icon::CheckCircle,
    });
    let room = SHOWN - found.len().min(SHOWN);
    fitting
        .into_iter()
        .map(|(_, line)| line)
        .take(room)
        .chain(tasks)
        .collect()
}

#[component]
pub fn Palette(
    sidebar: Signal<Sidebar>,
    /// Whether there are tasks that commands can act on.
    has_tasks: bool,
    /// Tasks that match the typed text.
    found: Signal<Vec<Named>>,
    on_type: Callback<String>,
    on_choose: Callback<Choice>,
    on_close: Callback<()>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let shown = Memo::new(move |_| {
        typed
            .with(|typed| sidebar.with(|sidebar| found.with(|found| lines(typed, has_tasks, sidebar, found))))
    });
    let choose = move |place: usize| {
        if let Some(line) = shown.with_untracked(|lines| lines.get(place).cloned()) {
            on_close.run(());
            on_choose.run(line.choice);
        }
    };
    let input = move |ev| {
        typed.set(event_target_value(&ev));
        at.set(0);
        on_type.run(typed.get_untracked());
    };
    let pressed = move |ev: KeyboardEvent| {
        let last = shown.with_untracked(|lines| lines.len().saturating_sub(1));
        match ev.key().as_str() {
            _ if is_composing(&ev) => return,
            "ArrowDown" => at.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => at.update(|at| *at = at.checked_sub(1).unwrap_or(last)),
            "Enter" => choose(at.get_untracked()),
            _ => return,
        }
        ev.prevent_default();
    };
    let active = Signal::derive(move || format!("palette-{}", at.get()));
    let options = changing(move || {
        let lines = shown.get();
        let option = |(place, line): (usize, Line)| {
            view! { <PaletteOption place line is_at=Signal::derive(move || at.get() == place)
            on_press=Callback::new(move |()| choose(place)) /> }
        };
        lines.into_iter().enumerate().map(option).collect_view()
    });
    let none = changing(move || {
        let none = shown.with(Vec::is_empty);
        none.then(|| view! { <p class="palette__none">{phrases::no_command()}</p> })
    });
    view! {
        <Modal class="dialog palette" labelled_by="palette-title" on_close>
            <h2 id="palette-title" class="visually-hidden">{phrases::command_palette()}</h2>
            <div class="palette__line">
                {Icon::Search.draw()}
                <input class="palette__input" type="text" role="combobox" autofocus autocomplete="off"
                    aria-label=phrases::command_palette() placeholder=phrases::command_placeholder()
                    aria-expanded="true" aria-controls=ids::PALETTE_OPTIONS aria-activedescendant=active
                    prop:value=typed on:input=input on:keydown=pressed />
            </div>
            <ul id=ids::PALETTE_OPTIONS class="palette__options" role="listbox" aria-label=phrases::command_palette()>
                {options}
            </ul>
            {none}
        </Modal>
    }
}

#[component]
fn PaletteOption(place: usize, line: Line, is_at: Signal<bool>, on_press: Callback<()>) -> impl IntoView {
    let keys = match &line.choice {
        Choice::Command(command) => table().into_iter().find(|shortcut| shortcut.command == *command),
        Choice::Task(_) => None,
    };
    let keys = keys.map(|shortcut| {
        let caps = shortcut
            .keys
            .caps()
            .into_iter()
            .map(|cap| view! { <kbd>{cap}</kbd> });
        view! { <span class="palette__keys">{caps.collect_view()}</span> }
    });
    view! {
        <li id=format!("palette-{place}") class="palette__option" role="option"
            aria-selected=move || is_at.get().to_string() on:click=move |_| on_press.run(())>
            {line.icon.draw()}
            <span class="palette__name">{line.name}</span>
            {keys}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn named(n: u128, name: &str) -> Named {
        Named {
            id: EntityId(Uuid::from_u128(n)),
            name: name.to_owned(),
            colour: None,
        }
    }

    #[wasm_bindgen_test]
    fn places_lists_commands_and_tasks_by_a_few_letters() {
        let sidebar = Sidebar {
            folders: vec![(None, vec![named(1, "Groceries")])],
            labels: vec![named(2, "garden")],
            ..Sidebar::default()
        };
        let names = |typed: &str, found: &[Named]| {
            let lines = lines(typed, false, &sidebar, found);
            lines.into_iter().map(|line| line.name).collect::<Vec<_>>()
        };
        assert_eq!(names("tod", &[])[0], "Today");
        assert_eq!(names("groc", &[]), ["Groceries"]);
        assert_eq!(names("zzz", &[named(3, "Zzz later")]), ["Zzz later"]);
        let all = names("", &[]);
        assert!(all.len() == SHOWN && all[0] == "Inbox", "{all:?}");
    }
}
