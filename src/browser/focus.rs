//! The keyboard's focus: its place, and moving it. If an element cannot take the focus, the focus stays at its place.
//!
//! Most moves wait until the screen has been drawn again. If the person moves the focus meanwhile, it stays where they put
//! it. If a second move is asked for meanwhile, only the second happens. Example: a person opens a board, and focuses and
//! moves a card before the next frame. The focus stays with the card, and does not go to the heading of the board.

use std::cell::Cell;

use leptos::ev::FocusEvent;
use leptos::html;
use leptos::prelude::*;
use tsugi_screen::shortcuts::Step;
use tsugi_sync::ids::EntityId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use super::{device, names};

thread_local! {
    /// How many moves have been asked for.
    static MOVES: Cell<u32> = const { Cell::new(0) };
    /// The number of the move that waits.
    static WAITING: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Focuses the element with this id, after the screen has been drawn again.
pub fn focus(id: &'static str) {
    let before = document().active_element();
    when_drawn(move || {
        if is_lost() || document().active_element() == before {
            focus_element(by_id(id));
        }
    });
}

/// Focuses the element with this id at once, and shows it.
pub fn focus_now(id: &str) {
    focus_element(by_id(id));
}

/// Focuses an input of the calling component.
pub fn focus_input(input: NodeRef<html::Input>) {
    focus_element(input.try_get_untracked().flatten().map(Into::into));
}

/// Focuses a button of the calling component.
pub fn focus_button(button: NodeRef<html::Button>) {
    focus_element(button.try_get_untracked().flatten().map(Into::into));
}

/// Focuses a text of several lines of the calling component.
pub fn focus_textarea(input: NodeRef<html::Textarea>) {
    focus_element(input.try_get_untracked().flatten().map(Into::into));
}

/// Focuses what a popover of the calling component is for: its first input, or the popover itself where a finger would
/// bring up a keyboard that nobody asked for.
pub fn enter(root: NodeRef<html::Span>) {
    let popover = root
        .try_get_untracked()
        .flatten()
        .and_then(|root| root.last_element_child());
    let input = popover
        .as_ref()
        .and_then(|popover| popover.query_selector("input").ok().flatten());
    focus_element(input.filter(|_| !device::has_coarse_pointer()).or(popover));
}

/// Focuses the cell of a grid that can have the focus, after the screen has been drawn again.
pub fn focus_cell(grid: NodeRef<html::Div>) {
    when_drawn(move || {
        let grid = grid.try_get_untracked().flatten();
        focus_element(grid.and_then(|grid| grid.query_selector("[tabindex='0']").ok().flatten()));
    });
}

/// Takes the focus away from where it is, so that an input hears of it while its component is still there.
pub fn leave() {
    let element = document().active_element();
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // This fails only for an element that cannot have the focus.
        drop(element.blur());
    }
}

/// Focuses the element again if the focus went to the page because the element was moved within it. If the element is
/// gone, this focuses the `fallback`.
pub fn keep_focus(id: String, fallback: &'static str) {
    when_drawn(move || {
        if is_lost() {
            focus_element(by_id(&id).or_else(|| by_id(fallback)));
        }
    });
}

/// Keeps the focus where it is, although the screen is about to be drawn again and may move the element.
pub fn keep_here() {
    let here = document().active_element();
    when_drawn(move || {
        if is_lost() {
            focus_element(here.filter(|here| here.is_connected()));
        }
    });
}

/// When the calling component goes away together with the focus, the focus returns to the element that had it before
/// the component came. If that element is gone too, the first of `fallbacks` that exists gets it. A move that waits comes
/// first.
pub fn return_on_cleanup(fallbacks: &'static [&'static str]) {
    let before = StoredValue::new_local(document().active_element());
    on_cleanup(move || {
        let before = before.try_get_value().flatten();
        request_animation_frame(move || {
            if is_lost() && WAITING.get().is_none() {
                let there = before.filter(|element| element.is_connected() && element.tag_name() != "BODY");
                let is_shown = |element: &Element| !element.has_attribute("hidden");
                let fallback = || fallbacks.iter().find_map(|id| by_id(id).filter(is_shown));
                focus_element(there.filter(is_shown).or_else(fallback));
            }
        });
    });
}

/// Moves the focus to the next row of a list, or into the list. The checkbox of a row gets it.
pub fn step(list: &str, step: Step) {
    let Some(list) = by_id(list) else { return };
    let row = row().filter(|row| list.contains(Some(row)));
    let next = match (&row, step) {
        (Some(row), Step::Next) => row.next_element_sibling(),
        (Some(row), Step::Previous) => row.previous_element_sibling(),
        (None, Step::Next | Step::Previous) => list.first_element_child(),
    };
    // At the end of the list the focus stays at its row.
    if let Some(next) = next.or(row) {
        focus_element(next.query_selector("input:not(:disabled), button").ok().flatten());
    }
}

/// Moves the focus to the next choice of a menu, or to the one before; after the last comes the first. The choices are
/// the buttons in the list that is the last part of `menu`.
pub fn step_in_menu(menu: NodeRef<html::Span>, step: Step) {
    let menu = menu.try_get_untracked().flatten();
    let Some(list) = menu.and_then(|menu| Some(menu.last_element_child()?.children())) else {
        return;
    };
    let choice = |nth: u32| list.item(nth)?.first_element_child();
    let active = document().active_element();
    let count = list.length();
    let here = (0..count).find(|nth| active.is_some() && choice(*nth) == active);
    let next = match (here, step) {
        (Some(here), Step::Next) => (here + 1) % count,
        (Some(here), Step::Previous) => here.checked_sub(1).unwrap_or(count - 1),
        (None, Step::Next | Step::Previous) => 0,
    };
    focus_element(choice(next));
}

/// The conflict whose card has the focus.
#[must_use]
pub fn card_in_focus() -> Option<EntityId> {
    let card = document().active_element()?.closest(CARD).ok().flatten()?;
    card.get_attribute("data-conflict")?.parse().ok()
}

/// Moves the focus from the card of a conflict to the next one, or to the one before if `by` is negative; from elsewhere
/// to the first. At an end it stays.
pub fn step_in_cards(from: Option<EntityId>, by: isize) {
    let list = document().query_selector(".inbox__list").ok().flatten();
    let Some(lines) = list.map(|list| list.children()) else {
        return;
    };
    let card = |nth: u32| lines.item(nth)?.query_selector(CARD).ok().flatten();
    let cards: Vec<Element> = (0..lines.length()).filter_map(card).collect();
    let id = from.map(|id| id.to_string());
    let is_from = |card: &Element| id.is_some() && card.get_attribute("data-conflict") == id;
    let next = match cards.iter().position(is_from) {
        Some(here) => here.saturating_add_signed(by).min(cards.len() - 1),
        None => 0,
    };
    focus_element(cards.get(next).cloned());
}

/// Moves the focus at once to the first control within an element.
pub fn focus_within(id: &str) {
    let controls = "input, textarea, select, button";
    let first = by_id(id).and_then(|within| within.query_selector(controls).ok().flatten());
    focus_element(first);
}

/// Moves the focus from a card that is about to go to the one after it, or else to the one before; from the only one to
/// the head of the panel.
pub fn leave_card(id: EntityId) {
    step_in_cards(Some(id), 1);
    if card_in_focus() == Some(id) {
        step_in_cards(Some(id), -1);
    }
    if card_in_focus() == Some(id) {
        focus_now(names::INBOX_HEADING);
    }
}

/// The cards of conflicts, and the entries of what was decided.
const CARD: &str = "[data-conflict]";

/// Whether the focus leaves an element inside `part` for one outside of it.
#[must_use]
pub fn leaves(ev: &FocusEvent, part: NodeRef<html::Span>) -> bool {
    let next = ev
        .related_target()
        .and_then(|target| target.dyn_into::<Node>().ok());
    let part = part.try_get_untracked().flatten();
    !part.is_some_and(|part| next.is_some_and(|next| part.contains(Some(&next))))
}

/// The tasks of the drawn rows of a list, in order.
#[must_use]
pub fn rows(list: &str) -> Vec<EntityId> {
    let Some(rows) = by_id(list).map(|list| list.children()) else {
        return Vec::new();
    };
    let task = |nth| task_of(&rows.item(nth)?);
    (0..rows.length()).filter_map(task).collect()
}

/// The task whose row has the focus.
#[must_use]
pub fn row_in_focus() -> Option<EntityId> {
    task_of(&row()?)
}

/// The tasks of the rows or cards beside the one in focus: those after it, and then those before it, the nearest first.
#[must_use]
pub fn rows_beside() -> Vec<EntityId> {
    let Some(row) = row() else { return Vec::new() };
    let after = std::iter::successors(row.next_element_sibling(), Element::next_element_sibling);
    let before = std::iter::successors(row.previous_element_sibling(), Element::previous_element_sibling);
    after.chain(before).filter_map(|row| task_of(&row)).collect()
}

/// Whether a dialog has the keyboard to itself, or something that has opened waits for Escape.
#[must_use]
pub fn is_in_dialog() -> bool {
    let is_there = |selector: &str| {
        document()
            .query_selector(selector)
            .is_ok_and(|found| found.is_some())
    };
    // Each is asked by itself, because a browser that does not know the second still answers the first.
    is_there("dialog[open]") || is_there(":popover-open")
}

/// Moves the focus after the screen has been drawn again, unless another move has been asked for by then.
fn when_drawn(move_focus: impl FnOnce() + 'static) {
    let number = MOVES.get().wrapping_add(1);
    MOVES.set(number);
    WAITING.set(Some(number));
    request_animation_frame(move || {
        if WAITING.get() == Some(number) {
            WAITING.set(None);
            move_focus();
        }
    });
}

fn row() -> Option<Element> {
    let selector = ["[", names::TASK, "]"].concat();
    document().active_element()?.closest(&selector).ok().flatten()
}

fn task_of(row: &Element) -> Option<EntityId> {
    row.get_attribute(names::TASK)?.parse().ok()
}

fn is_lost() -> bool {
    document()
        .active_element()
        .is_none_or(|active| active.tag_name() == "BODY")
}

fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

fn focus_element(element: Option<Element>) {
    if let Some(element) = element.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot take the focus leaves it at its place, and nothing can be done about it.
        drop(element.focus());
    }
}
