//! Completion under a line of quick add: the names that fit the word at the caret, and the buttons for who does not know
//! the signs. The line itself is in [`super::quick_add`]; this comes later than the line.

use leptos::ev::{Event, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use tsugi_quick_add::Parsed;

use crate::browser::{element, focus, keyboard, pointer};
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use tsugi_screen::completion::{Choice, Completion, Kind, complete, offer_all};
use tsugi_screen::model::Sidebar;
use tsugi_screen::place::TaskPlace;
use tsugi_screen::text::quick_add;
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
    /// Lines that the person pasted, while they are asked whether each is to be a task.
    pub pasted: RwSignal<Vec<String>>,
    /// Adds a task for each of these lines.
    pub add_pasted: Callback<Vec<String>>,
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

    /// Asks whether each of these pasted lines is to be a task; no more, if there are none.
    fn ask_about(self, lines: Vec<String>) {
        self.close();
        self.pasted.set(lines);
    }

    /// Answers the question about the pasted lines: a task for each, or all in the line.
    fn take_pasted(self, as_one: bool) {
        let lines = self.pasted.get_untracked();
        self.ask_about(Vec::new());
        focus::focus_input(self.input);
        match as_one {
            true => self.put(&lines.join(" ")),
            false => self.add_pasted.run(lines),
        }
    }

    /// Writes a text at the caret.
    fn put(self, text: &str) {
        let before = element::before_caret(self.input);
        let after = self
            .text
            .with_untracked(|line| line.strip_prefix(before.as_str()).unwrap_or_default().to_owned());
        let put = before + text;
        element::write(self.input, &put, &after);
        self.text.set([put.as_str(), &after].concat());
        self.before.set(put);
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

/// The same for a sub-task. It has no list of its own.
#[must_use]
pub fn find_for_sub_task(
    before: &str,
    asked: Option<Kind>,
    parsed: Option<&Parsed>,
    content: &Sidebar,
    place: &TaskPlace,
) -> Option<Completion> {
    let found = find(before, asked, parsed, content, place);
    found.filter(|found| !matches!(found.kind, Kind::List | Kind::Section))
}

/// Asks about several pasted lines. Returns a problem if there are too many. Other texts are left to the browser.
#[must_use]
pub fn paste(ev: &Event, completing: Completing) -> Option<String> {
    let text = element::pasted(ev);
    let lines = quick_add::pasted_lines(&text);
    if lines.is_empty() {
        let too_many = text.lines().count() > quick_add::PASTED_LINES;
        return too_many.then(|| {
            ev.prevent_default();
            phrases::pasted_too_many(quick_add::PASTED_LINES)
        });
    }
    ev.prevent_default();
    completing.ask_about(lines);
    None
}

/// Answers a key in the line. Returns whether the key was for the completion.
#[must_use]
pub fn press(ev: &KeyboardEvent, completing: Completing) -> bool {
    if !keyboard::is_composing(ev) && completing.pasted.with_untracked(|lines| !lines.is_empty()) {
        match ev.key().as_str() {
            "Enter" => completing.take_pasted(false),
            "Escape" => completing.ask_about(Vec::new()),
            _ => return false,
        }
        ev.stop_propagation();
        ev.prevent_default();
        return true;
    }
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

/// The list of names, the buttons, and the question about pasted lines.
#[must_use]
pub fn draw(completing: Completing) -> AnyView {
    const KINDS: [Kind; 5] = [Kind::Day, Kind::Priority, Kind::List, Kind::Label, Kind::Repeat];
    draw_with(completing, &KINDS)
}

/// The same for a sub-task, without the buttons.
#[must_use]
pub fn draw_for_sub_task(completing: Completing) -> AnyView {
    // Once it is added, its own editor has all the details.
    draw_with(completing, &[])
}

fn draw_with(completing: Completing, kinds: &'static [Kind]) -> AnyView {
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
                    on:mousedown=pointer::keep_focus on:click=move |_| completing.choose(place)>
                    <span class="sidebar__icon" data-colour=choice.colour>{icon.draw()}</span>
                    <span class="palette__name">{choice.name}</span>
                    {choice.within.map(|within| view! { <span class="palette__mark">{within}</span> })}
                </li>
            }
        };
        Some(found.choices.into_iter().enumerate().map(option).collect_view())
    });
    let none = move || completing.found.with(Option::is_none);
    let button = |kind: Kind| {
        let ask = move |_| {
            focus::focus_input(completing.input);
            completing.look();
            completing.ask(kind);
        };
        view! {
            <button type="button" class="quick-add__tool" aria-pressed=move || (completing.asked.get() == Some(kind)).to_string()
                on:mousedown=pointer::keep_focus on:click=ask>
                {icon_of(kind).draw()}{name_of(kind)}
            </button>
        }
    };
    let is_blank = move || completing.text.with(|text| text.trim().is_empty());
    view! {
        <ul id=completing.id class="completions" role="listbox" aria-label=phrases::completions() hidden=none>{options}</ul>
        <div class="quick-add__tools" role="group" aria-label=phrases::add_details() hidden=is_blank>
            {kinds.iter().copied().map(button).collect_view()}
        </div>
        {changing(move || question(completing))}
    }
    .into_any()
}

/// How many pasted lines the question shows.
const LINES_SHOWN: usize = 5;

/// Whether each of the pasted lines is to be a task.
fn question(completing: Completing) -> Option<impl IntoView> {
    let lines = completing.pasted.get();
    let count = lines.len();
    let more = count.saturating_sub(LINES_SHOWN);
    let shown = lines.into_iter().take(LINES_SHOWN);
    let line = |line: String| view! { <li class="pasted__line">{line}</li> };
    (count > 0).then(|| {
        view! {
            <div class="pasted" role="group" aria-labelledby=format!("{}-pasted", completing.id)>
                <p class="pasted__question" id=format!("{}-pasted", completing.id) role="status">{phrases::pasted_question(count)}</p>
                <ul class="pasted__lines" role="list">{shown.map(line).collect_view()}</ul>
                {(more > 0).then(|| view! { <p class="hint">{phrases::pasted_more(more)}</p> })}
                <p class="pasted__answers">
                    <button type="button" class="button button--primary" on:click=move |_| completing.take_pasted(false)>
                        {phrases::pasted_add(count)}<kbd class="pasted__key" aria-hidden="true">"↵"</kbd>
                    </button>
                    <button type="button" class="button" on:click=move |_| completing.take_pasted(true)>{phrases::pasted_as_one()}</button>
                </p>
            </div>
        }
    })
}

fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Day => phrases::due(),
        Kind::Priority => phrases::priority(),
        Kind::List => phrases::list(),
        Kind::Section => phrases::section(),
        Kind::Label => phrases::labels(),
        Kind::Repeat => phrases::repeat(),
    }
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
