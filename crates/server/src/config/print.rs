//! `config --print`: the settings in effect, as a file that can be read again, each with the place it comes from.
//!
//! A secret shows itself only as the name of its file. One in the environment is a comment with stars.

use toml::{Table, Value};

use super::database::has_password;
use super::error::UsageError;
use super::settings::Settings;
use super::sources::{Environment, From, Values, set};
use super::table::{SECRETS, SETTINGS};
use super::{Config, RETENTION_DAYS};

pub(super) fn print(values: &Values, env: &Environment) -> Result<String, UsageError> {
    let defaults = defaults();
    let mut text = String::new();
    for setting in SETTINGS {
        let given = values.get(setting.name).map(|given| {
            let from = match &given.from {
                From::Flag(flag) => flag.clone(),
                From::Variable(name) => name.clone(),
                From::File(path) => path.display().to_string(),
            };
            (given.value.clone(), from)
        });
        let default = || Some((defaults.get(setting.name)?.clone(), "the default".to_owned()));
        let entry = match given.or_else(default) {
            Some((value, from)) => format!("{} = {}  # from {from}\n", setting.name, masked(value)),
            None => format!("# {} is not set\n", setting.name),
        };
        text.push_str(&entry);
    }
    for secret in SECRETS {
        let is_set = set(env, secret.name).is_some();
        let what = if is_set { "= \"********\"" } else { "is not set" };
        text.push_str(&format!("# {} {what} (only in the environment)\n", secret.name));
    }
    Ok(text)
}

/// A URL may have a password in it.
fn masked(value: Value) -> Value {
    match value.as_str() {
        Some(text) => Value::String(without_password(text)),
        None => value,
    }
}

fn without_password(text: &str) -> String {
    if !has_password(text) {
        return text.to_owned();
    }
    let masked = || {
        let (scheme, rest) = text.split_once("://")?;
        let end = rest.find('?').unwrap_or(rest.len());
        let (login, host) = rest[..end].rsplit_once('@')?;
        let (name, _) = login.split_once(':')?;
        let options = if rest[end..].contains("password=") {
            ""
        } else {
            &rest[end..]
        };
        Some(format!("{scheme}://{name}:********@{host}{options}"))
    };
    masked().unwrap_or_else(|| "********".to_owned())
}

fn defaults() -> Table {
    let config = Config::new("");
    let limits = &config.limits;
    let settings = Settings {
        https: Some(config.https),
        insecure_http: Some(config.insecure_http),
        access_log: Some(config.access_log),
        access_log_addresses: Some(config.access_log_addresses),
        connections: Some(limits.connections),
        connections_per_address: Some(limits.connections_per_address),
        sessions_per_user: Some(limits.connections_per_user),
        entities_per_workspace: Some(limits.entities_per_workspace),
        retention_days: Some(RETENTION_DAYS),
        ..Settings::default()
    };
    // Every value here can be written as TOML.
    Table::try_from(&settings).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_masked() {
        for (given, shown) in [
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("https://a.example", "https://a.example"),
            ("postgres://ada@db/tsugi", "postgres://ada@db/tsugi"),
            (
                "postgres://ada:p@ss/w@db/tsugi",
                "postgres://ada:********@db/tsugi",
            ),
            (
                "postgres://ada:pass@db:5432/tsugi?a=b@c",
                "postgres://ada:********@db:5432/tsugi?a=b@c",
            ),
            ("redis://:pass@one", "redis://:********@one"),
        ] {
            assert_eq!(without_password(given), shown);
        }
    }
}
