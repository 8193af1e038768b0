//! Asks for a name: of a new list.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::draft::title_problem;
use crate::components::modal::Modal;
use crate::phrases;

#[component]
pub fn NewListDialog(on_create: Callback<String>, on_close: Callback<()>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let entered = move |ev: SubmitEvent| {
        ev.prevent_default();
        problem.set(name.with(|name| title_problem(name)));
        if problem.with(Option::is_none) {
            on_close.run(());
            on_create.run(name.with(|name| name.trim().to_owned()));
        }
    };
    view! {
        <Modal class="dialog dialog--small" labelled_by="new-list-title" on_close>
            <form on:submit=entered>
                <h2 id="new-list-title" class="dialog__title">{phrases::new_list()}</h2>
                <div class="dialog__field">
                    <label class="field">
                        <span class="field__label">{phrases::list_name()}</span>
                        <input class="input" type="text" autocomplete="off" autofocus bind:value=name
                            aria-describedby="new-list-problem" />
                    </label>
                    <p id="new-list-problem" class="problem" role="alert">{problem}</p>
                </div>
                <div class="dialog__buttons">
                    <button type="button" class="button" on:click=move |_| on_close.run(())>{phrases::cancel()}</button>
                    <button type="submit" class="button button--primary">{phrases::create()}</button>
                </div>
            </form>
        </Modal>
    }
}
