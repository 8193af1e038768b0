//! The table of contents.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};

use tsugi_sync::limits;

use crate::app::App;
use crate::http::account::{create, refresh, sign_in, sign_out};
use crate::http::{
    access, admin, files, headers, health, keys, not_found, openapi, origin, poll, sync, tls_only,
};

/// Bytes of a request's body: there is an email and a password in it.
const BODY_BYTES: usize = 16 * 1024;

pub(crate) fn router(app: &Arc<App>) -> Router {
    let api = Router::new()
        .route("/accounts", post(create::create))
        .route("/session", post(sign_in::create).delete(sign_out::delete))
        .route("/session/refresh", post(refresh::create))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .route(
            "/sync",
            get(sync::upgrade)
                .post(poll::exchange)
                .layer(DefaultBodyLimit::max(limits::FRAME_BYTES + sync::SLACK)),
        );
    let guarded = from_fn_with_state(Arc::clone(app), admin::guard);
    let admin = Router::new()
        .route("/admin", get(admin::page))
        .route("/admin/page.js", get(admin::script))
        .route("/admin/page.css", get(admin::style))
        .route("/api/v1/admin/status", get(admin::status))
        .route_layer(guarded);
    Router::new()
        .nest("/api/v1", api)
        .merge(admin)
        .route("/api/openapi.json", get(openapi::document))
        .route("/api", any(not_found::api))
        .route("/api/{*rest}", any(not_found::api))
        .route("/.well-known/jwks.json", get(keys::published))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .method_not_allowed_fallback(not_found::method)
        .fallback(files::serve)
        // From the inside out: the last is the first to see a request.
        .layer(from_fn_with_state(Arc::clone(app), origin::guard))
        .layer(from_fn_with_state(Arc::clone(app), tls_only::guard))
        .layer(from_fn_with_state(Arc::clone(app), access::deadline))
        .layer(from_fn_with_state(Arc::clone(app), headers::secure))
        .layer(from_fn_with_state(Arc::clone(app), access::log))
        .with_state(Arc::clone(app))
}
