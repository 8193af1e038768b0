//! From `index.html` to the page in `dist/`. Trunk reads the same file when it builds for `trunk serve`, so the lines that
//! are for a build tool have Trunk's attributes.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use super::parts::Parts;
use crate::failure::{Failure, Outcome, While};

/// Writes the page, and puts beside it what it names.
pub(super) fn write(root: &Path, parts: &Parts, dist: &Path) -> Outcome {
    let source = read(&root.join("index.html"))?;
    let mut page = String::new();
    let mut style = String::new();
    let mut late = String::new();
    for line in source.lines() {
        let Some(kind) = kind_of(line)? else {
            page.push_str(line.trim());
            page.push('\n');
            continue;
        };
        let path = |name| attribute(line, name).map(|path| root.join(path));
        match kind {
            Kind::File => copy(&path("href")?, dist)?,
            Kind::Directory => copy_all(&path("href")?, dist)?,
            Kind::Style => style.push_str(&read(&path("href")?)?),
            Kind::LateStyle => late.push_str(&read(&path("href")?)?),
            Kind::App => page.push_str(&app_of(parts)),
            Kind::Script => {
                let source = path("src")?;
                let stem = source.file_stem().unwrap_or_default().to_string_lossy();
                let name = put(dist, &stem, "js", &read(&source)?)?;
                page.push_str(&format!("<script src=\"/{name}\" type=\"module\"></script>\n"));
            }
        }
    }
    let name = put(dist, "style", "css", &style)?;
    let late = put(dist, "late", "css", &late)?;
    // A sheet for no medium is loaded last, and holds nothing up. The part `rest` turns it on.
    let link = format!(
        "<link rel=\"stylesheet\" href=\"/{name}\">\n\
         <link id=\"late-style\" rel=\"stylesheet\" href=\"/{late}\" media=\"not all\">\n\
         <meta name=\"tsugi-app\""
    );
    let page = page.replacen("<meta name=\"tsugi-app\"", &link, 1);
    let path = dist.join("index.html");
    fs::write(&path, page).while_doing(|| format!("could not write {}", path.display()))
}

/// A line that is for a build tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Directory,
    /// All of them become one file.
    Style,
    /// The same for what only the part `rest` draws.
    LateStyle,
    App,
    Script,
}

fn kind_of(line: &str) -> Outcome<Option<Kind>> {
    if !line.contains("data-trunk") {
        return Ok(None);
    }
    if line.trim_start().starts_with("<script") {
        return Ok(Some(Kind::Script));
    }
    match attribute(line, "rel")? {
        "copy-file" => Ok(Some(Kind::File)),
        "copy-dir" => Ok(Some(Kind::Directory)),
        "css" if line.contains(" data-late") => Ok(Some(Kind::LateStyle)),
        "css" => Ok(Some(Kind::Style)),
        "rust" => Ok(Some(Kind::App)),
        other => Err(Failure::new(format!(
            "index.html has a kind of line that xtask does not know: {other}"
        ))),
    }
}

fn attribute<'a>(line: &'a str, name: &str) -> Outcome<&'a str> {
    line.split_once(&format!(" {name}=\""))
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(value, _)| value)
        .ok_or_else(|| {
            Failure::new(format!(
                "a line of index.html lacks the attribute {name}: {}",
                line.trim()
            ))
        })
}

/// The files of the app: the first ones are fetched at once, and the parts when start.js or the app asks for them.
fn app_of(parts: &Parts) -> String {
    let Parts {
        script,
        loader,
        main,
        later,
    } = parts;
    let mut lines = format!(
        "<meta name=\"tsugi-app\" data-script=\"/{script}\" data-wasm=\"/{main}\">\n\
         <link rel=\"modulepreload\" href=\"/{script}\">\n\
         <link rel=\"modulepreload\" href=\"/{loader}\">\n\
         <link rel=\"preload\" href=\"/{main}\" crossorigin=\"anonymous\" as=\"fetch\" type=\"application/wasm\">\n"
    );
    for (part, file) in later {
        lines.push_str(&format!("<link data-part=\"{part}\" href=\"/{file}\">\n"));
    }
    lines
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).while_doing(|| format!("could not read {}", path.display()))
}

/// Writes a file with the hash of its content in its name, and returns the name.
fn put(dist: &Path, stem: &str, extension: &str, content: &str) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    let name = format!("{stem}-{:016x}.{extension}", hasher.finish());
    let path = dist.join(&name);
    fs::write(&path, content).while_doing(|| format!("could not write {}", path.display()))?;
    Ok(name)
}

/// Copies a file into a directory, under its own name.
fn copy(file: &Path, into: &Path) -> Outcome {
    let name = file.file_name().unwrap_or_default();
    fs::copy(file, into.join(name)).while_doing(|| format!("could not copy {}", file.display()))?;
    Ok(())
}

fn copy_all(directory: &Path, into: &Path) -> Outcome {
    let into = into.join(directory.file_name().unwrap_or_default());
    let unreadable = || format!("could not read {}", directory.display());
    fs::create_dir_all(&into).while_doing(|| format!("could not make {}", into.display()))?;
    for entry in fs::read_dir(directory).while_doing(unreadable)? {
        let path = entry.while_doing(unreadable)?.path();
        match path.is_dir() {
            true => copy_all(&path, &into)?,
            false => copy(&path, &into)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_for_a_build_tool_are_told_from_the_others() {
        let table = [
            (
                "<link data-trunk rel=\"css\" href=\"style/base.css\">",
                Some(Kind::Style),
            ),
            (
                "<link data-trunk rel=\"copy-dir\" href=\"public/icons\">",
                Some(Kind::Directory),
            ),
            (
                "<script data-trunk type=\"module\" src=\"start.js\"></script>",
                Some(Kind::Script),
            ),
            ("<link rel=\"manifest\" href=\"/manifest.webmanifest\">", None),
        ];
        for (line, kind) in table {
            assert_eq!(kind_of(line).expect("known"), kind, "{line}");
        }
        assert!(kind_of("<link data-trunk rel=\"sass\" href=\"a.scss\">").is_err());
        assert!(attribute("<link data-trunk rel=\"css\">", "href").is_err());
    }
}
