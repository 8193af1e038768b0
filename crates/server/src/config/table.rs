//! Every setting, once: its names in the file, on the command line and in the environment, what it takes, and its help.
//!
//! Flags, environment, file, help, `config --print` and the search for a misspelt name all read this table. Its names are
//! the fields of [`super::settings::Settings`]; a test compares them.

/// One setting.
#[derive(Debug)]
pub(super) struct Setting {
    /// Its name in the file. `--name` on the command line and `TSUGI_NAME` in the environment follow from it.
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) place: Place,
    pub(super) help: &'static str,
}

/// The value of a setting; the word is what the help calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Text(&'static str),
    /// May be repeated on the command line, and is separated by commas in the environment.
    List(&'static str),
    Number,
    Switch,
}

/// Where it may stand, besides the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    FlagAndEnvironment,
    /// The file of a secret, which has its own name in the environment. It is no flag, because the secret itself is none.
    Environment(&'static str),
}

const fn row(name: &'static str, takes: Takes, help: &'static str) -> Setting {
    let place = Place::FlagAndEnvironment;
    Setting {
        name,
        takes,
        place,
        help,
    }
}

const fn secret(name: &'static str, variable: &'static str) -> Setting {
    Setting {
        name,
        takes: Takes::Text("FILE"),
        place: Place::Environment(variable),
        help: "the same, in a file",
    }
}

pub(super) const SETTINGS: &[Setting] = &[
    row(
        "listen",
        Takes::Text("ADDR"),
        "where to listen, as 127.0.0.1:8080; port 0 takes a free one",
    ),
    row(
        "data",
        Takes::Text("DIR"),
        "where the database is kept; made when it is not there",
    ),
    row(
        "database",
        Takes::Text("URL"),
        "PostgreSQL in place of the embedded database, as postgres://user@host/name; a password not on the command line",
    ),
    Setting {
        name: "database_file",
        takes: Takes::Text("FILE"),
        place: Place::Environment("TSUGI_DATABASE_FILE"),
        help: "the address of the database, in a file",
    },
    row(
        "redis",
        Takes::List("URL"),
        "Redis or the nodes of a Redis Cluster, as redis://host:6379, that tells the instances of one server of each \
         other's changes; may be repeated; a password not on the command line",
    ),
    Setting {
        name: "redis_file",
        takes: Takes::Text("FILE"),
        place: Place::Environment("TSUGI_REDIS_FILE"),
        help: "the addresses of Redis, in a file",
    },
    row(
        "instance",
        Takes::Text("NAME"),
        "the name of this instance among others, by which a load balancer may send polling sessions to it; without it, \
         each start has a new one",
    ),
    row(
        "internal_address",
        Takes::Text("ADDR"),
        "where the other instances reach this one, as 10.0.0.7:8080; without it, where it listens",
    ),
    row(
        "drain_notice",
        Takes::Number,
        "seconds after the signal to stop in which /readyz says no and connections are still taken, so that a load \
         balancer notices (5 with --database, else 0)",
    ),
    row("static", Takes::Text("DIR"), "the browser client to serve"),
    row(
        "allow_origin",
        Takes::List("ORIGIN"),
        "another origin whose pages may use the API; may be repeated",
    ),
    row(
        "trusted_proxies",
        Takes::List("NETWORK"),
        "a proxy, as 127.0.0.1 or 10.0.0.0/8, whose X-Forwarded-For and X-Forwarded-Proto are believed; may be \
         repeated. Without one, everything behind a proxy counts as one address",
    ),
    row(
        "https",
        Takes::Switch,
        "the server is reached over TLS only, which a trusted proxy ends, also if that proxy sends no \
         X-Forwarded-Proto",
    ),
    row(
        "tls_cert",
        Takes::Text("FILE"),
        "the server speaks TLS itself, with the certificate and its chain in this PEM file. It is read again when it \
         changes, at the latest after a minute, and at once on SIGHUP",
    ),
    row(
        "tls_key",
        Takes::Text("FILE"),
        "the private key of that certificate, in PEM form and not encrypted",
    ),
    row(
        "insecure_http",
        Takes::Switch,
        "DANGEROUS: lets other machines in over plain HTTP, so everybody on the way can read and change everything. \
         Only for a closed network; without it they get 403",
    ),
    row("connections", Takes::Number, "open at once (20000)"),
    row(
        "connections_per_address",
        Takes::Number,
        "of one address (1000); 0 is no limit",
    ),
    row(
        "sessions_per_user",
        Takes::Number,
        "sync sessions of one user at once (30)",
    ),
    row(
        "entities_per_workspace",
        Takes::Number,
        "tasks, lists and so on in one workspace (500000)",
    ),
    row(
        "retention_days",
        Takes::Number,
        "how long deletions and receipts are kept: 180 or more",
    ),
    row(
        "access_log",
        Takes::Switch,
        "log every connection, request and message: who, which kind, how large, how long, which result, and never what is \
         in it",
    ),
    row(
        "access_log_addresses",
        Takes::Switch,
        "the access log shows whole addresses; without it, their networks (/24 and /48)",
    ),
    secret("secret_file", "TSUGI_SECRET_FILE"),
    secret("previous_secret_file", "TSUGI_SECRET_PREVIOUS_FILE"),
    secret("metrics_token_file", "TSUGI_METRICS_TOKEN_FILE"),
];

/// A variable that is no setting of the file.
#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
}

/// Secrets, each of which may be in a file instead: then the variable is called `…_FILE`.
pub(super) const SECRETS: &[Variable] = &[
    Variable {
        name: "TSUGI_SECRET",
        help: "what tokens are signed with, 32 bytes or more; without it, it is made once and kept in DIR/secret",
    },
    Variable {
        name: "TSUGI_SECRET_PREVIOUS",
        help: "another secret, whose tokens and cookies are accepted and which signs nothing: the one before, while \
               the secret is changed",
    },
    Variable {
        name: "TSUGI_METRICS_TOKEN",
        help: "the bearer token with which /metrics can be read from elsewhere, 32 bytes or more; without it, only \
               this machine itself can read them",
    },
];

pub(super) const OTHERS: &[Variable] = &[
    Variable {
        name: "TSUGI_CONFIG",
        help: "the same as --config",
    },
    Variable {
        name: "TSUGI_LOG",
        help: "which logs, as info or tsugi_server=debug",
    },
    Variable {
        name: "TSUGI_LOG_FORMAT",
        help: "text or json",
    },
];

impl Setting {
    /// `--trusted-proxies`. None if it may not stand on the command line.
    pub(super) fn flag(&self) -> Option<String> {
        match self.place {
            Place::FlagAndEnvironment => Some(format!("--{}", self.name.replace('_', "-"))),
            Place::Environment(_) => None,
        }
    }

    /// `TSUGI_TRUSTED_PROXIES`.
    pub(super) fn variable(&self) -> String {
        match self.place {
            Place::FlagAndEnvironment => format!("TSUGI_{}", self.name.to_ascii_uppercase()),
            Place::Environment(name) => name.to_owned(),
        }
    }
}

/// All variables that this program reads.
pub(super) fn variables() -> impl Iterator<Item = String> {
    let others = SECRETS
        .iter()
        .chain(OTHERS)
        .map(|variable| variable.name.to_owned());
    SETTINGS.iter().map(Setting::variable).chain(others)
}
