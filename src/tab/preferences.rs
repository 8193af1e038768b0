//! Remembers the settings that a person chose on this device, and applies them to the page.

use std::collections::BTreeSet;

use tsugi_sync::ids::EntityId;

use crate::browser::local_storage::{self, NotStored};
use crate::browser::panic::{self, LastWords};
use crate::browser::{device, page};
use tsugi_screen::settings::{Settings, Theme};
use tsugi_words::phrases::{self, Language};

const LANGUAGE: &str = "tsugi.language";
const THEME: &str = "tsugi.theme";
const SIDEBAR: &str = "tsugi.sidebar";
const FOLDED: &str = "tsugi.folded";
/// How many folded ids this device remembers. If there are more, the newest ids are kept.
const FOLDED_MOST: usize = 500;

/// The settings that were chosen here before.
#[must_use]
pub fn load() -> Settings {
    Settings {
        language: local_storage::get(LANGUAGE).and_then(|tag| Language::from_tag(&tag)),
        theme: local_storage::get(THEME)
            .and_then(|name| Theme::from_name(&name))
            .unwrap_or_default(),
        hides_sidebar: local_storage::get(SIDEBAR).is_some(),
    }
}

/// Remembers the settings.
///
/// # Errors
/// If the browser stores nothing for this page.
pub fn save(settings: Settings) -> Result<(), NotStored> {
    let theme = Some(settings.theme).filter(|theme| *theme != Theme::System);
    keep(LANGUAGE, settings.language.map(Language::tag))?;
    keep(THEME, theme.map(Theme::name))?;
    keep(SIDEBAR, settings.hides_sidebar.then_some("hidden"))
}

/// The folders, sections and tasks that are folded on this device.
#[must_use]
pub fn folded() -> BTreeSet<EntityId> {
    let kept = local_storage::get(FOLDED).unwrap_or_default();
    kept.split(' ').filter_map(|id| id.parse().ok()).collect()
}

/// Remembers the folded ids.
///
/// # Errors
/// If the browser stores nothing for this page.
pub fn save_folded(folded: &BTreeSet<EntityId>) -> Result<(), NotStored> {
    let ids: Vec<String> = folded
        .iter()
        .rev()
        .take(FOLDED_MOST)
        .map(EntityId::to_string)
        .collect();
    keep(FOLDED, (!ids.is_empty()).then(|| ids.join(" ")).as_deref())
}

fn keep(key: &str, value: Option<&str>) -> Result<(), NotStored> {
    match value {
        Some(value) => local_storage::set(key, value),
        None => local_storage::remove(key),
    }
}

/// Switches to the chosen language and colours.
pub fn apply(settings: Settings) {
    let language = settings
        .language
        .unwrap_or_else(|| Language::of(&device::languages()));
    phrases::speak(language);
    page::set_root("lang", language.tag());
    page::set_root("dir", language.direction());
    page::set_root("data-theme", settings.theme.name());
    let paper = page::style_value("--paper").unwrap_or_default();
    if let Some((light, dark)) = frame_colours(&paper, settings.theme) {
        page::set_frame_colours(light, dark);
    }
    panic::prepare(LastWords {
        heading: phrases::stopped(),
        text: phrases::stopped_text(),
        reload: phrases::reload(),
    });
}

/// The colours of the browser's frame around the page, in a light and in a dark system. They are read from the page's
/// background, which is `light-dark(…, …)` in the style sheet.
fn frame_colours(paper: &str, theme: Theme) -> Option<(&str, &str)> {
    let both = paper.trim().strip_prefix("light-dark(")?.strip_suffix(')')?;
    let (light, dark) = both.split_once(',')?;
    let (light, dark) = (light.trim(), dark.trim());
    Some(match theme {
        Theme::System | Theme::Contrast => (light, dark),
        Theme::Light => (light, light),
        Theme::Dark => (dark, dark),
    })
}
