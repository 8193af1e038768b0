//! Accounts, over HTTP at its simplest.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tsugi_sync::ids::{UserId, WorkspaceId};
use uuid::Uuid;

use crate::PATIENCE;

#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) token: String,
    pub(crate) cookie: String,
    pub(crate) user: UserId,
    pub(crate) workspace: WorkspaceId,
}

impl Account {
    pub(crate) async fn create(address: SocketAddr) -> Self {
        let email = format!("{}@example.org", Uuid::new_v4().simple());
        let body = json!({ "email": email, "password": "correct horse battery" }).to_string();
        let headers = format!(
            "content-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        let (status, head, body) = ask(address, "POST /api/v1/accounts", &headers, &body)
            .await
            .unwrap();
        assert_eq!(status, 201, "{head}\n{body}");
        let answer: Value = serde_json::from_str(&body).unwrap();
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        Self {
            token: answer["token"].as_str().unwrap().to_owned(),
            cookie: cookie.unwrap().split(';').next().unwrap().to_owned(),
            user: answer["user"]["id"].as_str().unwrap().parse().unwrap(),
            workspace: answer["workspace"].as_str().unwrap().parse().unwrap(),
        }
    }

    /// Ends the sign-in that made this account.
    pub(crate) async fn sign_out(&self, address: SocketAddr) {
        let headers = format!("cookie: {}\r\norigin: http://{address}\r\n", self.cookie);
        let answer = ask(address, "DELETE /api/v1/session", &headers, "")
            .await
            .unwrap();
        assert_eq!(answer.0, 204, "{answer:?}");
    }
}

/// One request over a connection of its own: status, head and body of the answer. `line` is method and path.
pub(crate) async fn ask(
    address: SocketAddr,
    line: &str,
    headers: &str,
    body: &str,
) -> std::io::Result<(u16, String, String)> {
    let text = format!("{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n{body}");
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(text.as_bytes()).await?;
        let mut raw = Vec::new();
        stream.read_to_end(&mut raw).await?;
        std::io::Result::Ok(raw)
    };
    let raw = timeout(PATIENCE, exchange).await??;
    let raw = String::from_utf8_lossy(&raw);
    let (head, body) = raw.split_once("\r\n\r\n").unwrap_or((&raw, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((
        status.unwrap_or(0),
        head.to_ascii_lowercase_names(),
        body.to_owned(),
    ))
}

/// Header names are written in any case.
trait LowercaseNames {
    fn to_ascii_lowercase_names(&self) -> String;
}

impl LowercaseNames for str {
    fn to_ascii_lowercase_names(&self) -> String {
        let line = |line: &str| match line.split_once(": ") {
            Some((name, value)) => format!("{}: {value}", name.to_ascii_lowercase()),
            None => line.to_owned(),
        };
        self.lines().map(line).collect::<Vec<_>>().join("\n")
    }
}
