//! Load balancers, with the files of `deploy/`.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Folder, PATIENCE, free_port, listens};

/// HAProxy or nginx before two instances.
#[derive(Debug)]
pub struct Balancer {
    pub address: SocketAddr,
    child: Child,
    _folder: Folder,
}

impl Balancer {
    /// HAProxy with this file, which takes its addresses from the environment.
    #[must_use]
    pub fn haproxy(config: &Path, instances: [u16; 2]) -> Self {
        Self::start(|folder, port| {
            let mut haproxy = Command::new("/usr/sbin/haproxy");
            let [a, b] = instances.map(|port| format!("127.0.0.1:{port}"));
            haproxy
                .args(["-W", "-db", "-f"])
                .arg(config)
                .current_dir(folder)
                .env("FRONT", format!("127.0.0.1:{port}"))
                .env("INSTANCE_A", a)
                .env("INSTANCE_B", b);
            haproxy
        })
    }

    /// nginx with this file in its `http` block, in which the addresses stand as `tsugi-a:8080` and so on.
    #[must_use]
    pub fn nginx(config: &Path, instances: [u16; 2]) -> Self {
        let site = std::fs::read_to_string(config).unwrap();
        Self::start(|folder, port| {
            let [a, b] = instances.map(|port| format!("127.0.0.1:{port}"));
            let site = site
                .replace("tsugi-a:8080", &a)
                .replace("tsugi-b:8080", &b)
                .replace("listen 80;", &format!("listen 127.0.0.1:{port};"))
                .replace("listen [::]:80;", "");
            let path = folder.display();
            let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .iter()
                .map(|name| format!("{name}_temp_path {path}/{name};\n"))
                .collect();
            let whole = format!(
                "daemon off;\nworker_processes 1;\npid {path}/pid;\nerror_log {path}/error.log warn;\n\
                 events {{ worker_connections 4000; }}\nhttp {{\naccess_log off;\n{temporary}{site}\n}}\n"
            );
            std::fs::write(folder.join("nginx.conf"), whole).unwrap();
            let mut nginx = Command::new("/usr/sbin/nginx");
            // Before it reads its file it opens the log that it was built with, unless told otherwise.
            nginx
                .arg("-e")
                .arg(folder.join("error.log"))
                .arg("-p")
                .arg(folder);
            nginx.arg("-c").arg(folder.join("nginx.conf"));
            nginx
        })
    }

    fn start(command: impl Fn(&Path, u16) -> Command) -> Self {
        let (folder, port) = (Folder::new("balancer"), free_port());
        let mut command = command(folder.path(), port);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = match command.spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                panic!("{command:?} is not installed: `cargo xtask setup --tests` installs it")
            }
            Err(error) => panic!("{command:?}: {error}"),
        };
        let mut balancer = Self {
            address: ([127, 0, 0, 1], port).into(),
            child,
            _folder: folder,
        };
        let began = Instant::now();
        while !listens(port) {
            let ended = balancer.child.try_wait().unwrap();
            assert!(ended.is_none(), "{command:?} has ended: {ended:?}");
            assert!(began.elapsed() < PATIENCE, "{command:?} does not listen");
            sleep(Duration::from_millis(5));
        }
        balancer
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // Asked, both end their workers too; killed, they leave them behind.
        crate::signal(&self.child, crate::Signal::TERM);
        let began = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if began.elapsed() > Duration::from_secs(5) {
                drop(self.child.kill());
                drop(self.child.wait());
                return;
            }
            sleep(Duration::from_millis(5));
        }
    }
}
