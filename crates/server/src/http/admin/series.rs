//! The measurements as JSON: read back from the text for Prometheus, so that both always say the same.

use std::collections::BTreeMap;

use serde::Serialize;

/// One value, with its labels.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Series<'a> {
    labels: BTreeMap<&'a str, &'a str>,
    value: f64,
}

/// All values by name. A line that cannot be read is left out.
pub(super) fn read(text: &str) -> BTreeMap<&str, Vec<Series<'_>>> {
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, series)) = read_line(line) {
            all.entry(name).or_default().push(series);
        }
    }
    all
}

fn read_line(line: &str) -> Option<(&str, Series<'_>)> {
    let (head, value) = line.rsplit_once(' ')?;
    let (name, labels) = match head.split_once('{') {
        None => (head, ""),
        Some((name, labels)) => (name, labels.strip_suffix('}')?),
    };
    // No label has a quotation mark in it.
    let labels = labels.split("\",").filter_map(|label| {
        let (name, value) = label.split_once("=\"")?;
        Some((name, value.trim_end_matches('"')))
    });
    let series = Series {
        labels: labels.collect(),
        value: value.parse().ok()?,
    };
    Some((name, series))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let text = "# TYPE a counter\na{x=\"1\",le=\"+Inf\"} 2\n\na 0.5\nbroken\n";
        let read = read(text);
        let labels = BTreeMap::from([("x", "1"), ("le", "+Inf")]);
        let plain = BTreeMap::new();
        assert_eq!(
            read["a"],
            [
                Series { labels, value: 2.0 },
                Series {
                    labels: plain,
                    value: 0.5
                }
            ]
        );
        assert_eq!(read.len(), 1);
    }
}
