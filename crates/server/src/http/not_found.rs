//! Answers for paths and methods that do not exist.

use super::error::{ApiCode, ApiError};

pub(crate) async fn api() -> ApiError {
    ApiError::new(ApiCode::NotFound, "there is no such endpoint")
}

pub(crate) async fn method() -> ApiError {
    ApiError::new(
        ApiCode::MethodNotAllowed,
        "the endpoint does not take this method",
    )
}
