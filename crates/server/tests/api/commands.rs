//! The commands besides serving, as programs.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tsugi_server::TlsFiles;

use crate::harness::{Server, TempDir};

fn run(args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tsugi-server"));
    command.args(args).envs(env.iter().copied());
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

async fn ask(args: Vec<String>) -> (Option<i32>, String) {
    let asked = tokio::task::spawn_blocking(move || {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        run(&args, &[])
    });
    let output = asked.await.unwrap();
    (output.status.code(), text(&output))
}

fn certificate(dir: &Path, year: i32) -> TlsFiles {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["tasks.example.org".to_owned()]).unwrap();
    params.not_after = date_time_ymd(year, 12, 31);
    let files = TlsFiles {
        cert: dir.join("cert.pem"),
        key: dir.join("key.pem"),
    };
    std::fs::write(&files.cert, params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    files
}

#[test]
fn every_command_explains_itself() {
    for name in ["config", "doctor", "healthcheck"] {
        let output = run(&[name, "--help"], &[]);
        assert!(output.status.success());
        assert!(
            text(&output).starts_with(&format!("tsugi-server {name}")),
            "{name}"
        );
    }
    let unknown = run(&["doctr"], &[]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown).contains("did you mean doctor?"));
    let unknown = run(&["--listen=127.0.0.1:0", "--data=d"], &[("TSUGI_LISTN", "x")]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        text(&unknown).contains("did you mean TSUGI_LISTEN?"),
        "{}",
        text(&unknown)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_asked_whether_it_is_ready() {
    let server = Server::start().await;
    let url = format!("http://{}", server.address);
    let asked = |path: &str| {
        vec![
            "healthcheck".to_owned(),
            "--url".to_owned(),
            format!("{url}{path}"),
        ]
    };
    assert_eq!(ask(asked("")).await, (Some(0), String::new()));
    let listen = vec!["healthcheck".to_owned(), format!("--listen={}", server.address)];
    assert_eq!(ask(listen.clone()).await.0, Some(0));
    let (code, said) = ask(asked("/api/nothing")).await;
    assert!(code == Some(1) && said.contains("404"), "{said}");
    server.stop().await;
    let (code, said) = ask(listen).await;
    assert!(code == Some(1) && said.contains("does not answer"), "{said}");

    let dir = Arc::new(TempDir::new());
    let files = certificate(dir.path(), 2100);
    let server = Server::in_dir(dir, |config| config.tls = Some(files)).await;
    let url = format!("https://{}", server.address);
    assert_eq!(
        ask(vec!["healthcheck".into(), "--url".into(), url]).await,
        (Some(0), String::new())
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_nothing_where_all_is_well() {
    let server = Server::with(|config| config.database = None).await;
    server.account().await;
    let data = server.dir.path().join("data");
    let (listen, data_arg) = (
        format!("--listen={}", server.address),
        format!("--data={}", data.display()),
    );
    let (code, said) = ask(vec!["doctor".into(), listen.clone(), data_arg.clone()]).await;
    assert_eq!(code, Some(0), "{said}");
    for line in [
        "warn  address      something listens on",
        "ok    secret       it is in",
        "ok    clock",
    ] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    assert!(said.contains("can be read: layout "), "{said}");
    let dir = server.stop().await;
    let before = files(&data);
    let (code, said) = ask(vec!["doctor".into(), listen, data_arg]).await;
    assert!(code == Some(0) && said.contains("is free"), "{said}");
    assert_eq!(files(&data), before, "nothing is changed");
    drop(dir);
}

fn files(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_doctor_finds_what_is_wrong() {
    let dir = TempDir::new();
    let data = dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(
        data.join("tsugi.db"),
        "this is no database, and long enough to be looked at",
    )
    .unwrap();
    std::fs::write(data.join("secret"), "short").unwrap();
    let ahead = std::time::SystemTime::now() + std::time::Duration::from_secs(3_600);
    std::fs::File::open(data.join("secret"))
        .unwrap()
        .set_modified(ahead)
        .unwrap();
    let files = certificate(dir.path(), 2021);
    let client = dir.path().join("client");
    let output = run(
        &[
            "doctor",
            "--listen=192.0.2.1:80",
            "--data",
            data.to_str().unwrap(),
        ],
        &[
            ("TSUGI_TLS_CERT", files.cert.to_str().unwrap()),
            ("TSUGI_TLS_KEY", files.key.to_str().unwrap()),
            ("TSUGI_STATIC", client.to_str().unwrap()),
            ("TSUGI_CONNECTIONS", "4000000000"),
        ],
    );
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for line in [
        "ok    data ",
        "FAIL  database ",
        "FAIL  clock        a file of the data folder was written 59 minutes from now",
        "FAIL  client ",
        "FAIL  secret ",
        "FAIL  address ",
        "FAIL  TLS ",
        "warn  open files ",
    ] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    let output = run(&["doctor", "--listen=127.0.0.1:0"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).starts_with("FAIL  settings     --data is missing"));
}
