//! One WebSocket from the outside, as small as can be: thousands of them run in one thread, and their bytes are counted.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::Outcome;

/// Longer than anything here takes, so that what is missing is an error and not a hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// An inbox that a large message has made larger than this is given back once it is empty.
const INBOX: usize = 64 * 1024;
const MASK: [u8; 4] = [0x5a, 0x17, 0xc3, 0x88];

const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

#[derive(Debug)]
pub(crate) struct Wire {
    tcp: TcpStream,
    inbox: Vec<u8>,
    /// Up to where the inbox is read.
    read: usize,
    /// Bytes each way since the upgrade, with the heads of frames.
    pub(crate) up: u64,
    pub(crate) down: u64,
}

/// A message as it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    pub(crate) is_text: bool,
    pub(crate) body: &'a [u8],
}

#[derive(Clone, Copy)]
struct Head {
    opcode: u8,
    begin: usize,
    end: usize,
}

impl Wire {
    pub(crate) async fn open(address: SocketAddr, path: &str) -> Outcome<Self> {
        let mut tcp = TcpStream::connect(address).await?;
        tcp.set_nodelay(true)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        tcp.write_all(request.as_bytes()).await?;
        let mut wire = Self {
            tcp,
            inbox: Vec::new(),
            read: 0,
            up: 0,
            down: 0,
        };
        let end = loop {
            timeout(PATIENCE, wire.fill()).await??;
            if let Some(at) = wire.inbox.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
        };
        if !wire.inbox.starts_with(b"HTTP/1.1 101") {
            return Err("the upgrade was refused".into());
        }
        wire.read = end;
        wire.down = (wire.inbox.len() - end) as u64;
        Ok(wire)
    }

    pub(crate) async fn send(&mut self, is_text: bool, body: &[u8]) -> Outcome {
        self.write(if is_text { TEXT } else { BINARY }, body).await
    }

    async fn write(&mut self, opcode: u8, body: &[u8]) -> Outcome {
        let mut frame = Vec::with_capacity(body.len() + 14);
        frame.push(0x80 | opcode);
        match body.len() {
            short @ 0..126 => frame.push(0x80 | short as u8),
            long @ 126..0x1_0000 => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&(long as u16).to_be_bytes());
            }
            longer => {
                frame.push(0x80 | 127);
                frame.extend_from_slice(&(longer as u64).to_be_bytes());
            }
        }
        frame.extend_from_slice(&MASK);
        let masked = body.iter().zip(MASK.iter().cycle());
        frame.extend(masked.map(|(byte, mask)| byte ^ mask));
        self.up += frame.len() as u64;
        timeout(PATIENCE, self.tcp.write_all(&frame)).await??;
        Ok(())
    }

    /// The next message. The future can be dropped while it waits, and loses nothing.
    pub(crate) async fn next(&mut self) -> Outcome<Message<'_>> {
        let head = loop {
            let Some(head) = self.head()? else {
                self.fill().await?;
                continue;
            };
            match head.opcode {
                TEXT | BINARY => break head,
                PING => {
                    let body = self.inbox[head.begin..head.end].to_vec();
                    self.read = head.end;
                    self.write(PONG, &body).await?;
                }
                PONG => self.read = head.end,
                CLOSE => {
                    let reason = self.inbox[head.begin..head.end].get(2..).unwrap_or_default();
                    return Err(format!("closed: {}", String::from_utf8_lossy(reason)).into());
                }
                other => return Err(format!("opcode {other}").into()),
            }
        };
        self.read = head.end;
        Ok(Message {
            is_text: head.opcode == TEXT,
            body: &self.inbox[head.begin..head.end],
        })
    }

    /// The head of the next frame, if all of the frame is there.
    fn head(&self) -> Outcome<Option<Head>> {
        let bytes = &self.inbox[self.read..];
        let [first, second, rest @ ..] = bytes else {
            return Ok(None);
        };
        if first & 0xf0 != 0x80 || second & 0x80 != 0 {
            return Err("a frame in pieces, or masked".into());
        }
        let (size, length) = match (second, rest) {
            (126, [a, b, ..]) => (2, usize::from(u16::from_be_bytes([*a, *b]))),
            (127, [a, b, c, d, e, f, g, h, ..]) => {
                (8, u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]) as usize)
            }
            (126 | 127, _) => return Ok(None),
            (short, _) => (0, usize::from(*short)),
        };
        let begin = self.read + 2 + size;
        let end = begin + length;
        Ok((end <= self.inbox.len()).then_some(Head {
            opcode: first & 0x0f,
            begin,
            end,
        }))
    }

    async fn fill(&mut self) -> Outcome {
        if self.read == self.inbox.len() {
            self.inbox.clear();
            self.inbox.shrink_to(INBOX);
        } else {
            self.inbox.drain(..self.read);
        }
        self.read = 0;
        loop {
            self.tcp.readable().await?;
            self.inbox.reserve(16 * 1024);
            match self.tcp.try_read_buf(&mut self.inbox) {
                Ok(0) => return Err("the server closed".into()),
                Ok(count) => {
                    self.down += count as u64;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Cuts the connection, as a network does.
    pub(crate) fn cut(self) -> Outcome {
        Ok(self.tcp.set_zero_linger()?)
    }
}
