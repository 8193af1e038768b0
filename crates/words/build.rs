//! Builds the texts in `locales/` into the client: it writes `$OUT_DIR/phrases.rs`, which `src/phrases.rs` includes.

use std::path::Path;
use std::{env, fs};

use tsugi_phrasebook::{Locale, write};

/// All other languages are compared with this one.
const FIRST: &str = "en";

fn main() {
    println!("cargo::rerun-if-changed=locales");
    if let Err(problem) = build() {
        // A person reads this message: one line, without a backtrace.
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
