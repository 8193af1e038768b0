//! The settings that a person has chosen on this device.

use tsugi_words::phrases::Language;

/// The colours of the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Light or dark, like the system.
    #[default]
    System,
    Light,
    Dark,
    /// Black and white, without shades of grey that a person would have to tell apart.
    Contrast,
}

impl Theme {
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Contrast];

    /// Its name in the settings store and in the style sheets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// The chosen settings. A setting that was not chosen follows the browser and the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub language: Option<Language>,
    pub theme: Theme,
    pub hides_sidebar: bool,
}
