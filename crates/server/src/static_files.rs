//! The browser client's files, as they lie in a directory.

use std::path::Path;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tower::ServiceExt;
use tower_http::services::ServeDir;

#[derive(Debug)]
pub(crate) struct StaticFiles {
    files: ServeDir,
    inline_scripts: String,
}

impl StaticFiles {
    pub(crate) fn open(dir: &Path) -> std::io::Result<Self> {
        let index = std::fs::read_to_string(dir.join("index.html")).map_err(|error| {
            std::io::Error::new(error.kind(), format!("{}/index.html: {error}", dir.display()))
        })?;
        Ok(Self {
            files: ServeDir::new(dir).precompressed_br().precompressed_gzip(),
            inline_scripts: script_hashes(&index),
        })
    }

    pub(crate) async fn answer(&self, request: Request) -> Response {
        let response = self.files.clone().oneshot(request).await;
        response.map_or_else(|never| match never {}, IntoResponse::into_response)
    }

    /// The hashes of the scripts inside `index.html`, as a policy lists them: each after a space.
    pub(crate) fn inline_scripts(&self) -> &str {
        &self.inline_scripts
    }
}

/// A source of the policy for each script in the page itself.
fn script_hashes(html: &str) -> String {
    let mut sources = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        rest = &rest[start + "<script".len()..];
        let (Some(open), Some(end)) = (rest.find('>'), rest.find("</script")) else {
            break;
        };
        if open < end && !rest[..open].contains("src=") {
            let hash = STANDARD.encode(Sha256::digest(&rest.as_bytes()[open + 1..end]));
            sources.push_str(&format!(" 'sha256-{hash}'"));
        }
        rest = &rest[end..];
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_named_by_their_hash() {
        let html = r#"<script type="module">hello</script><script src="/a.js"></script>"#;
        // printf hello | sha256sum, in base64.
        let hello = " 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='";
        assert_eq!(script_hashes(html), hello);
        assert_eq!(script_hashes("<script"), "");
    }
}
