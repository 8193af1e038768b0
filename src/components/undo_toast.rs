//! A notice such as "Task deleted", with a button to undo it for a while.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;

use crate::browser::element;
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use tsugi_screen::gestures::{Direction, GestureId};
use tsugi_screen::model::{Opens, UndoNotice};
use tsugi_words::phrases;

const SHOWN_FOR: Duration = Duration::from_secs(8);

#[component]
pub fn UndoToast(
    notice: Signal<Option<UndoNotice>>,
    on_press: Callback<(Direction, GestureId)>,
    /// Opens what shows the effect of the gesture.
    on_open: Callback<Opens>,
    /// Called when its time is over, or when the person closes it.
    on_dismiss: Callback<()>,
) -> impl IntoView {
    let toast = NodeRef::<html::Div>::new();
    // Outside world: a timer for each notice.
    Effect::new(move |_| {
        if let Some(current) = notice.get() {
            wait(current.id, toast, on_dismiss, notice);
        }
    });
    let button = move |(direction, gesture): (Direction, GestureId)| {
        let name = match direction {
            Direction::Undo => phrases::undo(),
            Direction::Redo => phrases::redo(),
        };
        view! {
            <button type="button" class="toast__undo" on:click=move |_| on_press.run((direction, gesture))>{name}</button>
        }
    };
    let open = move |opens: Opens| {
        let name = match opens {
            Opens::Place(_) => phrases::open_it(),
            Opens::History => phrases::history(),
        };
        let opened = move |_| {
            on_open.run(opens.clone());
            on_dismiss.run(());
        };
        view! { <button type="button" class="toast__undo" on:click=opened>{name}</button> }
    };
    let shown = changing(move || {
        notice.get().map(|notice| {
            view! {
                <div class="toast" node_ref=toast>
                    <span class="toast__text">{notice.text}</span>
                    {notice.opens.map(open)}
                    {notice.button.map(button)}
                    <button type="button" class="toast__close" aria-label=phrases::dismiss()
                        on:click=move |_| on_dismiss.run(())>
                        {Icon::Close.draw()}
                    </button>
                </div>
            }
        })
    });
    view! { <div class="toasts" role="status">{shown}</div> }
}

/// Closes the notice after its time. While the pointer or the focus is on it, its time starts again, so that nobody
/// loses the button.
fn wait(id: u64, toast: NodeRef<html::Div>, on_dismiss: Callback<()>, notice: Signal<Option<UndoNotice>>) {
    set_timeout(
        move || {
            let is_current = notice.try_get().flatten().is_some_and(|current| current.id == id);
            match (is_current, element::is_in_use(toast)) {
                (true, true) => wait(id, toast, on_dismiss, notice),
                (true, false) => on_dismiss.run(()),
                (false, _) => {}
            }
        },
        SHOWN_FOR,
    );
}
