//! Files of certificates and keys, good and bad, and what the server makes of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tsugi_sync::ids::Timestamp;

use super::certificate::Certificate;
use super::renewal::Look;
use super::*;
use crate::clock::{Clock, SystemClock};

struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("tsugi-tls-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn files(&self) -> TlsFiles {
        TlsFiles {
            cert: self.0.join("cert.pem"),
            key: self.0.join("key.pem"),
        }
    }

    fn write(&self, cert: &str, key: &str) -> TlsFiles {
        let files = self.files();
        std::fs::write(&files.cert, cert).unwrap();
        std::fs::write(&files.key, key).unwrap();
        files
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A certificate until the end of this year, and its key.
fn made(ends: i32) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(ends, 12, 31);
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

fn said(cert: &str, key: &str) -> String {
    let dir = Dir::new();
    let files = dir.write(cert, key);
    let error = Certificate::read(&files, SystemClock.now()).err().unwrap();
    error.to_string().replace(dir.0.to_str().unwrap(), "")
}

#[test]
fn each_fault_of_the_files_is_named() {
    let (cert, key) = made(2100);
    let (_, other) = made(2100);
    assert_eq!(
        said(&cert, &other),
        "/key.pem is not the key of the certificate in /cert.pem"
    );
    assert!(said("", &key).starts_with("/cert.pem: there is no certificate in it"));
    assert!(said(&key, &key).starts_with("/cert.pem: there is no certificate in it"));
    assert!(said(&cert, "").starts_with("/key.pem: there is no private key in it"));
    assert!(said(&cert, &cert).starts_with("/key.pem: there is no private key in it"));
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    assert!(said(&cert, &encrypted).starts_with("/key.pem: the key is encrypted"));
    assert!(said(&made(2021).0, &key).contains("not the key"));
    let (ended, its_key) = made(2021);
    assert!(said(&ended, &its_key).starts_with("/cert.pem: the certificate ended "));
    let no_base64 = cert.replace("MI", "**");
    assert!(said(&no_base64, &key).starts_with("/cert.pem: this is not PEM"));
    let half = &key[..key.len() / 2];
    let told = said(&cert, half);
    assert!(told.starts_with("/key.pem: "), "{told}");
    assert!(!told.contains(&half[30..60]), "nothing of a key shows: {told}");
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(said(no_certificate, &key).starts_with("/cert.pem: the certificate cannot be read"));
    let missing = TlsFiles {
        cert: Path::new("/there/is/none").to_owned(),
        key: Path::new("/there/is/none").to_owned(),
    };
    let error = Certificate::read(&missing, SystemClock.now()).err().unwrap();
    assert!(error.to_string().starts_with("/there/is/none: "), "{error}");
}

#[test]
fn a_new_certificate_is_taken_and_a_broken_one_is_told_once() {
    let dir = Dir::new();
    let (cert, key) = made(2100);
    let files = dir.write(&cert, &key);
    let now = SystemClock.now();
    let tls = Tls::open(files.clone(), 1, now).unwrap();
    let in_use = || tls.in_use.0.read().unwrap().cert[0].clone();
    let first = in_use();
    assert!(matches!(tls.look(&SystemClock), Look::Same));
    let (next_cert, next_key) = made(2101);
    // Whoever renews writes one file after the other.
    std::fs::write(&files.cert, &next_cert).unwrap();
    assert!(matches!(
        tls.look(&SystemClock),
        Look::Broken(TlsError::Mismatch(_))
    ));
    assert!(matches!(tls.look(&SystemClock), Look::Same), "once");
    assert_eq!(in_use(), first);
    std::fs::write(&files.key, &next_key).unwrap();
    assert!(matches!(tls.look(&SystemClock), Look::Renewed { days } if days > 10_000));
    assert_ne!(in_use(), first);
    std::fs::remove_file(&files.cert).unwrap();
    assert!(matches!(
        tls.look(&SystemClock),
        Look::Broken(TlsError::Io { .. })
    ));
    assert!(matches!(tls.look(&SystemClock), Look::Same));
    dir.write(&cert, &key);
    assert!(matches!(tls.look(&SystemClock), Look::Renewed { .. }));
    assert_eq!(in_use(), first);
}

#[test]
fn keys_of_other_forms_are_read_too() {
    let (cert, key) = made(2100);
    // A key behind the certificate in one file, as some programs write them.
    let dir = Dir::new();
    let both = format!("{key}{cert}");
    let mut files = dir.write(&both, "");
    files.key = files.cert.clone();
    assert!(Certificate::read(&files, Timestamp(1_800_000_000_000)).is_ok());
    let _shared: Arc<CertifiedKey> = Certificate::read(&files, SystemClock.now()).unwrap().key;
}
