//! The bar with the commands for all selected tasks.

use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_sync::task::Priority;

use crate::components::kit::changing::while_true;
use crate::components::kit::icon::Icon;
use crate::components::kit::menu::{Choice, Menu};
use tsugi_words::phrases;

/// Callbacks of the bar.
#[derive(Clone, Copy, Debug)]
pub struct BulkHandlers {
    pub on_complete: Callback<()>,
    pub on_due: Callback<Option<Date>>,
    pub on_priority: Callback<Option<Priority>>,
    pub on_move: Callback<()>,
    pub on_label: Callback<()>,
    pub on_delete: Callback<()>,
    pub on_clear: Callback<()>,
}

#[component]
pub fn BulkBar(count: Signal<usize>, today: Signal<Date>, handlers: BulkHandlers) -> impl IntoView {
    let button = |icon: Icon, words: &'static str, press: Callback<()>| {
        view! {
            <button type="button" class="bulk__button" aria-label=words title=words on:click=move |_| press.run(())>
                {icon.draw()}<span class="bulk__words">{words}</span>
            </button>
        }
    };
    let face = |icon: Icon, words: &'static str| {
        view! { {icon.draw()}<span class="bulk__words">{words}</span> }.into_any()
    };
    let dues = Callback::new(move |()| due_choices(today.get_untracked(), handlers.on_due));
    let priorities = Callback::new(move |()| priority_choices(handlers.on_priority));
    let bar = move || {
        view! {
            <div class="bulk" role="toolbar" aria-label=phrases::selection()>
                <span class="bulk__count">{move || phrases::selected_tasks(count.get())}</span>
                {button(Icon::Check, phrases::complete(), handlers.on_complete)}
                <Menu name=phrases::set_due().to_owned() class="bulk__button"
                    face=face(Icon::Calendar, phrases::set_due()) choices=dues />
                <Menu name=phrases::priority().to_owned() class="bulk__button"
                    face=face(Icon::Flag, phrases::priority()) choices=priorities />
                {button(Icon::Move, phrases::move_to(), handlers.on_move)}
                {button(Icon::Label, phrases::set_label(), handlers.on_label)}
                {button(Icon::Trash, phrases::delete(), handlers.on_delete)}
                <button type="button" class="bulk__button" aria-label=phrases::clear_selection()
                    title=phrases::clear_selection() on:click=move |_| handlers.on_clear.run(())>
                    {Icon::Close.draw()}
                </button>
            </div>
        }
    };
    let said = Signal::derive(move || match count.get() {
        0 => String::new(),
        count => phrases::selected_tasks(count),
    });
    view! {
        <p class="visually-hidden" role="status">{said}</p>
        {while_true(move || count.get() > 0, bar)}
    }
}

/// Shortcuts for the days to which people mostly put tasks off.
fn due_choices(today: Date, on_due: Callback<Option<Date>>) -> Vec<Choice> {
    let days = [
        (phrases::today(), 0),
        (phrases::tomorrow(), 1),
        (phrases::next_week(), 7),
    ];
    let day = |(name, days): (&str, i32)| {
        let day = today.plus(days);
        Choice::new(name, Icon::Calendar, move || on_due.run(day))
    };
    let mut choices: Vec<Choice> = days.into_iter().map(day).collect();
    choices.push(Choice::new(phrases::no_date(), Icon::Close, move || on_due.run(None)).after_line());
    choices
}

fn priority_choices(on_priority: Callback<Option<Priority>>) -> Vec<Choice> {
    let choice = |priority: Priority| {
        let name = phrases::priority_number(priority.number() as usize);
        Choice::new(name, Icon::Flag, move || on_priority.run(Some(priority)))
    };
    let mut choices: Vec<Choice> = Priority::ALL.into_iter().map(choice).collect();
    choices
        .push(Choice::new(phrases::no_priority(), Icon::Close, move || on_priority.run(None)).after_line());
    choices
}
