//! The lists in their folders, and the labels, each with its menu.

use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::kit::menu::{Choice, Menu};
use crate::components::sidebar::place_link::PlaceLink;
use crate::components::sidebar::{Count, GroupTitle, Sides, is_folded};
use tsugi_screen::drop_place::{mark_of_home, mark_of_label};
use tsugi_screen::intent::arrange::{Arrange, Furnish};
use tsugi_screen::model::{Named, Sidebar as Content, group};
use tsugi_screen::place::TaskPlace;
use tsugi_screen::question::Ask;
use tsugi_screen::text::emoji;
use tsugi_words::phrases;

impl Sides {
    fn furnish(self, furnish: Furnish) {
        self.on_arrange.run(Arrange::Furnish(furnish));
    }
}

/// The lists and labels that people reach for most; nothing if there are none.
#[component]
pub fn Favourites(sides: Sides) -> impl IntoView {
    let folded = is_folded(sides, group::FAVOURITES);
    changing(move || {
        let favourites = sides.content.with(|content| content.favourites.clone());
        let entry = |(place, named): (TaskPlace, Named)| {
            view! { <li class="sidebar__entry">{named_link(sides, place, named)}</li> }
        };
        (!favourites.is_empty()).then(|| {
            view! {
                <div class="sidebar__head"><GroupTitle sides group=group::FAVOURITES name=phrases::favourites() /></div>
                <div hidden=folded>
                    <ul class="sidebar__group" role="list" aria-label=phrases::favourites()>
                        {favourites.into_iter().map(entry).collect_view()}
                    </ul>
                </div>
            }
        })
    })
}

/// The choice that makes a list or label a favourite, or no more.
fn favour(sides: Sides, id: EntityId) -> Choice {
    let on = !sides.content.with_untracked(|content| content.is_favourite(id));
    let name = match on {
        true => phrases::add_to_favourites(),
        false => phrases::remove_from_favourites(),
    };
    Choice::new(name, Icon::Star, move || {
        sides.furnish(Furnish::Favour { id, on })
    })
}

#[component]
pub fn Lists(sides: Sides) -> impl IntoView {
    changing(move || {
        let Content {
            folders,
            archived,
            folded,
            ..
        } = sides.content.get();
        let all: Vec<Named> = folders.iter().filter_map(|(folder, _)| folder.clone()).collect();
        let folder = |(folder, lists): (Option<Named>, Vec<Named>)| {
            let folder_id = folder.as_ref().map(|folder| folder.id);
            let is_folded = folder_id.is_some_and(|id| folded.contains(&id));
            let siblings = lists.clone();
            let entries = lists
                .into_iter()
                .filter(|_| !is_folded)
                .map(|list| list_entry(sides, list, folder_id, &siblings, &all))
                .collect_view();
            match folder {
                None => view! { <ul class="sidebar__group" role="list" aria-label=phrases::lists()>{entries}</ul> }
                    .into_any(),
                Some(folder) => {
                    let name = folder.name.clone();
                    view! {
                        <div class="folder">
                            <FolderHead sides folder is_folded all=all.clone() />
                            <ul class="sidebar__group" role="list" aria-label=name>{entries}</ul>
                        </div>
                    }
                    .into_any()
                }
            }
        };
        let folders: Vec<_> = folders.into_iter().map(folder).collect();
        let archived = (!archived.is_empty()).then(|| {
            let entry = |list: Named| archived_entry(sides, list);
            view! {
                <details class="folder">
                    <summary class="folder__name">{Icon::Chevron.draw()}{phrases::archived()}</summary>
                    <ul class="sidebar__group" role="list" aria-label=phrases::archived()>
                        {archived.into_iter().map(entry).collect_view()}
                    </ul>
                </details>
            }
        });
        view! { {folders}{archived} }
    })
}

#[component]
fn FolderHead(sides: Sides, folder: Named, is_folded: bool, all: Vec<Named>) -> impl IntoView {
    let Named { id, name, .. } = folder;
    let mark = id.to_string();
    let over = mark.clone();
    let fold_name = match is_folded {
        true => phrases::open_folder(&name),
        false => phrases::fold_folder(&name),
    };
    let choices = {
        let name = name.clone();
        Callback::new(move |()| {
            let name = name.clone();
            let put = move |before| sides.furnish(Furnish::PutFolder { folder: id, before });
            let mut choices = vec![Choice::new(phrases::rename(), Icon::Pencil, move || {
                let name = name.clone();
                sides.on_ask.run(Ask::Rename { id, name });
            })];
            choices.extend(steps(id, &all, put));
            let delete = move || sides.furnish(Furnish::DeleteFolder { folder: id });
            choices.push(Choice::new(phrases::delete(), Icon::Trash, delete).after_line());
            choices
        })
    };
    view! {
        <div class="folder__head" class:takes=move || sides.drag.is_over(&over) data-into-folder=mark>
            <button type="button" class="folder__name" aria-expanded=(!is_folded).to_string() aria-label=fold_name
                id=format!("folder-{id}") on:click=move |_| sides.on_fold.run((id, !is_folded))>
                {Icon::Chevron.draw()}<span class="sidebar__name">{name.clone()}</span>
            </button>
            <Menu name=phrases::more_of(&name) class="icon-button sidebar__more" face=Icon::More.draw().into_any() choices />
        </div>
    }
}

/// The menu items that move it up or down by one among its siblings.
fn steps(
    id: EntityId,
    siblings: &[Named],
    put: impl Fn(Option<EntityId>) + Clone + Send + Sync + 'static,
) -> Vec<Choice> {
    let Some(place) = siblings.iter().position(|sibling| sibling.id == id) else {
        return Vec::new();
    };
    let mut choices = Vec::new();
    if let Some(before) = place.checked_sub(1).and_then(|place| siblings.get(place)) {
        let (put, before) = (put.clone(), before.id);
        choices.push(Choice::new(phrases::move_up(), Icon::Up, move || {
            put(Some(before))
        }));
    }
    if place + 1 < siblings.len() {
        let before = siblings.get(place + 2).map(|sibling| sibling.id);
        choices.push(Choice::new(phrases::move_down(), Icon::Chevron, move || {
            put(before)
        }));
    }
    choices
}

fn list_entry(
    sides: Sides,
    list: Named,
    folder: Option<EntityId>,
    siblings: &[Named],
    folders: &[Named],
) -> impl IntoView + use<> {
    let id = list.id;
    let (siblings, folders, name) = (siblings.to_vec(), folders.to_vec(), list.name.clone());
    let choices = Callback::new(move |()| {
        let (for_rename, for_delete) = (name.clone(), name.clone());
        let put = move |folder, before| {
            sides.furnish(Furnish::PutList {
                list: id,
                folder,
                before,
            })
        };
        let rename = move || {
            let name = for_rename.clone();
            sides.on_ask.run(Ask::Rename { id, name });
        };
        let mut choices = vec![
            Choice::new(phrases::rename(), Icon::Pencil, rename),
            Choice::new(phrases::colour(), Icon::Palette, move || {
                sides.on_ask.run(Ask::Recolour(id))
            }),
            favour(sides, id),
        ];
        choices.extend(steps(id, &siblings, move |before| put(folder, before)));
        let others = folders.iter().filter(|other| Some(other.id) != folder);
        choices.extend(others.map(|other| {
            let into = other.id;
            Choice::new(phrases::put_in_folder(&other.name), Icon::Folder, move || {
                put(Some(into), None)
            })
        }));
        choices.extend(folder.map(|_| {
            Choice::new(phrases::take_out_of_folder(), Icon::Folder, move || {
                put(None, None)
            })
        }));
        let archive = move || {
            sides.furnish(Furnish::Archive {
                list: id,
                archived: true,
            })
        };
        choices.push(Choice::new(phrases::archive(), Icon::Archive, archive).after_line());
        choices.push(Choice::new(phrases::delete(), Icon::Trash, move || {
            let count = sides
                .counts
                .with_untracked(|counts| counts.of(&TaskPlace::List(id)));
            let name = for_delete.clone();
            sides.on_ask.run(Ask::DeleteList { id, name, count });
        }));
        choices
    });
    let mark = mark_of_home(Some(id), None);
    let over = mark.clone();
    view! {
        <li class="sidebar__entry" class:takes=move || sides.drag.is_over(&over) data-drop=mark
            data-list=id.to_string() data-folder=folder.map(|folder| folder.to_string())>
            {named_link(sides, TaskPlace::List(id), list)}
            {choices_menu(&siblings_name(id, sides), choices)}
        </li>
    }
}

/// The present name of a list or label, for the name of its menu.
fn siblings_name(id: EntityId, sides: Sides) -> String {
    sides.content.with_untracked(|content| {
        let label = content.labels.iter().find(|label| label.id == id);
        let named = content.list(id).or(label);
        named.map(|named| named.name.clone()).unwrap_or_default()
    })
}

fn choices_menu(name: &str, choices: Callback<(), Vec<Choice>>) -> impl IntoView + use<> {
    view! {
        <Menu name=phrases::more_of(name) class="icon-button sidebar__more" face=Icon::More.draw().into_any() choices />
    }
}

fn archived_entry(sides: Sides, list: Named) -> impl IntoView {
    let id = list.id;
    let name = list.name.clone();
    let choices = Callback::new(move |()| {
        let name = name.clone();
        let back = move || {
            sides.furnish(Furnish::Archive {
                list: id,
                archived: false,
            })
        };
        vec![
            Choice::new(phrases::unarchive(), Icon::Archive, back),
            Choice::new(phrases::delete(), Icon::Trash, move || {
                let count = sides
                    .counts
                    .with_untracked(|counts| counts.of(&TaskPlace::List(id)));
                let name = name.clone();
                sides.on_ask.run(Ask::DeleteList { id, name, count });
            })
            .after_line(),
        ]
    });
    view! {
        <li class="sidebar__entry">
            {named_link(sides, TaskPlace::List(id), list)}
            {choices_menu(&siblings_name(id, sides), choices)}
        </li>
    }
}

#[component]
pub fn Labels(sides: Sides) -> impl IntoView {
    let entry = move |label: Named| {
        let id = label.id;
        let name = label.name.clone();
        let choices = Callback::new(move |()| {
            let name = name.clone();
            let rename = move || {
                let name = name.clone();
                sides.on_ask.run(Ask::Rename { id, name });
            };
            let delete = move || sides.furnish(Furnish::DeleteLabel { label: id });
            vec![
                Choice::new(phrases::rename(), Icon::Pencil, rename),
                Choice::new(phrases::colour(), Icon::Palette, move || {
                    sides.on_ask.run(Ask::Recolour(id))
                }),
                favour(sides, id),
                Choice::new(phrases::delete(), Icon::Trash, delete).after_line(),
            ]
        });
        let mark = mark_of_label(id);
        let over = mark.clone();
        view! {
            <li class="sidebar__entry" class:takes=move || sides.drag.is_over(&over) data-drop=mark>
                {named_link(sides, TaskPlace::Label(id), label)}
                {choices_menu(&siblings_name(id, sides), choices)}
            </li>
        }
    };
    changing(move || {
        let labels = sides.content.with(|content| content.labels.clone());
        view! {
            <ul class="sidebar__group" role="list" aria-label=phrases::labels()>
                {labels.into_iter().map(entry).collect_view()}
            </ul>
        }
    })
}

/// The link to a list or a label. A list has a dot in its colour, or the emoji with which its name begins.
fn named_link(sides: Sides, place: TaskPlace, named: Named) -> impl IntoView {
    let count = {
        let place = place.clone();
        Memo::new(move |_| sides.counts.with(|counts| counts.of(&place)))
    };
    let is_label = matches!(place, TaskPlace::Label(_));
    let folder = sides
        .content
        .with_untracked(|content| content.folder_to_tell(&named).map(str::to_owned));
    let (emoji, name) = match emoji::split(&named.name).filter(|_| !is_label) {
        Some((emoji, rest)) => (Some(emoji.to_owned()), rest.to_owned()),
        None => (None, named.name),
    };
    let mark = match (is_label, emoji) {
        (true, _) => Icon::Label.draw().into_any(),
        (false, Some(emoji)) => view! { <span class="sidebar__emoji">{emoji}</span> }.into_any(),
        (false, None) => view! { <span class="sidebar__dot"></span> }.into_any(),
    };
    view! {
        <PlaceLink place=place.into() here=sides.here class="sidebar__link" on_go=sides.on_go>
            <span class="sidebar__icon" data-colour=named.colour>{mark}</span>
            <span class="sidebar__name">
                {name}{folder.map(|folder| view! { " " <span class="sidebar__within">{folder}</span> })}
            </span>
            <Count count />
        </PlaceLink>
    }
}
