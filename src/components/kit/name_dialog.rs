//! A dialog that asks for a name: of a new list, folder, section or label, or for another name of an existing one.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::ids;
use crate::components::kit::modal::Modal;
use tsugi_screen::edits::draft::title_problem;
use tsugi_words::phrases;

#[component]
pub fn NameDialog(
    title: String,
    /// The label of the input: "Name of the list".
    label: &'static str,
    /// The text of the button that accepts the name.
    button: &'static str,
    /// The present name; empty for something new.
    #[prop(into)]
    before: String,
    on_name: Callback<String>,
    on_close: Callback<()>,
) -> impl IntoView {
    let name = RwSignal::new(before);
    let problem = RwSignal::new(None::<String>);
    let entered = move |ev: SubmitEvent| {
        ev.prevent_default();
        problem.set(name.with(|name| title_problem(name)));
        if problem.with(Option::is_none) {
            on_close.run(());
            on_name.run(name.with(|name| name.trim().to_owned()));
        }
    };
    view! {
        <Modal class="dialog dialog--small" labelled_by="name-title" on_close>
            <form on:submit=entered>
                <h2 id="name-title" class="dialog__title">{title}</h2>
                <div class="dialog__field">
                    <label class="field">
                        <span class="field__label">{label}</span>
                        <input class="input" type="text" autocomplete="off" autofocus bind:value=name
                            aria-describedby=ids::NAME_PROBLEM />
                    </label>
                    <p id=ids::NAME_PROBLEM class="problem" role="alert">{problem}</p>
                </div>
                <div class="dialog__buttons">
                    <button type="button" class="button" on:click=move |_| on_close.run(())>{phrases::cancel()}</button>
                    <button type="submit" class="button button--primary">{button}</button>
                </div>
            </form>
        </Modal>
    }
}

/// A dialog that says what is deleted together with a list or section, and asks whether its tasks are kept.
#[component]
pub fn DeleteDialog(
    title: String,
    text: String,
    /// It has no tasks, so there is nothing to ask.
    is_empty: bool,
    /// The text of the button that keeps the tasks: "Keep its tasks in the Inbox".
    keep: &'static str,
    on_keep: Callback<()>,
    on_delete: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    let choose = move |chosen: Callback<()>| {
        on_close.run(());
        chosen.run(());
    };
    let keep = (!is_empty).then(|| {
        view! { <button type="button" class="button" on:click=move |_| choose(on_keep)>{keep}</button> }
    });
    let delete = match is_empty {
        true => phrases::delete(),
        false => phrases::delete_with_tasks(),
    };
    view! {
        <Modal class="dialog dialog--small" labelled_by="delete-title" on_close>
            <h2 id="delete-title" class="dialog__title" tabindex="-1" autofocus>{title}</h2>
            <p class="dialog__text">{text}</p>
            <div class="dialog__buttons">
                <button type="button" class="button" on:click=move |_| on_close.run(())>{phrases::cancel()}</button>
                {keep}
                <button type="button" class="button button--danger" on:click=move |_| choose(on_delete)>{delete}</button>
            </div>
        </Modal>
    }
}
