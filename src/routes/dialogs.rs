//! The dialogs that ask for a name, a place, a colour or labels, or whether to keep the tasks of something that is
//! deleted.

use leptos::prelude::*;
use tsugi_sync::colour::Colour;
use tsugi_sync::gesture::Contents;
use tsugi_sync::ids::EntityId;

use crate::browser::{focus, time};
use crate::components::editor::when_field::{Picking, WhenWords, picker};
use crate::components::kit::icon::Icon;
use crate::components::kit::modal::Modal;
use crate::components::kit::name_dialog::{DeleteDialog, NameDialog};
use crate::components::kit::pick_list::Pick;
use crate::components::kit::picker::{Picker, homes, labels};
use crate::signals::store::View;
use tsugi_screen::intent::arrange::{Arrange, Container, Furnish, Spot};
use tsugi_screen::intent::{Intent, ShowIntent};
use tsugi_screen::question::Ask;
use tsugi_words::phrases;

#[component]
pub fn Asked(ask: Ask, view: View, send: Callback<Intent>, close: Callback<()>) -> impl IntoView {
    let furnish = move |furnish| send.run(Intent::Arrange(Arrange::Furnish(furnish)));
    match ask {
        Ask::Add(container) => {
            let (title, label) = match container {
                Container::List => (phrases::new_list(), phrases::list_name()),
                Container::Folder => (phrases::new_folder(), phrases::name()),
                Container::Section { .. } => (phrases::new_section(), phrases::name()),
                Container::Label => (phrases::new_label(), phrases::name()),
            };
            let on_name = Callback::new(move |name| furnish(Furnish::Add { container, name }));
            view! {
                <NameDialog title=title.to_owned() label button=phrases::create() before="" on_name on_close=close />
            }
            .into_any()
        }
        Ask::Rename { id, name } => {
            let title = phrases::rename_it(&name);
            let on_name = Callback::new(move |name| furnish(Furnish::Rename { id, name }));
            view! {
                <NameDialog title label=phrases::name() button=phrases::save() before=name on_name on_close=close />
            }
            .into_any()
        }
        Ask::DeleteList { id, name, count } => {
            let delete =
                move |contents| Callback::new(move |()| furnish(Furnish::DeleteList { list: id, contents }));
            view! {
                <DeleteDialog title=phrases::delete_list_title(&name) text=phrases::delete_list_text(count)
                    is_empty=count == 0 keep=phrases::keep_in_inbox()
                    on_keep=delete(Contents::Keep) on_delete=delete(Contents::Delete) on_close=close />
            }
            .into_any()
        }
        Ask::DeleteSection { id, name, count } => {
            let delete = move |contents| {
                Callback::new(move |()| {
                    furnish(Furnish::DeleteSection {
                        section: id,
                        contents,
                    })
                })
            };
            view! {
                <DeleteDialog title=phrases::delete_list_title(&name) text=phrases::delete_section_text(count)
                    is_empty=count == 0 keep=phrases::keep_in_list()
                    on_keep=delete(Contents::Keep) on_delete=delete(Contents::Delete) on_close=close />
            }
            .into_any()
        }
        Ask::Recolour(id) => {
            let on_pick = Callback::new(move |colour| furnish(Furnish::Recolour { id, colour }));
            view! { <Picker title=phrases::colour() options=colours() on_pick on_close=close /> }.into_any()
        }
        Ask::MoveTo(tasks) => {
            let options = view.sidebar.with_untracked(homes);
            let on_pick = Callback::new(move |home| {
                let tasks = tasks.clone();
                send.run(Intent::Arrange(Arrange::Move {
                    tasks,
                    to: Spot::Last(home),
                }));
                send.run(Intent::Show(ShowIntent::SelectNone));
            });
            view! { <Picker title=phrases::move_to_title() options on_pick on_close=close /> }.into_any()
        }
        Ask::Menu { .. } | Ask::Conflict(_) => ().into_any(),
        Ask::Due(tasks) => view! { <DueDialog tasks view send close /> }.into_any(),
        Ask::Label(tasks) => view! { <LabelPicker tasks view send close /> }.into_any(),
    }
}

/// Asks when tasks are due. However the person leaves it, what they have picked is kept.
#[component]
fn DueDialog(tasks: Vec<EntityId>, view: View, send: Callback<Intent>, close: Callback<()>) -> impl IntoView {
    // Several tasks may be due at different times, so the picker begins empty for them.
    let now = match tasks.as_slice() {
        [task] => view.rows_in_sight().into_iter().find(|row| row.id == *task),
        _ => None,
    };
    let due = now.and_then(|row| row.due);
    let shown = RwSignal::new(due.map_or_else(String::new, |due| due.to_string()));
    let is_picked = StoredValue::new(false);
    let leave = Callback::new(move |()| {
        // What is typed counts, also when the person leaves by Escape.
        focus::leave();
        let (is_picked, picked) = (is_picked.get_value(), shown.get_untracked());
        close.run(());
        if is_picked {
            let tasks = tasks.clone();
            let due = picked.parse().ok();
            send.run(Intent::Arrange(Arrange::SetDue { tasks, due }));
        }
    });
    let picking = Picking {
        words: WhenWords::due(),
        shown: shown.into(),
        today: view.today,
        zone: StoredValue::new(time::time_zone().unwrap_or_default()),
        set: Callback::new(move |text| {
            shown.set(text);
            is_picked.set_value(true);
        }),
    };
    view! {
        <Modal class="dialog dialog--picker" labelled_by="due-title" on_close=leave>
            <h2 id="due-title" class="picker__title">{phrases::set_due_command()}</h2>
            {picker(picking, leave)}
        </Modal>
    }
}

#[component]
fn LabelPicker(
    tasks: Vec<EntityId>,
    view: View,
    send: Callback<Intent>,
    close: Callback<()>,
) -> impl IntoView {
    // The labels of tasks are known only for rows in sight.
    let mut rows = view.rows_in_sight();
    rows.retain(|row| tasks.contains(&row.id));
    let has = |label: EntityId| {
        let having = rows
            .iter()
            .filter(|row| row.labels.iter().any(|has| has.id == label))
            .count();
        (having > 0).then_some(having == tasks.len())
    };
    let options = view.sidebar.with_untracked(|sidebar| labels(sidebar, has));
    let on_pick = Callback::new(move |(label, on)| {
        let tasks = tasks.clone();
        send.run(Intent::Arrange(Arrange::SetLabel { tasks, label, on }));
    });
    view! { <Picker title=phrases::label_title() options on_pick on_close=close /> }
}

fn colours() -> Vec<Pick<Option<Colour>>> {
    let pick = |colour: Option<Colour>| Pick {
        value: colour,
        name: colour.map_or(phrases::no_colour(), colour_name).to_owned(),
        icon: Icon::Palette,
        colour: colour.map(Colour::as_str),
        depth: 0,
        mark: None,
    };
    let all = Colour::ALL.iter().copied().map(Some);
    all.chain([None]).map(pick).collect()
}

fn colour_name(colour: Colour) -> &'static str {
    match colour {
        Colour::Red => phrases::colour_red(),
        Colour::Orange => phrases::colour_orange(),
        Colour::Yellow => phrases::colour_yellow(),
        Colour::Green => phrases::colour_green(),
        Colour::Teal => phrases::colour_teal(),
        Colour::Blue => phrases::colour_blue(),
        Colour::Purple => phrases::colour_purple(),
        Colour::Pink => phrases::colour_pink(),
        Colour::Brown => phrases::colour_brown(),
        Colour::Grey => phrases::colour_grey(),
    }
}
