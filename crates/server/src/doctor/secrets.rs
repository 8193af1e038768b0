//! The secret that signs, and the files in which secrets are.

use super::Report;
use crate::config::Config;
use crate::secret::{Secret, is_public};

pub(super) fn examine(report: &mut Report, config: &Config) {
    let kept = config.data.join("secret");
    match (&config.secret, kept.exists()) {
        (Some(_), false) => report.ok("secret", "it is given"),
        (Some(_), true) => report.warn(
            "secret",
            format!(
                "one is given, and another one is in {}, which is not used",
                kept.display()
            ),
            "delete the one that is not needed, or give it as TSUGI_SECRET_PREVIOUS_FILE for a while",
        ),
        (None, false) => report.ok("secret", format!("it will be made in {}", kept.display())),
        (None, true) => match Secret::from_file(&kept) {
            Ok(_) => report.ok("secret", format!("it is in {}", kept.display())),
            Err(error) => report.fail(
                "secret",
                error.to_string(),
                "restore it from a backup, or delete it: everybody's access is then renewed once",
            ),
        },
    }
    if config.previous_secret.is_some() {
        report.warn(
            "secret",
            "a second one is accepted",
            "take TSUGI_SECRET_PREVIOUS away once all devices have been there",
        );
    }
    let files = config.secret_files.iter().map(|path| (path, path.display()));
    for (_, shown) in files.filter(|(path, _)| is_public(path)) {
        report.warn(
            "secret",
            format!("everybody on this machine can read {shown}"),
            format!("chmod 600 {shown}"),
        );
    }
}
