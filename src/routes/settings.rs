//! The settings of the app on this device: its language and its colours.

use leptos::prelude::*;

use crate::browser::{focus, names};
use tsugi_screen::intent::{AppIntent, Intent};
use tsugi_screen::settings::{Settings, Theme};
use tsugi_words::phrases::{self, Language};

#[component]
pub fn SettingsPage(settings: Signal<Settings>, send: Callback<Intent>) -> impl IntoView {
    let choose = move |settings: Settings| send.run(Intent::App(AppIntent::ChooseSettings(settings)));
    let language = move |language: Option<Language>| {
        let id = format!("language-{}", language.map_or("system", Language::tag));
        let name = language.map_or(phrases::language_of_system(), Language::own_name);
        let is_chosen = Signal::derive(move || settings.with(|settings| settings.language == language));
        let press = {
            let id = id.clone();
            Callback::new(move |()| {
                choose(Settings {
                    language,
                    ..settings.get_untracked()
                });
                // The whole app is drawn again, with this control, so the focus has to be set again.
                focus::keep_focus(id.clone(), names::PAGE_HEADING);
            })
        };
        view! { <Alternative id group="language" name lang=language.map(Language::tag) is_chosen on_choose=press /> }
    };
    let theme = move |theme: Theme| {
        let name = match theme {
            Theme::System => phrases::theme_system(),
            Theme::Light => phrases::theme_light(),
            Theme::Dark => phrases::theme_dark(),
            Theme::Contrast => phrases::theme_contrast(),
        };
        let is_chosen = Signal::derive(move || settings.with(|settings| settings.theme == theme));
        let press = Callback::new(move |()| {
            choose(Settings {
                theme,
                ..settings.get_untracked()
            })
        });
        let id = format!("theme-{}", theme.name());
        view! { <Alternative id group="theme" name lang=None is_chosen on_choose=press /> }
    };
    let languages = std::iter::once(None).chain(Language::ALL.into_iter().map(Some));
    view! {
        <div class="list-head"><h1 id=names::PAGE_HEADING class="list-head__title" tabindex="-1">{phrases::settings()}</h1></div>
        <fieldset class="choices">
            <legend class="choices__legend">{phrases::language_setting()}</legend>
            {languages.map(language).collect_view()}
        </fieldset>
        <fieldset class="choices">
            <legend class="choices__legend">{phrases::theme()}</legend>
            {Theme::ALL.map(theme).collect_view()}
        </fieldset>
    }
}

/// One of several alternatives, of which exactly one is chosen.
#[component]
fn Alternative(
    id: String,
    group: &'static str,
    name: &'static str,
    lang: Option<&'static str>,
    is_chosen: Signal<bool>,
    on_choose: Callback<()>,
) -> impl IntoView {
    view! {
        <label class="choice" lang=lang>
            <input type="radio" class="side__radio" id=id name=group prop:checked=is_chosen
                on:change=move |_| on_choose.run(()) />
            <span class="choice__name">{name}</span>
        </label>
    }
}
