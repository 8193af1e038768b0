//! The heading of a group of tasks: a day, or a section with its menu.

use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_sync::ids::EntityId;

use crate::browser::names;
use crate::components::kit::icon::Icon;
use crate::components::kit::menu::{Choice, Menu};
use crate::components::rows::drag::Drag;
use tsugi_screen::drop_place::{mark_of_day, mark_of_home};
use tsugi_screen::intent::arrange::{Arrange, Furnish};
use tsugi_screen::model::{Heading, Named};
use tsugi_screen::question::Ask;
use tsugi_screen::text::due;
use tsugi_words::phrases;

/// The values and callbacks that headings need.
#[derive(Clone, Copy, Debug)]
pub struct Groups {
    pub today: Signal<Date>,
    /// The list of the place, if it shows one.
    pub list: Option<EntityId>,
    /// The sections of that list, in order.
    pub sections: Signal<Vec<Named>>,
    pub drag: Drag,
    pub on_arrange: Callback<Arrange>,
    pub on_fold: Callback<(EntityId, bool)>,
    pub on_ask: Callback<Ask>,
}

#[component]
pub fn GroupHeading(
    heading: Heading,
    groups: Groups,
    /// Whether the group has no tasks.
    is_bare: bool,
) -> impl IntoView {
    let today = groups.today;
    match heading {
        Heading::Overdue => {
            let all = move |_| groups.on_arrange.run(Arrange::RescheduleOverdue);
            view! {
                <div class="group group--overdue" data-heading="">
                    <h2 class="group__name">{phrases::overdue_group()}</h2>
                    <button type="button" class="group__action" on:click=all>{phrases::today_all()}</button>
                </div>
            }
            .into_any()
        }
        Heading::Day(day) => {
            let mark = mark_of_day(day);
            let over = mark.clone();
            let words = Signal::derive(move || due::day_heading(day, today.get()));
            let bare = is_bare.then(|| view! { <span class="group__aside">{phrases::drop_here()}</span> });
            view! {
                <div class="group" class:group--bare=is_bare class:takes=move || groups.drag.is_over(&over) data-heading=""
                data-drop=mark>
                    <h2 class="group__name">{words}</h2>
                    {bare}
                </div>
            }
            .into_any()
        }
        Heading::Section {
            id,
            name,
            count,
            folded,
        } => view! { <SectionHeading id name count folded groups is_bare /> }.into_any(),
    }
}

#[component]
fn SectionHeading(
    id: EntityId,
    name: String,
    count: usize,
    folded: bool,
    groups: Groups,
    is_bare: bool,
) -> impl IntoView {
    let mark = mark_of_home(groups.list, Some(id));
    let over = mark.clone();
    let fold_name = match folded {
        true => phrases::unfold_it(&name),
        false => phrases::fold_it(&name),
    };
    let hint = (is_bare && !folded && count == 0)
        .then(|| view! { <span class="group__aside">{phrases::empty_section_hint()}</span> });
    view! {
        <div class="group group--section" class:takes=move || groups.drag.is_over(&over) data-heading=""
                data-drop=mark>
            <button type="button" class="group__fold" aria-expanded=(!folded).to_string() aria-label=fold_name
                id=names::fold(id) on:click=move |_| groups.on_fold.run((id, !folded))>
                {Icon::Chevron.draw()}
            </button>
            <h2 class="group__name">{name.clone()}</h2>
            <span class="group__count">{(count > 0).then(|| phrases::number(count))}</span>
            {hint}
            <Menu name=phrases::more_of_section(&name) class="icon-button group__more" face=Icon::More.draw().into_any()
                choices=section_choices(id, name, count, groups) />
        </div>
    }
}

/// The menu of a section.
#[must_use]
pub fn section_choices(
    id: EntityId,
    name: String,
    count: usize,
    groups: Groups,
) -> Callback<(), Vec<Choice>> {
    Callback::new(move |()| {
        let (for_rename, for_delete) = (name.clone(), name.clone());
        let put = move |before: Option<EntityId>| {
            let put = Furnish::PutSection { section: id, before };
            groups.on_arrange.run(Arrange::Furnish(put));
        };
        let all = groups.sections.get_untracked();
        let place = all
            .iter()
            .position(|section| section.id == id)
            .unwrap_or_default();
        let mut choices = vec![Choice::new(phrases::rename(), Icon::Pencil, move || {
            let name = for_rename.clone();
            groups.on_ask.run(Ask::Rename { id, name });
        })];
        if let Some(before) = place.checked_sub(1).and_then(|place| all.get(place)) {
            let before = before.id;
            choices.push(Choice::new(phrases::move_up(), Icon::Up, move || {
                put(Some(before))
            }));
        }
        if place + 1 < all.len() {
            let before = all.get(place + 2).map(|section| section.id);
            choices.push(Choice::new(phrases::move_down(), Icon::Chevron, move || {
                put(before)
            }));
        }
        let delete = Choice::new(phrases::delete(), Icon::Trash, move || {
            let name = for_delete.clone();
            groups.on_ask.run(Ask::DeleteSection { id, name, count });
        });
        choices.push(delete.after_line());
        choices
    })
}
