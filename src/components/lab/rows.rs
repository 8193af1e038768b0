//! The tasks of a pretend device. One of them is chosen, and the buttons below act on it.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use tsugi_lab::card::{Card, Row};
use tsugi_lab::deed::Deed;
use tsugi_lab::device::Who;
use tsugi_lab::limits;
use tsugi_sync::ids::EntityId;

use crate::browser::{focus, keyboard, names};
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use tsugi_screen::text::lab;
use tsugi_words::phrases;

/// What a person does with the rows.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    picked: Option<EntityId>,
    editing: Option<(EntityId, Editing)>,
}

/// What of a task is being written in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Editing {
    Title,
    Day,
}

#[component]
pub fn LabRows(who: Who, card: Signal<Card>, on_do: Callback<Deed>) -> impl IntoView {
    let ids = Memo::new(move |_| card.with(|card| card.rows.iter().map(|row| row.id).collect::<Vec<_>>()));
    let state = RwSignal::new(State::default());
    // The first task is chosen until another one is.
    let chosen = move || {
        let picked = state.get().picked;
        ids.with(|ids| {
            picked
                .filter(|id| ids.contains(id))
                .or_else(|| ids.first().copied())
        })
    };
    let row_of = move |id: EntityId| card.with(|card| card.rows.iter().find(|row| row.id == id).cloned());
    let end = move |id: EntityId| {
        state.update(|state| state.editing = None);
        focus::keep_focus(row_id(who, id), names::PAGE_HEADING);
    };
    let save = move |id: EntityId, text: String| {
        let deed = match state.get_untracked().editing {
            Some((_, Editing::Title)) => Deed::Rename(id, text),
            Some((_, Editing::Day)) => Deed::SetDay(id, text.parse().ok()),
            None => return,
        };
        let is_same = untrack(|| row_of(id)).is_some_and(|row| match &deed {
            Deed::Rename(_, title) => *title == row.title,
            Deed::SetDay(_, day) => *day == row.day,
            Deed::Add(_)
            | Deed::SetNotes(..)
            | Deed::SetDone(..)
            | Deed::Delete(_)
            | Deed::PutBelow(..)
            | Deed::Decide(..) => false,
        });
        if !is_same {
            on_do.run(deed);
        }
        end(id);
    };
    let row = move |id: EntityId| {
        let editing = move || state.get().editing.filter(|(edited, _)| *edited == id);
        let row = Memo::new(move |_| Some((row_of(id)?, editing().map(|(_, what)| what))));
        let depth = move || {
            let depth = row.with(|row| row.as_ref().map_or(0, |(row, _)| row.depth));
            depth.to_string()
        };
        let content = changing(move || match row.get()? {
            (row, Some(what)) => {
                let on_save = Callback::new(move |text| save(id, text));
                let on_end = Callback::new(move |()| end(id));
                Some(view! { <RowInput row what on_save on_end /> }.into_any())
            }
            (row, None) => {
                let is_chosen = move || (chosen() == Some(id)).to_string();
                let pick = move |_| state.update(|state| state.picked = Some(id));
                let button = view! {
                    <button type="button" id=row_id(who, id) class="lab-row" aria-pressed=is_chosen on:click=pick>
                        <RowContent row />
                    </button>
                };
                Some(button.into_any())
            }
        });
        view! { <li data-depth=depth>{content}</li> }
    };
    let edit = move |what| {
        if let Some(id) = untrack(chosen) {
            state.update(|state| state.editing = Some((id, what)));
        }
    };
    let act = move |deed: fn(EntityId, &Row) -> Deed| {
        let row = untrack(chosen).and_then(|id| untrack(|| row_of(id)));
        if let Some(row) = row {
            on_do.run(deed(row.id, &row));
        }
    };
    let is_done = move || chosen().and_then(row_of).is_some_and(|row| row.is_done);
    let tick = move || match is_done() {
        true => phrases::lab_open_again(),
        false => phrases::lab_tick_off(),
    };
    let action = |icon: Icon, name: AnyView, on_press: Callback<()>| {
        view! {
            <button type="button" class="button button--small" on:click=move |_| on_press.run(())>{icon.draw()} {name}</button>
        }
    };
    view! {
        <ul class="lab-rows" role="list" aria-label=phrases::lab_tasks_on(lab::name(who))>
            {changing(move || ids.get().into_iter().map(row).collect_view())}
        </ul>
        <AddLine who on_do />
        <div class="lab-actions">
            {action(Icon::Pencil, phrases::rename().into_any(), Callback::new(move |()| edit(Editing::Title)))}
            {action(Icon::Calendar, phrases::lab_another_day().into_any(), Callback::new(move |()| edit(Editing::Day)))}
            {action(Icon::CheckCircle, tick.into_any(), Callback::new(move |()| act(|id, row| Deed::SetDone(id, !row.is_done))))}
            {action(Icon::Trash, phrases::delete().into_any(), Callback::new(move |()| act(|id, _| Deed::Delete(id))))}
        </div>
    }
}

fn row_id(who: Who, id: EntityId) -> String {
    format!("lab-{}-{id}", who as u8)
}

#[component]
fn RowContent(row: Row) -> impl IntoView {
    let done = row
        .is_done
        .then(|| view! { <span class="visually-hidden">", "{phrases::lab_is_done()}</span> });
    let day = row
        .day
        .map(|day| view! { <span class="lab-row__day">{lab::day(Some(day))}</span> });
    let asked = row.is_asked.then(|| {
        view! { <span class="lab-row__asked">{Icon::Split.draw()} {phrases::lab_two_versions()}</span> }
    });
    let notes = (!row.notes.is_empty()).then(|| view! { <span class="lab-row__notes">{row.notes}</span> });
    view! {
        <span class="lab-row__ring" class:lab-row__ring--done=row.is_done aria-hidden="true">
            {row.is_done.then(|| Icon::Check.draw())}
        </span>
        <span class="lab-row__title" class:lab-row__title--done=row.is_done>{row.title}</span>
        {done}
        {day}
        {asked}
        {notes}
    }
}

/// The input in place of a row. Enter and leaving it save, Escape does not.
#[component]
fn RowInput(row: Row, what: Editing, on_save: Callback<String>, on_end: Callback<()>) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    // Outside world: the focus goes where the person is about to write.
    Effect::new(move |_| {
        if input.get().is_some() {
            focus::focus_input(input);
        }
    });
    let (kind, name, value) = match what {
        Editing::Title => ("text", phrases::title(), row.title),
        Editing::Day => (
            "date",
            phrases::lab_another_day(),
            row.day.map(|day| day.to_string()).unwrap_or_default(),
        ),
    };
    // An input that goes away loses the focus, and is told so when its callbacks are gone.
    let save = move || {
        let text = input.try_get_untracked().flatten().map(|input| input.value());
        if let Some(text) = text {
            on_save.try_run(text);
        }
    };
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::is_enter(&ev) {
            save();
        } else if ev.key() == "Escape" {
            on_end.run(());
        }
    };
    view! {
        <input class="input" type=kind aria-label=name maxlength=limits::TITLE_CHARS autocomplete="off" node_ref=input value=value
            on:keydown=pressed on:blur=move |_| save() />
    }
}

#[component]
fn AddLine(who: Who, on_do: Callback<Deed>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::is_enter(&ev) && !text.with_untracked(|text| text.trim().is_empty()) {
            on_do.run(Deed::Add(text.get_untracked()));
            text.set(String::new());
        }
    };
    view! {
        <div class="lab-add">
            {Icon::Plus.draw()}
            <input class="lab-add__input" type="text" autocomplete="off" maxlength=limits::TITLE_CHARS
                placeholder=phrases::add_task() aria-label=phrases::lab_of(phrases::add_task(), lab::name(who))
                prop:value=text on:input=move |ev| text.set(event_target_value(&ev)) on:keydown=pressed />
        </div>
    }
}
