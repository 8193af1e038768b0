//! The grammar is built in layers, and a lower one never imports a higher one: it cannot call itself.

use std::fs;
use std::path::Path;

/// From the lowest up.
const LAYERS: [&str; 18] = [
    "context",
    "when",
    "parsed",
    "candidate",
    "line",
    "reader",
    "rules",
    "words",
    "phrases",
    "sure",
    "title",
    "read",
    "scan",
    "joint",
    "choice",
    "schedule",
    "whole",
    "assemble",
];

fn rank(module: &str) -> usize {
    let place = LAYERS.iter().position(|layer| *layer == module);
    place.unwrap_or_else(|| panic!("{module} is in no layer"))
}

fn imports(text: &str) -> Vec<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let paths = code.flat_map(|line| line.split("crate::").skip(1));
    let end = |path: &str| {
        path.find(|c: char| !c.is_ascii_lowercase() && c != '_')
            .unwrap_or(path.len())
    };
    paths
        .map(|path| &path[..end(path)])
        .filter(|name| !name.is_empty())
        .collect()
}

fn check(layer: &str, path: &Path) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            check(layer, &entry.expect("an entry").path());
        }
        return;
    }
    let text = fs::read_to_string(path).expect("a source file");
    for import in imports(&text) {
        assert!(
            rank(import) <= rank(layer),
            "{} imports {import}, which is above it",
            path.display()
        );
    }
}

#[test]
fn a_lower_layer_never_imports_a_higher_one() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for layer in LAYERS {
        let file = sources.join(format!("{layer}.rs"));
        let path = if file.exists() { file } else { sources.join(layer) };
        check(layer, &path);
    }
}
