//! For those who watch: is the process up, should it get traffic, what does it measure.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use super::error::{ApiCode, ApiError};
use crate::app::App;

pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, ApiError> {
    if *app.drain.borrow() {
        return Err(ApiError::new(ApiCode::Draining, "the server is going away"));
    }
    app.store
        .read(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?))
        .await?;
    Ok("ready\n")
}

pub(crate) async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    app.prometheus.run_upkeep();
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.prometheus.render())
}
