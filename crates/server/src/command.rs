//! The task that the command line gives: to serve, unless its first word names another command.
//!
//! A new command is a row of `COMMANDS`, an arm of `named` and a variant of [`Command`], which `main` carries out. Each
//! explains itself with `--help`.

use crate::config::{self, Config, Environment, UsageError, help, nearest};
use crate::copy::Whole;
use crate::healthcheck::Target;

/// What is to be done.
#[derive(Debug)]
pub enum Command {
    /// A text to print: help, or what was asked for.
    Say(String),
    Serve {
        listen: String,
        config: Box<Config>,
    },
    Healthcheck(Target),
    Copy {
        from: Whole,
        to: Whole,
        may_replace: bool,
    },
    /// The settings, or what is wrong with them.
    Doctor(Box<Result<(String, Config), UsageError>>),
}

/// The commands besides serving, and what the help says of each.
const COMMANDS: &[(&str, &str)] = &[
    ("backup", "write everything into one file, while servers run"),
    (
        "config",
        "print the settings in effect, and where each comes from",
    ),
    (
        "doctor",
        "look at what can go wrong: data, disk, clock, secret, address, certificate",
    ),
    ("healthcheck", "ask a running server whether it is ready"),
    ("move", "move everything into PostgreSQL, or back"),
    ("restore", "put a backup in the place of what is there"),
];

const CONFIG_HELP: &str = "\
tsugi-server config --print: the settings in effect, and where each comes from

Usage: tsugi-server config --print [the options of the server]

Prints a TOML file that --config can read. Secrets do not show: of each there is only the name of its file, or stars. If the
server could not start with these settings, it says why instead.
";

const DOCTOR_HELP: &str = "\
tsugi-server doctor: looks at what can go wrong

Usage: tsugi-server doctor [the options of the server]

Each line says ok, warn or FAIL, what was looked at, what was seen and what to do. It changes nothing, and works beside a
running server. The exit code is 1 if anything FAILs.
";

const HEALTHCHECK_HELP: &str = "\
tsugi-server healthcheck: asks a running server whether it is ready

Usage: tsugi-server healthcheck [--url URL] [the options of the server]

  --url URL                      what to ask, as http://127.0.0.1:8080/readyz; without it, the address at which a server with
                                 these options and this environment listens

The exit code is 0 if the answer is 200, and 1 if it is another one or none comes in five seconds. Over https, only this
machine may be asked, because the certificate is not checked.
";

const BACKUP_HELP: &str = "\
tsugi-server backup: writes everything into one file

Usage: tsugi-server backup --to FILE [the options of the server]

  --to FILE                      a file that is not there yet

The file holds everything at one moment, of the embedded database (--data) or of PostgreSQL (--database), while servers go on.
It is read again and compared before it gets its name. It holds the tasks of everybody, and hashes of passwords: keep it as
you keep the database.
";

const RESTORE_HELP: &str = "\
tsugi-server restore: puts a backup in the place of what is there

Usage: tsugi-server restore --from FILE [--replace] [the options of the server]

  --from FILE                    what `tsugi-server backup` has written, by this version or an older one
  --replace                      replace what is there; without it, only an empty store is filled

Into the embedded database (--data), which no server may be using, or into PostgreSQL (--database); stop its servers first.
The store holds all of the backup, or is as it was. Devices find out by themselves that the server has gone back in time, and
push again what they hold.
";

const MOVE_HELP: &str = "\
tsugi-server move: moves everything into PostgreSQL, or back

Usage: tsugi-server move --data DIR --database URL [--back] [--replace]

  --back                         from PostgreSQL into DIR; without it, from DIR into PostgreSQL
  --replace                      replace what is there; without it, only an empty store is filled

Stop the servers first. What was read and what was written are compared, row by row, before it is kept. The source stays as
it is. Devices notice nothing but that they have to connect again.
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
        "doctor" if asks_for_help(&args) => Ok(Command::Say(DOCTOR_HELP.to_owned())),
        "doctor" => Ok(Command::Doctor(Box::new(config::read(args, env)))),
        "healthcheck" if asks_for_help(&args) => Ok(Command::Say(HEALTHCHECK_HELP.to_owned())),
        "healthcheck" => match take_value(&mut args, "--url")? {
            Some(url) => match (args.first(), Target::parse(&url)) {
                (None, Ok(target)) => Ok(Command::Healthcheck(target)),
                (None, Err(error)) => Err(UsageError::Value("--url".into(), error.to_string())),
                (Some(_), _) => Err(UsageError::OnlyUrl),
            },
            None => config::health_target(args, env).map(Command::Healthcheck),
        },
        "backup" if asks_for_help(&args) => Ok(Command::Say(BACKUP_HELP.to_owned())),
        "backup" => {
            let to = take_value(&mut args, "--to")?.ok_or(UsageError::NoFlag("--to"))?;
            Ok(Command::Copy {
                from: store(args, env)?,
                to: Whole::File(to.into()),
                may_replace: false,
            })
        }
        "restore" if asks_for_help(&args) => Ok(Command::Say(RESTORE_HELP.to_owned())),
        "restore" => {
            let from = take_value(&mut args, "--from")?.ok_or(UsageError::NoFlag("--from"))?;
            let may_replace = take(&mut args, "--replace");
            Ok(Command::Copy {
                from: Whole::File(from.into()),
                to: store(args, env)?,
                may_replace,
            })
        }
        "move" if asks_for_help(&args) => Ok(Command::Say(MOVE_HELP.to_owned())),
        "move" => {
            let (is_back, may_replace) = (take(&mut args, "--back"), take(&mut args, "--replace"));
            let (data, database) = config::data_places(args, env)?;
            let data = data.ok_or(UsageError::Missing("--data", "TSUGI_DATA"))?;
            let database = database.ok_or(UsageError::Missing("--database", "TSUGI_DATABASE"))?;
            let (file, postgres) = (Whole::Directory(data), Whole::Postgres(database));
            let (from, to) = if is_back {
                (postgres, file)
            } else {
                (file, postgres)
            };
            Ok(Command::Copy {
                from,
                to,
                may_replace,
            })
        }
        _ => {
            let known = COMMANDS.iter().map(|(name, _)| (*name).to_owned());
            let (given, nearest) = (name.to_owned(), nearest(name, known));
            Err(UsageError::UnknownCommand { given, nearest })
        }
    }
}

/// The store of the server with these options.
fn store(args: Vec<String>, env: &Environment) -> Result<Whole, UsageError> {
    match config::data_places(args, env)? {
        (_, Some(database)) => Ok(Whole::Postgres(database)),
        (Some(data), None) => Ok(Whole::Directory(data)),
        (None, None) => Err(UsageError::Missing("--data or --database", "TSUGI_DATA")),
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

/// Takes a flag and its value out of the arguments.
fn take_value(args: &mut Vec<String>, flag: &str) -> Result<Option<String>, UsageError> {
    let inline = format!("{flag}=");
    let Some(at) = args
        .iter()
        .position(|arg| arg == flag || arg.starts_with(&inline))
    else {
        return Ok(None);
    };
    let first = args.remove(at);
    match first.strip_prefix(&inline) {
        Some(value) => Ok(Some(value.to_owned())),
        None if at < args.len() => Ok(Some(args.remove(at))),
        None => Err(UsageError::NoValue(flag.to_owned())),
    }
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
        let target = |args: &[&str]| match read(args) {
            Ok(Command::Healthcheck(target)) => target,
            other => panic!("{other:?}"),
        };
        let local = target(&["healthcheck", "--url", "http://127.0.0.1:1/readyz"]);
        assert_eq!(local, target(&["healthcheck", "--url=http://127.0.0.1:1"]));
        assert_eq!(local, target(&["healthcheck", "--listen", "0.0.0.0:1"]));
        assert!(read(&["healthcheck"]).is_err() && read(&["healthcheck", "--url"]).is_err());
        let printed = read(&["config", "--print", "--listen=a:1", "--data=d"]);
        assert!(matches!(printed, Ok(Command::Say(text)) if text.contains("data = \"d\"")));
    }
}
