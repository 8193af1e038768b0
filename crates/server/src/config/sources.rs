//! Where the settings come from: flags, before the environment, before a file. Secrets come only from the environment or
//! from files of their own, because everybody on a machine can see its command lines.
//!
//! A name that is not known stops the start, because a limit that is misspelt is a limit that does not hold. A variable
//! that begins with `TSUGI_` and resembles none of ours is only warned of: other programs of this project have some, and
//! Kubernetes makes some for a service of this name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::database::has_password;
use super::error::UsageError;
use super::nearest::nearest;
use super::settings::Settings;
use super::table::{SETTINGS, Setting, Takes, variables};

/// The environment of the process.
pub type Environment = BTreeMap<String, String>;

/// Which of the sources gave a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum From {
    Flag(String),
    Variable(String),
    File(PathBuf),
}

/// A value, and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) value: Value,
    pub(super) from: From,
}

/// The values that were given, by the names of their settings.
pub(super) type Values = BTreeMap<&'static str, Given>;

/// The values of all sources.
pub(super) fn read(args: impl IntoIterator<Item = String>, env: &Environment) -> Result<Values, UsageError> {
    let (flags, file) = read_flags(args)?;
    check_variables(env)?;
    let file = file.or_else(|| set(env, "TSUGI_CONFIG").map(PathBuf::from));
    let mut values = match file {
        Some(path) => read_file(&path)?,
        None => Values::new(),
    };
    values.extend(read_env(env)?);
    values.extend(flags);
    Ok(values)
}

/// As the fields of a struct.
pub(super) fn settings(values: &Values) -> Result<Settings, UsageError> {
    let table: Table = values
        .iter()
        .map(|(name, given)| ((*name).to_owned(), given.value.clone()))
        .collect();
    // Each value has the type of its setting already; a number may still be out of its range.
    Value::Table(table).try_into().map_err(|error: toml::de::Error| {
        UsageError::Value("the settings".into(), error.message().to_owned())
    })
}

fn read_flags(args: impl IntoIterator<Item = String>) -> Result<(Values, Option<PathBuf>), UsageError> {
    let mut values = Values::new();
    let mut file = None;
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        let (flag, inline) = match arg.split_once('=') {
            Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
            None => (arg, None),
        };
        let setting = SETTINGS
            .iter()
            .find(|setting| setting.flag().as_ref() == Some(&flag));
        if setting.is_some_and(|setting| setting.takes == Takes::Switch) && inline.is_some() {
            return Err(UsageError::NoSuchValue(flag));
        }
        let text = match setting {
            Some(setting) if setting.takes == Takes::Switch => "true".to_owned(),
            None if flag != "--config" => return Err(unknown_flag(flag)),
            Some(_) | None => {
                let text = inline.or_else(|| args.next());
                text.ok_or_else(|| UsageError::NoValue(flag.clone()))?
            }
        };
        let Some(setting) = setting else {
            if file.replace(text.into()).is_some() {
                return Err(UsageError::Twice(flag));
            }
            continue;
        };
        if has_password(&text) {
            return Err(UsageError::PasswordInFlag(setting.variable()));
        }
        let value = parse(setting, &flag, &text)?;
        match (values.get_mut(setting.name), value) {
            (None, value) => {
                let from = From::Flag(flag);
                values.insert(setting.name, Given { value, from });
            }
            (
                Some(Given {
                    value: Value::Array(all),
                    ..
                }),
                Value::Array(more),
            ) => all.extend(more),
            (Some(_), _) => return Err(UsageError::Twice(flag)),
        }
    }
    Ok((values, file))
}

fn unknown_flag(given: String) -> UsageError {
    let known = SETTINGS.iter().filter_map(Setting::flag);
    let nearest = nearest(&given, known.chain(["--config".into(), "--help".into()]));
    UsageError::Unknown { given, nearest }
}

fn read_env(env: &Environment) -> Result<Values, UsageError> {
    let mut values = Values::new();
    for setting in SETTINGS {
        let name = setting.variable();
        if let Some(text) = set(env, &name) {
            let value = parse(setting, &name, text)?;
            let from = From::Variable(name);
            values.insert(setting.name, Given { value, from });
        }
    }
    Ok(values)
}

/// An empty variable counts as none.
pub(super) fn set<'a>(env: &'a Environment, name: &str) -> Option<&'a String> {
    env.get(name).filter(|text| !text.is_empty())
}

fn check_variables(env: &Environment) -> Result<(), UsageError> {
    let known: Vec<String> = variables().collect();
    let strange = env
        .keys()
        .filter(|name| name.starts_with("TSUGI_") && !known.contains(name));
    for name in strange {
        if let Some(nearest) = nearest(name, known.iter().cloned()) {
            let (given, nearest) = (name.clone(), Some(nearest));
            return Err(UsageError::UnknownVariable { given, nearest });
        }
    }
    Ok(())
}

/// Variables that begin as ours do and are not known.
#[must_use]
pub fn strange_variables(env: &Environment) -> Vec<&str> {
    let known: Vec<String> = variables().collect();
    let names = env
        .keys()
        .filter(|name| name.starts_with("TSUGI_") && !known.contains(name));
    names.map(String::as_str).collect()
}

fn parse(setting: &Setting, name: &str, text: &str) -> Result<Value, UsageError> {
    match setting.takes {
        Takes::Text(_) => Ok(Value::String(text.to_owned())),
        Takes::List(_) => {
            let items = text.split(',').map(|item| Value::String(item.trim().to_owned()));
            Ok(Value::Array(items.collect()))
        }
        Takes::Switch => match text {
            "true" => Ok(Value::Boolean(true)),
            "false" => Ok(Value::Boolean(false)),
            _ => Err(UsageError::NotTrueOrFalse(name.to_owned(), text.to_owned())),
        },
        Takes::Number => match text.trim().parse::<u32>() {
            Ok(number) => Ok(Value::Integer(number.into())),
            Err(_) => Err(UsageError::NotANumber(name.to_owned(), text.to_owned())),
        },
    }
}

fn read_file(path: &Path) -> Result<Values, UsageError> {
    let failed = |detail: String| UsageError::File {
        path: path.to_owned(),
        detail,
    };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    let table: Table = toml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    let mut values = Values::new();
    for (key, value) in table {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == key) else {
            let nearest = nearest(&key, SETTINGS.iter().map(|setting| setting.name.to_owned()));
            let (path, given) = (path.to_owned(), key);
            return Err(UsageError::UnknownKey { path, given, nearest });
        };
        let from = From::File(path.to_owned());
        values.insert(setting.name, Given { value, from });
    }
    // Read once more for the types, because this error names the line.
    let _typed: Settings = toml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    Ok(values)
}
