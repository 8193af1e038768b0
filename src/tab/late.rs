//! What the loop does after the tasks are on the screen. It is in the part `rest`, so the loop waits until that is
//! loaded.

use futures::channel::mpsc::UnboundedReceiver;
use futures::future::{LocalBoxFuture, Shared};
use tsugi_screen::intent::Intent;
use tsugi_sync::protocol::Token;

use super::account::Profile;
use super::client::{Client, Message};
use super::workspace::{Next, OpenError, Opened};
use crate::signals::screen::Records;

/// The functions, as the code that comes earlier calls them.
#[derive(Clone, Copy, Debug)]
pub struct LateTab {
    /// Shows the effect of an intent that changes the workspace, and has it saved.
    pub(crate) carry_out: fn(&Client, Intent),
    /// Reads conflicts and what was decided before.
    pub(crate) records: Records,
    /// Handles the account screen until there is a workspace to open.
    pub(crate) choose_profile: ChooseProfile,
    /// Saves and syncs an open workspace until the person leaves it.
    pub(crate) work: Work,
    /// Handles what the person asks for while a workspace cannot be opened.
    pub(crate) stuck: Stuck,
}

type Messages = UnboundedReceiver<Message>;
type ChooseProfile =
    for<'a> fn(&'a Client, &'a mut Messages, Option<Profile>) -> LocalBoxFuture<'a, (Profile, Option<Token>)>;
type Work = for<'a> fn(&'a Client, &'a mut Messages, Opened) -> LocalBoxFuture<'a, Next>;
type Stuck = for<'a> fn(&'a Client, &'a mut Messages, OpenError) -> LocalBoxFuture<'a, Next>;

/// The functions, once they are loaded. Everybody who needs them waits for the same load.
pub type Coming = Shared<LocalBoxFuture<'static, LateTab>>;
