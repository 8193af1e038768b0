//! A connection's bytes.
//!
//! A write may wait for a limited time only, because a client that asks for a file and does not read it must not
//! keep a place for ever. Reading has its deadlines elsewhere: for headers, for bodies, for silence.
//!
//! Closing waits a moment. If a socket is closed while bytes of the other side are unread, it is *reset*. A reset
//! destroys bytes that we sent and the other side has not read yet, such as the `error` that explains the fault. So
//! bytes that still come are read and dropped, until the other side has closed too, or for a short time.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep, timeout};

use crate::access;
use crate::connection::Connection;

pub(crate) struct Stream {
    /// None once it is dropped.
    tcp: Option<TcpStream>,
    deadlines: Deadlines,
    /// Runs while a write waits. Boxed, because most connections never need it.
    waiting: Option<Pin<Box<Sleep>>>,
    end: Ending,
    /// Its place is taken until it is closed for good.
    connection: Arc<Connection>,
}

#[derive(Clone, Copy)]
pub(crate) struct Deadlines {
    /// The time within which a write has to move on by at least a byte.
    pub(crate) stall: Duration,
    /// The time for the other side to close after us.
    pub(crate) farewell: Duration,
}

/// What we know of the other side when we close.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Nothing was sent to it, so nothing can be lost.
    Untold,
    Told,
    /// It has closed, or the connection broke.
    Gone,
}

impl Stream {
    pub(crate) fn new(tcp: TcpStream, deadlines: Deadlines, connection: Arc<Connection>) -> Self {
        Self {
            tcp: Some(tcp),
            deadlines,
            waiting: None,
            end: Ending::Untold,
            connection,
        }
    }

    fn tcp(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let tcp = self.tcp.as_mut().map(Pin::new);
        tcp.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn count(&self, written: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = written {
            access::add(&self.connection.traffic.bytes_out, *bytes);
        }
    }

    fn in_time(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(_)) if self.end == Ending::Untold => self.end = Ending::Told,
            Poll::Ready(Err(_)) => self.end = Ending::Gone,
            Poll::Ready(Ok(_)) | Poll::Pending => {}
        }
        if written.is_ready() {
            self.waiting = None;
            return written;
        }
        let deadline = self.deadlines.stall;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(deadline)));
        match waiting.as_mut().poll(cx) {
            Poll::Ready(()) => {
                self.end = Ending::Gone;
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let (Some(tcp), Ending::Told, Ok(runtime)) = (self.tcp.take(), self.end, Handle::try_current()) {
            let (farewell, connection) = (self.deadlines.farewell, Arc::clone(&self.connection));
            runtime.spawn(async move {
                // If this takes too long, the socket is closed all the same.
                drop(timeout(farewell, read_out(tcp)).await);
                drop(connection);
            });
        }
    }
}

/// Closes our side, and reads until the other one is closed too.
async fn read_out(mut tcp: TcpStream) -> io::Result<()> {
    tcp.shutdown().await?;
    let mut dropped = [0; 4 * 1024];
    while tcp.read(&mut dropped).await? > 0 {}
    Ok(())
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = this.tcp()?.poll_write(cx, bytes);
        this.count(&written);
        this.in_time(cx, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = this.tcp()?.poll_write_vectored(cx, slices);
        this.count(&written);
        this.in_time(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().tcp()?.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().tcp()?.poll_shutdown(cx)
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let (before, has_room) = (buffer.filled().len(), buffer.remaining() > 0);
        let read = this.tcp()?.poll_read(cx, buffer);
        access::add(&this.connection.traffic.bytes_in, buffer.filled().len() - before);
        match &read {
            Poll::Ready(Ok(())) if has_room && buffer.filled().len() == before => this.end = Ending::Gone,
            Poll::Ready(Err(_)) => this.end = Ending::Gone,
            Poll::Ready(Ok(())) | Poll::Pending => {}
        }
        read
    }
}
