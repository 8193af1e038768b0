//! The task that the command line gives: to serve, unless its first word names another command.
//!
//! A new command is a row of `COMMANDS` and an arm of `named`.

use crate::config::{self, Config, Environment, UsageError, help, nearest};

/// What is to be done.
#[derive(Debug)]
pub enum Command {
    /// A text to print: help, or what was asked for.
    Say(String),
    Serve {
        listen: String,
        config: Box<Config>,
    },
}

/// The commands besides serving, and what the help says of each.
const COMMANDS: &[(&str, &str)] = &[(
    "config",
    "print the settings in effect, and where each comes from",
)];

const CONFIG_HELP: &str = "\
tsugi-server config --print: the settings in effect, and where each comes from

Usage: tsugi-server config --print [the options of the server]

Prints a TOML file that --config can read. Secrets do not show: of each there is only the name of its file, or stars. If the
server could not start with these settings, it says why instead.
";

/// Reads arguments (without the program's name) and environment.
///
/// # Errors
/// When they do not say what to do.
pub fn command(args: impl IntoIterator<Item = String>, env: &Environment) -> Result<Command, UsageError> {
    let mut args = args.into_iter().peekable();
    match args.next_if(|word| !word.starts_with('-')) {
        Some(name) => named(&name, args.collect(), env),
        None => {
            let args: Vec<String> = args.collect();
            if asks_for_help(&args) {
                return Ok(Command::Say(help()));
            }
            let (listen, config) = config::read(args, env)?;
            let config = Box::new(config);
            Ok(Command::Serve { listen, config })
        }
    }
}

fn named(name: &str, mut args: Vec<String>, env: &Environment) -> Result<Command, UsageError> {
    match name {
        "config" if asks_for_help(&args) => Ok(Command::Say(CONFIG_HELP.to_owned())),
        "config" => match take(&mut args, "--print") {
            true => config::print(args, env).map(Command::Say),
            false => Ok(Command::Say(CONFIG_HELP.to_owned())),
        },
        _ => {
            let known = COMMANDS.iter().map(|(name, _)| (*name).to_owned());
            let (given, nearest) = (name.to_owned(), nearest(name, known));
            Err(UsageError::UnknownCommand { given, nearest })
        }
    }
}

fn asks_for_help(args: &[String]) -> bool {
    args.iter().any(|arg| arg == "--help" || arg == "-h")
}

/// Takes a word out of the arguments; answers whether it was there.
fn take(args: &mut Vec<String>, word: &str) -> bool {
    let before = args.len();
    args.retain(|arg| arg != word);
    args.len() < before
}

fn help() -> String {
    let mut text = "\
tsugi-server: the sync server of Tsugi

Usage: tsugi-server --listen ADDR --data DIR [options]
       tsugi-server COMMAND [options]

Commands, each of which explains itself with --help:
"
    .to_owned();
    for (name, task) in COMMANDS {
        help::line(&mut text, name, task);
    }
    text.push_str("\nOptions:\n");
    text.push_str(&help::options());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(args: &[&str]) -> Result<Command, UsageError> {
        command(args.iter().map(|arg| (*arg).to_owned()), &Environment::new())
    }

    #[test]
    fn every_command_is_in_the_help_and_explains_itself() {
        let Ok(Command::Say(help)) = read(&["--help"]) else {
            panic!("no help");
        };
        for (name, _) in COMMANDS {
            assert!(help.contains(&format!("\n  {name} ")), "{name}");
            let told = read(&[name, "--help"]);
            assert!(
                matches!(&told, Ok(Command::Say(text)) if text.starts_with(&format!("tsugi-server {name}"))),
                "{name}: {told:?}"
            );
        }
    }

    #[test]
    fn the_server_is_what_runs_without_a_command() {
        let serve = read(&["--listen=a:1", "--data", "d"]);
        assert!(matches!(serve, Ok(Command::Serve { listen, .. }) if listen == "a:1"));
        let wrong = read(&["confg"]).unwrap_err().to_string();
        assert_eq!(wrong, "unknown command confg; did you mean config?");
        let printed = read(&["config", "--print", "--listen=a:1", "--data=d"]);
        assert!(matches!(printed, Ok(Command::Say(text)) if text.contains("data = \"d\"")));
    }
}
