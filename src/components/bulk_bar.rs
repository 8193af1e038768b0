//! What can be done with all tasks that are selected.

use leptos::prelude::*;

use crate::components::changing::while_true;
use crate::components::icon::Icon;
use crate::phrases;

#[component]
pub fn BulkBar(
    count: Signal<usize>,
    on_complete: Callback<()>,
    on_delete: Callback<()>,
    on_clear: Callback<()>,
) -> impl IntoView {
    let bar = move || {
        view! {
            <div class="bulk" role="toolbar" aria-label=phrases::selection()>
                <span class="bulk__count">{move || phrases::selected_tasks(count.get())}</span>
                <button type="button" class="bulk__button" on:click=move |_| on_complete.run(())>
                    {Icon::Check.draw()}{phrases::complete()}
                </button>
                <button type="button" class="bulk__button" on:click=move |_| on_delete.run(())>
                    {Icon::Trash.draw()}{phrases::delete()}
                </button>
                <button type="button" class="bulk__button" aria-label=phrases::clear_selection()
                    on:click=move |_| on_clear.run(())>
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
