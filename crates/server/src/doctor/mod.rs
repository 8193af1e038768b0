//! `tsugi-server doctor`: looks at what can go wrong, before it does or after it did.
//!
//! Each check is a line: `ok`, `warn` or `fail`, what was looked at, what was seen, and for the last two what to do. It changes
//! nothing, and works beside a running server. A `fail` is something with which the server does not start, or soon stops.
//!
//! Left out: everything that only time shows (see `/metrics`), and what PostgreSQL's own tools tell better.

mod data;
mod network;
mod secrets;

use std::fmt;
use std::net::SocketAddr;

use serde::Serialize;
use tsugi_sync::ids::Timestamp;

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, UsageError};

/// One line of the report.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    pub(crate) health: Health,
    pub(crate) what: &'static str,
    pub(crate) text: String,
    /// None if nothing has to be done.
    pub(crate) advice: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Health {
    Ok,
    Warn,
    Fail,
}

impl Health {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        }
    }
}

/// All lines, in the order in which they were found.
#[derive(Debug, Default)]
pub struct Report(Vec<Finding>);

impl Report {
    /// Whether the server would run.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.0.iter().all(|finding| finding.health < Health::Fail)
    }

    fn ok(&mut self, what: &'static str, text: impl Into<String>) {
        self.add(Health::Ok, what, text, None);
    }

    fn warn(&mut self, what: &'static str, text: impl Into<String>, advice: impl Into<String>) {
        self.add(Health::Warn, what, text, Some(advice.into()));
    }

    fn fail(&mut self, what: &'static str, text: impl Into<String>, advice: impl Into<String>) {
        self.add(Health::Fail, what, text, Some(advice.into()));
    }

    fn add(&mut self, health: Health, what: &'static str, text: impl Into<String>, advice: Option<String>) {
        let text = text.into();
        self.0.push(Finding {
            health,
            what,
            text,
            advice,
        });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.0 {
            let health = finding.health.as_str();
            write!(f, "{health:<5} {:<12} {}", finding.what, finding.text)?;
            if let Some(advice) = &finding.advice {
                write!(f, " → {advice}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Looks at everything that these settings name.
#[must_use]
pub fn examine(settings: Result<(String, Config), UsageError>) -> Report {
    let mut report = Report::default();
    let (listen, config) = match settings {
        Ok(settings) => settings,
        Err(error) => {
            report.fail(
                "settings",
                error.to_string(),
                "correct it; --help lists all settings",
            );
            return report;
        }
    };
    report.ok("settings", "they can be read (config --print shows them)");
    let now = SystemClock.now();
    data::examine(&mut report, &config, now);
    secrets::examine(&mut report, &config);
    network::examine(&mut report, &listen, &config, now);
    report
}

/// The same for a server that runs, and that listens on these addresses. It may wait for a database, so it needs a thread
/// that may be blocked.
pub(crate) fn examine_running(config: &Config, listening: &[SocketAddr], now: Timestamp) -> Vec<Finding> {
    let mut report = Report::default();
    data::examine(&mut report, config, now);
    secrets::examine(&mut report, config);
    network::examine_running(&mut report, config, listening, now);
    report.0
}
