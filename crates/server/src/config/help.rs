//! The text of `--help`, made from the table of settings.

use super::table::{OTHERS, SECRETS, SETTINGS, Setting, Takes};

/// Where the explanations begin.
const COLUMN: usize = 33;
const WIDTH: usize = 118;

/// The settings as a list: flags first, then what stands only in the environment.
pub(crate) fn options() -> String {
    let mut text = String::new();
    for setting in SETTINGS {
        let Some(flag) = setting.flag() else {
            continue;
        };
        let (name, variable) = match setting.takes {
            Takes::Text(what) | Takes::List(what) => (format!("{flag} {what}"), setting.variable()),
            Takes::Number => (format!("{flag} N"), setting.variable()),
            Takes::Switch => (flag, format!("{}=true", setting.variable())),
        };
        line(&mut text, &name, &format!("{} [{variable}]", setting.help));
    }
    line(
        &mut text,
        "--config FILE",
        "a TOML file with any of these, as connections_per_address = 50, and with secret_file, previous_secret_file and \
         metrics_token_file [TSUGI_CONFIG]",
    );
    line(&mut text, "--help", "this text");
    text.push_str(
        "\nA flag goes before the environment, and the environment before the file. What may be repeated is a list in the \
         file, and\nseparated by commas in the environment. A name that is not known stops the start.\n\n\
         Only in the environment:\n",
    );
    let files = || SETTINGS.iter().filter(|setting| setting.flag().is_none());
    for secret in SECRETS {
        line(&mut text, secret.name, secret.help);
        let variable = format!("{}_FILE", secret.name);
        let file = files().find(|setting| setting.variable() == variable);
        line(
            &mut text,
            &variable,
            file.map_or("", |setting: &Setting| setting.help),
        );
    }
    let is_of_a_secret = |variable: &str| {
        SECRETS
            .iter()
            .any(|secret| variable == format!("{}_FILE", secret.name))
    };
    for file in files().filter(|file| !is_of_a_secret(&file.variable())) {
        line(&mut text, &file.variable(), file.help);
    }
    for variable in OTHERS {
        line(&mut text, variable.name, variable.help);
    }
    text
}

/// A name, and beside it its explanation, on as many lines as it needs.
pub(crate) fn line(text: &mut String, name: &str, help: &str) {
    let mut now = format!("  {name}");
    for word in help.split_whitespace() {
        let used = now.chars().count();
        if used < COLUMN {
            now.push_str(&" ".repeat(COLUMN - used));
        } else if used + 1 + word.chars().count() > WIDTH {
            text.push_str(now.trim_end());
            text.push('\n');
            now = " ".repeat(COLUMN);
        } else {
            now.push(' ');
        }
        now.push_str(word);
    }
    text.push_str(now.trim_end());
    text.push('\n');
}
