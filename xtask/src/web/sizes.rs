//! What the built app weighs, file by file, and whether that is within the budget.

use std::fs;
use std::path::{Path, PathBuf};

use super::budget::{Budget, Weighed};
use super::files_below;
use crate::failure::{Failure, Outcome, While};
use crate::say;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

/// The weight of each file of the app, by its name without the hash.
#[derive(Debug, Default)]
pub(super) struct Sizes(Vec<(String, Size)>);

impl Sizes {
    pub(super) fn measure(dist: &Path) -> Outcome<Self> {
        let mut sizes = Vec::new();
        for file in files_below(dist)? {
            let extension = file.extension().and_then(|extension| extension.to_str());
            if !matches!(extension, Some("br" | "gz")) {
                sizes.push((name_of(&file), size_of(&file)?));
            }
        }
        Ok(Self(sizes))
    }

    pub(super) fn print(&self) {
        let row = |name: &str, size: Size| {
            let (raw, gzip, brotli) = (kilobytes(size.raw), kilobytes(size.gzip), kilobytes(size.brotli));
            say::note(&format!("{name:<16}{raw:>12}{gzip:>12}{brotli:>12}"));
        };
        say::note(&format!("{:<16}{:>12}{:>12}{:>12}", "", "raw", "gzip", "brotli"));
        let mut other = Size::default();
        let mut total = Size::default();
        for (name, size) in &self.0 {
            total.add(*size);
            match ["wasm", "js", "css", "html"]
                .iter()
                .any(|kind| name.ends_with(kind))
            {
                true => row(name, *size),
                false => other.add(*size),
            }
        }
        row("other", other);
        row("total", total);
    }

    /// The bytes after brotli of the files that are weighed together.
    fn weigh(&self, files: Weighed) -> u64 {
        let counts = |name: &str| {
            let first = first_part(name);
            match files {
                Weighed::Main => first == Some("tsugi"),
                Weighed::App => first == Some("app"),
                Weighed::Rest => first == Some("rest"),
                Weighed::Lab => first == Some("lab"),
                Weighed::AccountScreen => {
                    first == Some("tsugi")
                        || matches!(
                            name,
                            "index.html" | "style.css" | "glance.js" | "start.js" | "tsugi.js" | "parts.js"
                        )
                }
                Weighed::FirstList => first == Some("tsugi") || first == Some("app"),
                Weighed::Wasm => first.is_some(),
            }
        };
        let counted = self.0.iter().filter(|(name, _)| counts(name));
        counted.map(|(_, size)| size.brotli).sum()
    }

    pub(super) fn judge(&self, budgets: &[Budget]) -> Outcome {
        let mut over = Vec::new();
        for Budget { name, files, bytes } in budgets {
            let weight = self.weigh(*files);
            let (is, may) = (kilobytes(weight), kilobytes(*bytes));
            say::note(&format!("{name:<16}{is:>12} of {may}"));
            if weight > *bytes {
                over.push(format!(
                    "{name} weighs {is} after brotli, over its budget of {may}"
                ));
            }
        }
        match over.is_empty() {
            true => Ok(()),
            false => Err(Failure::new(format!(
                "{}: find what made it grow, or raise the budget in xtask/src/web/budget.rs and say why in the commit",
                over.join("; ")
            ))),
        }
    }
}

/// The part with which a file of WebAssembly is loaded: of `rest-lab.wasm`, which two parts share, that is `rest`.
fn first_part(name: &str) -> Option<&str> {
    name.strip_suffix(".wasm")?.split('-').next()
}

/// `app-0123456789abcdef.wasm` is `app.wasm`, and `tsugi-0123456789abcdef_bg.wasm` is `tsugi.wasm`.
fn name_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    let plain = stem.trim_end_matches("_bg");
    match plain.rsplit_once('-') {
        Some((plain, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("{plain}.{extension}")
        }
        Some(_) | None => name.into_owned(),
    }
}

/// A file too small to compress is sent as it is.
fn size_of(file: &Path) -> Outcome<Size> {
    let length = |path: &Path| fs::metadata(path).map(|metadata| metadata.len());
    let beside = |extension: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(extension);
        PathBuf::from(name)
    };
    let raw = length(file).while_doing(|| format!("could not read {}", file.display()))?;
    Ok(Size {
        raw,
        gzip: length(&beside(".gz")).unwrap_or(raw),
        brotli: length(&beside(".br")).unwrap_or(raw),
    })
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_printed_in_kilobytes() {
        assert_eq!(kilobytes(219_999), "219.9 kB");
        assert_eq!(kilobytes(56), "0.0 kB");
    }

    #[test]
    fn a_file_goes_by_its_name_without_the_hash() {
        let table = [
            ("app-0123456789abcdef.wasm", "app.wasm"),
            ("tsugi-0123456789abcdef_bg.wasm", "tsugi.wasm"),
            ("icons/icon-192.png", "icon-192.png"),
            ("sw.js", "sw.js"),
        ];
        for (file, name) in table {
            assert_eq!(name_of(Path::new(file)), name);
        }
    }

    #[test]
    fn each_file_counts_where_it_is_needed_and_a_weight_over_budget_fails() {
        let size = |brotli| Size {
            brotli,
            ..Size::default()
        };
        let files = [
            ("tsugi.wasm", 1),
            ("app.wasm", 10),
            ("app-rest.wasm", 100),
            ("rest.wasm", 1_000),
            ("start.js", 10_000),
            ("rest-lab.wasm", 100_000),
            ("lab.wasm", 1_000_000),
        ];
        let sizes = Sizes(
            files
                .map(|(name, brotli)| (name.to_owned(), size(brotli)))
                .to_vec(),
        );
        let table = [
            (Weighed::Main, 1),
            (Weighed::App, 110),
            (Weighed::Rest, 101_000),
            (Weighed::Lab, 1_000_000),
            (Weighed::AccountScreen, 10_001),
            (Weighed::FirstList, 111),
            (Weighed::Wasm, 1_101_111),
        ];
        for (files, bytes) in table {
            assert_eq!(sizes.weigh(files), bytes, "{files:?}");
            let budget = |bytes| {
                [Budget {
                    name: "it",
                    files,
                    bytes,
                }]
            };
            assert!(sizes.judge(&budget(bytes)).is_ok());
            assert!(sizes.judge(&budget(bytes - 1)).is_err());
        }
    }
}
