//! Every word that Tsugi shows, in the chosen language.
//!
//! The texts are in `locales/`, one Fluent file for each language. The build turns each phrase into a function of
//! [`phrases`]. Plurals, numbers and dates come through a port, [`intl::Intl`]. A browser answers with its own `Intl`,
//! so that the client need not download tables for them; other programs use [`plain::Plain`].

pub mod fold;
pub mod intl;
pub mod phrases;
#[cfg(not(target_arch = "wasm32"))]
pub mod plain;
pub mod zones;
