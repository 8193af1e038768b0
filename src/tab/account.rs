//! Accounts and tokens: the requests to the server outside a session, and the profile that this browser remembers.

use serde::{Deserialize, Serialize};
use tsugi_sync::ids::{UserId, WorkspaceId};
use tsugi_sync::protocol::Token;
use tsugi_sync::session::TokenError;

use crate::browser::http::{self, HttpError, Method};
use crate::browser::{local_storage, lock};
use tsugi_screen::model::AccountState;
use tsugi_screen::text::refusal;
use tsugi_words::phrases;

const PROFILE: &str = "tsugi.profile";
/// What `glance.js` keeps of the screen. It goes with the profile.
const GLANCE: &str = "tsugi.glance";
const OFFLINE: &str = "tsugi.work-offline";

/// The account and workspace that this browser shows. It holds no secret: the refresh token is in a cookie that pages
/// cannot read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub workspace: WorkspaceId,
    /// None for a workspace without an account.
    pub email: Option<String>,
    /// The user whose account it is; none without an account, and in a profile that an earlier version stored.
    #[serde(default)]
    pub user: Option<UserId>,
}

impl Profile {
    #[must_use]
    pub fn load() -> Option<Self> {
        serde_json::from_str(&local_storage::get(PROFILE)?).ok()
    }

    /// The state of the account that the screen shows.
    #[must_use]
    pub fn account(&self) -> AccountState {
        match &self.email {
            Some(email) => AccountState::SignedIn {
                email: email.clone(),
                user: self.user,
            },
            None => AccountState::Local,
        }
    }

    /// Remembers the profile, or forgets it.
    ///
    /// # Errors
    /// If the browser stores nothing for this page.
    pub fn save(profile: Option<&Self>) -> Result<(), local_storage::NotStored> {
        match profile.and_then(|profile| serde_json::to_string(profile).ok()) {
            Some(text) => local_storage::set(PROFILE, &text),
            None => local_storage::remove(GLANCE).and_then(|()| local_storage::remove(PROFILE)),
        }
    }
}

/// Whether this browser has a profile. It may be one that cannot be read.
#[must_use]
pub fn has_profile() -> bool {
    local_storage::get(PROFILE).is_some()
}

/// Whether the person chose to work offline in this browser.
#[must_use]
pub fn works_offline() -> bool {
    local_storage::get(OFFLINE).is_some()
}

/// Remembers the choice.
///
/// # Errors
/// If the browser stores nothing for this page.
pub fn set_works_offline(on: bool) -> Result<(), local_storage::NotStored> {
    if on {
        local_storage::set(OFFLINE, "yes")
    } else {
        local_storage::remove(OFFLINE)
    }
}

/// The result of signing in: the profile, and a first token.
#[derive(Debug)]
pub struct SignedIn {
    pub profile: Profile,
    pub token: Token,
}

#[derive(Deserialize)]
struct Answer {
    token: Token,
    user: User,
    workspace: WorkspaceId,
}

#[derive(Deserialize)]
struct User {
    id: UserId,
    email: String,
}

impl From<Answer> for SignedIn {
    fn from(answer: Answer) -> Self {
        let profile = Profile {
            workspace: answer.workspace,
            email: Some(answer.user.email),
            user: Some(answer.user.id),
        };
        Self {
            profile,
            token: answer.token,
        }
    }
}

/// The body of a request to sign in or to create an account.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SignInRequest<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub device: &'a str,
    /// The workspace that was created here without an account, and that becomes the workspace of the new account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceId>,
}

/// Creates an account.
///
/// # Errors
/// If the server refuses, or does not answer.
pub async fn create(request: SignInRequest<'_>) -> Result<SignedIn, HttpError> {
    http::post::<Answer>("/api/v1/accounts", None, &request)
        .await
        .map(Into::into)
}

/// Signs in to an account.
///
/// # Errors
/// If the server refuses, or does not answer.
pub async fn sign_in(request: SignInRequest<'_>) -> Result<SignedIn, HttpError> {
    let request = SignInRequest {
        workspace: None,
        ..request
    };
    http::post::<Answer>("/api/v1/session", None, &request)
        .await
        .map(Into::into)
}

/// Ends the account's session in this browser. The answer does not matter, because without the cookie the session
/// expires by itself.
pub async fn sign_out() {
    drop(http::ask::<serde::de::IgnoredAny>(Method::Delete, "/api/v1/session", None).await);
}

/// Fetches a fresh access token. One tab at a time asks, so that ten tabs do not rotate the cookie ten times.
///
/// # Errors
/// If the account's session has ended, or the server was not reached.
pub async fn refresh() -> Result<Token, TokenError> {
    let ask = || http::post::<Answer>("/api/v1/session/refresh", None, &());
    let answer = match lock::with_lock("tsugi-refresh", ask()).await {
        Ok(answer) => answer,
        // Without locks, two tabs may ask at once. The server accepts a cookie that was rotated a moment ago, and that
        // has to be enough here.
        Err(_) => ask().await,
    };
    match answer {
        Ok(answer) => Ok(answer.token),
        Err(HttpError::Status { code, .. }) if ENDED.contains(&code.as_str()) => Err(TokenError::SignedOut),
        Err(HttpError::Status { .. } | HttpError::Unreachable(_) | HttpError::Malformed(_)) => {
            Err(TokenError::Unreachable)
        }
    }
}

/// The codes with which the server says that the session has ended. Any other refusal may come from somebody else: the
/// network of a hotel or an office also answers 401 or 403, and that is no reason to stop syncing.
const ENDED: [&str; 3] = ["unauthenticated", "session_expired", "session_revoked"];

/// The error as a sentence for the person.
#[must_use]
pub fn explain(error: &HttpError) -> String {
    match error {
        HttpError::Unreachable(_) => phrases::server_unreachable().to_owned(),
        HttpError::Status {
            status, code, reason, ..
        } => refusal::of_request(*status, code, reason),
        HttpError::Malformed(_) => phrases::server_not_understood().to_owned(),
    }
}
