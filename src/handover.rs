//! What the shell hands over to the app.

use futures::channel::mpsc::UnboundedReceiver;
use tsugi_screen::intent::AccountIntent;
use tsugi_screen::settings::Settings;

use crate::signals::front::Front;

/// The state of the page at the moment at which the app is there.
#[derive(Debug)]
pub struct Handover {
    pub settings: Settings,
    pub front: Front,
    /// What the person asks for on the account screen, also before the app was there.
    pub asked: UnboundedReceiver<AccountIntent>,
}
