//! `POST /api/v1/accounts`: a new account with its personal workspace, signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use tokio::time::Instant;
use tsugi_sync::ids::{UserId, WorkspaceId};
use uuid::{Uuid, Variant};

use super::signed_in::{SignedIn, busy, check_device, new_sign_in};
use crate::app::App;
use crate::auth::email;
use crate::auth::password_rules::{self, Unfit};
use crate::http::address::Address;
use crate::http::body::Body;
use crate::http::error::{ApiCode, ApiError, Reason};
use crate::metrics;
use crate::secret::Password;
use crate::store::{Created, NewAccount};

#[derive(Deserialize)]
pub(crate) struct Request {
    email: String,
    password: Password,
    /// The workspace the replica has worked in without an account.
    workspace: Option<WorkspaceId>,
    #[serde(default)]
    device: String,
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    Body(request): Body<Request>,
) -> Result<Response, ApiError> {
    let email = email::normalise(&request.email)
        .ok_or_else(|| ApiError::invalid(Reason::Email, "this is not an email address"))?;
    password_rules::check(&request.password, &email).map_err(|unfit| {
        let (reason, why) = match unfit {
            Unfit::Length => (Reason::PasswordLength, "a password has 8 to 256 characters"),
            Unfit::Common => (
                Reason::PasswordCommon,
                "this password is one of the first that are guessed: choose another",
            ),
        };
        ApiError::invalid(reason, why)
    })?;
    check_device(&request.device)?;
    let workspace = match request.workspace {
        Some(workspace) if !is_random(workspace.0) => {
            return Err(ApiError::new(
                ApiCode::Invalid,
                "a workspace's id is a UUID of version 4 or 7",
            ));
        }
        Some(workspace) => workspace,
        None => WorkspaceId(Uuid::new_v4()),
    };
    app.attempts
        .new_account(address, Instant::now())
        .map_err(|wait| {
            metrics::sign_in("rate_limited");
            ApiError::retry(
                ApiCode::RateLimited,
                "too many new accounts; try again later",
                wait,
            )
        })?;
    let password = app
        .passwords
        .hash(request.password)
        .await
        .map_err(|error| busy(&error))?;
    let now = app.clock.now();
    let user = UserId(Uuid::new_v4());
    let (sign_in, refresh) = new_sign_in(&app, request.device, now);
    let id = sign_in.id;
    let account = NewAccount {
        user,
        email: email.clone(),
        password,
        workspace,
        now,
        sign_in,
    };
    match app.store.create_account(account).await? {
        Created::Done => {}
        Created::EmailTaken => {
            metrics::sign_in("email_taken");
            return Err(ApiError::new(
                ApiCode::EmailTaken,
                "there is an account with this email",
            ));
        }
        Created::WorkspaceTaken => {
            return Err(ApiError::new(
                ApiCode::WorkspaceTaken,
                "there is a workspace with this id",
            ));
        }
    }
    metrics::sign_in("created");
    tracing::info!(%user, %workspace, sign_in = %id, "account created");
    let signed_in = SignedIn {
        user,
        email,
        workspace,
        sign_in: id,
        refresh,
    };
    signed_in.answer(&app, &headers, StatusCode::CREATED)
}

fn is_random(id: Uuid) -> bool {
    id.get_variant() == Variant::RFC4122 && matches!(id.get_version_num(), 4 | 7)
}
