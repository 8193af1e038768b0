//! Completion under a line of quick add: the names that fit the word at the caret, and the buttons for who does not know
//! the signs. The line itself is in [`super::quick_add`]; this comes later than the line.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use tsugi_quick_add::Parsed;

use crate::browser::{element, focus, keyboard};
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use tsugi_screen::completion::{Choice, Completion, Kind, complete, offer_all};
use tsugi_screen::model::Sidebar;
use tsugi_screen::place::TaskPlace;
use tsugi_words::fold::fold;
use tsugi_words::phrases;

/// The state of the completion of one line.
#[derive(Clone, Copy, Debug)]
pub struct Completing {
    pub id: &'static str,
    pub input: NodeRef<html::Input>,
    pub text: RwSignal<String>,
    /// The line up to the caret.
    pub before: RwSignal<String>,
    /// Whether the person has closed the names, until they type on.
    pub closed: RwSignal<bool>,
    /// What the person has asked for by a button.
    pub asked: RwSignal<Option<Kind>>,
    /// The choice to which the person has gone with the arrow keys.
    pub at: RwSignal<Option<usize>>,
    pub found: Memo<Option<Completion>>,
}

impl Completing {
    /// The caret or the text has moved.
    pub fn look(self) {
        let before = element::before_caret(self.input);
        if self.before.with_untracked(|known| *known != before) {
            self.before.set(before);
            self.close();
            self.closed.set(false);
        }
    }

    fn close(self) {
        self.asked.set(None);
        self.at.set(None);
        self.closed.set(true);
    }

    /// The line was added, and the next one begins.
    pub fn forget(self) {
        self.before.set(String::new());
        self.close();
    }

    fn go_to(self, place: usize) {
        self.at.set(Some(place));
    }

    /// Offers everything of a kind, or closes that again.
    fn ask(self, kind: Kind) {
        let is_open = self.asked.get_untracked() == Some(kind);
        self.close();
        if !is_open {
            self.asked.set(Some(kind));
            self.closed.set(false);
        }
    }

    /// The choice that Enter takes.
    fn chosen(self) -> Option<usize> {
        let takes_first = self
            .found
            .with_untracked(|found| found.as_ref().is_some_and(|found| found.takes_first));
        self.at.get_untracked().or(takes_first.then_some(0))
    }

    fn choose(self, place: usize) {
        let put = self.found.with_untracked(|found| {
            let found = found.as_ref()?;
            let choice = found.choices.get(place)?;
            Some(self.before.with_untracked(|before| found.put(before, choice)))
        });
        let Some(put) = put else { return };
        let after = self.before.with_untracked(|before| {
            self.text.with_untracked(|text| {
                text.strip_prefix(before.as_str())
                    .unwrap_or_default()
                    .trim_start()
                    .to_owned()
            })
        });
        element::write(self.input, &put, &after);
        self.text.set([put.as_str(), &after].concat());
        self.before.set(put);
        self.close();
        focus::focus_input(self.input);
    }
}

/// The names that fit; none while nothing is to be completed.
#[must_use]
pub fn find(
    before: &str,
    asked: Option<Kind>,
    parsed: Option<&Parsed>,
    content: &Sidebar,
    place: &TaskPlace,
) -> Option<Completion> {
    let named = parsed.and_then(|parsed| parsed.list.as_deref()).map(fold);
    let list = match named {
        Some(named) => content
            .lists()
            .find(|list| fold(&list.name) == named)
            .map(|list| list.id),
        None => place.list(),
    };
    match asked {
        Some(kind) => offer_all(kind, before, content, list),
        None => complete(before, content, list),
    }
}

/// Answers a key in the line. Returns whether the key was for the completion.
#[must_use]
pub fn press(ev: &KeyboardEvent, completing: Completing) -> bool {
    let Some(count) = completing
        .found
        .with_untracked(|found| found.as_ref().map(|found| found.choices.len()))
    else {
        return false;
    };
    let at = completing.at.get_untracked();
    match ev.key().as_str() {
        _ if keyboard::is_composing(ev) => return false,
        "ArrowDown" => completing.go_to(at.map_or(0, |at| (at + 1) % count)),
        "ArrowUp" => completing.go_to(at.and_then(|at| at.checked_sub(1)).unwrap_or(count - 1)),
        "Escape" => {
            ev.stop_propagation();
            completing.close();
        }
        "Enter" | "Tab" => match completing.chosen() {
            Some(place) => completing.choose(place),
            None => return false,
        },
        _ => return false,
    }
    ev.prevent_default();
    true
}

/// The buttons and the list of names.
#[must_use]
pub fn draw(completing: Completing) -> AnyView {
    let at = completing.at;
    let options = changing(move || {
        let found = completing.found.get()?;
        let icon = icon_of(found.kind);
        let option = |(place, choice): (usize, Choice)| {
            let takes_first = found.takes_first;
            let is_at = move || at.get().or(takes_first.then_some(0)) == Some(place);
            view! {
                <li id=format!("{}-{place}", completing.id) class="palette__option" role="option"
                    aria-selected=move || is_at().to_string()
                    on:mousedown=|ev: MouseEvent| ev.prevent_default() on:click=move |_| completing.choose(place)>
                    <span class="sidebar__icon" data-colour=choice.colour>{icon.draw()}</span>
                    <span class="palette__name">{choice.name}</span>
                    {choice.within.map(|within| view! { <span class="palette__mark">{within}</span> })}
                </li>
            }
        };
        Some(found.choices.into_iter().enumerate().map(option).collect_view())
    });
    let none = move || completing.found.with(Option::is_none);
    let button = |(kind, name): (Kind, &'static str)| {
        let ask = move |_| {
            focus::focus_input(completing.input);
            completing.look();
            completing.ask(kind);
        };
        view! {
            <button type="button" class="quick-add__tool" aria-pressed=move || (completing.asked.get() == Some(kind)).to_string()
                on:mousedown=|ev: MouseEvent| ev.prevent_default() on:click=ask>
                {icon_of(kind).draw()}{name}
            </button>
        }
    };
    let buttons = [
        (Kind::Day, phrases::due()),
        (Kind::Priority, phrases::priority()),
        (Kind::List, phrases::list()),
        (Kind::Label, phrases::labels()),
        (Kind::Repeat, phrases::repeat()),
    ];
    let is_blank = move || completing.text.with(|text| text.trim().is_empty());
    view! {
        <ul id=completing.id class="completions" role="listbox" aria-label=phrases::completions() hidden=none>{options}</ul>
        <div class="quick-add__tools" role="group" aria-label=phrases::add_details() hidden=is_blank>
            {buttons.map(button).into_iter().collect_view()}
        </div>
    }
    .into_any()
}

fn icon_of(kind: Kind) -> Icon {
    match kind {
        Kind::Day => Icon::Calendar,
        Kind::Repeat => Icon::Repeat,
        Kind::Priority => Icon::Flag,
        Kind::Label => Icon::Label,
        Kind::List => Icon::List,
        Kind::Section => Icon::Panel,
    }
}
