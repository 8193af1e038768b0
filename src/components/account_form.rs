//! The form to sign in, to create an account, or to go on without one.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::ids;
use crate::signals::front::Left;

use tsugi_screen::intent::{Credentials, Password};
use tsugi_words::phrases;

#[component]
pub fn AccountForm(
    /// A request is under way.
    busy: Signal<bool>,
    /// The server's answer to a failed attempt, as a sentence.
    problem: Signal<Option<String>>,
    /// The workspace to which the person can go back.
    left: Signal<Option<Left>>,
    on_sign_in: Callback<Credentials>,
    on_create: Callback<Credentials>,
    on_without: Callback<()>,
) -> impl IntoView {
    let email = RwSignal::new(
        left.with_untracked(|left| left.as_ref().map(|left| left.email.clone()).unwrap_or_default()),
    );
    let password = RwSignal::new(String::new());
    let own_problem = RwSignal::new(None::<&'static str>);
    let shown_problem =
        Signal::derive(move || own_problem.get().map(str::to_owned).or_else(|| problem.get()));
    let submit = move |is_new: bool| {
        let typed = Credentials {
            email: email.get().trim().to_owned(),
            password: Password(password.get()),
        };
        let (found, to) = match is_new {
            true => (typed.problem_of_new(), on_create),
            false => (typed.problem(), on_sign_in),
        };
        own_problem.set(found);
        if found.is_none() && !busy.get() {
            to.run(typed);
        }
    };
    let entered = move |ev: SubmitEvent| {
        ev.prevent_default();
        submit(false);
    };
    let is_wrong = Signal::derive(move || shown_problem.get().is_some().to_string());
    let is_back = move || left.with(Option::is_some);
    let is_busy = Signal::derive(move || busy.get().to_string());
    view! {
        <form class="account-form" aria-label=phrases::account_form() novalidate on:submit=entered>
            <label class="field">
                <span class="field__label">{phrases::email()}</span>
                <input class="input" type="email" autocomplete="username" autocapitalize="off" spellcheck="false"
                    aria-describedby=ids::ACCOUNT_PROBLEM aria-invalid=is_wrong bind:value=email />
            </label>
            <PasswordField value=password is_wrong />
            <p id=ids::ACCOUNT_PROBLEM class="problem" role="alert">{shown_problem}</p>
            <button type="submit" class="button button--primary button--wide" aria-disabled=is_busy>
                {phrases::sign_in()}
            </button>
            <button type="button" class="button button--wide" aria-disabled=is_busy
                on:click=move |_| submit(true)>
                {phrases::create_account()}
            </button>
            <p class="divider"><span>{phrases::or()}</span></p>
            <button type="button" class="button button--quiet button--wide" aria-describedby=ids::WITHOUT_HINT
                on:click=move |_| on_without.run(())>
                {move || if is_back() { phrases::back_to_tasks() } else { phrases::use_without_account() }}
            </button>
            <p id=ids::WITHOUT_HINT class="hint hint--centered">
                {move || if is_back() { phrases::back_hint() } else { phrases::without_account_hint() }}
            </p>
        </form>
    }
}

#[component]
fn PasswordField(value: RwSignal<String>, is_wrong: Signal<String>) -> impl IntoView {
    let revealed = RwSignal::new(false);
    let described = [ids::ACCOUNT_PROBLEM, " ", ids::PASSWORD_RULE].concat();
    view! {
        <div class="field">
            <label class="field__label" for=ids::PASSWORD>{phrases::password()}</label>
            <span class="input-group">
                <input id=ids::PASSWORD class="input" type=move || if revealed.get() { "text" } else { "password" }
                    autocomplete="current-password" aria-describedby=described aria-invalid=is_wrong
                    bind:value=value />
                <button type="button" class="input-group__button" aria-pressed=move || revealed.get().to_string()
                    aria-controls=ids::PASSWORD on:click=move |_| revealed.update(|r| *r = !*r)>
                    {move || if revealed.get() { phrases::hide() } else { phrases::show() }}
                </button>
            </span>
            <p id=ids::PASSWORD_RULE class="hint">{phrases::password_rule()}</p>
        </div>
    }
}
