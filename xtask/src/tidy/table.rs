//! The tables of the rules: layers, limits, and named exceptions. A person who moves code changes them in the same
//! commit.

/// A crate of the workspace, by its folder, and the other crates of the workspace that it may use.
pub(crate) struct Crate {
    pub(crate) folder: &'static str,
    pub(crate) uses: &'static [&'static str],
    /// It is native: no browser, no signals.
    pub(crate) is_native: bool,
}

const fn native(folder: &'static str, uses: &'static [&'static str]) -> Crate {
    Crate {
        folder,
        uses,
        is_native: true,
    }
}

pub(crate) const CRATES: [Crate; 12] = [
    native("crates/calendar", &[]),
    native("crates/sync", &["tsugi-calendar"]),
    native("crates/quick-add", &["tsugi-calendar"]),
    native("crates/phrasebook", &[]),
    native("crates/programs", &[]),
    native(
        "crates/words",
        &["tsugi-sync", "tsugi-calendar", "tsugi-phrasebook"],
    ),
    native("crates/lab", &["tsugi-sync", "tsugi-calendar"]),
    native(
        "crates/screen",
        &[
            "tsugi-sync",
            "tsugi-calendar",
            "tsugi-lab",
            "tsugi-quick-add",
            "tsugi-words",
        ],
    ),
    native("crates/server", &["tsugi-sync", "tsugi-programs"]),
    native("crates/sim", &["tsugi-sync"]),
    native("xtask", &[]),
    Crate {
        folder: "",
        uses: &[
            "tsugi-sync",
            "tsugi-calendar",
            "tsugi-lab",
            "tsugi-quick-add",
            "tsugi-words",
            "tsugi-screen",
        ],
        is_native: false,
    },
];

/// Packages that only the browser client may use.
pub(crate) const FOR_BROWSERS: [&str; 8] = [
    "leptos",
    "web-sys",
    "js-sys",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "serde-wasm-bindgen",
    "gloo-net",
    "rexie",
];

/// The modules at the top of a crate, and the others of the crate that each may name. A module without a row is a
/// finding.
pub(crate) struct Layers {
    pub(crate) source: &'static str,
    pub(crate) rows: &'static [(&'static str, &'static [&'static str])],
}

pub(crate) const LAYERS: [Layers; 1] = [Layers {
    source: "src/",
    rows: &[
        ("browser", &[]),
        ("signals", &[]),
        ("tab", &["browser", "signals"]),
        ("components", &["browser", "signals"]),
        ("routes", &["browser", "signals", "components"]),
        ("parts", &["browser"]),
        ("handover", &["signals"]),
        (
            "lab",
            &[
                "browser",
                "signals",
                "components",
                "routes",
                "parts",
                "app",
                "rest",
            ],
        ),
        (
            "rest",
            &[
                "browser",
                "signals",
                "tab",
                "components",
                "routes",
                "parts",
                "lab",
            ],
        ),
        (
            "app",
            &[
                "browser",
                "signals",
                "tab",
                "components",
                "routes",
                "parts",
                "handover",
                "rest",
            ],
        ),
        (
            "shell",
            &[
                "browser",
                "signals",
                "tab",
                "components",
                "routes",
                "parts",
                "handover",
                "app",
            ],
        ),
        ("main", &[]),
        ("lib", &[]),
    ],
}];

/// Crates in which no module may reach itself through others.
pub(crate) const WITHOUT_CIRCLES: [&str; 3] = [
    "crates/server/src/",
    "crates/quick-add/src/",
    "crates/calendar/src/",
];

/// Layers, one above the other: a module names modules before it in the list, and none after it.
pub(crate) struct Ranks {
    pub(crate) source: &'static str,
    pub(crate) modules: &'static [&'static str],
}

pub(crate) const RANKS: [Ranks; 1] = [Ranks {
    source: "crates/quick-add/src/",
    modules: &[
        "words", "phrases", "sure", "title", "read", "scan", "joint", "choice", "schedule", "whole",
        "assemble",
    ],
}];

/// The only folder that may name the browser's own types.
pub(crate) const BROWSER: &str = "src/browser/";
/// The only folder that writes signals which more than one component sees.
pub(crate) const SIGNALS: &str = "src/signals/";
/// In these folders a component may write signals that it made for itself: `draft.set(…)`, but never
/// `view.draft().set(…)`.
pub(crate) const OWN_SIGNALS: [&str; 2] = ["src/components/", "src/routes/"];

pub(crate) const FILE_LINES: usize = 500;
pub(crate) const FUNCTION_LINES: usize = 100;
pub(crate) const MEDIAN_LINES: usize = 130;
pub(crate) const NINETIETH_LINES: usize = 300;

/// Files that may be longer, each with the reason.
pub(crate) const LONG_FILES: [(&str, &str); 3] = [
    (
        "crates/sync/src/replica/mod.rs",
        "one state machine, read as a whole",
    ),
    (
        "crates/sync/src/session/mod.rs",
        "one state machine, read beside docs/session-spec.md",
    ),
    (
        "crates/server/tests/api/embedded/databases_of_layout_1.rs",
        "text of databases that earlier versions wrote",
    ),
];

/// Functions that may be longer: file, name, reason.
pub(crate) const LONG_FUNCTIONS: [(&str, &str, &str); 1] = [(
    "crates/sync/tests/core/settle.rs",
    "deletion_by_edit",
    "a table of cases, one after the other",
)];

/// Strings on which two parts have to agree. Only one shipped Rust file may spell each.
pub(crate) const SPELLED_ONCE: [&str; 2] = ["/api/v1/sync", "tsugi.profile"];

/// The one style sheet with colours in it.
pub(crate) const COLOURS: &str = "style/tokens.css";
/// Files that cannot read the style sheet, and that may repeat its colours.
pub(crate) const REPEATS_COLOURS: [&str; 2] = ["index.html", "public/manifest.webmanifest"];
pub(crate) const REPEATED_COLOURS: [&str; 1] = ["--paper"];

/// The lint that forbids `_ =>` on enums of our own.
pub(crate) const CLOSED_WORLDS: &str = "wildcard_enum_match_arm";
