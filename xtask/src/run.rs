//! `run` and `dev`: the app and its server on this machine.

use std::path::PathBuf;

use crate::failure::{Failure, Outcome};
use crate::process;
use crate::say;
use crate::setup::{self, Needs};
use crate::tools;
use crate::web;
use crate::workspace::{Profile, Workspace};

/// Where the server listens and keeps its data.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) port: u16,
    pub(crate) data: PathBuf,
}

/// Trunk's port in `dev`. `Trunk.toml` has it too, and also that of the server.
const TRUNK_PORT: u16 = 8080;

pub(crate) const RUN_PORT: u16 = 8080;
pub(crate) const DEV_PORT: u16 = 8081;

impl Place {
    pub(crate) fn parse(default_port: u16, arguments: &[String]) -> Outcome<Self> {
        let mut place = Self {
            port: default_port,
            data: PathBuf::from("data"),
        };
        let mut arguments = arguments.iter().map(String::as_str);
        while let Some(argument) = arguments.next() {
            let (name, attached) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (argument, None),
            };
            let mut value = || {
                attached
                    .or_else(|| arguments.next())
                    .ok_or_else(|| Failure::new(format!("{name} wants a value after it")))
            };
            match name {
                "--port" => {
                    let text = value()?;
                    place.port = text.parse().map_err(|_| {
                        Failure::new(format!("--port wants a number from 0 to 65535, not {text:?}"))
                    })?;
                }
                "--data" => place.data = PathBuf::from(value()?),
                _ => return Err(Failure::new(format!("{argument} is not known here: see --help"))),
            }
        }
        Ok(place)
    }
}

/// Builds the app and the server, then becomes the server.
pub(crate) fn run(workspace: &Workspace, place: &Place) -> Outcome {
    setup::ensure(workspace, Needs::APP)?;
    web::build(workspace)?;
    build_server(workspace, Profile::Release)?;
    let mut server = server(workspace, Profile::Release, place);
    server.arg("--static").arg(workspace.dist());
    process::become_program(&mut server)
}

/// Builds the server for development, says how to start Trunk beside it, then becomes the server.
pub(crate) fn dev(workspace: &Workspace, place: &Place) -> Outcome {
    setup::ensure(workspace, Needs::DEV)?;
    build_server(workspace, Profile::Dev)?;
    say::step("in another terminal:");
    say::note(&tools::export_line(workspace));
    say::note("trunk serve");
    say::note(&format!("then open http://127.0.0.1:{TRUNK_PORT}/"));
    let mut server = server(workspace, Profile::Dev, place);
    server.args(["--allow-origin", &format!("http://127.0.0.1:{TRUNK_PORT}")]);
    process::become_program(&mut server)
}

pub(crate) fn build_server(workspace: &Workspace, profile: Profile) -> Outcome {
    say::step("sync server … building");
    let mut cargo = tools::command(workspace, "cargo")?;
    cargo.args(["build", "--package", "tsugi-server"]);
    match profile {
        Profile::Release => {
            cargo.arg("--release");
        }
        Profile::Dev => {}
    }
    process::run(&mut cargo)
}

fn server(workspace: &Workspace, profile: Profile, place: &Place) -> std::process::Command {
    let mut server = process::command(workspace.server(profile));
    server
        .args(["--listen", &format!("127.0.0.1:{}", place.port)])
        .arg("--data")
        .arg(&place.data);
    server
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Outcome<Place> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Place::parse(8080, &arguments)
    }

    #[test]
    fn port_and_data_have_defaults_and_two_spellings() {
        let place = |port, data: &str| Place {
            port,
            data: PathBuf::from(data),
        };
        assert_eq!(parse(&[]).expect("valid"), place(8080, "data"));
        assert_eq!(
            parse(&["--port", "9000", "--data=/tmp/x"]).expect("valid"),
            place(9000, "/tmp/x")
        );
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for arguments in [&["--port", "99999"][..], &["--port"], &["--prot", "1"], &["9000"]] {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }
}
