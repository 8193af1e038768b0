//! Where the configuration comes from: flags, before the environment, before a file. Secrets come only from the
//! environment or a file of their own, for command lines are seen by all.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Config, RETENTION_DAYS, days};
use crate::origin::{Origin, OriginError};
use crate::secret::{Secret, SecretError};

pub const HELP: &str = "\
tsugi-server: the sync server of Tsugi

Usage: tsugi-server --listen ADDR --data DIR [options]

  --listen ADDR           where to listen, as 127.0.0.1:8080; port 0 takes a free one    TSUGI_LISTEN
  --data DIR              where the database is kept; made when it is not there          TSUGI_DATA
  --static DIR            the browser client to serve                                    TSUGI_STATIC
  --allow-origin ORIGIN   another origin whose pages may use the API; may be repeated    TSUGI_ALLOW_ORIGIN
                          (in the environment: separated by commas)
  --retention-days N      how long deletions and receipts are kept: 180 or more          TSUGI_RETENTION_DAYS
  --config FILE           a TOML file with listen, data, static, allow_origin, secret_file, retention_days
  --help                  this text

A flag goes before the environment, and the environment before the file.

Only in the environment:
  TSUGI_SECRET            what tokens are signed with, 32 bytes or more
  TSUGI_SECRET_FILE       the same, in a file; without either it is made once and kept in DIR/secret
  TSUGI_LOG               which logs, as info or tsugi_server=debug
  TSUGI_LOG_FORMAT        text or json
";

/// What the command line asks for.
#[derive(Debug)]
pub enum Invocation {
    Help,
    Serve { listen: String, config: Box<Config> },
}

/// Why the server cannot begin. The text is for whoever typed the command.
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
    #[error("“{0}” is not a number of days")]
    NotDays(String),
    #[error("{0} days of retention are too few: devices that were away for {RETENTION_DAYS} lose nothing")]
    TooFewDays(u32),
    #[error("TSUGI_SECRET and TSUGI_SECRET_FILE are both given")]
    TwoSecrets,
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Origin(#[from] OriginError),
}

/// One source's settings.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    listen: Option<String>,
    data: Option<PathBuf>,
    #[serde(rename = "static")]
    static_dir: Option<PathBuf>,
    allow_origin: Option<Vec<String>>,
    secret_file: Option<PathBuf>,
    retention_days: Option<u32>,
}

impl Settings {
    fn or(self, less: Self) -> Self {
        Self {
            listen: self.listen.or(less.listen),
            data: self.data.or(less.data),
            static_dir: self.static_dir.or(less.static_dir),
            allow_origin: self.allow_origin.or(less.allow_origin),
            secret_file: self.secret_file.or(less.secret_file),
            retention_days: self.retention_days.or(less.retention_days),
        }
    }
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
    let secret = match (env("TSUGI_SECRET"), settings.secret_file) {
        (Some(_), Some(_)) => return Err(UsageError::TwoSecrets),
        (Some(text), None) => Some(Secret::new(text)?),
        (None, Some(path)) => Some(Secret::from_file(&path)?),
        (None, None) => None,
    };
    let origins: Result<Vec<_>, _> = settings
        .allow_origin
        .unwrap_or_default()
        .iter()
        .map(|origin| origin.parse::<Origin>())
        .collect();
    let data = settings.data.ok_or(UsageError::Missing("--data", "TSUGI_DATA"))?;
    let mut config = Config::new(data);
    config.static_dir = settings.static_dir;
    config.allow_origins = origins?;
    config.secret = secret;
    match settings.retention_days {
        None => {}
        Some(count) if count < RETENTION_DAYS => return Err(UsageError::TooFewDays(count)),
        Some(count) => config.limits.retention = days(count),
    }
    Ok(Invocation::Serve {
        listen: settings
            .listen
            .ok_or(UsageError::Missing("--listen", "TSUGI_LISTEN"))?,
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
        let twice = || UsageError::Twice(flag.clone());
        match flag.as_str() {
            "--help" | "-h" => return Ok(None),
            "--listen" => set(&mut settings.listen, value()?, twice)?,
            "--data" => set(&mut settings.data, value()?.into(), twice)?,
            "--static" => set(&mut settings.static_dir, value()?.into(), twice)?,
            "--config" => set(&mut file, value()?.into(), twice)?,
            "--allow-origin" => settings.allow_origin.get_or_insert_default().push(value()?),
            "--retention-days" => set(&mut settings.retention_days, count(&value()?)?, twice)?,
            unknown => return Err(UsageError::Unknown(unknown.to_owned())),
        }
    }
    Ok(Some((settings, file)))
}

fn set<T>(slot: &mut Option<T>, value: T, twice: impl Fn() -> UsageError) -> Result<(), UsageError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(twice()),
    }
}

fn count(days: &str) -> Result<u32, UsageError> {
    days.parse().map_err(|_| UsageError::NotDays(days.to_owned()))
}

fn read_env(env: &impl Fn(&str) -> Option<String>) -> Result<Settings, UsageError> {
    let set = |name| env(name).filter(|value: &String| !value.is_empty());
    let origins = set("TSUGI_ALLOW_ORIGIN");
    Ok(Settings {
        listen: set("TSUGI_LISTEN"),
        data: set("TSUGI_DATA").map(PathBuf::from),
        static_dir: set("TSUGI_STATIC").map(PathBuf::from),
        allow_origin: origins.map(|list| list.split(',').map(|origin| origin.trim().to_owned()).collect()),
        secret_file: set("TSUGI_SECRET_FILE").map(PathBuf::from),
        retention_days: set("TSUGI_RETENTION_DAYS").as_deref().map(count).transpose()?,
    })
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
        assert!(
            matches!(read(&["--database", "x"], &[]), Err(UsageError::Unknown(flag)) if flag == "--database")
        );
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
            Err(UsageError::NotDays(text)) if text == "ever"
        ));
    }

    #[test]
    fn the_help_names_every_setting() {
        for name in [
            "--listen",
            "--data",
            "--static",
            "--allow-origin",
            "--config",
            "--retention-days",
            "TSUGI_SECRET_FILE",
        ] {
            assert!(HELP.contains(name), "{name}");
        }
    }
}
