//! A bar that says "A new version is ready". It only offers the update, because a person may be in the middle of
//! something.

use leptos::prelude::*;

use crate::components::kit::changing::while_true;
use crate::components::kit::icon::Icon;
use tsugi_words::phrases;

#[component]
pub fn UpdateBar(ready: Signal<bool>, on_take: Callback<()>, on_later: Callback<()>) -> impl IntoView {
    let offer = while_true(
        move || ready.get(),
        move || {
            view! {
                <div class="update">
                    <span class="update__text">{phrases::update_ready()}</span>
                    <button type="button" class="button" on:click=move |_| on_take.run(())>{phrases::reload()}</button>
                    <button type="button" class="icon-button" aria-label=phrases::later() title=phrases::later()
                        on:click=move |_| on_later.run(())>
                        {Icon::Close.draw()}
                    </button>
                </div>
            }
        },
    );
    view! { <div class="updates" role="status" aria-live="polite">{offer}</div> }
}
