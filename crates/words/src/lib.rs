//! Every word that Tsugi shows, in the language that was chosen.
//!
//! The texts are in `locales/`, one Fluent file a language; the build turns each phrase into a function of [`phrases`].
//! Plurals, numbers and dates come through a port, [`intl::Intl`]: in a browser from its own `Intl`, so that none of the
//! tables behind it is downloaded; elsewhere from [`plain::Plain`].

pub mod intl;
pub mod phrases;
#[cfg(not(target_arch = "wasm32"))]
pub mod plain;
