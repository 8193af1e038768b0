//! The signals of the account screen. They are there before the rest of the [`Store`](super::store::Store), because the
//! account screen is shown while the rest of the app is still being loaded.

use leptos::prelude::{ArcRwSignal, Signal, With};
use tsugi_screen::model::AccountState;

/// A workspace that the person has left for the account screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The email of its account; empty without one.
    pub email: String,
}

/// The signals that the account screen and the app share.
#[derive(Clone, Debug)]
pub struct Front {
    pub(super) account: ArcRwSignal<AccountState>,
    pub(super) problem: ArcRwSignal<Option<String>>,
    pub(super) busy: ArcRwSignal<bool>,
    /// The workspace to which the person can go back from the account screen, if there is one.
    pub(super) left: ArcRwSignal<Option<Left>>,
}

impl Front {
    /// The account is unknown until the profile is read. If there is one (`is_known`), the account screen is not shown.
    #[must_use]
    pub fn new(is_known: bool) -> Self {
        let account = match is_known {
            true => AccountState::Local,
            false => AccountState::None,
        };
        Self {
            account: ArcRwSignal::new(account),
            problem: ArcRwSignal::new(None),
            busy: ArcRwSignal::new(false),
            left: ArcRwSignal::new(None),
        }
    }

    /// Whether the account screen is shown.
    #[must_use]
    pub fn is_signed_out(&self) -> Signal<bool> {
        let account = self.account.clone();
        Signal::derive(move || account.with(|account| *account == AccountState::None))
    }

    #[must_use]
    pub fn problem(&self) -> Signal<Option<String>> {
        self.problem.clone().into()
    }

    #[must_use]
    pub fn left(&self) -> Signal<Option<Left>> {
        self.left.clone().into()
    }

    #[must_use]
    pub fn busy(&self) -> Signal<bool> {
        self.busy.clone().into()
    }
}
