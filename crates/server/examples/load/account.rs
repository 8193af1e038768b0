//! Somebody who may use a server: a token and a workspace.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::Outcome;
use crate::servers::{Kind, Server};

#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) token: String,
    pub(crate) workspace: Uuid,
}

impl Account {
    pub(crate) async fn new(server: &Server) -> Outcome<Self> {
        if server.kind != Kind::Ours {
            let token = request(server.address, "GET /token", "").await?;
            let workspace = Uuid::new_v4();
            return Ok(Self { token, workspace });
        }
        let body = json!({ "email": format!("{}@example.org", Uuid::new_v4()), "password": "correct horse battery" });
        let answer = request(server.address, "POST /api/v1/accounts", &body.to_string()).await?;
        let answer: Value = serde_json::from_str(&answer)?;
        let text = |name: &str| answer[name].as_str().ok_or(format!("no account: {answer}"));
        Ok(Self {
            token: text("token")?.to_owned(),
            workspace: text("workspace")?.parse()?,
        })
    }

    pub(crate) async fn many(server: &Server, count: usize) -> Outcome<Vec<Self>> {
        let mut accounts = Vec::with_capacity(count);
        for _ in 0..count {
            accounts.push(Self::new(server).await?);
        }
        Ok(accounts)
    }
}

/// One request over a connection of its own; answers the body.
async fn request(address: SocketAddr, what: &str, body: &str) -> Outcome<String> {
    let mut stream = TcpStream::connect(address).await?;
    let text = format!(
        "{what} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    if head.contains("chunked") {
        return Err("a body in chunks is not read here".into());
    }
    Ok(body.to_owned())
}
