//! Which code may use the browser's types, and which may write the signals that the whole screen sees.

use super::Finding;
use super::source::File;
use super::table::{BROWSER, OWN_SIGNALS, SIGNALS};

/// A frame that Leptos calls back comes even if the component is gone. The one of `src/browser/frame.rs` does not.
const BROWSERS: [&str; 3] = ["web_sys", "js_sys", "request_animation_frame"];

/// The client names the browser's types and frames only below `src/browser/`.
pub(crate) fn browser_types(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in shipped_client(files).filter(|file| !file.path.starts_with(BROWSER)) {
        for name in BROWSERS {
            for (at, _) in file.shipped().match_indices(name) {
                findings.push(Finding::at(
                    file,
                    file.line_of(at),
                    format!("`{name}` belongs below {BROWSER}"),
                ));
            }
        }
    }
    findings
}

const SETTERS: [&str; 8] = [
    ".set(",
    ".update(",
    ".write()",
    ".patch(",
    ".set_untracked(",
    ".update_untracked(",
    ".try_set(",
    ".try_update(",
];

/// Signals are written only below `src/signals/`. A component may also write a signal that it made for itself and
/// calls by a plain name (`draft.set(…)`, `self.held.set(…)`).
pub(crate) fn signals(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let may = |file: &&File| !file.path.starts_with(BROWSER) && !file.path.starts_with(SIGNALS);
    for file in shipped_client(files).filter(may) {
        let has_own = OWN_SIGNALS.iter().any(|folder| file.path.starts_with(folder));
        let code = file.shipped();
        for setter in SETTERS {
            for (at, _) in code.match_indices(setter) {
                let receiver = receiver(&code[..at]);
                if is_cell(code, receiver) || (has_own && is_plain_name(receiver)) {
                    continue;
                }
                let call = setter.trim_end_matches([')', '(']);
                findings.push(Finding::at(
                    file,
                    file.line_of(at),
                    format!("`{receiver}{call}` writes a signal; that belongs below {SIGNALS}"),
                ));
            }
        }
    }
    findings
}

/// The receiver of a call: a name, a path of fields, or the end of another call.
fn receiver(before: &str) -> &str {
    let before = before.trim_end();
    let start = before
        .rfind(|char: char| !(char.is_alphanumeric() || matches!(char, '_' | '.' | ')')))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    &before[start..]
}

fn is_plain_name(receiver: &str) -> bool {
    let name = receiver.trim_start_matches('.');
    let name = name.strip_prefix("self.").unwrap_or(name);
    !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || char == '_')
}

/// Whether this file declares the receiver as a `Cell`, which is not a signal.
fn is_cell(code: &str, receiver: &str) -> bool {
    let name = receiver.rsplit('.').next().unwrap_or(receiver);
    let declared = ["Cell<", "Rc<Cell<"].map(|kind| format!(" {name}: {kind}"));
    !name.is_empty()
        && (declared.iter().any(|text| code.contains(text))
            || code.contains(&format!(" {name} = Cell::new(")))
}

fn shipped_client(files: &[File]) -> impl Iterator<Item = &File> {
    files
        .iter()
        .filter(|file| file.is_rust() && file.path.starts_with("src/") && !file.is_test())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{file, finds};

    #[test]
    fn only_the_browser_folder_names_the_browsers_types() {
        let found = |path: &str, text: &str| browser_types(&[file(path, text)]);
        finds(&found("src/browser/page.rs", "use web_sys::Window;"), &[]);
        finds(&found("src/tab/a.rs", "// web_sys is not for us\n"), &[]);
        finds(&found("crates/server/src/a.rs", "web_sys"), &[]);
        finds(
            &found("src/routes/a.rs", "\nuse leptos::web_sys::Element;"),
            &["2: `web_sys`"],
        );
        finds(
            &found("src/components/a.rs", "js_sys::Date::now()"),
            &["1: `js_sys`"],
        );
        finds(
            &found("src/components/a.rs", "request_animation_frame(look);"),
            &["1: `request_animation_frame`"],
        );
    }

    #[test]
    fn signals_of_the_screen_are_written_in_one_folder() {
        let found = |path: &str, text: &str| signals(&[file(path, text)]);
        finds(&found("src/signals/a.rs", "view.window.set(1)"), &[]);
        finds(
            &found("src/components/a.rs", "draft.set(1); self.held.update(f)"),
            &[],
        );
        finds(
            &found("src/components/a.rs", "view.window.set(1)"),
            &["`view.window.set`"],
        );
        finds(
            &found("src/routes/a.rs", "store.rows().write()"),
            &["writes a signal"],
        );
        finds(
            &found("src/tab/a.rs", "\nloading.set(true)"),
            &["2: `loading.set`"],
        );
        finds(
            &found("src/tab/a.rs", "let behind = Cell::new(false); behind.set(true)"),
            &[],
        );
        finds(
            &found(
                "src/tab/a.rs",
                "struct A { count: Rc<Cell<u64>> } self.count.set(1)",
            ),
            &[],
        );
        finds(&found("src/tab/a.rs", "store.patch(a)"), &["`store.patch`"]);
        finds(&found("src/browser/journal.rs", "meta.set(1)"), &[]);
    }
}
