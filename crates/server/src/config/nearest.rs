//! The known name that somebody most likely meant.

/// The name that is nearest to `given`, if any is near enough to be meant: a quarter of its letters may differ.
pub(crate) fn nearest(given: &str, known: impl IntoIterator<Item = String>) -> Option<String> {
    let near = |name: &String| {
        let letters = name.trim_start_matches("TSUGI_").trim_start_matches('-').len();
        distance(given, name) <= (letters / 4).max(1)
    };
    let near = known.into_iter().filter(near);
    near.min_by_key(|name| distance(given, name))
}

/// How many letters have to be put in, left out, changed, or exchanged with the next one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                (_, _) => {
                    let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let least = changed.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    let is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if is_swap {
                        least.min(rows[i - 2][j - 2] + 1)
                    } else {
                        least
                    }
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_has_a_nearest_one() {
        let known = || {
            [
                "TSUGI_LISTEN",
                "TSUGI_TRUSTED_PROXIES",
                "TSUGI_LOG",
                "TSUGI_HTTPS",
                "TSUGI_DATA",
            ]
            .map(String::from)
        };
        for (given, meant) in [
            ("TSUGI_LISTN", Some("TSUGI_LISTEN")),
            ("TSUGI_LITSEN", Some("TSUGI_LISTEN")),
            ("TSUGI_HTTP", Some("TSUGI_HTTPS")),
            ("TSUGI_TRUSTED_PROXY", Some("TSUGI_TRUSTED_PROXIES")),
            ("TSUGI_PORT", None),
            ("TSUGI_DIST", None),
            ("TSUGI_TOOLS", None),
            ("TSUGI_SERVICE_HOST", None),
            ("TSUGI_PORT_8080_TCP_ADDR", None),
        ] {
            assert_eq!(nearest(given, known()).as_deref(), meant, "{given}");
        }
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
