//! Builds the texts in `locales/` into the client: `$OUT_DIR/phrases.rs`, which `src/phrases.rs` includes.

use std::path::Path;
use std::{env, fs};

use tsugi_phrasebook::{Locale, write};

/// The language that the others are held against.
const FIRST: &str = "en";

fn main() {
    println!("cargo::rerun-if-changed=locales");
    if let Err(problem) = build() {
        // Read by a person: one line, and no backtrace.
        println!("cargo::error=locales: {problem}");
    }
}

fn build() -> Result<(), Box<dyn std::error::Error>> {
    let mut locales = Vec::new();
    for entry in fs::read_dir("locales")? {
        let path = entry?.path();
        let tag = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        locales.push(Locale::parse(tag, &fs::read_to_string(&path)?)?);
    }
    locales.sort_by_key(|locale| (locale.tag != FIRST, locale.tag.clone()));
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("phrases.rs"), write(&locales)?)?;
    Ok(())
}
