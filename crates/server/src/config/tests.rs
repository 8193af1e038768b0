//! What arguments, environment and file make together.

use std::path::{Path, PathBuf};

use super::settings::Settings;
use super::table::{SETTINGS, Setting};
use super::*;

fn environment(env: &[(&str, &str)]) -> Environment {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    env.iter().map(own).collect()
}

fn arguments(args: &[&str]) -> Vec<String> {
    args.iter().map(|arg| (*arg).to_owned()).collect()
}

fn read(args: &[&str], env: &[(&str, &str)]) -> Result<(String, Config), UsageError> {
    super::read(arguments(args), &environment(env))
}

fn serve(args: &[&str], env: &[(&str, &str)]) -> (String, Config) {
    read(args, env).unwrap()
}

/// A file of settings that goes when the test is done.
struct File(PathBuf);

impl File {
    fn new(text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tsugi-config-{}.toml", uuid::Uuid::new_v4()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_file() {
    let file = File::new("listen = 'f:1'\ndata = 'f'\nstatic = 'f'\n");
    let (listen, config) = serve(
        &["--listen", "flag:1", "--config", file.path()],
        &[("TSUGI_LISTEN", "env:1"), ("TSUGI_DATA", "env")],
    );
    assert_eq!(listen, "flag:1");
    assert_eq!(config.data, Path::new("env"));
    assert_eq!(config.static_dir.as_deref(), Some(Path::new("f")));
}

#[test]
fn what_is_not_understood_is_an_error() {
    let ok = ["--listen=a:1", "--data=d"];
    assert!(
        matches!(read(&["--mysql", "x"], &[]), Err(UsageError::Unknown { given, nearest: None }) if given == "--mysql")
    );
    assert!(matches!(read(&["--listen"], &[]), Err(UsageError::NoValue(_))));
    assert!(matches!(
        read(&[ok[0], ok[1], "--database", "mysql://x"], &[]),
        Err(UsageError::Database(_))
    ));
    assert!(matches!(
        read(&["--database", "postgres://a:secret@b/c"], &[]),
        Err(UsageError::PasswordInFlag(name)) if name == "TSUGI_DATABASE"
    ));
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
    let same = "0123456789abcdef0123456789abcdef";
    assert!(matches!(
        read(&ok, &[("TSUGI_SECRET", same), ("TSUGI_SECRET_PREVIOUS", same)]),
        Err(UsageError::SameSecret)
    ));
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
    let text = "listen = 'a:1'\ndata = 'd'\ntrusted_proxies = ['::1', '10.0.0.0/8']\nhttps = true\n\
                connections = 1\nconnections_per_address = 2\nsessions_per_user = 3\nentities_per_workspace = 4\n";
    let file = File::new(text);
    let from_file = serve(&["--config", file.path()], &[]);
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
    assert!(matches!(with("--https=no"), Err(UsageError::NoSuchValue(_))));
    for (name, value) in [("TSUGI_HTTPS", "yes"), ("TSUGI_METRICS_TOKEN", "short")] {
        assert!(read(&ok, &[(name, value)]).is_err(), "{name}");
    }
}

#[test]
fn the_help_names_every_setting() {
    let help = help::options();
    for setting in SETTINGS {
        if let Some(flag) = setting.flag() {
            assert!(help.contains(&format!("  {flag}")), "{flag}");
        }
        assert!(help.contains(&setting.variable()), "{}", setting.variable());
    }
    for line in help.lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
}

/// Each row of the table is a field, and each field has a row.
#[test]
fn the_table_has_every_setting() {
    let all = toml::to_string(&every_setting()).unwrap();
    let written: toml::Table = toml::from_str(&all).unwrap();
    let mut rows: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    rows.sort_unstable();
    assert_eq!(written.keys().map(String::as_str).collect::<Vec<_>>(), rows);
}

fn every_setting() -> toml::Table {
    let value = |setting: &Setting| match setting.takes {
        table::Takes::Text(_) => toml::Value::String("x".into()),
        table::Takes::List(_) => toml::Value::Array(Vec::new()),
        table::Takes::Number => toml::Value::Integer(200),
        table::Takes::Switch => toml::Value::Boolean(true),
    };
    let table: toml::Table = SETTINGS
        .iter()
        .map(|setting| (setting.name.to_owned(), value(setting)))
        .collect();
    let settings: Settings = toml::Value::Table(table).try_into().unwrap();
    toml::Table::try_from(&settings).unwrap()
}

#[test]
fn a_misspelt_name_stops_the_start_and_the_nearest_is_named() {
    let ok = ["--listen=a:1", "--data=d"];
    let file = File::new("connection = 5");
    let told = |args: &[&str], env: &[(&str, &str)]| {
        let args = [&ok[..], args].concat();
        read(&args, env).unwrap_err().to_string()
    };
    let said = told(&["--config", file.path()], &[]);
    assert!(
        said.ends_with("connection is no setting; did you mean connections?"),
        "{said}"
    );
    assert_eq!(
        told(&[], &[("TSUGI_CONECTIONS", "5")]),
        "TSUGI_CONECTIONS in the environment is no setting; did you mean TSUGI_CONNECTIONS?"
    );
    assert_eq!(
        told(&["--conections", "5"], &[]),
        "unknown argument --conections; did you mean --connections?"
    );
    let file = File::new("connections = 5\nhttps = 'yes'");
    let said = told(&["--config", file.path()], &[]);
    assert!(said.contains("line 2") && said.contains("https"), "{said}");
}

#[test]
fn variables_that_others_made_are_only_warned_of() {
    let ok = ["--listen=a:1", "--data=d"];
    let kubernetes = [
        ("TSUGI_PORT", "tcp://10.0.0.1:80"),
        ("TSUGI_SERVICE_HOST", "10.0.0.1"),
        ("TSUGI_PORT_80_TCP_PROTO", "tcp"),
        ("TSUGI_TOOLS", "/tools"),
    ];
    assert!(read(&ok, &kubernetes).is_ok());
    let env = environment(&kubernetes);
    assert_eq!(strange_variables(&env).len(), 4);
    assert_eq!(
        strange_variables(&environment(&[("TSUGI_LOG", "info"), ("PATH", "/")])),
        Vec::<&str>::new()
    );
}

#[test]
fn what_is_printed_can_be_read_again_and_tells_no_secret() {
    let file = File::new("sessions_per_user = 3\nallow_origin = ['https://a.example', 'https://b.example']");
    let args = arguments(&["--listen=a:1", "--config", file.path()]);
    let secret = "0123456789abcdef0123456789abcdef";
    let env = environment(&[
        ("TSUGI_DATA", "d\"'"),
        ("TSUGI_SECRET", secret),
        ("TSUGI_CONNECTIONS", "7"),
    ]);
    let text = super::print(args.clone(), &env).unwrap();
    for line in [
        "listen = \"a:1\"  # from --listen",
        "connections = 7  # from TSUGI_CONNECTIONS",
        "connections_per_address = 1000  # from the default",
        "# static is not set",
        "# TSUGI_SECRET = \"********\" (only in the environment)",
        "# TSUGI_METRICS_TOKEN is not set (only in the environment)",
    ] {
        assert!(
            text.lines().any(|known| known == line),
            "{line} is not in\n{text}"
        );
    }
    assert!(text.contains(&format!("sessions_per_user = 3  # from {}", file.path())));
    assert!(!text.contains(secret));
    let again = File::new(&text);
    let (listen, config) = serve(&["--config", again.path()], &[]);
    let (before, same) = super::read(args, &env).unwrap();
    assert_eq!((listen, config.data), (before, same.data));
    assert_eq!(config.allow_origins, same.allow_origins);
    assert_eq!(config.limits.connections_per_user, 3);
}

#[test]
fn the_file_may_be_named_in_the_environment() {
    let file = File::new("listen = 'a:1'\ndata = 'd'\n");
    assert_eq!(serve(&[], &[("TSUGI_CONFIG", file.path())]).0, "a:1");
}
