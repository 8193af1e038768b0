//! The connection pool: the sessions of each user, over all sockets and lines of this process.
//!
//! It bounds their number, and reaches them when something happens to the user: other rights, or a sign-in that ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tsugi_sync::ids::{SessionId, UserId};
use uuid::Uuid;

use super::{Letter, Mailbox, lock};

#[derive(Debug, Default)]
pub struct ConnectionPool {
    users: Mutex<HashMap<UserId, HashMap<SessionId, SignedIn>>>,
}

#[derive(Debug)]
struct SignedIn {
    sign_in: Uuid,
    mailbox: Arc<Mailbox>,
}

/// The user has as many connections as one may have.
#[derive(Debug)]
pub struct TooManyConnections;

impl ConnectionPool {
    /// Counts a session among those of its user, and tells it when its sign-in ends.
    ///
    /// # Errors
    /// When the user has `limit` other sessions.
    pub fn admit(
        &self,
        user: UserId,
        sign_in: Uuid,
        mailbox: &Arc<Mailbox>,
        limit: usize,
    ) -> Result<(), TooManyConnections> {
        let mut users = lock(&self.users);
        let sessions = users.entry(user).or_default();
        if sessions.len() >= limit && !sessions.contains_key(&mailbox.session()) {
            return Err(TooManyConnections);
        }
        let mailbox = Arc::clone(mailbox);
        sessions.insert(mailbox.session(), SignedIn { sign_in, mailbox });
        Ok(())
    }

    /// How many people have sessions here.
    pub fn users(&self) -> usize {
        lock(&self.users).len()
    }

    pub fn dismiss(&self, user: UserId, session: SessionId) {
        let mut users = lock(&self.users);
        if let Some(sessions) = users.get_mut(&user) {
            sessions.remove(&session);
            if sessions.is_empty() {
                users.remove(&user);
            }
        }
    }

    /// Posts a letter to the sessions of a user; only to those of one sign-in, if one is given.
    pub(super) fn post(&self, user: UserId, sign_in: Option<Uuid>, letter: impl Fn() -> Letter) {
        for signed_in in lock(&self.users).get(&user).into_iter().flat_map(HashMap::values) {
            if sign_in.is_none_or(|sign_in| sign_in == signed_in.sign_in) {
                signed_in.mailbox.post(letter());
            }
        }
    }
}
