//! Where the configuration comes from: flags, before the environment, before a file. Secrets come only from the
//! environment or from files of their own, because everybody on a machine can see its command lines.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::settings::Settings;
use super::{Config, DatabaseAddress, DatabaseAddressError, RETENTION_DAYS};
use crate::origin::OriginError;
use crate::proxies::ProxyError;
use crate::secret::SecretError;

pub const HELP: &str = "\
tsugi-server: the sync server of Tsugi

Usage: tsugi-server --listen ADDR --data DIR [options]

  --listen ADDR                 where to listen, as 127.0.0.1:8080; port 0 takes a free one     TSUGI_LISTEN
  --data DIR                    where the database is kept; made when it is not there           TSUGI_DATA
  --database URL                PostgreSQL in place of the embedded database, as                TSUGI_DATABASE
                                postgres://user@host/name; a password only by the environment
  --static DIR                  the browser client to serve                                     TSUGI_STATIC
  --allow-origin ORIGIN         another origin whose pages may use the API; may be repeated     TSUGI_ALLOW_ORIGIN
  --trusted-proxies NETWORK     a proxy, as 127.0.0.1 or 10.0.0.0/8, whose X-Forwarded-For and  TSUGI_TRUSTED_PROXIES
                                X-Forwarded-Proto are believed; may be repeated. Without one,
                                everything behind a proxy counts as one address
  --https                       the server is reached over TLS only, which a proxy ends         TSUGI_HTTPS=true
  --connections N               open at once (20000)                                            TSUGI_CONNECTIONS
  --connections-per-address N   of one address (1000); 0 is no limit                            TSUGI_CONNECTIONS_PER_ADDRESS
  --sessions-per-user N         sync sessions of one user at once (30)                          TSUGI_SESSIONS_PER_USER
  --entities-per-workspace N    tasks, lists and so on in one workspace (500000)                TSUGI_ENTITIES_PER_WORKSPACE
  --retention-days N            how long deletions and receipts are kept: 180 or more           TSUGI_RETENTION_DAYS
  --config FILE                 a TOML file with any of these, as connections_per_address = 50,
                                and with secret_file and metrics_token_file
  --help                        this text

A flag goes before the environment, and the environment before the file. What may be repeated is a list in the file, and
separated by commas in the environment.

Only in the environment:
  TSUGI_SECRET                  what tokens are signed with, 32 bytes or more
  TSUGI_SECRET_FILE             the same, in a file; without either it is made once and kept in DIR/secret
  TSUGI_DATABASE_FILE           the address of the database, in a file
  TSUGI_METRICS_TOKEN           the bearer token with which /metrics can be read from elsewhere, 32 bytes or more;
                                without it, only this machine itself can read them
  TSUGI_METRICS_TOKEN_FILE      the same, in a file
  TSUGI_LOG                     which logs, as info or tsugi_server=debug
  TSUGI_LOG_FORMAT              text or json
";

/// The task that the command line gives.
#[derive(Debug)]
pub enum Invocation {
    Help,
    Serve { listen: String, config: Box<Config> },
}

/// Why the server cannot begin. The person who typed the command reads the text.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    #[error("unknown argument {0}")]
    Unknown(String),
    #[error("{0} needs a value")]
    NoValue(String),
    #[error("{0} is given twice")]
    Twice(String),
    #[error("{0} is missing (or {1} in the environment)")]
    Missing(&'static str, &'static str),
    #[error("{path}: {detail}", path = path.display())]
    File { path: PathBuf, detail: String },
    #[error("{0}: “{1}” is not a number that can be set")]
    NotANumber(String, String),
    #[error("{0}: “{1}” is neither true nor false")]
    NotTrueOrFalse(String, String),
    #[error("{0} days of retention are too few: devices that were away for {RETENTION_DAYS} lose nothing")]
    TooFewDays(u32),
    #[error("{0} and {0}_FILE are both given")]
    TwoSecrets(&'static str),
    #[error(
        "a password on the command line can be seen by everybody on the machine: put the address in TSUGI_DATABASE or in a file that TSUGI_DATABASE_FILE names"
    )]
    PasswordInFlag,
    #[error("TSUGI_DATABASE and TSUGI_DATABASE_FILE are both given")]
    TwoDatabases,
    #[error(transparent)]
    Database(#[from] DatabaseAddressError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Origin(#[from] OriginError),
    #[error(transparent)]
    Proxy(#[from] ProxyError),
}

/// Reads arguments (without the program's name) and environment.
///
/// # Errors
/// When they do not say what to do.
pub fn invocation(
    args: impl IntoIterator<Item = String>,
    env: impl Fn(&str) -> Option<String>,
) -> Result<Invocation, UsageError> {
    let Some((flags, file)) = read_flags(args)? else {
        return Ok(Invocation::Help);
    };
    let file = match file {
        Some(path) => read_file(&path)?,
        None => Settings::default(),
    };
    let settings = flags.or(read_env(&env)?).or(file);
    let (listen, config) = settings.finish(env("TSUGI_SECRET"), env("TSUGI_METRICS_TOKEN"))?;
    Ok(Invocation::Serve {
        listen,
        config: Box::new(config),
    })
}

/// None: help is asked for.
fn read_flags(
    args: impl IntoIterator<Item = String>,
) -> Result<Option<(Settings, Option<PathBuf>)>, UsageError> {
    let mut settings = Settings::default();
    let mut file = None;
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        let (flag, inline) = match arg.split_once('=') {
            Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
            None => (arg, None),
        };
        let mut value = || {
            let value = inline.clone().or_else(|| args.next());
            value.ok_or_else(|| UsageError::NoValue(flag.clone()))
        };
        match flag.as_str() {
            "--help" | "-h" => return Ok(None),
            "--listen" => set(&mut settings.listen, value()?, &flag)?,
            "--data" => set(&mut settings.data, value()?.into(), &flag)?,
            "--database" => {
                let address = value()?;
                let parsed: DatabaseAddress = address.parse()?;
                if parsed.has_password() {
                    return Err(UsageError::PasswordInFlag);
                }
                set(&mut settings.database, address, &flag)?;
            }
            "--static" => set(&mut settings.static_dir, value()?.into(), &flag)?,
            "--config" => set(&mut file, value()?.into(), &flag)?,
            "--allow-origin" => settings
                .allow_origin
                .get_or_insert_default()
                .extend(list(&value()?)),
            "--trusted-proxies" => settings
                .trusted_proxies
                .get_or_insert_default()
                .extend(list(&value()?)),
            "--https" if inline.is_none() => set(&mut settings.https, true, &flag)?,
            "--connections" => set(&mut settings.connections, number(&flag, &value()?)?, &flag)?,
            "--connections-per-address" => set(
                &mut settings.connections_per_address,
                number(&flag, &value()?)?,
                &flag,
            )?,
            "--sessions-per-user" => set(&mut settings.sessions_per_user, number(&flag, &value()?)?, &flag)?,
            "--entities-per-workspace" => set(
                &mut settings.entities_per_workspace,
                number(&flag, &value()?)?,
                &flag,
            )?,
            "--retention-days" => set(&mut settings.retention_days, number(&flag, &value()?)?, &flag)?,
            unknown => return Err(UsageError::Unknown(unknown.to_owned())),
        }
    }
    Ok(Some((settings, file)))
}

fn set<T>(slot: &mut Option<T>, value: T, flag: &str) -> Result<(), UsageError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(UsageError::Twice(flag.to_owned())),
    }
}

fn number<T: FromStr>(name: &str, text: &str) -> Result<T, UsageError> {
    let failed = |_| UsageError::NotANumber(name.to_owned(), text.to_owned());
    text.trim().parse().map_err(failed)
}

fn list(text: &str) -> impl Iterator<Item = String> {
    text.split(',').map(|item| item.trim().to_owned())
}

fn read_env(env: &impl Fn(&str) -> Option<String>) -> Result<Settings, UsageError> {
    let set = |name: &str| env(name).filter(|value: &String| !value.is_empty());
    let https = set("TSUGI_HTTPS").map(|text| match text.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(UsageError::NotTrueOrFalse("TSUGI_HTTPS".into(), text)),
    });
    Ok(Settings {
        listen: set("TSUGI_LISTEN"),
        data: set("TSUGI_DATA").map(PathBuf::from),
        database: set("TSUGI_DATABASE"),
        database_file: set("TSUGI_DATABASE_FILE").map(PathBuf::from),
        static_dir: set("TSUGI_STATIC").map(PathBuf::from),
        allow_origin: set("TSUGI_ALLOW_ORIGIN").map(|text| list(&text).collect()),
        trusted_proxies: set("TSUGI_TRUSTED_PROXIES").map(|text| list(&text).collect()),
        https: https.transpose()?,
        connections: count(env, "TSUGI_CONNECTIONS")?,
        connections_per_address: count(env, "TSUGI_CONNECTIONS_PER_ADDRESS")?,
        sessions_per_user: count(env, "TSUGI_SESSIONS_PER_USER")?,
        entities_per_workspace: count(env, "TSUGI_ENTITIES_PER_WORKSPACE")?,
        retention_days: count(env, "TSUGI_RETENTION_DAYS")?,
        secret_file: set("TSUGI_SECRET_FILE").map(PathBuf::from),
        metrics_token_file: set("TSUGI_METRICS_TOKEN_FILE").map(PathBuf::from),
    })
}

fn count<T: FromStr>(env: &impl Fn(&str) -> Option<String>, name: &str) -> Result<Option<T>, UsageError> {
    let text = env(name).filter(|text| !text.is_empty());
    text.map(|text| number(name, &text)).transpose()
}

fn read_file(path: &Path) -> Result<Settings, UsageError> {
    let failed = |detail: String| UsageError::File {
        path: path.to_owned(),
        detail,
    };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    toml::from_str(&text).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::days;
    use super::*;

    fn read(args: &[&str], env: &[(&str, &str)]) -> Result<Invocation, UsageError> {
        let env = |name: &str| {
            env.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        invocation(args.iter().map(|arg| (*arg).to_owned()), env)
    }

    fn serve(args: &[&str], env: &[(&str, &str)]) -> (String, Config) {
        match read(args, env).unwrap() {
            Invocation::Serve { listen, config } => (listen, *config),
            Invocation::Help => panic!("not asked for help"),
        }
    }

    #[test]
    fn a_flag_goes_before_the_environment_and_that_before_the_file() {
        let dir = std::env::temp_dir().join(format!("tsugi-config-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&dir).unwrap();
        let file = dir.join("tsugi.toml");
        std::fs::write(&file, "listen = 'f:1'\ndata = 'f'\nstatic = 'f'\n").unwrap();
        let (listen, config) = serve(
            &["--listen", "flag:1", "--config", file.to_str().unwrap()],
            &[("TSUGI_LISTEN", "env:1"), ("TSUGI_DATA", "env")],
        );
        assert_eq!(listen, "flag:1");
        assert_eq!(config.data, Path::new("env"));
        assert_eq!(config.static_dir.as_deref(), Some(Path::new("f")));
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        let ok = ["--listen=a:1", "--data=d"];
        assert!(matches!(read(&["--mysql", "x"], &[]), Err(UsageError::Unknown(flag)) if flag == "--mysql"));
        assert!(matches!(
            read(&["--database", "mysql://x"], &[]),
            Err(UsageError::Database(_))
        ));
        assert!(matches!(
            read(&["--database", "postgres://a:secret@b/c"], &[]),
            Err(UsageError::PasswordInFlag)
        ));
        assert!(matches!(read(&["--listen"], &[]), Err(UsageError::NoValue(_))));
        assert!(matches!(
            read(&["--data", "d"], &[]),
            Err(UsageError::Missing("--listen", _))
        ));
        assert!(matches!(
            read(&[ok[0], ok[0], ok[1]], &[]),
            Err(UsageError::Twice(_))
        ));
        assert!(matches!(
            read(&[ok[0], ok[1], "--allow-origin=x"], &[]),
            Err(UsageError::Origin(_))
        ));
        assert!(matches!(
            read(&ok, &[("TSUGI_SECRET", "short")]),
            Err(UsageError::Secret(_))
        ));
        assert!(matches!(read(&["--help"], &[]), Ok(Invocation::Help)));
    }

    #[test]
    fn what_devices_rely_on_cannot_be_configured_away() {
        let ok = ["--listen=a:1", "--data=d"];
        let (_, config) = serve(&ok, &[]);
        assert_eq!(config.limits.retention, days(180));
        let (_, config) = serve(&ok, &[("TSUGI_RETENTION_DAYS", "365")]);
        assert_eq!(config.limits.retention, days(365));
        assert!(matches!(
            read(
                &["--retention-days", "179"],
                &[("TSUGI_LISTEN", "a:1"), ("TSUGI_DATA", "d")]
            ),
            Err(UsageError::TooFewDays(179))
        ));
        assert!(matches!(
            read(&ok, &[("TSUGI_RETENTION_DAYS", "ever")]),
            Err(UsageError::NotANumber(name, text)) if (name.as_str(), text.as_str()) == ("TSUGI_RETENTION_DAYS", "ever")
        ));
    }

    #[test]
    fn every_setting_can_come_from_every_source() {
        let dir = std::env::temp_dir().join(format!("tsugi-config-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&dir).unwrap();
        let file = dir.join("tsugi.toml");
        let text = "listen = 'a:1'\ndata = 'd'\ntrusted_proxies = ['::1', '10.0.0.0/8']\nhttps = true\n\
                    connections = 1\nconnections_per_address = 2\nsessions_per_user = 3\nentities_per_workspace = 4\n";
        std::fs::write(&file, text).unwrap();
        let from_file = serve(&["--config", file.to_str().unwrap()], &[]);
        let from_env = serve(
            &["--listen=a:1", "--data=d"],
            &[
                ("TSUGI_TRUSTED_PROXIES", "::1, 10.0.0.0/8"),
                ("TSUGI_HTTPS", "true"),
                ("TSUGI_CONNECTIONS", "1"),
                ("TSUGI_CONNECTIONS_PER_ADDRESS", "2"),
                ("TSUGI_SESSIONS_PER_USER", "3"),
                ("TSUGI_ENTITIES_PER_WORKSPACE", "4"),
            ],
        );
        let from_flags = serve(
            &[
                "--listen=a:1",
                "--data=d",
                "--trusted-proxies=::1",
                "--trusted-proxies",
                "10.0.0.0/8",
                "--https",
                "--connections=1",
                "--connections-per-address=2",
                "--sessions-per-user=3",
                "--entities-per-workspace=4",
            ],
            &[],
        );
        for (_, config) in [from_file, from_env, from_flags] {
            for proxy in ["::1", "10.9.9.9"] {
                assert!(config.trusted_proxies.contains(proxy.parse().unwrap()), "{proxy}");
            }
            assert!(config.https);
            let limits = config.limits;
            assert_eq!((limits.connections, limits.connections_per_address), (1, 2));
            assert_eq!(
                (limits.connections_per_user, limits.entities_per_workspace),
                (3, 4)
            );
        }
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn what_cannot_be_set_is_an_error() {
        let ok = ["--listen=a:1", "--data=d"];
        let with = |more: &str| read(&[ok[0], ok[1], more], &[]);
        assert!(matches!(
            with("--trusted-proxies=proxy"),
            Err(UsageError::Proxy(_))
        ));
        assert!(matches!(
            with("--connections=many"),
            Err(UsageError::NotANumber(..))
        ));
        assert!(matches!(
            with("--connections=-1"),
            Err(UsageError::NotANumber(..))
        ));
        assert!(matches!(with("--https=no"), Err(UsageError::Unknown(_))));
        for (name, value) in [("TSUGI_HTTPS", "yes"), ("TSUGI_METRICS_TOKEN", "short")] {
            assert!(read(&ok, &[(name, value)]).is_err(), "{name}");
        }
    }

    #[test]
    fn the_help_names_every_setting() {
        for name in [
            "--listen",
            "--data",
            "--static",
            "--allow-origin",
            "--config",
            "--trusted-proxies",
            "--https",
            "--connections ",
            "--connections-per-address",
            "--sessions-per-user",
            "--entities-per-workspace",
            "--retention-days",
            "TSUGI_METRICS_TOKEN_FILE",
            "TSUGI_SECRET_FILE",
        ] {
            assert!(HELP.contains(name), "{name}");
        }
    }
}
