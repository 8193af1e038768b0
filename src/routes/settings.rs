//! The settings of the app on this device: its language and its colours.

use leptos::ev::Event;
use leptos::prelude::*;

use crate::browser::{focus, names};
use crate::components::kit::changing::changing;
use tsugi_screen::conflicts::rules::{Choice, Rules};
use tsugi_screen::intent::{AppIntent, EditIntent, Intent, ShowIntent, SyncIntent};
use tsugi_screen::settings::{Settings, Theme};
use tsugi_words::phrases::{self, Language};

/// The id of the heading over the rules.
const RULES: &str = "rules-of-workspace";
/// The id of the words below the name of the device.
const NAME_HINT: &str = "device-name-hint";

#[component]
pub fn SettingsPage(
    settings: Signal<Settings>,
    device: Signal<String>,
    rules: Signal<Rules>,
    send: Callback<Intent>,
) -> impl IntoView {
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
    let named = move |ev: Event| send.run(Intent::Sync(SyncIntent::NameDevice(event_target_value(&ev))));
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
        <label class="field choices">
            <span class="choices__legend">{phrases::device_name()}</span>
            <input class="input settings__name" type="text" autocomplete="off" maxlength="60" aria-describedby=NAME_HINT
                prop:value=device on:change=named />
            <span class="hint" id=NAME_HINT>{phrases::device_name_hint()}</span>
        </label>
        <RulesOfWorkspace rules send />
    }
}

/// What happens when both devices changed a field: a rule merges it, or people are always asked.
#[component]
fn RulesOfWorkspace(rules: Signal<Rules>, send: Callback<Intent>) -> impl IntoView {
    send.run(Intent::Show(ShowIntent::Rules(true)));
    on_cleanup(move || send.run(Intent::Show(ShowIntent::Rules(false))));
    // A switch stays the same element when it is switched, so that the focus stays on it.
    let fields = Memo::new(move |_| {
        let choices = rules.with(|rules| rules.choices.clone()).into_iter();
        choices
            .map(|choice| Choice {
                asks: false,
                ..choice
            })
            .collect::<Vec<_>>()
    });
    let choice = move |choice: Choice| {
        let field = choice.field;
        let asked = field.clone();
        let asks = move || {
            rules.with(|rules| {
                rules
                    .choices
                    .iter()
                    .any(|choice| choice.field == asked && choice.asks)
            })
        };
        let toggle = move |ev: Event| {
            let (field, ask) = (field.clone(), event_target_checked(&ev));
            send.run(Intent::Edit(EditIntent::AlwaysAsk { field, ask }));
        };
        let name = format!("{}: {}", choice.label, phrases::always_ask());
        view! {
            <div class="rule">
                <span class="rule__name">{choice.label}</span>
                <span class="hint rule__example">{choice.example}</span>
                <label class="switch">
                    <input type="checkbox" role="switch" class="switch__input" aria-label=name prop:checked=asks on:change=toggle />
                    <span class="switch__track" aria-hidden="true"></span>
                    <span aria-hidden="true">{phrases::always_ask()}</span>
                </label>
            </div>
        }
    };
    let choices = changing(move || fields.get().into_iter().map(choice).collect_view());
    let preview = move || {
        let preview = rules.with(|rules| rules.preview);
        match preview.merges {
            0 => phrases::rules_preview_none().to_owned(),
            merges => phrases::rules_preview(preview.asked, merges),
        }
    };
    view! {
        <section class="choices" aria-labelledby=RULES>
            <h2 class="choices__legend" id=RULES>{phrases::rules()}</h2>
            <p class="hint">{phrases::rules_hint()}</p>
            {choices}
            <p class="hint" role="status">{preview}</p>
        </section>
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
