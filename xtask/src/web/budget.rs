//! The largest allowed weight of the app, in bytes after brotli. A build over budget fails, so that growth is a decision
//! and never an accident.

/// One thing that is weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Budget {
    pub(crate) name: &'static str,
    pub(crate) files: Weighed,
    pub(crate) bytes: u64,
}

/// Which files are weighed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Weighed {
    /// The WebAssembly of the main part.
    Main,
    /// That of the part `app`, with what it shares with other parts.
    App,
    /// That of the part `rest`, with what it shares with the part `lab`.
    Rest,
    /// That of the part `lab`, which is loaded when somebody opens the lab.
    Lab,
    /// Everything that the browser needs to show the account screen: page, style, scripts and the main part.
    AccountScreen,
    /// All WebAssembly that the first list needs.
    FirstList,
    /// All WebAssembly.
    Wasm,
}

/// What each may weigh. Where it has to go is in docs/performance.md.
pub(crate) const BUDGETS: [Budget; 7] = [
    Budget {
        name: "main",
        files: Weighed::Main,
        bytes: 67_200,
    },
    Budget {
        name: "app",
        files: Weighed::App,
        bytes: 337_600,
    },
    Budget {
        name: "rest",
        files: Weighed::Rest,
        bytes: 463_000,
    },
    Budget {
        name: "lab",
        files: Weighed::Lab,
        bytes: 75_000,
    },
    Budget {
        name: "account screen",
        files: Weighed::AccountScreen,
        bytes: 100_000,
    },
    Budget {
        name: "first list",
        files: Weighed::FirstList,
        bytes: 404_800,
    },
    Budget {
        name: "all wasm",
        files: Weighed::Wasm,
        bytes: 942_000,
    },
];
