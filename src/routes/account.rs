//! The first screen: it introduces Tsugi, and lets the person sign in, create an account, or go on without one.

use leptos::prelude::*;

use crate::components::account_form::AccountForm;
use crate::components::header::brand::{BrandMark, WelcomePicture};
use crate::signals::front::Left;
use tsugi_screen::intent::AccountIntent;
use tsugi_words::phrases;

#[component]
pub fn AccountPage(
    /// A request is under way.
    busy: Signal<bool>,
    /// The reason why the last request failed, as a sentence.
    problem: Signal<Option<String>>,
    /// The workspace to which the person can go back.
    left: Signal<Option<Left>>,
    ask: Callback<AccountIntent>,
) -> impl IntoView {
    let sign_in = Callback::new(move |credentials| ask.run(AccountIntent::SignIn(credentials)));
    let create = Callback::new(move |credentials| ask.run(AccountIntent::CreateAccount(credentials)));
    let without = Callback::new(move |()| ask.run(AccountIntent::UseWithoutAccount));
    let points = [
        (phrases::point_anywhere(), phrases::point_anywhere_detail()),
        (phrases::point_at_once(), phrases::point_at_once_detail()),
        (phrases::point_kept(), phrases::point_kept_detail()),
    ];
    let points = points.map(|(title, detail)| {
        view! { <li class="point"><strong class="point__title">{title}</strong> " " {detail}</li> }
    });
    view! {
        <main class="welcome">
            <div class="welcome__pitch">
                <p class="welcome__brand"><BrandMark />{phrases::app()}</p>
                <h1 class="welcome__tagline">{phrases::tagline()}</h1>
                <p class="welcome__text">{phrases::pitch()}</p>
                <WelcomePicture />
            </div>
            <div class="welcome__card">
                <AccountForm busy problem left on_sign_in=sign_in on_create=create on_without=without />
            </div>
            <ul class="welcome__points" role="list">{points.collect_view()}</ul>
        </main>
    }
}
