//! The process of PostgreSQL, its folder, and the shell between it and the tests.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::Durability;
use crate::Folder;

/// It waits for a word, or for the end of its input. The postmaster is found by its own file, because there may be other
/// processes between.
const SCRIPT: &str = r#"
    "$@" &
    read -r word
    pid=$(head -n 1 "$TSUGI_POSTGRES/data/postmaster.pid")
    case $word in
        fast) kill -INT "$pid" ;;
        *) kill -QUIT "$pid" ;;
    esac
    wait
    [ -n "$word" ] || rm -rf "$TSUGI_POSTGRES"
"#;

/// How it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// All connections are closed, and everything is written.
    Fast,
    /// Nothing is written.
    Crash,
}

#[derive(Debug)]
pub(super) struct Holder {
    bin: PathBuf,
    port: u16,
    durability: Durability,
    /// PostgreSQL refuses to run as root.
    user: Option<&'static str>,
    shell: Option<Child>,
    folder: Folder,
}

impl Holder {
    pub(super) fn new(bin: PathBuf, port: u16, durability: Durability) -> Self {
        let folder = Folder::new("postgres");
        let data = folder.path().join("data");
        let user = rustix::process::getuid().is_root().then_some("postgres");
        if let Some(user) = user {
            std::fs::create_dir(&data).unwrap();
            done(Command::new("chown").arg(format!("{user}:")).arg(&data));
        }
        let mut init = as_user(user, &bin.join("initdb"));
        init.arg("--pgdata").arg(&data).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ]);
        done(&mut init);
        Self {
            bin,
            port,
            durability,
            user,
            shell: None,
            folder,
        }
    }

    pub(super) fn start(&mut self) {
        let mut server = as_user(self.user, &self.bin.join("postgres"));
        server.arg("-D").arg(self.folder.path().join("data"));
        let unsafe_settings: &[_] = match self.durability {
            Durability::Safe => &[],
            Durability::None => &["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
        };
        let settings = [
            "listen_addresses=127.0.0.1",
            // Their lock file would outlive a kill.
            "unix_socket_directories=",
            "shared_buffers=32MB",
            "max_connections=300",
            "log_min_messages=fatal",
            "log_min_error_statement=panic",
        ];
        for setting in settings.iter().chain(unsafe_settings) {
            server.args(["-c", setting]);
        }
        server.args(["-p", &self.port.to_string()]);
        let shell = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(server.get_program())
            .args(server.get_args())
            .env("TSUGI_POSTGRES", self.folder.path())
            .env("LC_ALL", "C")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.shell = Some(shell.unwrap());
    }

    pub(super) fn stop(&mut self, end: End) {
        let mut shell = self.shell.take().unwrap();
        let word = match end {
            End::Fast => "fast\n",
            End::Crash => "crash\n",
        };
        shell.stdin.take().unwrap().write_all(word.as_bytes()).unwrap();
        shell.wait().unwrap();
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        if let Some(mut shell) = self.shell.take() {
            drop(shell.stdin.take());
            drop(shell.wait());
        }
    }
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut command = match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
    };
    command.env("LC_ALL", "C").current_dir("/");
    command
}

fn done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}
