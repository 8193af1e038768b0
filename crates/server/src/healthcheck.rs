//! `tsugi-server healthcheck`: asks a running server whether it is ready, for container images without a shell.
//!
//! A certificate is not checked, because the server is asked by an address of its own machine, for which no certificate is
//! made. So over TLS only this machine may be asked.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};

const TIMEOUT: Duration = Duration::from_secs(5);
/// An answer is much shorter.
const ANSWER_BYTES: u64 = 64 * 1024;

/// The server to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    is_https: bool,
    /// With its port.
    authority: String,
    path: String,
}

/// Why it is not ready.
#[derive(Debug, thiserror::Error)]
pub enum Unhealthy {
    #[error("“{0}” is not a URL, as http://127.0.0.1:8080/readyz")]
    NotAUrl(String),
    #[error("over https only this machine may be asked, because certificates are not checked here")]
    Elsewhere,
    #[error("{0} does not answer: {1}")]
    Silent(String, #[source] io::Error),
    #[error("{0} answers {1}")]
    NotReady(String, String),
}

impl Target {
    /// # Errors
    /// When it is not a URL of HTTP.
    pub fn parse(url: &str) -> Result<Self, Unhealthy> {
        let failed = || Unhealthy::NotAUrl(url.chars().take(200).collect());
        let (scheme, rest) = url.split_once("://").ok_or_else(failed)?;
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, "/readyz"),
        };
        let is_https = match scheme {
            "http" => false,
            "https" => true,
            _ => return Err(failed()),
        };
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if authority.is_empty() || authority.contains('@') || !is_plain(rest) {
            return Err(failed());
        }
        let has_port = authority
            .rsplit_once(':')
            .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let port = if is_https { 443 } else { 80 };
        let authority = if has_port {
            authority.to_owned()
        } else {
            format!("{authority}:{port}")
        };
        let path = path.to_owned();
        Ok(Self {
            is_https,
            authority,
            path,
        })
    }

    /// The server that listens here: asked on this machine if it listens on all addresses.
    #[must_use]
    pub fn listening(listen: &str, is_https: bool) -> Self {
        let local = listen
            .parse::<SocketAddr>()
            .ok()
            .filter(|address| address.ip().is_unspecified());
        let authority = match local {
            Some(address) if address.is_ipv6() => format!("[::1]:{}", address.port()),
            Some(address) => format!("127.0.0.1:{}", address.port()),
            None => listen.to_owned(),
        };
        let path = "/readyz".to_owned();
        Self {
            is_https,
            authority,
            path,
        }
    }

    /// Asks once.
    ///
    /// # Errors
    /// When the answer is not 200, or none comes in five seconds.
    pub fn ask(&self) -> Result<(), Unhealthy> {
        let silent = |error| Unhealthy::Silent(self.authority.clone(), error);
        let stream = self.connect().map_err(silent)?;
        if self.is_https
            && !stream
                .peer_addr()
                .is_ok_and(|peer| peer.ip().to_canonical().is_loopback())
        {
            return Err(Unhealthy::Elsewhere);
        }
        let status = if self.is_https {
            self.over_tls(stream)
        } else {
            self.status(stream)
        };
        let status = status.map_err(silent)?;
        match status.split(' ').nth(1) {
            Some("200") => Ok(()),
            Some(_) | None => Err(Unhealthy::NotReady(self.authority.clone(), status)),
        }
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for address in self.authority.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, TIMEOUT) {
                Ok(stream) => {
                    stream.set_read_timeout(Some(TIMEOUT))?;
                    stream.set_write_timeout(Some(TIMEOUT))?;
                    return Ok(stream);
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn over_tls(&self, stream: TcpStream) -> io::Result<String> {
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(OnThisMachine(provider)))
            .with_no_client_auth();
        let name = ServerName::from(stream.peer_addr()?.ip());
        let connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
        self.status(StreamOwned::new(connection, stream))
    }

    /// The first line of the answer.
    fn status(&self, mut stream: impl Read + Write) -> io::Result<String> {
        let Self { authority, path, .. } = self;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n"
        )?;
        stream.flush()?;
        let mut answer = Vec::new();
        let mut limited = stream.take(ANSWER_BYTES);
        let mut part = [0; 1024];
        while !answer.contains(&b'\n') {
            match limited.read(&mut part)? {
                0 => break,
                count => answer.extend_from_slice(&part[..count]),
            }
        }
        let line = String::from_utf8_lossy(&answer);
        Ok(line
            .lines()
            .next()
            .unwrap_or("nothing")
            .chars()
            .take(100)
            .collect())
    }
}

/// Takes any certificate, because the connection does not leave this machine.
#[derive(Debug)]
struct OnThisMachine(Arc<CryptoProvider>);

impl ServerCertVerifier for OnThisMachine {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked() {
        let target = |url: &str| {
            Target::parse(url)
                .map(|target| (target.authority, target.path))
                .ok()
        };
        let of = |authority: &str, path: &str| Some((authority.to_owned(), path.to_owned()));
        assert_eq!(target("http://127.0.0.1:8080"), of("127.0.0.1:8080", "/readyz"));
        assert_eq!(target("http://a.example/healthz"), of("a.example:80", "/healthz"));
        assert_eq!(target("https://[::1]/readyz"), of("[::1]:443", "/readyz"));
        for url in [
            "",
            "127.0.0.1",
            "ftp://a",
            "http://",
            "http://a b/",
            "http://a/\r\nx: y",
            "http://u:p@a/",
        ] {
            assert_eq!(target(url), None, "{url}");
        }
        for (listen, authority) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("10.0.0.1:80", "10.0.0.1:80"),
            ("localhost:80", "localhost:80"),
        ] {
            assert_eq!(Target::listening(listen, false).authority, authority);
        }
    }
}
