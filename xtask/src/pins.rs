//! The one place where versions of tools are pinned.
//!
//! `Trunk.toml`, `Cargo.lock` and the `package.json` of `tests/e2e` and `tests/client` repeat some of them, because other
//! programs read those files; the tests below keep them from drifting apart.

pub(crate) const TRUNK: &str = "0.21.14";
/// The command has to have exactly the version with which the app is linked.
pub(crate) const WASM_BINDGEN: &str = "0.2.130";
/// Cuts the app into parts. It and `wasm_split_helpers`, which Leptos uses, belong together.
pub(crate) const WASM_SPLIT: &str = "0.2.4";
/// npm's package; it has `wasm-opt` compiled to JavaScript and WebAssembly, so it runs wherever Node does.
pub(crate) const BINARYEN: &str = "132.0.0";
/// Only tests drive Firefox.
pub(crate) const GECKODRIVER: &str = "0.37.1";
/// The oldest Node that has everything the build uses; and the oldest on which the tests run.
pub(crate) const NODE_MAJOR: u32 = 18;
pub(crate) const NODE_MAJOR_FOR_TESTS: u32 = 20;

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The version of a package in the text of a `Cargo.lock`, when it is there.
pub(crate) fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == wanted)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_repository(path: &str) -> String {
        let path = format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    #[test]
    fn trunk_asks_for_the_pinned_tools() {
        let config = in_repository("Trunk.toml");
        let major = BINARYEN.split('.').next().expect("a version has a major number");
        for line in [
            format!("trunk-version = \"={TRUNK}\""),
            format!("wasm_bindgen = \"{WASM_BINDGEN}\""),
            format!("wasm_opt = \"version_{major}\""),
        ] {
            assert!(
                config.lines().any(|found| found == line),
                "Trunk.toml lacks the line: {line}"
            );
        }
    }

    #[test]
    fn the_app_is_linked_with_the_pinned_wasm_bindgen() {
        let lock = in_repository("Cargo.lock");
        // As long as the app does not need the package, there is nothing to compare.
        if let Some(locked) = locked_version(&lock, "wasm-bindgen") {
            assert_eq!(
                locked, WASM_BINDGEN,
                "run: cargo update -p wasm-bindgen --precise {WASM_BINDGEN}"
            );
        }
    }

    #[test]
    fn tests_in_node_pin_exact_versions() {
        for directory in ["tests/e2e", "tests/client"] {
            let package = in_repository(&format!("{directory}/package.json"));
            for loose in ["\"^", "\"~", "\"*\"", "\"latest\""] {
                assert!(
                    !package.contains(loose),
                    "{directory}/package.json has a loose version: {loose}"
                );
            }
            let lock = in_repository(&format!("{directory}/package-lock.json"));
            assert!(
                !lock.contains("\"resolved\""),
                "{directory}/package-lock.json names a registry"
            );
        }
    }

    #[test]
    fn a_locked_version_is_found_by_its_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.1\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.1"));
        assert_eq!(locked_version(lock, "leptos"), None);
    }
}
